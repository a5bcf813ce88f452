#!/usr/bin/env python3
"""What common random numbers are worth: how many times as many replications two designs would need on random
numbers of their own for an interval of the difference as narrow. Over pairs of the gallery.

usage: pairing.py PROGRAM [--gate]      --gate: exit code 1 where the median of a metric is below 5
"""
import json
import pathlib
import statistics
import subprocess
import sys

GALLERY = pathlib.Path(__file__).resolve().parents[2] / "scenarios"
PAIRS = [
    ("mm1.json", "services.app.service_time.exp=9ms"),
    ("mm1.json", "run.load=0.95"),
    ("mmc.json", "services.app.concurrency=11"),
    ("three_tier.json", "services.app.replicas=5"),
    ("three_tier.json", "services.db.concurrency=20"),
    ("power_of_two.json", "services.lb.policy=least_outstanding"),
    ("power_of_two.json", "services.lb.choices=3"),
    ("fan_out.json", "services.leaf.concurrency=4"),
    ("heavy_tails.json", "heavy_tails_shared.json"),
    ("hedged_requests.json", "workloads.users.hedge=null"),
    ("two_zones.json", "services.lb.policy=zone_local"),
    ("async_offload.json", "async_offload_inline.json"),
    ("facebook_lookaside.json", "services.memcache.memory=20MB"),
    ("social_feed.json", "run.load=0.9"),
]


def gain(program, file, change):
    """(mean, p99) of the first workload, or why there is none."""
    second = [str(GALLERY / change)] if change.endswith(".json") else ["--set", change]
    answer = subprocess.run([program, "compare", str(GALLERY / file), *second, "--json", "--exit-zero"],
                            capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if answer.returncode != 0:
        return answer.stdout[:200]
    differences = json.loads(answer.stdout)["differences"]
    workload = next(iter(differences)).split(".")[1]
    found = []
    for statistic in ("mean", "p99"):
        one = differences[f"workloads.{workload}.latency_s.{statistic}"]
        paired, unpaired = one["half_width"], one["half_width_unpaired"]
        found.append((unpaired / paired) ** 2 if paired else None)
    return found


def main():
    program, gate = sys.argv[1], "--gate" in sys.argv
    columns = [[], []]
    for file, change in PAIRS:
        found = gain(program, file, change)
        if isinstance(found, str):
            print(f"{file:28} {change:40} {found}")
            continue
        print(f"{file:28} {change:40} " + "  ".join(f"{x:8.1f}" if x else "       -" for x in found), flush=True)
        for column, x in zip(columns, found):
            if x:
                column.append(x)
    for name, column in zip(("mean", "p99"), columns):
        print(f"{name}: median {statistics.median(column):.1f} times, least {min(column):.1f}, of {len(column)} pairs")
    return 1 if gate and any(statistics.median(column) < 5 for column in columns) else 0


if __name__ == "__main__":
    sys.exit(main())
