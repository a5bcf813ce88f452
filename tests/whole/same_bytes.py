#!/usr/bin/env python3
"""The same seed gives the same bytes: for any number of jobs, with addresses randomised or not, in
another locale, time zone and directory, from the scenario with all that follows from it written
out, and from a program built for this processor.

usage: same_bytes.py PROGRAM [OTHER_PROGRAM...]
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

GALLERY = pathlib.Path(__file__).resolve().parents[2] / "scenarios"
SHORT = ["--set", "run.duration=8s", "--set", "run.warmup=2s", "--replications", "3", "--exit-zero"]


def run(program, scenario, *args, prefix=(), cwd=None, **environment):
    command = [*prefix, program, "run", str(scenario), "--json", *SHORT, *args]
    done = subprocess.run(command, capture_output=True, cwd=cwd, stdin=subprocess.DEVNULL,
                          env={**os.environ, **environment})
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} exits {done.returncode}: {done.stderr.decode()[:400]}")
    return done.stdout


def foreign_locales(folder):
    """The environment of two locales made here, as few machines have any: numbers of the one have a
    comma, capitals of the other are not those of ASCII. Nothing where they cannot be made."""
    if not shutil.which("localedef"):
        return
    for name in ("de_DE", "tr_TR"):
        made = subprocess.run(["localedef", "-i", name, "-f", "UTF-8", f"{folder}/{name}.UTF-8"],
                              capture_output=True)
        environment = {"LOCPATH": folder, "LC_ALL": f"{name}.UTF-8", "LANG": f"{name}.UTF-8"}
        shown = subprocess.run(["locale", "decimal_point"], capture_output=True, text=True,
                               env={**os.environ, **environment})
        if made.returncode == 0 and shown.stdout.strip() == ",":
            yield environment


def written_out(program, scenario, folder):
    """The scenario as `check --resolved` has it, in a file of that folder."""
    done = subprocess.run([program, "check", str(scenario), "--resolved"], capture_output=True)
    if done.returncode != 0:
        sys.exit(f"check {scenario} --resolved exits {done.returncode}: {done.stderr.decode()[:400]}")
    file = pathlib.Path(folder) / scenario.name
    file.write_bytes(done.stdout)
    return file


def without_warnings(text):
    """A scenario that is written out has settings that do nothing, and is warned of them; and it has
    another name in the command that shows a violation again."""
    document = {key: value for key, value in json.loads(text).items() if key != "warnings"}
    for store in document.get("consistency", {}).values():
        if store.get("smallest"):
            del store["smallest"]["command"]
    return document


def variations(program, others, locales):
    """Name and arguments of `run` for each way to run that must not matter."""
    yield "again", {"program": program}
    yield "two jobs", {"program": program, "args": ["--jobs", "2"]}
    yield "five jobs", {"program": program, "args": ["--jobs", "5"]}
    for locale in locales:
        yield f"locale {locale['LANG']}", {"program": program, **locale}
    yield "another time zone", {"program": program, "TZ": "Pacific/Chatham"}
    yield "another directory", {"program": program, "cwd": "/"}
    yield "a large environment", {"program": program, "PADDING": "x" * 5000}
    if shutil.which("setarch"):
        yield "fixed addresses", {"program": program, "prefix": ["setarch", "-R"]}
    for other in others:
        yield f"built as {other}", {"program": other}


def compare(program, others, locales, folder):
    passed = failed = 0
    for scenario in sorted(GALLERY.glob("*.json")):
        if "duration" not in scenario.read_text() and "extends" not in scenario.read_text():
            continue
        expected = run(program, scenario, "--jobs", "1")
        whole = {"program": program, "scenario": written_out(program, scenario, folder)}
        for name, options in [*variations(program, others, locales), ("written out", whole)]:
            options = {"scenario": scenario, **options}
            got = run(options.pop("program"), options.pop("scenario"), *options.pop("args", []), **options)
            same = got == expected if name != "written out" else without_warnings(got) == \
                without_warnings(expected)
            passed += same
            failed += not same
            if not same:
                print(f"MISS {scenario.name}: {name}: other bytes")
    return passed, failed


def main():
    program, *others = [str(pathlib.Path(path).resolve()) for path in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as folder:
        locales = list(foreign_locales(folder))
        passed, failed = compare(program, others, locales, folder)
    if not locales:
        print("SKIPPED other locales: localedef makes none here (Debian: apt install locales)")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
