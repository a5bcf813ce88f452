#!/usr/bin/env python3
"""Runs every scenario of the gallery and compares with the figures that scenarios/README.md promises.

usage: gallery.py PROGRAM
"""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TRACE = ROOT.parent / "shared" / "data" / "cloudPhysicsIO.oracleGeneral.bin"


def promised():
    """Scenario name to rows (path, expected, band as written)."""
    rows, scenario = {}, None
    for line in (ROOT / "scenarios" / "README.md").read_text().splitlines():
        heading = re.match(r"## \[(\w+)\]\((\w+)\.json\)", line)
        row = re.match(r"\| `([\w.]+)` \| ([\d.]+) \| ([\d.]+%?) \|", line)
        if heading:
            scenario = heading.group(2)
            rows[scenario] = []
        elif row:
            rows[scenario].append((row.group(1), float(row.group(2)), row.group(3)))
    return rows


def run(program, scenario, *args):
    done = subprocess.run([program, "run", str(scenario), "--json", "--exit-zero", *args],
                          capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        sys.exit(f"{scenario} exits {done.returncode}: {done.stderr[:500]}")
    return json.loads(done.stdout)


def dig(document, path):
    for key in path.split("."):
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document["value"] if isinstance(document, dict) else document


def tolerance(expected, band):
    return expected * float(band[:-1]) / 100 if band.endswith("%") else float(band)


def checks(program):
    """Yields (what, held)."""
    rows = promised()
    files = sorted(path.stem for path in (ROOT / "scenarios").glob("*.json") if not path.stem.endswith(".schema"))
    for name in files:
        yield f"{name} is in the gallery with figures", bool(rows.get(name))
        document = run(program, ROOT / "scenarios" / f"{name}.json")
        for path, expected, band in rows.get(name, []):
            got = dig(document, path)
            held = got is not None and abs(got - expected) <= tolerance(expected, band)
            yield f"{name:14s} {path:44s} expect {expected:<10g} band {band:6s} got {got}", held
    if TRACE.exists():
        document = run(program, ROOT / "scenarios" / "trace_replay.json", "--set",
                       f"workloads.recorded.arrivals.replay={TRACE}", "--duration", "7201s", "--replications", "2")
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
