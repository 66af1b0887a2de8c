"""Known answers and properties of pooling in bonebook.synthesis, and what it refuses on the book's own tables."""

import math
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bonebook import effects, synthesis, table
from bonebook.synthesis import from_interval, pool, pool_rows

# The thirteen trials of BCG against tuberculosis: cases and others among the vaccinated, then among the controls.
# Colditz et al., JAMA 1994;271:698-702, as printed by metafor (dat.bcg) and in the JASP data library.
BCG = np.array(
    [
        (4, 119, 11, 128),
        (6, 300, 29, 274),
        (3, 228, 11, 209),
        (62, 13536, 248, 12619),
        (33, 5036, 47, 5761),
        (180, 1361, 372, 1079),
        (8, 2537, 10, 619),
        (505, 87886, 499, 87892),
        (29, 7470, 45, 7232),
        (17, 1699, 65, 1600),
        (186, 50448, 141, 27197),
        (5, 2493, 3, 2338),
        (27, 16886, 29, 17825),
    ]
)


def bcg(odds=False):
    cases, others, control_cases, control_others = BCG.T
    if odds:
        return np.log(cases * control_others / (others * control_cases)), np.sqrt(
            (1 / BCG).sum(axis=1)
        )
    n, control_n = cases + others, control_cases + control_others
    error = np.sqrt(1 / cases - 1 / n + 1 / control_cases - 1 / control_n)
    return np.log(cases / n / (control_cases / control_n)), error


# Viechtbauer, J Educ Behav Stat 2005;30:261-293, examples 1 and 2 (pages 271 and 272; the data as in metafor's tests).
FIRST = (
    [-0.581, 0.530, 0.771, 1.031, 0.553, 0.295, 0.078, 0.573, -0.176, -0.232],
    [0.023, 0.052, 0.060, 0.115, 0.095, 0.203, 0.200, 0.211, 0.051, 0.040],
)
SECOND = (
    [
        0.100,
        -0.162,
        -0.090,
        -0.049,
        -0.046,
        -0.010,
        -0.431,
        -0.261,
        0.134,
        0.019,
        0.175,
        0.056,
        0.045,
        0.103,
        0.121,
        -0.482,
        0.290,
        0.342,
    ],
    [
        0.016,
        0.015,
        0.050,
        0.050,
        0.032,
        0.052,
        0.036,
        0.024,
        0.034,
        0.033,
        0.031,
        0.034,
        0.039,
        0.167,
        0.134,
        0.096,
        0.016,
        0.035,
    ],
)


def approx(*numbers, digits=4):
    return pytest.approx(numbers, abs=0.5 * 10**-digits)


@pytest.mark.parametrize(
    ("odds", "method", "value", "low", "high"),
    [
        (
            False,
            "FE",
            -0.4303,
            -0.5097,
            -0.3509,
        ),  # metafor's tests against Stata's metan
        (False, "DL", -0.7141, -1.0644, -0.3638),
        (True, "FE", -0.4361, -0.5190, -0.3533),
        (True, "DL", -0.7474, -1.1242, -0.3706),
    ],
)
def test_bcg_fixed_effect_and_dersimonian_laird(odds, method, value, low, high):
    pooled = pool(*bcg(odds), method)
    assert (pooled.value, pooled.ci_low, pooled.ci_high) == approx(value, low, high)


def test_bcg_heterogeneity():
    pooled = pool(*bcg(), "DL")
    assert (pooled.q, pooled.tau2, pooled.i2) == approx(152.2330, 0.3088, 92.1173)
    assert pooled.q_p == pytest.approx(1.997e-26, rel=1e-3)
    assert pool(*bcg(odds=True), "DL").tau2 == pytest.approx(0.3663, abs=5e-5)


def test_bcg_by_reml():
    """tau2 0.3132 (SE 0.1664), I2 92.22 %: metafor's print, in the vignette of the R package RoBMA."""
    pooled = pool(*bcg())
    assert (pooled.tau2, pooled.tau2_se) == approx(0.3132, 0.1664)
    assert pooled.i2 == pytest.approx(92.22, abs=5e-3)
    ratio = pooled.exp()
    assert (ratio.value, ratio.ci_low, ratio.ci_high) == approx(
        0.489, 0.344, 0.696, digits=3
    )
    assert ratio.se == pooled.se and ratio.unit == "ratio"


def test_bcg_by_reml_with_hartung_knapp():
    """Risk ratio 0.489 (0.330 to 0.726), as the R package meta prints it."""
    ratio = pool(*bcg(), knapp_hartung=True).exp()
    assert (ratio.value, ratio.ci_low, ratio.ci_high) == approx(
        0.489, 0.330, 0.726, digits=3
    )


def test_the_modified_error_never_falls_below_the_ordinary_one():
    """Röver 2015: three studies that agree closely; the plain Hartung-Knapp interval is narrower than the ordinary one."""
    y, se = (0.50, 0.51, 0.52), (0.2, 0.3, 0.4)
    ordinary, plain, modified = (
        pool(y, se, knapp_hartung=kind) for kind in (False, True, "modified")
    )
    assert (
        plain.ci_high - plain.ci_low
        < ordinary.ci_high - ordinary.ci_low
        < modified.ci_high - modified.ci_low
    )
    assert str(plain).endswith("likelihood, Hartung-Knapp") and str(modified).endswith(
        "likelihood, modified Hartung-Knapp"
    )
    assert modified.se == ordinary.se and modified.ci_high == pytest.approx(
        modified.value + 4.3027 * modified.se, abs=1e-4
    )
    assert (
        pool(*bcg(), knapp_hartung="modified").se == pool(*bcg(), knapp_hartung=True).se
    )


@pytest.mark.parametrize(
    ("data", "method", "tau2", "i2"),
    [
        (FIRST, "DL", 0.277, 80.44),
        (FIRST, "REML", 0.223, 76.84),
        (FIRST, "PM", 0.192, 74.05),
        (SECOND, "DL", 0.013, 27.53),
        (SECOND, "REML", 0.016, 32.02),
        (SECOND, "PM", 0.010, 23.72),
    ],
)
def test_viechtbauer_2005(data, method, tau2, i2):
    """Paule-Mandel is the paper's empirical Bayes estimator under another name."""
    pooled = pool(data[0], np.sqrt(data[1]), method)
    assert pooled.tau2 == pytest.approx(tau2, abs=5e-4) and pooled.i2 == pytest.approx(
        i2, abs=5e-3
    )


def test_two_studies_by_hand():
    """The differences of Delmas 1997 (2.4, SE 0.4) and Miller 2008 (1.49, SE 0.28), worked out on paper."""
    y, v = (2.4, 1.49), (0.16, 0.0784)
    tau2 = (
        0.5 * (y[0] - y[1]) ** 2 - (v[0] + v[1]) / 2
    )  # with two studies DL, REML and PM are this one number
    for method in ("DL", "REML", "PM"):
        assert pool(y, np.sqrt(v), method).tau2 == pytest.approx(tau2, rel=1e-6)
    pooled = pool(y, np.sqrt(v), "DL")
    assert (pooled.value, pooled.ci_low, pooled.ci_high) == approx(
        1.90, 1.01, 2.79, digits=2
    )
    wide = pool(y, np.sqrt(v), "DL", knapp_hartung=True)
    assert (wide.ci_low, wide.ci_high) == approx(
        -3.85, 7.65, digits=2
    )  # t with one degree of freedom, 12.7062
    assert pooled.prediction_low is None and pooled.prediction_high is None


def test_prediction_interval():
    """metafor prints 0.155 to 1.549 for the risk ratio of BCG with the normal quantile; Higgins 2009 has t with k - 2 = 11."""
    pooled = pool(*bcg())
    half = math.log(1.549 / 0.155) / 2 * 2.201 / 1.960
    assert (
        pooled.prediction_high - pooled.value,
        pooled.value - pooled.prediction_low,
    ) == approx(half, half, digits=2)
    low, high = pooled.exp().prediction_low, pooled.exp().prediction_high
    assert (low, high) == approx(0.134, 1.785, digits=3)
    assert pool(*bcg(), "FE").prediction_low is None


def test_prediction_under_the_other_convention():
    """k - 1 degrees of freedom: t of 2.179 in the place of 2.201 for thirteen trials, of 4.303 in the place of 12.706 for three."""
    log = pool(*bcg()), pool(*bcg(), prediction="k-1")
    halves = [pooled.prediction_high - pooled.value for pooled in log]
    assert halves[1] / halves[0] == pytest.approx(2.1788 / 2.2010, abs=1e-4)
    three = [-0.45, -0.54, -0.53], [0.092, 0.102, 0.137]
    halves = [
        pooled.prediction_high - pooled.value
        for pooled in (pool(*three), pool(*three, prediction="k-1"))
    ]
    assert halves[0] / halves[1] == pytest.approx(12.7062 / 4.3027, abs=1e-4)
    with pytest.raises(ValueError, match="k-2"):
        pool(*bcg(), prediction="normal")


@pytest.mark.parametrize(
    ("p", "df", "t"),
    [
        (0.975, 1, 12.706),
        (0.975, 2, 4.303),
        (0.975, 8, 2.306),
        (0.95, 11, 1.796),
        (0.995, 30, 2.750),
        (0.5, 4, 0),
    ],
)
def test_t_quantiles_of_the_printed_tables(p, df, t):
    assert synthesis.t_quantile(p, df) == pytest.approx(t, abs=5e-4)


@pytest.mark.parametrize(
    ("x", "df", "p"),
    [
        (3.841, 1, 0.05),
        (5.991, 2, 0.05),
        (7.815, 3, 0.05),
        (16.812, 6, 0.01),
        (40.256, 30, 0.10),
        (0, 5, 1),
    ],
)
def test_chi_squared_tails_of_the_printed_tables(x, df, p):
    assert synthesis.chi2_tail(x, df) == pytest.approx(p, abs=5e-5)


def test_a_published_ratio_gives_its_log_and_error_back():
    """The interval of effects.relative_risk is the Katz interval, whose error is known."""
    risk = effects.relative_risk(4, 123, 11, 139)
    log, error = from_interval(risk.value, risk.ci_low, risk.ci_high)
    assert (log, error) == pytest.approx((bcg()[0][0], bcg()[1][0]))
    assert from_interval(2, 1, 4, level=90)[1] == pytest.approx(
        math.log(2) / NormalDist().inv_cdf(0.95)
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda: pool([1], [1]),
        lambda: pool([1, 2], [1]),
        lambda: pool([1, 2], [1, 0]),
        lambda: pool([1, math.nan], [1, 1]),
        lambda: pool([1, 2], [1, 1], "ML"),
        lambda: pool([1, 2], [1, 1], "FE", knapp_hartung=True),
        lambda: pool([1, 2], [1, 1], knapp_hartung="adhoc"),
        lambda: pool([1, 2], [1, 1], level=0.95),
        lambda: from_interval(0.5, 0.6, 0.9),
        lambda: from_interval(0.5, 0, 0.9),
        lambda: from_interval(1, 1, 1),
        lambda: pool([0, 1], [1, 1]).exp().exp(),
        lambda: synthesis.t_quantile(0.975, 0),
        lambda: synthesis.chi2_tail(-1, 3),
    ],
)
def test_what_cannot_be_pooled_is_refused_in_a_sentence(call):
    with pytest.raises(ValueError, match=r"^[A-Z0-9].{25,}\.$"):
        call()


# --- properties

numbers = st.floats(-5, 5).map(lambda x: round(x, 3))
errors = st.floats(0.05, 3).map(lambda x: round(x, 3))
studies = st.lists(st.tuples(numbers, errors), min_size=2, max_size=12)
method = st.sampled_from(["FE", "DL", "REML", "PM"])


def same(one, other, **changes):
    for name in (
        "value",
        "se",
        "ci_low",
        "ci_high",
        "prediction_low",
        "prediction_high",
        "tau2",
        "i2",
        "q",
    ):
        if getattr(one, name) is not None:
            assert getattr(other, name) == pytest.approx(
                changes.get(name, lambda x: x)(getattr(one, name)), abs=2e-6, rel=2e-6
            ), name


def columns(pairs):
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


@given(studies, method, st.floats(-100, 100))
def test_shifting_all_estimates_shifts_the_result_only(pairs, method, shift):
    y, se = columns(pairs)
    move = dict.fromkeys(
        ("value", "ci_low", "ci_high", "prediction_low", "prediction_high"),
        lambda x: x + shift,
    )
    same(pool(y, se, method), pool([one + shift for one in y], se, method), **move)


@given(studies, method, st.floats(0.1, 10))
def test_another_unit_changes_nothing_but_the_unit(pairs, method, times):
    y, se = columns(pairs)
    scale = dict.fromkeys(
        ("value", "se", "ci_low", "ci_high", "prediction_low", "prediction_high"),
        lambda x: x * times,
    )
    scale["tau2"] = lambda x: x * times**2
    same(
        pool(y, se, method),
        pool([one * times for one in y], [one * times for one in se], method),
        **scale,
    )


@given(studies, method, st.randoms(use_true_random=False))
def test_the_order_of_the_studies_does_not_matter(pairs, method, random):
    shuffled = random.sample(pairs, len(pairs))
    same(pool(*columns(pairs), method), pool(*columns(shuffled), method))


@given(studies, method)
def test_a_pooled_estimate_lies_among_its_studies_and_in_its_intervals(pairs, method):
    y, se = columns(pairs)
    pooled = pool(y, se, method)
    assert min(y) - 1e-9 <= pooled.value <= max(y) + 1e-9
    assert pooled.ci_low < pooled.value < pooled.ci_high
    assert pooled.tau2 >= 0 and 0 <= pooled.i2 < 100 and 0 <= pooled.q_p <= 1
    if pooled.prediction_low is not None:
        assert (
            pooled.prediction_low <= pooled.ci_low
            and pooled.prediction_high >= pooled.ci_high
        )
    assert pooled.se >= pool(y, se, "FE").se - 1e-12


@given(studies)
def test_reml_stands_on_a_maximum_of_its_likelihood(pairs):
    y, se = np.array(pairs).T

    def log_likelihood(tau2):
        w = 1 / (se**2 + tau2)
        mean = (w * y).sum() / w.sum()
        return 0.5 * (np.log(w).sum() - math.log(w.sum()) - (w * (y - mean) ** 2).sum())

    tau2 = pool(y, se).tau2
    for near in (0.999 * tau2 - 1e-3, 1.001 * tau2 + 1e-3):
        assert log_likelihood(tau2) >= log_likelihood(max(0, near)) - 1e-9


@given(studies)
def test_paule_mandel_makes_q_equal_to_its_degrees_of_freedom(pairs):
    y, se = np.array(pairs).T
    pooled = pool(y, se, "PM")
    assume(pooled.tau2 > 1e-6)
    w = 1 / (se**2 + pooled.tau2)
    assert (w * (y - pooled.value) ** 2).sum() == pytest.approx(len(y) - 1, rel=1e-6)


@given(numbers, st.lists(errors, min_size=2, max_size=8), method)
def test_studies_that_agree_have_no_heterogeneity(number, se, method):
    pooled = pool([number] * len(se), se, method)
    assert (pooled.tau2, pooled.i2) == approx(0, 0) and pooled.value == pytest.approx(
        number, abs=1e-9
    )


@given(st.floats(0.6, 0.999), st.integers(1, 300))
def test_t_is_wider_than_normal_and_narrows(p, df):
    normal = NormalDist().inv_cdf(p)
    assert synthesis.t_quantile(p, df) > synthesis.t_quantile(p, df + 1) > normal


@given(st.floats(0, 200), st.integers(1, 60))
def test_chi_squared_tail_grows_with_its_degrees_of_freedom(x, df):
    assert 0 <= synthesis.chi2_tail(x, df) <= synthesis.chi2_tail(x, df + 2) <= 1


# --- the book's own tables


def rows(name, *ids):
    found = table(name)
    return found[found["id"].isin(ids)]


def test_delmas_and_johnston_are_never_pooled():
    with pytest.raises(
        ValueError,
        match=r"share people \(rlx-prevention\).*delmas1997-ls-diff-rlx60, johnston2000-ls-bmd-rlx60",
    ):
        pool_rows(
            rows("bmd_change", "delmas1997-ls-diff-rlx60", "johnston2000-ls-bmd-rlx60")
        )


def test_more_and_core_are_never_pooled():
    with pytest.raises(
        ValueError,
        match=r"share people \(more\).*grady2004-vte-rr, martino2004-vte-rr-core",
    ):
        pool_rows(rows("outcomes", "grady2004-vte-rr", "martino2004-vte-rr-core"))


def test_two_doses_against_one_placebo_group_are_never_pooled():
    with pytest.raises(ValueError, match="twice"):
        pool_rows(rows("outcomes", "cummings2010-vfx-hr-05", "cummings2010-vfx-hr-025"))


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (
            ("cranney2002-nvfx-rr", "delmas2002-nvfx-rr"),
            "from a meta-analysis, which may hold the others: cranney2002-nvfx-rr",
        ),
        (("ruth2006-vte-hr", "ensrud2008-hip-hr"), "share people"),
        (("ruth2006-vte-hr", "cummings2010-vfx-hr-05"), "different outcome"),
        (("ruth2006-vte-hr", "grady2004-vte-rr"), "different measure"),
        (("grady2004-vte-rr", "vogel2010-te-rr"), "different comparator"),
        (("grady2004-vte-rr",), "two rows or more"),
    ],
)
def test_rows_that_do_not_belong_together_are_refused(ids, said):
    with pytest.raises(ValueError, match=said):
        pool_rows(rows("outcomes", *ids))


def test_a_row_without_interval_is_refused_by_name():
    pair = rows("outcomes", "grady2004-vte-rr", "cummings2011-vte").copy()
    pair.loc[pair["study"] == "cummings2011", ["ci_low", "ci_high"]] = math.nan
    with pytest.raises(
        ValueError, match=r"interval, which is missing in cummings2011-vte\.$"
    ):
        pool_rows(pair)


def test_a_row_without_error_is_refused_by_name():
    with pytest.raises(
        ValueError,
        match=r"standard error, which is missing in meunier1999-ls-diff-rlx60\.$",
    ):
        pool_rows(
            rows("bmd_change", "meunier1999-ls-diff-rlx60", "miller2008-ls-diff-rlx60")
        )


def test_clots_in_independent_trials_come_back_as_a_ratio():
    chosen = rows(
        "outcomes",
        "grady2004-vte-rr",
        "cummings2011-vte",
        "fisher1998-te-rr",
        "cuzick2002-ibis2002-te-rr",
    )
    pooled = pool_rows(chosen, "FE")
    logs = [
        from_interval(*row)
        for row in chosen[["value", "ci_low", "ci_high"]].itertuples(index=False)
    ]
    assert pooled.value == pytest.approx(
        math.exp(pool(*zip(*logs, strict=True), "FE").value)
    )
    assert pooled.unit == "ratio" and pooled.k == 4
    assert chosen["value"].min() < pooled.value < chosen["value"].max()
    assert str(pooled).endswith("4 studies, I² 0 %, fixed effect")


def test_differences_come_back_in_their_unit():
    pooled = pool_rows(
        rows("bmd_change", "delmas1997-ls-diff-rlx60", "miller2008-ls-diff-rlx60"), "DL"
    )
    assert (pooled.value, pooled.ci_low, pooled.ci_high) == approx(
        1.90, 1.01, 2.79, digits=2
    )
    assert pooled.unit == "percentage points"


def test_pooling_leaves_the_rows_as_they_were():
    chosen = rows("outcomes", "grady2004-vte-rr", "cummings2011-vte")
    before = chosen.copy()
    pool_rows(chosen)
    pd.testing.assert_frame_equal(chosen, before)
