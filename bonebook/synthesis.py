"""Pooling of independent studies: fixed effect, DerSimonian-Laird, REML and Paule-Mandel, with heterogeneity and prediction.

Estimates go in on a scale on which they are roughly normal: differences as they are, ratios as natural logarithms
(`from_interval` takes a published ratio there, `Pooled.exp` takes the result back). Every function raises ValueError,
in a sentence, when its numbers cannot be estimates with standard errors or should not be pooled. A pooled number does
not repair biased trials, and no formula here can see women who were counted twice: `pool_rows` refuses what the
tables know about.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from bonebook.tables import table

METHODS = {
    "FE": "fixed effect",
    "DL": "DerSimonian-Laird",
    "REML": "restricted maximum likelihood",
    "PM": "Paule-Mandel",
}
_SAME = (
    "outcome",
    "marker",
    "site",
    "measure",
    "statistic",
    "unit",
    "comparator",
)  # columns in which pooled rows must agree
_POOLABLE = ("trial", "observational")


@dataclass(frozen=True)
class Pooled:
    """One pooled estimate with its interval, its prediction interval and the heterogeneity of the k studies behind it.

    value, ci_low, ci_high, prediction_low, prediction_high: on the scale that went in, or as ratios after `exp`
    (then `unit` is "ratio"). se, tau2 (variance between studies), tau2_se (REML only) and q stay on the scale that
    went in. q_p: p value of Cochran's Q with k - 1 degrees of freedom. i2: percent. level: percent, of both intervals.
    Limits of the prediction interval are None for the fixed effect, and with two studies, from which none can be had.
    """

    value: float
    se: float
    ci_low: float
    ci_high: float
    prediction_low: float | None
    prediction_high: float | None
    tau2: float
    tau2_se: float | None
    q: float
    q_p: float
    i2: float
    k: int
    method: str
    knapp_hartung: bool | str = False
    level: float = 95
    unit: str = ""

    def exp(self) -> "Pooled":
        """The same result on the scale of ratios, for estimates that went in as logarithms.

        Raises ValueError if the result is in ratios already.
        """
        if self.unit == "ratio":
            raise ValueError("This pooled estimate is a ratio already.")

        def back(log: float | None) -> float | None:
            return None if log is None else math.exp(log)

        return replace(
            self,
            value=math.exp(self.value),
            ci_low=math.exp(self.ci_low),
            ci_high=math.exp(self.ci_high),
            prediction_low=back(self.prediction_low),
            prediction_high=back(self.prediction_high),
            unit="ratio",
        )

    def row(self, label: str, drug: str = "serm-class") -> pd.DataFrame:
        """The result as a table of one row, to stand under the rows it was pooled from (`pd.concat([rows, pooled.row(...)])`).

        label: what it is shown by; drug: whose color it takes. Columns: label, drug, value, ci_low, ci_high, unit, approx.
        """
        columns = {
            name: getattr(self, name) for name in ("value", "ci_low", "ci_high", "unit")
        }
        return pd.DataFrame(
            [{"label": label, "drug": drug, **columns, "approx": False}]
        )

    def __str__(self) -> str:
        text = f"{self.value:.4g} ({self.level:g} % CI {self.ci_low:.4g} to {self.ci_high:.4g}) {self.unit}".strip()
        error = {
            False: "",
            True: ", Hartung-Knapp",
            "modified": ", modified Hartung-Knapp",
        }[self.knapp_hartung]
        return f"{text}; {self.k} studies, I² {self.i2:.0f} %, {METHODS[self.method]}{error}"


def from_interval(
    ratio: float, low: float, high: float, level: float = 95
) -> tuple[float, float]:
    """Natural logarithm of a ratio, and its standard error from the width of its interval of `level` percent.

    ratio, low, high: as published; level: percent (95). Returns (log ratio, standard error), the second
    log(high / low) / (2 z). Raises ValueError if the three are not above zero, in order. The interval is read as symmetric on the log scale; an interval printed with
    two decimals, or made by an exact or bootstrap method, gives the error only roughly.
    Source: Cochrane Handbook for Systematic Reviews of Interventions, section 6.3.2.
    """
    if not 0 < low <= ratio <= high or low == high:
        raise ValueError(
            f"{ratio} ({low} to {high}) is no ratio with its interval: all must be above zero, in order."
        )
    return math.log(ratio), math.log(high / low) / (2 * _z(level))


def pool(
    estimates: ArrayLike,
    standard_errors: ArrayLike,
    method: str = "REML",
    knapp_hartung: bool | str = False,
    level: float = 95,
    prediction: str = "k-2",
) -> Pooled:
    """Pool k independent estimates; returns a Pooled on their scale.

    estimates, standard_errors: sequences of k numbers, k of 2 or more, errors above zero, in the same unit.
    method: "FE" (fixed effect), "DL", "REML" or "PM". knapp_hartung (random effects only): True takes the standard error from
    the spread of the estimates and the interval from t with k - 1 degrees of freedom: honest with few studies, very wide
    with two, too narrow where the estimates happen to agree closely. "modified" never lets the error fall below the
    ordinary one, and is recommended for few studies of unequal size (Röver, Knapp & Friede, BMC Med Res Methodol 2015;15:99).
    level: percent, for the confidence and the prediction interval.
    prediction: degrees of freedom of the prediction interval, "k-2" or "k-1"; with few studies the choice decides what it says.
    Raises ValueError for fewer than two estimates, errors that are not above zero, or a method or convention that there is not.

    Sources: DerSimonian & Laird, Control Clin Trials 1986;7:177-188. REML by Fisher scoring with its standard error:
    Viechtbauer, J Educ Behav Stat 2005;30:261-293. Paule & Mandel, J Res NBS 1982;87:377-385. Hartung & Knapp, Stat Med
    2001;20:3875-3889. I2 from the typical variance: Higgins & Thompson, Stat Med 2002;21:1539-1558. Prediction interval,
    t with k - 2 degrees of freedom: Higgins, Thompson & Spiegelhalter, J R Stat Soc A 2009;172:137-159; with k - 1: the
    default of the R package meta since its version 8.0-0 of 2024; with Hartung-Knapp as in Partlett & Riley, Stat Med
    2017;36:301-317.
    """
    y, v = _checked(estimates, standard_errors)
    if method not in METHODS:
        raise ValueError(
            f"The method must be one of {', '.join(METHODS)}, not {method!r}."
        )
    if knapp_hartung not in (False, True, "modified"):
        raise ValueError(
            f"The Hartung-Knapp error can be False, True or 'modified', not {knapp_hartung!r}."
        )
    if knapp_hartung and method == "FE":
        raise ValueError(
            "The Hartung-Knapp error belongs to a random-effects method: DL, REML or PM."
        )
    if prediction not in ("k-2", "k-1"):
        raise ValueError(
            f"A prediction interval rests on 'k-2' or 'k-1' degrees of freedom, not {prediction!r}."
        )
    k = len(y)
    q = _q(y, v, 0)
    tau2 = {
        "FE": lambda *_: 0.0,
        "DL": _dersimonian_laird,
        "REML": _reml,
        "PM": _paule_mandel,
    }[method](y, v)
    w = 1 / (v + tau2)
    mean = _mean(y, w)
    se, times = 1 / math.sqrt(w.sum()), _z(level)
    if knapp_hartung:
        spread = (w * (y - mean) ** 2).sum() / (k - 1)
        se *= math.sqrt(max(1, spread) if knapp_hartung == "modified" else spread)
        times = t_quantile((1 + level / 100) / 2, k - 1)
    ahead = None
    if method != "FE" and k > 2:
        df = k - int(prediction[-1])
        ahead = t_quantile((1 + level / 100) / 2, df) * math.sqrt(tau2 + se * se)
    return Pooled(
        mean,
        se,
        mean - times * se,
        mean + times * se,
        None if ahead is None else mean - ahead,
        None if ahead is None else mean + ahead,
        tau2,
        math.sqrt(2 / _information(w)) if method == "REML" else None,
        q,
        chi2_tail(q, k - 1),
        _i2(v, q, tau2, method),
        k,
        method,
        knapp_hartung,
        level,
    )


def pool_rows(
    rows: pd.DataFrame,
    method: str = "REML",
    knapp_hartung: bool | str = False,
    level: float = 95,
    mixed: Sequence[str] = (),
    prediction: str = "k-2",
) -> Pooled:
    """Pool rows of a table of results (outcomes, bmd_change, markers), one row for each independent study.

    rows: DataFrame with the columns of the table. Ratios are pooled as logarithms, with the error from their interval,
    and come back as ratios; other measures need a standard error (`se`) and come back in their unit. method,
    knapp_hartung, level, prediction: as in `pool`, where the sources of the formulas are.
    Raises ValueError, naming the rows, if there are fewer than two; if two share people (the same word in
    `studies.cohort`, such as MORE and CORE, or two doses against one placebo group); if a study is neither a trial nor
    observational (a meta-analysis or a label may hold the others); if outcome, measure, site, unit or comparator differ;
    or if a row lacks its interval or error. Doses, drugs and lengths of follow-up may differ: that choice is the caller's.
    mixed: columns in which the rows may differ all the same, such as ("measure",) for a hazard ratio beside a relative risk;
    units may not. Nobody can allow women to be counted twice.
    """
    if len(rows) < 2:
        raise ValueError(f"Pooling needs two rows or more, not {len(rows)}.")
    studies = table("studies").set_index("id")
    _refuse_shared(rows, studies)
    _refuse_kinds(rows, studies)
    _refuse_mixtures(rows, mixed)
    ratio = rows["unit"].iloc[0] == "ratio"
    needs = ["value", "ci_low", "ci_high"] if ratio else ["value", "se"]
    if (lacking := rows[needs].isna().any(axis=1)).any():
        what = (
            "a ratio with its interval" if ratio else "a value with its standard error"
        )
        raise ValueError(
            f"Pooling needs {what}, which is missing in {_names(rows[lacking])}."
        )
    if not ratio:
        return replace(
            pool(rows["value"], rows["se"], method, knapp_hartung, level, prediction),
            unit=rows["unit"].iloc[0],
        )
    levels = rows["ci_level"].fillna(95)
    pairs = [
        from_interval(*row)
        for row in zip(
            rows["value"], rows["ci_low"], rows["ci_high"], levels, strict=True
        )
    ]
    logs, errors = zip(*pairs, strict=True)
    return pool(logs, errors, method, knapp_hartung, level, prediction).exp()


def chi2_tail(x: float, df: int) -> float:
    """Probability that chi-squared with a whole number of degrees of freedom (df) exceeds x.

    Raises ValueError for a negative x or no degree of freedom. Source: Abramowitz & Stegun, Handbook of Mathematical
    Functions 1964, 26.4.4 and 26.4.5.
    """
    if x < 0 or df < 1:
        raise ValueError(
            f"Chi-squared needs a value of 0 or more and at least one degree of freedom, not {x} with {df}."
        )
    half, odd = x / 2, df % 2
    if half == 0:
        return 1.0
    terms = (
        math.exp(-half + (i + odd / 2) * math.log(half) - math.lgamma(i + 1 + odd / 2))
        for i in range(df // 2)
    )
    return min(1.0, math.fsum(terms) + (math.erfc(math.sqrt(half)) if odd else 0.0))


def t_quantile(p: float, df: int) -> float:
    """Quantile of Student's t with a whole number of degrees of freedom, for 0.5 <= p < 1.

    p: the probability below; df: degrees of freedom. Raises ValueError outside that range. Found by halving on the
    finite sums in the angle arctan(t / sqrt(df)). Source: Abramowitz & Stegun, Handbook of Mathematical Functions 1964,
    26.7.3 and 26.7.4.
    """
    if not 0.5 <= p < 1 or df < 1:
        raise ValueError(
            f"A t quantile needs 0.5 <= p < 1 and at least one degree of freedom, not {p} with {df}."
        )
    low, high = 0.0, math.pi / 2
    while low < (middle := (low + high) / 2) < high:
        low, high = (
            (middle, high) if _t_two_sided(middle, df) < 2 * p - 1 else (low, middle)
        )
    return math.sqrt(df) * math.tan(low)


def _t_two_sided(angle, df):
    """Probability that |t| stays below sqrt(df) * tan(angle)."""
    odd = df % 2
    term, total = (math.cos(angle) if odd else 1.0), 0.0
    for i in range(1, df // 2 + 1):
        total += term
        term *= math.cos(angle) ** 2 * (
            2 * i / (2 * i + 1) if odd else (2 * i - 1) / (2 * i)
        )
    return (
        2 / math.pi * (angle + math.sin(angle) * total)
        if odd
        else math.sin(angle) * total
    )


def _mean(y, w):
    return float((w * y).sum() / w.sum())


def _q(y, v, tau2):
    """Generalized Q: weighted squares around the mean that belongs to this variance between studies."""
    w = 1 / (v + tau2)
    return float((w * (y - _mean(y, w)) ** 2).sum())


def _information(w):
    """tr(PP), twice the REML information on tau2, for a model with a mean only."""
    one, two, three = w.sum(), (w**2).sum(), (w**3).sum()
    return float(two - 2 * three / one + (two / one) ** 2)


def _dersimonian_laird(y, v):
    w = 1 / v
    return max(
        0.0, float((_q(y, v, 0) - (len(y) - 1)) / (w.sum() - (w**2).sum() / w.sum()))
    )


def _reml(y, v):
    tau2, scale = _dersimonian_laird(y, v), float(v.mean())
    for turn in range(2000):
        w = 1 / (v + tau2)
        gradient = (w**2 * (y - _mean(y, w)) ** 2).sum() - (
            w.sum() - (w**2).sum() / w.sum()
        )
        step = float(gradient / _information(w)) / (
            1 if turn < 50 else 4
        )  # shorter where scoring swings to and fro
        tau2, before = max(0.0, tau2 + step), tau2
        if abs(tau2 - before) <= 1e-11 * (tau2 + scale):
            return tau2
    raise ValueError(
        "REML does not settle on these estimates; the DerSimonian-Laird method (DL) needs no iteration."
    )


def _paule_mandel(y, v):
    free = len(y) - 1
    low, high = 0.0, float(v.max() + np.ptp(y) ** 2)
    if _q(y, v, low) <= free:
        return 0.0
    while _q(y, v, high) > free:
        high *= 2
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if _q(y, v, middle) > free else (low, middle)
    return middle


def _i2(v, q, tau2, method):
    """Percent of the variance that lies between studies: from Q for the fixed effect, else from tau2 and the typical v."""
    free, w = len(v) - 1, 1 / v
    if method == "FE":
        return 100 * max(0.0, (q - free) / q) if q else 0.0
    typical = free * w.sum() / (w.sum() ** 2 - (w**2).sum())
    return float(100 * tau2 / (tau2 + typical))


def _checked(estimates, standard_errors):
    y, se = np.asarray(estimates, dtype=float), np.asarray(standard_errors, dtype=float)
    if y.ndim != 1 or y.shape != se.shape:
        raise ValueError("Pooling needs one standard error for each estimate.")
    if len(y) < 2:
        raise ValueError(f"Pooling needs two estimates or more, not {len(y)}.")
    if not (np.isfinite(y).all() and np.isfinite(se).all() and (se > 0).all()):
        raise ValueError(
            "Every estimate must be a number and every standard error a number above zero."
        )
    return y, se**2


def _z(level):
    if not 1 < level < 100:
        raise ValueError(
            f"A level is a percentage between 1 and 100 (95, not 0.95), not {level}."
        )
    return NormalDist().inv_cdf((1 + level / 100) / 2)


def _names(rows):
    return ", ".join(str(name) for name in rows["id"])


def _refuse_shared(rows, studies):
    cohorts = rows["study"].map(studies["cohort"]).fillna(rows["study"])
    if (twice := cohorts.duplicated(keep=False)).any():
        shared = ", ".join(sorted(set(cohorts[twice])))
        raise ValueError(
            f"These rows share people ({shared}), so pooling would count them twice: {_names(rows[twice])}."
        )


def _refuse_kinds(rows, studies):
    kinds = rows["study"].map(studies["kind"])
    if (other := ~kinds.isin(_POOLABLE)).any():
        raise ValueError(
            f"Only trials and observational studies can be pooled; these rows are from a "
            f"{' or a '.join(sorted(set(kinds[other].astype(str))))}, which may hold the others: {_names(rows[other])}."
        )


def _refuse_mixtures(rows, mixed):
    if wrong := set(mixed) - (set(_SAME) - {"unit"}):
        raise ValueError(
            f"Rows cannot be allowed to differ in {', '.join(sorted(wrong))}."
        )
    for column in (name for name in _SAME if name in rows and name not in mixed):
        if len(kinds := rows[column].fillna("nothing").unique()) > 1:
            raise ValueError(
                f"Rows with a different {column} cannot be pooled ({', '.join(kinds)}): {_names(rows)}."
            )
