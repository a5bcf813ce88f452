#!/usr/bin/env python3
"""The same models in headroom's kernel and in other simulators, side by side.

usage: compare.py BUILD_DIR [quick] [--write]

Runs every program of this folder in turn, several rounds of all; a ratio is of one round, and the
median of the rounds is told. Every answer is compared with theory, and where programs draw the same
numbers with ours. What is not installed is left out, and that is said. --write puts the table into
README.md.
"""
import math
import os
import pathlib
import re
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
README = HERE.parents[2] / "README.md"
LOAD, PENDING = 0.8, 1000
OURS = "headroom"
SCHEDULERS = ["Heap", "Map", "Calendar", "PriorityQueue"]
# Chosen: about half a second a run; the same for all that draw the same numbers.
CUSTOMERS, HORIZON_S = {"simpy": 100_000}, {"simpy": 100}
MANY_CUSTOMERS, LONG_HORIZON_S = 1_000_000, 2_000
GOALS = {"simpy": 100, "simgrid": 30, "ns3": 3}  # on the M/M/1; of ns-3 for its fastest scheduler


class System:
    """One simulator (with one of its schedulers) and how to start its programs."""

    def __init__(self, key, label, package="", scheduler=""):
        self.key, self.label, self.package, self.scheduler = key, label, package, scheduler

    def program(self, build, model):
        if self.key == "simpy":
            return ["/usr/bin/python3", str(HERE / f"{model}_simpy.py")]
        return [f"{build}/tests/bench/peers/peer_{model}_{self.key}"]

    def command(self, build, model):
        customers = CUSTOMERS.get(self.key, MANY_CUSTOMERS)
        horizon_s = HORIZON_S.get(self.key, LONG_HORIZON_S)
        size = [customers] if model == "mm1" else [PENDING, horizon_s]
        scheduler = [f"ns3::{self.scheduler}Scheduler"] if self.scheduler else []
        return self.program(build, model) + [str(n) for n in size] + scheduler

    def installed(self, build):
        if self.key == "simpy":
            asked = ["/usr/bin/python3", "-c", "import simpy, sys; sys.exit(simpy.__version__ < '3')"]
            try:
                return subprocess.run(asked, capture_output=True).returncode == 0
            except OSError:
                return False
        return all(os.access(self.program(build, model)[0], os.X_OK) for model in ("mm1", "hold"))


def systems():
    yield System(OURS, "headroom: processes")
    yield System("simpy", "SimPy: processes", "python3-simpy3")
    yield System("simgrid", "SimGrid: two actors and a semaphore; timers", "libsimgrid-dev")
    for scheduler in SCHEDULERS:
        yield System("ns3", f"ns-3: callbacks, {scheduler}Scheduler", "libns3-dev", scheduler)


def theory(system, model):
    """The answer expected and its standard error.

    M/M/1: Daley 1968 for the sum of correlated waits; a service adds its own deviation at most.
    Hold: how often n Poisson processes happen is Poisson distributed.
    """
    if model == "hold":
        return 1, (PENDING * HORIZON_S.get(system.key, LONG_HORIZON_S)) ** -0.5
    wait_variance = LOAD * (2 + 5 * LOAD - 4 * LOAD**2 + LOAD**3) / (1 - LOAD) ** 4
    customers = CUSTOMERS.get(system.key, MANY_CUSTOMERS)
    return 1 / (1 - LOAD), (wait_variance**0.5 + 1) / customers**0.5


def check(system, model, answer, ours):
    expected, error = theory(system, model)
    said = f"{system.label}: answers {answer:.6g} for {model}"
    if abs(answer - expected) > 4 * error:
        sys.exit(f"{said}, theory {expected:g} +- {4 * error:.2g}")
    if system.key != "simpy" and not math.isclose(answer, ours, rel_tol=1e-5):
        sys.exit(f"{said}, headroom {ours:.6g} from the same numbers")


def measure(build, present, model, rounds):
    """Rates of each system, one a round, and its answer."""
    rates, answers = {system.label: [] for system in present}, {}
    for _ in range(rounds):
        for system in present:
            done = subprocess.run(system.command(build, model), capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(f"{' '.join(system.command(build, model))}: {done.stderr}")
            rate, answer = map(float, done.stdout.split())
            rates[system.label].append(rate)
            answers[system.label] = answer
            check(system, model, answer, answers[present[0].label])
    return rates, answers


def ratios(rates, ours, label):
    return [mine / other for mine, other in zip(rates[ours], rates[label])]


def short(number):
    return f"{number:.1f}"


def cells(rates, ours, label):
    """Million operations a second, and how many times faster ours is."""
    rate = f"{statistics.median(rates[label]) / 1e6:.3g}"
    if label == ours:
        return rate, ""
    times = ratios(rates, ours, label)
    return rate, f"{short(statistics.median(times))} ({short(min(times))} to {short(max(times))})"


def verdicts(present, mm1, ours):
    """By system, whether the goal on the M/M/1 is reached; ns-3 by its fastest scheduler."""
    for key, goal in GOALS.items():
        labels = [system.label for system in present if system.key == key]
        if not labels:
            continue
        fastest = max(labels, key=lambda label: statistics.median(mm1[label]))
        reached = statistics.median(ratios(mm1, ours, fastest)) >= goal
        yield fastest, f"{goal}" if reached else f"{goal}, not reached"


def versions(present):
    for package in dict.fromkeys(system.package for system in present if system.package):
        asked = subprocess.run(["dpkg-query", "-W", "-f=${Version}", package],
                               capture_output=True, text=True)
        yield f"{package} {asked.stdout}"


def processor():
    found = re.search(r"model name\s*:\s*(.+)", pathlib.Path("/proc/cpuinfo").read_text())
    return f"{found.group(1) if found else 'unknown processor'}, {os.cpu_count()} processors"


def table(present, absent, mm1, hold, rounds):
    ours = present[0].label
    goals = dict(verdicts(present, mm1, ours))
    lines = [
        f"The same models in other simulators, {rounds} rounds of all in turn on {processor()},",
        "shared with others: processor time counts, a ratio is of one round, the median is told",
        "(least to most). The programs are in `tests/bench/peers`; all but SimPy's draw the same",
        "numbers, and all answers agree with theory.",
        f"Packages: {', '.join(versions(present)) or 'none installed'}.", "",
        f"| | M/M/1 at load {LOAD}, million customers/s | headroom is faster, times | goal |"
        f" hold model, {PENDING:,} pending, million/s | headroom is faster, times |",
        "|---|---|---|---|---|---|"]
    for system in present:
        row = [system.label, *cells(mm1, ours, system.label), goals.get(system.label, ""),
               *cells(hold, ours, system.label)]
        lines.append("| " + " | ".join(row) + " |")
    lines += [f"| {system.label} | not measured: {system.package} was not installed | | | | |"
              for system in absent]
    return "\n".join(lines)


def write(text):
    before = README.read_text()
    after, found = re.subn(r"(<!-- peers -->\n).*?(\n<!-- /peers -->)",
                           lambda marks: marks[1] + text + marks[2], before, flags=re.S)
    if found != 1:
        sys.exit("README.md has no <!-- peers --> markers")
    README.write_text(after)


def main():
    build, *options = sys.argv[1:]
    rounds = 3 if "quick" in options else 7
    here = {system: system.installed(build) for system in systems()}
    present = [system for system, is_here in here.items() if is_here]
    absent = [system for system, is_here in here.items() if not is_here]
    if not present or present[0].key != OURS:
        sys.exit(f"{build} holds no peer_mm1_headroom: build the target peers")
    mm1, _ = measure(build, present, "mm1", rounds)
    hold, _ = measure(build, present, "hold", rounds)
    text = table(present, absent, mm1, hold, rounds)
    print(text)
    for package in dict.fromkeys(system.package for system in absent):
        print(f"SKIPPED: apt-get install pkg-config {package}, then ./dev bench again")
    if "--write" in options:
        write(text)


if __name__ == "__main__":
    main()
