#!/usr/bin/env python3
"""The same seed gives the same bytes: for any number of jobs, with addresses randomised or not, in
another locale, time zone and directory, and from a program built for this processor.

usage: same_bytes.py PROGRAM [OTHER_PROGRAM...]
"""
import os
import pathlib
import shutil
import subprocess
import sys

GALLERY = pathlib.Path(__file__).resolve().parents[2] / "scenarios"
SHORT = ["--set", "run.duration=8s", "--set", "run.warmup=2s", "--replications", "3", "--exit-zero"]


def run(program, scenario, *args, prefix=(), cwd=None, **environment):
    command = [*prefix, program, "run", str(scenario), "--json", *SHORT, *args]
    done = subprocess.run(command, capture_output=True, cwd=cwd, stdin=subprocess.DEVNULL,
                          env={**os.environ, **environment})
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} exits {done.returncode}: {done.stderr.decode()[:400]}")
    return done.stdout


def variations(program, others):
    """Name and arguments of `run` for each way to run that must not matter."""
    yield "again", {"program": program}
    yield "two jobs", {"program": program, "args": ["--jobs", "2"]}
    yield "five jobs", {"program": program, "args": ["--jobs", "5"]}
    yield "another locale", {"program": program, "LC_ALL": "de_DE.UTF-8", "LANG": "tr_TR.UTF-8"}
    yield "another time zone", {"program": program, "TZ": "Pacific/Chatham"}
    yield "another directory", {"program": program, "cwd": "/"}
    yield "a large environment", {"program": program, "PADDING": "x" * 5000}
    if shutil.which("setarch"):
        yield "fixed addresses", {"program": program, "prefix": ["setarch", "-R"]}
    for other in others:
        yield f"built as {other}", {"program": other}


def main():
    program, *others = [str(pathlib.Path(path).resolve()) for path in sys.argv[1:]]
    passed = failed = 0
    for scenario in sorted(GALLERY.glob("*.json")):
        if "duration" not in scenario.read_text() and "extends" not in scenario.read_text():
            continue
        expected = run(program, scenario, "--jobs", "1")
        for name, options in variations(program, others):
            options = dict(options)
            got = run(options.pop("program"), scenario, *options.pop("args", []), **options)
            same = got == expected
            passed += same
            failed += not same
            if not same:
                print(f"MISS {scenario.name}: {name}: other bytes")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
