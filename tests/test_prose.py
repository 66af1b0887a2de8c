"""The pages as text: reading level, length, anatomy, words that the house does not use."""

import re

import pytest
import textstat
import yaml
from conftest import ROOT, THREADS, TIERS

GRADE = {"fundamentals": 6.5, "intermediate": 10, "academic": 14}
WORDS = {
    "fundamentals": (500, 1100),
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


def source(page):
    return (ROOT / f"{page}.md").read_text(encoding="utf-8")


def prose(text):
    """The sentences of a page: no front matter, code, directive lines, headings, tables or markup; roles read as on the page."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
    text = re.sub(r"^(`{3,}|~{3,}).*?^\1\s*$", "", text, flags=re.S | re.M)
    text = re.sub(
        r":::+\{(page-head|check-yourself|where-from|exercise-end|solution-start|solution-end)\}.*?:::+\s*$",
        "",
        text,
        flags=re.S | re.M,
    )
    text = re.sub(
        r"^\s*:{3,}.*$|^:\w[\w-]*:.*$|^#.*$|^\|.*$|^\(.*\)=$|^%.*$",
        "",
        text,
        flags=re.M,
    )
    text = re.sub(r"\{cite[^}]*\}`[^`]*`", "", text)
    text = re.sub(r"\{\w[\w-]*\}`([^`<]*?)\s*(?:<[^>]*>)?`", r"\1", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\$[^$]*\$", "x", text)
    text = re.sub(r"^\s*[-*]\s+", "", text, flags=re.M)
    text = re.sub(r"\n\s*\n", "\n\n", re.sub(r"[*_`]", "", text))
    paragraphs = [
        " ".join(block.split()) for block in text.split("\n\n") if block.strip()
    ]
    return "\n".join(
        block if block[-1:] in ".?!:" else block + "." for block in paragraphs
    )


def grade(page):
    return textstat.flesch_kincaid_grade(prose(source(page)))


@pytest.mark.parametrize("page", THREADS)
def test_reading_level(page):
    tier = page.split("/")[1]
    measured = grade(page)
    assert measured <= GRADE[tier], (
        f"{page} reads at grade {measured}; {tier} stays at {GRADE[tier]} or lower"
    )


@pytest.mark.parametrize("thread", sorted({page.split("/")[-1] for page in THREADS}))
def test_reading_level_rises(thread):
    grades = [
        grade(f"book/{tier}/{thread}")
        for tier in TIERS
        if f"book/{tier}/{thread}" in THREADS
    ]
    assert grades == sorted(grades) and len(set(grades)) == len(grades), grades


@pytest.mark.parametrize("page", THREADS)
def test_length(page):
    low, high = WORDS[page.split("/")[1]]
    count = len(prose(source(page)).split())
    assert low <= count <= high, f"{page} has {count} words of prose"


@pytest.mark.parametrize("page", THREADS)
def test_reading_time(page):
    """The minutes in the side file are those of a calm reader (150 to 300 words a minute, and time for figures and cells)."""
    minutes = yaml.safe_load((ROOT / f"{page}.yml").read_text(encoding="utf-8"))[
        "minutes"
    ]
    words = len(prose(source(page)).split())
    assert words / 300 <= minutes <= words / 60, (
        f"{page}: {words} words, {minutes} minutes"
    )


@pytest.mark.parametrize("page", THREADS)
def test_anatomy(page):
    """What every page has, in this order."""
    tier = page.split("/")[1]
    text = source(page)
    parts = [
        r"^# ",
        r"\{page-head\}",
        r"\{how-sure\} (high|moderate|low|very low)\n",
        r"\{in-one-breath\}",
        r"\{check-yourself\}",
    ]
    parts += (
        [r"\{take-with-you\}"]
        if tier == "fundamentals"
        else [r"\{exercise-start\}", r"\{solution-start\}"]
    )
    parts += [r"\{where-from\}"]
    places = [re.search(part, text, re.M) for part in parts]
    assert all(places), [part for part, place in zip(parts, places) if not place]
    assert [place.start() for place in places] == sorted(
        place.start() for place in places
    )


@pytest.mark.parametrize("page", THREADS)
def test_cells(page):
    """A cell is short, makes no promise it does not keep, and folds away in Fundamentals; each figure has caption, name and alt text."""
    cells = re.findall(
        r"^```\{code-cell\}[^\n]*\n(.*?)^```\s*$", source(page), re.S | re.M
    )
    assert cells
    for cell in cells:
        options, code = {}, cell
        if match := re.match(r"---\n(.*?)\n---\n", cell, re.S):
            options, code = yaml.safe_load(match[1]), cell[match.end() :]
        lines = [line for line in code.strip().splitlines() if line.strip()]
        assert len(lines) <= 15, f"{page}: a cell of {len(lines)} lines:\n{code}"
        assert not re.search(r"^\s*(%|!|def |class |print\()", code, re.M), (
            f"{page}: {code}"
        )
        if "fundamentals" in page:
            assert "hide-input" in options.get("tags", []), (
                f"{page}: a cell that does not fold:\n{code}"
            )
        if "plt." in code or "fig" in code:
            figure = options.get("mystnb", {})
            assert figure.get("figure", {}).get("caption") and figure["figure"].get(
                "name"
            ), f"{page}: figure without caption or name:\n{code}"
            assert len(figure.get("image", {}).get("alt", "").split()) >= 20, (
                f"{page}: alt text too short:\n{code}"
            )


@pytest.mark.parametrize("page", THREADS)
def test_house_words(page):
    text = prose(source(page)).lower()
    found = [word for word in MARKETING if re.search(rf"\b{word}", text)]
    assert found == []
    assert text.count("—") == 0, "an em-dash; a full stop or a comma does it"


def test_no_two_pages_open_the_same_way():
    openings = {}
    for page in THREADS:
        opening = " ".join(prose(source(page)).split()[:4]).lower()
        assert opening not in openings, (
            f"{page} opens like {openings[opening]}: {opening}"
        )
        openings[opening] = page


def test_reading_level_can_fail():
    """The measure tells hard from easy: a limit that nothing exceeds would be no limit."""
    hard = "Transcriptional co-regulator stoichiometry determines tissue-selective pharmacological partial agonism in hormone-responsive epithelia."
    easy = "The drug slows the loss. It does not stop it."
    assert (
        textstat.flesch_kincaid_grade(hard)
        > 14
        > 6.5
        > textstat.flesch_kincaid_grade(easy)
    )
