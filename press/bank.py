"""The question bank: the questions of the pages and those of teach/<tier>/<thread>.yml, in one form.

    python -m press.bank            # items by page, kind, level and objective; 1 if the bank has a fault or a page no new items

    for item in items(place):
        item.id, item.kind, item.ask.html, item.options[0].why.plain, item.number

Exports (tools/shelf) and the check of the bank read nothing else. A number that is an answer is worked out from its rows
of data/ each time; press.numbers and press.proof read the words. Nothing here needs Sphinx.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from markdown_it.token import Token

from . import bankform, console, myst, pages
from .bankform import Number
from .formula import FormulaError, formula
from .myst import PageError
from .pages import ROOT, Place

#: What a question asks for, and the level that those who teach call it.
LEVELS = {
    "recall": "recall",
    "calculate": "apply",
    "read a figure": "apply",
    "judge": "judge",
}
LETTERS = "abcde"
_PLACES = (
    "as a whole number",
    "to one decimal",
    "to two decimals",
    "to three decimals",
)


@dataclass(frozen=True)
class Text:
    """The same words as HTML (em, strong, i, sub, sup and code; well-formed, without a block around it) and as plain text."""

    html: str
    plain: str


@dataclass(frozen=True)
class Option:
    """One option. id: `density-a-b1-c`; because: the misconception of a wrong one, "" of a right one."""

    id: str
    letter: str
    text: Text
    right: bool
    because: str
    why: Text


@dataclass(frozen=True)
class Item:
    """One question of the bank.

    page: `academic/density`; where: `Academic 3.3`. kind: one, several, number or words. objectives: numbers of the
    page's objectives, from 1. asks: as press.pages.ASKS; own: whether it stands on the page itself. options: of one and
    several. number: the answer of kind number; accept: the answers of kind words, the first of them the best. why: the
    explanation of number and words, which have no options.
    """

    id: str
    page: str
    where: str
    kind: str
    objectives: tuple[int, ...]
    asks: str
    own: bool
    ask: Text
    options: tuple[Option, ...] = ()
    number: Number | None = None
    accept: tuple[str, ...] = ()
    why: Text | None = None

    @property
    def level(self) -> str:
        """recall, apply or judge."""
        return LEVELS[self.asks]

    @property
    def how(self) -> str:
        """What to say below the question: where its figure is, in which form to answer; nothing where one option is chosen."""
        figure = self.asks == "read a figure"
        said = [f"The figure is on the page {self.where}."] if figure else []
        if self.kind == "several":
            said.append("Choose every answer that is right.")
        elif self.number:
            unit = f"in {self.number.unit}, " if self.number.unit else ""
            form = f"{unit}{_PLACES[self.number.places]}"
            said.append(
                f"Answer {form}; within {self.number.tolerance} of it is right."
            )
        elif self.kind == "words":
            said.append("Answer in one or two words.")
        return " ".join(said)

    @property
    def rights(self) -> tuple[Option, ...]:
        """The options that are right."""
        return tuple(option for option in self.options if option.right)

    @property
    def answer(self) -> str:
        """The answer as a key prints it: `b`, `a, c`, `2.6 percentage points (2.5 to 2.7 counts)`, `osteoclast`."""
        if self.number:
            return str(self.number)
        return ", ".join(option.letter for option in self.rights) or " or ".join(
            self.accept
        )


@dataclass(frozen=True)
class Shelf:
    """What stands in teach/ for one page, beside its items: prompts for a class and what a class does."""

    discuss: tuple[Text, ...]
    minutes: int
    do: Text
    look_for: Text


def path(place: Place, root: Path = ROOT) -> Path:
    """Where the new items of a page stand."""
    return Path(root) / "teach" / f"{place.path}.yml"


def items(place: Place, root: Path = ROOT) -> list[Item]:
    """The questions of a page, then the new ones; those alone where teach/ has no file yet.

    Raises PageError with every fault: file, item, field, reason.
    """
    side = pages.side(place, root)
    page_name = f"book/{place.path}.yml"
    faults: list[str] = []
    found = [
        _item({"kind": "one", **each}, place, page_name, True, faults)
        for each in side["questions"]
    ]
    if path(place, root).exists():
        name, told = bankform.read(place, side, root)
        found += [_item(each, place, name, False, faults) for each in told["bank"]]
        faults += [
            f"{name}, bank: no question of the page and no item tests objective {number} ({words})."
            for number, words in untested(found, side)
        ]
    if faults:
        raise PageError("\n".join(faults))
    return found


def untested(found: list[Item], side: dict[str, Any]) -> list[tuple[int, str]]:
    """(number, words) of each objective of a side file that none of the items tests."""
    tested = {number for item in found for number in item.objectives}
    aims = enumerate(side["objectives"], 1)
    return [(number, words) for number, words in aims if number not in tested]


def every(root: Path = ROOT) -> list[Item]:
    """Every item of the bank, page by page. Raises PageError with the faults of all pages."""
    found, faults = [], []
    for place in pages.written(root):
        try:
            found += items(place, root)
        except PageError as error:
            faults.append(str(error))
    twice = [
        id for id, count in Counter(item.id for item in found).items() if count > 1
    ]
    faults += [f"the bank: the id {id!r} stands twice." for id in twice]
    if faults:
        raise PageError("\n".join(faults))
    return found


def shelf(place: Place, root: Path = ROOT) -> Shelf | None:
    """The prompts and the activity of a page; None where teach/ has no file. Raises PageError."""
    if not path(place, root).exists():
        return None
    name, told = bankform.read(place, pages.side(place, root), root)
    faults: list[str] = []

    def said(words: str, field: str) -> Text:
        return _text(words, f"{name}, {field}", faults)

    activity = told["activity"]
    found = Shelf(
        tuple(said(each, "discuss") for each in told["discuss"]),
        activity["minutes"],
        said(activity["do"], "activity, do"),
        said(activity["look_for"], "activity, look_for"),
    )
    if faults:
        raise PageError("\n".join(faults))
    return found


def _item(
    given: dict[str, Any], place: Place, name: str, own: bool, faults: list[str]
) -> Item:
    """An item from its fields, whose form has been looked at; what cannot be written plainly goes into `faults`."""
    at = f"{name}, {given['id']}"
    options = tuple(
        Option(
            f"{given['id']}-{letter}",
            letter,
            _text(option["text"], f"{at}, option {letter}, text", faults),
            option.get("right") is True,
            option.get("because", ""),
            _text(option["why"], f"{at}, option {letter}, why", faults),
        )
        for letter, option in zip(LETTERS, given.get("options", ()), strict=False)
    )
    number, answer = None, given.get("answer", {})
    if given["kind"] == "number":
        try:
            number = bankform.number(answer)
        except ValueError as error:
            faults += [f"{at}, answer: {reason}" for reason in str(error).splitlines()]
    return Item(
        id=given["id"],
        page=place.path,
        where=place.name,
        kind=given["kind"],
        objectives=tuple(pages.aims(given.get("tests"))),
        asks=given.get("asks", "recall"),
        own=own,
        ask=_text(given["ask"], f"{at}, ask", faults),
        options=options,
        number=number,
        accept=tuple(answer.get("accept", ())),
        why=_text(given["why"], f"{at}, why", faults) if "why" in given else None,
    )


# Words.


def text(source: str) -> Text:
    """One paragraph of MyST as HTML and plain text: roles as their words, citations left out, formulas as formula.py has them.

    Raises PageError, in a sentence, for what cannot be written so: a list, a link, a picture, a second paragraph.
    """
    faults: list[str] = []
    found = _text(source, "the text", faults)
    if faults:
        raise PageError("\n".join(faults))
    return found


def _text(source: str, at: str, faults: list[str]) -> Text:
    if strange := re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f]", source):
        before = source[max(strange.start() - 30, 0) : strange.start()]
        faults.append(
            f"{at}: behind {before!r} stands a control character; in quotation marks a backslash is written twice."
        )
    tokens = myst.tokens(source)
    lines = [token for token in tokens if token.type == "inline"]
    if [token.type for token in tokens] != [
        "paragraph_open",
        "inline",
        "paragraph_close",
    ]:
        faults.append(f"{at}: it must be one paragraph, and no list, heading or block.")
    try:
        parts = [
            part for line in lines for part in map(_part, line.children or []) if part
        ]
    except (PageError, FormulaError) as error:
        faults.append(f"{at}: {error}")
        return Text("", "")
    html, plain = (
        ("".join(each) for each in zip(*parts, strict=True)) if parts else ("", "")
    )
    return Text(_without_gaps(html), _without_gaps(plain))


_MARKS = {"em": "em", "strong": "strong"}


def _part(token: Token) -> tuple[str, str] | None:
    """(HTML, plain text) of one piece of a line; None for a citation. Raises PageError and FormulaError."""
    kind = token.type
    if kind == "text":
        return escape(token.content, quote=False), token.content
    if kind in ("softbreak", "hardbreak"):
        return " ", " "
    if kind == "code_inline":
        return f"<code>{escape(token.content, quote=False)}</code>", token.content
    if kind == "math_inline":
        found = formula(token.content)
        return found.html, found.plain
    if kind == "myst_role":
        role = myst.role(token.meta["name"], token.content, 0)
        if role.name.startswith("cite"):
            return None
        if role.name not in ("fact", "given", "compare", "term"):
            raise PageError(f"the role {{{role.name}}} cannot leave the book.")
        return escape(role.words, quote=False), role.words
    name, _, side = kind.rpartition("_")
    if name in _MARKS and side in ("open", "close"):
        slash = "/" if side == "close" else ""
        return f"<{slash}{_MARKS[name]}>", ""
    raise PageError(f"{kind.replace('_', ' ')} cannot leave the book; say it in words.")


def _without_gaps(words: str) -> str:
    """Where a citation was left out, its full stop is no word of its own."""
    return re.sub(r" (?=[.,;:?!)](?: |$))", "", " ".join(words.split()))


# The report.


def missing(root: Path = ROOT) -> list[str]:
    """Pages without a file in teach/."""
    return [each.path for each in pages.written(root) if not path(each, root).exists()]


def report(root: Path = ROOT) -> Iterator[str]:
    """A line for each page: items by kind, level and objective; then the sums. Raises PageError."""
    total, sums = Counter[str](), [0, 0]
    yield f"{'page':<26}{'items':>6}{'new':>5}  kinds, levels, items of each objective"
    for place in pages.written(root):
        found = items(place, root)
        kinds = Counter(item.kind for item in found)
        levels = Counter(item.level for item in found)
        aims = Counter(number for item in found for number in item.objectives)
        count = range(1, len(pages.side(place, root)["objectives"]) + 1)
        new = sum(not item.own for item in found)
        total.update(kinds + levels)
        sums[0] += len(found)
        sums[1] += new
        yield (
            f"{place.path:<26}{len(found):>6}{new:>5}  {_said(kinds)}; {_said(levels)}; "
            f"{', '.join(f'{n}: {aims[n]}' for n in count)}"
        )
    yield f"{'all':<26}{sums[0]:>6}{sums[1]:>5}  {_said(total)}"
    if without := missing(root):
        yield f"No file in teach/ yet: {', '.join(without)}."
    else:
        yield "Every objective of every page has an item."


def _said(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def main() -> int:
    """Print the report, or the faults; 1 if there are any, else 0."""
    try:
        every()
        print("\n".join(report()))
    except PageError as error:
        print(error)
        return 1
    return bool(missing())


__all__ = ["Item", "Number", "Option", "Shelf", "Text", "every", "items", "shelf"]

if __name__ == "__main__":
    console.speak()
    sys.exit(main())
