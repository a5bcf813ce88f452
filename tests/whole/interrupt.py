#!/usr/bin/env python3
"""What a person notices of a run: it can be interrupted and keeps what is finished, and it shows its
progress on a terminal only.

usage: interrupt.py PROGRAM
"""
import json
import os
import pathlib
import pty
import select
import signal
import subprocess
import sys
import termios
import time

sys.dont_write_bytecode = True
from checking import check, verdict  # noqa: E402

GALLERY = pathlib.Path(__file__).resolve().parents[2] / "scenarios"
INTERRUPTED = 130
# More than any machine finishes in the seconds that this test waits, each of them soon done.
ENDLESS = ["--json", "--set", "run.warmup=1s", "--set", "run.duration=5s", "--replications", "10000",
           "--jobs", "2"]

def start(program, *args, **options):
    return subprocess.Popen([program, "run", str(GALLERY / "mm1.json"), *args],
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, **options)


def interrupted(program, sent):
    """A run that is told to end after a second, later on a machine too slow to have finished anything by
    then: what it finished, and when it ended."""
    for wait_s in (1, 4, 16):
        run = start(program, *ENDLESS, stderr=subprocess.PIPE)
        time.sleep(wait_s)
        told = time.monotonic()
        run.send_signal(sent)
        out, err = run.communicate(timeout=60)
        if b'"error"' not in out:
            break
    return run.returncode, out.decode(), err.decode(), time.monotonic() - told


def check_interrupt(program, sent):
    name = signal.Signals(sent).name
    code, out, err, took = interrupted(program, sent)
    check(code == INTERRUPTED, f"{name}: exit code", code)
    check(took < 5, f"{name}: ends soon", f"{took:.1f} s")
    check("\r" not in err, f"{name}: no progress where stderr is no terminal", err)
    try:
        result = json.loads(out)
    except ValueError as error:
        check(False, f"{name}: stdout is one JSON object", f"{error}: {out[:200]}")
        return
    check(isinstance(result, dict), f"{name}: stdout is one JSON object", type(result))
    check(result.get("partial") is True, f"{name}: marked as partial", result.get("partial"))
    finished = result.get("replications", 0)
    check(0 < finished < 10000, f"{name}: holds what was finished", finished)
    served = [each["served_per_s"] for each in result.get("workloads", {}).values()]
    check(served and all(each["value"] and each["n"] == finished for each in served),
          f"{name}: figures of the finished replications", served)


def check_interrupted_sweep(program):
    """Stopped in the middle of a point, it is one object all the same: of the points before."""
    points = "run.load=" + ",".join(["0.5"] + [f"0.{number}" for number in range(501, 540)])
    sweep = subprocess.Popen([program, "sweep", str(GALLERY / "mm1.json"), "--vary", points, "--json",
                              "--set", "run.warmup=1s", "--set", "run.duration=20000s", "--replications", "1",
                              "--jobs", "1"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL)
    time.sleep(3)
    sweep.send_signal(signal.SIGINT)
    out = sweep.communicate(timeout=60)[0].decode()
    check(sweep.returncode == INTERRUPTED, "sweep: exit code", sweep.returncode)
    try:
        result = json.loads(out)
    except ValueError as error:
        check(False, "sweep: stdout is one JSON object", f"{error}: {out[:200]}")
        return
    check("points" in result or "error" in result, "sweep: tells its points, or that there is none", out[:200])


def answer_of(program, words, seconds):
    """What a command says that is interrupted after so many seconds, later on a machine too busy to have
    finished anything by then; nothing where that is no JSON object."""
    for wait_s in (seconds, 4 * seconds, 16 * seconds):
        command = subprocess.Popen([program, *words, "--json", "--set", "run.warmup=1s", "--jobs", "1"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        time.sleep(wait_s)
        command.send_signal(signal.SIGINT)
        out = command.communicate(timeout=60)[0].decode()
        check(command.returncode == INTERRUPTED, f"{words[0]}: exit code", command.returncode)
        try:
            result = json.loads(out)
        except ValueError as error:
            check(False, f"{words[0]}: stdout is one JSON object", f"{error}: {out[:200]}")
            return None
        if "error" not in result:
            break
    check(result.get("partial") is True, f"{words[0]}: marked as partial", out[:200])
    return result if "error" not in result else None


def check_interrupted_comparison(program):
    """In the middle of the first design: what it is, and nothing to hold it against."""
    result = answer_of(program, ["compare", str(GALLERY / "mm1.json"), "--set", "services.app.replicas=2", "--set",
                                 "run.duration=2000s", "--replications", "1000"], 3)
    if result:
        designs = result["designs"]
        check(len(designs) == 1 and result["differences"] == {}, "compare: in the first design", len(designs))
        check(0 < designs[0]["replications"] < 1000, "compare: its finished replications", designs[0]["replications"])


def check_interrupted_capacity(program):
    """In the middle of the first value: its finished replications, and no answer."""
    result = answer_of(program, ["capacity", str(GALLERY / "mm1.json"), "--set", "run.duration=2000s",
                                 "--replications", "1000"], 3)
    if result:
        body = result["capacity"]
        check(body["value"] is None and len(body["trials"]) == 1, "capacity: in the first value", body["value"])
        check(0 < body["trials"][0]["replications"] < 1000, "capacity: its finished replications", body["trials"][0])


def check_interrupted_cap(program):
    """After some of the protocols: what they did, which is no less than it would be otherwise."""
    scenario = str(GALLERY / "cap_partition.json")
    result = answer_of(program, ["cap", scenario, "--set", "run.duration=300s", "--replications", "1"], 6)
    if result:
        names = [each["name"] for each in result["settings"]]
        check("none" in names and "gossip_crdt" not in names, "cap: the first settings", names)


def check_interrupted_explanation(program):
    """The scenario as it is is soon done; then it is one object of the changes so far."""
    result = answer_of(program, ["explain", str(GALLERY / "mm1.json"), "--set", "run.duration=60000s",
                                 "--replications", "2"], 3)
    if result:
        body = result["explanation"]
        check(len(body["effects"]) < body["of_changes"], "explain: some changes are left", body.get("of_changes"))
        check(body["bottleneck"] == "app", "explain: the laws of what was run", body["bottleneck"])


def check_interrupted_availability(program):
    """Some states of one design: what they say, and the rest of the time from missed to met."""
    result = answer_of(program, ["availability", str(GALLERY / "n_plus_one.json"), "--set",
                                 "run.duration=2000s", "--replications", "2"], 3)
    if result:
        body = result["availability"]
        run = sum(state["probability"] for state in body["states"])
        check(body["states"] and body["left_out"] > 1e-9, "availability: some states are left", body["left_out"])
        check(abs(run + body["left_out"] - 1) < 1e-9, "availability: the shares of time are one", run)
        width = body["attainment"]["high"] - body["attainment"]["low"]
        check(width > 0.999 * body["left_out"], "availability: what was not run is not known", width)


def check_as_if_whole(program):
    """What was finished before the interrupt is what a run of so many replications says."""
    partial = json.loads(interrupted(program, signal.SIGINT)[1])
    args = list(ENDLESS)
    args[args.index("10000")] = str(partial["replications"])
    whole = json.loads(start(program, *args, stderr=subprocess.DEVNULL).communicate()[0])
    check(not whole.pop("partial", False), "a finished run is not partial")
    check(partial.pop("partial", False), "an interrupted run is partial")
    differ = [key for key in whole if whole[key] != partial.get(key)]
    check(not differ, "partial figures are those of a shorter study", differ)


def read_all(files):
    """What comes from each until it is closed."""
    streams = {file: b"" for file in files}
    unread = set(streams)
    while unread:
        for ready in select.select(list(unread), [], [], 60)[0]:
            try:
                read = os.read(ready, 65536)
            except OSError:  # the other end of a terminal was closed
                read = b""
            streams[ready] += read
            if not read:
                unread.discard(ready)
    return streams


def on_terminal(program, *args, columns=200):
    """Exit code, stdout, and what a terminal on stderr showed."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, columns))
    run = start(program, *args, stderr=theirs)
    os.close(theirs)
    streams = read_all([run.stdout.fileno(), ours])
    code = run.wait()
    os.close(ours)
    return code, streams[run.stdout.fileno()].decode(), streams[ours].decode()


def check_progress(program):
    args = ["--json", "--exit-zero", "--set", "run.warmup=1s", "--set", "run.duration=30s",
            "--replications", "20"]
    code, out, shown = on_terminal(program, *args)
    check(code == 0, "on a terminal: exit code", code)
    check(shown.count("\r") > 1 and "%" in shown, "on a terminal: progress is shown", repr(shown))
    check(shown.endswith("\r\x1b[K"), "on a terminal: and taken away", repr(shown[-80:]))
    piped = subprocess.run([program, "run", str(GALLERY / "mm1.json"), *args], capture_output=True)
    check(piped.stderr == b"", "not on a terminal: nothing on stderr", piped.stderr)
    check(piped.stdout.decode() == out, "the answer is the same on a terminal")
    check("\x1b" not in out, "no colours in JSON")
    check("\r" not in on_terminal(program, *args, "-q")[2], "-q: no progress")
    # A line that wraps would not be rewritten in place.
    lines = on_terminal(program, *args, columns=50)[2].split("\r")
    longest = max(len(line.removesuffix("\x1b[K")) for line in lines)
    check(40 < longest < 50, "on a narrow terminal: progress stays on its line", longest)


def check_narrow(program):
    """Tables and prose keep to a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    study = subprocess.Popen([program, "sweep", str(GALLERY / "mm1.json"), "--vary", "run.load=0.5,1",
                              "--duration", "20s", "--exit-zero", "-q", "--no-color"],
                             stdin=subprocess.DEVNULL, stdout=theirs)
    os.close(theirs)
    text = read_all([ours])[ours].decode()
    study.wait()
    os.close(ours)
    longest = max(map(len, text.splitlines()))
    check(60 < longest <= 80, "on a narrow terminal: lines fit", longest)


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    check_interrupt(program, signal.SIGINT)
    check_interrupt(program, signal.SIGTERM)
    check_interrupted_sweep(program)
    check_interrupted_comparison(program)
    check_interrupted_capacity(program)
    check_interrupted_cap(program)
    check_interrupted_explanation(program)
    check_interrupted_availability(program)
    check_as_if_whole(program)
    check_progress(program)
    check_narrow(program)
    return verdict()


sys.exit(main())
