#!/usr/bin/env python3
"""Runs every command that README.md shows and compares what it prints; compares docs/reference.md
with what the program knows of its keys.

usage: readme.py PROGRAM [--update]
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
REFERENCE = ROOT / "docs" / "reference.md"
CONSOLE = re.compile(r"```console\n\$ (.+)\n((?:.*\n)*?)```")


def printed(program, command, folder):
    path = f"{pathlib.Path(program).resolve().parent}:{os.environ['PATH']}"
    done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, env={**os.environ, "PATH": path})
    return done.stdout + done.stderr


def main():
    program, update = sys.argv[1], "--update" in sys.argv
    text = README.read_text()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        scenario = re.search(r"`(\w+\.json)`:[^`]*```json\n(.*?)```", text, re.S)
        pathlib.Path(folder, scenario.group(1)).write_text(scenario.group(2))
        for shown in list(CONSOLE.finditer(text)):
            command, expected = shown.groups()
            got = printed(program, command, folder)
            if got != expected:
                failed += 1
                print(f"MISS {command}\n--- README\n{expected}--- now\n{got}")
                text = text.replace(shown.group(0), f"```console\n$ {command}\n{got}```")
        reference = printed(program, "headroom schema --markdown", folder)
    if update:
        README.write_text(text)
        REFERENCE.write_text(reference)
        return 0
    if REFERENCE.read_text() != reference:
        failed += 1
        print(f"MISS docs/reference.md is not what headroom schema --markdown prints; "
              f"tests/whole/readme.py {program} --update writes it anew")
    print(f"{len(CONSOLE.findall(text)) + 1 - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
