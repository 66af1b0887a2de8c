"""Drawings: what press.proof finds in a small one, and what passes."""

import pytest

from helpers import ROOT
from press import pages, svg
from press.proof import drawings

PAGE = "book/academic/bone"
ALT = "RANKL raises RANK, letter M for molecules. Estrogen lowers RANKL, letter H."
SMALL = f"""<svg xmlns="http://www.w3.org/2000/svg"><title>t</title><desc>{ALT}</desc>
<g data-node="estrogen"><rect x="0" y="0" width="100" height="50"/><text x="50" y="25">estrogen</text></g>
<g data-node="RANKL"><rect x="200" y="0" width="100" height="50"/><text x="250" y="25">RANKL</text></g>
<g data-node="RANK"><rect x="400" y="0" width="100" height="50"/><text x="450" y="25">RANK</text></g>
<g data-rows="edge-e2-rankl-women"><path d="M102 25H190" stroke="#0b655c"/><path d="M192 10V40"/><text>H</text></g>
<g data-rows="edge-rankl-rank"><path d="M302 25H390" stroke="#0b655c"/><path d="M398 25L380 15V35Z"/><text>M</text></g>
<g data-key="molecule"><text>M</text><text>molecules</text></g>
<g data-key="human"><text>H</text><text>people</text></g>
<g data-key="+"><text>arrow: raises</text></g>
<g data-key="-"><text>bar: lowers</text></g>
</svg>"""
TABLE = """<svg xmlns="http://www.w3.org/2000/svg"><desc>d</desc>
<g data-head="breast"><text x="100" y="20">Breast</text></g>
<g data-head="tamoxifen"><text x="10" y="80" fill="#c4470f">tamoxifen</text></g>
<g data-part="tamoxifen; breast"><rect x="90" y="50" width="20" height="60" fill="#7d3a78"/><text x="100" y="120">co-repressors come</text></g>
<g data-key="co-repressor"><rect width="9" height="9" fill="#7d3a78"/><text>co-repressor</text></g>
<g data-says="1; digging"><rect width="99" height="99"/><text x="9" y="9">1  Digging</text></g>
</svg>"""
ROW = """<svg xmlns="http://www.w3.org/2000/svg"><desc>Womb, bazedoxifene keeps estrogen out; overgrowth rare (seen in trials).</desc>
<g data-row="Womb"><path d="M0 0" stroke-dasharray="6 5"/><text>E</text><path d="M9 0" fill="#459972"/><text>B</text>
<text>Womb</text><text>B keeps E out</text><circle fill="#0f766e"/><path d="M1 1L2 2"/><text>overgrowth rare</text></g>
<g data-key="seen in trials"><circle fill="#0f766e"/><text>seen in trials</text></g>
<g data-key="not known"><circle fill="#fdfbf7"/><text>?</text><text>not known</text></g>
</svg>"""


@pytest.fixture
def found(monkeypatch):
    """Reasons of a rule for a drawing that stands alone on a page with this alt text."""

    def reasons(rule, text, alt=""):
        drawing = svg.Drawing("figures/small.svg", text)
        monkeypatch.setattr(svg, "drawings", lambda _: [drawing])
        shows = [(drawing.name, alt or drawing.description, 3)]
        monkeypatch.setattr(svg, "shown", lambda _: shows)
        return [slip.reason for slip in drawings.RULES[rule]([PAGE])]

    return reasons


@pytest.mark.parametrize("text", [SMALL, TABLE, ROW])
@pytest.mark.parametrize("rule", drawings.RULES)
def test_what_is_right_passes(found, rule, text):
    assert found(rule, text) == []


@pytest.mark.parametrize(
    ("text", "old", "new", "reason"),
    [
        (SMALL, ">RANKL<", ">RANK<", "stands in the shape of RANKL"),
        (SMALL, 'x="50" y="25"', 'x="150" y="25"', "outside of the shape"),
        (TABLE, ">Breast<", ">Womb<", "this is the head of breast"),
        (TABLE, "co-repressors come", "nobody comes", "holds a co-repressor"),
        (TABLE, 'height="60" fill="#7d3a78"', 'height="60"', "holds no co-repressor"),
        (TABLE, "#c4470f", "#3a72b5", "has the color of raloxifene"),
        (TABLE, "co-repressors come", "7 co-repressors come", "the number 7"),
        (TABLE, "1  Digging", "2  Digging", "'1' belongs to this picture"),
        (TABLE, "1  Digging", "1  Filling", "'digging' belongs to this picture"),
    ],
)
def test_labels(found, text, old, new, reason):
    assert old in text
    said = found("labels of drawings", text.replace(old, new, 1))
    assert any(reason in each for each in said), said


def test_a_picture_under_another_head(found):
    moved = TABLE.replace('x="90"', 'x="290"').replace(
        'x="100" y="120"', 'x="300" y="220"'
    )
    moved = moved.replace('y="50"', 'y="150"')
    said = found("labels of drawings", moved)
    assert len([each for each in said if "neither under nor beside" in each]) == 2


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("edge-e2-rankl-women", "edge-e2-rankl-woman", "has no row"),
        ("edge-e2-rankl-women", "edge-e2-opg-cells", "ends at RANKL, and edge-e2-opg"),
        ("edge-e2-rankl-women", "edge-e2-rankl-lining", "tells of human; the evidence"),
        ("M192 10V40", "M198 25L180 15V35Z", "its head is one that raises"),
        ("M102 25H190", "M302 25H190", "it starts at RANKL"),
        ('d="M192 10V40"', 'd="M192 10V40" stroke="#2c56a3"', "of two colors"),
        (
            "<text>H</text></g>\n<g data-rows",
            "<text>M</text></g>\n<g data-rows",
            "molecule",
        ),
        ("edge-rankl-rank", "edge-wnt-rankl>edge-rankl-rank", "its head is one that"),
        ("edge-rankl-rank", "edge-wnt-rankl>edge-e2-vdr", "has no row"),
        ("edge-rankl-rank", "edge-pth-rankl-rat>edge-rankl-rank", "of ma2001"),
        ("bar: lowers", "bar: raises", "explains -"),
        (">molecules<", ">animals<", "explains molecule"),
    ],
)
def test_arrows(found, old, new, reason):
    assert old in SMALL
    said = found("arrows of drawings", SMALL.replace(old, new, 1))
    assert any(reason in each for each in said), said


def test_an_arrow_without_a_row_says_so_and_is_gray(found):
    bare = SMALL.replace("edge-rankl-rank", "claimed")
    said = " ".join(found("arrows of drawings", bare))
    assert "does not say 'claimed'" in said and "drawn in gray" in said
    told = bare.replace(
        "<text>M</text></g>\n<g data-key", "<text>only claimed</text></g>\n<g data-key"
    )
    told = told.replace('25H390" stroke="#0b655c"', '25H390" stroke="#8a8580"')
    assert found("arrows of drawings", told) == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("RANKL raises RANK", "RANKL lowers RANK", "the arrow between them raises"),
        ("Estrogen lowers RANKL", "RANK lowers RANKL", "no arrow joins them"),
        ("letter M", "letter H", "tells of human and molecule"),
        ("letter M for molecules", "in mice", "the evidence of the arrow is molecule"),
    ],
)
def test_sentences(found, old, new, reason):
    (said,) = found("words of drawings", SMALL.replace(old, new, 1))
    assert reason in said


def test_alt_text_and_description_are_one(found):
    (said,) = found("words of drawings", SMALL, ALT.replace("lowers", "raises"))
    assert "molecules. Estrogen lowers RANKL" in said


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("B keeps E out", "estrogen is heard", "heard are, by the filled halves, B"),
        ("#459972", "#981342", "not in the color of bazedoxifene"),
        (
            ">overgrowth rare",
            ">overgrowth common",
            "overgrowth common (seen in trials)",
        ),
        (
            '<circle fill="#0f766e"/><path',
            '<circle fill="#fdfbf7"/><path',
            "(not known)",
        ),
    ],
)
def test_rows(found, old, new, reason):
    assert old in ROW
    said = found("words of drawings", ROW.replace(old, new, 1))
    assert any(reason in each for each in said), said


NODES = {name: [name.upper()] for name in "abcd"}


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("A raises b and lowers c.", ["A+B", "A-C"]),
        ("A raises and b lowers c.", ["A+C", "B-C"]),
        ("A raises b, which lowers c.", ["A+B", "B-C"]),
        ("A raises b, letter M, and c.", ["A+B", "A+C"]),
        ("A raises b, and c lowers d.", ["A+B", "C-D"]),
        ("A lowers b in one, raises it in another.", ["A-B", "A+B"]),
        ("A lowers b, and c helps the chain.", ["A-B"]),
        ("A line runs from a to b.", []),
    ],
)
def test_what_a_sentence_tells(sentence, wanted):
    told = drawings._told(sentence, NODES)
    assert [f"{a[0]}{sign}{b[0]}" for a, sign, b, _ in told] == wanted


def test_no_arrow_of_the_book_is_left_out():
    """In a drawing of arrows every path belongs to a shape, an arrow or the legend, and every arrow joins two shapes."""
    found = [d for d in svg.drawings(pages.contents()) if d.groups("rows")]
    assert len(found) == 3
    for drawing in found:
        arrows = drawings.arrows(drawing)
        assert len(arrows) > 6
        assert all(arrow.source and arrow.target for arrow in arrows)
        loose = [path.get("d") for path in drawing.root.findall(f"{svg.SVG}path")]
        set_points = (
            ["M236 700V792M464 700V792"] if "mechanostat" in drawing.name else []
        )
        assert loose == set_points


def test_every_drawing_is_shown_and_has_its_description():
    shown = {drawing.name for drawing in svg.drawings(pages.contents())}
    assert shown == {
        f"figures/{path.name}" for path in (ROOT / "figures").glob("*.svg")
    }
    assert all(d.description for d in svg.drawings(pages.contents()))
