"""The look of the pages, as far as it shows without a browser: dark figures, sizes, names for the theme's toggles."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
from bonebook import style
from press.sphinx import look

SHEET = (ROOT / "press" / "sphinx" / "static" / "look.css").read_text(encoding="utf-8")


def variables(block: str) -> dict[str, str]:
    return dict(re.findall(r"--bb-([\w-]+):\s*(#[0-9a-fA-F]{3,6})", block))


LIGHT = variables(SHEET[SHEET.index(":root") : SHEET.index('html[data-theme="dark"]')])
DARK = variables(
    SHEET[SHEET.index('html[data-theme="dark"]') : SHEET.index("@media print")]
)


def test_a_dark_figure_swaps_house_colors_and_nothing_else():
    svg = f'<path style="fill: {style.INK}"/><path id="a123456" style="stroke:#123456; fill:{style.drug_color("raloxifene").upper()}"/>'
    dark = look.darken(svg)
    assert (
        style.PAGE["ink"][1] in dark
        and style.DRUGS["raloxifene"][1] in dark
        and "#123456" in dark
        and "a123456" in dark
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


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_words_of_the_sheet_have_a_contrast_of_4_5(colors):
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
    for name, word in (
        ("paper", "paper"),
        ("ink", "ink"),
        ("soft", "soft"),
        ("teal", "teal"),
        ("blue", "blue"),
        ("plum", "plum"),
        ("grid", "line"),
    ):
        assert style.PAGE[name] == (LIGHT[word], DARK[word])


def test_drawings_hold_house_colors_only():
    for drawing in (ROOT / "figures").glob("*.svg"):
        text = drawing.read_text(encoding="utf-8")
        assert "<title" in text and "<desc" in text, drawing.name
        assert set(re.findall(r"#[0-9a-fA-F]{6}", text)) <= set(look.DARK), drawing.name


def test_nothing_of_the_look_asks_another_host():
    for file in [
        *ROOT.glob("press/sphinx/static/*.css"),
        *ROOT.glob("press/sphinx/templates/*.html"),
    ]:
        assert not re.search(
            r"(src|href|url)\W{1,2}https?:", file.read_text(encoding="utf-8")
        ), file.name
