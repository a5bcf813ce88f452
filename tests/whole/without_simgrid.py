#!/usr/bin/env python3
"""headroom without SimGrid: it configures, nothing asks for SimGrid, and what stands for the flow
engine compiles. Whole builds are too slow for a test.

usage: without_simgrid.py SOURCE_DIR
"""
import pathlib
import subprocess
import sys
import tempfile

STAND_INS = ["CMakeFiles/headroom_no_flow.dir/models/network/flow_absent.cpp.o",
             "CMakeFiles/headroom_app.dir/app/scenario/checks_services.cpp.o"]


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
        run("ninja", "-C", build, *STAND_INS)
        text = (pathlib.Path(build) / STAND_INS[1]).read_bytes()
        if b"this build of headroom has no flow engine" not in text:
            sys.exit("MISS nobody would say how to get the flow engine")
    print("PASS configured and compiled without SimGrid")


main()
