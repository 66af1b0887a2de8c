"""The built book, read page by page in a real Chromium."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import PAGES, THREADS

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"],
    },
    "resultTypes": ["violations"],
}


def opened(chromium, site, path, **settings):
    """A page of the book in a fresh context: the Playwright page, with all that it logged and asked for."""
    page = chromium.new_context(
        **{"viewport": DESKTOP, "reduced_motion": "reduce", **settings}
    ).new_page()
    page.said, page.asked, page.failed = [], [], []
    page.on(
        "console",
        lambda message: (
            page.said.append(message.text)
            if message.type in ("error", "warning")
            else None
        ),
    )
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("requestfailed", lambda request: page.failed.append(request.url))
    page.on(
        "response",
        lambda response: (
            page.failed.append(f"{response.status} {response.url}")
            if response.status >= 400
            else None
        ),
    )
    page.goto(f"{site}/{path}.html", wait_until="load")
    return page


@pytest.fixture
def visit(chromium, site):
    """Open a page of the book, for one test alone."""
    pages = []

    def open_(path, **settings):
        pages.append(opened(chromium, site, path, **settings))
        return pages[-1]

    yield open_
    for page in pages:
        page.context.close()


@pytest.fixture(scope="module", params=PAGES)
def still(chromium, site, request):
    """A page of the book, opened once for all tests that only look at it; returns its path and the Playwright page."""
    page = opened(chromium, site, request.param)
    page.length = page.evaluate(
        "document.querySelector('article').innerText.replace(/\\s+/g, ' ').length"
    )
    yield request.param, page
    page.context.close()


def test_quiet_and_at_home(still, site):
    """No error in the console, no request that fails, no request to any other host, from top to bottom of the page."""
    _, page = still
    for figure in page.locator("article figure img").all():
        if figure.is_visible():
            figure.scroll_into_view_if_needed()  # figures load when they come near
    page.wait_for_load_state("networkidle")
    assert page.said == []
    assert page.failed == []
    assert (
        page.asked
        and [url for url in page.asked if not url.startswith((site, "data:", "blob:"))]
        == []
    )


@pytest.mark.parametrize("path", PAGES)
def test_accessible(visit, path):
    """axe-core finds no violation of WCAG 2.2 A and AA, light and dark, with everything that folds unfolded and the link past the menu in sight."""
    page = visit(path, color_scheme="light")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip-link a')")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    # The words of the code have a handful of colours, one a class: one word of each on the page stands for the others.
    page.evaluate("""() => {
        const seen = new Set();
        for (const word of document.querySelectorAll("pre span[class]"))
            if (seen.size === seen.add(word.className).size) word.setAttribute("data-seen", "");
    }""")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(
            "(scheme) => document.documentElement.dataset.theme === scheme", arg=scheme
        )
        found = (
            Axe()
            .run(page, context={"exclude": [["[data-seen]"]]}, options=RULES)
            .response
        )
        assert found["passes"], "axe ran no rule"
        faults = [
            f"{scheme}, {rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]
        assert faults == []


@pytest.mark.parametrize("path", PAGES)
def test_fits_a_phone(visit, path):
    """Nothing is cut off and nothing makes the page scroll sideways at 390 and at 320 points."""
    page = visit(path, viewport=PHONE, has_touch=True, is_mobile=True)
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts(still, visit):
    """With JavaScript off, the whole text of the page is still there to read."""
    path, with_scripts = still
    without = visit(path, java_script_enabled=False)
    # A page without scripts cannot be asked by script: its text is read through the accessibility-neutral text API instead.
    plain = re.sub(r"\s+", " ", without.locator("article").inner_text())
    assert len(plain) > 0.95 * with_scripts.length, (
        "much of the page is hidden when scripts are off"
    )
    for image in without.locator("article figure img").all():
        if "only-dark" not in (image.get_attribute("class") or ""):
            image.scroll_into_view_if_needed()
            assert image.is_visible(), (
                f"a figure is hidden when scripts are off: {image.get_attribute('src')}"
            )


def test_figures_speak(still):
    """Every picture of the text has alt text that says something, and a figure has a caption with its data and its source."""
    path, page = still
    for image in page.locator("article img").all():
        alt = image.get_attribute("alt") or ""
        assert len(alt.split()) >= 8, (
            f"alt text that says nothing: {alt!r} on {image.get_attribute('src')}"
        )
        assert not re.search(r"\.(svg|png)|_images", alt), (
            f"a file name as alt text: {alt!r}"
        )
    if path in THREADS:
        figures = page.locator("article figure:has(img)").all()
        assert figures, "a page of the book without a figure"
        for figure in figures:
            caption = figure.locator("figcaption")
            assert caption.count() == 1, "a figure without a caption"
            assert "Data" in caption.inner_text(), (
                f"no data named under the figure: {caption.inner_text()[:80]}"
            )
            assert "Source" in caption.inner_text(), (
                f"no source named under the figure: {caption.inner_text()[:80]}"
            )
            if (
                "Data: none" not in caption.inner_text()
            ):  # a drawing, or a curve of an equation, says so
                assert caption.locator("a[href*='.csv']").count() >= 1, (
                    "the data of a figure is not one click away"
                )


@pytest.mark.parametrize("path", THREADS)
def test_cards_by_keyboard(visit, path):
    """A number opens its card with Enter and closes it with Escape; focus stays on the number."""
    page = visit(path)
    fact = page.locator("article button.bb-fact").first
    fact.focus()
    card = page.locator(f"[id='{fact.get_attribute('popovertarget')}']")
    assert not card.is_visible()
    page.keyboard.press("Enter")
    assert card.is_visible()
    assert card.locator("a").count() >= 1, "a card without a link to its study"
    page.keyboard.press("Escape")
    assert not card.is_visible()
    assert fact.evaluate("button => button === document.activeElement")


@pytest.mark.parametrize("path", THREADS)
def test_cards_by_mouse_and_touch(visit, path):
    """The same card opens under the mouse and under a finger, inside the window."""
    for settings, act in (
        ({}, "hover"),
        ({"viewport": PHONE, "has_touch": True, "is_mobile": True}, "tap"),
    ):
        page = visit(path, **settings)
        fact = page.locator("article button.bb-fact").first
        fact.scroll_into_view_if_needed()
        getattr(fact, act)()
        card = page.locator(f"[id='{fact.get_attribute('popovertarget')}']")
        card.wait_for(state="visible", timeout=3000)
        box, view = card.bounding_box(), page.viewport_size
        assert box["x"] >= 0 and box["x"] + box["width"] <= view["width"] + 1, (
            f"the card leaves the window sideways on {act}"
        )
        assert box["y"] >= -1 and box["y"] + box["height"] <= view["height"] + 1, (
            f"the card leaves the window on {act}"
        )


@pytest.mark.parametrize("path", THREADS)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_questions_by_keyboard(visit, path, scripts):
    """Each question is a group of radio buttons; choosing one with the arrow keys shows why it is right or not."""
    page = visit(path, java_script_enabled=scripts)
    groups = page.locator("article fieldset").all()
    assert 3 <= len(groups) <= 5
    for group in groups:
        assert group.locator("legend").inner_text().strip()
        options = group.locator("input[type=radio]").all()
        assert 3 <= len(options) <= 4
        reasons = group.locator(".bb-why")
        assert reasons.count() == len(options)
        assert group.locator(".bb-why:visible").count() == 0
        options[0].focus()
        page.keyboard.press("Space")
        assert reasons.nth(0).is_visible() and not reasons.nth(1).is_visible()
        page.keyboard.press("ArrowDown")
        assert reasons.nth(1).is_visible() and not reasons.nth(0).is_visible()


@pytest.mark.parametrize("path", THREADS)
def test_depth_switch(built, path):
    """The switch leads to the same thread at the other two depths."""
    thread = path.split("/")[-1]
    switch = re.search(
        r'<nav[^>]*class="bb-depth".*?</nav>',
        (built / f"{path}.html").read_text(encoding="utf-8"),
        re.S,
    )[0]
    hrefs = re.findall(r'href="([^"]+)"', switch)
    for tier in ("fundamentals", "intermediate", "academic"):
        if f"book/{tier}/{thread}" in PAGES and f"book/{tier}/{thread}" != path:
            assert any(href.endswith(f"{tier}/{thread}.html") for href in hrefs), (
                f"no way from {path} to {tier}"
            )


@pytest.mark.parametrize("path", PAGES)
def test_prints(visit, path, tmp_path):
    """In print the text takes the page, in light colours, without buttons and side bars."""
    page = visit(path, color_scheme="dark")
    page.emulate_media(media="print")
    for selector in (".bd-sidebar-primary", ".bd-header-article", ".bb-card"):
        assert page.locator(f"{selector}:visible").count() == 0, (
            f"{selector} is printed"
        )
    back = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert back in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"), f"printed on {back}"


class Links(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.ids, self.links = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.ids.update(value for key in ("id", "name") if (value := values.get(key)))
        self.links += [value for key in ("href", "src") if (value := values.get(key))]


def test_no_broken_link(built):
    """Every internal link and anchor of every built page leads somewhere."""
    parsed = {
        file.relative_to(built).as_posix(): Links(file.read_text(encoding="utf-8"))
        for file in built.rglob("*.html")
        if "_static" not in file.relative_to(built).parts
    }
    broken, followed = [], 0
    for name, page in parsed.items():
        for link in page.links:
            if urlsplit(link).scheme or link.startswith("//"):
                continue
            target, anchor = urldefrag(urljoin(f"/{name}", link))
            target = unquote(urlsplit(target).path).lstrip("/") or "index.html"
            followed += 1
            if not (built / target).exists():
                broken.append(f"{name}: {link}")
            elif (
                anchor
                and target in parsed
                and unquote(anchor) not in parsed[target].ids
            ):
                broken.append(f"{name}: {link} (no such anchor)")
    assert followed > 100
    assert broken == []


def test_one_search_box(visit):
    """One way to search, and it finds a word of a page."""
    page = visit(PAGES[0])
    assert (
        page.locator("input[type=search]:visible").count()
        + page.locator(".search-button__button:visible, .search-button:visible").count()
        <= 2
    )
    results = visit("search", viewport=DESKTOP)
    results.goto(results.url + "?q=raloxifene")
    results.locator("#search-results li").first.wait_for(timeout=10000)


def test_launch_buttons_lead_to_the_address_or_are_not_there(built, address):
    """Until the book has an address, nothing on a page points at Binder or at a repository; then each thread does, at its own."""
    repository = address.get("BOOK_REPOSITORY", "https://github.com/nobody/nothing")
    for path in PAGES:
        text = (built / f"{path}.html").read_text(encoding="utf-8")
        head = text.split("<article")[0]
        strange = r'href="https://github\.com/(?!executablebooks|jupyter)[^"]*"'
        found = re.findall(strange, head)
        assert [each for each in found if not each[6:].startswith(repository)] == []
        assert ("mybinder.org" in text) == bool(address and path in THREADS), path


def test_page_weight(built):
    """What one page costs, uncompressed, without the figures of the text: kept in sight so that it does not creep up."""
    sizes = {path: (built / f"{path}.html").stat().st_size for path in PAGES}
    assert max(sizes[path] for path in THREADS) < 1_500_000, json.dumps(sizes, indent=1)
