#!/usr/bin/env python3
"""Installs headroom elsewhere and uses it from there, as a stranger's project does.

usage: consumer.py BUILD_DIR

The project of this folder is built against the installed library; its model must find what theory
says, each example of sim/README.md must print what stands below it.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
README = (HERE.parents[1] / "sim/README.md").read_text()
EXAMPLE = re.compile(r"```cpp\n(.*?)```\n\n```text\n(.*?)```", re.S)
PREAMBLE = """
#include "say.hpp"
#include "sim/kernel/call.hpp"
#include "sim/kernel/channel.hpp"
#include "sim/kernel/event.hpp"
#include "sim/kernel/group.hpp"
#include "sim/kernel/poll.hpp"
#include "sim/kernel/random.hpp"
#include "sim/kernel/resource.hpp"
#include "sim/kernel/work.hpp"
using namespace headroom::sim;
"""


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def program_of(examples):
    """One program that runs every example in a simulation of its own."""
    text = PREAMBLE
    for number, (code, _) in enumerate(examples):
        text += f"namespace example_{number} {{\n{code}}}\n"
    text += "int main() {\n"
    for number, _ in enumerate(examples):
        text += (f"  {{ Simulation simulation; "
                 f"simulation.spawn(example_{number}::example(simulation)); "
                 'simulation.run(); std::cout << "----\\n"; }\n')
    return text + "}\n"


def build(headroom_build, folder, examples):
    prefix, source = folder / "prefix", folder / "source"
    run("cmake", "--install", headroom_build, "--prefix", prefix)
    shutil.copytree(HERE, source)
    (source / "examples.cpp").write_text(program_of(examples))
    run("cmake", "-S", source, "-B", folder / "build", "-G", "Ninja",
        f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror")
    run("cmake", "--build", folder / "build")
    return prefix, folder / "build"


def faults(prefix, built, examples):
    if not run(prefix / "bin/headroom", "version").startswith("headroom "):
        yield "the installed program does not say its version"
    # 1 / (1/60 - 1/75) = 300 s; a million correlated stays have a standard error of 2.7 s (Daley
    # 1968).
    printed = run(built / "bank")
    if abs(float(printed.split()[3]) - 300) > 4 * 2.7:
        yield f"the bank has {printed.strip()}, theory says 300 s"
    if f"```cpp\n{(HERE / 'bank.cpp').read_text()}```\n\n```text\n{printed}```" not in README:
        yield f"sim/README.md does not show bank.cpp and what it prints:\n{printed}"
    for (code, expected), got in zip(examples, run(built / "examples").split("----\n")):
        if got != expected:
            yield f"{code}--- sim/README.md says\n{expected}--- it prints\n{got}"


def main():
    examples = [found for found in EXAMPLE.findall(README) if "int main()" not in found[0]]
    with tempfile.TemporaryDirectory() as folder:
        prefix, built = build(sys.argv[1], pathlib.Path(folder), examples)
        found = list(faults(prefix, built, examples))
    print("\n".join(found) or f"installed, built and run: a bank and {len(examples)} examples")
    return 1 if found or not examples else 0


sys.exit(main())
