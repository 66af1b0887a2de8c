"""Rows picked with the words they are shown by, one number by its row, people out of 1,000."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from bonebook import effects, named, pick, show, style, synthesis, table, value
from bonebook.tables import intervals, out_of_1000, row

HIPS = {
    "cranney2002-hip-diff": "{site}, {study.authors_year}",
    "delmas1997-th-diff-rlx60": "{site}, {months} months of {drug.name}",
}


def test_rows_come_in_the_order_asked_for_with_words_of_their_own():
    rows = pick(HIPS)
    assert list(rows["id"]) == list(HIPS)
    assert rows["label"].tolist() == [
        "hip (combined sites), Cranney et al. 2002",
        "total hip, 24 months of raloxifene",
    ]
    whole = table("bmd_change").set_index("id")
    for column in ("value", "se", "dose_mg", "approx"):
        for id in HIPS:
            picked = rows.set_index("id").loc[id, column]
            assert picked == whole.loc[id, column] or (
                pd.isna(picked) and pd.isna(whole.loc[id, column])
            )
    assert rows.attrs["units"]["dose_mg"] == "mg/day"


def test_an_interval_is_published_or_from_the_standard_error_and_says_which():
    rows = pick(HIPS).set_index("id")
    cranney, delmas = (
        rows.loc["cranney2002-hip-diff"],
        rows.loc["delmas1997-th-diff-rlx60"],
    )
    assert cranney["interval"] == "published"
    assert (cranney["ci_low"], cranney["ci_high"]) == (1.68, 2.53)
    assert delmas["interval"] == "from its standard error"
    half = 1.959964 * delmas["se"]
    assert delmas["ci_low"] == pytest.approx(delmas["value"] - half, abs=1e-5)
    assert delmas["ci_high"] == pytest.approx(delmas["value"] + half, abs=1e-5)
    without = intervals(table("bmd_change").query("se.isna() and ci_low.isna()"))
    assert set(without["interval"]) == {"none"} and without["ci_low"].isna().all()


def test_rows_of_several_tables_stand_together():
    rows = pick(["delmas1997-ls-diff-rlx60", "ettinger1999-vfx-plac"], "{id}")
    assert rows["label"].tolist() == rows["id"].tolist()
    assert rows["site"].isna().tolist() == [False, True]


def test_what_is_not_there_is_named_with_what_is_near():
    with pytest.raises(KeyError, match="Near it: ettinger1999-vfx-plac"):
        pick(["ettinger1999-vfx-placebo"])
    with pytest.raises(KeyError, match="no column 'sit' for"):
        pick(["delmas1997-th-diff-rlx60"], "{sit}")
    with pytest.raises(ValueError, match="twice"):
        pick(["delmas1997-th-diff-rlx60"] * 2)
    with pytest.raises(KeyError, match="no column 'see'. Near it: seen, se"):
        value("delmas1997-th-diff-rlx60", "see")
    with pytest.raises(ValueError, match="'raloxifene' in the column 'drug'"):
        value("delmas1997-th-diff-rlx60", "drug")
    with pytest.raises(KeyError, match="Near it: outcomes"):
        table("outcome")
    with pytest.raises(KeyError, match="Near it: raloxifene"):
        style.drug_color("raloxifen")
    with pytest.raises(KeyError, match="Near it: site"):
        show.tidy(pick(HIPS), "Hips", columns=["sites"])


def test_one_number_by_its_row():
    assert value("cranney2002-hip-diff") == 2.11
    assert value("cranney2002-hip-diff", "ci_low") == 1.68
    assert row("cranney2002-hip-diff")["table"] == "bmd_change"


def test_people_out_of_1000():
    assert out_of_1000(10.1, "%") == 101 and out_of_1000("2.5", "per 1,000 women") == 3
    with pytest.raises(ValueError, match="no share of 1,000 people"):
        out_of_1000(0.5, "ratio")
    arms = ["ettinger1999-vfx-plac", "ettinger1999-vfx-rlx60"]
    rows = pick(arms, "{people} on {drug.name}")
    figure = style.people(rows)
    for ax, text in zip(figure.axes, rows["label"], strict=True):
        marked, rest = text.split()[0], ax.collections[0].get_offsets()
        assert ax.get_title(loc="left") == text and len(rest) == 1000 - int(marked)
    plt.close(figure)


def test_a_forest_takes_the_scale_of_its_rows():
    for ids, scale in ((list(HIPS), "linear"), (["ruth2006-vte-hr"], "log")):
        figure, ax = plt.subplots()
        style.forest(ax, pick(ids))
        assert ax.get_xscale() == scale
        plt.close(figure)


SPINE = ["delmas2002-vfx-rr-rlx60", "cummings2010-vfx-hr-05", "cummings2011-vfx"]


def test_pooling_refuses_what_the_caller_has_not_allowed():
    rows = pick(SPINE)
    with pytest.raises(ValueError, match="different measure"):
        synthesis.pool_rows(rows)
    pooled = synthesis.pool_rows(rows, mixed=("measure",))
    logs = [
        synthesis.from_interval(*numbers)
        for numbers in rows[["value", "ci_low", "ci_high"]].to_numpy()
    ]
    by_hand = synthesis.pool(*zip(*logs, strict=True)).exp()
    assert pooled.value == pytest.approx(by_hand.value)
    shown = pooled.row("pooled").iloc[0]
    assert (shown["label"], shown["value"]) == ("pooled", pooled.value)
    with pytest.raises(ValueError, match="differ in unit"):
        synthesis.pool_rows(rows, mixed=("unit",))
    twice = pick([SPINE[0], "siris2005-nvfx-hr"])
    with pytest.raises(ValueError, match="share people"):
        synthesis.pool_rows(twice, mixed=("measure", "outcome"))


def test_a_table_takes_its_words_and_units_from_the_schema():
    rows = pick(HIPS)
    shown = show.tidy(rows, "Hips", columns=["study", "dose_mg", "value", "ci_low"])
    assert shown.header == [
        "study",
        "dose (mg/day)",
        "difference between arms (percentage points)",
        "lower limit",
    ]
    assert shown.rows[0][0] == "Cranney et al. 2002"
    own = show.tidy(rows, "Hips", columns=["site", "value"], names={"value": "gap"})
    assert own.header == ["site", "gap"]
    with pytest.raises(KeyError, match="No such column"):
        show.tidy(rows, "Hips", columns=["sites"])


def test_an_estimate_is_a_row_of_a_forest():
    gap = effects.difference(1.28, 0.23, -1.32, 0.22)
    shown = gap.row("60 mg", "raloxifene").iloc[0]
    assert shown["value"] == pytest.approx(2.6)
    assert shown["ci_low"] == gap.ci_low and shown["unit"] == gap.unit
    assert named(pick(["ruth2006-vte-hr"]), "{outcome}")["label"].tolist() == [
        "venous thromboembolism"
    ]
