#!/usr/bin/env python3
"""Runs every command that README.md, the pages of docs/ and notebooks/README.md show and compares
what it prints; runs every command of the table "Start here" on README's own scenario, made short;
compares docs/reference.md with what the program knows of its keys.

usage: readme.py PROGRAM [--update]
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
REFERENCE = ROOT / "docs" / "reference.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md")), ROOT / "notebooks" / "README.md"]
CONSOLE = re.compile(r"```console\n\$ (.+)\n((?:.*\n)*?)```")
DONE = (0, 3, 4)  # exit codes of a study that ran, whatever its verdict

# Two clients of one register: what `headroom verify HISTORY` of the table reads.
HISTORY = """\
{"process": 0, "type": "invoke", "f": "write", "key": "x", "value": 1}
{"process": 0, "type": "ok", "f": "write", "key": "x", "value": 1}
{"process": 1, "type": "invoke", "f": "read", "key": "x", "value": null}
{"process": 1, "type": "ok", "f": "read", "key": "x", "value": 1}
"""


def run(program, command, folder):
    path = f"{pathlib.Path(program).resolve().parent}:{os.environ['PATH']}"
    return subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, env={**os.environ, "PATH": path})


def printed(program, command, folder):
    done = run(program, command, folder)
    return done.stdout + done.stderr


def own_scenario(text):
    """Name and text of the scenario that the page gives; nothing where it gives none."""
    return re.search(r"`(\w+\.json)`:[^`]*```json\n(.*?)```", text, re.S)


def compare_page(program, page, folder):
    """The page as it should be, and how many of its commands passed and failed."""
    text = page.read_text()
    passed = failed = 0
    if scenario := own_scenario(text):
        pathlib.Path(folder, scenario.group(1)).write_text(scenario.group(2))
    for shown in list(CONSOLE.finditer(text)):
        command, expected = shown.groups()
        got = printed(program, command, folder)
        passed += got == expected
        if got != expected:
            failed += 1
            print(f"MISS {command}\n--- {page.name}\n{expected}--- now\n{got}")
            text = text.replace(shown.group(0), f"```console\n$ {command}\n{got}```")
    return text, passed, failed


def table_commands(text):
    """Those of the table that are whole: what begins with an option belongs to any of them."""
    table = text.split("## Start here")[1].split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("|")]
    return [each for row in rows for each in re.findall(r"`((?:headroom|mpirun) [^`]*)`", row)]


def start_here(program, text, folder):
    """Each command of the table on short runs of the page's scenario: it does what the row says."""
    scenario = json.loads(own_scenario(text).group(2))
    scenario["run"] = {"duration": "32s", "replications": 2}
    for name, replicas in (("FILE", 4), ("A", 4), ("B", 6)):
        scenario["services"]["app"]["replicas"] = replicas
        pathlib.Path(folder, f"{name}.json").write_text(json.dumps(scenario))
    pathlib.Path(folder, "HISTORY").write_text(HISTORY)
    pathlib.Path(folder, "scenarios").symlink_to(ROOT / "scenarios")
    commands = table_commands(text)
    if len(commands) < 20:
        print(f"MISS the table of {README.name} has only {len(commands)} commands")
        return 0, 1
    # Some read what others write.
    commands = ["headroom run FILE -o DIR"] + commands
    passed = failed = 0
    for command in commands:
        if command.startswith("mpirun") and not shutil.which("mpirun"):
            continue
        words = re.sub(r"\bFILE(?!\.)", "FILE.json", command)
        words = words.replace("mpirun -n 8", "mpirun --allow-run-as-root --oversubscribe -n 2")
        done = run(program, words, folder)
        passed += done.returncode in DONE
        if done.returncode not in DONE:
            failed += 1
            print(f"MISS {command}: exit code {done.returncode}\n{done.stdout[-400:]}{done.stderr}")
    return passed, failed


def main():
    program, update = sys.argv[1], "--update" in sys.argv
    passed = failed = 0
    for page in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            text, right, wrong = compare_page(program, page, folder)
        passed, failed = passed + right, failed + wrong
        if update:
            page.write_text(text)
    with tempfile.TemporaryDirectory() as folder:
        reference = printed(program, "headroom schema --markdown", folder)
        if update:
            REFERENCE.write_text(reference)
            return 0
        right, wrong = start_here(program, README.read_text(), folder)
    passed, failed = passed + right, failed + wrong
    if REFERENCE.read_text() == reference:
        passed += 1
    else:
        failed += 1
        print(f"MISS docs/reference.md is not what headroom schema --markdown prints; "
              f"tests/whole/readme.py {program} --update writes it anew")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
