"""What can be known of a change in under a minute, without a build and without a browser: `make check`.

    code     ruff finds nothing in Python, and all is written as it writes it
    cells    the same of the cells of the pages
    styles   style sheets and scripts are as their formatter writes them
    types    mypy finds nothing in bonebook and press
    tests    every test that is not slow: tables, numbers in prose, formulas, reading
             level, the measure of the cells, imports

Each is run, whatever the one before it said; the end is 1 if any found something.
"""

import subprocess
import sys
import time

from tools.env import ROOT

STEPS = {
    "code": [("ruff", "check", "--quiet"), ("ruff", "format", "--check", "--quiet")],
    "cells": [("press.cells", "--check")],
    "styles": [("tools.styles", "--check")],
    "types": [("mypy",)],
    "tests": [
        ("pytest", "-m", "not slow", "-n", "2", "--dist", "worksteal", "--quiet")
    ],
}


def run(command: tuple[str, ...]) -> bool:
    """Run one module; what it said is printed if it found something."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        print(done.stdout, flush=True)
    return done.returncode == 0


def main() -> int:
    failed = []
    for name, commands in STEPS.items():
        start = time.monotonic()
        passed = [run(command) for command in commands]
        if not all(passed):
            failed.append(name)
        word = "FAILED" if name in failed else "ok"
        print(f"{name:<8}{word:<8}{time.monotonic() - start:5.1f} s", flush=True)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
