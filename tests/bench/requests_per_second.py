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
import tempfile
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


def large(services):
    """Chains of ten, a workload for each, on the hosts of a fat tree of 16 ports in turn."""
    chain = {}
    for i in range(services):
        work = {"endpoints": {"call": [{"cpu": {"exp": "1ms"}}, {"call": f"service-{i + 1}"}]}}
        chain[f"service-{i}"] = {"kind": "server", "concurrency": 8,
                                 **(work if i % 10 < 9 else {"service_time": {"exp": "1ms"}})}
    return {"headroom": 1, "name": "large", "run": {"duration": "1ms", "warmup": "0s", "replications": 1},
            "network": {"generate": {"kind": "fat_tree", "k": 16,
                                     "link": {"latency": "5us", "bandwidth": "10Gbit/s"}}},
            "workloads": {f"users-{i}": {"target": f"service-{i}", "arrivals": {"poisson": "1/s"}}
                          for i in range(0, services, 10)},
            "services": chain}


def print_start(program):
    begin = time.perf_counter()
    for _ in range(20):
        subprocess.run([program, "version"], capture_output=True)
    print(f"headroom version: {(time.perf_counter() - begin) * 50:.1f} ms")
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(large(10_000), file)
        file.flush()
        for what, words in (("read and checked, links, cuts and bounds worked out", ["check", file.name]),
                            ("the same, then run for 1 ms and reported", ["run", file.name, "--jobs", "1"])):
            _, seconds, memory_mb = measured([program, *words])
            print(f"10,000 services on a fat tree of 1,024 hosts, {what}: {seconds:.2f} s, {memory_mb:.0f} MB")


def main():
    program, scenario, *arguments = sys.argv[1:]
    if scenario == "--start":
        return print_start(program)
    command = [program, "run", scenario, "--json", "--jobs", "1", "--set", "run.warmup=10s", *arguments]
    output, seconds, memory_mb = measured(command)
    document = json.loads(output)
    requests = sum(sum(load["outcomes"].values()) for load in document["workloads"].values())
    name = pathlib.Path(scenario).stem
    print(f"{name:12s} {requests:>12,} requests in {seconds:6.2f} s: {requests / seconds / 1e6:5.2f} million/s, "
          f"{memory_mb:.0f} MB (load average {os.getloadavg()[0]:.1f})")


main()
