"""The kinds of change: what somebody could get wrong in the tables, on a page, in a figure with sliders.

    change = KINDS["prose: dose"].make(random.Random(1), root)     # -> Change, or None where there is nothing of the kind

Each kind is a small function of a text and a random.Random that gives Edits or None (see words.py), with the files in which
it may happen. GROUPS has them by the tables in which a run is told.
"""

import random
import re
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from . import in_code, in_tables, in_teach, on_pages, words
from .words import Edit, Slip

TIERS = ("book/fundamentals/*.md", "book/intermediate/*.md", "book/academic/*.md")
SIDES = tuple(tier.replace(".md", ".yml") for tier in TIERS)
TABLES = ("data/*.csv",)
BIB = ("book/references.bib",)
MODELS = ("explorables/*/model.py",)
SCRIPTS = ("explorables/*/model.js",)
DRAWINGS = ("figures/*.svg",)
BANK = tuple(side.replace("book/", "teach/") for side in SIDES)
LISTS = ("teach/stations.yml", "teach/cases.yml")
ASSIGNMENTS = ("teach/assignments/*-*.md",)
EXPORTS = tuple(f"tools/shelf/{name}.py" for name in ("canvas", "moodle", "cartridge", "qti21", "cards", "paper"))  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One change of one file. old and new: the words around it, before and after; text: the whole file after it."""

    file: str
    line: int
    kind: str
    old: str
    new: str
    text: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line} ({self.kind}): {self.old} → {self.new}"


@dataclass(frozen=True)
class Kind:
    """A kind of change: its name, the function that makes it, and the files in which it may happen."""

    name: str
    slip: Slip
    files: tuple[str, ...]

    def make(self, dice: random.Random, root: Path) -> Change | None:
        """A change of this kind in one of the files; None where none of them has a place for it."""
        paths = sorted({path for each in self.files for path in root.glob(each)})
        dice.shuffle(paths)
        for path in paths:
            text = path.read_text(encoding="utf-8")
            if edits := self.slip(text, dice):
                file = path.relative_to(root).as_posix()
                return changed(file, self.name, text, edits)
        return None


def changed(file: str, kind: str, text: str, edits: list[Edit]) -> Change:
    """The Change that these edits of a file's text make."""
    old, new, made, at = [], [], [], 0
    for start, end, put in sorted(edits):
        before, after = _around(text, start, end)
        old.append(before + _short(text[start:end]) + after)
        new.append(before + _short(put) + after)
        made += [text[at:start], put]
        at = end
    line = text.count("\n", 0, min(edits)[0]) + 1
    told = (" … ".join(" ".join(part.split()) for part in side) for side in (old, new))
    return Change(file, line, kind, *told, "".join([*made, text[at:]]))


def _short(words: str) -> str:
    return words if len(words) < 90 else f"{words[:60]} … {words[-20:]}"


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """Up to thirty characters of the same line on either side, from a blank on; of a table, the row's id."""
    left = text.rfind("\n", 0, start) + 1
    right = text.find("\n", end) % (len(text) + 1)
    before, after = text[left:start], text[end:right]
    if len(before) > 30:
        before = before[-30:].partition(" ")[2] or before[-12:]
    if len(after) > 30:
        after = after[:30].rpartition(" ")[0] or after[:12]
    id = re.match(r"[a-z0-9]+(?:-[a-z0-9]+)*,", text[left:])
    if id and id.end() <= start - left - len(before):
        before = f"{id[0][:-1]}: {before}"
    return before, after


_direction_or_drug = words.first(
    words.swap(words.DIRECTIONS), words.swap(words.DRUGS), words.negation
)
_texts = [*in_tables.TEXTS, "note"]
_arm_numbers = ("value", "se", "sd", "ci_low", "ci_high", "n", "events", "person_years")

IN_TABLES: dict[str, tuple[Slip, tuple[str, ...]]] = {
    "address, DOI, PMID: one digit": (in_tables.cell("address", "doi", "pmid", change=in_tables.a_digit), TABLES),
    "arms exchanged (drug, dose)": (in_tables.arms("drug", "dose_mg"), TABLES),
    "bib: DOI or PMID": (in_tables.field_of_bib("doi|pmid", words.digit(r"\d+")), BIB),
    "bib: author": (in_tables.author, BIB),
    "bib: title": (in_tables.field_of_bib("title", in_tables.title_word), BIB),
    "bib: volume or pages": (in_tables.field_of_bib("volume|pages", words.digit(r"\d+")), BIB),
    "bib: year": (in_tables.field_of_bib("year", words.digit(r"\d+")), BIB),
    "comparator: another": (in_tables.another("comparator"), TABLES),
    "decimal point moved": (in_tables.cell("value", change=in_tables.of_a_number(words.point_moved)), TABLES),
    "derived: label, unit, per, years": (
        in_tables.in_derived(words.first(
            in_tables.cell("label", change=words.words_of(words.swap(words.SENSE))),
            in_tables.another("unit", "per", "years"),
        )), TABLES),
    "direction, negation or drug in a text column": (
        in_tables.cell(*_texts, change=words.words_of(_direction_or_drug)), TABLES),
    "dose": (in_tables.another("dose_mg"), TABLES),
    "drug raloxifene <-> tamoxifen": (
        in_tables.cell("drug", change=words.words_of(words.swap(words.DRUGS))), TABLES),
    "events above n": (in_tables.events_above_n, TABLES),
    "ids of two rows exchanged": (in_tables.ids_exchanged, TABLES),
    "interval, se, sd: one digit": (
        in_tables.cell("ci_low", "ci_high", "se", "sd", change=in_tables.a_digit), TABLES),
    "limits exchanged": (in_tables.limits_exchanged, TABLES),
    "measure or statistic: another": (in_tables.another("measure", "statistic"), TABLES),
    "months or year": (in_tables.cell("months", "year", change=in_tables.a_digit), TABLES),
    "n, events, person-years: one digit": (
        in_tables.cell("n", "events", "person_years", "n_total", change=in_tables.a_digit), TABLES),
    "numbers of two arms exchanged": (in_tables.arms(*_arm_numbers), TABLES),
    "p value or level": (words.first(
        in_tables.cell("p_value", change=in_tables.a_digit),
        in_tables.cell("ci_level", change=lambda value, _: "90" if value == "95" else "95")), TABLES),
    "population, site, outcome, marker: another": (in_tables.another(*in_tables.CODED), TABLES),
    "row gone": (in_tables.row_gone, TABLES),
    "seen or approx": (words.first(in_tables.another("seen"), in_tables.another("approx")), TABLES),
    "sign of the value": (
        in_tables.cell("value", change=in_tables.of_a_number(lambda value, _: value[1:] if value[0] == "-" else f"-{value}")), TABLES),
    "study: another key": (in_tables.another("study"), TABLES),
    "unit: another of the table": (in_tables.another("unit"), TABLES),
    "value missing": (in_tables.value_missing, TABLES),
    "value: one digit": (in_tables.cell("value", change=in_tables.of_a_number(words.one_digit)), TABLES),
    "verdict, direction, sign, status, strength": (
        in_tables.another("verdict", "direction", "sign", "status", "strength"), TABLES),
    "words with a number in a text column": (
        in_tables.cell(*_texts, change=words.words_of(words.first(words.digit(), words.number_word))), TABLES),
}  # fmt: skip


_direction, _side, _drug = map(words.swap, (words.DIRECTIONS, words.SIDES, words.DRUGS))

ON_PAGES: dict[str, tuple[Slip, tuple[str, ...]]] = {
    "alt: a digit": (on_pages.within("alt", words.digit()), TIERS),
    "alt: direction word": (on_pages.within("alt", _side), TIERS),
    "alt: drug": (on_pages.within("alt", _drug), TIERS),
    "alt: number word": (on_pages.within("alt", words.number_word), TIERS),
    "alt: of two figures exchanged": (on_pages.alts_exchanged, TIERS),
    "caption: a digit": (on_pages.within("caption", words.digit(), True), TIERS),
    "caption: data": (on_pages.role(r"\{data\}`(\w+)`", on_pages.another_table, "caption"), TIERS),
    "caption: direction word": (on_pages.within("caption", _side, True), TIERS),
    "caption: drug": (on_pages.within("caption", _drug, True), TIERS),
    "caption: number word": (on_pages.within("caption", words.number_word, True), TIERS),
    "caption: source": (on_pages.role(on_pages.CITE, on_pages.another_key, "caption"), TIERS),
    "cell: color of another drug or side": (in_code.code(in_code.color), TIERS),
    "cell: id of another row": (in_code.code(in_code.other_id), TIERS),
    "cell: label of an axis or mark": (in_code.code(in_code.labels), TIERS),
    "cell: number": (in_code.code(in_code.number_in_code), TIERS),
    "cell: plus and minus": (in_code.code(in_code.plus_and_minus), TIERS),
    "cell: query": (in_code.code(in_code.query), TIERS),
    "cell: two labels or arms exchanged": (in_code.code(in_code.two_exchanged), TIERS),
    "citation: another key": (on_pages.role(on_pages.CITE, on_pages.another_key), TIERS),
    "citation: unknown key": (on_pages.role(on_pages.CITE, on_pages.misspelt_key), TIERS),
    "claims line: another claim": (on_pages.another_claim, TIERS),
    "drawing: a number": (on_pages.in_drawing("label", words.first(words.digit(r"\d+"), words.number_word)), DRAWINGS),
    "drawing: description": (on_pages.in_drawing("description", words.first(words.swap(words.SENSE), words.number_word)), DRAWINGS),
    "drawing: direction word": (on_pages.in_drawing("label", _side), DRAWINGS),
    "drawing: two labels exchanged": (on_pages.labels_exchanged, DRAWINGS),
    "fact: a digit of the number": (on_pages.role(on_pages.FACT, on_pages.words_of_role(words.digit())), TIERS),
    "fact: direction word beside it": (on_pages.near_fact(True, _direction), TIERS),
    "fact: direction word inside": (on_pages.role(on_pages.FACT, on_pages.words_of_role(_direction)), TIERS),
    "fact: id of another row of the study": (on_pages.role(on_pages.FACT, partial(on_pages.other_row, False)), TIERS),
    "fact: id of another row that agrees": (on_pages.role(on_pages.FACT, partial(on_pages.other_row, True)), TIERS),
    "fact: role taken off": (on_pages.role(on_pages.FACT, lambda found, _: found[1]), TIERS),
    "fact: {given} for a trial's number, digit changed": (on_pages.role(on_pages.FACT, on_pages.given_for_fact), TIERS),
    "formula: a digit": (on_pages.within("formula", words.digit(r"(?<![\d.])\d+(?:\.\d+)?")), TIERS),
    "front page: number": (on_pages.within("prose", words.first(words.digit(), words.number_word), True), ("book/index.md",)),
    "given: a digit": (on_pages.role(r"\{given\}`([^`]+)`", on_pages.words_of_role(words.digit(r"\d+(?:[.,]\d+)?"))), TIERS),
    "glossary: a digit": (on_pages.within("glossary", words.digit(), True), ("book/reference/glossary.md",)),
    "glossary: direction word": (on_pages.within("glossary", _direction), ("book/reference/glossary.md",)),
    "how sure: another level": (on_pages.another_level, TIERS),
    "link: another page": (on_pages.another_page, TIERS),
    "link: broken": (on_pages.broken_link, TIERS),
    "markdown table: a digit": (on_pages.within("table", words.digit(), True), TIERS),
    "minutes": (on_pages.minutes, SIDES),
    "models page: a digit": (on_pages.within("prose", words.digit(), True), ("book/reference/models.md",)),
    "objective: word": (on_pages.in_side("objective", words.first(words.swap(words.SENSE), words.number_word)), SIDES),
    "prose: denominator": (on_pages.within("prose", words.denominator), TIERS),
    "prose: direction word, no number near": (on_pages.near_fact(False, _direction), TIERS),
    "prose: dose": (on_pages.within("prose", words.digit(words.DOSE)), TIERS),
    "prose: drug raloxifene <-> tamoxifen": (on_pages.within("prose", _drug), TIERS),
    "prose: negation dropped": (on_pages.within("prose", words.negation), TIERS),
    "prose: number word": (on_pages.within("prose", words.number_word, True), TIERS),
    "prose: span in years or months": (on_pages.within("prose", words.number(words.SPAN)), TIERS),
    "prose: year": (on_pages.within("prose", words.digit(words.YEAR)), TIERS),
    "quiz: digit in question or answer": (on_pages.in_side("quiz", words.digit(r"\d+(?:[.,]\d+)?")), SIDES),
    "quiz: direction word": (on_pages.in_side("quiz", _direction), SIDES),
    "quiz: drug": (on_pages.in_side("quiz", _drug), SIDES),
    "quiz: negation dropped": (on_pages.in_side("quiz", words.negation), SIDES),
    "quiz: number word": (on_pages.in_side("quiz", words.number_word), SIDES),
    "quiz: right moved": (on_pages.right_moved, SIDES),
    "term: another entry": (on_pages.role(r"\{term\}`([^`]+)`", on_pages.another_term), TIERS),
    "threads.yml: another name": (on_pages.name_of_thread, ("book/threads.yml",)),
}  # fmt: skip

IN_SLIDERS: dict[str, tuple[Slip, tuple[str, ...]]] = {
    # labels and sentences stand in model.py, from where the browser has them
    "javascript: label of an answer": (in_code.part(in_code.NUMBERS, in_code.labels), MODELS),
    "javascript: number": (in_code.number_in_code, SCRIPTS),
    "javascript: sentence under the chart": (in_code.part(in_code.SENTENCES, in_code.labels), MODELS),
    "python: color of another side": (in_code.color, MODELS),
    "python: id of another row": (in_code.other_id, MODELS),
    "python: label, title, help, option": (in_code.part(f"{in_code.NUMBERS}|{in_code.SENTENCES}", in_code.labels, False), MODELS),
    "python: number": (in_code.part(f"{in_code.CHART}|{in_code.PRESETS}", in_code.number_in_code, False), MODELS),
    "python: preset": (in_code.part(in_code.PRESETS, in_code.preset), MODELS),
}  # fmt: skip

_number = words.first(words.digit(r"\d+(?:[.,]\d+)?"), words.number_word)
_word = words.first(_direction, _drug, words.negation)

IN_TEACH: dict[str, tuple[Slip, tuple[str, ...]]] = {
    "appraisal: another claim": (in_teach.within(in_teach.CLAIMS, in_teach.another(in_teach.ID, in_teach.a_claim)), ("teach/appraisal.yml",)),
    "arrives: a number": (in_teach.said(_number), ("teach/arrives.yml",)),
    "assignment: a digit": (on_pages.within("prose", words.digit(), True), ASSIGNMENTS),
    "assignment: direction, drug or negation": (on_pages.within("prose", _word), ASSIGNMENTS),
    "assignment: id of another row": (in_code.code(in_code.other_id), ASSIGNMENTS),
    "assignment: number in a cell": (in_code.code(in_code.number_in_code), ASSIGNMENTS),
    "bank: a digit": (in_teach.asked(words.digit(r"\d+(?:[.,]\d+)?")), BANK),
    "bank: direction word": (in_teach.asked(_direction), BANK),
    "bank: drug": (in_teach.asked(_drug), BANK),
    "bank: fact of another row": (in_teach.fact_in(partial(on_pages.other_row, True)), BANK),
    "bank: negation dropped": (in_teach.asked(words.negation), BANK),
    "bank: number word": (in_teach.asked(words.number_word), BANK),
    "bank: objective exchanged": (in_teach.within(in_teach.OBJECTIVE, in_teach.another(r"\d", in_teach.a_number)), BANK),
    "bank: right moved": (on_pages.right_moved, BANK),
    "bank: row of an answer": (in_teach.within(in_teach.ROWS, in_teach.another(r"[a-z][\w-]+", in_teach.a_row)), BANK),
    "bank: unit of an answer": (in_teach.within(in_teach.UNIT, in_teach.another(r"[^\0\n]+", in_teach.a_unit)), BANK),
    "bank: way or tolerance of an answer": (words.first(
        in_teach.within(in_teach.WAY, in_teach.another(r"[^\0\n]+", in_teach.a_way)),
        in_teach.within(in_teach.ROOM, words.digit(r"\d+(?:\.\d+)?"))), BANK),
    "competency: another objective or page": (words.first(
        in_teach.within(in_teach.MEETS, in_teach.another(r"\d", in_teach.a_number)),
        in_teach.another(in_teach.PAGE, in_teach.a_page)), ("teach/competencies.yml",)),
    "handout: another row": (in_teach.within(in_teach.NUMBERS, in_teach.another(in_teach.ID, in_teach.a_row)), ("teach/handouts.yml",)),
    "prompt: direction, drug or negation": (in_teach.prompt(_word), BANK),
    "prompt: number": (in_teach.prompt(_number), BANK),
    "station or case: direction, drug or negation": (in_teach.said(_word), LISTS),
    "station or case: number": (in_teach.said(_number), LISTS),
    "station or case: points": (in_teach.points, LISTS),
    "station or case: section": (in_teach.another(in_teach.SECTION, in_teach.a_section), LISTS),
    "syllabus: another page": (in_teach.another(in_teach.PAGE, in_teach.a_page), ("teach/syllabi.yml",)),
}  # fmt: skip

IN_EXPORTS: dict[str, tuple[Slip, tuple[str, ...]]] = {
    "export: a word or a number": (in_teach.typed, EXPORTS),
    "export: a condition": (in_teach.yes_and_no, EXPORTS),
    "export: another field": (in_teach.another_field, EXPORTS),
}  # fmt: skip

#: {name of the table in which they are told: {name of the kind: Kind}}
GROUPS: dict[str, dict[str, Kind]] = {
    group: {name: Kind(name, *made) for name, made in kinds.items()}
    for group, kinds in {
        "Tables and bibliography": IN_TABLES,
        "Pages, side files, drawings, cells": ON_PAGES,
        "Figures with sliders": IN_SLIDERS,
        "What is taught": IN_TEACH,
        "Exports of the bank": IN_EXPORTS,
    }.items()
}
KINDS: dict[str, Kind] = {name: kind for kinds in GROUPS.values() for name, kind in kinds.items()}  # fmt: skip


def plan(seed: int, count: int, root: Path, only: str | None = None) -> list[Change]:
    """This many different changes, of the kinds in turn; fewer where there are no more. The same for the same seed.

    Where there are more kinds than changes, the seed says which kinds have their turn.
    """
    names = [name for name in KINDS if only in (None, name)]
    random.Random(seed).shuffle(names)
    dice = {name: random.Random(f"{seed} {name}") for name in names}
    made: list[Change] = []
    seen: set[tuple[str, str]] = set()
    while dice and len(made) < count:
        for name in list(dice)[: count - len(made)]:
            for _ in range(20):
                change = KINDS[name].make(dice[name], root)
                if change and (change.file, change.text) not in seen:
                    made.append(change)
                    seen.add((change.file, change.text))
                    break
            else:
                del dice[name]
    return made
