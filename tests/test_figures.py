"""What is said of a figure against what it draws, what it draws against its rows, and the figure as a table."""

import copy
import html
import json
import re

import matplotlib.pyplot as plt
import pytest

from bonebook import pick, style
from bonebook.drawn import drawn
from helpers import PAGES, ROOT, nothing
from press import figures, myst, plotted, said, tabled

ARMS = ["ettinger1999-vfx-plac", "ettinger1999-vfx-rlx60"]
ALT = "Two panels of 1,000 women. On placebo 101 had a new break, on raloxifene 66, which is 35 fewer."
CAPTION = "Fewer breaks on raloxifene. Data: {data}`outcomes`. Source: {cite:t}`ettinger1999`."


@pytest.fixture(scope="module")
def shown():
    figure = style.people(pick(ARMS, "{people} on {drug.name}"))
    found = drawn(figure)
    plt.close(figure)
    return [found | {"tables": ["outcomes"]}]


def told_of(alt, caption, shown):
    return list(figures.faults(alt, caption, shown))


def test_what_agrees_is_left_alone(shown):
    assert told_of(ALT, CAPTION, shown) == []


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
    (told,) = told_of(ALT.replace(old, new), CAPTION, shown)
    assert reason in told


def test_a_slip_in_a_caption_is_told(shown):
    (told,) = told_of(ALT, CAPTION.replace("raloxifene", "tamoxifen"), shown)
    assert "caption names tamoxifen" in told and "it draws raloxifene" in told
    (told,) = told_of(ALT, CAPTION.replace("outcomes", "markers"), shown)
    assert "data from markers" in told


def test_another_drugs_color_is_told(shown):
    other = copy.deepcopy(shown)
    other[0]["axes"][1]["marks"][0]["color"] = style.drug_color("tamoxifen")
    assert any(
        "66 on raloxifene' is drawn in the color of tamoxifen" in told
        for told in told_of(ALT, CAPTION, other)
    )


def test_a_point_in_another_drugs_color_is_told():
    rows = pick(["ruth2006-vte-hr", "vogel2010-te-rr"], "{drug.name}")
    fig, ax = plt.subplots()
    style.forest(ax, rows.assign(drug=["tamoxifen", "raloxifene"]))
    told = list(figures.wrong_colors([drawn(fig)]))
    plt.close(fig)
    assert "'raloxifene' is drawn in the color of tamoxifen." in told


@pytest.fixture(scope="module")
def forest():
    """Three ratios with intervals: 0.65, 0.85, 0.95, the first of which excludes one."""
    ids = ["ruth2006-clinvfx-hr", "ensrud2008-hip-hr", "ensrud2008-wrist-hr"]
    fig, ax = plt.subplots()
    style.forest(ax, pick(ids, "{outcome}, {trial}"))
    ax.set_xlabel("ratio, raloxifene to placebo")
    found = drawn(fig)
    plt.close(fig)
    return [found]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Three ratios, all left of one.", ""),
        ("Four ratios.", "'Four ratios', and the figure draws 3"),
        ("Three marks right of one.", "in the figure some are not"),
        ("All three intervals cross one.", "in the figure some are not"),
        ("Spine 0.65, from 0.47 to 0.89.", ""),
        ("Spine 0.65, from 0.64 to 1.13.", "goes from 0.47 to 0.89"),
        ("The highest, at 0.85.", "the highest is 0.95"),
        ("Left of one: fewer. Right: more.", ""),
        ("Left of one: more.", "on the other side"),
        ("Raloxifene compared with placebo.", ""),
        ("Placebo compared with raloxifene.", "compares raloxifene with placebo"),
        ("Tamoxifen and tamoxifen.", "names one drug twice"),
        ("The wrist 0.95, whose interval includes one.", ""),
        ("The spine 0.65, whose interval includes one.", "goes from 0.47 to 0.89"),
        (
            "At the wrist 0.85, and at the hip 0.95.",
            "that place draws 0.73, 0.95, 1.24",
        ),
    ],
)
def test_what_is_said_of_a_forest_plot(forest, words, reason):
    told = " ".join(said.faults(words, "alt text", forest))
    assert reason in told if reason else not told


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Two panels, out of 1,000.", ""),
        ("Three panels.", "the figure draws 2"),
        ("Out of 1,300 women.", "the figure draws"),
        ("On placebo 66, on raloxifene 101.", "66 is drawn for raloxifene"),
        ("On placebo 101 and then 66, 35 more.", "66 is fewer than 101"),
        ("Breaks fall from 66 to 101.", "101 is not below 66"),
        ("Placebo on the right.", "raloxifene stands there"),
        ("Placebo on the left and raloxifene on the right.", ""),
    ],
)
def test_what_is_said_of_people(shown, words, reason):
    told = " ".join(said.faults(words, "caption", shown))
    assert reason in told if reason else not told


def test_what_is_said_of_changes_has_their_sign():
    fig, ax = plt.subplots()
    ax.plot([0, 1, 2], [0, -2.5, -7.4], "o-", label="spine")
    found = [drawn(fig)]
    plt.close(fig)
    assert not list(said.faults("A falling line; it lost 7.4.", "alt text", found))
    (told,) = said.faults("It gained 7.4 percent.", "alt text", found)
    assert "draws -7.4" in told
    (told,) = said.faults("A rising line.", "alt text", found)
    assert "its lines fall" in told


def test_arrows_mean_what_they_mean_everywhere():
    assert not list(said.arrows("Up: acts like estrogen. Down: blocks it.", []))
    assert len(list(said.arrows("Down: acts like estrogen. Up: blocks it.", []))) == 2


def test_a_figure_draws_its_rows_as_they_are(forest, shown):
    assert not list(plotted.faults(forest)) and not list(plotted.faults(shown))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            lambda ax: ax["marks"][0].update(color="#c4470f"),
            "in the color of tamoxifen",
        ),
        (lambda ax: ax.update(x="points"), "rows are in 'ratio'"),
        (lambda ax: ax["yticks"][2].__setitem__(1, "hip"), "another row's place"),
        (
            lambda ax: [
                mark.update(x=[19 * x for x in mark["x"]])
                for mark in ax["marks"]
                if mark["kind"] == "points"
            ],
            "at 19 times that of its row",
        ),
        (
            lambda ax: next(
                mark for mark in ax["marks"] if mark["kind"] == "interval"
            ).update(x=[0.4, 0.95]),
            "goes from 0.4 to 0.95",
        ),
    ],
)
def test_a_figure_that_draws_them_otherwise_is_told(forest, change, reason):
    other = copy.deepcopy(forest)
    change(other[0]["axes"][0])
    assert reason in " ".join(plotted.faults(other))


def test_other_numbers_over_people_are_told(shown):
    other = copy.deepcopy(shown)
    other[0]["axes"][1]["title"] = "66 of 100 on raloxifene"
    assert "stands over 66 of 1000 people" in " ".join(plotted.faults(other))


def test_the_table_of_a_figure_has_its_words_and_values(forest, shown):
    (part,) = tabled.parts(forest[0])
    assert part.header == ["row", "ratio, raloxifene to placebo", "error bar"]
    assert part.rows[1] == ["hip fracture, RUTH", "0.85", "0.64 to 1.13"]
    (part,) = tabled.parts(shown[0])
    assert part.rows[1] == ["66 on raloxifene", "66 of 1,000"]


def test_a_curve_is_read_at_the_ticks_of_its_axis():
    fig, ax = plt.subplots()
    x = [n / 10 for n in range(101)]
    ax.plot(x, [n**2 for n in x], label="square")
    ax.plot(x, [-n for n in x], label="line")
    ax.plot([3, float("nan"), 5], [9, 1, 25], "o")
    ax.set(xlabel="years", ylabel="points")
    found = drawn(fig)
    plt.close(fig)
    curves, points = tabled.parts(found)
    assert curves.header == ["years", "square", "line"] and curves.title == "points"
    assert curves.rows[1] == ["2", "4", "−2"] and len(curves.rows) <= tabled.MOST
    assert points.rows == [["3", "9"], ["5", "25"]]
    assert len(tabled.data(found)["panels"][0]["marks"][0]["x"]) == 101


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([0.84, 1.1], ["0.84", "1.10"]),
        ([16.39, 113], ["16", "113"]),
        ([-5.88134, 12.6], ["−5.9", "12.6"]),
        ([0, 0.0476], ["0", "0.0476"]),
        ([415, 1200], ["415", "1,200"]),
    ],
)
def test_a_column_of_numbers_is_written_with_one_number_of_decimals(numbers, words):
    assert tabled.written(numbers) == words


WITH_CELLS = [
    page
    for page in PAGES
    if any(cell.alt for cell in myst.read(ROOT / f"{page}.md").cells)
]


@pytest.mark.parametrize("page", WITH_CELLS)
def test_every_figure_draws_what_is_said_of_it(built, page):
    notebook = built / "_sources" / f"{page}.ipynb"
    nothing(list(figures.told(ROOT / f"{page}.md", notebook)))


@pytest.mark.parametrize("page", WITH_CELLS)
def test_the_table_under_a_figure_is_what_the_figure_draws(built, page):
    """Each number of the table is one that is drawn, each place and value that is drawn stands in it; no id is shown."""
    text = (built / f"{page}.html").read_text(encoding="utf-8")
    folds = re.findall(r'<div class="bb-drawn">.*?</details>\n</div>', text, re.S)
    with_alt = [cell for cell in myst.read(ROOT / f"{page}.md").cells if cell.alt]
    assert len(folds) == len(with_alt)
    for cell, fold in zip(with_alt, folds, strict=True):
        file = built / "_images" / f"{cell.label}.json"
        values = json.loads(file.read_text(encoding="utf-8"))
        assert f'href="../../_images/{file.name}"' in fold
        assert values["words"] == cell.alt
        drawn_values = said.every_number([{**values, "axes": values["panels"]}])
        shown = [
            word
            for row in re.findall(r"<td[^>]*>(.*?)</td>", fold)
            for word in re.findall(rf"(?<![\w.,]){said.NUMBER}", row)
        ]
        curves = any(
            m["kind"] == "curve" for ax in values["panels"] for m in ax["marks"]
        )
        missing = [
            word for word in shown if not any(said.near(v, word) for v in drawn_values)
        ]
        assert curves or not missing, f"{cell.label}: {missing}"
        plain = " ".join(html.unescape(fold).split())
        for ax in values["panels"]:
            places = [text for _, text in ax["yticks"] if re.search("[a-z]{3}", text)]
            places += [ax["title"]] if len(values["panels"]) > 1 else []
            assert all(" ".join(place.split()) in plain for place in places)
