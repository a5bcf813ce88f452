#!/usr/bin/env python3
"""headroom without SimGrid: it configures, nothing asks for SimGrid, and what stands for the flow
engine compiles. Whole builds are too slow for a test.

usage: without_simgrid.py SOURCE_DIR
"""
import json
import pathlib
import subprocess
import sys
import tempfile

STAND_INS = ["models/network/flow_absent.cpp", "app/scenario/checks_services.cpp"]


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"MISS {' '.join(map(str, words))}\n{done.stdout}{done.stderr}")
    return done.stdout


def main():
    source = sys.argv[1]
    with tempfile.TemporaryDirectory() as build:
        run("cmake", "-S", source, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
            "-DHEADROOM_WITH_SIMGRID=OFF", "-DHEADROOM_TESTS=OFF")
        rules = (pathlib.Path(build) / "build.ninja").read_text()
        for word in ("simgrid", "flow_carrier", "headroom-flow"):
            if word in rules.replace(source, ""):
                sys.exit(f"MISS the build without SimGrid speaks of {word}")
        # By their own commands: a target would first build what it is linked with.
        commands = json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
        for file in STAND_INS:
            command = next(each for each in commands if each["file"] == f"{source}/{file}")
            object_file = pathlib.Path(build) / command["command"].split(" -o ")[1].split()[0]
            object_file.parent.mkdir(parents=True, exist_ok=True)
            # Unoptimised, for strings to stay in one piece.
            run("sh", "-c", f"cd {command['directory']} && {command['command']} -O0")
        if b"this build of headroom has no flow engine" not in object_file.read_bytes():
            sys.exit("MISS nobody would say how to get the flow engine")
    print("PASS configured and compiled without SimGrid")


main()
