"""What a page may load and run: its policy stands in its head, and the page obeys it."""

import re
from html.parser import HTMLParser

import pytest

from helpers import PAGES, PHONE, drawn
from press.sphinx.look import POLICY

DENSITY = "book/intermediate/density"


class Head(HTMLParser):
    """The policies of a page, and what of it no policy without "unsafe-inline" lets run."""

    def __init__(self, text: str):
        super().__init__()
        self.policies: list[str] = []
        self.early: list[str] = []
        self.inline: list[str] = []
        self.styles = 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "meta" and values.get("http-equiv") == "Content-Security-Policy":
            self.policies.append(values["content"] or "")
        elif tag in ("script", "link", "style") and not self.policies:
            self.early.append(self.get_starttag_text() or "")
        data = values.get("type") == "application/json"
        self.styles += tag == "style"
        if tag == "script" and "src" not in values and not data:
            self.inline.append(f"{self.getpos()[0]}: {self.get_starttag_text()}")
        for name, value in attributes:
            address = name in ("href", "src", "action") and (value or "").strip()
            if name.startswith("on") or str(address).startswith("javascript:"):
                self.inline.append(f"{self.getpos()[0]}: {name}={value}")


def test_what_a_page_may_not_hold_is_seen():
    found = Head(
        "<link href=a><script>let a;</script><a href='javascript:b()' onclick='c()'>"
        "<script src=d></script><script type='application/json'>{}</script><style>"
    )
    assert len(found.inline) == 3 and len(found.early) == 5 and found.styles == 1


def test_every_page_has_the_policy_and_no_script_in_it(built):
    """Before it stand the name of the sheet and the one script that knows it, and that may write the same one with the site's name.

    JupyterLite, if it lies beside the book, is a program of its own with pages of its own.
    """
    assert "unsafe-eval" not in POLICY and "script" not in POLICY
    assert POLICY.startswith("default-src 'self';")
    pages = [
        file
        for file in built.rglob("*.html")
        if not {"_static", "lite"} & set(file.relative_to(built).parts)
    ]
    assert len(pages) > len(PAGES)
    for file in pages:
        head = Head(file.read_text(encoding="utf-8"))
        name = file.relative_to(built).as_posix()
        own = POLICY
        early = ["site.css", "first/first.js"]
        if name in ("404.html", "index.html"):
            early = []
        if name == "404.html":  # styles in itself: it stands at any depth
            own = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
        told = rf'<script src="[^"]*_static/(.*)" data-policy="{re.escape(POLICY)}">'
        sheet = r'<link rel="preload" href="[^"]*_static/(.*)" as="style" />'
        found = [
            re.sub(f"{told}|{sheet}", r"\1\2", each, flags=re.S) for each in head.early
        ]
        assert (head.policies, found, head.inline) == ([own], early, []), name
        assert head.styles == (name == "404.html"), name


# What a page does against its policy, as the browser tells it.
COLLECT = """window.refused = [];
addEventListener("securitypolicyviolation", (event) =>
    refused.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`), true);"""


@pytest.fixture
def obeys(chromium):
    """Open an address; the page, which says what its policy has refused."""
    contexts = []

    def open_(address, **how):
        context = chromium.new_context(viewport=PHONE, **how)
        contexts.append(context)
        context.add_init_script(COLLECT)
        page = context.new_page()
        page.goto(address, wait_until="load")
        return page

    yield open_
    for context in contexts:
        context.close()


def use_sliders(page):
    box = page.locator("[data-explorable]").first
    box.scroll_into_view_if_needed()
    name = box.get_attribute("data-explorable")
    drawn(page, name, 0)
    for slider in box.locator("input[type=range]:visible").all():
        times = box.get_attribute("data-drawn")
        slider.focus()
        page.keyboard.press("ArrowRight")
        drawn(page, name, times)
    page.locator(".bb-off").first.wait_for(state="hidden")
    assert box.locator(".bb-chart svg").bounding_box()["height"] > 50


def use_print(page):
    page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    menu = page.locator(".bb-menu.dropdown-download-buttons")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    menu.get_by_role("button").click()
    assert page.evaluate("window.printed")
    assert menu.get_attribute("open") is None
    page.keyboard.press("Control+k")
    page.locator("#pst-search-dialog").wait_for(state="visible")


def use_search(page):
    page.locator(".bb-hits a").first.wait_for()


def use_lost(page):
    page.locator(".bb-found").wait_for(state="attached")
    assert page.locator("form").evaluate("each => each.action").endswith("/search.html")


def use_table(page):
    page.locator(".bb-ask-strip").first.wait_for()


def use_list(page):
    page.locator("[name=topic]").first.check()


KINDS = {
    "front": ("book/index.html", lambda page: page.locator("h1").wait_for()),
    "sliders": (f"{DENSITY}.html", use_sliders),
    "print and search": ("book/academic/bone.html", use_print),
    "search": ("search.html?q=raloxifene", use_search),
    "ask": ("book/reference/ask.html#drug=raloxifene&kind=hazard+ratio", use_table),
    "list": ("book/fundamentals/talk.html", use_list),
    "lost": ("404.html", use_lost),
}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_refused(obeys, site, kind):
    """Each kind of page, used as a reader does, asks for nothing that its policy forbids."""
    path, use = KINDS[kind]
    page = obeys(f"{site}/{path}")
    use(page)
    assert page.evaluate("refused") == []


@pytest.mark.parametrize("kind", ["sliders", "search", "ask"])
def test_nothing_is_refused_of_a_book_on_disk(obeys, built, kind):
    path, use = KINDS[kind]
    page = obeys(f"{built.as_uri()}/{path}")
    use(page)
    assert page.evaluate("refused") == []


def test_the_policy_refuses(obeys, site):
    """A script in the page, a handler, a text made a script, another host: none of them, and the page says so."""
    page = obeys(f"{site}/{DENSITY}.html")
    page.evaluate(
        """() => {
            const inline = document.createElement("script");
            inline.textContent = "window.intruder = 'a script';";
            document.head.append(inline);
            const button = document.createElement("button");
            button.setAttribute("onclick", "window.intruder = 'a handler'");
            document.body.append(button);
            button.click();
            setTimeout("window.intruder = 'a text'", 0);
            new Image().src = "https://example.org/a.png";
        }"""
    )
    page.wait_for_function("() => refused.length >= 4")
    refused = {each.split(":")[0] for each in page.evaluate("refused")}
    assert refused == {"script-src-elem", "script-src-attr", "script-src", "img-src"}
    assert page.evaluate("window.intruder") is None


def test_a_frame_that_takes_the_origin_leaves_the_policy(chromium, site):
    """In a frame without an origin of its own the one policy is the same with the site's name for 'self', and it refuses.

    WebKit until 2026 took 'self' for nothing there, or for any host by https; tests/test_engines.py asks it.
    """
    page = chromium.new_page()
    page.set_content(
        f'<iframe sandbox="allow-scripts" src="{site}/{DENSITY}.html"></iframe>'
    )
    page.wait_for_selector("iframe")
    frame = page.frame_locator("iframe")
    frame.locator("h1").wait_for()
    named = POLICY.replace("'self'", site)
    policies = frame.locator("meta[http-equiv]")
    assert [each.get_attribute("content") for each in policies.all()] == [named]
    assert (
        frame.locator("body").evaluate(
            """body => new Promise((resolve) => {
            const image = new Image();
            addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
            image.src = "https://example.org/a.png";
        })"""
        )
        == "img-src"
    )
    page.close()


@pytest.mark.parametrize("gone", ["vega.min.js", "vega-interpreter.js"])
def test_without_vega_the_still_figure_stays(chromium, site, gone):
    """A library that does not come leaves the still figure, and the console says what is missing."""
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.route(f"**/{gone}", lambda route: route.abort())
    page.goto(f"{site}/{DENSITY}.html")
    page.locator("[data-explorable]").first.scroll_into_view_if_needed()
    for _ in range(100):
        if any(gone in line and "loaded" in line for line in said):
            break
        page.wait_for_timeout(50)
    else:
        pytest.fail(f"nothing says that {gone} is missing: {said}")
    assert page.locator(".bb-off img.only-light").first.is_visible()
    assert not page.locator(".bb-live").first.is_visible()
    context.close()
