#!/usr/bin/env python3
"""Follows models/README.md to the letter: the new balancing policy of that page, its factory and its line
in the catalogue must compile.

usage: add_policy.py SOURCE_DIR COMPILER
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap


def inserted(text, before, new):
    """The text with a line before the last one that reads so."""
    at = text.rindex(before)
    return text[:at] + new + "\n" + text[at:]


def steps(page):
    """Path and text of the new file, its factory, its line of the catalogue."""
    section = page.split("## A new balancing policy\n")[1].split("\n## ")[0]
    path = re.search(r"1\. A file of its own, `(\S+)`", section)[1]
    factory = re.search(r"2\. Its factory in `balancer/policies/policies.hpp`: `(\w+ \w+;)`", section)[1]
    file, line = re.findall(r"^   ```cpp\n(.*?)^   ```", section, re.S | re.M)
    return path, textwrap.dedent(file), factory, textwrap.dedent(line)


def main():
    source, compiler = pathlib.Path(sys.argv[1]), sys.argv[2]
    path, file, factory, line = steps((source / "models/README.md").read_text())
    with tempfile.TemporaryDirectory() as folder:
        models = pathlib.Path(folder, "models")
        (models / path).parent.mkdir(parents=True)
        (models / path).write_text(file)
        for name, before, new in (("balancer/policies/policies.hpp", "\n}  // namespace headroom", factory),
                                  ("balancer/catalog.cpp", "};\nconstexpr auto choices", line)):
            (models / name).write_text(inserted((source / "models" / name).read_text(), before, new))
        for name in (path, "balancer/catalog.cpp"):
            done = subprocess.run([compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror",
                                   f"-I{folder}", f"-I{source}", str(models / name)], capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(f"models/README.md does not lead to a policy: {name}\n{done.stderr}")
    print(f"{path} and its line in the catalogue compile")


main()
