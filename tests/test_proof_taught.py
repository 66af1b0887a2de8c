"""Objectives and what tests them, on a small page that is changed one way at a time."""

import copy
import shutil

import pytest
import yaml

from press import pages
from press.proof import taught

PAGE = "book/intermediate/density"
PROSE = (
    "# T\n\n:::{exercise-start}\n:label: a\n:::\nWork it out.\n:::{exercise-end}\n:::\n"
)
SIDE = {
    "minutes": 1,
    "objectives": ["Read a bar", "Work out a gap", "Judge a claim"],
    "questions": [
        {
            "id": f"density-i-{count}",
            "tests": tests,
            "asks": asks,
            "ask": "Which?",
            "options": [
                {"text": "This.", "right": True, "why": "So it is."},
                {"text": "That.", "because": "wrong size", "why": "No."},
                {"text": "Neither.", "because": "no effect", "why": "No."},
            ],
        }
        for count, (tests, asks) in enumerate(
            [(1, "read a figure"), ([1, 3], "judge"), (3, "recall")], 1
        )
    ],
    "exercise": 2,
}


@pytest.fixture
def told(tmp_path, monkeypatch):
    """What the rules say of the small page after a change of its side file, and with another text."""
    (tmp_path / PAGE).parent.mkdir(parents=True)
    shutil.copy(pages.ROOT / "book/threads.yml", tmp_path / "book")
    monkeypatch.setattr(pages, "ROOT", tmp_path)

    def told(change=None, prose=PROSE):
        side = copy.deepcopy(SIDE)
        if change:
            change(side)
        (tmp_path / f"{PAGE}.md").write_text(prose, encoding="utf-8")
        path = tmp_path / f"{PAGE}.yml"
        path.write_text(yaml.safe_dump(side, sort_keys=False), encoding="utf-8")
        found = [slip for rule in taught.RULES.values() for slip in rule([PAGE])]
        return [(slip.line, slip.words, slip.reason) for slip in found]

    return told


def test_the_page_as_it_stands_has_no_slip(told):
    assert told() == []


def question(count, **fields):
    """A change: these fields of a question, from 1; None takes a field out."""

    def change(side):
        for name, value in fields.items():
            side["questions"][count - 1][name] = value
            if value is None:
                del side["questions"][count - 1][name]

    return change


@pytest.mark.parametrize(
    "change, prose, line, words, reason",
    [
        (
            lambda side: side.update(exercise=1),
            PROSE,
            4,
            "Work out a gap",
            "no question and no exercise tests objective 2",
        ),
        (question(1, tests=2), PROSE, 0, "", ""),
        (question(3, tests=None), PROSE, 37, "density-i-3", "does not say which"),
        (question(2, asks=None), PROSE, 21, "density-i-2", "does not say what it asks"),
        (question(1, asks="judge"), PROSE, 6, "questions", "none of 3 questions asks"),
        (
            lambda side: side.pop("exercise"),
            PROSE,
            1,
            "exercise",
            "the exercise of the page names no objectives",
        ),
        (None, "# T\n", 51, "exercise", "and the page has none"),
    ],
)
def test_slips(told, change, prose, line, words, reason):
    found = told(change, prose)
    assert bool(found) == bool(words)
    if words:
        where, _, why = next(slip for slip in found if slip[1] == words)
        assert where == line and reason in why, found


def test_one_in_three(told):
    """Of four questions two must ask for work: one in three, and not one of four."""

    def fourth(side):
        side["questions"].append(
            side["questions"][1] | {"id": "density-i-4", "asks": "judge"}
        )

    assert "1 of 4 questions asks" in told(fourth)[0][2]
