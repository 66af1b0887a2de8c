"""Captions and alt texts against the rows and tables that the cell asks for.

A figure rests on the rows that its cell names, and on those of the earlier cells that made what it uses (`rests_on`).
The values that it draws are compared in press/figures.py, which needs the built book; here the source of a page is enough.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from bonebook import tables
from press import myst, pages, said

from .slip import Rule, Slip

#: Tables that say what a row's words mean, and tables that a module of the package reads for itself.
WORDS = {"drugs", "studies"}
READ_BY = {"remodeling": "model_parameters", "receptor": "model_parameters"}
_KEYS = re.compile(r"[\"']([\w.-]+)[\"']")


#: Words of labels that tell no rows apart: they say when, or how a number came about.
_COMMON = {
    "the",
    "and",
    "with",
    "for",
    "all",
    "drug",
    "none",
    "out",
    "worked",
    "year",
    "week",
    "month",
    "later",
    "alone",
    "before",
    "home",
}


_NOTHING = ("placebo", "none", "baseline", "")


@dataclass
class Rests:
    """What a figure rests on.

    Names of tables, ids of rows, the studies that the code picks from a whole table, further studies that it names.
    """

    tables: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    studies: set[str] = field(default_factory=set)
    further: set[str] = field(default_factory=set)


@dataclass
class _Step:
    """A statement: the names that it needs, gives anew and changes, and the words and calls in it."""

    needs: set[str]
    gives: set[str]
    changes: set[str]
    rests: Rests


@lru_cache(maxsize=256)
def _steps(code: str) -> tuple[_Step, ...]:
    return tuple(_step(statement) for statement in ast.parse(code).body)


def _step(statement: ast.stmt) -> _Step:
    step = _Step(*_names(statement), Rests())
    known = tables.index()
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            first = node.args[0] if node.args else None
            if node.func.id == "table" and isinstance(first, ast.Constant):
                step.rests.tables.add(str(first.value))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            picked = _KEYS.findall(node.value)
            step.rests.studies |= {
                key for key in picked if _home(key, known) == "studies"
            }
            if _home(node.value, known) == "studies":
                step.rests.further.add(node.value)
            elif _home(node.value, known) not in ("", "drugs"):
                step.rests.ids.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = [getattr(part, "value", None) for part in node.values]
            form = "".join(
                re.escape(part) if isinstance(part, str) else ".+" for part in parts
            )
            if isinstance(parts[0], str) and "-" in parts[0]:
                step.rests.ids |= {id for id in known if re.fullmatch(form, id)}
    if not isinstance(statement, (ast.Import, ast.ImportFrom)):
        step.rests.tables |= {READ_BY[name] for name in step.needs & READ_BY.keys()}
    step.rests.tables |= {known[id][0] for id in step.rests.ids}
    return step


def _home(id: str, known: Mapping[str, Any] | None = None) -> str:
    """The table of a row, or of nothing; known: `tables.index()`, which takes a look at every file."""
    return (known or tables.index()).get(id, ("",))[0]


def _names(statement: ast.stmt) -> tuple[set[str], set[str], set[str]]:
    """The names that a statement needs, gives anew, and changes; a loop gives its own names before its body needs them."""
    needs, gives, changes = set[str](), set[str](), set[str]()
    inside = [*getattr(statement, "body", []), *getattr(statement, "orelse", [])]
    skip = {id(node) for part in inside for node in ast.walk(part)}
    for node in ast.walk(statement):
        if id(node) in skip:
            continue
        if isinstance(node, ast.Name):
            (gives if isinstance(node.ctx, ast.Store) else needs).add(node.id)
        elif isinstance(node, (ast.Subscript, ast.Attribute)):
            base: ast.expr = node
            while isinstance(base, (ast.Subscript, ast.Attribute)):
                base = base.value
            if isinstance(node.ctx, ast.Store) and isinstance(base, ast.Name):
                changes.add(base.id)
        elif isinstance(node, ast.comprehension):
            own = {
                each.id for each in ast.walk(node.target) if isinstance(each, ast.Name)
            }
            skip |= {
                id(each)
                for each in ast.walk(statement)
                if isinstance(each, ast.Name) and each.id in own
            }
            gives, needs = gives - own, needs - own
    if isinstance(statement, ast.AugAssign):
        gives, changes = set(), changes | gives
        needs = needs | changes
    for part in inside:
        more, new, changed = _names(part)
        needs |= more - gives
        gives |= new
        changes |= changed
    return needs, gives, changes


def rests_on(cells: Sequence[myst.Directive], place: int) -> Rests:
    """What the figure of one of the cells rests on: its own words, and those of the statements that made what it uses."""
    found, needed = Rests(), set[str]()
    steps = [
        (number, step)
        for number, cell in enumerate(cells[: place + 1])
        for step in _steps(cell.body)
    ]
    for number, step in reversed(steps):
        made = step.gives | step.changes
        if number < place and not made & needed:
            continue
        found.tables |= step.rests.tables
        found.ids |= step.rests.ids
        found.studies |= step.rests.studies
        found.further |= step.rests.further
        if not step.gives & step.needs:
            needed -= step.gives
        needed |= step.needs
    return found


def behind(ids: set[str]) -> set[str]:
    """These rows and, of those that we worked out, the rows that they were worked out from."""
    known, found, left = tables.index(), set[str](), set(ids)
    while left:
        id = left.pop().partition(":")[0]
        if id in known and id not in found:
            found.add(id)
            left |= set(known[id][1].get("inputs", "").split())
    return found


def studies_of(ids: set[str]) -> set[str]:
    """The studies that rows come from."""
    known, found = tables.index(), set[str]()
    for id in ids:
        row = known[id][1]
        found |= {row.get("study", ""), *row.get("further_studies", "").split()}
    return found - {""}


def _figures(
    of: Sequence[str],
) -> Iterator[tuple[str, myst.Page, myst.Directive, Rests]]:
    for name in of:
        page = myst.read(pages.ROOT / f"{name}.md", f"{name}.md")
        for place, cell in enumerate(page.cells):
            if cell.caption:
                yield f"{name}.md", page, cell, rests_on(page.cells, place)


def _cited(caption: str) -> set[str]:
    """The studies that a caption cites."""
    return {
        key.strip()
        for role in myst.parse(caption).roles
        if role.name.startswith("cite")
        for key in role.target.split(",")
    }


def data(of: Sequence[str]) -> Iterator[Slip]:
    """The tables of a caption's data line are those that the figure rests on."""
    for name, _, cell, rests in _figures(of):
        told = {r.target for r in myst.parse(cell.caption).roles if r.name == "data"}
        needed = rests.tables - WORDS
        known = tables.index()
        allowed = needed | {known[id][0] for id in behind(rests.ids)}
        if "derived" in needed and not any(_home(id) == "derived" for id in rests.ids):
            inputs = {row["id"] for row in tables.rows("derived")}
            allowed |= {known[id][0] for id in behind(inputs)}
        for table in sorted(told - allowed):
            there = ", ".join(sorted(needed)) or "none"
            why = f"the figure does not rest on {table}; its cells read {there}."
            yield Slip(name, cell.line, "data of a caption", table, why)
        for table in sorted(needed - told):
            why = f"the figure rests on {table}, which the data line leaves out."
            yield Slip(name, cell.line, "data of a caption", cell.label, why)


def sources(of: Sequence[str]) -> Iterator[Slip]:
    """The studies of a caption's source are those of its rows, and each study that is drawn is named there or in the section."""
    for name, page, cell, rests in _figures(of):
        told, known = _cited(cell.caption), tables.index()
        drawn = studies_of(rests.ids) | rests.studies
        allowed = studies_of(behind(rests.ids)) | rests.studies | rests.further
        whole = rests.tables - {known[id][0] for id in rests.ids}
        if not rests.studies:
            rows = {row["id"] for table in whole for row in tables.rows(table)}
            allowed |= studies_of(behind(rows))
        # the caption may tell a number that is not drawn, and cite it
        facts = [r for r in myst.parse(cell.caption).roles if r.name == "fact"]
        allowed |= studies_of({role.target.partition(":")[0] for role in facts})
        # a model has a source of its own, which the page names
        if "model_parameters" in rests.tables or not rests.tables:
            allowed |= _section(page, cell.line, whole=True)
        for key in sorted(told - allowed):
            there = ", ".join(sorted(allowed))
            why = f"no row of this figure comes from {key}; its rows come from {there}."
            yield Slip(name, cell.line, "source of a caption", key, why)
        # a document that the book corrects has no entry to cite; the text names it
        drawn = {key for key in drawn if known[key][1]["kind"] != "source document"}
        for key in sorted(drawn - told - _section(page, cell.line)):
            why = f"the figure draws {key}, which neither the caption nor the section names."
            yield Slip(name, cell.line, "source of a caption", key, why)


def _section(page: myst.Page, line: int, whole: bool = False) -> set[str]:
    """The studies that the section around a line cites, or the whole page, itself or by its facts."""
    heads = [] if whole else [head.line for head in page.headings if head.level <= 2]
    first = max([head for head in heads if head <= line], default=0)
    last = min([head for head in heads if head > line], default=10**9)
    found, known = set[str](), tables.index()
    for role in page.roles:
        # a caption's own roles have the line of its cell
        if first <= role.line < last and role.line != line:
            if role.name.startswith("cite"):
                found |= {key.strip() for key in role.target.split(",")}
            elif role.name == "fact":
                ids = {word.partition(":")[0] for word in role.target.split()}
                found |= studies_of(behind(ids & known.keys()))
    return found


def labels(of: Sequence[str]) -> Iterator[Slip]:
    """A word that shows a row in a figure is no word of another row beside it, unless it is its own too."""
    for name in of:
        page = myst.read(pages.ROOT / f"{name}.md", f"{name}.md")
        for cell in page.cells:
            for node in ast.walk(ast.parse(cell.body)):
                if isinstance(node, ast.Dict):
                    pairs = {
                        str(key.value): str(value.value)
                        for key, value in zip(node.keys, node.values, strict=True)
                        if isinstance(key, ast.Constant)
                        and isinstance(value, ast.Constant)
                        and _home(str(key.value)) not in ("", *WORDS)
                    }
                    line = cell.inside + node.lineno - 1
                    for words, why in (*exchanged(pairs), *mistaken(pairs)):
                        yield Slip(f"{name}.md", line, "labels of rows", words, why)


def exchanged(shown: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(words, reason) where the words that show a row belong to another of these rows: {id: words}."""
    known = tables.index()
    own = {id: _told(known[id][1]) for id in shown}
    said = {id: _tokens(re.sub(r"\{[^}]*\}", " ", shown[id])) for id in shown}
    for id, words in said.items():
        drug = known[id][1].get("drug", "")
        if re.search(r"\bno (?:drug|program)\b", shown[id]) and drug not in _NOTHING:
            yield shown[id], f"the row {id} is of {drug}."
        for word in sorted(words - own[id]):
            others = [other for other in shown if other != id and word in own[other]]
            if others:
                where = ", ".join(others)
                yield (
                    shown[id],
                    f"{word!r} is no word of the row {id}, but of {where}.",
                )


#: Words of labels for places and events, and what a row calls them.
_MEANT = {
    "stroke": "stroke",
    "hip": "hip",
    "wrist": "wrist|forearm",
    "breast": "breast",
    "coronary": "coronary",
    "flashe": "flash",
    "spine": "spine|lumbar|vertebr",
    "clot": "clot|thrombo|embol",
    "womb": "womb|uter|endometri",
    "cancer": "cancer|carcinoma|breast",
    "fracture": "fracture",
    "fall": "fall",
    "death": "death|fatal|mortality|died",
    "lining": "endometri|prolif|lining",
}


def mistaken(shown: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(words, reason) where a label names a place or an event that its row is not about: {id: words}."""
    known = tables.index()
    for id, words in shown.items():
        row = {name: text for name, text in known[id][1].items() if name != "note"}
        own = " ".join([id, *row.values()]).lower()
        for word in sorted(_tokens(re.sub(r"\{[^}]*\}", " ", words)) & _MEANT.keys()):
            if not re.search(_MEANT[word], own):
                yield words, f"the row {id} is not about {word!r}."


def _told(row: dict[str, str]) -> set[str]:
    """The words of a row, with the names of its drugs and its study."""
    known = tables.index()
    parts = [row[name] for name in row if name not in ("note", "method", "inputs")]
    for column in ("drug", "comparator", "study", "further_studies"):
        for id in row.get(column, "").split():
            if id in known:
                parts += [known[id][1].get("name", "")]
    found = _tokens(" ".join(parts))
    if row.get("drug") in _NOTHING:
        found |= {"placebo", "control"}
    return found


def _tokens(text: str) -> set[str]:
    """The words of a text that can tell rows apart: three letters or more, and numbers; a plural counts as one."""
    words = re.findall(r"[a-z]{3,}|\d\d+|\d+\.\d+", text.lower().replace("-", " "))
    return {word.removesuffix("s") for word in words} - _COMMON


_MONTHS = {"year": 12.0, "month": 1.0, "week": 12 / 52}
_NUMBER_WORDS = "|".join(said.WORDS)
_SPAN = re.compile(
    rf"\b(?:over|for|after|in|within|at|up to|about|next|of)(?: about)?(?: the)?"
    rf" (?P<number>{_NUMBER_WORDS}|\d+)[ -](?P<unit>year|month|week)s?\b"
    rf"|\b(?P<number2>{_NUMBER_WORDS}|\d+)[ -](?P<unit2>year|month|week)s?\b",
    re.I,
)
_DOSE = re.compile(r"(?<![\d.,])(?P<number>\d+(?:\.\d+)?) (?:mg|milligrams)\b")


def spans(of: Sequence[str]) -> Iterator[Slip]:
    """Years, months and doses that an alt text or a caption names are those of the rows, or stand in the cells."""
    known = tables.index()
    for name, page, cell, rests in _figures(of):
        ids = behind(rests.ids)
        for table in rests.tables - {known[id][0] for id in rests.ids}:
            ids |= {row["id"] for row in tables.rows(table)}
        if not ids:
            continue
        code = "\n".join(each.body for each in page.cells if each.line <= cell.line)
        months, doses = set(_months_in(code.replace("_", " "))), set[float]()
        for id in ids:
            own_months, own_doses = _spans_of(tuple(known[id][1].items()))
            months |= own_months
            doses |= own_doses
        for text in (cell.alt, myst.plain(cell.caption)):
            for m in _SPAN.finditer(text):
                if not any(_is(m, n) for n in months):
                    there = ", ".join(f"{n:g}" for n in sorted(months))
                    why = f"the rows of this figure are of {there} months."
                    yield Slip(name, cell.line, "spans of a figure", m[0], why)
            for m in _DOSE.finditer(text):
                if doses and float(m["number"]) not in doses:
                    there = ", ".join(f"{n:g}" for n in sorted(doses))
                    why = f"the rows of this figure are of {there} mg."
                    yield Slip(name, cell.line, "spans of a figure", m[0], why)


@cache
def _spans_of(row: tuple[tuple[str, str], ...]) -> tuple[set[float], set[float]]:
    """The months and the doses that a row names, in columns of their own or in words."""
    cells, words = dict(row), " ".join(text for _, text in row)
    months, doses = set(_months_in(words)), set[float]()
    months |= {12 * float(n) for n in [cells.get("years")] if n}
    months |= {float(n) for n in [cells.get("months")] if n}
    doses |= {float(n) for n in [cells.get("dose_mg")] if n}
    return months, doses | {float(m["number"]) for m in _DOSE.finditer(words)}


def _months_in(words: str) -> Iterator[float]:
    if re.search(r"year|month|week", words):
        yield from map(_months, _SPAN.finditer(words))


def _is(found: re.Match[str], months: float) -> bool:
    """Whether a span as it is written is one of so many months: to the week, or, after "over", to the year."""
    told = _months(found)
    over = found[0].lower().startswith("over ") and "year" in found[0].lower()
    return abs(told - months) < 0.3 or (over and told <= months < told + 12)


def _months(found: re.Match[str]) -> float:
    number = found["number"] or found["number2"]
    unit = found["unit"] or found["unit2"]
    return round(said.number(number) * _MONTHS[unit.lower()], 1)


RULES: dict[str, Rule] = {
    "spans of a figure": spans,
    "data of a caption": data,
    "source of a caption": sources,
    "labels of rows": labels,
}
