"""No apparatus between a reader of Fundamentals and the page: code, cards and buttons there, beside those of the other tiers."""

import re

import matplotlib.pyplot as plt
import pytest

from bonebook import style, tables
from explorables import explorable
from helpers import (
    PAGES,
    PHONE,
    ROOT,
    axe,
    light_and_dark,
    opened,
    press_each,
    scrolled,
    still_of_view,
)
from press import facts, myst, pages, plainly
from press.sphinx.cards import first_sentence
from tools.serving import served

LINE = "More about this figure: in words, as a table, its data and source, its code"


@pytest.fixture(scope="module")
def quiet(small):
    """The small book, whose page of Fundamentals has code, cards and a figure with buttons: the folder of its pages."""
    return small[1]


@pytest.fixture(scope="module")
def address(quiet):
    with served(quiet) as site:
        yield site


@pytest.fixture
def visit(chromium, address):
    seen = []

    def open_(tier, **how):
        path = f"book/{tier}/density"
        seen.append(opened(chromium, address, path, **{"viewport": PHONE, **how}))
        return seen[-1]

    yield open_
    for page in seen:
        page.context.close()


def html(quiet, tier):
    return (quiet / f"book/{tier}/density.html").read_text(encoding="utf-8")


def cards(text):
    """{what it is of: the lines of its card} of each card of a page."""
    card = r'<span aria-label="([^"]+)" class="bb-card".*?×</span></a>(.*?)</span>\s*</span>'
    found = re.findall(card, text, re.S)
    return {
        name: " ".join(
            re.sub(r"</?span[^>]*>", " ", re.sub(r"</?a[^>]*>", "", lines)).split()
        )
        for name, lines in found
    }


# Code


def test_code_is_one_line_under_its_caption(quiet):
    """In Fundamentals one fold, behind the caption, with words, table, data line and the code of the figure and of the cell before it."""
    text = html(quiet, "fundamentals")
    assert 'class="admonition hide' not in text and "Show the code" not in text
    assert text.count(LINE) == 1 == text.count('class="bb-drawn"')
    assert text.index("</figcaption>") < text.index(LINE)
    fold = text[text.index(LINE) : text.index("</details>", text.index(LINE))]
    plain = re.sub(r"<[^>]+>", "", fold)
    parts = ("A straight line from", "Data of this figure", "Data: bmd_change")
    code = ("height = [0, 1]", "plt.subplots()")
    places = [plain.index(part) for part in (*parts, *code)]
    assert places == sorted(places)
    assert text.count("cell_input") == 2 == fold.count("cell_input")


def test_code_of_the_other_tiers_stands_where_it_stood(quiet):
    text = html(quiet, "intermediate")
    assert LINE not in text and 'class="bb-code"' not in text
    assert text.count('class="admonition hide above-input"') >= 2
    assert text.index("Show the code") < text.index("</figcaption>")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_code_opens_by_keyboard(visit, scripts):
    page = visit("fundamentals", java_script_enabled=scripts)
    fold = page.locator(".bb-drawn details")
    line, code = fold.locator("summary"), fold.locator(".bb-code pre")
    assert line.inner_text() == LINE and not code.first.is_visible()
    line.focus()
    page.keyboard.press("Enter")
    assert [each.is_visible() for each in code.all()] == [True, True]
    assert line.bounding_box()["height"] >= 24
    if scripts:
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"]
    page.keyboard.press("Enter")
    assert not code.first.is_visible()


def test_code_prints_only_where_it_is_open(visit):
    page = visit("fundamentals")
    page.emulate_media(media="print")
    assert not page.locator(".bb-code").is_visible()
    page.evaluate("document.querySelector('.bb-drawn details').open = true")
    assert page.locator(".bb-code pre").first.is_visible()


# Sources

MARK = re.compile(r'<a aria-label="([^"]*)" class="bb-opens bb-source"[^>]*>(.*?)</a>')


def test_a_citation_is_one_mark_that_names_its_sources(quiet):
    """A group is one mark, a link without text; {cite:t} stays words; no bracket with author and year."""
    text = html(quiet, "fundamentals")
    (mark,) = MARK.findall(text)
    name, words = mark
    assert words == "" and re.fullmatch(
        r"Sources: Johnston.* 2000; Ettinger.* 1999", name
    )
    assert 'bibtex-citation">[' not in text
    assert re.search(r'told<span class="bb-together"[^>]*><a aria-label="Sources', text)
    assert re.search(r"as <span class=\"bibtex-citation\"[^>]*>Johnston", text)
    told = cards(text)[name]
    assert "Johnston" in told and "Ettinger" in told
    start = (quiet / "book/fundamentals/start.html").read_text(encoding="utf-8")
    assert MARK.search(start) and 'bibtex-citation">[' not in start


def test_the_other_tiers_cite_by_name(quiet):
    text = html(quiet, "intermediate")
    assert "bb-source" not in text
    assert re.search(r'bibtex-citation"[^>]*>\[<a class="reference', text)


def test_a_mark_moves_no_line_and_answers_a_finger(visit):
    """24 pixels each way, the line as high as without it, no text of its own; its card opens by keyboard; nothing on paper."""
    page = visit("fundamentals")
    mark = page.locator("a.bb-source").first
    box = mark.bounding_box()
    assert box["width"] >= 24 and box["height"] >= 24
    high = "document.querySelector('a.bb-source').closest('p').offsetHeight"
    with_mark = page.evaluate(high)
    page.evaluate(  # the page's policy lets nobody write a <style> into it
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(".bb-source::before { display: none !important }");
            document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
        }"""
    )
    assert page.evaluate(high) == with_mark and mark.inner_text() == ""
    mark.focus()
    page.keyboard.press("Enter")
    card = page.locator(mark.get_attribute("href"))
    assert card.is_visible() and card.locator("a.internal").count() == 2
    page.keyboard.press("Escape")
    page.emulate_media(media="print")
    assert not mark.is_visible()


# Cards


def test_the_card_of_a_term_is_one_sentence(quiet):
    (first,) = (
        text
        for name, text in cards(html(quiet, "fundamentals")).items()
        if name == "Definition: stroke"
    )
    assert first == (
        "Sudden damage to the brain, because a blood vessel in it is blocked or bleeds. "
        "Full entry in the glossary"
    )
    upper = cards(html(quiet, "intermediate"))["Definition: placebo"]
    assert "has no drug in it. The comparator that shows" in upper


def test_the_card_of_a_number_says_who_what_how_long_how_sure(quiet):
    found = cards(html(quiet, "fundamentals"))
    gained = found["Source: gained 1.28 %"]
    for words in (
        "Average change in bone density, lower spine",
        "In the group with raloxifene 60 mg a day, compared with the start.",
        "Counted: healthy women aged 45 to 60",
        "For how long: 3 years.",
        "Study: Raloxifene prevention trials",
    ):
        assert words in gained
    clots = found["Source: 1.44 times"]
    assert "144 for every 100 in the other group" in clots
    assert "How exact: anything from 106 to 195 for every 100" in clots
    both = found["Source: fewer women"]
    assert "66 out of 1,000" in both and "101 out of 1,000" in both
    assert both.count("Study: ") == both.count("For how long") == 1
    for text in (gained, clots, both):
        assert not re.search(r"\b(?:SE|SD|CI|doi)\b|\bp [=<]|Read in|hazard", text)
    upper = cards(html(quiet, "intermediate"))["Source: 1.28 %"]
    assert "SE 0.23 %" in upper and "Read in the source itself." in upper


#: Every row that a page of Fundamentals tells.
TOLD = sorted(
    {
        target
        for page in PAGES
        if pages.for_everybody(page)
        for role in myst.read(ROOT / f"{page}.md").roles
        if role.name in ("fact", "compare")
        for target in role.target.split()
    }
)
MACHINERY = re.compile(
    r"\b(?:SE|SD|CI|BMD|hazard|odds|relative risk|rate ratio|standard|confidence|p[ -]value|baseline|placebo"
    r"|postmenopausal|premenopausal|thromboembol\w+|vertebral|endometri\w+|uterus|fractures?|radiograph\w*)\b|\bp ?[=<]"
)


def test_no_card_of_fundamentals_has_machinery():
    """Nor a line without words, nor a number that is none."""
    bad = []
    for target in TOLD:
        told = list(plainly.lines(facts.fact(target)))
        text = " ".join(line for _, line in told)
        if found := MACHINERY.search(text):
            bad.append(f"{target}: {found[0]!r} in {text}")
        if re.search(r"None|nan|\bof \.|: \.|  ", text) or not text[0].isupper():
            bad.append(f"{target}: {text}")
    assert len(TOLD) > 50 and bad == []


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("ruth2006-vte-hr", "Compared: raloxifene 60 mg a day with no drug."),
        ("ruth2006-vte-hr", "For how long: 5 years and 7 months."),
        ("ruth2006-chd-hr", "So does no difference at all."),
        ("derived-more-vte-3y-diff", "6 more out of 1,000 women"),
        ("derived-more-vte-3y-diff", "anything from 1 to 11 more out of 1,000 women"),
        ("derived-more-vte-3y-diff", plainly.DERIVED),
        ("derived-more-vfx-3y-diff", "35 fewer out of 1,000 women"),
        ("derived-johnston2000-ls-bmd-diff60", "+2.6 percentage points"),
        ("derived-whi-cee-5y-hip-diff", "from 0.5 to 5 fewer out of 1,000 women"),
        ("maricic2002-clinvfx-36mo", "anything from 17 to 59 % fewer"),
        ("cranney2007-any", "14.5 per 1,000 women a year"),
        ("bmus2014-bmus-op-women-60-69", "123 out of 1,000"),
        ("ruth2006:n_total", "10,101 people"),
    ],
)
def test_a_card_in_everyday_words(target, words):
    assert words in " ".join(line for _, line in plainly.lines(facts.fact(target)))


def test_a_card_keeps_what_nobody_could_check():
    name = next(
        each
        for each in facts.ids()
        if facts.fact(each).row.get("seen") == "unverified" and facts.fact(each).value
    )
    assert ("seen", plainly.UNVERIFIED) in plainly.lines(facts.fact(name))


def test_every_row_of_the_tables_has_such_a_card():
    """A page may tell any of them tomorrow."""
    with tables.held():
        for name in facts.ids():
            found = facts.fact(name)
            told = list(plainly.lines(found))
            assert told[0][0] == "what" and told[0][1].strip(), name
            assert tables.row(name)["id"] == name


# The glossary


def entries():
    """{term, in lower case: the first sentence of its entry}."""
    text = (ROOT / "book/reference/glossary.md").read_text(encoding="utf-8")
    found = re.findall(r"^(\S.*)\n  (\S.*)$", text.partition(":::{glossary}")[2], re.M)
    return {term.lower(): first_sentence(words) for term, words in found}


LINKED = sorted(
    {
        role.target.lower()
        for page in PAGES
        if pages.for_everybody(page)
        for role in myst.read(ROOT / f"{page}.md").roles
        if role.name == "term"
    }
    | {"stroke", "clot in a vein", "estrogen", "menopause", "dxa"}
)


@pytest.mark.parametrize("term", LINKED)
def test_one_sentence_is_enough_and_plain(term):
    """It is short, and needs no word of the trade that the sentence after it explains."""
    told = entries()[term]
    assert told.endswith(".") and 4 <= len(told.split()) <= 27, told
    assert not re.search(
        r"ligand|nuclear|enzyme|ischemi|thrombo|vertebr|hormone-|inhibit|receptor|resorption|\{",
        told.replace("{term}", ""),
    ), told


def test_first_sentence():
    assert first_sentence("A pill. The comparator.") == "A pill."
    assert (
        first_sentence("About 2.5 a day, e.g. milk. More.")
        == "About 2.5 a day, e.g. milk."
    )
    assert first_sentence("One only") == "One only"


# What happens to her


def test_each_line_of_the_figure_says_what_happens_to_her():
    """In `tissues`: help and harm by word, more of what harms and fewer of what is prevented, and the alt text says the same."""
    cells = myst.read(ROOT / "book/fundamentals/tissues.md").cells
    cell = next(each for each in cells if each.label == "fig-tissues-f-rooms")
    plt.close("all")
    exec(cell.body, {})
    told = [text.get_text() for ax in plt.gcf().axes for text in ax.texts]
    assert len(told) == 10 and "harm: more hot flashes" in told
    assert "harm: more clots in a vein" in told
    assert "help: fewer breaks in the spine" in told
    for line in told:
        meant, words = line.split(": ", 1)
        assert meant in style.VERDICTS
        assert ("more " in words) == (meant == "harm"), line
        assert ("fewer " in words) == (meant == "help"), line
    for words in {
        line.split(": ")[1] for line in told if line.startswith(("help", "harm"))
    }:
        assert words.replace(" there", " of the lining of the womb") in cell.alt
    plt.close("all")


# Buttons


def test_two_buttons(visit):
    """Pressed by keyboard and by finger, light and dark, in a real browser."""
    page = visit("fundamentals", has_touch=True)
    box = scrolled(page, "turn-the-key")
    press_each(page, box, explorable("turn-the-key").seen_as("two-keys"))
    assert page.said == []
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert box.locator("[aria-pressed='true']").count() == 1


def test_two_buttons_without_scripts(visit):
    page = visit("fundamentals", java_script_enabled=False)
    shown = explorable("turn-the-key").seen_as("two-keys")
    still_of_view(page.locator("[data-explorable]"), shown)


def test_two_buttons_in_print_say_which_key(visit):
    page = visit("fundamentals")
    box = scrolled(page, "turn-the-key")
    page.emulate_media(media="print")
    assert not box.locator(".bb-presets").is_visible()
    assert (
        "Raloxifene turns the message" in box.locator(".bb-live .bb-say").inner_text()
    )


def test_a_view_that_is_not_there_stops_the_build():
    with pytest.raises(KeyError, match="it has two-keys"):
        explorable("turn-the-key").seen_as("three-keys")


def test_accessible(visit):
    """Code unfolded, a card open, buttons: what axe-core looks for, light and dark."""
    page = visit("fundamentals")
    scrolled(page, "turn-the-key")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.locator(".bb-fact").nth(1).click()
    for scheme, rules in light_and_dark(page):
        for where in ("[data-explorable]", ".bb-drawn", ".bb-card:popover-open"):
            assert axe(page, rules, where) == [], scheme
