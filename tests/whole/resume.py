#!/usr/bin/env python3
"""Studies that are killed at random points and go on with --resume end with the same bytes.

usage: resume.py PROGRAM [KILLS]
"""
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

GALLERY = pathlib.Path(__file__).resolve().parents[2] / "scenarios"
SHORT = ["--duration", "20s", "--replications", "6", "--exit-zero"]
STUDIES = {
    "run": ["run", "three_tier.json", *SHORT],
    "sweep": ["sweep", "cache_stampede.json", "--vary", "run.load=0.5,1", *SHORT],
    "capacity": ["capacity", "mm1.json", *SHORT],
    "compare": ["compare", "retry_storm.json", "--set", "run.load=0.5", "--duration", "100s",
                "--replications", "3"],
    "stability": ["stability", "retry_storm.json", "--vary", "run.load=0.5,1", "--trigger", "1s,10s",
                  "--replications", "3", "--duration", "100s"],
    "smallest": ["capacity", "mm1.json", "--find", "services.app.concurrency", "--at", "run.load=3", *SHORT],
    "cheapest": ["capacity", "three_tier.json", "--find", "services.app.replicas=3..5,services.db.concurrency=10..12",
                 "--duration", "5s", "--replications", "3", "--exit-zero"],
    "availability": ["availability", "n_plus_one.json", "--vary", "services.app.replicas=3,4", "--duration", "5s",
                     "--replications", "3", "--exit-zero"],
    "explain": ["explain", "mm1.json", "--capacity", "--duration", "10s", "--replications", "4"],
    "cap": ["cap", "cap_partition.json", "--replications", "2"],
}


def files_of(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def start(program, words, out, *more):
    words = [str(GALLERY / word) if word.endswith(".json") else word for word in words]
    return subprocess.Popen([program, *words, "-o", str(out), "--jobs", "2", *more], stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def killed_until_done(program, words, out, longest, draws):
    """Kills it at random points; a study that gets further each time ends. How often it was killed."""
    kills = 0
    while True:
        study = start(program, words, out, "--resume")
        try:
            err = study.communicate(timeout=draws.uniform(0.01, longest) * (1 + kills / 4))[1]
        except subprocess.TimeoutExpired:
            study.send_signal(signal.SIGKILL)
            study.communicate()
            kills += 1
            continue
        return kills, study.returncode, err.decode()


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 12
    draws = random.Random(7)
    failed = kills = rounds = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        whole, took = {}, {}
        for name, words in STUDIES.items():
            begun = time.monotonic()
            study = start(program, words, folder / name)
            err = study.communicate()[1]
            took[name] = time.monotonic() - begun
            whole[name] = files_of(folder / name)
            if study.returncode != 0:
                failed += 1
                print(f"MISS {name} runs: {err.decode()}")
        while kills < wanted and not failed:
            for name, words in STUDIES.items():
                out = folder / f"{name}-{rounds}"
                more, code, err = killed_until_done(program, words, out, took[name] * 0.7, draws)
                kills += more
                same = code == 0 and files_of(out) == whole[name]
                left = list(folder.glob(f"{name}-{rounds}.*"))
                if not same or left:
                    failed += 1
                    print(f"MISS {name} after {more} kills: exit code {code}, same bytes {same}, left {left} {err}")
            rounds += 1
    print(f"{kills} kills, {rounds * len(STUDIES)} studies resumed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
