"""Who is asked whether the book noticed a change: its checks, its rules and its tests, each with the places where it looks.

    for who in ASKERS: for where in who.where(case): who.ask(where)     # what it finds, a sentence each

Askers look at the files of the working directory, and nothing here is kept between two changes: each change is asked of in a
process of its own, which has read none of the book's modules before (see worker.py). What an asker finds in the book as it
stands does not count. A place is a page (`book/academic/bone`), a table, a figure with sliders, a file.
"""

import contextlib
import dataclasses
import hashlib
import io
import json
import re
import shutil
import subprocess
import warnings
from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import matplotlib

from bonebook import tables
from press import (
    check,
    figures,
    myst,
    notebooks,
    numbers,
    pages,
    passages,
    plotted,
    proof,
    receipt,
    yamls,
)
from press.proof import turned
from press.sphinx import explore

from . import of_teach, zones
from .worker import Found, Known, new

ROOT = pages.ROOT
MEANING, SEAL = "by meaning", "by seal only"


@dataclasses.dataclass(frozen=True)
class Case:
    """A changed file: its name, and its text before and after."""

    file: str
    before: str
    after: str

    @property
    def page(self) -> str:
        """The page of the file, where it is that of one; for a file of questions in teach/ the page that it belongs to."""
        name, _, end = self.file.rpartition(".")
        if name.startswith("teach/"):
            place = pages.place(name.removeprefix("teach/"))
            return f"book/{place.path}" if place else ""
        return name if end in ("md", "yml") and name != "book/threads" else ""

    @property
    def own(self) -> str:
        """The page, where the file is its text or its side file."""
        return "" if self.file.startswith("teach/") else self.page

    @property
    def taught(self) -> str:
        """What the rules read of teach/ beside the files of pages: `teach/stations`, `teach/assignments/academic-forest`."""
        name = self.file.rpartition(".")[0]
        return name if name in proof.of_teach() else ""

    @property
    def table(self) -> str:
        """The table of the file, where it is one."""
        return Path(self.file).stem if self.file.startswith("data/") else ""

    @cached_property
    def names(self) -> set[str]:
        """What the rest of the book may call the changed rows: their ids and studies, before and after; keys of the bibliography."""
        if self.file.endswith(".bib"):
            sides = [dict(re.findall(r"@\w+\{([\w-]+),\n([\s\S]*?)\n\}", text)) for text in (self.before, self.after)]  # fmt: skip
            return {key for side in sides for key in side if len({s.get(key) for s in sides}) > 1}  # fmt: skip
        if not self.table:
            return set()
        lines = set(self.before.splitlines()) ^ set(self.after.splitlines())
        head = self.before.split("\n", 1)[0]
        rows = zones.rows("\n".join([head, *sorted(lines)]))
        return {row[name].value for row in rows for name in ("id", "study") if name in row} - {""}  # fmt: skip

    @cached_property
    def pages(self) -> list[str]:
        """The pages that the change may concern: its own, or those that name its rows, its drawing, its figure with sliders."""
        if self.page:
            return [self.page]
        words = self.names | ({Path(self.file).name} if self.file.endswith(".svg") else set())  # fmt: skip
        words |= {f"{{explorable}} {name}\n" for name in self.sliders if not self.table}
        return [
            p for p in pages.contents() if any(word in _source(p) for word in words)
        ]

    @property
    def ruled(self) -> list[str]:
        """The pages that the rules may judge otherwise: those, the ones that draw the table, and for arrows those with drawings."""
        drawn = [p for p in pages.contents() if self.table == "edges" and ".svg" in _source(p)]  # fmt: skip
        taught = [self.taught] if self.taught else []
        return list(dict.fromkeys([*self.pages, *self.run, *drawn, *taught]))

    @property
    def sliders(self) -> list[str]:
        """The figures with sliders that the change may concern."""
        if self.file.startswith("explorables/"):
            return [self.file.split("/")[1].replace("_", "-")]
        ids = self.names if self.table else set()
        sources = {name: _model(name).read_text(encoding="utf-8") for name in explore.known()}  # fmt: skip
        return [name for name, text in sources.items() if any(f'"{id}"' in text for id in ids)]  # fmt: skip

    @cached_property
    def run(self) -> list[str]:
        """The pages whose cells may draw something else: where a cell, its caption or its alt text changed, or its table did."""
        if self.file.endswith(".md") and self.own:
            return [self.page] if self.shown(self.before) != self.shown(self.after) else []  # fmt: skip
        if not self.table:
            return []
        words = {f'table("{self.table}")', *(f'"{id}"' for id in self.names)}
        return [
            page
            for page in pages.contents()
            if any(w in c.body for c in _page(page).cells for w in words)
        ]

    @staticmethod
    def shown(text: str) -> list[tuple]:
        """The cells of a page: code and what is said of it."""
        return [(str(cell.options), cell.body) for cell in myst.parse(text).cells]


@dataclasses.dataclass(frozen=True)
class Asker:
    """One that may notice: its name, how it knows (MEANING or SEAL), where it looks after a change, and what it finds there."""

    name: str
    how: str
    where: Callable[[Case], Iterable[str]]
    ask: Callable[[str], Iterable[Any]]


def _model(name: str) -> Path:
    return ROOT / "explorables" / name.replace("-", "_") / "model.py"


def _source(page: str) -> str:
    paths = (ROOT / f"{page}.md", ROOT / f"{page}.yml")
    return "\n".join(p.read_text(encoding="utf-8") for p in paths if p.exists())


def _page(page: str) -> myst.Page:
    return myst.read(ROOT / f"{page}.md", f"{page}.md")


# Tables and pages


def check_of(table: str) -> Iterable[Any]:
    """press.check of a table; of the studies, all tables, which name them."""
    return check.faults(only=None if table == "studies" else [table])


def proof_of(page: str) -> Iterable[Any]:
    """The rules of press.proof but for the one that keeps what somebody saw."""
    return proof.slips([page], [rule for rule in proof.RULES if rule != turned.SEEN])


def seen_of(page: str) -> Iterable[Any]:
    """The figures with sliders of a page against what somebody saw of them."""
    return proof.slips([page], [turned.SEEN])


def notebook_of(page: str) -> list[str]:
    """The page as a notebook: what has no plain form, leads nowhere or names what is not there."""
    if pages.place(page):
        notebooks.notebook(ROOT / f"{page}.md")
    return []


def links_of(page: str) -> list[str]:
    """What the build refuses as well, on pages that are no notebooks too: links to pages, entries of the glossary, rows of claims."""
    found = []
    text = _source(page)
    for path, _, anchor in (link.partition("#") for link in re.findall(r"\]\(([^)\s]+)\)", text)):  # fmt: skip
        target = (ROOT / page).parent / path
        if path and "://" not in path and not target.exists():
            found.append(f"{page}: no page {path}{anchor and '#'}{anchor}")
    known = {_plain(term) for term in _glossary()}
    for role in myst.parse(text).roles:
        if role.name == "term" and _plain(role.target) not in known:
            found.append(f"{page}: no entry {role.target!r}")
    return found


def _plain(term: str) -> str:
    return term.lower().replace("’", "'")


def _glossary() -> list[str]:
    text = (ROOT / "book/reference/glossary.md").read_text(encoding="utf-8")
    return [text[slice(*span)] for span in zones.zones(text)["term"]]


#: Tests of one page, by their module.
OF_PAGES = {
    "test_prose": ["test_reading_level", "test_length", "test_reading_time", "test_anatomy", "test_house_words"],
    "test_bib": ["test_every_citation_resolves"],
}  # fmt: skip
#: Tests of the tables and of the claims, which read all.
OF_ALL = {
    "tables": [("test_bib", "test_every_entry_can_be_found"), ("test_tables", "test_every_row_says_where_and_when_it_was_read")],
    "claims": [("test_tables", "test_claims_and_pages_agree_on_who_answers_what")],
}  # fmt: skip


def tests_of(place: str) -> list[str]:
    """The tests that read a page, or all tables, or all claims."""
    import pytest

    found = []
    pairs = OF_ALL.get(place) or [(module, name) for module, names in OF_PAGES.items() for name in names]  # fmt: skip
    for module, name in pairs:
        tests = of_teach.module_of_tests(module)
        if module == "test_prose" and place not in tests.THREADS:
            continue
        try:
            getattr(tests, name)(*([] if place in OF_ALL else [place]))
        except (Exception, pytest.fail.Exception) as error:
            found.append(f"{name}: {str(error).splitlines()[0]}")
    return found


def threads_of(_: str) -> list[str]:
    """The list of threads, and each side file beside it."""
    for place, _path in notebooks.written():
        pages.side(place)
    return []


# Cells


@dataclasses.dataclass
class Ran:
    """What a cell put out: the values of its figures, its table as HTML; or the reason why the build would stop."""

    cell: myst.Directive
    drawn: list[dict[str, Any]]
    html: str = ""
    error: str = ""


def cells_of(page: str) -> list[Ran]:
    """The cells of a page, run in this process, one after the other, as a kernel does; a warning is an error, as in the build."""
    import ast

    import matplotlib.pyplot as plt

    from bonebook.drawn import drawn

    matplotlib.use("agg")
    tables._READ.clear()
    names: dict[str, Any] = {"__name__": "__main__"}
    ran = []
    with contextlib.chdir((ROOT / page).parent):
        for cell in _page(page).cells:
            plt.close("all")
            done = Ran(cell, [])
            ran.append(done)
            said = io.StringIO()
            try:
                with warnings.catch_warnings(), contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):  # fmt: skip
                    warnings.simplefilter("error")
                    tree = ast.parse(cell.body)
                    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None  # fmt: skip
                    exec(compile(tree, page, "exec"), names)
                    shown = eval(compile(ast.Expression(last.value), page, "eval"), names) if last else None  # fmt: skip
                    if hasattr(shown, "_repr_html_"):
                        done.html = shown._repr_html_()
                    elif shown is not None and not cell.body.rstrip().endswith(";"):
                        done.html = repr(shown)
                    for number in plt.get_fignums():
                        plt.figure(number).draw_without_rendering()
                        done.drawn.append(drawn(plt.figure(number)))
            except Exception as error:
                done.error = f"{type(error).__name__}: {error}"
            if said.getvalue():
                done.error = done.error or f"it prints {said.getvalue()[:60]!r}"
    plt.close("all")
    return ran


def figures_of(page: str) -> list[str]:
    """Cells that fail, and figures that do not draw what is said of them."""
    found = []
    for done in cells_of(page):
        where = f"{page}.md:{done.cell.line}"
        if done.error:
            found.append(f"{where}: {done.error}")
        elif done.cell.alt:
            if not done.drawn:
                found.append(f"{where}: no figure")
            found += [f"{where}: {reason}" for reason in (*figures.faults(done.cell.alt, done.cell.caption, done.drawn), *plotted.faults(done.drawn))]  # fmt: skip
    return found


# Figures with sliders

#: Reads what Python hands over, and answers as the browser would.
TWIN = """
global.window = global;
global.document = { addEventListener() {}, documentElement: { dataset: {} }, adoptedStyleSheets: [] };
global.CSSStyleSheet = class { replaceSync() {} };
const fs = require("fs"), vm = require("vm");
globalThis.module = globalThis.exports = undefined; // a browser has neither
for (const file of process.argv.slice(1)) vm.runInThisContext(fs.readFileSync(file, "utf8"), file);
const { models, sentence, table } = window.explorables;
const shown = JSON.parse(fs.readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(shown.settings.map((settings) => {
  try {
    const answer = models[shown.name](settings, shown.given);
    return { answer, sentence: sentence(shown, settings, answer), table: table(shown, answer) };
  } catch (error) { return { error: `${error}` }; }
})));
"""


def sliders_of(name: str) -> list[str]:
    """The tests of the figures with sliders that need no browser."""
    import pytest

    said = io.StringIO()
    others = " or ".join(other for other in explore.known() if other != name)
    options = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--assert=plain", "-m", "not slow", "-k", f"not ({others})", "--no-header", "--tb=line"]  # fmt: skip
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = pytest.main([*options, str(ROOT / "tests/test_explorables.py")])
    last = [line for line in said.getvalue().splitlines() if "FAILED" in line or "rror" in line]  # fmt: skip
    return [f"{name}: {(last or [f'pytest ends with {status}'])[-1]}"] if status else []


def opening_of(name: str) -> list[str]:
    """A figure with sliders at its opening settings and presets, after a change of the tables: what cannot be computed or said."""
    shown = explore.explorable(name)
    opens, given = shown.defaults(), shown.given()
    said = [
        shown.sentence(settings, shown.answer(settings, given))
        for settings in (opens, *({**opens, **each} for each in shown.presets.values()))
    ]
    return [f"{name}: {text}" for text in said if re.search(r"nan|inf\b|None", text)]


def twin_of(name: str, count: int = 20) -> list[str]:
    """Where Python and the browser's script (in Node, where there is one) give different answers over the grid of the tests."""
    there = browser_of(name, count)
    if there is None:
        return []
    tests = of_teach.module_of_tests("test_explorables")
    shown = explore.explorable(name)
    for settings, other in zip(tests.grid(shown, count), there, strict=True):
        if "error" in other:
            return [f"{name}: {other['error']}"]
        if faults := tests.differences(tests.computed(shown, settings), other):
            return [f"{name}: {faults[0]}"]
    return []


def browser_of(name: str, count: int) -> list[dict[str, Any]] | None:
    """What the browser's script answers over the grid; None without Node."""
    node = shutil.which("node")
    if not node:
        return None
    shown = explore.explorable(name)
    tests = of_teach.module_of_tests("test_explorables")
    handed = {"name": name, "settings": tests.grid(shown, count), **shown.handed()}
    scripts = [
        ROOT / "press/sphinx/static/vendor/vega/vega.min.js",
        ROOT / "explorables/kit.js",
        _model(name).with_suffix(".js"),
    ]
    done = subprocess.run(
        [node, "-e", TWIN, *map(str, scripts)],
        input=json.dumps(handed),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if "Error" in line]
        return [{"error": (lines or ["the script cannot be read"])[0]}] * len(handed["settings"])  # fmt: skip
    return json.loads(done.stdout)


# Seals


def rows_sealed(_: str) -> Iterable[Any]:
    """Rows and entries of the bibliography that changed since somebody looked them up."""
    return receipt.faults(ROOT)


def passages_sealed(file: str) -> Iterable[Any]:
    """Passages of a file that changed since somebody read them; nothing as long as nobody has."""
    return passages.faults([file], ROOT) if passages.receipts(file, ROOT) else []


def _own(case: Case) -> list[str]:
    return [case.own] if case.own else []


def _asked(case: Case) -> list[str]:
    return [case.page] if case.page and not case.own else []


def _all_tests(case: Case) -> list[str]:
    told = [[row for row in text.split("\n") if row.startswith("claims: ")] for text in (case.before, case.after)]  # fmt: skip
    claims = case.table == "claims" or told[0] != told[1]
    return ["tables"] * bool(_tables(case)) + ["claims"] * claims


def _tables(case: Case) -> list[str]:
    return (
        ["studies"] if case.file.endswith(".bib") else [case.table] * bool(case.table)
    )


#: In the order in which they are asked, the quick ones first, the seals last.
ASKERS = [
    Asker("check of the tables", MEANING, _tables, check_of),
    Asker("list of threads", MEANING, lambda case: ["threads"] * case.file.endswith("threads.yml"), threads_of),
    Asker("links and entries", MEANING, _own, links_of),
    Asker("numbers of the prose", MEANING, lambda case: case.pages, numbers.faults),
    Asker("bank", MEANING, _asked, of_teach.bank_of),
    Asker("lists of teach/", MEANING, lambda case: ["teach"] * case.file.startswith("teach/"), of_teach.lists_of),
    Asker("handouts", MEANING, lambda case: ["handouts"] * case.file.endswith("handouts.yml"), of_teach.handouts_of),
    Asker("assignments", MEANING, of_teach.assignments, of_teach.assignment_of),
    Asker("tests of the exports", MEANING, of_teach.exports, of_teach.exports_of),
    Asker("tests of the pages", MEANING, _own, tests_of),
    Asker("notebooks", MEANING, _own, notebook_of),
    Asker("tests of the tables", MEANING, _all_tests, tests_of),
    Asker("rules of the pages", MEANING, lambda case: case.ruled, proof_of),
    Asker("drawn figures", MEANING, lambda case: case.run, figures_of),
    Asker("opening of the sliders", MEANING, lambda case: case.sliders * bool(case.table), opening_of),
    Asker("browser's answer", MEANING, lambda case: case.sliders * (not case.table), twin_of),
    Asker("tests of the sliders", MEANING, lambda case: case.sliders * (not case.table), sliders_of),
    Asker("sliders as seen", SEAL, lambda case: case.ruled, seen_of),
    Asker("receipts of rows", SEAL, lambda case: [""] * bool(_tables(case)), rows_sealed),
    Asker("receipts of passages", SEAL, lambda case: [case.file] * (not _tables(case)), passages_sealed),
]  # fmt: skip


def ask(case: Case, known: Known, only: Collection[tuple[str, str]] = ()) -> Found:
    """{asker: {place: what it finds there}}, without those that find nothing.

    Once somebody who goes by meaning has found something that is not among what is known of the book without the change,
    nobody else is asked. only: (asker, place, or "" for all of its places), which are asked all.
    """
    found: Found = {}
    for who in ASKERS:
        for where in who.where(case):
            if only and not {(who.name, where), (who.name, "")} & set(only):
                continue
            try:
                told = list(map(str, who.ask(where)))
            except Exception as error:  # who stumbles has noticed: a build would stop
                told = [f"{type(error).__name__}: {error}"]
            if told:
                found.setdefault(who.name, {})[where] = told
        if not only and who.how == MEANING and new(found, known, who.name):
            break
    return found


# What a reader sees


def words_shown(page: str) -> Any:
    """A page as its readers meet it: each block in words, with what its roles, links and citations point to; formulas; options of directives; the side file."""
    blocks: list[Any] = []
    name, text = f"{page}.md", (ROOT / f"{page}.md").read_text(encoding="utf-8")
    for token, line, _ in myst._walk(text, name, 1, 0):
        if token.type == "inline":
            links = [t.attrs for t in token.children or [] if t.type == "link_open"]
            roles = [t.content for t in token.children or [] if t.type == "myst_role"]
            blocks.append([myst.words(token), str(links), roles])
        else:
            found = myst.directive(token, line, name)
            code = found.name == "code-cell"
            said = [found.caption, found.alt, found.tags] if code else [found.options]
            verbatim = found.body if found.name in ("glossary", "where-from") else ""
            blocks.append([found.name, found.argument, str(said), verbatim])
    formulas = [text[slice(*span)] for span in zones.zones(text)["formula"]]
    sides = [ROOT / side for side in pages.beside(page)]
    return [blocks, formulas, [yamls.read(side.read_text("utf-8")) for side in sides if side.exists()]]  # fmt: skip


def output_shown(page: str) -> Any:
    """What the cells of a page put out; their code alone is no change of what is shown."""
    return [
        [[{**each, "tables": 0} for each in done.drawn], done.html, done.error]
        for done in cells_of(page)
    ]


def cards_shown(page: str) -> Any:
    """The cards of the numbers of a page."""
    from press import facts

    found = []
    for role in myst.parse(_source(page)).roles:
        if role.name == "fact":
            with contextlib.suppress(facts.FactError):
                found.append(facts.fact(role.target).card())
    return found


def sliders_shown(name: str) -> Any:
    """All that a figure with sliders hands to the browser, and what both compute over a grid."""
    shown = explore.explorable(name)
    tests = of_teach.module_of_tests("test_explorables")
    grid = tests.grid(shown, 20)
    here = [tests.computed(shown, settings) for settings in grid]
    opens = [vars(control) for control in shown.controls]
    return [shown.handed(), opens, shown.presets, here, browser_of(name, 20)]


def table_shown(table: str) -> Any:
    """The rows of a table that a page of reference lists: studies and claims; the bibliography and the list of threads whole."""
    if table in ("studies", "claims"):
        return tables.rows(table)
    return (ROOT / table).read_text(encoding="utf-8") if "/" in table else None


def _listed(case: Case) -> bool:
    """Whether what a reader sees of a file is the file."""
    other = case.page or case.sliders or of_teach.exports(case)
    return not other or bool(case.table)


#: (where to look after a change, what is shown there)
SHOWN: list[tuple[Callable[[Case], Iterable[str]], Callable[[str], Any]]] = [
    (lambda case: [case.page] if case.page else [], words_shown),
    (of_teach.exports, of_teach.exports_shown),
    (lambda case: [case.table or case.file] * _listed(case), table_shown),
    (lambda case: case.pages if case.table else [], cards_shown),
    (lambda case: case.sliders, sliders_shown),
    (lambda case: case.run, output_shown),
]  # fmt: skip


def shown(case: Case) -> dict[str, str]:
    """{what is shown, and where: a digest of it}"""
    found = {}
    for where, show in SHOWN:
        for place in where(case):
            try:
                seen = show(place)
            except Exception as error:
                seen = str(error)
            text = json.dumps(seen, default=str, sort_keys=True)
            found[f"{show.__name__} {place}"] = hashlib.sha256(
                text.encode()
            ).hexdigest()
    return found
