"""The house figure style: legible colors in both modes, apart for color-blind readers, the same file every time."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib import colors

from bonebook import palette, pick, show, style, table

# Machado, Oliveira and Fernandes 2009, doi:10.1109/TVCG.2009.113, severity 1.0, on linear RGB.
SIGHT = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}


def oklab(color: str, sight: np.ndarray) -> np.ndarray:
    """A color as seen, in Oklab (Ottosson 2020), times 100."""
    rgb = np.array(colors.to_rgb(color))
    linear = sight @ np.where(
        rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4
    )
    cone = np.array(
        [
            [0.41222147, 0.53633254, 0.05144599],
            [0.21190350, 0.68069955, 0.10739696],
            [0.08830246, 0.28171884, 0.62997870],
        ]
    )
    lab = np.array(
        [
            [0.21045426, 0.79361779, -0.00407205],
            [1.97799850, -2.42859221, 0.45059371],
            [0.02590404, 0.78277177, -0.80867577],
        ]
    )
    return 100 * lab @ np.cbrt(cone @ np.clip(linear, 0, None))


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_every_drug_color_has_a_contrast_of_3_on_the_page(mode):
    paper = style.PAGE["paper"][mode]
    low = {
        drug: style.contrast(pair[mode], paper) for drug, pair in style.DRUGS.items()
    }
    low |= {
        (drug, step): style.contrast(pair[mode], paper)
        for drug, arms in palette.shades().items()
        for step, pair in arms.items()
    }
    low |= {
        name: style.contrast(style.PAGE[name][mode], paper)
        for name in ("axis", "benefit", "harm", "highlight")
    }
    assert {name: value for name, value in low.items() if value < 3} == {}


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_words_in_figures_have_a_contrast_of_7(mode):
    for name in ("ink", "quiet"):
        assert style.contrast(style.PAGE[name][mode], style.PAGE["paper"][mode]) >= 7


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("sight", SIGHT)
def test_drugs_that_meet_in_a_figure_stay_apart(mode, sight):
    near = []
    for group in style.TOGETHER:
        for one, other in itertools.combinations(group, 2):
            apart = np.linalg.norm(
                oklab(style.DRUGS[one][mode], SIGHT[sight])
                - oklab(style.DRUGS[other][mode], SIGHT[sight])
            )
            if apart < 6:
                near.append((one, other, round(float(apart), 1)))
    assert near == []


def test_drugs_that_meet_in_a_figure_have_different_shapes_and_hatches():
    for group in style.TOGETHER:
        for channel in (style.drug_marker, style.drug_hatch):
            seen = [channel(drug) for drug in group if drug not in ("placebo", "none")]
            assert len(set(seen)) == len(seen), group


def test_every_drug_of_the_tables_has_a_color():
    assert {style.drug_color(drug) for drug in table("drugs")["id"]} <= set(
        style.dark_partners()
    )


def test_no_light_color_has_two_dark_partners():
    light = [pair[0] for pair in (*style.PAGE.values(), *style.DRUGS.values())]
    assert len(set(light)) == len(light)


def test_shades_one_drug_are_told_apart():
    arms = [style.arm_color("raloxifene", dose) for dose in (30, 60, 150)]
    assert arms[1] == style.drug_color("raloxifene")
    assert all(
        np.linalg.norm(oklab(one, SIGHT["usual"]) - oklab(other, SIGHT["usual"])) > 7
        for one, other in itertools.combinations(arms, 2)
    )


def test_an_unknown_drug_is_named_in_a_sentence():
    with pytest.raises(KeyError, match="No color is set for the drug 'aspirin'"):
        style.drug_color("aspirin")


def draw(path):
    plt.close("all")
    figure, ax = plt.subplots()
    style.interval(ax, 0, 1.2, 0.8, 1.6, "raloxifene", 60)
    style.interval(ax, 1, 2.0, np.nan, np.nan, "placebo", approx=True)
    style.icon_array(
        figure.add_axes([0.6, 0.1, 0.4, 0.8]), 23.4, label="23 out of 1,000"
    )
    figure.savefig(path, metadata={"Date": None})
    return path.read_text(encoding="utf-8")


def test_a_figure_is_the_same_file_every_time_and_holds_house_colors_only(tmp_path):
    one, two = draw(tmp_path / "one.svg"), draw(tmp_path / "two.svg")
    assert one == two
    used = set(__import__("re").findall(r"#[0-9a-f]{6}(?=[;\"])", one))
    assert used <= set(style.dark_partners()), used - set(style.dark_partners())


def test_an_icon_array_of_1000_is_light(tmp_path):
    plt.close("all")
    figure, ax = plt.subplots()
    style.icon_array(ax, 41)
    figure.savefig(tmp_path / "icons.svg")
    assert (tmp_path / "icons.svg").stat().st_size < 150_000
    assert (
        len(ax.collections[1].get_paths()) == 41
        and len(ax.collections[0].get_offsets()) == 959
    )
    with pytest.raises(ValueError, match="between 0 and 1000"):
        style.icon_array(ax, 1001)


def test_a_forest_plot_has_its_line_of_no_difference():
    rows = pd.DataFrame(
        {
            "label": ["a", "b"],
            "drug": ["raloxifene", "tamoxifen"],
            "value": [0.7, 1.1],
            "ci_low": [0.5, 0.9],
            "ci_high": [0.9, 1.4],
            "dose_mg": [60.0, np.nan],
            "approx": [False, True],
        }
    )
    figure, ax = plt.subplots()
    style.forest(ax, rows)
    assert ax.get_xscale() == "log" and [
        label.get_text() for label in ax.get_yticklabels()
    ] == ["a", "b"]
    assert 1 in ax.get_xticks()
    plt.close(figure)


FRAME = pd.DataFrame(
    {
        "arm": ["Placebo", "Raloxifene"],
        "change": [-1.32, 1.28],
        "n": [90, 2557],
        "hip": [np.nan, 1.0],
        "year": [1999, 2000],
    }
)


def test_a_table_has_caption_scopes_and_true_minus_signs():
    text = show.tidy(
        FRAME,
        "Change & <spread>",
        units={"change": "%"},
        digits={"change": 2},
        plus=("change",),
    )._repr_html_()
    assert (
        text.count("<th ") == 5 + 2
        and text.count('scope="row"') == 2
        and "Change &amp; &lt;spread&gt;" in text
    )
    for part in ("−1.32", "+1.28", "2,557", "not given", ">2000<", "change (%)"):
        assert part in text
    assert "-1.32" not in text and "nan" not in text


def test_a_table_reads_as_plain_text():
    lines = repr(show.tidy(FRAME, "Change", digits={"change": 2})).splitlines()
    assert lines[0] == "Change" and lines[2].split() == [
        "arm",
        "change",
        "n",
        "hip",
        "year",
    ]
    assert "-1.32" in lines[4] and all(line.isascii() for line in lines)


def test_intervals_read_as_words():
    bounds = pd.DataFrame({"ci_low": [-0.5, np.nan], "ci_high": [1.07, 2]})
    assert list(show.interval(bounds)) == ["−0.50 to 1.07", ""]


def test_tables_refuse_in_sentences():
    with pytest.raises(ValueError, match="no row to show"):
        show.tidy(FRAME.head(0), "x")
    with pytest.raises(KeyError, match="No such column in this table: chnge"):
        show.tidy(FRAME, "x", units={"chnge": "%"})


def test_a_forest_takes_rows_of_tables_with_and_without_approx():
    rows = pick(["derived-chapuy1992-hip-rr", "dipart2010-cad-hip"], "{id}")
    figure, ax = plt.subplots()
    style.forest(ax, rows.fillna({"drug": "calcium-vitamin-d"}))
    assert [text.get_text() for text in ax.get_yticklabels()] == rows["id"].tolist()
    plt.close(figure)


# What a drug does to her


@pytest.mark.parametrize(
    ("tissue", "direction", "meant"),
    [
        ("bone", "estrogen-like", "help"),
        ("breast", "estrogen-blocking", "help"),
        ("clots", "estrogen-like", "harm"),
        ("endometrium", "estrogen-like", "harm"),
        ("hot flashes", "estrogen-blocking", "harm"),
        ("endometrium", "neutral", "neither"),
        ("bone", "mixed", "it depends"),
    ],
)
def test_what_an_action_means_for_her(tissue, direction, meant):
    assert style.verdict(tissue, direction) == meant


@pytest.mark.parametrize(
    ("tissue", "direction"), [("stroke", "estrogen-like"), ("bone", "unknown")]
)
def test_no_verdict_where_nobody_has_said_what_is_good(tissue, direction):
    with pytest.raises(ValueError, match="is not known"):
        style.verdict(tissue, direction)


def test_help_and_harm_are_what_the_words_of_the_rows_say():
    """Where a row says that a risk rises, or that it gets worse, the verdict is harm; where it says fewer or lower, help."""
    seen = set()
    for row in table("tissue_actions").itertuples():
        words = row.outcome_word
        if row.tissue not in style.HELPS or row.direction not in (
            "estrogen-like",
            "estrogen-blocking",
        ):
            continue
        meant = style.verdict(row.tissue, row.direction)
        if words.startswith(("raises", "about doubles", "makes them worse")):
            assert meant == "harm", row.id
            seen.add(meant)
        if words.startswith(("fewer", "lowers", "eases")):
            assert meant == "help", row.id
            seen.add(meant)
    assert seen == {"help", "harm"}


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("sight", SIGHT)
def test_help_and_harm_differ_by_word_shape_and_color(mode, sight):
    shapes = [shape for shape, _ in style.VERDICTS.values()]
    assert len(set(shapes)) == len(style.VERDICTS)
    pairs = dict(style.PAGE.values())
    help_, harm = (
        (style.VERDICTS[name][1], pairs[style.VERDICTS[name][1]])[mode]
        for name in ("help", "harm")
    )
    seen = oklab(help_, SIGHT[sight]) - oklab(harm, SIGHT[sight])
    assert np.linalg.norm(seen) >= 6


HER = {
    ("bone", "estrogen-like"): "fewer breaks",
    ("bone", "mixed"): "kept, then lost",
    ("clots", "estrogen-like"): "more clots",
}


def test_a_panel_says_of_each_place_what_it_means_in_words():
    figure = style.for_her(table("tissue_actions"), HER, ["raloxifene", "tamoxifen"])
    told = [[text.get_text() for text in ax.texts] for ax in figure.axes]
    assert told == [
        ["help: fewer breaks", "harm: more clots"],
        ["it depends: kept, then lost", "harm: more clots"],
    ]
    drawn = [[line.get_marker() for line in ax.lines] for ax in figure.axes]
    assert drawn == [["o", "^"], ["D", "^"]]
    assert [ax.get_title(loc="left") for ax in figure.axes] == [
        "raloxifene",
        "tamoxifen",
    ]
    plt.close(figure)


def test_a_place_without_words_is_refused():
    with pytest.raises(KeyError):
        style.for_her(table("tissue_actions"), {("bone", "mixed"): "x"}, ["raloxifene"])
    plt.close("all")
