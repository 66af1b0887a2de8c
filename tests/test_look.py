"""The look of the pages, as far as it shows without a browser: dark figures, sizes, names for the theme's toggles."""

import importlib.util
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, wraps
from html import unescape
from pathlib import Path

import pytest
import tinycss2

from bonebook import style
from press.sphinx import look, onesheet

ROOT = Path(__file__).resolve().parent.parent
BOOK = look.sheet()
SHEETS = {
    "book.css": BOOK,
    "explore.css": (ROOT / "explorables" / "static" / "explore.css").read_text(
        encoding="utf-8"
    ),
}
#: What may be !important, because the theme or a script is too; the sheets say against what.
IMPORTANT = {
    (".skip-link a", "color"),
    (".admonition", "box-shadow"),
    (".only-dark ~ figcaption", "display"),
    (".bb-card:target", "display"),
    (".only-light", "display"),
    (".only-dark", "display"),
    ("#pst-back-to-top", "display"),
}
#: Classes that no page has today and any page may have tomorrow.
MAY_COME = {
    "eqno",  # the number of a formula
    "text_plain",  # what a cell prints
}


@dataclass(frozen=True)
class Rule:
    """A rule of a sheet: its layer, the conditions around it, selectors, declarations.

    `reasons` are the names of the declarations that a comment stands directly before.
    """

    layer: str
    conditions: tuple[str, ...]
    selectors: tuple[str, ...]
    declarations: tuple[tinycss2.ast.Declaration, ...]
    reasons: frozenset[str]


def parts(prelude) -> list[str]:
    """The selectors of a rule, cut at the commas that stand in no brackets."""
    found = [[]]
    for token in prelude:
        if token == ",":
            found.append([])
        else:
            found[-1].append(token)
    return [" ".join(tinycss2.serialize(each).split()) for each in found]


def rules(nodes, layer="", conditions=()):
    """Every style rule below `nodes`, whatever @layer, @media or @supports it stands in."""
    for node in nodes:
        assert node.type != "error", node.message
        if node.type == "qualified-rule":
            content = tinycss2.parse_blocks_contents(node.content, skip_whitespace=True)
            assert not [each for each in content if each.type == "error"]
            before = zip([None, *content], content, strict=False)
            yield Rule(
                layer,
                conditions,
                tuple(parts(node.prelude)),
                tuple(each for each in content if each.type == "declaration"),
                frozenset(
                    each.name
                    for last, each in before
                    if each.type == "declaration" and last and last.type == "comment"
                ),
            )
        elif (
            node.type == "at-rule"
            and node.at_keyword in ("layer", "media", "supports")
            and node.content is not None  # the order of layers holds nothing
        ):
            about = tinycss2.serialize(node.prelude).strip()
            inside = tinycss2.parse_rule_list(node.content, skip_whitespace=True)
            if node.at_keyword == "layer":
                yield from rules(inside, about, conditions)
            else:
                yield from rules(inside, layer, (*conditions, about))


@cache
def read(text: str) -> list[Rule]:
    return list(rules(tinycss2.parse_stylesheet(text, skip_whitespace=True)))


def ours() -> list[Rule]:
    """The rules of the book's own sheets."""
    return [rule for text in SHEETS.values() for rule in read(text)]


def colors(*conditions: tuple[str, ...]) -> dict[str, str]:
    """The hexadecimal colors of the rules with these selectors, the last one of a name."""
    return {
        each.name.removeprefix("--bb-"): tinycss2.serialize(each.value).strip()
        for rule in read(BOOK)
        if rule.layer == "tokens" and not rule.conditions
        for each in rule.declarations
        if rule.selectors in conditions and "#" in tinycss2.serialize(each.value)
    }


def light() -> dict[str, str]:
    return colors((":root",))


def dark() -> dict[str, str]:
    return light() | colors(('html[data-theme="dark"]',))


def test_a_dark_figure_swaps_house_colors_and_nothing_else():
    svg = f'<path style="fill: {style.INK}"/><path id="a123456" style="stroke:#123456; fill:{style.drug_color("raloxifene").upper()}"/>'
    swapped = look.darken(svg)
    assert (
        style.PAGE["ink"][1] in swapped
        and style.DRUGS["raloxifene"][1] in swapped
        and "#123456" in swapped
        and "a123456" in swapped
    )


@pytest.mark.parametrize(
    ("svg", "size"),
    [
        ('<svg height="30" xmlns="x" viewBox="0 0 40 30">', ' width="40" height="30"'),
        (
            '<svg width="72pt" height="36pt" viewBox="0 0 72 36">',
            ' width="96" height="48"',
        ),
        ('<svg xmlns="x">', ""),
    ],
)
def test_a_figure_knows_its_size(svg, size):
    assert look.pixels(svg) == size


def test_toggles_of_the_contents_have_names():
    named = look.name_toggles(
        '<a class="x" href="y">One &amp; two</a><details open="open"><summary><span></span></summary>'
    )
    assert '<summary aria-label="Pages of One &amp; two">' in named


@pytest.mark.parametrize("mode", [light, dark])
def test_words_of_the_sheet_have_a_contrast_of_4_5(mode):
    colors = mode()
    pairs = [
        (word, ground)
        for word in ("ink", "muted")
        for ground in ("paper", "soft", "raised")
    ]
    pairs += [
        (hue, ground)
        for hue in ("teal", "blue", "plum", "right", "wrong")
        for ground in ("paper", "soft", "raised", f"{hue}-soft")
    ]
    low = {
        pair: round(style.contrast(colors[pair[0]], colors[pair[1]]), 2)
        for pair in pairs
    }
    assert {pair: value for pair, value in low.items() if value < 4.5} == {}
    assert style.contrast(colors["edge"], colors["paper"]) >= 3


def test_page_and_figures_share_their_colors():
    assert {"paper", "ink", "soft", "line", "teal", "blue", "plum"} == set(look.SHARED)
    for word, name in look.SHARED.items():
        assert style.PAGE[name] == (light()[word], dark()[word])


def test_drawings_hold_house_colors_only():
    for drawing in (ROOT / "figures").glob("*.svg"):
        text = drawing.read_text(encoding="utf-8")
        assert "<title" in text and "<desc" in text, drawing.name
        assert set(re.findall(r"#[0-9a-fA-F]{6}", text)) <= set(look.DARK), drawing.name


def test_nothing_of_the_look_asks_another_host():
    for file in [
        *ROOT.glob("press/sphinx/styles/*.css"),
        *ROOT.glob("press/sphinx/templates/*.html"),
    ]:
        assert not re.search(
            r"(src|href|url)\W{1,2}https?:", file.read_text(encoding="utf-8")
        ), file.name


def test_each_sheet_is_one_layer_and_every_layer_has_its_place():
    """A sheet whose name is in no order would be left out, or win by chance."""
    files = {file.stem for file in look.STYLES.glob("*.css")}
    assert files == set(look.LAYERS) - {"theme", "explorables"}
    for layer in files:
        text = (look.STYLES / f"{layer}.css").read_text(encoding="utf-8")
        assert {rule.layer for rule in read(text)} == {layer}
        (only,) = tinycss2.parse_stylesheet(text, True, True)
        assert only.at_keyword == "layer"
    assert {rule.layer for rule in read(SHEETS["explore.css"])} == {"explorables"}
    assert look.LAYERS[:2] == ("overrule", "theme")
    assert look.LAYERS[-1] == "print"


def test_no_rule_is_overridden_on_its_own_selector():
    """A selector sets a property once under the same conditions, in all sheets together."""
    seen = defaultdict(list)
    for rule in ours():
        for selector in rule.selectors:
            for each in rule.declarations:
                shared = rule.layer == "tokens" and each.name[5:] in look.SHARED
                if not shared:
                    seen[rule.conditions, selector].append((rule, each))
    twice = [
        f"{selector} {{ {later.name} }} in {rule.layer}, after {first.name} in {one.layer}"
        for (_, selector), found in seen.items()
        for number, (one, first) in enumerate(found)
        for rule, later in found[number + 1 :]
        if later.name == first.name
        or (rule is not one and later.name.startswith(f"{first.name}-"))
    ]
    assert twice == []


def test_important_is_said_only_against_what_is_important_or_inline():
    said = {
        (selector, each.name): each.name in rule.reasons
        for rule in ours()
        for selector in rule.selectors
        for each in rule.declarations
        if each.important
    }
    assert set(said) == IMPORTANT
    assert all(said.values()), "a comment before the declaration says against what"


def test_every_variable_is_defined_and_used():
    text = "".join(SHEETS.values())
    used = set(re.findall(r"var\((--bb-[\w-]+)", text))
    defined = {
        each.name
        for rule in ours()
        for each in rule.declarations
        if each.name.startswith("--bb-")
    }
    assert used == defined


def test_every_variable_of_the_theme_that_is_set_is_one_it_reads():
    folders = [
        Path(importlib.util.find_spec(theme).origin).parent
        for theme in ("pydata_sphinx_theme", "sphinx_book_theme")
    ]
    theirs = "".join(
        file.read_text(encoding="utf-8")
        for folder in folders
        for file in folder.rglob("static/styles/*.css")
    )
    unread = {
        each.name
        for rule in ours()
        for each in rule.declarations
        if each.name.startswith("--")
        and not each.name.startswith("--bb-")
        and f"var({each.name}" not in theirs
    }
    assert unread == set()


def classes() -> set[str]:
    """Every class that a selector names."""
    return {
        name
        for rule in ours()
        for selector in rule.selectors
        for name in re.findall(r"\.([A-Za-z_][\w-]*)", selector)
    }


def test_every_class_is_on_a_page_or_written_by_something(built):
    """On a page, in a script that a page loads (one makes the copy buttons), or in ours."""
    pages = [
        file.read_text(encoding="utf-8")
        for kind in ("*.html", "*.js")
        for file in built.rglob(kind)
        if "vendor" not in file.parts
    ]
    sources = [
        file.read_text(encoding="utf-8")
        for folder in ("press", "explorables", "book")
        for kind in ("*.py", "*.html", "*.md")
        for file in (ROOT / folder).rglob(kind)
    ]
    written = {
        name
        for text in pages
        for found in re.findall(r'class="([^"]*)"', text)
        for name in found.split()
    }
    written |= set(re.findall(r"[\"'. ]([\w-]+)(?=[\"' ])", "".join(pages)))
    written |= set(re.findall(r"bb-[\w-]*\w", "".join(sources)))
    assert len(written) > 500
    assert classes() - written == MAY_COME


# The one sheet of the site

THEIRS = """@layer a, b; .gone { a: b } .here .gone, p .here:not(.gone) { color: red }
.here { --used: 1px; --idle: 2px; width: var(--used); content: "a  b"; animation: m 1s }
@media print { .gone { a: b } } @supports (a: b) { #id { b: url("../i.png") url(k.png) } }
@keyframes m { from { top: 0 } } @keyframes n { to { top: 0 } }
@font-face { font-family: F; src: url(f.woff2) }"""


def test_the_one_sheet_keeps_what_can_match(tmp_path):
    """A selector goes if a class that it asks for is nowhere; addresses lead where they led; ours is whole, and in its layer."""
    made = onesheet.one_sheet(
        ("theme", "x"),
        [("styles", THEIRS)],
        "@layer x { .gone { b: c } }",
        onesheet.named(["<p class='here other' id=id>"], [], tmp_path / "names"),
    )
    assert made == (
        "@layer theme,x;@layer theme{@layer a, b;p .here:not(.gone){color:red}"
        '.here{--used:1px;width:var(--used);content:"a  b";animation:m 1s}'
        '@supports (a: b){#id{b:url("i.png") url("styles/k.png")}}'
        "@keyframes m{from{top:0}}"
        '@font-face{font-family:F;src:url("styles/f.woff2")}}@layer x{.gone{b:c}}\n'
    )


def test_names_are_kept_by_the_text_that_they_were_found_in(tmp_path, monkeypatch):
    """What was looked through once is not again; another text is, and the names of one that is gone are gone."""
    kept, looked = tmp_path / "names.json", []
    of_page = onesheet.of_page
    monkeypatch.setattr(
        onesheet,
        "of_page",
        wraps(of_page)(lambda text: looked.append(text) or of_page(text)),
    )
    one, other = "<p class='one'>", "<p class='other'>"
    assert onesheet.named([one], ["script"], kept) == {"one", "script"}
    assert onesheet.named([one, other], ["script"], kept) == {"one", "other", "script"}
    assert looked == [one, other]
    assert onesheet.named([other], [], kept) == {"other"}
    kept.write_text("no JSON", encoding="utf-8")
    assert onesheet.named([one], [], kept) == {"one"}


@pytest.mark.parametrize("sheet", ["@import 'a.css';", ".a { .b { c: d } }"])
def test_a_sheet_that_nobody_can_cut_is_told(sheet):
    with pytest.raises(ValueError, match="a sheet that asks|a rule in a rule"):
        onesheet.one_sheet((), [("", sheet)], "", {"a", "b"})


def pages_of(built):
    return [
        file
        for file in built.rglob("*.html")
        if not {"_static", "lite"} & set(file.relative_to(built).parts)
    ]


def test_every_page_has_the_one_sheet_and_the_one_script(built):
    for file in pages_of(built):
        html = file.read_text(encoding="utf-8")
        if file.parent == built and file.name in ("404.html", "index.html"):
            continue  # they have none
        sheets = re.findall(r'rel="stylesheet"[^>]* href="[^"]*?_static/([^"]+)"', html)
        assert sheets == ["site.css"], file
        scripts = re.findall(r'<script[^>]* src="[^"]*?_static/([^"?]+)', html)
        assert scripts[:2] == ["first/first.js", "site.js"], file
        assert len(scripts) <= 7, file
    for pattern in look.UNSERVED:
        assert not list((built / "_static").glob(pattern)), pattern


def theme_selectors():
    """Every selector of the theme's two large sheets, without what is said of states and parts."""
    found = set()
    for name, sheet in (
        ("pydata_sphinx_theme", "pydata-sphinx-theme.css"),
        ("sphinx_book_theme", "sphinx-book-theme.css"),
    ):
        folder = Path(importlib.util.find_spec(name).origin).parent / "theme" / name
        text = (folder / "static/styles" / sheet).read_text(encoding="utf-8")
        for rule in read(text):
            found.update(rule.selectors)
    return sorted(found)


def test_nothing_that_was_cut_would_have_matched(visit, built):
    """In a browser: no selector of the theme that the one sheet lacks finds anything on pages of several kinds."""
    have = {
        selector
        for rule in read((built / "_static/site.css").read_text(encoding="utf-8"))
        for selector in rule.selectors
    }
    cut = [each for each in theme_selectors() if each not in have]
    assert len(cut) > 2_000 and len(have) > 900
    for path in ("book/index", "book/intermediate/density", "book/reference/ask"):
        found = visit(path).evaluate(
            """(all) => JSON.parse(all).filter((one) => {
                const states = one.replace(/::?(?:before|after|hover|focus|active|visited|focus-visible|focus-within|placeholder|marker|disabled|checked)\\b/g, "");
                try { return document.querySelector(states || "*"); } catch { return false; }
            })""",
            json.dumps(cut),
        )
        assert found == [], path


# What of the pages no face of the book has: a face of the reader's machine draws it.
FROM_THE_MACHINE = set("š↺∅∞≈○●✓✗")


def test_the_faces_have_what_the_pages_write(built):
    """The faces are cut: a letter that none of them has would stand in another one."""
    held = set()
    for found in re.findall(r"unicode-range:([^;]+);", BOOK):
        for part in found.split(","):
            low, _, high = part.strip().removeprefix("U+").partition("-")
            held.update(range(int(low, 16), int(high or low, 16) + 1))
    written = set()
    for file in pages_of(built):
        html = re.sub(
            r"<(script|style|math)\b.*?</\1>",
            "",
            file.read_text(encoding="utf-8"),
            flags=re.S,
        )
        written |= set(unescape(re.sub(r"<[^>]*>", "", html)))
    strange = {each for each in written if each.isprintable() and ord(each) not in held}
    assert strange <= FROM_THE_MACHINE, strange
