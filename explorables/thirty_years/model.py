"""Thirty years of bone: spine density through menopause, with and without treatment.

The remodeling-space model (bonebook.remodeling); group averages. T-scores are worked
out with the mean and the standard deviation of young women of one US survey.
"""

import altair as alt
import numpy as np

from bonebook import remodeling, style
from bonebook.tables import value
from explorables.kit import Choice, Explorable, Number, Slider, data

FIRST, LAST, QUARTERS = 40, 82, 4  # ages that are drawn, points a year
AGES = (60, 70, 80)  # ages of the table
DRUGS = {
    "none": "none",
    "raloxifene": "raloxifene 60 mg",
    "estrogen": "hormone therapy",
}
#: Middle of the years of age of each group of the survey.
SURVEY = {"50s": 55.5, "60s": 65.5, "70s": 75.5}
#: Arguments of `remodeling.simulate` and their rows.
MODEL = {
    "G": "mp-rs-g",
    "a": "mp-rs-a",
    "tau_f": "mp-rs-tau-f",
    "tau_r": "mp-rs-tau-r",
    "rho": "mp-rs-rho",
    "w": "mp-rs-w",
    "a_late": "mp-rs-a-late",
    "late": "mp-rs-late",
}


def given():
    cuts = [value(f"threshold-who-{cut}-cut") for cut in ("normal", "osteoporosis")]
    return {
        "first": FIRST,
        "last": LAST,
        "quarters": QUARTERS,
        "ages": AGES,
        "model": {argument: value(id) for argument, id in MODEL.items()},
        "step": remodeling.STEP,
        "signals": {
            "none": 0,
            "raloxifene": value("mp-rs-s-raloxifene"),
            "estrogen": value("mp-rs-s-ht"),
        },
        "mean": value("mp-rs-young-mean"),
        "sd": value("mp-rs-young-sd"),
        "cuts": [
            {"t": cut, "label": f"T-score {cut:g}".replace("-", "−")} for cut in cuts
        ],
        # years from the final period at the start and at the end, and the change
        "cohort": [
            [-1, 2, value("greendale2012-ls-trans")],
            [-5, 5, value("greendale2012-ls-10y")],
        ],
        "survey": [
            [age, 100 * value(f"mp-rs-survey-{decade}") / value("mp-rs-survey-40s")]
            for decade, age in SURVEY.items()
        ],
        # years after the start, and the difference from placebo in percentage points;
        # drawn only where the start is at least `settled` years after the final period
        "trials": {
            "none": [],
            "raloxifene": [
                [_years("delmas1997-ls-diff-rlx60"), value("delmas1997-ls-diff-rlx60")],
                [
                    _years("johnston2000-ls-bmd-rlx60"),
                    value("derived-johnston2000-ls-bmd-diff60"),
                ],
            ],
            "estrogen": [
                [_years("pepi1996-ls-plac"), value("derived-pepi1996-ls-diff")]
            ],
        },
        "settled": 3,
    }


def _years(id):
    """After how many years a trial measured what stands in a row."""
    return value(id, "months") / 12


def answer(settings, given):
    """`menopause`, `start`, `stop`: ages; `drug`; `tscore`: before menopause."""
    menopause, start, stop = settings["menopause"], settings["start"], settings["stop"]
    signal = given["signals"][settings["drug"]]
    points_drawn = (given["last"] - given["first"]) * given["quarters"] + 1
    ages = given["first"] + np.arange(points_drawn) / given["quarters"]

    def course(treatments):
        out = remodeling.simulate(ages - menopause, treatments, **given["model"])
        return out["bmd"].to_numpy()

    def at(bmd, age):
        return float(np.interp(age, ages, bmd))

    courses = {"untreated": course([])}
    if signal and stop > start:
        treatment = (start - menopause, stop - menopause, signal)
        courses["treated"] = course([treatment])
    plain, treated = courses["untreated"], courses.get("treated")
    young = given["mean"] + settings["tscore"] * given["sd"]

    curve = [
        {"age": float(age), "bmd": float(bmd), "kind": kind}
        for kind, found in courses.items()
        for age, bmd in zip(ages, found, strict=True)
    ]
    points = [
        {
            "age": menopause + until,
            "bmd": at(plain, menopause + since) + change,
            "kind": "cohort",
        }
        for since, until, change in given["cohort"]
    ]
    points += [
        {"age": age, "bmd": bmd, "kind": "survey"} for age, bmd in given["survey"]
    ]
    if treated is not None and start >= menopause + given["settled"]:
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
        {
            "bmd": 100 * (given["mean"] + cut["t"] * given["sd"]) / young,
            "label": cut["label"],
        }
        for cut in given["cuts"]
    ]

    numbers = {}
    for when, age in [*((age, age) for age in given["ages"]), ("stop", stop)]:
        for name in ("untreated", "treated"):
            bmd = at(courses[name], age) if name in courses else None
            numbers[f"{name}-{when}"] = bmd
            numbers[f"{name}-{when}-t"] = (
                None
                if bmd is None
                else (young * bmd / 100 - given["mean"]) / given["sd"]
            )
    if treated is None:
        say = ["untreated", "untreated-only"]
    elif stop < given["ages"][-1]:
        say = ["untreated", "treated", "stopped", "lasting"]
    else:
        say = ["untreated", "treated", "lasting"]
    return {
        "rows": {"curve": curve, "points": points, "bands": bands},
        "numbers": numbers,
        "say": say,
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
    colors = [style.drug_color("placebo"), style.PAGE["blue"][0]]
    legend = alt.Legend(orient="bottom", symbolSize=400, symbolStrokeWidth=3)
    curve = (
        alt.Chart(data("curve"))
        .mark_line(strokeWidth=3)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "kind:N", scale=alt.Scale(domain=kinds, range=colors), legend=legend
            ),
            strokeDash=alt.StrokeDash(
                "kind:N",
                scale=alt.Scale(domain=kinds, range=[[6, 4], [1, 0]]),
                legend=legend,
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
    kinds = ["cohort", "trial", "survey"]
    points = (
        alt.Chart(data("points"))
        .mark_point(size=120, opacity=1, strokeWidth=2, stroke=style.INK)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape(
                "kind:N",
                scale=alt.Scale(domain=kinds, range=["circle", "diamond", "square"]),
                legend=alt.Legend(orient="bottom"),
            ),
            fill=alt.Fill(
                "kind:N",
                scale=alt.Scale(
                    domain=kinds, range=[style.INK, style.INK, style.PAPER]
                ),
                legend=None,
            ),
        )
    )
    return (band + word + curve + points).properties(height=300)


EXPLORABLE = Explorable(
    name="thirty-years",
    title="Thirty years of bone",
    controls=[
        Choice("drug", "Treatment", DRUGS, "raloxifene"),
        Slider("menopause", "Age at the final period", 45, 58, 0.5, 51, "years", 1),
        Slider("start", "Treatment starts at", 45, 80, 1, 56, "years"),
        Slider("stop", "Treatment stops at", 45, 82, 1, 64, "years"),
        Slider(
            "tscore", "T-score of the spine before menopause", -2.5, 2.5, 0.1, 0, "", 1
        ),
    ],
    numbers=[
        line
        for when, words in [
            *((age, f"Age {age}") for age in AGES),
            ("stop", "When treatment stops"),
        ]
        for name, how in [("untreated", "without treatment"), ("treated", "with it")]
        for line in (
            Number(f"{name}-{when}", f"{words}, {how}", "% of before", 1),
            Number(f"{name}-{when}-t", f"{words}, {how}: T-score", "", 1),
        )
    ],
    sentences={
        "untreated": "Without treatment the average spine keeps {untreated-60} % of its "
        "density at 60 and {untreated-80} % at 80.",
        "untreated-only": "No treatment is drawn.",
        "treated": "With {drug} from {start} to {stop} it keeps {treated-stop} % at "
        "{stop}, where it would keep {untreated-stop} % without.",
        "stopped": "At 80 it then keeps {treated-80} %.",
        "lasting": "What a drug adds levels off within about two years and is lost again "
        "after it is stopped.",
    },
    given=given,
    answer=answer,
    chart=chart,
    presets={
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
