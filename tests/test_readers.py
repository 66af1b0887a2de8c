"""What a page does with a reader's browser, paper and phone, beside its text: each was a fault that somebody reported of another book."""

import pytest

from explorables import explorable
from helpers import PAGES, PHONE, drawn, scrolled, settled, with_explorable

STANDS = with_explorable()
FIRST = [(name, pages[-1]) for name, pages in STANDS.items()]
#: A page with a figure with sliders, a folded solution, a cell that answers, a wide table.
DENSITY = "book/intermediate/density"
PLATE = "book/intermediate/nutrition"


# Numbers as links


def test_cards_without_scripts(visit):
    """F1: a number is a link that leads to its card, and the cross of the card leads back."""
    page = visit(DENSITY, java_script_enabled=False)
    number = page.locator("article a.bb-fact").first
    card = page.locator(number.get_attribute("href"))
    assert not card.is_visible()
    number.click()
    assert card.is_visible()
    card.locator(".bb-card-close").click()
    assert not card.is_visible()


# On paper


def test_what_answers_prints(visit):
    """F13: a folded solution and a folded cell that answers stand on paper, as the answers to the questions do; folded code does not."""
    page = visit(DENSITY)
    solution = page.locator(".bb-solution")
    answer = page.locator(".tag_hide-cell .cell_output")
    assert not solution.get_attribute("open")
    folded = solution.locator(".cell_output").last
    for part in (folded, answer):
        assert not part.is_visible()
    page.emulate_media(media="print")
    for part in (folded, answer, page.locator(".bb-why").first):
        assert part.evaluate("each => each.checkVisibility()")
        assert part.bounding_box()["height"] > 20
    assert not page.locator(".tag_hide-cell summary").is_visible()
    fundamentals = visit("book/fundamentals/density")
    fundamentals.emulate_media(media="print")
    for code in fundamentals.locator(".cell_input").all():
        assert not code.evaluate("each => each.checkVisibility()")


def test_nothing_over_the_page_prints(visit):
    """F24: an open menu, an open card and what else a script lays over the page stay off the paper."""
    page = visit(DENSITY)
    page.locator("article a.bb-fact").first.evaluate("each => each.click()")
    page.locator(".bb-card:popover-open").wait_for(state="visible")
    page.locator(".bb-menu").first.evaluate("each => { each.open = true; }")
    page.locator(".bb-menu .dropdown-item").first.wait_for(state="visible")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('div'), { id: 'notice', textContent: 'x' }))"
    )
    page.emulate_media(media="print")
    for over in (".bb-menu[open] ul", ".bb-card:popover-open", "#notice"):
        assert page.locator(over).count() == 1
        assert not page.locator(over).is_visible(), f"{over} is printed"


def test_paper_is_asked_for_in_light(visit):
    """F7: a print from dark finds the page light, and leaves it dark."""
    page = visit(DENSITY, color_scheme="dark")
    theme = "document.documentElement.dataset.theme"
    page.evaluate(
        f"addEventListener('beforeprint', () => {{ window.printed = {theme}; }})"
    )
    assert page.evaluate(theme) == "dark"
    page.pdf()
    assert page.evaluate("window.printed") == "light"
    assert page.evaluate(theme) == "dark"


# Figures with sliders


def shown_part(box):
    """Which of the two figures a reader sees: the still one, the live one."""
    return box.locator(".bb-off").is_visible(), box.locator(".bb-live").is_visible()


def test_the_still_figure_stays_until_the_live_one_has_drawn(visit):
    """F8: while Vega is on its way the still figure stands there; then the live one does."""
    page = visit(DENSITY)
    held = []
    page.route("**/vega.min.js", lambda route: held.append(route))
    page.reload()
    box = page.locator("[data-explorable]").first
    box.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('script[src*=\"vega.min\"]')")
    assert shown_part(box) == (True, False)
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    drawn(page, "sure-scan", 0)
    page.wait_for_function("() => document.querySelector('.bb-off').hidden")
    assert shown_part(box) == (False, True)
    assert box.locator(".bb-chart svg").bounding_box()["width"] > 300


BROKEN = {
    "a model that throws": (
        "**/explore/sure-scan.js*",
        "explorables.models['sure-scan'] = () => { throw new Error('broken') };",
    ),
    "a library that is none": ("**/vega.min.js", "window.vega = {};"),
    "an interpreter that is none": ("**/vega-interpreter.js", ";"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_an_error_leaves_the_still_figure(visit, fault):
    """F8: whatever fails before the first drawing, the still figure, its sentence and its source stay, and the console says why."""
    page = visit(DENSITY)
    where, script = BROKEN[fault]
    page.route(
        where,
        lambda route: route.fulfill(body=script, content_type="text/javascript"),
    )
    page.said.clear()
    page.reload()
    box = page.locator("[data-explorable]").first
    box.scroll_into_view_if_needed()
    settled(page)
    for _ in range(100):
        if page.said:
            break
        page.wait_for_timeout(100)
    assert page.said, "nothing says what failed"
    assert shown_part(box) == (True, False)
    assert box.locator(".bb-off img.only-light").is_visible()
    assert box.locator(".bb-off .bb-say").inner_text()


# Words of a chart that stick out of it.
CUT = """(box) => {
    const edge = box.querySelector(".bb-chart").getBoundingClientRect();
    return [...box.querySelectorAll(".bb-chart text")]
        .map((text) => [text.textContent, text.getBoundingClientRect()])
        .filter(([, at]) => at.width && (at.left < edge.left - 1 || at.right > edge.right + 1 || at.top < edge.top - 1 || at.bottom > edge.bottom + 1))
        .map(([words, at]) => `${words}: ${at.left} to ${at.right} of ${edge.left} to ${edge.right}`);
}"""


@pytest.mark.parametrize(("name", "path"), FIRST)
def test_no_word_of_a_chart_is_cut(visit, name, path):
    """F11: on a phone every word of a live chart, the titles of its axes too, lies inside it."""
    page = visit(path, viewport=PHONE, is_mobile=True)
    for width in (PHONE["width"], 320):
        if page.viewport_size["width"] != width:
            page.set_viewport_size({**PHONE, "width": width})
            page.reload()  # as it opens there
        box = scrolled(page, name)
        assert box.locator(".bb-chart text").count() > 3
        assert box.evaluate(CUT) == [], width


def test_number_fields_show_what_is_counted_with(visit):
    """F15: a field says its limits and, once left, shows the number that the sums use."""
    page = visit(PLATE)
    box = scrolled(page, "your-plate")
    field = box.locator("input[type=number]:visible").first
    limits = page.locator(f"[id='{field.get_attribute('aria-describedby')}']")
    assert limits.is_visible() and "from 0 to 6" in limits.inner_text()
    note = field.locator("xpath=..").locator(".bb-note")
    shown = explorable("your-plate")
    name = field.get_attribute("data-control")
    for typed, used, told in (
        ("99", 6, "6 is the most"),
        ("-3", 0, "0 is the least"),
        ("1.5", 2, "taken as 2"),
        ("", 0, "taken as 0"),
        ("4", 4, ""),
    ):
        field.fill(typed)
        field.press("Tab")
        page.wait_for_timeout(100)
        assert field.input_value() == str(used)
        assert note.inner_text() == told
        settings = {**shown.defaults(), name: used}
        wanted = shown.sentence(settings, shown.answer(settings, shown.given()))
        said = box.locator(".bb-live .bb-say").inner_text()
        assert (said, page.said) == (wanted, [])  # why, if nothing could be computed
        assert field.evaluate("each => each.validity.valid")


# Where nothing may be stored


@pytest.fixture
def framed(chromium, site):
    """A page in a frame of another page that lets it run scripts and nothing else, as a learning platform does: the frame, its errors."""
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(60_000)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def open_(path):
        address = f"{site}/{path}"
        page.set_content(
            f'<iframe sandbox="allow-scripts" src="{address}" style="width: 1200px; height: 800px"></iframe>'
        )
        frame = page.frame(url=address) or page.wait_for_event("framenavigated")
        frame.wait_for_load_state("load")
        return frame, errors

    yield open_
    context.close()


def test_color_mode_and_search_without_storage(framed):
    """F9: in a frame that may store nothing the color switch turns, the search opens, and nothing fails."""
    frame, errors = framed(f"{DENSITY}.html")
    theme = "document.documentElement.dataset.theme"
    before = frame.evaluate(theme)
    for _ in range(3):
        frame.locator(".theme-switch-button").first.click()
        if frame.evaluate(theme) != before:
            break
    assert frame.evaluate(theme) != before
    frame.locator(".search-button__button").first.click()
    dialog = frame.locator("#pst-search-dialog")
    assert dialog.is_visible()
    assert dialog.locator("input").is_visible()
    assert errors == []


def test_the_store_that_forgets_is_a_store(framed):
    """F9: what stands in for the browser's storage answers as that does."""
    frame, _ = framed(f"{DENSITY}.html")
    for store in ("localStorage", "sessionStorage"):
        assert frame.evaluate(
            f"""() => {{
                {store}.clear();
                {store}.setItem("a", 1);
                {store}.setItem("toString", "b");
                const found = [{store}.getItem("a"), {store}.getItem("none"), {store}.getItem("toString"), {store}.length, {store}.key(0)];
                {store}.removeItem("a");
                return [...found, {store}.getItem("a"), {store}.key(5)];
            }}"""
        ) == ["1", None, "b", 2, "a", None, None]


def test_the_search_page_finds_without_storage(framed):
    """F9: the search page lists what it found."""
    frame, _ = framed("search.html?q=raloxifene")
    frame.locator(".bb-hits > li").first.wait_for(timeout=30_000)


# On a phone


@pytest.mark.parametrize("act", ["tap", "Enter"])
def test_the_contents_of_the_page_close(visit, act):
    """F10: a section chosen in the sheet of contents is in sight, the sheet gone, and gone after Back."""
    page = visit(DENSITY, viewport=PHONE, has_touch=True, is_mobile=True)
    page.locator(".secondary-toggle").first.tap()
    sheet = page.locator("#pst-secondary-sidebar-modal")
    sheet.wait_for(state="visible")
    link = sheet.locator("a[href^='#']").nth(3)
    section = page.locator(f"section{link.get_attribute('href')}")
    if act == "tap":
        link.tap()
    else:
        link.press("Enter")
    sheet.wait_for(state="hidden")
    page.wait_for_timeout(600)
    top = section.locator("h2").first.bounding_box()["y"]
    assert -5 < top < PHONE["height"] / 2, "the section is not in sight"
    assert section.evaluate("each => each.contains(document.activeElement)")
    page.locator(".secondary-toggle").first.tap()
    sheet.wait_for(state="visible")
    page.go_back()
    sheet.wait_for(state="hidden")


def test_the_contents_of_the_book_are_closed_after_back(visit):
    """F10: so does the sheet of the whole book."""
    page = visit(DENSITY, viewport=PHONE, has_touch=True, is_mobile=True)
    page.locator(".primary-toggle").first.tap()
    sheet = page.locator("#pst-primary-sidebar-modal")
    sheet.wait_for(state="visible")
    sheet.locator("nav a[href$='.html']").first.tap()
    page.wait_for_url(lambda url: DENSITY not in url)
    page.go_back()
    page.wait_for_load_state("load")
    assert page.locator("dialog[open]").count() == 0


# By eye


def test_the_magnifier_stands_beside_what_is_typed(visit):
    page = visit("search")
    sign = page.locator("article i.fa-magnifying-glass, .bd-content form i").first
    field = page.locator(".bd-content input[type=search]").first
    assert sign.is_visible()
    at, box = sign.bounding_box(), field.bounding_box()
    inside = field.evaluate("each => parseFloat(getComputedStyle(each).paddingLeft)")
    assert at["x"] + at["width"] <= box["x"] + inside


def test_pages_of_these_tests_are_there():
    assert {DENSITY, PLATE} <= set(PAGES)
