"""Numbers of the prose in real builds: refused when wrong, a card in HTML, a note elsewhere, no digit without a mark."""

import functools
import os
import re
import shutil
import sys
from html.parser import HTMLParser

import pytest

import forked
from bonebook import tables
from helpers import FALL, LIGHT, RISE, ROOT, WRONG, WRONG_PAGE
from press import facts
from press.sphinx import facts as role
from tools.serving import served

UNVERIFIED = next(
    name
    for name in facts.ids()
    if facts.fact(name).row.get("seen") == "unverified"
    and facts.fact(name).value is not None
)
#: The studies that the cards of this book lead to.
TOLD = {facts.fact(name).row["study"] for name in (RISE, FALL, UNVERIFIED)}
CONF = """
extensions = [
    "myst_nb", "sphinxcontrib.bibtex", "press.sphinx.facts", "press.sphinx.cards"
]
bibtex_bibfiles = ["references.bib"]
root_doc = "book/index"
html_theme = "basic"
html_static_path = ["static"]
html_css_files = ["cards.css"]
html_js_files = [("cards.js", {"defer": "defer"})]
nb_execution_mode = "off"
myst_enable_extensions = ["colon_fence", "deflist"]
version, copyright = "1", "nobody"
exclude_patterns = ["_build*"]
"""
PAGE = f"""# Density

A scan measures {{term}}`bone mineral density`. With the drug it {{fact}}`gained 1.28 % <{RISE}>`.
Without ({{fact}}`-1.32 % <{FALL}>`) it fell {{cite:p}}`johnston2000`, {{given}}`1 in 7` say, and arms had 60 mg.

- standard error {{fact}}`0.23 % <{RISE}:se>`
- it had {{compare}}`more bone <{RISE} {FALL}>` than the other
- nobody checked {{fact}}`{facts.fact(UNVERIFIED).pretty()} <{UNVERIFIED}>` this

| arm | change |
|---|---|
| raloxifene | {{fact}}`1.28 % <{RISE}>` |

A link [that says {{fact}}`1.28 % <{RISE}>`](../reference/all.md). Data: {{data}}`bmd_change`.
"""
REFERENCE = """# Reference

{studies}

(table-bmd_change)=
## Changes

```{{glossary}}
Bone mineral density
  How much mineral is packed into a bone. A scan measures it.

  In the second paragraph: areal density.
```

```{{bibliography}}
```
"""


def write(folder, page, extensions=""):
    """A small book with one page and the reference entries that cards lead to."""
    for path, text in {
        "conf.py": CONF + extensions,
        "references.bib": "@article{johnston2000, author={Johnston, C.}, title={Raloxifene}, journal={Archives}, year={2000}}",
        "book/index.md": "# Front\n\n```{toctree}\nintermediate/density\nreference/all\n```\n",
        "book/intermediate/density.md": page,
        "book/reference/all.md": REFERENCE.format(
            studies="\n\n".join(
                f"(study-{row['id']})=\n## Study {row['id']}"
                for row in tables.rows("studies")
                if row["id"] in TOLD
            )
        ),
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / "static").mkdir()
    for name in ("styles/cards.css", "static/cards.js"):
        shutil.copy(ROOT / "press" / "sphinx" / name, folder / "static")
    return folder


def build(folder, builder):
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-b",
        builder,
        "-W",
        "--keep-going",
        "-n",
        "-q",
        "-d",
        folder / "_build-trees",
        folder,
        folder / f"_build-{builder}",
    ]
    light = {"PYTHONPATH": LIGHT.format(ROOT)}
    return forked.run(command, folder, {**os.environ, **light})


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Builds the small book with one builder (once) and returns the folder of its output."""
    folder = write(tmp_path_factory.mktemp("small"), PAGE)

    @functools.cache
    def built(builder):
        finished = build(folder, builder)
        assert finished.returncode == 0, finished.stderr
        return folder / f"_build-{builder}"

    return built


class Tree(HTMLParser):
    """Tags of the text of a page with the tags that they stand in; the text of each button and card."""

    VOID = {"br", "hr", "img", "input"}

    def __init__(self, text):
        super().__init__()
        self.open, self.found, self.texts = [], [], []
        self.feed(
            text[text.index("<section") : text.rindex("</section>") + len("</section>")]
        )
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.found.append((tag, attributes, [above for above, _ in self.open]))
        if tag not in self.VOID:
            self.open.append((tag, len(self.texts)))
            self.texts.append([tag, attributes, ""])

    def handle_endtag(self, tag):
        assert self.open[-1][0] == tag, f"</{tag}> closes {self.open[-1][0]}"
        self.open.pop()

    def handle_data(self, data):
        for _, index in self.open:
            self.texts[index][2] += data

    def named(self, name):
        return [
            (tag, attributes, text)
            for tag, attributes, text in self.texts
            if name in (attributes.get("class") or "").split()
        ]


# --- what is right passes, what is wrong does not ------------------------------------------------------------------------


@pytest.mark.slow
def test_wrong_numbers_stop_the_build(tmp_path):
    """Each fault is told with file, line, what is written and what is stored."""
    folder = write(tmp_path, WRONG_PAGE)
    finished = build(folder, "html")
    assert finished.returncode != 0
    told = [line for line in finished.stderr.splitlines() if "WARNING" in line]
    for number, (fault, words) in enumerate(WRONG.items(), 3):
        here = [
            line
            for line in told
            if f"book/intermediate/density.md:{number}:" in line.replace("\\", "/")
        ]
        assert len(here) == 1, f"{fault}: {here}\n{finished.stderr}"
        assert all(word in here[0] for word in words), here[0]
    assert len(told) == len(WRONG), finished.stderr
    # Only a clean page may pass the next time: see test_fresh.py for the same with the book's own settings.


def test_place_in_the_side_file(tmp_path):
    """What the page does not hold is looked for in the side file beside it."""
    (tmp_path / "density.md").write_text("# Title\n\nwords\n", encoding="utf-8")
    (tmp_path / "density.yml").write_text(
        "minutes: 6\nask: |\n  It rose by 7 %.\n", encoding="utf-8"
    )

    class Env:
        docname = "density"

        def doc2path(self, _):
            return str(tmp_path / "density.md")

    assert role.place(Env(), 1, "words").endswith("density.md:3")
    assert role.place(Env(), 1, "rose by 7 %").endswith("density.yml:3")
    assert role.place(Env(), 1, "nowhere") == ("density", 1)


# --- HTML ----------------------------------------------------------------------------------------------------------------


def test_html(small):
    text = (small("html") / "book/intermediate/density.html").read_text(
        encoding="utf-8"
    )
    tree = Tree(text)
    buttons, opened = tree.named("bb-fact"), tree.named("bb-card")
    assert [content for _, _, content in buttons] == [
        "gained 1.28 %",
        "−1.32 %",
        "0.23 %",
        "more bone",
        facts.fact(UNVERIFIED).pretty(),
        "1.28 %",
    ]
    ids = [attributes["id"] for _, attributes, _ in tree.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert [a["href"] for _, a, _ in tree.named("bb-opens")] == [
        f"#{a['id']}" for _, a, _ in opened
    ]
    for tag, attributes, content in buttons:
        assert tag == "a"
        assert attributes["aria-label"] == f"{content}, source"
    for tag, attributes, above in tree.found:
        if "bb-opens" in attributes.get("class", ""):
            assert not {"a", "button", "label", "summary", "h1", "h2"} & set(above)
        if attributes.get("class") == "bb-card":
            assert (
                tag == "span"
                and {"popover", "hidden"} <= set(attributes)
                and attributes["aria-label"].startswith(("Source: ", "Definition: "))
            )
        if "span" in above:
            assert tag not in (
                "p",
                "div",
                "ul",
                "section",
            )  # a card may stand in a paragraph
    card = next(
        content
        for _, a, content in opened
        if a["aria-label"] == "Source: gained 1.28 %"
    )
    row = facts.fact(RISE).row
    for words in (
        "+1.28 %",
        "SE 0.23 %",
        row["population"][1:],
        "Johnston et al. 2000",
        "doi 10.",
        "Read in the source itself.",
    ):
        assert words in card
    compared = next(
        content for _, a, content in opened if a["aria-label"] == "Source: more bone"
    )
    assert "+1.28 %" in compared and "−1.32 %" in compared
    assert compared.count("Johnston et al. 2000") == 1
    links = [
        a["href"] for tag, a, above in tree.found if tag == "a" and "span" in above
    ]
    assert any(link.startswith("../reference/all.html#") for link in links) and any(
        link.startswith("https://doi.org/10.") for link in links
    )
    assert [content for _, _, content in tree.named("bb-unverified")] == [
        " (unverified)"
    ]
    assert "Unverified" in next(
        content
        for _, a, content in opened
        if facts.fact(UNVERIFIED).pretty() in a["aria-label"]
    )
    assert "that says 1.28 %" in re.sub("<[^>]+>", "", text), (
        "inside a link the number is plain"
    )


def test_term(small):
    """The first sentences of the entry, and the way to the rest of it."""
    tree = Tree(
        (small("html") / "book/intermediate/density.html").read_text(encoding="utf-8")
    )
    assert [content for _, _, content in tree.named("bb-term")] == [
        "bone mineral density"
    ]
    card = next(
        content
        for _, a, content in tree.named("bb-card")
        if a["aria-label"] == "Definition: bone mineral density"
    )
    assert (
        "How much mineral is packed into a bone. A scan measures it." in card
        and "areal" not in card
        and "Full entry" in card
    )


def test_data(small):
    """The table leads to the dictionary, the file is beside the pages and equal to the one in data/."""
    page = small("html") / "book/intermediate/density.html"
    link = re.search(r'href="([^"]+\.csv)"', page.read_text(encoding="utf-8"))[1]
    assert (page.parent / link).read_bytes() == (
        tables.DATA / "bmd_change.csv"
    ).read_bytes()
    assert re.search(
        r'href="\.\./reference/all\.html#[^"]*"[^>]*><span[^>]*>bmd_change',
        page.read_text(encoding="utf-8"),
    )


def test_cards_are_not_searched(small):
    """Words that only cards have are not in the search index; the words of the page are."""
    index = (small("html") / "searchindex.js").read_text(encoding="utf-8")
    terms = index[index.index('"terms"') :]
    assert '"scan"' in terms or "scan:" in terms
    assert "archint" not in terms


def test_one_page(small):
    """As one long page: every card has its own id."""
    text = (small("singlehtml") / "book/index.html").read_text(encoding="utf-8")
    cards = re.findall(r'class="bb-card" hidden="" id="([^"]+)"', text)
    assert len(cards) == 7 and len(set(cards)) == 7


# --- other formats -------------------------------------------------------------------------------------------------------


@pytest.mark.weekly
@pytest.mark.parametrize(
    "builder, file, mark",
    [
        ("text", "book/intermediate/density.txt", "[1]"),
        ("latex", None, "sphinxAtStartFootnote"),
        ("epub", "book/intermediate/density.xhtml", "doc-noteref"),
        ("man", None, "[1]"),
    ],
)
def test_notes(small, builder, file, mark):
    """The number, its note, and in the note the study in words with its DOI."""
    path = (
        small(builder) / file
        if file
        else next(
            path
            for path in sorted(
                small(builder).glob("*.tex" if builder == "latex" else "*.1")
            )
        )
    )
    text = path.read_text(encoding="utf-8")
    plain = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", text).replace("\\%", "%"))
    assert "gained 1.28 %" in plain and mark in text
    study = next(row for row in tables.rows("studies") if row["id"] == "johnston2000")
    assert study["authors_year"] in plain and study["doi"] in plain.replace("\\", "")
    assert "Unverified: nobody has been able to check this number." in plain
    assert "(unverified)" in plain
    assert "popover" not in text and "bb-card" not in text


def test_notes_are_shared(small):
    """Numbers of one source have one note."""
    text = (small("text") / "book/intermediate/density.txt").read_text(encoding="utf-8")
    assert text.count("Sources of the numbers") == 1
    assert re.findall(r"^\[(\d+)\] ", text, re.M) == ["1", "2"]


# --- in a real browser ---------------------------------------------------------------------------------------------------


@pytest.fixture
def page(small, chromium):
    with served(small("html")) as address:
        context = chromium.new_context(viewport={"width": 900, "height": 600})
        page = context.new_page()
        page.goto(f"{address}/book/intermediate/density.html")
        yield page
        context.close()


def card_of(button):
    return button.page.locator(button.get_attribute("href"))


def test_mouse(page):
    """WCAG 1.4.13: the card that the mouse opens can be hovered, dismissed without moving, and stays until the mouse leaves."""
    button = page.locator(".bb-fact").first
    card = card_of(button)
    button.hover()
    card.wait_for(state="visible", timeout=20_000)
    box = card.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40, steps=4)
    page.wait_for_timeout(700)
    assert card.is_visible(), "the card closed under the mouse"
    page.keyboard.press("Escape")
    card.wait_for(state="hidden", timeout=20_000)
    button.hover()
    card.wait_for(state="visible", timeout=20_000)
    page.mouse.move(2, 590)
    card.wait_for(state="hidden", timeout=20_000)
    button.hover()
    card.wait_for(state="visible", timeout=20_000)
    button.click()
    page.mouse.move(2, 590)
    page.wait_for_timeout(700)
    assert card.is_visible(), "a click keeps the card"
    assert button.get_attribute("aria-expanded") == "true"
    button.click()
    card.wait_for(state="hidden", timeout=20_000)
    assert button.get_attribute("aria-expanded") == "false"
    assert card.get_attribute("hidden") is not None, "reading modes would read it"
    button.click()
    card.locator(".bb-card-close").click()
    card.wait_for(state="hidden", timeout=20_000)


def test_whoever_clicks_at_once_has_the_last_word(page):
    """The mouse came a moment before, and what it would have opened: a clicked card stays, one that Esc closed is closed."""
    button = page.locator(".bb-fact").first
    card = card_of(button)
    button.click()
    page.wait_for_timeout(500)
    page.mouse.move(2, 590)
    page.wait_for_timeout(700)
    assert card.is_visible(), "it closed as if the mouse had opened it"
    page.keyboard.press("Escape")
    card.wait_for(state="hidden", timeout=20_000)
    button.click()
    page.keyboard.press("Escape")
    page.wait_for_timeout(500)
    assert not card.is_visible(), "it opened again"


def test_keyboard(page):
    """Tab goes from the number into its card; Esc closes it from there and gives the focus back."""
    button = page.locator(".bb-fact").first
    button.focus()
    page.keyboard.press("Space")
    assert card_of(button).is_visible()
    for _ in range(2):
        page.keyboard.press("Tab")
    assert card_of(button).evaluate(
        "card => card.contains(document.activeElement) && document.activeElement.tagName === 'A'"
    )
    page.keyboard.press("Escape")
    card_of(button).wait_for(state="hidden", timeout=20_000)
    assert button.evaluate("button => button === document.activeElement")


def test_a_card_in_the_address_opens(page):
    """A number that was clicked before the script ran, or was opened in a tab of its own."""
    page.goto(page.url + page.locator(".bb-fact").first.get_attribute("href"))
    page.reload()
    assert card_of(page.locator(".bb-fact").first).is_visible()


def test_lines(page):
    """No width of the window puts a comma or a bracket on another line than its number."""
    bad = page.evaluate("""() => {
        const bad = [];
        for (let width = 260; width < 640; width += 4) {
            document.body.style.width = width + "px";
            for (const button of document.querySelectorAll(".bb-together > .bb-opens")) {
                for (const text of [button.previousSibling, button.nextElementSibling.nextSibling]) {
                    if (!text || text.nodeType !== 3) continue;
                    const range = document.createRange();
                    range.selectNodeContents(text);
                    const mark = range.getBoundingClientRect(), number = button.getBoundingClientRect();
                    if (mark.top > number.bottom || mark.bottom < number.top) bad.push(`${width}: ${button.textContent}${text.data}`);
                }
            }
        }
        return bad;
    }""")
    assert page.locator(".bb-together").count() >= 2 and bad == []


def test_search_shows_no_cards(page):
    """The text around a hit is the page's, not the cards'."""
    page.goto(page.url.replace("book/intermediate/density.html", "search.html?q=drug"))
    hit = page.locator("#search-results li", has_text="Density").first
    hit.wait_for(timeout=20_000)
    hit.locator("p.context").wait_for(timeout=20_000)
    assert (
        "gained 1.28 %" in hit.inner_text()
        and "Read in the source" not in hit.inner_text()
        and "SE 0.23" not in hit.inner_text()
    )
