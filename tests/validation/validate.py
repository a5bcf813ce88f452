#!/usr/bin/env python3
"""Known results of theory, through the program as a user runs it: scenario file to JSON to figure.

usage: validate.py PROGRAM [--only Q01,B02] [--jobs N] [--times]
       validate.py --list

Each figure must lie within four standard errors of theory, and the standard error must be small
enough for the check to fail. Seeds are fixed: a result never changes without the program.
"""
import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
import cases  # noqa: E402
import table  # noqa: E402
import theory  # noqa: E402
import theory_test  # noqa: E402
from shapes import Computed, at  # noqa: E402

# A percentile comes from a histogram: sim/stats/histogram.hpp states this relative error.
HISTOGRAM_ERROR = 0.005
MOST_ERRORS = 4
DOCUMENTS = os.path.join(HERE, "..", "..", "..", "shared", "VALIDATION.md")


def run(program, case, jobs):
    """The document, or why there is none."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
        json.dump(case.scenario, file)
    command = [program, "run", file.name, "--json", "--exit-zero"] + (["--jobs", str(jobs)] if jobs else [])
    try:
        result = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=600)
    except subprocess.TimeoutExpired:
        return None, "no answer in 600 s"
    finally:
        os.unlink(file.name)
    if result.returncode != 0:
        return None, f"exit {result.returncode}: {(result.stderr or result.stdout)[:300]}"
    return json.loads(result.stdout), ""


def is_percentile(path):
    last = path.split(".")[-1]
    return last[0] == "p" and last[1:].replace("_", "").isdigit()


def judge_figure(figure, document, student):
    """Whether it held, what was found, the z where there is one."""
    found = at(document, figure.path)
    if found["value"] is None:
        return False, f"none: {found['why']}", None
    if found["high"] is None:
        return False, f"{found['value']:.6g} without an interval", None
    # An interval may lean to one side, so both make the error; `low` may be cut off at 0.
    half_width = (found["high"] - found["low"]) / 2 if found["low"] > 0 else found["high"] - found["value"]
    error = math.hypot(half_width / student, figure.reference_error)
    allowed = figure.allowance + (HISTOGRAM_ERROR if is_percentile(figure.path) else 0)
    off = found["value"] - figure.expected
    excess = max(0.0, abs(off) - allowed * abs(figure.expected))
    z = off / error if error else (0.0 if off == 0 else math.inf)
    strong = error <= figure.power * abs(figure.expected)
    held = strong and excess <= MOST_ERRORS * error
    text = f"{found['value']:<10.6g} +- {error:<9.2g} z {z:+5.1f}"
    if not strong:
        text += f"  too weak: {error / abs(figure.expected):.2%} of it, {figure.power:.2%} is the bound"
    return held, text, z if allowed == 0 else None


def judge(figure, document, student):
    if not isinstance(figure, Computed):
        return (figure.path, *judge_figure(figure, document, student))
    value = figure.value(document)
    held = abs(value - figure.expected) <= figure.tolerance * abs(figure.expected)
    return figure.what, held, f"{value:<10.6g} +- {figure.tolerance:.2g} relative", None


class Score:
    def __init__(self):
        self.passed = self.failed = 0
        self.zs = []

    def line(self, held, case, what, expected, got):
        self.passed += held
        self.failed += not held
        print(f"{'ok  ' if held else 'MISS'} {case:31s} {what:34s} expect {expected:<10s} got {got}", flush=True)


def check_case(program, case, jobs, score):
    label = f"{case.id} {case.name}"
    document, why = run(program, case, jobs)
    if document is None:
        for figure in case.figures:
            score.line(False, label, getattr(figure, "path", None) or figure.what, f"{figure.expected:.7g}", why)
        return
    if document["settled"] is False:
        score.line(False, label, "settled", "true", document.get("unsettled_because", "false"))
    student = theory.student(document["replications"] - 1)
    for figure in case.figures:
        try:
            what, held, got, z = judge(figure, document, student)
        except (KeyError, TypeError, IndexError, ZeroDivisionError) as error:
            what, held, got, z = getattr(figure, "path", None) or figure.what, False, f"no such figure ({error!r})", None
        if z is not None:
            score.zs.append(z)
        score.line(held, label, what.replace("workloads.w.", "").replace("services.app.", ""), f"{figure.expected:.7g}", got)


def check_table(score, found_cases):
    """Every case of the document is in the table, and every scenario case is simulated."""
    known = {name: what for name, what, _ in table.TABLE}
    simulated = {case.id for case in found_cases}
    for name, what in known.items():
        if (what == table.SCENARIO) != (name in simulated):
            score.line(False, name, "table", what, "the cases say otherwise")
    if os.path.exists(DOCUMENTS):
        with open(DOCUMENTS, encoding="utf-8") as file:
            for name in table.ids_of(file.read()):
                if name not in known:
                    score.line(False, name, "table", "a row", "none")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", nargs="?")
    parser.add_argument("--only", default="", help="ids of cases, with commas between them")
    parser.add_argument("--jobs", type=int, help="passed on to the program")
    parser.add_argument("--times", action="store_true", help="say how long each case took")
    parser.add_argument("--list", action="store_true", help="print what is done about each case")
    arguments = parser.parse_args()
    every_case = list(cases.all_cases())
    if arguments.list:
        counts = {}
        for case in every_case:
            scenarios, figures = counts.get(case.id, (0, 0))
            counts[case.id] = (scenarios + 1, figures + len(case.figures))
        table.show(counts)
        return 0
    if not arguments.program:
        parser.error("name the program")
    chosen = {name for name in arguments.only.split(",") if name}
    score = Score()
    check_table(score, every_case)
    for name, what, expected, got in theory_test.checks():
        if not chosen or name in chosen:
            score.line(abs(got - expected) <= 1e-4 * abs(expected), f"{name} closed form", what, f"{expected:.7g}", f"{got:.7g}")
    for case in every_case:
        if chosen and case.id not in chosen:
            continue
        began = time.monotonic()
        check_case(arguments.program, case, arguments.jobs, score)
        if arguments.times:
            print(f"     {case.id} {case.name}: {time.monotonic() - began:.1f} s")
    if score.zs:
        mean = sum(score.zs) / len(score.zs)
        spread = math.sqrt(sum(z * z for z in score.zs) / len(score.zs))
        print(f"z over {len(score.zs)} figures: mean {mean:+.2f}, root mean square {spread:.2f}")
    print(f"{score.passed} passed, {score.failed} failed")
    return 1 if score.failed else 0


if __name__ == "__main__":
    sys.exit(main())
