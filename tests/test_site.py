"""The built book, read page by page in a real Chromium."""

import gzip
import json
import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from lxml.html import fromstring

from helpers import (
    COLORS,
    PAGES,
    ROOT,
    RULES,
    THREADS,
    TOUCH,
    axe,
    drawn,
    light_and_dark,
    often,
    opened,
    samples,
    settled,
    with_explorable,
)
from press import pages

SAMPLES = samples()
# What is the same on each page of a tier is asked of one for every change; what figures with sliders do, of one page of each.
FIRST = [next(path for path in THREADS if f"/{tier}/" in path) for tier in pages.TIERS]
LIVE = [*FIRST, *(stands[0] for stands in with_explorable().values())]
# Kilobytes that a page may ask for as it opens, packed as hosts pack, and how often it may ask; where there are formulas, their font too.
LIMIT, WITH_FORMULAS, REQUESTS = 250, 300, 20
PACKED = {".html", ".css", ".js", ".svg"}


@cache
def packed(file):
    """Bytes of a file on their way to a reader."""
    held = file.read_bytes()
    return len(gzip.compress(held, 9)) if file.suffix in PACKED else len(held)


def words(page):
    """What a reader sees of the text of a page."""
    return re.sub(r"\s+", " ", page.locator("article").inner_text())


# Comes to each picture and each figure with sliders of a page, which load when they come near, and waits until a picture is
# there; says how many there are.
THROUGH = """async () => {
    const parts = [...document.querySelectorAll("article img, [data-explorable]")].filter((part) => part.checkVisibility());
    for (const part of parts) {
        part.scrollIntoView({ block: "center" });
        await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
        if (part.complete === false)
            await new Promise((done) => ["load", "error"].forEach((ends) => part.addEventListener(ends, done)));
    }
    return parts.length;
}"""


def test_quiet_and_at_home(still, site):
    """No error in the console, no request that fails, no request to any other host, from top to bottom of the page."""
    path, page = still
    assert page.first, "the page asked for nothing"
    assert page.evaluate(THROUGH) or path not in THREADS
    settled(page)
    assert page.said == []
    assert page.failed == []
    assert (
        page.asked
        and [url for url in page.asked if not url.startswith((site, "data:", "blob:"))]
        == []
    )


def test_page_weight(still, built):
    """What a page asks for as it opens stays light: all of it, from an empty cache."""
    path, page = still
    formulas = "<math" in (built / f"{path}.html").read_text(encoding="utf-8")
    light(built, page.first, WITH_FORMULAS if formulas else LIMIT)


ROWS = "book/reference/ask"
# How much of what is in sight moves by itself, and how far (Layout Instability, as browsers measure it).
MOVED = """window.moved = 0;
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.moved += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""
#: Pages whose lines break elsewhere in the faces of the book and in those that stand for them; and the table to ask.
JUMPED = [
    ("book/fundamentals/fractures", 390),
    ("book/fundamentals/thin-bones", 390),
    ("book/intermediate/tissues", 412),
    (ROWS, 412),
]


@pytest.mark.parametrize(("path", "width"), JUMPED)
def test_nothing_jumps_when_faces_and_rows_come_late(chromium, site, path, width):
    """On a slow line the words are there before their faces, and the form before its rows: nobody loses the line."""
    context = chromium.new_context(viewport={"width": width, "height": 823})
    page, late = context.new_page(), []
    page.add_init_script(MOVED)
    held = True
    page.route(
        re.compile(r"\.woff2$|/ask/rows\.js"),
        lambda route: late.append(route) if held else route.continue_(),
    )
    page.goto(f"{site}/{path}.html", wait_until="domcontentloaded")
    painted = "performance.getEntriesByName('first-contentful-paint').length"
    page.wait_for_function(painted)
    page.wait_for_timeout(400)
    assert late, "it asked for no face"
    held = False
    for route in late:
        route.continue_()
    page.evaluate("() => document.fonts.ready")
    if path == ROWS:
        page.locator(".bb-ask-found tbody > tr").first.wait_for()
    page.wait_for_timeout(400)
    assert page.evaluate("moved") <= 0.02
    context.close()


def light(built, asked, limit=LIMIT, requests=REQUESTS):
    """What was asked for is no more than so many kilobytes and so many files; their names."""
    files = [built / unquote(urlsplit(url).path).lstrip("/") for url in asked]
    assert {".html", ".css", ".js", ".woff2"} <= {file.suffix for file in files}
    told = {file.name: packed(file) for file in files}
    assert sum(map(packed, files)) <= limit * 1000, json.dumps(told, indent=1)
    assert len(files) <= requests, json.dumps(told, indent=1)
    return set(told)


#: Pages that are asked something in their address, and the parts of an index, of sections and of rows that come for it.
#: Of several words each has its part, and what is found may stand in as many: small files, of which a few more may come.
ASKED = [
    ("search", "", {}, REQUESTS),
    ("search", "?q=bone", {"words": 1, "text": 3}, REQUESTS),
    ("search", "?q=Evista+clots", {"words": 2, "text": 3}, REQUESTS),
    ("search", "?q=osteopororsis", {"words": 1, "text": 3, "spelled.js": 1}, REQUESTS),
    ("search", "?q=how+long+should+I+take+it", {"words": 3, "text": 3}, 30),
    (ROWS, "", {"rows": 1}, REQUESTS),
    (ROWS, "#drug=raloxifene", {"rows": 2}, REQUESTS),
    (ROWS, "#about=hip+fracture", {"rows": 1}, REQUESTS),
    (ROWS, "#q=Evista+clots", {"words": 2, "rows": 5}, 30),
]


@pytest.mark.parametrize(
    ("path", "asks", "comes", "requests"), ASKED, ids=lambda value: str(value)
)
def test_what_is_asked_loads_what_it_needs(visit, built, path, asks, comes, requests):
    """The search and the table to ask, on a phone with an empty cache: as light as other pages with what they found in sight, too."""
    page = visit(path, asks=asks, **TOUCH)
    settled(page)
    found = page.locator(".bb-hits > li, .bb-ask-found tbody > tr").count()
    assert (found > 3) == bool(comes)
    names = Counter(
        name.partition("-")[0]
        for name in light(built, page.asked, requests=requests)
        if re.fullmatch(r"spelled\.js|(words|text|rows)-\d+\.js", name)
    )
    assert set(names) == set(comes)
    assert all(names[name] >= least for name, least in comes.items()), names
    assert page.said == [] and page.failed == []


# What Firefox's Reader View makes of the page as it stands, scripts run: the numbers and terms outside of questions (a form is no
# text to it), marked, and those that it lost; how many cards it took for text.
READ = """(source) => {
    const Readability = new Function(`${source}; return Readability`)();
    const copy = document.cloneNode(true);
    const links = [...copy.querySelectorAll("article .bb-opens")].filter((link) => !link.closest("fieldset"));
    const marks = links.map((link, number) => [`⟦${number}⟧`, link.textContent]);
    links.forEach((link, number) => link.append(marks[number][0]));
    copy.querySelectorAll(".bb-card").forEach((card) => card.append("⟦card⟧"));
    const text = new Readability(copy).parse()?.textContent ?? "";
    const lost = marks.filter(([mark]) => !text.includes(mark)).map(([, words]) => words);
    return { numbers: marks.length, lost, cards: text.split("⟦card⟧").length - 1 };
}"""


def test_reading_modes_keep_every_number(still):
    """F1: Readability keeps each number and term of the text where it stands, and no card."""
    path, page = still
    source = (ROOT / "tests/readability/Readability.js").read_text(encoding="utf-8")
    found = page.evaluate(READ, source)
    assert (found["lost"], found["cards"]) == ([], 0)
    assert found["numbers"] > 5 or path not in THREADS


# Colors come from tags, classes and states, all the way up: of the parts that are alike in these, and in what they carry,
# the first stands for the others (the sources of the book are hundreds of entries of one shape), on this page and on those
# whose shapes are handed in. Marks the others; says how many parts are left on the page, and were on no page before, and
# the shapes of all.
ALIKE = """(before) => {
    const shapes = new Map(JSON.parse(before || "[]")), here = new Set(), left = { page: 0, book: 0 };
    function walk(part, above) {
        if (part.tagName === "svg") return { page: false, book: false };
        const look = ["class", "style", "role", "type", "aria-current", "open", "data-bb-tier"].map((name) => part.getAttribute(name)).concat(part.getAttributeNames());
        const stripe = ["TR", "LI"].includes(part.tagName) && [...part.parentNode.children].indexOf(part) % 2;
        const shape = JSON.stringify([above, part.tagName, look, stripe, part.checkVisibility()]);
        const known = { page: here.has(shape), book: shapes.has(shape) };
        here.add(shape);
        if (!known.book) shapes.set(shape, shapes.size);
        const inner = part instanceof MathMLElement && part.tagName !== "math"; // a formula is of one color, however it is nested
        for (const child of part.children) {
            const all = walk(child, inner ? above : shapes.get(shape));
            for (const where in left) known[where] &&= all[where];
        }
        for (const where in left)
            if (known[where]) part.setAttribute(`data-alike-${where}`, "");
            else left[where] += 1;
        return known;
    }
    walk(document.body, -1);
    for (const where in left)
        for (const part of document.querySelectorAll(`[data-alike-${where}] [data-alike-${where}]`)) part.removeAttribute(`data-alike-${where}`);
    return [left.page, left.book, JSON.stringify([...shapes])];
}"""


# Out of sight, the parts that are alike keep their places among their brothers, so that stripes stay as they are. What is in
# them goes out of the page where nothing that stays refers to it. What was away before comes back.
AWAY = """(where) => {
    for (const [part, held] of window.away ?? []) {
        part.style.removeProperty("display");
        part.append(held);
    }
    const alike = `[data-alike-${where}]`, named = new Set();
    for (const name of ["for", "aria-controls", "aria-describedby", "aria-details", "aria-labelledby", "aria-owns"])
        for (const part of document.querySelectorAll(`[${name}]`))
            if (!part.closest(alike)) part.getAttribute(name).split(" ").forEach((id) => named.add(id));
    window.away = [...document.querySelectorAll(alike)].map((part) => {
        const held = document.createDocumentFragment();
        if (![...part.querySelectorAll("[id]")].some((each) => named.has(each.id))) held.append(...part.childNodes);
        part.style.setProperty("display", "none", "important");
        return [part, held];
    });
}"""


def no_violation(page, shapes="", whole=True):
    """Asserts that axe-core finds nothing, light and dark, with everything that folds unfolded and the link past the menu in sight.

    whole: of the parts that are alike, all are asked of names, roles and order; else the first of this page. Of colors the
    first is asked, of this page and of those whose `shapes` are handed in, as JSON. Returns the shapes, with this page's.
    """
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip-link a')")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    left, new, now = page.evaluate(ALIKE, shapes)
    assert left > 50 and (new == left or shapes)
    others = RULES | {"rules": {name: {"enabled": False} for name in COLORS["runOnly"]}}
    try:
        page.evaluate(AWAY, "none" if whole else "page")
        assert axe(page, others) == []  # the same in the dark
        page.evaluate(AWAY, "book")
        for scheme, _ in light_and_dark(page):
            assert axe(page, COLORS) == [], scheme
    finally:
        page.evaluate(AWAY, "none")  # others look at this page as well
    return now


@cache
def kinds(built, path):
    """The kinds of part that a page has: tag, classes, role, what it carries, where its words get a color; and in what it stands."""
    found = set()

    def walk(part, above):
        if not isinstance(part.tag, str) or part.tag in ("svg", "math", "script"):
            return
        style = part.get("style", "")
        look = tuple(part.get(name) for name in ("class", "role", "type"))
        kind = (part.tag, look, style if "color" in style else "")
        found.add((above, kind, tuple(sorted(part.keys()))))
        for child in part:
            walk(child, kind)

    walk(fromstring((built / f"{path}.html").read_bytes()), ())
    return found


@cache
def chosen(built):
    """Pages that have every kind of part that is in the book: first those that have most for their length."""
    left = set().union(*(kinds(built, path) for path in PAGES))
    pages_ = []
    while left:

        def worth(path, left=left):
            return (
                len(kinds(built, path) & left) / (built / f"{path}.html").stat().st_size
            )

        pages_.append(max(PAGES, key=worth))
        left -= kinds(built, pages_[-1])
    for path in list(pages_):  # those that the later ones have made needless
        others = (kinds(built, other) for other in pages_ if other != path)
        if kinds(built, path) <= set().union(*others):
            pages_.remove(path)
    return pages_


@pytest.mark.parametrize("part", range(4))
def test_accessible(visit, site, built, part):
    """axe-core finds no violation of WCAG 2.2 A and AA on pages that together have every kind of part of the book: a fourth of them.

    On every page it looks once a week (the next test).
    """
    found = sorted(chosen(built))  # those of a tier together: they are most alike
    first, *others = found[part * len(found) // 4 : (part + 1) * len(found) // 4]
    page = visit(first)
    shapes = no_violation(page, whole=False)
    for path in others:
        page.emulate_media(color_scheme="light")
        page.goto(f"{site}/{path}.html")
        shapes = no_violation(page, shapes, whole=False)


@pytest.mark.weekly
def test_accessible_page_by_page(still):
    no_violation(still[1])


def test_fits_a_phone(still):
    """Nothing is cut off and nothing makes the page scroll sideways at 390 and at 320 points.

    The line above the title stays above it, and a table that goes on beyond the edge has a shadow there.
    """
    _, page = still
    assert list(page.narrow) == [390, 320]
    for width, found in page.narrow.items():
        assert found["width"] <= width
        assert not found["over"], f"at {width}"
        assert found["tables"] == [], f"at {width}"


@pytest.fixture(scope="module")
def desk(chromium, site, request):
    """A page of the book at a desk, opened once for the tests that leave it as they found it."""
    page = opened(chromium, site, request.param)
    page.path = request.param
    yield page
    page.context.close()


def at_desk(here):
    """Asks of the pages in `here` for every change, of the other samples once a week."""
    return pytest.mark.parametrize("desk", often(here, SAMPLES), indirect=True)


@at_desk(LIVE)
def test_without_scripts(visit, desk):
    """With JavaScript off, the whole text of the page is still there to read."""
    with_scripts = words(desk)
    without = visit(desk.path, java_script_enabled=False)
    assert len(words(without)) > 0.95 * len(with_scripts), (
        "much of the page is hidden when scripts are off"
    )
    for image in without.locator("article figure img").all():
        if "only-dark" not in (image.get_attribute("class") or ""):
            image.scroll_into_view_if_needed()
            assert image.is_visible(), (
                f"a figure is hidden when scripts are off: {image.get_attribute('src')}"
            )


# What is said of the pictures of a page: alt text and address of each; of each figure its caption, and the fold under it.
SPEAK = """(folded) => {
    const words = (part, what) => [...part.querySelectorAll(what)].map((each) => each.textContent);
    const figures = [...document.querySelectorAll("article figure:has(img)")].map((figure) => {
        const [caption] = figure.querySelectorAll("figcaption");
        const folds = [...(figure.nextElementSibling?.children ?? [])].filter((part) => part.tagName === "DETAILS");
        const line = folded ? folds[0]?.querySelector(".bb-data-line") : caption;
        return {
            captions: words(figure, "figcaption"),
            folds: folds.length,
            opens: folds.some((fold) => fold.querySelector("summary").checkVisibility({ visibilityProperty: true })),
            line: line?.textContent ?? "",
            files: line?.querySelectorAll("a[href*='.csv']").length,
        };
    });
    const pictures = [...document.querySelectorAll("article img")].map((each) => [each.getAttribute("alt") ?? "", each.getAttribute("src")]);
    return [pictures, figures];
}"""


def test_figures_speak(still):
    """Every picture of the text has alt text that says something, and a figure has a caption with its data and its source."""
    path, page = still
    folded = pages.for_everybody(path)  # data and source, right under the figure
    pictures, figures = page.evaluate(SPEAK, folded)
    for alt, src in pictures:
        assert len(alt.split()) >= 8, f"alt text that says nothing: {alt!r} on {src}"
        assert not re.search(r"\.(svg|png)|_images", alt), (
            f"a file name as alt text: {alt!r}"
        )
    if path in THREADS:
        assert figures, "a page of the book without a figure"
        for figure in figures:
            assert len(figure["captions"]) == 1, "a figure without a caption"
            if folded:
                assert not re.search("Data:|Source:", figure["captions"][0])
                assert figure["folds"] == 1, "a figure without its fold"
                assert figure["opens"]
            told = figure["line"]
            assert "Data" in told, f"no data named under the figure: {told[:80]}"
            assert "Source" in told, f"no source named under the figure: {told[:80]}"
            if "Data: none" not in told:  # a drawing, or a curve of an equation
                assert figure["files"] >= 1, (
                    "the data of a figure is not one click away"
                )


@at_desk(FIRST)
def test_cards_by_keyboard(desk):
    """A number opens its card with Enter and closes it with Escape; focus stays on the number."""
    page = desk
    fact = page.locator("article a.bb-fact").first
    fact.focus()
    card = page.locator(fact.get_attribute("href"))
    assert not card.is_visible()
    page.keyboard.press("Enter")
    assert card.is_visible()
    assert card.locator("a").count() >= 1, "a card without a link to its study"
    page.keyboard.press("Escape")
    assert not card.is_visible()
    assert fact.evaluate("button => button === document.activeElement")


@at_desk(FIRST)
def test_cards_by_mouse_and_touch(visit, desk):
    """The same card opens under the mouse and under a finger, inside the window."""
    for page, act in ((desk, "hover"), (visit(desk.path, **TOUCH), "tap")):
        fact = page.locator("article a.bb-fact").first
        fact.scroll_into_view_if_needed()
        settled(page)  # a figure with sliders above it may still grow
        fact.scroll_into_view_if_needed()
        getattr(fact, act)()
        card = page.locator(fact.get_attribute("href"))
        card.wait_for(state="visible", timeout=20_000)
        box, view = card.bounding_box(), page.viewport_size
        assert box["x"] >= 0 and box["x"] + box["width"] <= view["width"] + 1, (
            f"the card leaves the window sideways on {act}"
        )
        assert box["y"] >= -1 and box["y"] + box["height"] <= view["height"] + 1, (
            f"the card leaves the window on {act}"
        )
    desk.mouse.move(0, 0)
    desk.locator(fact.get_attribute("href")).wait_for(state="hidden")


@at_desk(FIRST)
def test_questions_by_keyboard(desk):
    """Each question is a group of radio buttons; choosing one with the arrow keys shows why it is right or not."""
    answer_each(desk)
    desk.evaluate(
        "document.querySelectorAll('article fieldset :checked').forEach((each) => { each.checked = false; })"
    )


@pytest.mark.parametrize("path", often(FIRST, SAMPLES))
def test_questions_by_keyboard_without_scripts(visit, path):
    answer_each(visit(path, java_script_enabled=False))


def answer_each(page):
    """Answers each question of a page by keys and looks at the reasons that show."""
    groups = page.locator("article fieldset").all()
    assert 3 <= len(groups) <= 6
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
def test_numbers_and_questions_of_every_page(built, path):
    """On each page numbers have cards that lead to their studies, and the questions of its side file stand as groups of radio buttons."""
    html = (built / f"{path}.html").read_text(encoding="utf-8")
    cards = dict(
        re.match(r'id="([^"]+)"(.*)', rest, re.S).groups()
        for rest in html.split('class="bb-card" hidden="" ')[1:]
    )
    numbers = re.findall(r'<a[^>]*class="[^"]*bb-fact"[^>]*href="#([^"]+)"', html)
    assert numbers and set(numbers) <= set(cards)
    assert "<a " in cards[numbers[0]], "a card without a link to its study"
    side = pages.side(pages.place(path))
    groups = re.findall(r"<fieldset.*?</fieldset>", html, re.S)
    assert [len(re.findall('type="radio"', group)) for group in groups] == [
        len(question["options"]) for question in side["questions"]
    ]
    assert [group.count("<legend") for group in groups] == [1] * len(groups)


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


# The colors of everything that stands on paper, kept under the name of a scheme; how many parts there are, and which of them
# have others than under the name before.
INK = """([scheme, before]) => {
    window.inks ??= {};
    window.inks[scheme] = [...document.querySelectorAll("body, .bd-article-container *")]
        .filter((part) => part.checkVisibility() && !["STYLE", "SCRIPT"].includes(part.tagName))
        .map((part) => {
            const { color, backgroundColor, borderTopColor, fill, stroke, filter, textDecorationColor } = getComputedStyle(part);
            const name = `${part.tagName} ${part.getAttribute("class") ?? ""}`;
            return [name, color, backgroundColor, borderTopColor, fill, stroke, filter, textDecorationColor].join(" | ");
        });
    const [then, now] = [window.inks[before], window.inks[scheme]];
    return [then.length, now.length, now.map((ink, number) => [then[number], ink]).filter(([old, ink]) => old !== ink)];
}"""


def printed(page, scheme, before):
    """How many parts of a page are printed from the color mode `before`, how many from this one, and those in other colors."""
    theme = "(theme) => document.documentElement.dataset.theme === theme"
    page.emulate_media(media="screen", color_scheme=scheme)
    page.wait_for_function(theme, arg=scheme)
    page.emulate_media(media="print", color_scheme=scheme)
    page.wait_for_function(theme, arg="light")
    return page.evaluate(INK, [scheme, before])


@at_desk(LIVE)
def test_prints(desk):
    """In print the text takes the page, in light colours, without buttons and side bars.

    F7: from dark it prints as from light, code and live charts too.
    """
    page = desk
    for box in page.locator("[data-explorable]").all():
        box.scroll_into_view_if_needed()
        drawn(page, box.get_attribute("data-explorable"), 0)
    printed(page, "light", "light")
    light, dark, others = printed(page, "dark", "light")
    assert light == dark > 200
    assert others == []
    assert (
        page.locator(".bb-chart svg:visible").count()
        == page.locator("[data-explorable]").count()
    )
    for selector in (".bd-sidebar-primary", ".bd-header-article", ".bb-card"):
        assert page.locator(f"{selector}:visible").count() == 0, (
            f"{selector} is printed"
        )
    back = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert back in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"), f"printed on {back}"
    page.emulate_media(media="screen", color_scheme="dark")
    page.wait_for_function("() => document.documentElement.dataset.theme === 'dark'")
    page.emulate_media(color_scheme="light")
    page.wait_for_function("() => document.documentElement.dataset.theme === 'light'")


class Links(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.ids, self.links = set(), []
        self.feed(text)

    def handle_starttag(self, _, attributes):
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
    ways = page.locator(
        "input[type=search]:visible, .search-button__button:visible, .search-button:visible"
    )
    assert ways.count() == 1
    results = visit("search")
    results.goto(results.url + "?q=raloxifene")
    results.locator(".bb-hits > li").first.wait_for(timeout=20_000)


def test_one_number_on_the_site_and_in_the_notebook(built):
    """Each figure and each exercise carries the number in the notebook that it has on the page, and none twice in the book."""
    seen, wrong = [], []
    for path in THREADS:
        page = (built / f"{path}.html").read_text(encoding="utf-8")
        numbers = r'<span class="caption-number">(Fig\.|Exercise) (\d+)'
        site = [
            (kind.replace("Fig.", "Figure"), number)
            for kind, number in re.findall(numbers, page)
        ]
        file = built / f"_sources/{path}.ipynb"
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        text = "\n".join(
            "".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"
        )
        made = re.findall(r"^(?:\*\*|### )(Figure|Exercise) (\d+)", text, re.M)
        wrong += [(path, site, made)] * (sorted(site) != sorted(made))
        seen += site
    assert wrong == [] and seen and len(set(seen)) == len(seen)


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
