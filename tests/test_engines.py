"""The built site in Firefox and WebKit, used as a reader does: under a path, from disk, in frames of another site.

All other tests read it in Chromium. Here its pages have one script more, the first of all, that keeps what goes wrong.
"""

import functools
import shutil
import threading
from pathlib import Path
from urllib.parse import urlencode

import pytest
import tinycss2

import engines
from explorables import FOLDER
from press.sphinx import look, onesheet
from tools.serving import Quiet, server

pytestmark = [pytest.mark.weekly, pytest.mark.slow]

DENSITY = "book/intermediate/density"
# Errors, what did not load, what the policy refused, what a script complained about. The policy says nothing of it: it stands before that.
WATCH = """<script>
window.faults = [];
addEventListener("error", ({ message, target }) =>
    faults.push(message || `${target.src || target.href} did not load`), true);
addEventListener("unhandledrejection", ({ reason }) => faults.push(String(reason)));
addEventListener("securitypolicyviolation", (event) =>
    faults.push(`${event.effectiveDirective}: ${event.blockedURI}`), true);
for (const kind of ["error", "warn"]) console[kind] = (...said) => faults.push(said.join(" "));
</script>"""
# A page of a learning platform: it frames what its address names, with the attributes that stand there.
PLATFORM = """<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>A course</title><body><script>
const frame = document.createElement("iframe");
for (const [name, value] of new URLSearchParams(location.search)) frame.setAttribute(name, value);
document.body.append(frame);
</script></html>"""
# What a page must not do, each thing once.
BAD = f"""<!doctype html><html lang="en"><head>{WATCH}<link rel="icon" href="data:,">
<meta http-equiv="Content-Security-Policy" content="style-src 'self'"><style>p {{ color: red; }}</style>
<script>console.error("a complaint"); Promise.reject("a promise");</script>
<script>throw new Error("an error");</script><script src="missing.js"></script>
<img src="http://example.org/a.png" alt=""></head></html>"""
FRAMES = {
    "phone": {"width": "390", "height": "844"},
    "sandbox": {"width": "1200", "height": "800", "sandbox": "allow-scripts"},
}
WHERE = ("path", "disk", *FRAMES)


@pytest.fixture(scope="module")
def watched(built, once):
    """A folder with the site in `serms`, watched, and beside it the platform's page and a bad one."""

    def copy(source, target):
        shutil.copy(source, target)
        if target.endswith(".html"):
            text = Path(source).read_text(encoding="utf-8")
            head = text.replace("<head>", f"<head>{WATCH}", 1)
            Path(target).write_text(head, encoding="utf-8")

    def make(folder):
        kept = shutil.ignore_patterns("lite", "downloads", "_sources")
        shutil.copytree(built, folder / "serms", copy_function=copy, ignore=kept)
        (folder / "platform.html").write_text(PLATFORM, encoding="utf-8")
        (folder / "bad.html").write_text(BAD, encoding="utf-8")

    return once("watched", make)


@pytest.fixture(scope="module")
def served(watched):
    """Ports of two servers of that folder, and what they and the proxy were asked for: (address, answer)."""
    asked = []

    class Told(Quiet):
        def log_request(self, code="-", *_):
            asked.append((getattr(self, "path", "no HTTP"), int(code)))

    handler = functools.partial(Told, directory=str(watched))
    with server(0, handler) as one, server(0, handler) as two:
        for each in (one, two):
            threading.Thread(target=each.serve_forever, daemon=True).start()
        yield one.server_port, two.server_port, asked
        one.shutdown()
        two.shutdown()


@pytest.fixture(scope="module", params=engines.ENGINES)
def engine(request, served, tmp_path_factory):
    """A real browser; what it asks of any other host comes to the first server."""
    folder = tmp_path_factory.mktemp(request.param)
    with engines.ENGINES[request.param](folder, served[0]) as made:
        made.size(1280, 900)
        yield made


@pytest.fixture
def visit(engine, watched, served):
    """`visit(where, path)` opens a page there, and is in its frame if it is in one."""
    site, other, asked = served

    def open_(where, path):
        engine.enter(None)
        asked.clear()
        if where in FRAMES:
            wanted = FRAMES[where] | {"src": f"http://127.0.0.1:{site}/serms/{path}"}
            engine.go(f"http://localhost:{other}/platform.html?{urlencode(wanted)}")
            engine.enter("iframe")
            engine.click("h1")  # as everybody does before keys come to a frame
        elif where == "disk":
            engine.go(f"{(watched / 'serms').as_uri()}/{path}")
        else:
            engine.go(f"http://127.0.0.1:{site}/serms/{path}")
        return engine

    return open_


def faults(page, asked):
    """What has gone wrong on a page, and what was asked for that is not there or not the site's."""
    return page.run("return window.faults") + [
        f"{code} {path}"
        for path, code in asked
        if code >= 400 or not path.startswith(("/serms/", "/platform.html?"))
    ]


# The fonts that did not come. Words stand in others until they do, which some machines do not have. Of a face that is
# `optional` browsers say "error", too, when it came too late to be taken for this page; a file that is missing the server tells.
FONTS = """[...document.fonts].filter(({ family, status, display }) =>
    status === "error" && display !== "optional" && !family.includes(" as ")).map(({ family }) => family)"""
ICONS = """["loaded", "error"].find((ends) => [...document.fonts].some(
    ({ family, weight, status }) => family.includes("Awesome") && weight === "900" && status === ends))"""


# As readers use a page


def use_front(page):
    """The color mode turns, and the search finds."""
    colors = "[document.documentElement.dataset.theme, getComputedStyle(document.body).backgroundColor].join()"
    for _ in range(2):  # of three modes two look alike
        before = page.run(f"return {colors}")
        page.click(".theme-switch-button")
        if page.run(f"return {colors}") != before:
            break
    theme, background = page.run(f"return {colors}").split(",", 1)
    old, under = before.split(",", 1)
    assert {theme, old} == {"light", "dark"} and background != under
    page.click(".search-button__button")
    page.type("#pst-search-dialog input", "hot flush")
    hits = "#pst-search-dialog .bb-found[data-shown='hot flush'] .bb-hits a"
    page.wait(f'document.querySelectorAll("{hits}").length > 3')


def drawn(page, before=0):
    """The figure, once it has answered more often than before; what it says."""
    page.wait(f"document.querySelector('[data-explorable]').dataset.drawn > {before}")
    return page.run("return document.querySelector('.bb-live .bb-say').innerText")


def scrolled(page):
    page.run("document.querySelector('[data-explorable]').scrollIntoView()")
    said = drawn(page)
    box = "document.querySelector('.bb-chart svg').getBoundingClientRect()"
    assert page.run(f"return {box}.height") > 50
    return said


def use_buttons(page):
    """Another button of the view: another sentence."""
    said = scrolled(page)
    page.click("[data-preset][aria-pressed='false']")
    assert drawn(page, 1) != said


def use_sliders(page):
    """A moved slider: another sentence. A number is underlined and opens its card; an answer has its reason."""
    said = scrolled(page)
    page.type("[data-explorable] input[type=range]", engines.ARROW_RIGHT)
    assert drawn(page, 1) != said
    line = "getComputedStyle(document.querySelector('article a.bb-fact'))"
    assert page.run(
        f"const line = {line}; return [line.textDecorationLine, line.textDecorationStyle]"
    ) == ["underline", "dotted"]
    page.click("article a.bb-fact")
    page.wait("document.querySelector('.bb-card:popover-open a[href]')")
    page.type("article a.bb-fact", engines.ESCAPE)
    page.wait("!document.querySelector('.bb-card:popover-open')")
    shown = "[...document.querySelectorAll('.bb-why')].filter((why) => why.checkVisibility()).length"
    assert page.run(f"return {shown}") == 0
    page.click(".bb-question .bb-option:nth-of-type(2) input")
    assert page.wait(shown) == 1


# Signs of formulas that stand outside of their place.
HUNG = """const written = document.createRange();
return [...document.querySelectorAll("article math :is(mi, mn, mo)")].filter((sign) => {
    if (!sign.checkVisibility()) return false;
    written.selectNodeContents(sign);
    const [ink, place] = [written, sign].map((each) => each.getBoundingClientRect());
    return place.left - ink.left > 1 || ink.right - place.right > 1;
}).map((sign) => sign.parentElement.textContent);"""


def use_formulas(page):
    """Each formula has a size, what is divided stands above what divides it, and no sign lies on another one.

    WebKit hung parentheses out over the slash before them, as it does with quotation marks before a line.
    """
    sizes = page.run(
        """return [...document.querySelectorAll("article math")].filter((math) => math.checkVisibility())
            .map((math) => math.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height))"""
    )
    assert len(sizes) > 40 and min(sizes) > 3
    gaps = page.run(
        """return [...document.querySelectorAll("article mfrac")].filter((each) => each.checkVisibility())
            .map((each) => [...each.children].map((part) => part.getBoundingClientRect()))
            .map(([above, below]) => below.top - above.bottom)"""
    )
    assert gaps and min(gaps) > -1
    assert page.run(HUNG) == []


def use_ask(page):
    """A drug, then words: each time fewer rows."""
    many = "Number.parseInt(document.querySelector('.bb-ask-said').innerText.replace(',', ''))"
    every = page.wait(many)
    page.click("#ask-drug option[value=raloxifene]")
    page.wait(f"{many} < {every}")
    few = page.run(f"return {many}")
    page.type("form.bb-ask [name=q]", "stroke")
    page.wait(f"{many} > 0 && {many} < {few}")


def use_search(page):
    page.wait("document.querySelectorAll('.bb-found .bb-hits > li').length > 3")


USES = {
    "front": ("book/index.html", use_front),
    "buttons": ("book/fundamentals/receptors.html", use_buttons),
    "sliders": (f"{DENSITY}.html", use_sliders),
    "formulas": ("book/academic/receptors.html", use_formulas),
    "ask": ("book/reference/ask.html", use_ask),
    "search": ("search.html?q=raloxifene", use_search),
}


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("use", USES)
def test_a_page_works(visit, served, use, where):
    """Nothing goes wrong, nothing is missing, nothing is asked of others, nothing is wider than the window; and it does what it is there for.

    In a frame that takes a page's origin from it no font comes from a file; the icons have to be there all the same.
    """
    path, what = USES[use]
    page = visit(where, path)
    what(page)
    assert faults(page, served[2]) == []
    assert page.wait(ICONS) == "loaded"
    if where != "sandbox":
        assert page.run(f"return {FONTS}") == []
    wide = page.run("return [document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1] == int(FRAMES.get(where, {}).get("width", 1280))


def test_what_goes_wrong_is_seen(engine, served):
    """The test of a page would tell of each of these."""
    site, _, asked = served
    engine.enter(None)
    asked.clear()
    engine.go(f"http://127.0.0.1:{site}/bad.html")
    found = "\n".join(faults(engine, asked))
    for each in (
        *("a complaint", "a promise", "an error", "missing.js did not load"),
        *("style-src", "404 /missing.js", "404 http://example.org/a.png"),
    ):
        assert each in found, found


@pytest.mark.parametrize("where", ["path", "sandbox"])
def test_the_policy_refuses(visit, where):
    """A script in the page and another host, in a frame that takes a page's origin from it as well."""
    page = visit(where, f"{DENSITY}.html")
    assert page.run("return window.faults") == []
    page.run(
        """const script = document.createElement("script");
        script.textContent = "window.intruder = true;";
        document.head.append(script);
        new Image().src = "https://example.org/a.png";"""
    )
    page.wait("window.faults.some((fault) => fault.startsWith('img-src'))")
    assert page.wait("window.faults.some((fault) => fault.startsWith('script-src'))")
    assert page.run("return window.intruder") is None


# The sheets

#: What an engine does not know, and can do without: lines that end more evenly, marks that hang out, and sizes of text of
#: a phone that turned; what concerns paper in Firefox.
UNKNOWN = {
    "firefox": {
        *("-webkit-font-smoothing", "hanging-punctuation", "orphans", "text-wrap"),
        *("widows", "-webkit-text-size-adjust", "text-size-adjust"),
    },
    "webkit": {"-webkit-text-size-adjust", "text-size-adjust"},
}
SUPPORTED = r"""const root = getComputedStyle(document.documentElement);
const known = (text) => text.replace(/var\((--[\w-]+)[^()]*\)/g, (_, name) => root.getPropertyValue(name) || "red");
return arguments[0].filter(([name, value]) => !CSS.supports(name, known(value)));"""


def test_the_sheets_are_understood(visit, engine):
    """Every declaration of ours. WebKit dropped a line whose style and color were one, and no number looked like one that opens."""
    text = look.sheet() + (FOLDER / "static/explore.css").read_text(encoding="utf-8")
    rules = onesheet.cut(tinycss2.parse_stylesheet(text, True, True), "", None)
    said = {
        (name, text.removeprefix(f"{name}:").removesuffix("!important"))
        for rule in onesheet.below(rules)
        if rule.kind == "rule" and not rule.head.startswith("@")
        for name, text in rule.inside
        if not name.startswith("--")
    }
    assert len(said) > 500
    page = visit("path", "book/index.html")
    unknown = page.run(SUPPORTED, sorted(said))
    assert {name for name, _ in unknown} == UNKNOWN[engine.name], unknown
    assert page.run(SUPPORTED, [["color", "nothing"]])
