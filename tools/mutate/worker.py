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
    "jupytext",
    "nbgrader.preprocessors",
    "text2qti.qti",
    "genanki",
    "lxml.html",
    "anki.collection",
    "moodle_xml_parser",
    "qti_convert",
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


Found = dict[str, dict[str, list[str]]]
#: {(asker, place): what it finds there in the book as it stands, without numbers of lines}
Known = dict[tuple[str, str], set[str]]


def plain(sentence: str) -> str:
    """A sentence without numbers of lines, which a change above moves."""
    return re.sub(r":\d+", ":", sentence)


def new(found: Found, known: Known, who: str) -> list[str]:
    """What an asker finds that is not known."""
    return [
        each
        for where, told in found.get(who, {}).items()
        for each in told
        if plain(each) not in known.get((who, where), ())
    ]


class Book:
    """The copy of the repository: what its askers find in it as it stands, and how it shows, both found once."""

    def __init__(self) -> None:
        self.known: Known = {}
        self.looks: dict[str, str] = {}

    def noticed(self, case: dict[str, str], only: list[tuple[str, str]]) -> dict[str, str]:  # fmt: skip
        """{asker: the first thing it found} of those that find something that they do not find without the change."""

        def asked(only):
            from tools.mutate import asks

            return asks.ask(asks.Case(**case), self.known, only)

        while True:
            with changed(case):
                found = in_child(lambda: asked(only))
            places = {(who, where) for who, told in found.items() for where in told}
            fresh = sorted(places - set(self.known))
            if fresh:
                before = in_child(lambda places=fresh: asked(places))
                for who, where in fresh:
                    told = before.get(who, {}).get(where, [])
                    self.known[who, where] = {plain(each) for each in told}
                    if told:  # such a book hides some of what a change does
                        print(f"Without any change, {who}: {told[0]}", file=sys.stderr)
            noticed = {who: each for who in found for each in new(found, self.known, who)[:1]}  # fmt: skip
            # what was taken for news stopped the asking too early
            if noticed or not fresh:
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
        only = [(name, "") for name in case.pop("only", [])]
        noticed = book.noticed(case, only)
        seen = True if noticed else book.shows(case)
        out.write(json.dumps({"noticed": noticed, "shown": seen}) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
