#!/usr/bin/env python3
"""The two network engines beside SimGrid used directly.

usage: engines.py BUILD_DIR [quick] [--write]

Requests and replies by the delay engine and by SimGrid's mailboxes and actors; transfers by the
flow engine and by SimGrid's callbacks; and what a transfer costs, by how many are under way. Both
sides run in turn, several rounds; a ratio is of one round, the median is told. Answers must agree.
--write puts the tables into README.md and docs/flow_engine.md.
"""
import math
import os
import pathlib
import re
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/bench/peers"))
from compare import processor  # noqa: E402

# Clients and the share of the link that they fill, how many requests by SimGrid; 20 times as many by ours.
REQUESTS = [(100, 0.1, 30_000), (100, 0.5, 30_000), (100, 1, 30_000), (1_000, 1, 20_000)]
TRANSFERS = {10: 20_000, 100: 20_000, 1_000: 4_000}  # by how many at once
GROWTH = {1: 40_000, 3: 40_000, 10: 40_000, 30: 40_000, 100: 20_000, 300: 6_000, 1_000: 3_000, 3_000: 6_000}
LEAST_FASTER, MOST_SLOWER = 100, 1.2


def run(build, bench, who, at_once, count, *more):
    words = [f"{build}/tests/bench_{bench}", who, str(at_once), str(count), *map(str, more)]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)}: {done.stderr}")
    rate, answer = map(float, done.stdout.split())
    return rate, answer


def rounds_of(build, bench, at_once, counts, rounds, tolerance, *more):
    """(ours, theirs) operations a second, one pair a round. `counts`: operations of each."""
    pairs = []
    for _ in range(rounds):
        ours, our_answer = run(build, bench, "ours", at_once, counts[0], *more)
        theirs, their_answer = run(build, bench, "simgrid", at_once, counts[1], *more)
        if not math.isclose(our_answer, their_answer, rel_tol=tolerance):
            sys.exit(f"{bench}, {at_once} at once: headroom answers {our_answer:.9g}, SimGrid {their_answer:.9g}")
        pairs.append((ours, theirs))
    return pairs


def short(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def spread(values):
    return f"{short(statistics.median(values))} ({short(min(values))} to {short(max(values))})"


def speed(value):
    return f"{value:,.0f}" if value < 1e6 else f"{value / 1e6:.3g} million"


def row(what, pairs, ratio, goal, holds):
    ratios = [ratio(ours, theirs) for ours, theirs in pairs]
    ours, theirs = (statistics.median(side) for side in zip(*pairs))
    reached = holds(statistics.median(ratios))
    return f"| {what} | {speed(ours)} | {speed(theirs)} | {spread(ratios)} | {goal}{'' if reached else ', not reached'} |"


def table(build, rounds):
    lines = [f"The two network engines beside SimGrid 3.32 used directly, {rounds} rounds in turn on",
             f"{processor()}, shared with others: processor time counts. The programs are in",
             "`tests/bench/flow`; both sides send the same messages and agree on when they arrive. What a",
             "transfer costs by how many are under way, and how to choose `flow_threshold`:",
             "[docs/flow_engine.md](docs/flow_engine.md).", "",
             "| | headroom, a second | SimGrid, a second | times | goal |", "|---|---|---|---|---|"]
    for clients, share, count in REQUESTS:
        # Latencies of queues and of shares differ a little where messages meet.
        pairs = rounds_of(build, "requests", clients, (20 * count, count), rounds, 0.03, share)
        how = f"fill {share:.0%} of a link" if share < 1 else "always ask"
        lines.append(row(f"requests and replies, {clients:,} clients that {how}: delay engine, against mailboxes and actors",
                         pairs, lambda ours, theirs: ours / theirs, f"{LEAST_FASTER} times faster",
                         lambda ratio: ratio >= LEAST_FASTER))
    for at_once, count in TRANSFERS.items():
        pairs = rounds_of(build, "transfers", at_once, (count, count), rounds, 1e-6)
        lines.append(row(f"{at_once:,} transfers at once: flow engine, against `sendto_async` and callbacks",
                         pairs, lambda ours, theirs: theirs / ours, f"{MOST_SLOWER} times as long",
                         lambda ratio: ratio <= MOST_SLOWER))
    return "\n".join(lines)


def growth(build):
    """Microseconds a transfer, on a scale that makes ten times one step."""
    lines = ["| under way | flow engine, us a transfer | | delay engine, us |", "|---|---|---|---|"]
    for at_once, count in GROWTH.items():
        flow = 1e6 / statistics.median(run(build, "transfers", "ours", at_once, count)[0] for _ in range(3))
        delay = 1e6 / run(build, "transfers", "delay", at_once, 50 * count)[0]
        bar = "█" * max(1, round(8 * math.log10(flow)))
        lines.append(f"| {at_once:,} | {flow:.3g} | `{bar}` | {delay:.2g} |")
    return "\n".join(lines)


def write(path, mark, text):
    before = path.read_text()
    after, found = re.subn(rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)",
                           lambda marks: marks[1] + text + "\n" + marks[2], before, flags=re.S)
    if found != 1:
        sys.exit(f"{path.name} has no <!-- {mark} --> markers")
    path.write_text(after)


def main():
    build, *options = sys.argv[1:]
    if not os.access(f"{build}/tests/bench_transfers", os.X_OK):
        print("SKIPPED: built without SimGrid")
        return
    speeds = table(build, 3 if "quick" in options else 7)
    print(speeds)
    costs = growth(build)
    print(costs)
    if "--write" in options:
        write(ROOT / "README.md", "flow", speeds)
        write(ROOT / "docs/flow_engine.md", "growth", costs)


if __name__ == "__main__":
    main()
