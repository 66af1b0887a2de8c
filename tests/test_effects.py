"""Known answers and properties of the formulas in bonebook.effects."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonebook import effects


def limits(estimate):
    return pytest.approx((estimate.ci_low, estimate.ci_high), abs=5e-5)


# Newcombe, Stat Med 1998;17:857-872, Table I, method 3 (as reprinted in the tests of several statistics packages).
@pytest.mark.parametrize(
    ("events", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_interval_of_a_risk(events, n, low, high):
    assert (low, high) == limits(effects.risk(events, n))


# Newcombe, Stat Med 1998;17:873-890, Table II, method 10.
@pytest.mark.parametrize(
    ("a", "m", "b", "n", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0),
    ],
)
def test_newcombe_interval_of_a_risk_difference(a, m, b, n, low, high):
    assert (low, high) == limits(effects.absolute_risk_reduction(b, n, a, m))


def test_wald_interval_of_a_risk_difference():
    arr = effects.absolute_risk_reduction(
        48, 80, 56, 70, method="wald"
    )  # Newcombe 1998, Table II, method 1
    assert arr.value == pytest.approx(0.2)
    assert limits(arr) == (0.0575, 0.3425)


def test_number_needed_to_treat_through_infinity():
    """Altman, BMJ 1998;317:1309: a reduction of 10 % with an interval from -5 % to 25 %."""
    needed = effects.number_needed(effects.Estimate(0.10, -0.05, 0.25))
    assert (needed.value, needed.ci_low, needed.ci_high) == pytest.approx((10, 4, -20))
    assert needed.through_infinity
    assert str(needed) == "NNTB 10 (95 % CI NNTB 4 to ∞ to NNTH 20)"


def test_number_needed_to_treat_on_one_side():
    """CMAJ 2002;166:1676: a reduction of 16.6 % (0.9 % to 32.2 %) is 6 to treat (3.1 to 111.1)."""
    needed = effects.number_needed(effects.Estimate(0.166, 0.009, 0.322))
    assert (needed.value, needed.ci_low, needed.ci_high) == pytest.approx(
        (6.02, 3.11, 111.1), abs=0.05
    )
    assert not needed.through_infinity
    assert "∞" not in str(needed)


def test_no_difference_needs_infinitely_many():
    needed = effects.number_needed_to_treat(5, 50, 5, 50)
    assert math.isinf(needed.value) and needed.through_infinity
    assert "∞" in str(needed)


def test_harm_turns_the_sign():
    harm, treat = (
        effects.number_needed_to_harm(10, 100, 5, 100),
        effects.number_needed_to_treat(10, 100, 5, 100),
    )
    assert harm.value == pytest.approx(20) and treat.value == pytest.approx(-20)
    assert (harm.ci_low, harm.ci_high) == pytest.approx((-treat.ci_high, -treat.ci_low))


def test_odds_ratio_and_relative_risk():
    """4 of 336 against 7 of 355, as printed by PROC FREQ (communities.sas.com, "strange Relative Risk values")."""
    odds = effects.odds_ratio(4, 336, 7, 355)
    assert odds.value == pytest.approx(0.5990, abs=5e-5) and limits(odds) == (
        0.1737,
        2.0649,
    )
    risk = effects.relative_risk(7, 355, 4, 336)
    assert risk.value == pytest.approx(1.6563, abs=5e-5) and limits(risk) == (
        0.4893,
        5.6069,
    )


def test_rate_near_the_exact_poisson_interval():
    """14 events in 400 person-years: 0.035, exact limits 0.0191 to 0.0587 (StatsDirect, Poisson rate confidence interval)."""
    rate = effects.rate_per_1000(14, 400)
    assert rate.value == pytest.approx(35)
    assert (rate.ci_low, rate.ci_high) == pytest.approx((19.135, 58.724), rel=2e-3)


def test_rate_without_events_starts_at_nothing():
    rate = effects.rate_per_1000(0, 1000)
    assert (rate.value, rate.ci_low) == (0, 0) and rate.ci_high == pytest.approx(
        3.69, abs=0.03
    )


def test_risk_over_years():
    assert effects.risk_over_years(2.0, 5) == pytest.approx(1 - math.exp(-0.01))
    assert effects.risk_over_years(0, 5) == 0


@pytest.mark.parametrize(("baseline", "treated"), [(0.8, 600), (0.2, 150)])
def test_from_ratio_shows_both_risks_out_of_1000(baseline, treated):
    """Cochrane Handbook 5.1, 11.5.5: a risk ratio of 0.75 takes 80 % to 60 % and 20 % to 15 %."""
    pair = effects.from_ratio(baseline, 0.75, 0.6, 0.9)
    assert (pair.without.value, pair.treated.value) == pytest.approx(
        (1000 * baseline, treated)
    )
    assert pair.difference.value == pytest.approx(treated - 1000 * baseline)
    assert (pair.difference.ci_low, pair.difference.ci_high) == pytest.approx(
        (-400 * baseline, -100 * baseline)
    )


def test_from_ratio_knows_hazard_and_odds():
    assert effects.from_ratio(
        0.1, 0.5, measure="hazard ratio"
    ).treated.value == pytest.approx(1000 * (1 - 0.9**0.5))
    assert effects.from_ratio(
        0.5, 0.5, measure="odds ratio"
    ).treated.value == pytest.approx(1000 / 3)


def test_difference_of_two_arms():
    """Two arms of a trial of bone density: 1.28 (SE 0.23) and -1.32 (SE 0.22)."""
    found = effects.difference(1.28, 0.23, -1.32, 0.22)
    assert found.value == pytest.approx(2.60) and found.se == pytest.approx(
        math.sqrt(0.23**2 + 0.22**2)
    )
    assert (found.ci_low, found.ci_high) == pytest.approx((1.976, 3.224), abs=5e-4)


def test_least_significant_change():
    """ISCD: 2.77 times the precision error; 2.02 % at the spine gives 5.60 % (El Maghraoui 2005)."""
    assert effects.least_significant_change(1) == pytest.approx(2.77, abs=0.005)
    assert effects.least_significant_change(2.02) == pytest.approx(5.60, abs=0.005)
    assert effects.least_significant_change(1, confidence=0.8) == pytest.approx(
        1.81, abs=0.005
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda: effects.risk(5, 4),
        lambda: effects.risk(-1, 4),
        lambda: effects.risk(0, 0),
        lambda: effects.absolute_risk_reduction(1, 10, 2, 10, method="exact"),
        lambda: effects.number_needed(effects.Estimate(10, -5, 25)),
        lambda: effects.relative_risk(0, 10, 2, 10),
        lambda: effects.odds_ratio(10, 10, 2, 10),
        lambda: effects.rate_per_1000(3, 0),
        lambda: effects.risk_over_years(-1, 5),
        lambda: effects.from_ratio(20, 0.5),
        lambda: effects.from_ratio(0.2, 0),
        lambda: effects.from_ratio(0.2, 0.5, 0.6, 0.7),
        lambda: effects.from_ratio(0.2, 0.5, 0.4),
        lambda: effects.from_ratio(0.9, 2),
        lambda: effects.from_ratio(0.2, 0.5, measure="risk"),
        lambda: effects.difference(1, -1, 0, 1),
        lambda: effects.least_significant_change(-1),
        lambda: effects.least_significant_change(1, confidence=95),
        lambda: effects.change_confidence(1, 0),
    ],
)
def test_impossible_numbers_are_refused_in_a_sentence(call):
    with pytest.raises(ValueError, match=r"^[A-Z0-9].*\.$"):
        call()


def test_an_estimate_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        effects.risk(1, 10).value = 2


groups = st.integers(1, 5000).flatmap(
    lambda n: st.tuples(st.integers(0, n), st.just(n))
)
inner = st.integers(2, 5000).flatmap(
    lambda n: st.tuples(st.integers(1, n - 1), st.just(n))
)


@given(groups, groups)
def test_a_risk_difference_lies_in_its_interval_and_turns_with_its_arms(
    treated, control
):
    there, back = (
        effects.absolute_risk_reduction(*treated, *control),
        effects.absolute_risk_reduction(*control, *treated),
    )
    assert -1 - 1e-9 <= there.ci_low <= there.value <= there.ci_high <= 1 + 1e-9
    assert (there.value, there.ci_low, there.ci_high) == pytest.approx(
        (-back.value, -back.ci_high, -back.ci_low)
    )


@given(inner, inner)
def test_ratios_turn_over_with_their_arms(treated, control):
    for measure in (effects.relative_risk, effects.odds_ratio):
        there, back = measure(*treated, *control), measure(*control, *treated)
        assert there.ci_low <= there.value <= there.ci_high
        assert there.value * back.value == pytest.approx(
            1
        ) and there.ci_low * back.ci_high == pytest.approx(1)


@given(groups, groups)
def test_a_number_needed_is_the_reduction_turned_over(treated, control):
    arr, needed = (
        effects.absolute_risk_reduction(*treated, *control),
        effects.number_needed_to_treat(*treated, *control),
    )
    for number, limit in (
        (needed.value, arr.value),
        (needed.ci_low, arr.ci_high),
        (needed.ci_high, arr.ci_low),
    ):
        assert math.isinf(number) if limit == 0 else number == pytest.approx(1 / limit)
    # An interval that only touches zero reaches infinity and does not pass through it.
    assert needed.through_infinity == (arr.ci_low < 0 < arr.ci_high)


@given(
    st.floats(0.001, 0.9),
    st.floats(0.05, 1.1),
    st.sampled_from(["relative risk", "hazard ratio", "odds ratio", "rate ratio"]),
)
def test_a_ratio_of_one_changes_nothing_and_less_lowers_the_risk(
    baseline, ratio, measure
):
    assert effects.from_ratio(
        baseline, 1, measure=measure
    ).difference.value == pytest.approx(0, abs=1e-6)
    assert (
        effects.from_ratio(baseline, ratio, measure=measure).difference.value <= 1e-6
    ) == (ratio <= 1 + 1e-9)


@given(st.floats(0.01, 50), st.floats(0.5, 0.999))
def test_a_least_significant_change_has_the_confidence_it_was_made_for(
    error, confidence
):
    assert effects.change_confidence(
        effects.least_significant_change(error, confidence), error
    ) == pytest.approx(confidence)


@given(st.integers(1, 10_000), st.floats(1, 1e6))
def test_a_rate_lies_in_its_interval(events, years):
    rate = effects.rate_per_1000(events, years)
    assert rate.ci_low <= rate.value <= rate.ci_high
