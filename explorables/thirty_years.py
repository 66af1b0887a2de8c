"""Thirty years of bone: spine density through menopause, with and without treatment, by the remodeling-space model (bonebook.remodeling).

Group averages. T-scores are worked out with the mean and the standard deviation of young women of one US survey.
"""

import altair as alt
import numpy as np

from bonebook import remodeling, style
from explorables.kit import Choice, Explorable, Slider, data, number, stored

FIRST, LAST, QUARTERS = 40, 82, 4
AGES = (60, 70, 80)


def given():
    p = remodeling.parameters()
    return {
        **{
            name: p[name]
            for name in ("g", "a", "tau_f", "tau_r", "rho", "w", "a_late", "late")
        },
        "signals": {
            "none": 0.0,
            "raloxifene": p["s_raloxifene"],
            "estrogen": p["s_ht"],
        },
        "mean": p["young_mean"],
        "sd": p["young_sd"],
        "cohort": {
            "transition": stored("greendale2012-ls-trans"),
            "decade": stored("greendale2012-ls-10y"),
        },
        "survey": [
            [age, 100 * p[f"survey_{decade}"] / p["survey_40s"]]
            for age, decade in ((55.5, "50s"), (65.5, "60s"), (75.5, "70s"))
        ],
        # years after the start: difference from placebo, in percentage points
        "trials": {
            "none": [],
            "raloxifene": [
                [2, stored("delmas1997-ls-diff-rlx60")],
                [3, stored("derived-johnston2000-ls-bmd-diff60")],
            ],
            "estrogen": [
                [
                    3,
                    (
                        stored("pepi1996-ls-cee-mpa-cont")
                        + 3 * stored("pepi1996-ls-other3")
                    )
                    / 4
                    - stored("pepi1996-ls-plac"),
                ]
            ],
        },
    }


def answer(settings, given):
    """`menopause`, `start`, `stop`: ages; `drug`: none, raloxifene or estrogen; `tscore`: before menopause."""
    menopause, start, stop = settings["menopause"], settings["start"], settings["stop"]
    ages = FIRST + np.arange((LAST - FIRST) * QUARTERS + 1) / QUARTERS
    model = {
        name: given[name]
        for name in ("a", "tau_f", "tau_r", "rho", "w", "a_late", "late")
    } | {"G": given["g"]}
    signal = given["signals"][settings["drug"]]
    treatments = (
        [(start - menopause, stop - menopause, signal)]
        if stop > start and signal
        else []
    )
    plain = remodeling.simulate(ages - menopause, **model)["bmd"].to_numpy()
    treated = (
        remodeling.simulate(ages - menopause, treatments, **model)["bmd"].to_numpy()
        if treatments
        else plain
    )
    young = given["mean"] + settings["tscore"] * given["sd"]

    def tscore(bmd):
        return (young * bmd / 100 - given["mean"]) / given["sd"]

    def at(course, age):
        return float(np.interp(age, ages, course))

    curve = [
        {"age": float(age), "bmd": float(bmd), "kind": kind}
        for kind, course in (("untreated", plain), ("treated", treated))
        for age, bmd in zip(ages, course)
        if kind == "untreated" or treatments
    ]
    points = [
        {
            "age": menopause + 2,
            "bmd": at(plain, menopause - 1) + given["cohort"]["transition"],
            "kind": "cohort",
        },
        {
            "age": menopause + 5,
            "bmd": at(plain, menopause - 5) + given["cohort"]["decade"],
            "kind": "cohort",
        },
        *({"age": age, "bmd": bmd, "kind": "survey"} for age, bmd in given["survey"]),
    ]
    if treatments and start >= menopause + 3:
        points += [
            {
                "age": start + years,
                "bmd": at(plain, start + years) + gain,
                "kind": "trial",
            }
            for years, gain in given["trials"][settings["drug"]]
            if start + years <= stop
        ]
    bands = [
        {"bmd": 100 * (given["mean"] + cut * given["sd"]) / young, "label": label}
        for cut, label in ((-1, "T-score −1"), (-2.5, "T-score −2.5"))
    ]
    numbers = []
    for age in AGES:
        for name, course in (("without treatment", plain), ("with it", treated)):
            numbers.append(
                number(f"Age {age}, {name}", at(course, age), "% of before", 1)
            )
            numbers.append(
                number(f"Age {age}, {name}: T-score", tscore(at(course, age)), "", 1)
            )
    return {
        "rows": {"curve": curve, "points": points, "bands": bands},
        "numbers": numbers,
    }


def chart():
    x = alt.X(
        "age:Q",
        title="age (years)",
        scale=alt.Scale(domain=[FIRST, LAST], nice=False),
        axis=alt.Axis(tickCount=9, grid=False),
    )
    y = alt.Y(
        "bmd:Q",
        title="spine density, % of before menopause",
        scale=alt.Scale(domain=[65, 104], nice=False, clamp=True),
        axis=alt.Axis(tickCount=5),
    )
    kinds = ["untreated", "treated"]
    curve = (
        alt.Chart(data("curve"))
        .mark_line(strokeWidth=3)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(
                    domain=kinds,
                    range=[style.drug_color("placebo"), style.PAGE["blue"][0]],
                ),
                legend=None,
            ),
            strokeDash=alt.StrokeDash(
                "kind:N",
                scale=alt.Scale(domain=kinds, range=[[6, 4], [1, 0]]),
                legend=alt.Legend(orient="bottom", symbolSize=400, symbolStrokeWidth=3),
            ),
        )
    )
    band = (
        alt.Chart(data("bands"))
        .mark_rule(color=style.HARM, strokeDash=[2, 3])
        .encode(y=y)
    )
    word = (
        alt.Chart(data("bands"))
        .mark_text(
            align="left", baseline="bottom", dy=-3, color=style.HARM, fontSize=13, x=6
        )
        .encode(y=y, text="label:N")
    )
    kind = ["cohort", "trial", "survey"]
    points = (
        alt.Chart(data("points"))
        .mark_point(size=120, opacity=1, strokeWidth=2, stroke=style.INK)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape(
                "kind:N",
                scale=alt.Scale(domain=kind, range=["circle", "diamond", "square"]),
                legend=alt.Legend(orient="bottom"),
            ),
            fill=alt.Fill(
                "kind:N",
                scale=alt.Scale(domain=kind, range=[style.INK, style.INK, style.PAPER]),
                legend=None,
            ),
        )
    )
    return (band + word + curve + points).properties(height=300)


EXPLORABLE = Explorable(
    "thirty-years",
    "Thirty years of bone",
    [
        Choice(
            "drug",
            "Treatment",
            {
                "none": "none",
                "raloxifene": "raloxifene 60 mg",
                "estrogen": "hormone therapy",
            },
            "raloxifene",
        ),
        Slider("menopause", "Age at the final period", 45, 58, 0.5, 51, "years", 1),
        Slider("start", "Treatment starts at", 45, 80, 1, 56, "years"),
        Slider("stop", "Treatment stops at", 45, 82, 1, 64, "years"),
        Slider(
            "tscore", "T-score of the spine before menopause", -2.5, 2.5, 0.1, 0, "", 1
        ),
    ],
    given,
    answer,
    chart,
    {
        "No treatment": {"drug": "none"},
        "Raloxifene for eight years": {
            "drug": "raloxifene",
            "menopause": 51,
            "start": 56,
            "stop": 64,
        },
        "Raloxifene and never stopping": {
            "drug": "raloxifene",
            "menopause": 51,
            "start": 56,
            "stop": 82,
        },
        "Hormone therapy for five years": {
            "drug": "estrogen",
            "menopause": 51,
            "start": 52,
            "stop": 57,
        },
        "Menopause at forty-five": {"menopause": 45},
    },
)
