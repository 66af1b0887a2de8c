"""What can be known of a change in under a minute, without a build and without a browser: `make check`.

    code     ruff finds nothing in Python, and all is written as it writes it
    cells    the same of the cells of the pages
    contents the lists of pages agree: what else must change when a page comes in or goes
    styles   style sheets and scripts are as their formatter writes them
    types    mypy finds nothing in bonebook and press
    tests    every test that is not slow: tables, numbers in prose, formulas, reading
             level, the measure of the cells, imports

Each is run, whatever the others say, and two at a time; the end is 1 if any found something.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from press import console
from tools.env import ROOT

STEPS = {  # the longest first
    "tests": [
        (
            "pytest",
            "-m",
            "not slow and not weekly",
            "-n",
            "2",
            "--dist",
            "worksteal",
            "--quiet",
        )
    ],
    "types": [("mypy",)],
    "code": [("ruff", "check", "--quiet"), ("ruff", "format", "--check", "--quiet")],
    "cells": [("press.cells", "--check")],
    "contents": [("press.contents",)],
    "styles": [("tools.styles", "--check")],
}


def run(command: tuple[str, ...]) -> str:
    """Run one module; what it said if it found something, else nothing."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=os.environ | {"PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return (done.stdout or f"{command[0]} failed\n") if done.returncode else ""


def step(name: str) -> bool:
    """Run the commands of a step and say how it went; whether none found anything."""
    start = time.monotonic()
    found = "".join(run(command) for command in STEPS[name])
    word = "FAILED" if found else "ok"
    print(f"{found}{name:<9}{word:<8}{time.monotonic() - start:5.1f} s", flush=True)
    return not found


def main() -> int:
    with ThreadPoolExecutor(2) as pool:
        passed = list(pool.map(step, STEPS))
    return not all(passed)


if __name__ == "__main__":
    console.speak()
    sys.exit(main())
