"""Answers that are worked out: the rows of a number question are those that it tells, and its words lead to the same number.

rows of an answer   each row of `of` (or each that it is worked out from) is a {fact} of the question or of its explanation,
                    and each {fact} that is asked about is one of them
answer as written   whoever works with the numbers as they are written comes within the tolerance
unit of an answer   times and ratios are told as such, people needed as people, a difference per 1,000 as one; what is
                    asked for is what is worked out
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from press import bank, bankform, facts, pages

from . import text
from .asked import numbers
from .slip import Rule, Slip
from .text import Block

#: What the unit of an answer says, by what is worked out; what it does not say, for all others.
_RATIO = re.compile(r"^(?:ratio|times\b.*|of the .*|)$")
_SAYS = {
    **dict.fromkeys(("ratio", "relative risk", "odds ratio"), _RATIO),
    "number needed": re.compile(r"^(?:women|people|men)$"),
    "relative reduction": re.compile(r"^(?:%|percent)$"),
    **dict.fromkeys(("per 1,000", "difference per 1,000"), re.compile(r"\b1,000\b")),
}
#: What a question says when it asks for this.
_ASKS = {
    "difference": r"\b(?:between|apart|more|fewer|less|higher|lower|short of|add|fall)\b",
    "sum": r"\b(?:together|altogether|in all|is that)\b",
    "relative risk": r"\b(?:relative risk|risk ratio)\b",
    "odds ratio": r"\bodds\b",
    "relative reduction": r"\b(?:lower|reduction|reduced|percent|%)",
}
#: Written numbers are those of the rows, times one of these.
_SCALES = [Decimal(10) ** power for power in range(-3, 4)]


def _asked(page: str) -> Iterator[tuple[dict[str, Any], list[Block]]]:
    """The number questions of the file of a page in teach/, each with its blocks (ask, why); none where the file has faults."""
    place = pages.place(page, pages.ROOT)
    if not place or not bank.path(place, pages.ROOT).exists():
        return
    name = f"teach/{place.path}.yml"
    try:
        side = pages.side(place, pages.ROOT)
        _, told = bankform.read(place, side, pages.ROOT)
    except pages.PageError:
        return
    found = [block for block in text.blocks(page, pages.ROOT) if block.file == name]
    for item in told["bank"]:
        if item["kind"] == "number":
            yield item, [block for block in found if block.label == item["id"]]


def _facts(blocks: list[Block], *kinds: str) -> dict[str, tuple[Block, str]]:
    """{id of a row: (block, words)} of the facts of blocks of these kinds."""
    return {
        placed.role.target.partition(":")[0]: (block, placed.role.words)
        for block in blocks
        if block.kind in kinds
        for placed in block.named("fact")
    }


def rows_told(names: Sequence[str]) -> Iterator[Slip]:
    """The rows of an answer are those of its question."""
    for page in names:
        for item, blocks in _asked(page):
            yield from _rows(item, blocks)


def _rows(item: dict[str, Any], blocks: list[Block]) -> Iterator[Slip]:
    told = _facts(blocks, "ask", "why")
    try:
        behind = set().union(*(_behind(id, set(told)) for id in item["answer"]["of"]))
        wanted = [id for id in item["answer"]["of"] if not _is_told(id, set(told))]
    except facts.FactError:
        return  # press.bank tells of a row that is none
    for id in wanted:
        reason = f"{id} is a row of the answer, and no fact of the question or of its explanation tells it; told are {', '.join(told) or 'none'}."
        yield _slip(blocks[0], "rows of an answer", item["id"], reason)
    for id, (block, words) in _facts(blocks, "ask").items():
        if id not in behind:
            reason = f"it asks about {words} ({id}), and the answer is made of {', '.join(item['answer']['of'])}."
            yield _slip(block, "rows of an answer", words, reason)


def _is_told(id: str, told: set[str]) -> bool:
    """Whether a row is among those told, or all that it is worked out from."""
    inputs = [each.id for each in facts.fact(id).inputs()]
    return id in told or bool(inputs) and all(_is_told(each, told) for each in inputs)


def _behind(id: str, told: set[str]) -> set[str]:
    """A row and all that it is worked out from."""
    return {id}.union(*(_behind(each.id, told) for each in facts.fact(id).inputs()))


def as_written(names: Sequence[str]) -> Iterator[Slip]:
    """Whoever works with the numbers as written comes within the tolerance."""
    for page in names:
        for item, blocks in _asked(page):
            yield from _written(item, blocks)


def _written(item: dict[str, Any], blocks: list[Block]) -> Iterator[Slip]:
    answer = item["answer"]
    try:
        number = bankform.number(answer)
        told = _facts(blocks, "why") | _facts(blocks, "ask")
        values = [_value(id, told) for id in answer["of"]]
    except (ValueError, facts.FactError):
        return
    if None in values or answer["is"] not in bankform.OF_VALUES:
        return
    made = bankform.OF_VALUES[answer["is"]]([v for v in values if v is not None])
    if not number.low <= made <= number.high:
        shown = f"{made:.{answer['places'] + 1}f}"
        reason = f"with the numbers as they are written it comes to {shown}, and {number}; give it more room (tolerance) or write more digits."
        yield _slip(blocks[0], "answer as written", item["id"], reason)


def _value(id: str, told: dict[str, tuple[Block, str]]) -> Decimal | None:
    """The number of a row as it is written, in the unit of the row; None where it is not told in digits."""
    found = facts.fact(id)
    if id not in told:
        inputs = found.inputs()
        if found.row.get("method") != "difference" or len(inputs) != 2:
            return None
        one, other = (_value(each.id, told) for each in inputs)
        return None if one is None or other is None else one - other
    said = [each for each in numbers(told[id][1]) if each.written[0].isdigit()]
    if not said or not found.value:
        return None
    written, held = Decimal(said[0].written.replace(",", "")), found.value
    scale = min(_SCALES, key=lambda by: abs(abs(held) * by - written))
    return (written / scale).copy_sign(held)


def unit_said(names: Sequence[str]) -> Iterator[Slip]:
    """The unit of an answer, and what is asked for, are those of what is worked out."""
    for page in names:
        for item, blocks in _asked(page):
            for words, reason in _unit_faults(item["answer"], blocks[0].text):
                yield _slip(blocks[0], "unit of an answer", words, reason)


def _unit_faults(answer: dict[str, Any], ask: str) -> Iterator[tuple[str, str]]:
    """(words, reason)"""
    unit, way = answer["unit"], answer["is"]
    says = _SAYS.get(way)
    if not (says.search(unit) if says else unit and not _RATIO.match(unit)):
        yield unit, f"a {way} is not told in {unit or 'no unit'!r}."
    if not re.search(_ASKS.get(way, ""), ask, re.I):
        yield way, f"nothing in the question asks for a {way}."
    try:
        value = bankform.number(answer).value
    except (ValueError, facts.FactError):
        return  # press.bank tells of it
    if unit.startswith("times") and value < 1:
        yield unit, f"{value} times is less than one; are the two rows exchanged?"
    if way == "ratio" and re.search(r"\bas a part of\b", ask) and value > 1:
        yield (
            unit,
            f"a part is no more than one, and {value} is; are the two rows exchanged?",
        )
    if way == "relative reduction" and value < 0:
        yield unit, "the reduction is below zero; are the two rows exchanged?"


def _slip(block: Block, rule: str, words: str, reason: str) -> Slip:
    return Slip(block.file, block.line, rule, words, f"{block.label}: {reason}")


RULES: dict[str, Rule] = {
    "rows of an answer": rows_told,
    "answer as written": as_written,
    "unit of an answer": unit_said,
}
