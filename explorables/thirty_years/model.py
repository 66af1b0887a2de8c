"""Thirty years of bone: spine density through menopause, with and without treatment.

The remodeling-space model (bonebook.remodeling); group averages. T-scores are worked
out with the mean and the standard deviation of young women of one US survey.
"""

import altair as alt
import numpy as np

from bonebook import remodeling, style
from bonebook.tables import value
from explorables.kit import WORDS, Choice, Explorable, Number, Slider, data, held

FIRST, LAST, QUARTERS = 40, 82, 4  # ages that are drawn, points a year
AGES = (60, 70, 80)  # ages of the table
DRUGS = {
    "none": "none",
    "raloxifene": "raloxifene 60 mg",
    "estrogen": "hormone therapy",
}
SURVEY = (51, 61, 71)  # the first year of age of each ten in the survey
#: Arguments of `remodeling.simulate`; their rows have the same name.
MODEL = ["G", "a", "tau_f", "tau_r", "rho", "w", "a_late", "late"]
SPINE = {"site": "lumbar spine"}
COLORS = {
    "untreated": style.drug_color("placebo"),
    "treated": style.PAGE["blue"][0],
}
#: Of the points: (shape, fill).
MARKS = {
    "cohort": ("circle", style.INK),
    "trial": ("diamond", style.INK),
    "survey": ("square", style.PAPER),
}


def given():
    cuts = [
        held(f"threshold-who-{cut}-cut", quantity=f"{cut}*T-score at or*")
        for cut in ("normal", "osteoporosis")
    ]
    return {
        "first": FIRST,
        "last": LAST,
        "quarters": QUARTERS,
        "ages": AGES,
        "model": {name: value(f"mp-rs-{_hyphens(name)}") for name in MODEL},
        "step": remodeling.STEP,
        "signals": {
            "none": 0,
            "raloxifene": held("mp-rs-s-raloxifene", name=f"*on {DRUGS['raloxifene']}"),
            "estrogen": held("mp-rs-s-ht", name=f"*on {DRUGS['estrogen']}"),
        },
        "mean": held("mp-rs-young-mean", name="spine density of young women*"),
        "sd": held("mp-rs-young-sd", name="standard deviation*young women*"),
        "cuts": [
            {"t": cut, "label": "T-score " + f"{cut:g}".replace("-", "−")}
            for cut in cuts
        ],
        # years from the final period at the start and at the end, and the change
        "cohort": [
            _loss("greendale2012-ls-trans", 1, 2),
            _loss("greendale2012-ls-10y", 5, 5),
        ],
        "survey": [
            [first + 4.5, 100 * _survey(first) / _survey(41)] for first in SURVEY
        ],
        # years after the start, and the difference from placebo in percentage points;
        # drawn only where the start is at least `settled` years after the final period
        "trials": {
            "none": [],
            "raloxifene": [
                [
                    _years("delmas1997-ls-diff-rlx60", drug="raloxifene"),
                    held(
                        "delmas1997-ls-diff-rlx60",
                        dose_mg="60",
                        statistic="difference between arms",
                    ),
                ],
                [
                    _years(
                        "johnston2000-ls-bmd-rlx60", drug="raloxifene", dose_mg="60"
                    ),
                    held(
                        "derived-johnston2000-ls-bmd-diff60",
                        label="Spine density*raloxifene 60 mg minus placebo",
                        inputs="johnston2000-ls-bmd-rlx60 *",
                    ),
                ],
            ],
            "estrogen": [
                [
                    _years("pepi1996-ls-plac", drug="placebo"),
                    held(
                        "derived-pepi1996-ls-diff",
                        label="Spine density*active arms minus placebo*",
                        inputs="* pepi1996-ls-plac",
                    ),
                ]
            ],
        },
        "settled": 3,
    }


def _years(id, **says):
    """After how many years a trial measured what stands in a row."""
    return held(id, "months", **SPINE, **says) / 12


def _hyphens(name):
    return name.lower().replace("_", "-")


def _loss(id, before, after):
    """The change from some years before the final period to some years after it."""
    stage = f"{before} year*before to {after} year*after the final period"
    return [-before, after, held(id, **SPINE, stage=stage)]


def _survey(first):
    """Spine density of the women of ten years of age in the survey."""
    name = f"spine density of women of {first} to {first + 9}, US survey"
    return held(f"mp-rs-survey-{first - 1}s", name=name)


def _course(drug, name, start, years):
    """A preset: a drug from an age, for some years."""
    words = f"{name} for {WORDS[years]} years"
    settings = {"drug": drug, "menopause": 51, "start": start, "stop": start + years}
    return {words: settings}


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
    kinds = list(COLORS)
    legend = alt.Legend(orient="bottom", symbolSize=400, symbolStrokeWidth=3)
    curve = (
        alt.Chart(data("curve"))
        .mark_line(strokeWidth=3)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=kinds, range=list(COLORS.values())),
                legend=legend,
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
    shapes, fills = zip(*MARKS.values(), strict=True)
    points = (
        alt.Chart(data("points"))
        .mark_point(size=120, opacity=1, strokeWidth=2, stroke=style.INK)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape(
                "kind:N",
                scale=alt.Scale(domain=list(MARKS), range=shapes),
                legend=alt.Legend(orient="bottom"),
            ),
            fill=alt.Fill(
                "kind:N",
                scale=alt.Scale(domain=list(MARKS), range=fills),
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
        **_course("raloxifene", "Raloxifene", 56, 8),
        "Raloxifene and never stopping": {
            "drug": "raloxifene",
            "menopause": 51,
            "start": 56,
            "stop": 82,
        },
        **_course("estrogen", DRUGS["estrogen"].capitalize(), 52, 5),
        "Menopause at forty-five": {"menopause": 45},
    },
)
