#!/usr/bin/env python3
"""What a run costs the machine: its memory does not grow with its length, and it starts at once.

usage: footprint.py PROGRAM
"""
import pathlib
import statistics
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from checking import check, verdict  # noqa: E402

GALLERY = pathlib.Path(__file__).resolve().parents[2] / "scenarios"

# The peak of all children, so each is measured from a process of its own.
MEASURE = """import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"""


def peak_kib(program, duration):
    command = [program, "run", str(GALLERY / "three_tier.json"), "--json", "--exit-zero", "--jobs", "1",
               "--replications", "1", "--set", "run.warmup=2s", "--set", f"run.duration={duration}"]
    done = subprocess.run([sys.executable, "-c", MEASURE, *command], capture_output=True, check=True)
    code, peak = map(int, done.stdout.split())
    check(code == 0, f"three_tier for {duration}: exit code", code)
    return peak


def check_memory(program):
    short, long = peak_kib(program, "20s"), peak_kib(program, "200s")
    check(long < 1.15 * short, "memory does not grow with the run", f"{short} KiB, {long} KiB")
    print(f"peak memory: {short / 1024:.1f} MiB in 20 s, {long / 1024:.1f} MiB in 200 s")


def check_start(program):
    times = []
    for _ in range(20):
        begun = time.monotonic()
        subprocess.run([program, "version"], stdout=subprocess.DEVNULL, check=True)
        times.append(time.monotonic() - begun)
    median = statistics.median(times)
    check(median < 0.05, "starts within 50 ms", f"{median * 1000:.1f} ms")
    print(f"start: {median * 1000:.1f} ms")


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    check_memory(program)
    check_start(program)
    return verdict()


sys.exit(main())
