"""The processes of a run: `python -m tools.mutate.worker FOLDER IN OUT ...`, each in a copy of the repository that it may change.

A worker reads changes from IN (JSON, one a line), puts each in its file, asks, puts the file back and writes what was noticed
to OUT (JSON, one a line). Each change is asked of in a child of its own (os.fork: Linux and macOS), so that nothing that the
book's modules keep in memory is older than the change. Four processes of each worker have such children: one has read the
libraries alone, one the book's modules too, one the tables, one what the rules keep of them and the tests of the pages. Each
knows which files it has read, and is not asked of a change to one.
"""

import gc
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
    "frictionless.formats",  # these four it reads as it looks at its first table
    "frictionless.portals",
    "frictionless.resources",
    "frictionless.schemes",
    "sphinx.builders.html",
    "sphinx.util.docutils",
    "IPython.display",
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
#: (asker, place; "" for all of its places): who alone is asked
Pairs = list[tuple[str, str]]


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


def asked(case: dict[str, str], known: Known, only: Pairs) -> Found:
    """What the askers find, in the files as they lie there."""
    from tools.mutate import asks

    return asks.ask(asks.Case(**case), known, only)


def looked(case: dict[str, str]) -> dict[str, str]:
    """How what the case concerns looks, in the files as they lie there."""
    from tools.mutate import asks

    return asks.shown(asks.Case(**case))


class Book:
    """The copy of the repository: what its askers find in it as it stands, and how it shows, both found once."""

    def __init__(self, servers: "list[Server]") -> None:
        self.servers = servers
        self.known: Known = {}
        self.looks: dict[str, str] = {}

    def answer(self, case: dict) -> dict:
        """Who noticed a change, and whether a reader sees it."""
        only = [(name, "") for name in case.pop("only", [])]
        noticed = self.noticed(case, only)
        return {"noticed": noticed, "shown": bool(noticed) or self.shows(case)}

    def server(self, file: str = "") -> "Server":
        """The one that has read most, and not this file."""
        return next(s for s in reversed(self.servers) if file not in s.read)

    def noticed(self, case: dict[str, str], only: Pairs) -> dict[str, str]:
        """{asker: the first thing it found} of those that find something that they do not find without the change."""
        server = self.server(case["file"])
        while True:
            with changed(case):
                found = server.asked(case, self.known, only)
            places = {(who, where) for who, told in found.items() for where in told}
            fresh = sorted(places - set(self.known))
            if fresh:
                before = self.server().asked(case, self.known, fresh)
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
        with changed(case):
            after = self.server(case["file"]).looked(case)
        if set(after) - set(self.looks):
            self.looks |= self.server().looked(case)
        return any(self.looks.get(key) != digest for key, digest in after.items())


def warmed(work: Callable[[], Any]) -> set[str]:
    """Do it; the files below the working directory that were read for it, modules too."""
    read: set[str] = set()
    watching = [True]
    here = Path.cwd()

    def hook(event: str, args: tuple) -> None:
        if event == "open" and watching and isinstance(args[0], str | os.PathLike):
            path = here / args[0]
            if path.is_relative_to(here):
                read.add(path.relative_to(here).as_posix())

    sys.addaudithook(hook)  # there is no way to take it away again
    work()
    watching.clear()
    return read


def modules() -> None:
    """What asks, and all that it imports."""
    importlib.import_module("tools.mutate.asks")


def parsed() -> None:
    """Each page and the bibliography as they stand, which are kept by their text: what is changed is parsed anew."""
    from press import myst, spelled
    from press.check import bibliography
    from press.proof import text

    for folder in ("book", "teach"):
        for path in sorted(Path(folder).rglob("*.md")):
            page = myst.read(path.resolve())
            for each in (page.directives, page.headings, page.roles, page.prose):
                len(each)
            for block in text.blocks(path.with_suffix("").as_posix()):
                for sentence in block.sentences():
                    spelled.find(sentence.text)
    path = Path("book/references.bib")
    bibliography.known(path)
    bibliography.entries(path)


def rows() -> None:
    """The tables and the bibliography."""
    from bonebook import tables
    from press.proof import cited

    tables.index()
    cited.library()


def rules() -> None:
    """What the rules keep of the tables, by those of one page, not the one that reads all pages; the tests that are asked of pages."""
    from press import proof
    from press.proof import turned

    for name, rule in proof.RULES.items():
        if name not in (turned.SEEN, "alt texts of sliders"):
            list(rule(["book/academic/newer"]))
    for module in ("test_bib", "test_graded", "test_prose", "test_tables"):
        importlib.import_module(module)


class Server:
    """A process with what has been read by now; a child of it does each piece of work."""

    def __init__(self, read: set[str]) -> None:
        self.read = read
        asks, self.work = os.pipe()
        answers, told = os.pipe()
        gc.freeze()  # what is there by now is not looked through again, in no child
        if not os.fork():
            try:
                os.close(self.work)
                os.close(answers)
                with os.fdopen(asks, encoding="utf-8") as lines:
                    for line in lines:
                        piece = json.loads(line)
                        _write(told, in_child(lambda piece=piece: _done(**piece)))
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(0)
        os.close(asks)
        os.close(told)
        self.lines = os.fdopen(answers, encoding="utf-8")

    def asked(self, case: dict[str, str], known: Known, only: Pairs) -> Found:
        """As the function of that name."""
        pairs = [[*pair, sorted(told)] for pair, told in known.items()]
        return self._answer({"case": case, "known": pairs, "only": only})

    def looked(self, case: dict[str, str]) -> dict[str, str]:
        """As the function of that name."""
        return self._answer({"case": case})

    def _answer(self, piece: dict) -> dict:
        _write(self.work, piece)
        line = self.lines.readline()
        if not line:
            sys.exit(f"The process that asks ended at {piece['case']['file']}.")
        return json.loads(line)


def _done(case: dict, known: list | None = None, only: list | None = None) -> dict:
    if known is None:
        return looked(case)
    pairs = [(who, where) for who, where in only or []]
    return asked(case, {(who, at): set(told) for who, at, told in known}, pairs)


def _write(pipe: int, told: dict) -> None:
    text = (json.dumps(told) + "\n").encode()
    while text:
        text = text[os.write(pipe, text) :]


class changed:
    """While it lasts, the file of a case holds its text after the change."""

    def __init__(self, case: dict[str, str]) -> None:
        self.path, self.case = Path(case["file"]), case

    def __enter__(self) -> None:
        self.path.write_text(self.case["after"], encoding="utf-8", newline="\n")

    def __exit__(self, *_: object) -> None:
        self.path.write_text(self.case["before"], encoding="utf-8", newline="\n")


def serve(cases: int, told: int) -> None:
    """Be the worker of the working directory."""
    sys.path.append("tests")
    read: set[str] = set()
    servers = [Server(read)]
    for work in (modules, rows, rules):
        read = read | warmed(work)
        if work is modules:
            parsed()
        servers.append(Server(read))
    book = Book(servers)
    with os.fdopen(cases, encoding="utf-8") as lines:
        for line in lines:
            _write(told, book.answer(json.loads(line)))


def become(folder: str, cases: int, told: int) -> None:
    """In a forked process: the worker of a folder, with the modules that lie there."""
    try:
        os.chdir(folder)
        sys.path[0] = folder
        os.environ["PYTHONPATH"] = str(Path(folder, "tools", "offline"))
        for name in [name for name in sys.modules if name.partition(".")[0] == "tools"]:
            del sys.modules[name]
        importlib.import_module("tools.mutate.worker").serve(cases, told)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def main() -> None:
    with warnings.catch_warnings(action="ignore"):
        for name in LIBRARIES:
            importlib.import_module(name)
    os.dup2(2, 1)  # what the book prints is no answer
    words = sys.argv[1:]
    places = [(words[at], *map(int, words[at + 1 : at + 3])) for at in range(0, len(words), 3)]  # fmt: skip
    for place in places:
        if not os.fork():
            for _, *ends in places:
                if ends != list(place[1:]):
                    list(map(os.close, ends))
            become(*place)
    for _, *ends in places:
        list(map(os.close, ends))
    for _ in places:
        os.wait()


if __name__ == "__main__":
    main()
