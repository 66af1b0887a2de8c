"""Numbers worked out from other rows: what each method of the table `derived` does.

    compute(row, inputs)      # -> (value, ci_low, ci_high) in the row's unit

`press.check` works every row of the table out again with it; nothing here writes a table.
"""

import math
from statistics import fmean

from bonebook import effects


def _risk(row, years):
    """A risk as a proportion, from a risk in % or from a rate that is added up over years."""
    value = float(row["value"])
    if row["unit"] == "%":
        return value / 100
    if row["unit"] in ("per 1,000 women", "per 1,000 people"):
        return value / 1000
    if row["unit"].startswith("per 1,000"):
        return effects.risk_over_years(value, float(years))
    raise ValueError(f"{row['id']} is neither a risk nor a rate")


def _from_ratio(row, inputs):
    """The RiskPair of a baseline (risk or rate) and a published ratio with its interval."""
    base, ratio = inputs
    low, high = (
        float(ratio[column]) if ratio.get(column) else None
        for column in ("ci_low", "ci_high")
    )
    return effects.from_ratio(
        _risk(base, row["years"] or "nan"),
        float(ratio["value"]),
        low,
        high,
        measure=ratio["measure"],
        per=int(row["per"]),
    )


def _counts(function):
    return lambda _, inputs: function(
        *(int(arm[column]) for arm in inputs for column in ("events", "n"))
    )


def _plain(function):
    return lambda _, inputs: effects.Estimate(
        function(*(float(source["value"]) for source in inputs))
    )


def _difference(_, inputs):
    first, second = inputs
    if first["unit"] != second["unit"]:
        raise ValueError(f"{first['unit']} and {second['unit']} cannot be subtracted")
    if first.get("se") and second.get("se"):
        return effects.difference(
            *(float(source[column]) for source in inputs for column in ("value", "se"))
        )
    return effects.Estimate(float(first["value"]) - float(second["value"]))


def _mean(row, inputs):
    """Mean of the inputs, without an interval; one that is named three times counts three times."""
    units = {source["unit"] for source in inputs}
    if len(units) > 1:
        raise ValueError(f"{row['id']} would mix {' and '.join(sorted(units))}")
    return effects.Estimate(fmean(float(source["value"]) for source in inputs))


def _risk_difference(row, inputs):
    """First minus second arm per so many people, from counts: the absolute risk reduction with its sign turned."""
    arr = _counts(effects.absolute_risk_reduction)(row, inputs)
    return effects.Estimate(-arr.value, -arr.ci_high, -arr.ci_low).per(
        int(row["per"] or 100)
    )


#: What each method of the table `derived` does with its row and the rows of its inputs; the result is in the row's unit.
METHODS = {
    "difference": _difference,
    "from_ratio": lambda row, inputs: _from_ratio(row, inputs).difference,
    "risk_over_years": lambda row, inputs: effects.Estimate(
        _risk(inputs[0], row["years"])
    ).per(int(row["per"])),
    "risk_difference": _risk_difference,
    "number_needed": _plain(
        lambda a, b: effects.number_needed(effects.Estimate((b - a) / 100)).value
    ),
    "relative_risk": _counts(effects.relative_risk),
    "odds_ratio": _counts(effects.odds_ratio),
    "rate_per_1000": lambda _, inputs: effects.rate_per_1000(
        int(inputs[0]["events"]), float(inputs[0]["person_years"])
    ),
    "least_significant_change": _plain(effects.least_significant_change),
    "sum": _plain(lambda *values: sum(values)),
    "divide": _plain(lambda a, b: a / b),
    "reciprocal": _plain(lambda a: 1 / a),
    "mean": _mean,
}


def compute(row, inputs):
    """Value and limits (None without interval) of a row of `derived`, in the row's unit.

    row, inputs: the row and those it is computed from, in its order, as dictionaries of
    text. Raises ValueError if the result is no number or the inputs do not fit the method.
    """
    result = METHODS[row["method"]](row, inputs)
    if not all(
        math.isfinite(number)
        for number in (result.value, result.ci_low or 0, result.ci_high or 0)
    ):
        raise ValueError("the result is not a number")
    return result.value, result.ci_low, result.ci_high
