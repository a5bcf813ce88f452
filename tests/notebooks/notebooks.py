#!/usr/bin/env python3
"""Makes the result files, executes every notebook on them, and checks that false results are noticed.

usage: notebooks.py PROGRAM [--keep DIR]

With --keep the executed notebooks and pages of them stay in DIR, to be read. Exits with 77 (skipped) where
Debian's packages for notebooks are not installed.
"""
import importlib.util
import json
import os
import pathlib
import shutil
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = 77
NEEDED = ("pandas", "matplotlib", "nbclient", "nbformat", "ipykernel")

sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "notebooks"))


def source_faults(notebook):
    """What must not be committed, and what must be there."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if any(cell.outputs or cell.execution_count for cell in code):
        yield "has outputs: commit it without"
    if not any("assert " in cell.source for cell in code):
        yield "asserts nothing"


def execute(notebook, results):
    """Runs all cells in place; the message of the first error, or None."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    os.environ["HEADROOM_RESULTS"] = str(results)
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # a warning of the kernel about its own modules
    try:
        NotebookClient(notebook, timeout=600, kernel_name="python3",
                       resources={"metadata": {"path": str(ROOT / "notebooks")}}).execute()
    except CellExecutionError as error:
        return str(error)
    return None


def figures_drawn(notebook):
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return sum("image/png" in output.get("data", {}) for output in outputs)


def falsified(results, folder):
    """A copy with every latency a fifth longer, intervals too: no theory and no other file agrees any more."""
    def longer(value, inside):
        if isinstance(value, dict):
            return {key: longer(of, inside or key == "latency_s") for key, of in value.items()}
        if isinstance(value, list):
            return [longer(of, inside) for of in value]
        return value * 1.2 if inside and isinstance(value, float) else value
    shutil.copytree(results, folder)
    for path in folder.glob("*/summary.json"):
        path.write_text(json.dumps(longer(json.loads(path.read_text()), False)))
    return folder


def keep(notebook, path):
    """The executed notebook and, where nbconvert is installed, a page of it."""
    import nbformat

    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    if importlib.util.find_spec("nbconvert"):
        from nbconvert import HTMLExporter
        path.with_suffix(".html").write_text(HTMLExporter().from_notebook_node(notebook)[0])
        print(f"wrote {path.with_suffix('.html')}")


def checks(program, folder, kept):
    """Yields (what, held)."""
    import nbformat
    from make_results import make

    results = (kept or folder) / "results"
    make(program, results)
    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    yield "there are notebooks", bool(paths)
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        faults = list(source_faults(notebook))
        yield f"{path.name}: {', '.join(faults) or 'is committed without outputs and asserts'}", not faults
        error = execute(notebook, results)
        yield f"{path.name}: {error or 'every assert holds'}", error is None
        yield f"{path.name}: draws {figures_drawn(notebook)} figures", figures_drawn(notebook) >= 3
        if kept:
            keep(notebook, kept / path.name)
    false_results = falsified(results, folder / "false")
    for path in paths:
        error = execute(nbformat.read(path, as_version=4), false_results)
        noticed = error is not None and "AssertionError" in error
        yield f"{path.name}: {'notices' if noticed else 'does not notice'} false results", noticed


def main():
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        print(f"SKIPPED: {sys.executable} has no {', '.join(missing)} (./dev test installs them)")
        return SKIPPED
    program = pathlib.Path(sys.argv[1]).resolve()
    kept = pathlib.Path(sys.argv[3]).resolve() if sys.argv[2:3] == ["--keep"] else None
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for what, held in checks(program, pathlib.Path(folder), kept):
            passed += held
            failed += not held
            print(f"{'ok  ' if held else 'MISS'} {what}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
