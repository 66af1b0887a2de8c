"""Read and used in other ways: by keys alone, magnified four times, in the colors of the system, without movement, by ear."""

import re

import pytest
from lxml.html import fromstring
from playwright.sync_api import expect

from helpers import PAGES, often, scrolled

#: One page of each kind: front, a page for everybody, its list, a figure with buttons, one with sliders, the tables to ask, teaching.
KINDS = often(
    ("book/index", "book/intermediate/density", "book/reference/ask"),
    (
        *("book/index", "book/fundamentals/taking", "book/fundamentals/talk"),
        *("book/fundamentals/receptors", "book/intermediate/density"),
        *("book/reference/ask", "book/teach/stations"),
    ),
)

# Numbers all that a key may come to: of radio buttons with one name only one, of what is folded nothing.
REACHABLE = """() => {
    const names = new Set();
    const parts = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']");
    return [...parts].filter((part) => {
        if (part.disabled || part.tabIndex < 0 || part.closest("[inert]")) return false;
        if (!part.checkVisibility({ visibilityProperty: true }) || !part.getClientRects().length) return false;
        if (part.type !== "radio") return true;
        const seen = names.has(part.name);
        names.add(part.name);
        return !seen;
    }).map((part, number) => { part.dataset.key = number; return part.outerHTML.slice(0, 90); });
}"""

# Where the focus is: its number, whether it shows, and whether something lies over it.
FOCUS = """() => {
    const part = document.activeElement;
    if (part === document.body) return null;
    const ring = (each) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(each);
        return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    };
    const around = [part, part.nextElementSibling, part.parentElement].filter(Boolean);
    const over = (box) => [0.1, 0.5, 0.9].some((share) => {
        const top = document.elementFromPoint(box.left + share * box.width, box.top + share * box.height);
        return Boolean(top) && around.some((each) => each.contains(top) || top.contains(each));
    });
    return {
        key: Number(part.dataset.key ?? -1),
        html: part.outerHTML.slice(0, 90),
        ring: around.some(ring),
        seen: [...part.getClientRects()].some(over),
    };
}"""

# Notes where the focus is whenever Tab is let go, until it has left the page; from then on the key moves nothing.
NOTED = f"""() => {{
    const focus = {FOCUS};
    window.noted = {{ found: [], left: false }};
    addEventListener("keydown", (event) => {{
        if (event.key !== "Tab" || !window.noted.left) return;
        event.preventDefault();
        event.stopImmediatePropagation();
    }}, true);
    addEventListener("keyup", (event) => {{
        if (event.key !== "Tab" || window.noted.left) return;
        const here = focus();
        if (here) window.noted.found.push(here);
        else window.noted.left = true;
    }}, true);
}}"""


def keyed(page, key, most):
    """What the focus comes to, key after key, until it leaves the page: the page notes it (NOTED), and is asked now and then."""
    page.evaluate("() => Object.assign(window.noted, { found: [], left: false })")
    for _ in range(0, most, 20):
        for _ in range(20):
            page.keyboard.press(key)
        if page.evaluate("window.noted.left"):
            return page.evaluate("window.noted.found")
    last = page.evaluate("window.noted.found.at(-1)?.html")
    pytest.fail(f"{key} does not come to the end of the page: {last}")


@pytest.mark.parametrize("path", KINDS)
def test_by_keys_alone(visit, path):
    """Tab comes to all that can be used, and leaves the page again; each time the focus shows, and nothing lies over it."""
    page = visit(path)
    page.evaluate("document.activeElement.blur()")
    page.evaluate(NOTED)
    wanted = page.evaluate(REACHABLE)
    assert len(wanted) > 20
    there = keyed(page, "Tab", 2 * len(wanted))
    missed = set(range(len(wanted))) - {each["key"] for each in there}
    assert [wanted[number] for number in missed] == []
    assert [each["html"] for each in there if not each["ring"]] == []
    assert [each["html"] for each in there if not each["seen"]] == []
    back = keyed(page, "Shift+Tab", 2 * len(wanted))
    assert [each["html"] for each in back if not each["seen"]] == []


# How much of the window is covered by what does not scroll with the page.
STUCK = """() => {
    const parts = [...document.querySelectorAll("body *")].filter((part) =>
        ["fixed", "sticky"].includes(getComputedStyle(part).position) && part.checkVisibility({ visibilityProperty: true }));
    window.scrollTo(0, document.documentElement.scrollHeight / 2);
    const over = parts.map((part) => part.getBoundingClientRect())
        .filter((box) => box.bottom > 0 && box.top < innerHeight && box.width > innerWidth / 2)
        .map((box) => Math.min(box.bottom, innerHeight) - Math.max(box.top, 0));
    return Math.max(0, ...over) / innerHeight;
}"""


@pytest.mark.parametrize("path", KINDS)
def test_magnified_four_times(visit, path):
    """A window of 1280 by 1024 points at 400 %: nothing sideways, and what stays in place leaves most of it free."""
    page = visit(path, viewport={"width": 320, "height": 256})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(STUCK) < 0.4


# Whatever moves for longer than a blink.
MOVES = """() => [...document.querySelectorAll("*")].filter((part) => {
    const { transitionDuration, animationDuration, animationName, scrollBehavior } = getComputedStyle(part);
    const longest = (each) => Math.max(...each.split(", ").map(parseFloat));
    return longest(transitionDuration) > 0.01 || (animationName !== "none" && longest(animationDuration) > 0.01)
        || scrollBehavior === "smooth";
}).map((part) => part.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("path", KINDS)
def test_nothing_moves_for_who_asked_for_stillness(visit, path):
    page = visit(path, reduced_motion="reduce")
    assert page.evaluate(MOVES) == []
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(MOVES) != [], (
        "nothing moves for anybody: this test sees nothing"
    )


# In what two parts differ that a reader sees without the colors of the house.
LOOK = """(part) => {
    const { color, backgroundColor, borderTopStyle, borderTopWidth, borderTopColor, fontWeight, textDecorationLine } = getComputedStyle(part);
    return [color, backgroundColor, borderTopStyle, borderTopWidth, borderTopColor, fontWeight, textDecorationLine].join();
}"""
# Lines and words of a chart that have the color of what they stand on.
GONE = """(chart) => {
    const under = getComputedStyle(document.body).backgroundColor;
    const parts = [...chart.querySelectorAll("path, line, text")].filter((part) => part.getBBox().width + part.getBBox().height);
    const gone = parts.filter((part) => {
        const { fill, stroke } = getComputedStyle(part);
        const drawn = [fill, stroke].filter((ink) => ink !== "none" && !ink.endsWith(", 0)"));
        return drawn.length && drawn.every((ink) => ink === under);
    });
    return [parts.length, gone.map((part) => part.outerHTML.slice(0, 90))];
}"""


def test_in_the_colors_of_the_system(visit):
    """Forced colors: the pressed button, the page that is open and the focus are told apart by more than the colors of the house; nothing of a chart is gone."""
    page = visit("book/intermediate/density", forced_colors="active")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    box = scrolled(page, "sure-scan")
    pressed = box.locator("[aria-pressed='true']").first.evaluate(LOOK)
    assert pressed != box.locator("[aria-pressed='false']").first.evaluate(LOOK)
    switch = page.locator(".bb-depth")
    here = switch.locator("[aria-current]").first.evaluate(LOOK)
    assert here != switch.locator("a:not([aria-current])").first.evaluate(LOOK)
    number = page.locator("article a.bb-fact").first
    number.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["ring"]
    parts, gone = box.locator(".bb-chart svg").evaluate(GONE)
    assert parts > 20 and gone == []


def test_a_card_by_ear(visit):
    """A number says that it opens something; opened, its source comes right after it, with a way to close it."""
    page = visit("book/intermediate/density")
    number = page.locator("article a.bb-fact").first
    words = number.inner_text()
    number.focus()
    page.keyboard.press("Enter")
    paragraph = page.locator("article p:has(a.bb-fact)").first
    expect(paragraph).to_match_aria_snapshot(f"""
        - paragraph:
          - button "{words}, source" [expanded]
          - 'group "Source: {words}"':
            - button "Close"
            - link
            - link /doi/
    """)
    page.keyboard.press("Escape")
    expect(number).to_have_attribute("aria-expanded", "false")


def test_sliders_by_ear(visit):
    """In this order: what it is, where to start, each slider with its name and value in words, the drawing as one named picture, the sentence, the numbers."""
    page = visit("book/intermediate/density")
    box = scrolled(page, "sure-scan")
    box.locator(".bb-numbers summary").click()
    expect(box).to_match_aria_snapshot("""
        - group "How sure is a scan?":
          - group "Settings to start from":
            - button "Average after three years of raloxifene" [pressed]
            - button "Average after three years of placebo"
          - slider "Error of one scan"
          - slider "True change of the bone"
          - img /How sure is a scan\\?/
          - paragraph: /of 1,000 such pairs/
          - group:
            - table /Numbers at these settings/:
              - rowgroup:
                - row:
                  - rowheader
                  - cell
    """)
    slider = box.get_by_role("slider", name="Error of one scan")
    assert slider.get_attribute("aria-valuetext").endswith(" %")
    assert box.locator(".bb-say:visible").get_attribute("aria-live") == "polite"


@pytest.mark.parametrize("path", PAGES)
def test_tables_have_headers(built, path):
    """Each table of a page names its columns or its rows, and a header says which."""
    page = fromstring((built / f"{path}.html").read_bytes())
    faults = []
    for table in page.xpath("//article//table[not(@role='presentation') and tbody/tr]"):
        heads = table.xpath(".//th")
        told = [th for th in heads if th.get("scope") or th.xpath("ancestor::thead")]
        words = re.sub(r"\s+", " ", table.text_content()).strip()[:60]
        if not heads or len(told) < len(heads):
            faults.append(f"{len(heads)} headers, {len(told)} say of what: {words}")
    assert faults == []
