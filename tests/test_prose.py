"""The pages as text: reading level, length, anatomy, words that the house does not use."""

import re

import pytest
import yaml

from helpers import PAGES, ROOT, THREADS, TIERS
from press import myst, pages
from tools import reading

GRADE = {"fundamentals": 6.5, "intermediate": 10, "academic": 14}
WORDS = {
    "fundamentals": (500, 1150),
    "intermediate": (800, 1700),
    "academic": (1300, 2600),
}
MARKETING = (
    "optimal",
    "vitality",
    "journey",
    "unlock",
    "holistic",
    "empower",
    "game-chang",
    "cutting-edge",
    "robust",
    "leverag",
    "delve",
)


def page_of(name):
    return myst.read(ROOT / f"{name}.md", f"{name}.md")


@pytest.mark.parametrize("page", THREADS)
def test_reading_level(page):
    tier = page.split("/")[1]
    measured = reading.grade(page_of(page))
    assert measured <= GRADE[tier], (
        f"{page} reads at grade {measured}; {tier} stays at {GRADE[tier]} or lower"
    )


@pytest.mark.parametrize("thread", sorted({page.split("/")[-1] for page in THREADS}))
def test_reading_level_rises(thread):
    """Academic asks most. Fundamentals may lie up to one grade above Intermediate: the formula counts the length of sentences,
    and those of Fundamentals are as long as their thought, with plainer words."""
    grades = [
        reading.grade(page_of(f"book/{tier}/{thread}"))
        for tier in TIERS
        if f"book/{tier}/{thread}" in THREADS
    ]
    *lower, academic = grades
    assert academic > max(lower) and lower[0] <= lower[-1] + 1, grades


@pytest.mark.parametrize("page", THREADS)
def test_length(page):
    low, high = WORDS[page.split("/")[1]]
    count = len(page_of(page).prose.split())
    assert low <= count <= high, f"{page} has {count} words of prose"


@pytest.mark.parametrize("page", THREADS)
def test_reading_time(page):
    """The minutes in the side file are those of a calm reader (150 to 300 words a minute, and time for figures and cells)."""
    minutes = yaml.safe_load((ROOT / f"{page}.yml").read_text(encoding="utf-8"))[
        "minutes"
    ]
    words = len(page_of(page).prose.split())
    assert words / 300 <= minutes <= words / 60, (
        f"{page}: {words} words, {minutes} minutes"
    )


def test_every_page_has_its_place():
    """A page that _toc.yml does not name is not built, and nothing else says so."""
    written = {
        path.relative_to(ROOT).with_suffix("").as_posix()
        for path in (ROOT / "book").glob("**/*.md")
    }
    assert written - set(pages.contents()) == set(), "these need a line in _toc.yml"
    threads = {entry["thread"] for entry in pages.threads()}
    homeless = {
        page
        for page in written
        if page.split("/")[1] in TIERS
        and page.split("/")[-1] not in {"index", "reflection", *threads, *pages.BESIDE}
    }
    assert homeless == set(), "these need a thread in book/threads.yml"


@pytest.mark.parametrize("page", THREADS)
def test_anatomy(page):
    """What every page has, in this order."""
    tier = page.split("/")[1]
    ending = (
        ["do-today", "take-with-you"]
        if tier == "fundamentals"
        else ["exercise-start", "solution-start"]
    )
    parts = ["page-head", "how-sure", "in-one-breath", "check-yourself", *ending]
    source = page_of(page)
    found = source.named(*parts, "where-from")
    assert list(dict.fromkeys(part.name for part in found)) == [*parts, "where-from"]
    sure = source.named("how-sure")[0]
    assert pages.how_sure(sure.argument, sure.body).grades
    assert source.headings[0].level == 1 and source.headings[0].line < found[0].line


FUNDAMENTALS = [page for page in PAGES if page.startswith("book/fundamentals/")]


@pytest.mark.parametrize("page", FUNDAMENTALS)
def test_sentences_are_as_long_as_their_thought(page):
    """A grade can be had by chopping sentences; so the middle one has 11 to 16 words, and few are very short."""
    sound = reading.rhythm(page)
    if page.split("/")[-1] in {"index", "reflection", "talk", "help"}:
        assert sound.median >= 9  # lists, for the most part
        return
    assert 11 <= sound.median <= 16, f"{page}: the middle sentence has {sound.median}"
    assert sound.short <= 0.1, f"{page}: {sound.short:.0%} have fewer than six words"


@pytest.mark.parametrize("page", FUNDAMENTALS)
def test_no_paragraph_is_full_of_numbers(page):
    most, line = reading.fullest(page)[0]
    assert most <= 4, f"{page}.md:{line}: {most} numbers in a paragraph"


def test_no_turn_of_phrase_on_three_pages():
    """Six words in a row on three pages of Fundamentals; what must be the same everywhere stands in book/signs.yml.

    The name of the links to that box is the same on purpose, and so is the sentence that doors and talk take from `fractures`.
    """
    found = reading.turns(FUNDAMENTALS)
    wanted = (
        "the signs that need help at once",
        "women had a new spine break",
        "a new strong pain in the back",
        "over some two and a half years",
    )
    often = {
        run: where
        for run, where in found.items()
        if len(where) > 2 and not any(part in run or run in part for part in wanted)
    }
    assert often == {}


@pytest.mark.parametrize("page", FUNDAMENTALS)
def test_no_claims_of_the_sources_on_fundamentals(page):
    """They stand on the upper tiers and on the claims page: she never read those texts."""
    assert all("claims:" not in end.body for end in page_of(page).named("where-from"))


@pytest.mark.parametrize("page", THREADS)
def test_house_words(page):
    text = page_of(page).prose.lower()
    found = [word for word in MARKETING if re.search(rf"\b{word}", text)]
    assert found == []
    assert text.count("—") == 0, "an em-dash; a full stop or a comma does it"


def test_no_two_pages_open_the_same_way():
    openings = {}
    for page in THREADS:
        opening = " ".join(page_of(page).prose.split()[:4]).lower()
        assert opening not in openings, (
            f"{page} opens like {openings[opening]}: {opening}"
        )
        openings[opening] = page


def test_reading_level_is_that_of_the_sentences_alone():
    """Hard sentences are told from easy ones, and what is no sentence of the page does not count."""
    hard = "Transcriptional co-regulator stoichiometry determines tissue-selective pharmacological partial agonism in hormone-responsive epithelia."
    easy = "The drug slows the loss. It does not stop it."
    around = f"""---
title: {hard}
---
# {hard}

TEXT {{cite:p}}`{hard.split()[0]}`

```{{code-cell}} ipython3
title = "{hard}"
```

| {hard} |
|---|
| {hard} |

$$ {hard} $$
"""
    grades = [
        reading.grade(myst.parse(around.replace("TEXT", text))) for text in (easy, hard)
    ]
    assert grades[0] < GRADE["fundamentals"] and grades[1] > GRADE["academic"]
    assert grades[0] == reading.grade(myst.parse(easy))
