#!/usr/bin/env python3
"""Requests a second of processor time, and peak memory, of one scenario through the program.

usage: requests_per_second.py PROGRAM SCENARIO [ARGUMENT...]
       requests_per_second.py PROGRAM --start
"""
import json
import os
import pathlib
import resource
import subprocess
import sys
import time


def measured(command):
    """Output, seconds of processor time and peak memory in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 3, 4):
        sys.exit(done.stderr)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, seconds, after.ru_maxrss / 1024


def main():
    program, scenario, *arguments = sys.argv[1:]
    if scenario == "--start":
        begin = time.perf_counter()
        for _ in range(20):
            subprocess.run([program, "version"], capture_output=True)
        print(f"headroom version: {(time.perf_counter() - begin) * 50:.1f} ms")
        return
    command = [program, "run", scenario, "--json", "--jobs", "1", "--set", "run.warmup=10s", *arguments]
    output, seconds, memory_mb = measured(command)
    document = json.loads(output)
    requests = sum(sum(load["outcomes"].values()) for load in document["workloads"].values())
    name = pathlib.Path(scenario).stem
    print(f"{name:12s} {requests:>12,} requests in {seconds:6.2f} s: {requests / seconds / 1e6:5.2f} million/s, "
          f"{memory_mb:.0f} MB (load average {os.getloadavg()[0]:.1f})")


main()
