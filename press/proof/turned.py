"""Figures with sliders: their rows, what somebody saw of them last, and their alt texts.

explorables/NAME/seen.yml holds what a reader sees (explorables.seen); the models themselves say what each row is taken for
(explorables.kit.held), and refuse another.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from explorables import explorable
from press import figures, myst, pages

from .slip import Rule, Slip
from .text import apart

SEEN, ALT = "sliders as seen", "alt texts of sliders"
UP = r"up|grows?|rises?|gains?|more"
DOWN = r"down|shrinks?|falls?|drops?|loses?"
_WAY_IN = re.compile(r"\b(up|down) in (?:the )?(\w+)")
_FROM_TO = re.compile(r"from (?:about )?(?P<a>[\d.,]*\d) to (?P<b>[\d.,]*\d)")


def standing(of: Sequence[str]) -> Iterator[tuple[str, str, str, int]]:
    """(name, page, alt text, line) of each figure with sliders on these pages."""
    for page, found in _found(of):
        if not found.options.get("view"):
            yield found.argument, page, found.alt, found.line


def views(of: Sequence[str]) -> Iterator[tuple[str, str, str, str, int]]:
    """(name, view, page, alt text, line) of each figure with buttons only."""
    for page, found in _found(of):
        if view := found.options.get("view"):
            yield found.argument, view, page, found.alt, found.line


def _found(of: Sequence[str]) -> Iterator[tuple[str, myst.Directive]]:
    for page in of:
        source = myst.read(pages.ROOT / f"{page}.md", f"{page}.md")
        yield from ((page, found) for found in source.named("explorable"))


def as_seen(of: Sequence[str]) -> Iterator[Slip]:
    """Labels, ranges, colors, sentences and numbers of a figure are those that somebody saw who looked at it."""
    for name in dict.fromkeys(found.argument for _, found in _found(of)):
        from explorables import seen  # only here: Altair takes a second to load

        folder = f"explorables/{name.replace('-', '_')}"
        try:
            now = seen.shown(name)
        except (KeyError, ValueError) as error:
            reason = str(error.args[0])
            row = re.search(r"row '?([\w.-]+)", reason)
            words = row[1] if row else name
            line = _line(f"{folder}/model.py", words)
            yield Slip(f"{folder}/model.py", line, SEEN, words, reason)
            continue
        for where, was, is_ in seen.changes(seen.seen(name), now):
            reason = (
                f"{where}: seen was {was!r}. Look at the figure; if it is as it should be, "
                f"python -m explorables.seen {name}."
            )
            line = _line(f"{folder}/seen.yml", *where.split(", "))
            yield Slip(f"{folder}/seen.yml", line, SEEN, str(is_), reason)


def _line(file: str, *keys: str) -> int:
    """The line of a file on which the last of these stands, each behind the one before; 1 where none does."""
    path = pages.ROOT / file
    lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    at = 0
    for key in keys:
        found = (n for n, line in enumerate(lines) if n >= at and key in line)
        at = next(found, at)
    return at + 1


def alt_texts(of: Sequence[str]) -> Iterator[Slip]:
    """The alt text of a figure is one on every page; its numbers and directions are those of its opening settings."""
    everywhere = list(standing(pages.contents()))
    for name, page, alt, line in standing(of):
        first = next(each for each in everywhere if each[0] == name)
        if alt != first[2]:
            words, there = apart(alt, first[2])
            reason = f"{first[1]} says {there!r} of the same figure; its alt text is one on every page."
            yield Slip(f"{page}.md", line, ALT, words, reason)
            continue
        if page != first[1]:
            continue
        try:
            answer = explorable(name).opening()
        except (KeyError, ValueError):
            continue  # told by as_seen
        known = _known(name, answer, alt)
        for written, number, places, _ in figures.numbers(alt):
            if not any(figures.near(value, number, places) for value in known):
                close = sorted(known, key=lambda value: abs(value - number))[:3]
                nearest = ", ".join(f"{value:.3g}" for value in close)
                reason = f"{name} does not show this number as it opens; nearest are {nearest}."
                yield Slip(f"{page}.md", line, ALT, written, reason)
        for words, reason in _ways(alt, answer["numbers"]):
            yield Slip(f"{page}.md", line, ALT, words, reason)
    yield from _of_views(of)


def _of_views(of: Sequence[str]) -> Iterator[Slip]:
    """The alt text of a figure with buttons has no numbers, and goes up and down where its opening sentence does."""
    for name, view, page, alt, line in views(of):
        try:
            figure = explorable(name).seen_as(view)
            opens = figure.sentence(figure.defaults(), figure.opening())
        except (KeyError, ValueError) as error:
            yield Slip(f"{page}.md", line, ALT, name, str(error.args[0]))
            continue
        for written, *_ in figures.numbers(alt):
            reason = f"{name} shows no numbers in the view {view}."
            yield Slip(f"{page}.md", line, ALT, written, reason)
        told = set(_WAY_IN.findall(alt))
        if told != set(_WAY_IN.findall(opens)):
            words = ", ".join(sorted(" in ".join(each) for each in told))
            reason = f"it opens with {opens!r}"
            yield Slip(f"{page}.md", line, ALT, words, reason)


def _known(name: str, answer: dict[str, Any], alt: str) -> set[float]:
    """The numbers that a figure shows as it opens.

    Those of its table, its settings and labels, and of its marks; of a curve only a point that the alt text names with both
    of its coordinates, and the ends of an axis only together.
    """
    from explorables import seen

    figure = explorable(name)
    known = {number for number in answer["numbers"].values() if number is not None}
    known |= {value for value in figure.defaults().values() if _is_number(value)}
    words = [f"{each.label} {each.unit}" for each in figure.numbers]
    for layer in seen.seen(name).get("chart", []):
        words += [
            ends for ends in re.findall(r"from \S+ to [\d.]+", layer) if ends in alt
        ]
    known |= {number for _, number, _, _ in figures.numbers(" / ".join(words))}
    written = [(number, places) for _, number, places, _ in figures.numbers(alt)]
    for rows in answer["rows"].values():
        for row in rows:
            values = {value for value in row.values() if _is_number(value)}
            if len(rows) <= seen.MOST:
                known |= values
            elif any(value == number for value in values for number, _ in written):
                told = {v for v in values if any(figures.near(v, *n) for n in written)}
                known |= told if len(told) > 1 else set()
    return known


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _ways(alt: str, numbers: dict[str, float | None]) -> Iterator[tuple[str, str]]:
    """(words, reason) where "shrinks from 18 to 12" goes the other way, or no two numbers of one kind are 18 and 12."""
    for sentence in re.split(r"(?<=\.)\s+", alt):
        for pair in _FROM_TO.finditer(sentence):
            (_, before, places, _), (_, after, _, _) = figures.numbers(
                f"{pair['a']} {pair['b']}"
            )
            ways = re.findall(rf"\b(?:({UP})|({DOWN}))\b", sentence[: pair.start()])
            if ways and before != after and bool(ways[-1][0]) != (after > before):
                yield pair[0], f"{ways[-1][0] or ways[-1][1]!r} is said before it."
            kinds = {key.rpartition("-")[0] for key in numbers}
            if ways and not any(
                _has(numbers, kind, before, places)
                and _has(numbers, kind, after, places)
                for kind in kinds
            ):
                yield pair[0], "no two numbers of one kind are these as it opens."


def _has(
    numbers: dict[str, float | None], kind: str, number: float, places: int
) -> bool:
    return any(
        value is not None and figures.near(value, number, places)
        for key, value in numbers.items()
        if key.rpartition("-")[0] == kind
    )


RULES: dict[str, Rule] = {SEEN: as_seen, ALT: alt_texts}
