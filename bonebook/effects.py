"""Effect measures of clinical epidemiology: risks, differences, ratios, numbers needed to treat, rates, scan precision.

Risks go in and come out as proportions between 0 and 1 unless a name says "per 1,000"; intervals are two-sided.
Every function raises ValueError, in a sentence, when its numbers cannot be counts, risks, rates or errors.
"""

import math
from dataclasses import dataclass, replace
from statistics import NormalDist

import pandas as pd

from bonebook.tables import expect

_NORMAL = NormalDist()


@dataclass(frozen=True)
class Estimate:
    """A value with its confidence interval (limits are None where no interval can be given).

    `confidence` is a proportion (0.95), `se` the standard error on the scale of the value, `unit` plain text.
    """

    value: float
    ci_low: float | None = None
    ci_high: float | None = None
    confidence: float = 0.95
    se: float | None = None
    unit: str = ""

    def per(self, people: int = 1000) -> "Estimate":
        """The same proportion as a number out of so many people, for instance 0.012 as 12 per 1,000 people."""

        def times(number: float | None) -> float | None:
            return None if number is None else number * people

        return replace(
            self,
            value=self.value * people,
            ci_low=times(self.ci_low),
            ci_high=times(self.ci_high),
            se=times(self.se),
            unit=f"per {people:,} people",
        )

    def row(self, label: str, drug: str = "other") -> pd.DataFrame:
        """The estimate as a table of one row, for `style.forest` (several: `pd.concat([gap.row(...), ...])`).

        label: what it is shown by; drug: whose color it takes. Columns: label, drug, value, ci_low, ci_high, unit.
        """
        columns = {name: getattr(self, name) for name in ("value", "ci_low", "ci_high")}
        shown = {"label": label, "drug": drug, **columns, "unit": self.unit}
        return pd.DataFrame([shown])

    def __str__(self) -> str:
        text = f"{self.value:.4g}"
        if self.ci_low is not None:
            text += f" ({100 * self.confidence:g} % CI {self.ci_low:.4g} to {self.ci_high:.4g})"
        return f"{text} {self.unit}".strip()


@dataclass(frozen=True)
class NumberNeeded(Estimate):
    """A number needed to treat, signed: positive to benefit (NNTB), negative to harm (NNTH).

    ci_low is the reciprocal of the upper limit of the absolute risk reduction and ci_high that of its lower limit,
    so the interval runs from ci_low upwards. When the risk difference may be nothing (`through_infinity`), it runs
    from ci_low up through infinity and on from minus infinity to ci_high, as Altman (1998) writes it.
    """

    @property
    def through_infinity(self) -> bool:
        """Whether the interval holds "no difference", so that it passes through infinity."""
        if self.ci_low is None or self.ci_high is None:
            return False
        return self.ci_low > 0 > self.ci_high

    def __str__(self) -> str:
        text = _needed(self.value)
        if self.ci_low is not None and self.ci_high is not None:
            middle = " to ∞ to " if self.through_infinity else " to "
            text += f" ({100 * self.confidence:g} % CI {_needed(self.ci_low)}{middle}{_needed(self.ci_high)})"
        return text


@dataclass(frozen=True)
class RiskPair:
    """The same risk without and with treatment, and the difference (with minus without)."""

    without: Estimate
    treated: Estimate
    difference: Estimate


def risk(events: float, n: float, confidence: float = 0.95) -> Estimate:
    """Proportion of people with the event, with its Wilson score interval.

    events, n: counts; confidence: level of the interval as a proportion (0.95).
    Raises ValueError if events do not lie between 0 and n.
    Source: Wilson 1927; Newcombe, Stat Med 1998;17:857-872, method 3.
    """
    _count(events, n)
    p = events / n
    low, high = _wilson(events, n, confidence)
    return Estimate(p, low, high, confidence, math.sqrt(p * (1 - p) / n), "proportion")


def absolute_risk_reduction(
    events: float,
    n: float,
    control_events: float,
    control_n: float,
    confidence: float = 0.95,
    method: str = "newcombe",
) -> Estimate:
    """Risk in the control group minus risk in the treated group, as a proportion: positive when treatment lowers it.

    events, n: counts in the treated group; control_events, control_n: in the control group. method: "newcombe" (hybrid
    score) or "wald" (value +- z sqrt(p (1 - p) / n + q (1 - q) / m)). confidence: level of the interval as a proportion (0.95).
    Raises ValueError for counts that cannot be, and for another method.
    Source: Newcombe, Stat Med 1998;17:873-890, methods 10 and 1.
    """
    _count(events, n)
    _count(control_events, control_n)
    p, control_p = events / n, control_events / control_n
    value = control_p - p
    se = math.sqrt(p * (1 - p) / n + control_p * (1 - control_p) / control_n)
    if method == "wald":
        low, high = value - _z(confidence) * se, value + _z(confidence) * se
    elif method == "newcombe":
        p_low, p_high = _wilson(events, n, confidence)
        control_low, control_high = _wilson(control_events, control_n, confidence)
        low = value - math.hypot(control_p - control_low, p_high - p)
        high = value + math.hypot(control_high - control_p, p - p_low)
    else:
        raise ValueError(
            f"The interval method must be 'newcombe' or 'wald', not {method!r}."
        )
    return Estimate(value, low, high, confidence, se, "proportion")


def number_needed(reduction: Estimate) -> NumberNeeded:
    """Number needed to treat from an absolute risk reduction (an Estimate in proportions).

    1 / reduction, and so its limits. Returns a NumberNeeded; its value is infinite when the reduction is zero.
    Raises ValueError if the reduction is no proportion (divide a percentage by 100), TypeError if it is no Estimate.
    Source: Altman, BMJ 1998;317:1309-1312.
    """
    such = "such as absolute_risk_reduction gives (of a plain proportion: effects.Estimate(0.026))"
    expect(reduction, "confidence", "number_needed", such)
    if (
        max(
            abs(number)
            for number in (
                reduction.value,
                reduction.ci_low or 0,
                reduction.ci_high or 0,
            )
        )
        > 1
    ):
        raise ValueError(
            "A risk reduction is a proportion between -1 and 1; divide a percentage by 100 first."
        )
    if reduction.ci_low is None or reduction.ci_high is None:
        return NumberNeeded(_reciprocal(reduction.value), unit="people")
    # A limit of exactly zero is infinity on the side from which the interval reaches it.
    low = (
        math.inf
        if reduction.ci_high == 0 < reduction.ci_low
        else _reciprocal(reduction.ci_high, -1)
    )
    return NumberNeeded(
        _reciprocal(reduction.value),
        low,
        _reciprocal(reduction.ci_low),
        reduction.confidence,
        unit="people",
    )


def number_needed_to_treat(
    events: float,
    n: float,
    control_events: float,
    control_n: float,
    confidence: float = 0.95,
    method: str = "newcombe",
) -> NumberNeeded:
    """People to treat for one fewer event, signed (negative: one more event); a NumberNeeded.

    events, n: counts in the treated group; control_events, control_n: in the control group; confidence: level of the interval as a proportion (0.95).
    method: as in absolute_risk_reduction, whose interval is inverted.
    Raises ValueError for counts that cannot be. Source: Altman, BMJ 1998;317:1309-1312.
    """
    return number_needed(
        absolute_risk_reduction(
            events, n, control_events, control_n, confidence, method
        )
    )


def number_needed_to_harm(
    events: float,
    n: float,
    control_events: float,
    control_n: float,
    confidence: float = 0.95,
    method: str = "newcombe",
) -> Estimate:
    """People to treat for one more event; an Estimate that is positive when treatment raises the risk.

    events, n: counts in the treated group; control_events, control_n: in the control group; confidence: level of the interval as a proportion (0.95).
    method: as in absolute_risk_reduction. The limits are those of number_needed_to_treat with the sign turned: the
    interval runs from ci_low to ci_high, and through infinity when ci_low is positive and ci_high negative.
    Raises ValueError for counts that cannot be. Source: Altman, BMJ 1998;317:1309-1312.
    """
    turned = number_needed_to_treat(
        control_events, control_n, events, n, confidence, method
    )
    return Estimate(
        turned.value, turned.ci_low, turned.ci_high, confidence, unit="people"
    )


def relative_risk(
    events: float,
    n: float,
    control_events: float,
    control_n: float,
    confidence: float = 0.95,
) -> Estimate:
    """Risk in the treated group divided by risk in the control group, with its log interval.

    events, n: counts in the treated group; control_events, control_n: in the control group; confidence: level of the interval as a proportion (0.95).
    The interval is exp(log ratio +- z sqrt(1/a - 1/n + 1/c - 1/m)).
    Raises ValueError if a group has no event. Source: Katz et al., Biometrics 1978;34:469-474.
    """
    _count(events, n)
    _count(control_events, control_n)
    if events == 0 or control_events == 0:
        raise ValueError("A relative risk needs at least one event in each group.")
    ratio = (events / n) / (control_events / control_n)
    return _log_interval(
        ratio,
        math.sqrt(1 / events - 1 / n + 1 / control_events - 1 / control_n),
        confidence,
    )


def odds_ratio(
    events: float,
    n: float,
    control_events: float,
    control_n: float,
    confidence: float = 0.95,
) -> Estimate:
    """Odds of the event in the treated group divided by the odds in the control group, with its log interval.

    events, n: counts in the treated group; control_events, control_n: in the control group; confidence: level of the interval as a proportion (0.95).
    The interval is exp(log ratio +- z sqrt(1/a + 1/b + 1/c + 1/d)).
    Raises ValueError if any of the four cells is empty. Source: Woolf, Ann Hum Genet 1955;19:251-253.
    """
    _count(events, n)
    _count(control_events, control_n)
    cells = [events, n - events, control_events, control_n - control_events]
    if 0 in cells:
        raise ValueError(
            "An odds ratio needs people with and without the event in each group."
        )
    ratio = cells[0] * cells[3] / (cells[1] * cells[2])
    return _log_interval(ratio, math.sqrt(sum(1 / cell for cell in cells)), confidence)


def rate_per_1000(
    events: float, person_years: float, confidence: float = 0.95
) -> Estimate:
    """Events per 1,000 person-years, with Byar's approximation to the exact Poisson interval.

    events: count; person_years: time at risk in years; confidence: level of the interval as a proportion (0.95).
    Raises ValueError for a negative count or no time at risk.
    Source: Breslow & Day, Statistical Methods in Cancer Research II, IARC 1987, p. 69.
    """
    if events < 0 or person_years <= 0:
        raise ValueError(
            f"A rate needs a count of 0 or more and a positive time at risk, not {events} in {person_years}."
        )
    z, more = _z(confidence), events + 1
    low = (
        events * (1 - 1 / (9 * events) - z / (3 * math.sqrt(events))) ** 3
        if events
        else 0.0
    )
    high = more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3
    times = 1000 / person_years
    return Estimate(
        events * times,
        low * times,
        high * times,
        confidence,
        math.sqrt(events) * times,
        "per 1,000 person-years",
    )


def risk_over_years(rate_per_1000: float, years: float) -> float:
    """Proportion of people with the event after so many years at a constant rate per 1,000 person-years.

    1 - exp(-rate_per_1000 * years / 1000): the exponential formula, without competing causes.
    Raises ValueError if the rate or the number of years is negative. Source: Rothman, Greenland & Lash,
    Modern Epidemiology, 3rd edition 2008, chapter 3.
    """
    if rate_per_1000 < 0 or years < 0:
        raise ValueError("A rate and a number of years cannot be negative.")
    return -math.expm1(-rate_per_1000 * years / 1000)


def from_ratio(
    baseline_risk: float,
    ratio: float,
    ci_low: float | None = None,
    ci_high: float | None = None,
    measure: str = "relative risk",
    per: int = 1000,
    confidence: float = 0.95,
) -> RiskPair:
    """What a ratio means for people whose risk without treatment is known: a RiskPair, per 1,000 people.

    baseline_risk: proportion without treatment. ratio, ci_low, ci_high: the published ratio and its interval (of level
    `confidence`); the interval of the result carries the ratio's uncertainty only. measure: "relative risk" or
    "rate ratio" (risk x ratio), "hazard ratio" (1 - (1 - risk)^ratio, proportional hazards) or "odds ratio". per: 1,000
    people, or another number. Raises ValueError if the baseline is no proportion, a ratio is not above zero, an interval
    does not hold its ratio, or the measure is another. Source: Cochrane Handbook for Systematic Reviews of Interventions 5.1, sections 11.5.5 and 12.5.4.
    """
    if not 0 <= baseline_risk <= 1:
        raise ValueError(
            f"A baseline risk is a proportion between 0 and 1, not {baseline_risk}."
        )
    if any(number is not None and number <= 0 for number in (ratio, ci_low, ci_high)):
        raise ValueError("A ratio and its limits must be above zero.")
    limits = [limit for limit in (ci_low, ci_high) if limit is not None]
    if len(limits) == 1:
        raise ValueError("An interval has two limits, or none is given.")
    if limits and not limits[0] <= ratio <= limits[1]:
        raise ValueError(
            f"The interval {ci_low} to {ci_high} does not hold its ratio {ratio}."
        )
    formulas = {
        "relative risk": lambda r: baseline_risk * r,
        "rate ratio": lambda r: baseline_risk * r,
        "hazard ratio": lambda r: 1 - (1 - baseline_risk) ** r,
        "odds ratio": lambda r: (
            r * baseline_risk / (1 - baseline_risk + r * baseline_risk)
        ),
    }
    if measure not in formulas:
        raise ValueError(
            f"The measure must be one of {', '.join(formulas)}, not {measure!r}."
        )
    treated = [formulas[measure](r) for r in (ratio, *limits)]
    if max(treated) > 1:
        raise ValueError(
            f"A risk of {baseline_risk} times {ratio} passes 1, so this ratio cannot hold at this baseline risk."
        )

    def above(floor: float) -> Estimate:
        value, *interval = (number - floor for number in treated)
        low, high = interval or (None, None)
        return Estimate(value, low, high, confidence).per(per)

    return RiskPair(
        without=Estimate(baseline_risk).per(per),
        treated=above(0),
        difference=above(baseline_risk),
    )


def difference(
    value: float,
    se: float,
    control_value: float,
    control_se: float,
    confidence: float = 0.95,
) -> Estimate:
    """Difference of two independent means (first minus control), with a normal interval.

    value, control_value: the means, in one unit; se, control_se: their standard errors in the same unit; the error of the
    difference is sqrt(se^2 + control_se^2). confidence: level of the interval as a proportion (0.95).
    Raises ValueError for a negative standard error.
    Source: Altman et al., Statistics with Confidence, 2nd edition 2000, chapter 4.
    """
    if se < 0 or control_se < 0:
        raise ValueError("A standard error cannot be negative.")
    middle, error = value - control_value, math.hypot(se, control_se)
    half = _z(confidence) * error
    return Estimate(middle, middle - half, middle + half, confidence, error)


def least_significant_change(precision_error: float, confidence: float = 0.95) -> float:
    """Smallest change between two scans that exceeds measurement error, in the unit of the precision error.

    z * sqrt(2) * precision_error: 2.77 times the precision error at 95 %. confidence: level of the interval as a proportion (0.95).
    Raises ValueError for a negative precision error. Source: ISCD Official Positions, Adult.
    """
    if precision_error < 0:
        raise ValueError("A precision error cannot be negative.")
    return _z(confidence) * math.sqrt(2) * precision_error


def change_confidence(change: float, precision_error: float) -> float:
    """Two-sided confidence (0 to 1) that two scans that differ by `change` differ by more than measurement error.

    The inverse of least_significant_change: 2 Phi(|change| / (sqrt(2) precision_error)) - 1, both in the same unit.
    Raises ValueError if the precision error is not above zero. Source: ISCD Official Positions, Adult.
    """
    if precision_error <= 0:
        raise ValueError("A precision error must be above zero.")
    return 2 * _NORMAL.cdf(abs(change) / (math.sqrt(2) * precision_error)) - 1


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(
            f"A confidence level lies between 0 and 1 (0.95 for 95 %), not {confidence}."
        )
    return _NORMAL.inv_cdf((1 + confidence) / 2)


def _count(events: float, n: float) -> None:
    if n <= 0 or not 0 <= events <= n:
        raise ValueError(
            f"There cannot be {events} events among {n} people: events lie between 0 and the number of people."
        )


def _log_interval(ratio: float, se_log: float, confidence: float) -> Estimate:
    times = math.exp(_z(confidence) * se_log)
    return Estimate(ratio, ratio / times, ratio * times, confidence, unit="ratio")


def _wilson(events: float, n: float, confidence: float) -> tuple[float, float]:
    z, p = _z(confidence), events / n
    middle = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
    return 0.0 if events == 0 else low, 1.0 if events == n else high


def _reciprocal(number: float, side: int = 1) -> float:
    return 1 / number if number else side * math.inf


def _needed(number: float) -> str:
    return ("NNTB " if number > 0 else "NNTH ") + (
        "∞" if math.isinf(number) else f"{abs(number):.3g}"
    )
