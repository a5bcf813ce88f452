#!/usr/bin/env python3
"""The same study on threads, in worker processes and on MPI ranks: the same bytes. A run that crashes,
hangs or needs too much memory costs the study that run; a rank that is lost costs nothing finished.

usage: executors.py PROGRAM
Parts that need mpirun are reported as skipped where it is not installed.
"""
import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

GALLERY = pathlib.Path(__file__).resolve().parents[2] / "scenarios"
STUDIES = {
    "run": ["run", "three_tier.json", "--duration", "20s", "--replications", "7", "--exit-zero"],
    "replay file": ["run", "trace_replay.json", "--replications", "3", "--exit-zero"],
    "sweep": ["sweep", "cache_stampede.json", "--vary", "run.load=0.5,1", "--duration", "10s",
              "--replications", "3", "--exit-zero"],
    "capacity": ["capacity", "mm1.json", "--duration", "20s", "--exit-zero"],
}

failed = 0


def check(right, what, more=""):
    global failed
    print(f"{'PASS' if right else 'MISS'} {what}{'' if right else ': ' + str(more)}")
    failed += not right


def words_of(words):
    return [str(GALLERY / word) if word.endswith(".json") and "/" not in word else word for word in words]


def files_of(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def run(program, words, out=None, before=(), **more):
    return subprocess.run([*before, program, *words_of(words), *(["-o", str(out)] if out else [])],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, **more)


def mpirun(ranks):
    """Nothing where there is none."""
    found = shutil.which("mpirun")
    if not found or not (pathlib.Path(sys.argv[1]).resolve().parent / "headroom-mpi").exists():
        return None
    return [found, "--allow-run-as-root", "--oversubscribe", "-n", str(ranks)]


def same_bytes(program, folder):
    ranks = mpirun(2)
    for name, words in STUDIES.items():
        threads = run(program, [*words, "--jobs", "2"], folder / "threads")
        check(threads.returncode == 0, f"{name} on threads", threads.stderr)
        processes = run(program, [*words, "--jobs", "2", "--isolate"], folder / "processes")
        check(processes.returncode == 0 and files_of(folder / "processes") == files_of(folder / "threads"),
              f"{name}: the same bytes from processes", processes.stderr)
        if ranks:
            answer = run(program, words, folder / "ranks", ranks)
            check(answer.returncode == 0 and files_of(folder / "ranks") == files_of(folder / "threads"),
                  f"{name}: the same bytes from two ranks", answer.stderr)
        for each in folder.iterdir():
            shutil.rmtree(each)
    if not ranks:
        print("SKIP ranks: no mpirun, or built without MPI")


def left_out(answer, why):
    document = json.loads(answer.stdout)
    runs = document.get("failed_runs", [])
    return bool(runs) and all(why in each["why"] and "--only" in each["again"] for each in runs)


def killed_worker(program, folder):
    """One worker of three is killed from outside: the others give the answer, which is undecided."""
    study = subprocess.Popen([program, *words_of(["run", "three_tier.json"]), "--duration", "300s", "--json",
                              "--replications", "3", "--isolate", "--jobs", "1"],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    killed = False
    for _ in range(3000):
        time.sleep(0.01)
        children = pathlib.Path(f"/proc/{study.pid}/task/{study.pid}/children").read_text().split()
        if children:
            os.kill(int(children[0]), signal.SIGSEGV)
            killed = True
            break
    out, err = study.communicate()
    document = json.loads(out)
    # The first to run is a pilot; without it there is no warm-up to be found, and that is said.
    told = document.get("failed_runs") or "came to no result" in document.get("undecided_because", "")
    check(killed and study.returncode == 4 and told, "a crash does not sink the study", (study.returncode, err))


def limits(program):
    slow = run(program, ["run", "three_tier.json", "--duration", "36000s", "--json", "--replications", "2",
                         "--set", "run.warmup=1s", "--time-limit", "300ms", "--jobs", "2"])
    check(slow.returncode == 1 and "longer than 0.3 s" in slow.stdout and "--only 0" in slow.stdout,
          "runs that take too long are told with the command that repeats them", slow.stdout + slow.stderr)


AGAIN = {  # what the command has to say beside the file
    "compare": (["compare", "mm1.json", "--set", "run.load=1.1", "--set", "run.warmup=2s"], ["run.warmup=2000000000ns"]),
    "capacity": (["capacity", "mm1.json", "--without", "app[0]", "--set", "run.warmup=2s"],
                 ['"kill":"app[0]"', "run.load=1"]),
    "cheapest": (["capacity", "three_tier.json", "--find", "services.app.replicas,services.db.concurrency",
                  "--set", "run.warmup=2s", "--at", "run.load=0.9"],
                 ["services.app.replicas=16", "services.db.concurrency=", "run.load=0.9"]),
    "stability": (["stability", "retry_storm.json", "--vary", "run.load=0.5,1", "--trigger", "1s,10s"],
                  ["run.load=0.5", "failures[0].for=1s"]),
    "availability": (["availability", "n_plus_one.json", "--vary", "services.app.replicas=3,4", "--set", "run.warmup=2s"],
                     ["failures=[]", "services.app.replicas=3"]),
}


def repeated(program):
    """The command that repeats a lost run has all settings of the study it was lost in."""
    for name, (words, expected) in AGAIN.items():
        lost = run(program, [*words, "--duration", "36000s", "--time-limit", "1ms", "--replications", "2"])
        command = lost.stderr.partition("again: ")[2].partition("--only 0")[0]
        heard = lost.returncode == 1 and all(each in command for each in expected)
        once = [program, *shlex.split(command.replace("36000s", "30s"))[1:], "--only", "0", "--exit-zero", "--json"]
        check(heard and subprocess.run(once, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0,
              f"{name}: a lost run can be repeated", lost.stderr)


def only(program):
    whole = json.loads(run(program, ["run", "mm1.json", "--duration", "20s", "--json", "--exit-zero"]).stdout)
    one = json.loads(run(program, ["run", "mm1.json", "--duration", "20s", "--json", "--exit-zero",
                                   "--only", "3"]).stdout)
    check(one["digests"][3] == whole["digests"][3] and one["replications"] == 1,
          "one replication by itself takes the course it took among others")


def lost_rank(program, folder):
    """A rank is killed in the middle: what was finished is in the journal, and the study goes on from it."""
    ranks = mpirun(3)
    if not ranks:
        return
    words = ["run", "three_tier.json", "--duration", "60s", "--replications", "24", "--exit-zero"]
    whole = run(program, words, folder / "whole")
    study = subprocess.Popen([*ranks, program, *words_of(words), "-o", str(folder / "lost")],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    journal, victim = folder / "lost.journal", None
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and study.poll() is None and victim is None:
        time.sleep(0.02)
        if journal.exists() and journal.stat().st_size > 300_000:
            for child in pathlib.Path(f"/proc/{study.pid}/task/{study.pid}/children").read_text().split():
                environment = pathlib.Path(f"/proc/{child}/environ").read_bytes()
                if b"OMPI_COMM_WORLD_RANK=2" in environment:
                    victim = int(child)
                    os.kill(victim, signal.SIGKILL)
    study.wait()
    kept = journal.stat().st_size if journal.exists() else 0
    check(victim is not None and kept > 300_000, "a lost rank leaves the finished runs in the journal", kept)
    resumed = run(program, [*words, "--resume"], folder / "lost")
    check(whole.returncode == 0 and resumed.returncode == 0
          and files_of(folder / "whole") == files_of(folder / "lost"), "and the study goes on from it to the same bytes",
          resumed.stderr)


def resumed_in_time(program, folder):
    """The run that is made again to try the journal may be the one that takes too long."""
    words = ["run", "three_tier.json", "--duration", "60s", "--set", "run.warmup=2s", "--replications", "24", "--jobs", "1"]
    study = subprocess.Popen([program, *words_of(words), "-o", str(folder / "slow")],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    journal = folder / "slow.journal"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and study.poll() is None:
        time.sleep(0.02)
        if journal.exists() and journal.stat().st_size > 300_000:
            study.kill()
    study.wait()
    resumed = run(program, [*words, "--exit-zero", "--json", "--resume", "--time-limit", "1ms"], folder / "slow")
    lost = resumed.stderr.count("longer than 0.001 s")
    check(resumed.returncode == 0 and "number 0 took longer" in resumed.stderr and 0 < lost < 24
          and json.loads(resumed.stdout)["replications"] == 24 - lost,
          "a run that takes too long when the journal is tried is left out, and no more than that",
          resumed.stdout[:400] + resumed.stderr)


def misfit(program, folder):
    """A rank whose exp rounds differently is refused."""
    ranks = mpirun(1)
    if not ranks or not shutil.which("cc"):
        print("SKIP the probe of the math library: no mpirun or no compiler")
        return
    source, library = folder / "odd.c", folder / "odd.so"
    source.write_text("double exp(double x) { double y = 1, s = 1; for (int n = 1; n < 60; ++n) { y *= x / n; s += y; } return s; }\n")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source], check=True)
    words = words_of(["run", "mm1.json", "--duration", "5s"])
    answer = subprocess.run([*ranks, program, *words, ":", "-n", "1", "env", f"LD_PRELOAD={library}", program, *words],
                            capture_output=True, text=True, stdin=subprocess.DEVNULL)
    check(answer.returncode == 1 and "rounds differently" in answer.stderr, "ranks that round differently are not mixed",
          answer.stderr)


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        same_bytes(program, folder)
        only(program)
        killed_worker(program, folder)
        limits(program)
        repeated(program)
        lost_rank(program, folder)
        resumed_in_time(program, folder)
        misfit(program, folder)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
