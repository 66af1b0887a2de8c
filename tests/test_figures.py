"""What is said of a figure against what it draws: numbers, drugs and colors of alt texts and captions."""

import copy

import matplotlib.pyplot as plt
import pytest

from bonebook import pick, style
from bonebook.drawn import drawn
from helpers import PAGES, ROOT, nothing
from press import figures, myst

ARMS = ["ettinger1999-vfx-plac", "ettinger1999-vfx-rlx60"]
ALT = "Two panels of 1,000 women. On placebo 101 had a new break, on raloxifene 66, which is 35 fewer."
CAPTION = "Fewer breaks on raloxifene. Data: {data}`outcomes`. Source: {cite:t}`ettinger1999`."


@pytest.fixture(scope="module")
def shown():
    figure = style.people(pick(ARMS, "{people} on {drug.name}"))
    found = drawn(figure)
    plt.close(figure)
    return [found | {"tables": ["outcomes"]}]


def said(alt, caption, shown):
    return list(figures.faults(alt, caption, shown))


def test_what_agrees_is_left_alone(shown):
    assert said(ALT, CAPTION, shown) == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "101",
            "161",
            "says 161, and the figure draws no such number; nearest to it: 101",
        ),
        ("35 fewer", "45 fewer", "says 45"),
        ("raloxifene 66", "tamoxifen 66", "names tamoxifen"),
    ],
)
def test_a_slip_in_an_alt_text_is_told(shown, old, new, reason):
    (told,) = said(ALT.replace(old, new), CAPTION, shown)
    assert reason in told


def test_a_slip_in_a_caption_is_told(shown):
    (told,) = said(ALT, CAPTION.replace("raloxifene", "tamoxifen"), shown)
    assert "caption names tamoxifen" in told and "it draws raloxifene" in told
    (told,) = said(ALT, CAPTION.replace("outcomes", "markers"), shown)
    assert "data from markers" in told


def test_another_drugs_color_is_told(shown):
    other = copy.deepcopy(shown)
    other[0]["axes"][1]["marks"][0]["color"] = style.drug_color("tamoxifen")
    assert any(
        "66 on raloxifene' is drawn in the color of tamoxifen" in told
        for told in said(ALT, CAPTION, other)
    )


def test_a_point_in_another_drugs_color_is_told():
    rows = pick(["ruth2006-vte-hr", "vogel2010-te-rr"], "{drug.name}")
    fig, ax = plt.subplots()
    style.forest(ax, rows.assign(drug=["tamoxifen", "raloxifene"]))
    told = list(figures.wrong_colors([drawn(fig)]))
    plt.close(fig)
    assert "'raloxifene' is drawn in the color of tamoxifen." in told


WITH_CELLS = [
    page
    for page in PAGES
    if any(cell.alt for cell in myst.read(ROOT / f"{page}.md").cells)
]


@pytest.mark.parametrize("page", WITH_CELLS)
def test_every_figure_draws_what_is_said_of_it(built, page):
    notebook = built / "_sources" / f"{page}.ipynb"
    nothing(list(figures.told(ROOT / f"{page}.md", notebook)))
