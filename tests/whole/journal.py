#!/usr/bin/env python3
"""The journal of a study, through the program: killed at every write to it, in the middle of a write, on a
disk that is full or cannot be read, cut off or damaged anywhere. A study that goes on from it ends with the same bytes, or says
clearly why it does not.

usage: journal.py PROGRAM [PLACES (100)]     PLACES: where the file is cut, and where a bit is flipped
Skipped (exit code 77) without a C compiler: the writes are counted by a library put before the real one.
"""
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

GALLERY = pathlib.Path(__file__).resolve().parents[2] / "scenarios"
STUDIES = {
    "run": ["run", str(GALLERY / "mm1.json"), "--duration", "5s", "--replications", "5", "--exit-zero"],
    "compare": ["compare", str(GALLERY / "mm1.json"), "--set", "run.load=1.1", "--duration", "5s", "--replications", "3"],
}

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_journal(int file) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path);
  return length > 8 && memcmp(path + length - 8, ".journal", 8) == 0;
}

/* JOURNAL_READ: so many bytes can be read of it, then comes an error. */
ssize_t read(int file, void* bytes, size_t size) {
  static ssize_t (*real)(int, void*, size_t);
  static size_t done;
  if (!real) real = (ssize_t(*)(int, void*, size_t))dlsym(RTLD_NEXT, "read");
  const char* most = getenv("JOURNAL_READ");
  if (!most || !is_journal(file)) return real(file, bytes, size);
  size_t left = (size_t)atoi(most) - done;
  if (left == 0) {
    errno = EIO;
    return -1;
  }
  ssize_t got = real(file, bytes, size < left ? size : left);
  if (got > 0) done += (size_t)got;
  return got;
}

/* JOURNAL_WRITE: at this write, from 0; JOURNAL_HOW: killed before, in the middle of or after it, or full from it on. */
ssize_t write(int file, const void* bytes, size_t size) {
  static ssize_t (*real)(int, const void*, size_t);
  static int writes;
  if (!real) real = (ssize_t(*)(int, const void*, size_t))dlsym(RTLD_NEXT, "write");
  const char *at = getenv("JOURNAL_WRITE"), *how = getenv("JOURNAL_HOW");
  if (!at || !is_journal(file)) return real(file, bytes, size);
  int number = __sync_fetch_and_add(&writes, 1), wanted = atoi(at);
  if (number < wanted) return real(file, bytes, size);
  if (strcmp(how, "full") == 0) {
    if (number == wanted) return real(file, bytes, size / 2);
    errno = ENOSPC;
    return -1;
  }
  if (strcmp(how, "middle") == 0) real(file, bytes, size / 2);
  if (strcmp(how, "after") == 0) real(file, bytes, size);
  kill(getpid(), SIGKILL);
  return -1;
}
"""

failed = done = 0


def check(right, what, more=""):
    global failed, done
    done += 1
    if not right:
        failed += 1
        print(f"MISS {what}: {more}")


def files_of(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


class Study:
    def __init__(self, program, shim, words, folder):
        self.program, self.shim, self.words, self.folder = program, shim, words, folder
        answer = self.run(folder / "whole")
        check(answer.returncode == 0, "the study runs", answer.stderr)
        self.whole = files_of(folder / "whole")

    def run(self, out, *more, at=None, how="", readable=None):
        environment = dict(os.environ)
        if readable is not None:
            environment.update(LD_PRELOAD=str(self.shim), JOURNAL_READ=str(readable))
        if at is not None:
            environment.update(LD_PRELOAD=str(self.shim), JOURNAL_WRITE=str(at), JOURNAL_HOW=how)
        return subprocess.run([self.program, *self.words, "-o", str(out), "--jobs", "2", *more], env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)

    def goes_on(self, out, what):
        """Same bytes, or a refusal that says what to do; nothing is left of the journal in the first case."""
        answer = self.run(out, "--resume")
        refused = answer.returncode == 1 and "journal" in answer.stderr and not out.exists()
        same = answer.returncode == 0 and files_of(out) == self.whole and not list(out.parent.glob(out.name + ".*"))
        check(same or refused, what, (answer.returncode, answer.stderr))
        return same

    def killed_at_every_write(self, name):
        """How many writes there are."""
        for how in ("before", "middle", "after", "full"):
            for at in range(1000):
                out = self.folder / f"{how}-{at}"
                answer = self.run(out, at=at, how=how)
                if answer.returncode == 0:  # fewer writes than that
                    shutil.rmtree(out)
                    break
                told = answer.returncode == 1 and "No space left" in answer.stderr if how == "full" else answer.returncode == -9
                check(told, f"{name}: {how} write {at}", (answer.returncode, answer.stderr))
                check(self.goes_on(out, f"{name}: goes on after {how} write {at}"), f"{name}: {how} write {at} costs nothing")
                shutil.rmtree(out, ignore_errors=True)
        return at

    def damaged(self, name, writes, places, draws):
        out = self.folder / "damaged"
        journal = pathlib.Path(str(out) + ".journal")
        self.run(out, at=writes - 1, how="after")
        whole = journal.read_bytes()
        for way in ("cut", "flipped"):
            for at in sorted(draws.sample(range(len(whole)), min(places, len(whole)))):
                changed = bytearray(whole)
                if way == "cut":
                    del changed[at:]
                else:
                    changed[at] ^= 1 << draws.randrange(8)
                journal.write_bytes(changed)
                self.goes_on(out, f"{name}: {way} at byte {at} of {len(whole)}")
                shutil.rmtree(out, ignore_errors=True)
                journal.unlink(missing_ok=True)
        for readable in (0, len(whole) // 2, len(whole) - 1):
            journal.write_bytes(whole)
            answer = self.run(out, "--resume", readable=readable)
            check(answer.returncode == 1 and "cannot read" in answer.stderr and journal.read_bytes() == whole,
                  f"{name}: a journal that cannot be read beyond byte {readable} is left alone", answer.stderr)
        # Of another study.
        journal.write_bytes(whole)
        answer = self.run(out, "--resume", "--seed", "2")
        check(answer.returncode == 1 and "another study" in answer.stderr and journal.read_bytes() == whole,
              f"{name}: the journal of another study is refused and left alone", answer.stderr)


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    places = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not compiler:
        print("SKIP: no C compiler")
        return 77
    draws = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        source, shim = folder / "shim.c", folder / "shim.so"
        source.write_text(SHIM)
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", shim, source, "-ldl"], check=True)
        for name, words in STUDIES.items():
            (folder / name).mkdir()
            study = Study(program, shim, words, folder / name)
            writes = study.killed_at_every_write(name)
            check(writes > 5, f"{name}: there are writes to be killed at", writes)
            study.damaged(name, writes, places, draws)
            print(f"{name}: {writes} writes, each killed before, in the middle, after, and on a full disk")
    print(f"{done} checks, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
