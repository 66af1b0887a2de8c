"""The three doors of Fundamentals: each prints on one sheet that can be read, has its card, and leads on."""

import re

import pytest

from helpers import ROOT, opened, source
from press import myst, pages

DOORS = [f"book/fundamentals/{name}" for name in pages.DOORS]
FRONTS = ["book/index", "book/fundamentals/index"]
PRINTED = """() => {
    const found = {}
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) {
        const from = walk.currentNode.parentElement
        if (walk.currentNode.textContent.trim() && from.checkVisibility()) {
            const points = parseFloat(getComputedStyle(from).fontSize) * 0.75
            found[points.toFixed(2)] = walk.currentNode.textContent.trim()
        }
    }
    return found
}"""


def sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.fixture(scope="module", params=DOORS)
def door(chromium, site, request):
    """A door, opened once for all tests that look at it."""
    page = opened(chromium, site, request.param)
    yield page
    page.context.close()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_door_prints_on_one_sheet(door, paper):
    assert sheets(door.pdf(format=paper, print_background=True)) == 1


def test_nothing_on_the_sheet_is_small(door):
    door.emulate_media(media="print")
    found = door.evaluate(PRINTED)
    assert found
    assert {size: words for size, words in found.items() if float(size) < 8} == {}


def test_the_sheet_has_no_brackets_and_says_where_the_sources_are(door):
    assert door.locator(".bb-source").count()
    door.emulate_media(media="print")
    printed = door.locator(".bd-article").inner_text()
    assert "n.d." not in printed and " ." not in printed and " ;" not in printed
    said = door.evaluate(
        "getComputedStyle(document.querySelector('.bb-door-head > .bb-meta'), '::after').content"
    )
    assert "Sources" in said


def test_the_card_has_the_signs(door):
    door.emulate_media(media="screen")
    words = door.locator(".bb-pocket").inner_text().replace("’", "'")
    for line in pages.signs().signs:
        plain = re.sub(r"\*\*|\{given\}|`", "", line)
        assert plain.replace("’", "'") in words
    assert "____" in words


def test_sheets_are_counted(visit):
    """The page of a thread needs more than one, so the count above can fail."""
    assert sheets(visit("book/intermediate/density").pdf(format="A4")) > 1


@pytest.mark.parametrize("path", DOORS)
def test_a_door_leads_on(path):
    """To the other doors by its head; by its text to three pages or more, one of them the list to tick."""
    page = myst.read(ROOT / f"{path}.md", f"{path}.md")
    leads = set(re.findall(r"\]\(([\w-]+\.md)", source(path)))
    assert len(leads) >= 3 and "talk.md" in leads
    for box in ("door-head", "person", "do-today", "take-with-you", "pocket-card"):
        assert len(page.named(box)) == 1, f"{path}: one {{{box}}}"
    assert re.search(r"^:::\{do-today\}\n(- .+\n){1,3}:::$", source(path), re.M)


@pytest.mark.parametrize("path", DOORS)
def test_a_door_takes_five_minutes(path):
    page = myst.read(ROOT / f"{path}.md", f"{path}.md")
    assert 450 <= len(page.prose.split()) <= 700


@pytest.mark.parametrize("path", FRONTS)
def test_the_first_link_is_for_a_new_prescription(path):
    """And the two other doors come right after it."""
    links = re.findall(r"\[([^\]]+)\]\(([^)]+)\)", source(path))[:3]
    assert links[0][0] == "I have a new prescription"
    names = [link.rpartition("/")[2] for _, link in links]
    assert names == [f"{name}.md" for name in pages.DOORS]


def test_helplines_say_when_they_were_seen():
    """Each line of the two lists has a site; the page says on which day they were looked up."""
    lists = source("book/fundamentals/help").partition("## For bones")[2]
    lines = re.findall(r"^- \*\*[^*]+:\*\* .*", lists, re.M)
    assert len(lines) >= 12
    assert all("](https://" in line for line in lines)
    assert re.search(r"looked for .* \{given\}`\d+` \w+ 20\d\d", lists)
