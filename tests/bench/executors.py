#!/usr/bin/env python3
"""How much faster two of something carry out a study than one thread: threads, worker processes, MPI ranks.

usage: executors.py PROGRAM [ROUNDS (5)]
Wall clock, the best of the rounds, all in turn in each round. Where other programs want the machine too, that says
little: then the processor time of the busiest thread or rank counts, which is what an idle machine would take.
"""
import pathlib
import resource
import shutil
import subprocess
import sys
import time

GALLERY = pathlib.Path(__file__).resolve().parents[2] / "scenarios"
STUDY = ["run", str(GALLERY / "three_tier.json"), "--replications", "20", "--duration", "30s", "--exit-zero", "--json"]


def ways(program):
    yield "one thread", [program, *STUDY, "--jobs", "1"]
    yield "two threads", [program, *STUDY, "--jobs", "2"]
    yield "two worker processes", [program, *STUDY, "--jobs", "2", "--isolate"]
    mpirun = shutil.which("mpirun")
    if mpirun and (pathlib.Path(program).resolve().parent / "headroom-mpi").exists():
        yield "two MPI ranks", [mpirun, "--allow-run-as-root", "--oversubscribe", "-n", "2", program, *STUDY]


def measured(command):
    """Wall clock and processor seconds, and the answer."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    answer = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=True)
    wall = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, answer.stdout


def main():
    program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    all_ways = list(ways(program))
    best = {name: (1e9, 1e9) for name, _ in all_ways}
    answers = set()
    for _ in range(rounds):
        for name, command in all_ways:
            wall, cpu, answer = measured(command)
            best[name] = (min(best[name][0], wall), min(best[name][1], cpu))
            answers.add(answer)
    one = best["one thread"]
    for name, (wall, cpu) in best.items():
        print(f"{name:22} {wall:7.2f} s  {one[0] / wall:5.2f} times as fast; {cpu:6.2f} s of processors, "
              f"which two idle ones would do {2 * one[1] / cpu:5.2f} times as fast at best")
    print("the same bytes from all" if len(answers) == 1 else "DIFFERENT answers")
    return 0 if len(answers) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
