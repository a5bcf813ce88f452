#!/usr/bin/env python3
"""What common random numbers are worth: how many times as many replications two designs would need on random
numbers of their own for an interval of the difference as narrow. Over pairs of the gallery.

In brackets the most that any random numbers could give: where one design scatters k times as much as the other,
a difference keeps at least the part that they do not share, so the gain is at most (1 + k^2) / (1 - k)^2, which
is 9 for k = 1/2 and 1.2 for k = 1/10. k is taken from the intervals of the two designs, so it is rough. So is a
gain, a ratio of variances: it is taken from 50 replications, where it is within a third or so. Without one are
pairs that replications do not tell apart: no variation, or both percentiles in one bucket of the histograms.

usage: pairing.py PROGRAM [--gate]      --gate: exit code 1 where the median of a metric is below 5
"""
import json
import math
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
    """(gain, most) of mean and p99 of the first workload, or why there is none."""
    second = [str(GALLERY / change)] if change.endswith(".json") else ["--set", change]
    answer = subprocess.run([program, "compare", str(GALLERY / file), *second, "--json", "--replications", "50"],
                            capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if answer.returncode != 0:
        return answer.stdout[:200]
    differences = json.loads(answer.stdout)["differences"]
    workload = next(iter(differences)).split(".")[1]
    found = []
    for statistic in ("mean", "p99"):
        one = differences[f"workloads.{workload}.latency_s.{statistic}"]
        paired, unpaired = one["half_width"], one["half_width_unpaired"]
        if not paired or paired == unpaired:
            found.append(None)
            continue
        widths = [one[design]["high"] - one[design]["low"] if one[design].get("high") else 0 for design in "ab"]
        apart = (widths[0] - widths[1]) ** 2
        found.append(((unpaired / paired) ** 2, (widths[0] ** 2 + widths[1] ** 2) / apart if apart else math.inf))
    return found


def shown(pair):
    return f"{pair[0]:6.1f} ({min(pair[1], 999):5.1f})" if pair else "             -"


def main():
    program, gate = sys.argv[1], "--gate" in sys.argv
    columns = [[], []]
    for file, change in PAIRS:
        found = gain(program, file, change)
        if isinstance(found, str):
            print(f"{file:28} {change:40} {found}")
            continue
        print(f"{file:28} {change:40} " + "  ".join(shown(pair) for pair in found), flush=True)
        for column, pair in zip(columns, found):
            if pair:
                column.append(pair)
    for name, column in zip(("mean", "p99"), columns):
        gains, most = zip(*column)
        print(f"{name}: median {statistics.median(gains):.1f} times ({statistics.median(most):.1f} at most), "
              f"least {min(gains):.1f}, of {len(gains)} pairs")
    return 1 if gate and any(statistics.median(gain for gain, _ in column) < 5 for column in columns) else 0


if __name__ == "__main__":
    sys.exit(main())
