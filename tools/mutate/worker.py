"""One process of a run: `python -m tools.mutate.worker` in a copy of the repository that it may change.

It reads changes (JSON, one a line), puts each in its file, asks, puts the file back and prints what was noticed (JSON, one a
line). Libraries are loaded once; the book's own modules are loaded anew in a child of its own for each change (os.fork: Linux
and macOS), so that nothing that they keep in memory is older than the change.
"""

import importlib
import json
import os
import re
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.mutate import SEALS

#: What the book's modules and tests import, loaded before the first child.
LIBRARIES = [
    "pandas",
    "matplotlib.pyplot",
    "nbformat",
    "yaml",
    "markdown_it",
    "mdit_py_plugins.colon_fence",
    "mdit_py_plugins.dollarmath",
    "mdit_py_plugins.front_matter",
    "mdit_py_plugins.myst_blocks",
    "mdit_py_plugins.myst_role",
    "pybtex.database",
    "frictionless",
    "sphinx.util.docutils",
    "altair",
    "vl_convert",
    "jinja2",
    "pytest",
    "_pytest.main",
    "hypothesis",
    "textstat",
    "pyphen",
    "playwright.sync_api",
    "axe_playwright_python.sync_playwright",
    "jupyter_cache",
    "filelock",
]
PATIENCE = 240  # seconds that a child may take


def in_child(work: Callable[[], Any]) -> Any:
    """What `work` gives, done in a child process; {"error": ...} if it does not come back."""
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        os.close(reads)
        status = 1
        try:
            signal.alarm(PATIENCE)
            told = json.dumps(work())
            with os.fdopen(writes, "w", encoding="utf-8") as out:
                out.write(told)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(writes)
    with os.fdopen(reads, encoding="utf-8") as back:
        told = back.read()
    _, status = os.waitpid(child, 0)
    return json.loads(told) if not status else {"error": {"": [f"ends with {status}"]}}


class Book:
    """The copy of the repository: what its askers find in it as it stands, and how it shows, both found once."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], set[str]] = {}
        self.looks: dict[str, str] = {}

    def noticed(self, case: dict[str, str], late: bool) -> dict[str, str]:
        """{asker: the first thing it found} of those that find something that they do not find without the change."""

        def asked(only=None):
            from tools.mutate import asks

            told = None if only is None else {tuple(each) for each in only}
            return asks.ask(asks.Case(**case), late, told)

        with changed(case):
            found = in_child(asked)
        places = {(who, where) for who, told in found.items() for where in told}
        if new := sorted(places - set(self.known)):
            before = in_child(lambda: asked(new))
            for who, where in new:
                told = before.get(who, {}).get(where, [])
                self.known[who, where] = {plain(each) for each in told}
                if told:  # such a book hides some of what a change does
                    print(f"Without any change, {who}: {told[0]}", file=sys.stderr)
        noticed: dict[str, str] = {}
        for who, told in found.items():
            for where, sentences in told.items():
                for each in sentences:
                    if plain(each) not in self.known[who, where]:
                        noticed.setdefault(who, each)
        return noticed

    def shows(self, case: dict[str, str]) -> bool:
        """Whether a reader of the built book would see something else."""

        def looked():
            from tools.mutate import asks

            return asks.shown(asks.Case(**case))

        with changed(case):
            after = in_child(looked)
        if set(after) - set(self.looks):
            self.looks |= in_child(looked)
        return any(self.looks.get(key) != digest for key, digest in after.items())


class changed:
    """While it lasts, the file of a case holds its text after the change."""

    def __init__(self, case: dict[str, str]) -> None:
        self.path, self.case = Path(case["file"]), case

    def __enter__(self) -> None:
        self.path.write_text(self.case["after"], encoding="utf-8", newline="\n")

    def __exit__(self, *_: object) -> None:
        self.path.write_text(self.case["before"], encoding="utf-8", newline="\n")


def plain(sentence: str) -> str:
    """A sentence without numbers of lines, which a change above moves."""
    return re.sub(r":\d+", ":", sentence)


def main() -> None:
    sys.path.append("tests")
    with warnings.catch_warnings(action="ignore"):
        for name in LIBRARIES:
            importlib.import_module(name)
    book = Book()
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the book prints is no answer
    for line in sys.stdin:
        case = json.loads(line)
        noticed = book.noticed(case, late=False) or {}
        if not set(noticed) - set(SEALS):
            noticed |= book.noticed(case, late=True)
        seen = True if noticed else book.shows(case)
        out.write(json.dumps({"noticed": noticed, "shown": seen}) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
