#!/usr/bin/env python3
"""Runs every command that scenarios/README.md shows and compares with the figures it promises.

usage: gallery.py PROGRAM
"""
import dataclasses
import json
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TRACE = ROOT.parent / "shared" / "data" / "cloudPhysicsIO.oracleGeneral.bin"
DONE = (0, 3, 4)  # exit codes of a study that ran, whatever its verdict

NAME = r"`([\w.]+)`"
BAND = r"([\d.]+%?)"


@dataclasses.dataclass
class Shown:
    """A command and the figures that follow it: point of a sweep (or None), path, expected, band."""
    scenario: str
    command: str
    rows: list = dataclasses.field(default_factory=list)


def sections(text):
    """Scenario name to its lines; what stands before the first has the name ""."""
    name, found = "", {"": []}
    for line in text.splitlines():
        heading = re.match(r"## \[(\w+)\]\((\w+)\.json\)", line)
        if heading:
            name = heading.group(2)
            found[name] = []
        found[name].append(line)
    return found


def shown_in(name, lines):
    """The commands of a section in order, each with the tables below it."""
    default = Shown(name, f"headroom run scenarios/{name}.json")
    found, columns = [default], None
    for line in re.sub(r" \\\n +", " ", "\n".join(lines)).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        row = re.match(rf"\| {NAME} \| ([\d.]+) \| {BAND} \|", line)
        head = [re.fullmatch(rf"{NAME} {BAND}", cell) for cell in cells[1:]]
        if line.startswith("    headroom "):
            found.append(Shown(name, line.strip()))
        elif row:
            found[-1].rows.append((None, row.group(1), float(row.group(2)), row.group(3)))
        elif line.startswith("| `") and all(head):
            columns = [column.groups() for column in head]
        elif not line.startswith("|"):
            columns = None
        elif columns and not line.startswith("|---"):
            for (path, band), expected in zip(columns, cells[1:], strict=True):
                found[-1].rows.append((cells[0], path, float(expected), band))
    # A file whose figures are all below a command of their own needs no run of its own.
    return [one for one in found if one is not default or one.rows]


def answer(program, command):
    """What the command says, as a document."""
    words = shlex.split(command)
    done = subprocess.run([program, *words[1:], "--json", "-q"], capture_output=True, text=True, cwd=ROOT,
                          stdin=subprocess.DEVNULL)
    if done.returncode not in DONE:
        sys.exit(f"{command} exits {done.returncode}: {done.stdout[:1000]}{done.stderr[:500]}")
    return json.loads(done.stdout)


def point_of(document, value):
    """The document itself, or the point of a sweep where its one setting has this value."""
    if value is None:
        return document
    return next(point for point in document["points"] if value in map(str, point["at"].values()))


def dig(document, path):
    for key in path.split("."):
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document["value"] if isinstance(document, dict) else document


def tolerance(expected, band):
    return expected * float(band[:-1]) / 100 if band.endswith("%") else float(band)


def checks(program):
    """Yields (what, held)."""
    text = (ROOT / "scenarios" / "README.md").read_text()
    promised = {name: shown_in(name, lines) for name, lines in sections(text).items()}
    files = sorted(path.stem for path in (ROOT / "scenarios").glob("*.json") if not path.stem.endswith(".schema"))
    for name in files:
        yield f"{name} is in the gallery with figures", any(one.rows for one in promised.get(name, []))
    for one in (one for of_one_file in promised.values() for one in of_one_file):
        print(f"     {one.command}")
        document = answer(program, one.command)
        for point, path, expected, band in one.rows:
            got = dig(point_of(document, point), path)
            held = got is not None and abs(got - expected) <= tolerance(expected, band)
            where = f"{one.scenario} {point}" if point else one.scenario
            yield f"{where:18s} {path:44s} expect {expected:<10g} band {band:6s} got {got}", held
    for name, lines in sections(text).items():
        for setting in re.findall(r"`(--(?:set|duration) ?\S+)`", " ".join(lines)):
            answer(program, f"headroom check scenarios/{name}.json {setting}")
            yield f"{name:18s} takes {setting}", True
    if TRACE.exists():
        document = answer(program, "headroom run scenarios/trace_replay.json --duration 7201s --replications 2 "
                                   f"--set workloads.recorded.arrivals.replay={TRACE}")
        finished = sum(document["workloads"]["recorded"]["outcomes"].values())
        yield f"real trace: all 113,872 requests of both replications, got {finished}", finished == 2 * 113872
    else:
        print("skipped: the recorded trace is not here")


def main():
    passed = failed = 0
    for what, held in checks(sys.argv[1]):
        passed += held
        failed += not held
        print(f"{'ok  ' if held else 'MISS'} {what}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
