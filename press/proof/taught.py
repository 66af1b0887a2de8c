"""Objectives and what tests them: each has a question or the exercise, and some questions ask for more than words.

A question of a side file says `tests: [1, 3]`, the numbers of the objectives that its right answer needs, and `asks:`, what
its reader must do (press.pages.ASKS). `exercise: [2]` says the same of the exercise of the page.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from press import myst, pages

from .slip import Rule, Slip

#: What at least one question in three asks for.
WORK = ("calculate", "read a figure")


def _sides(names: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(page, its side file) of the pages of threads; a side file with faults is left to those who check it."""
    for page in names:
        place = pages.place(page, pages.ROOT)
        if place:
            try:
                yield page, pages.side(place, pages.ROOT)
            except pages.PageError:
                continue


def _line(page: str, words: str) -> int:
    """The line of a side file on which words begin; 1 where they cannot be found."""
    text = (pages.ROOT / f"{page}.yml").read_text(encoding="utf-8")
    place = text.find(words[:30])
    return text.count("\n", 0, max(place, 0)) + 1


def objective_tested(names: Sequence[str]) -> Iterator[Slip]:
    """Each objective has a question or an exercise, and each question and exercise has an objective."""
    rule = "objective tested"
    for page, side in _sides(names):
        file, tested = f"{page}.yml", set(pages.aims(side.get("exercise")))
        for question in side["questions"]:
            tested.update(pages.aims(question.get("tests")))
            if "tests" not in question:
                why = "the question does not say which objectives it tests, by number: `tests: [1, 3]`."
                line = _line(page, f"id: {question['id']}")
                yield Slip(file, line, rule, question["id"], why)
        for count, words in enumerate(side["objectives"], 1):
            if count not in tested:
                why = f"no question and no exercise tests objective {count}."
                yield Slip(file, _line(page, words), rule, words, why)
        source = myst.read(pages.ROOT / f"{page}.md", f"{page}.md")
        if bool(source.named("exercise-start")) != ("exercise" in side):
            why = (
                "the exercise of the page names no objectives: `exercise: [2]`."
                if "exercise" not in side
                else "the side file names objectives of an exercise, and the page has none."
            )
            yield Slip(file, _line(page, "exercise:"), rule, "exercise", why)


def asked_to_work(names: Sequence[str]) -> Iterator[Slip]:
    """At least one question in three asks for a calculation or for reading a figure."""
    rule = "asked to work"
    for page, side in _sides(names):
        file, kinds = f"{page}.yml", []
        for question in side["questions"]:
            kinds.append(question.get("asks", ""))
            if "asks" not in question:
                why = f"the question does not say what it asks its reader to do, `asks:` one of {', '.join(pages.ASKS)}."
                line = _line(page, f"id: {question['id']}")
                yield Slip(file, line, rule, question["id"], why)
        work = sum(kind in WORK for kind in kinds)
        if 3 * work < len(kinds):
            why = f"{work or 'none'} of {len(kinds)} questions asks for a calculation or for reading a figure; one in three is needed."
            yield Slip(file, _line(page, "questions:"), rule, "questions", why)


RULES: dict[str, Rule] = {
    "objective tested": objective_tested,
    "asked to work": asked_to_work,
}
