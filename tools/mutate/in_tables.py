"""Slips in the tables and in the bibliography: cells, rows, arms, fields of an entry."""

import random
import re
from collections.abc import Callable

from . import words, zones
from .words import Edit, Slip

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
TEXTS = ["correction", "statement", "summary", "outcome_word", "claim", "evidence", "what", "mechanism", "caution"]  # fmt: skip
CODED = ["population", "site", "outcome", "marker", "condition", "tissue", "nutrient", "food"]  # fmt: skip
Row = dict[str, zones.Cell]


def cell(*columns: str, change: Callable[[str, random.Random], str | None]) -> Slip:
    """A cell of one of these columns that holds something becomes what `change` makes of it."""

    def slip(text: str, dice: random.Random) -> list[Edit] | None:
        found = [
            row[name] for row in zones.rows(text) for name in columns if name in row
        ]
        found = [each for each in found if each.value]
        for each in dice.sample(found, min(len(found), 60)):
            put = change(each.value, dice)
            if put is not None and put != each.value:
                return [each.put(put)]
        return None

    return slip


def another(*columns: str) -> Slip:
    """A cell of one of these columns holds what another row has there."""

    def slip(text: str, dice: random.Random) -> list[Edit] | None:
        found = zones.rows(text)
        names = [name for name in columns if found and name in found[0]]
        for name in dice.sample(names, len(names)):
            known = sorted({row[name].value for row in found} - {""})
            filled = [row[name] for row in found if row[name].value]
            if len(known) > 1:
                old = dice.choice(filled)
                return [old.put(dice.choice([v for v in known if v != old.value]))]
        return None

    return slip


def a_digit(value: str, dice: random.Random) -> str | None:
    """One digit of a number, also of an address or a DOI."""
    return words.one_digit(value, dice) if re.search(r"\d", value) else None


def of_a_number(change: Callable[[str, random.Random], str]):
    """The same for plain numbers alone."""
    return lambda value, dice: change(value, dice) if NUMBER.fullmatch(value) else None


def arms(*columns: str) -> Slip:
    """Two arms of a study exchange these cells: rows that differ in drug, dose or regimen and in little else."""
    same = ("study", "outcome", "marker", "site", "measure", "statistic", "months")

    def slip(text: str, dice: random.Random) -> list[Edit] | None:
        groups: dict[tuple, list[Row]] = {}
        for row in zones.rows(text):
            if "drug" in row and "dose_mg" in row:
                key = tuple(row[name].value for name in same if name in row)
                groups.setdefault(key, []).append(row)
        two = [group for group in groups.values() if len(group) > 1]
        for group in dice.sample(two, min(len(two), 40)):
            a, b = dice.sample(group, 2)
            names = [
                name for name in columns if name in a and a[name].value != b[name].value
            ]
            if names:
                return [
                    one[name].put(other[name].value)
                    for name in names
                    for one, other in ((a, b), (b, a))
                ]
        return None

    return slip


def ids_exchanged(text: str, dice: random.Random) -> list[Edit] | None:
    """Two rows of a study exchange their ids; of a table without studies, two that stand beside each other."""
    found = zones.rows(text)
    pairs = [
        (a, b)
        for a, b in zip(found, found[1:], strict=False)
        if "study" not in a or a["study"].value == b["study"].value
    ]
    if not pairs:
        return None
    a, b = dice.choice(pairs)
    return [a["id"].put(b["id"].value), b["id"].put(a["id"].value)]


def limits_exchanged(text: str, dice: random.Random) -> list[Edit] | None:
    """The lower limit stands in the place of the upper one."""
    found = [
        row for row in zones.rows(text) if row.get("ci_low") and row["ci_low"].value
    ]
    if not found:
        return None
    row = dice.choice(found)
    return [
        row["ci_low"].put(row["ci_high"].value),
        row["ci_high"].put(row["ci_low"].value),
    ]


def events_above_n(text: str, dice: random.Random) -> list[Edit] | None:
    """More events than people: the two numbers exchanged."""
    found = [
        row
        for row in zones.rows(text)
        if "events" in row
        and all(NUMBER.fullmatch(row[name].value) for name in ("n", "events"))
        and float(row["events"].value) < float(row["n"].value)
    ]
    if not found:
        return None
    row = dice.choice(found)
    return [row["n"].put(row["events"].value), row["events"].put(row["n"].value)]


def row_gone(text: str, dice: random.Random) -> list[Edit] | None:
    """A line is left out."""
    found = zones.rows(text)
    if len(found) < 2:
        return None
    start = dice.choice(found)["id"].start
    return [(start, text.index("\n", start) + 1, "")]


def value_missing(text: str, dice: random.Random) -> list[Edit] | None:
    """A value is left out."""
    found = [row["value"] for row in zones.rows(text) if "value" in row]
    return [dice.choice(found).put("")] if found else None


def field_of_bib(name: str, change: Slip) -> Slip:
    """A slip in one field of an entry of the bibliography."""

    def slip(text: str, dice: random.Random) -> list[Edit] | None:
        spans = [found.span(1) for found in re.finditer(rf"^  (?:{name}) = \{{(.*)\}},", text, re.M)]  # fmt: skip
        return spans and change(zones.hide(text, [dice.choice(spans)], ()), dice)

    return slip


def author(text: str, dice: random.Random) -> list[Edit] | None:
    """Two letters of the first author's name exchanged."""
    found = words.pick(r"^  author = \{([A-Z][a-z]{4,})", text, dice, re.M)
    if not found:
        return None
    start, name = found.start(1), found[1]
    places = [at for at in range(1, len(name) - 1) if name[at] != name[at + 1]]
    at = dice.choice(places)
    return [(start + at, start + at + 2, name[at + 1] + name[at])]


def title_word(text: str, dice: random.Random) -> list[Edit] | None:
    """A word of a title: its contrary or its neighbor, else one that is left out."""
    known = words.first(words.swap(words.SENSE), words.number_word)
    edits = known(text, dice)
    found = words.pick(r"(?<= )[a-z]{5,} (?=[a-z])", text, dice)
    return edits or (found and [(*found.span(), "")])


def in_derived(slip: Slip) -> Slip:
    """The slip, in the table of derived numbers alone."""
    return lambda text, dice: slip(text, dice) if text.startswith("id,label,method") else None  # fmt: skip
