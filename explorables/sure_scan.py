"""How sure is a scan? Measurement error of two DXA scans against the change they are meant to show.

The measured change is taken as normal around the true change, with a standard deviation of sqrt(2) times the precision
error. Source: ISCD Official Positions (least significant change), as in bonebook.effects.least_significant_change.
"""

from statistics import NormalDist

import altair as alt

from bonebook import effects, style
from explorables.kit import Explorable, Slider, data, number, stored

SPAN, POINTS = 12, 241


def given():
    return {}


def answer(settings, given):
    """`precision`: error of one scan in %; `change`: true change in %."""
    precision, change = settings["precision"], settings["change"]
    limit = effects.least_significant_change(precision)
    seen = NormalDist(change, 2**0.5 * precision)
    gain, loss = 1 - seen.cdf(limit), seen.cdf(-limit)
    wrong = 0 if change == 0 else seen.cdf(0) if change > 0 else 1 - seen.cdf(0)
    curve = []
    for step in range(POINTS):
        x = -SPAN + 2 * SPAN * step / (POINTS - 1)
        zone = (
            "a gain shows"
            if x > limit
            else "a loss shows"
            if x < -limit
            else "inside the error"
        )
        curve.append({"x": x, "y": seen.pdf(x), "zone": zone})
    marks = [{"x": change, "label": "true change"}]
    limits = [{"x": -limit}, {"x": limit}]
    return {
        "rows": {"curve": curve, "marks": marks, "limits": limits},
        "numbers": [
            number("Least significant change", limit, "%", 1),
            number(
                "Pairs of scans that show a gain beyond the error",
                1000 * gain,
                "of 1,000",
            ),
            number("Pairs that show a loss beyond the error", 1000 * loss, "of 1,000"),
            number(
                "Pairs that stay inside the error", 1000 * (1 - gain - loss), "of 1,000"
            ),
            number(
                "Pairs whose sign is the wrong one, by any amount",
                1000 * wrong,
                "of 1,000",
            ),
        ],
    }


def chart():
    zones = ["a loss shows", "inside the error", "a gain shows"]
    x = alt.X(
        "x:Q",
        title="change that two scans show, %",
        scale=alt.Scale(domain=[-SPAN, SPAN], nice=False),
        axis=alt.Axis(tickCount=9, grid=False),
    )
    area = (
        alt.Chart(data("curve"))
        .mark_bar(width={"expr": f"width / {POINTS - 1} + 0.6"})
        .encode(
            x=x,
            y=alt.Y("y:Q", axis=None),
            color=alt.Color(
                "zone:N",
                scale=alt.Scale(
                    domain=zones, range=[style.HARM, style.AXIS, style.BENEFIT]
                ),
                sort=zones,
                legend=alt.Legend(orient="bottom", columns=2),
            ),
        )
    )
    edge = (
        alt.Chart(data("limits"))
        .mark_rule(color=style.INK, strokeDash=[5, 4])
        .encode(x="x:Q")
    )
    true = (
        alt.Chart(data("marks"))
        .mark_rule(color=style.INK, strokeWidth=2.5)
        .encode(x="x:Q")
    )
    word = (
        alt.Chart(data("marks"))
        .mark_text(align="center", dy=-6, baseline="bottom")
        .encode(x="x:Q", y=alt.value(0), text="label:N")
    )
    return (area + edge + true + word).properties(height=220)


EXPLORABLE = Explorable(
    "sure-scan",
    "How sure is a scan?",
    [
        Slider(
            "precision",
            "Error of one scan",
            0.5,
            3,
            0.01,
            stored("wilson-dxa-precision-wilson-ls-cv"),
            "%",
            2,
            help="How far repeated scans of the same bone scatter (the precision error of the clinic).",
        ),
        Slider(
            "change",
            "True change of the bone",
            -8,
            8,
            0.01,
            stored("johnston2000-ls-bmd-rlx60"),
            "%",
            2,
            help="What a perfect scanner would find between the two visits.",
        ),
    ],
    given,
    answer,
    chart,
    {
        "Average after three years of raloxifene": {
            "change": stored("johnston2000-ls-bmd-rlx60")
        },
        "Average after three years of placebo": {
            "change": stored("johnston2000-ls-bmd-plac")
        },
        "No change at all": {"change": 0.0},
        "Best case: one day, one research unit": {
            "precision": stored("white2003-ls-cv")
        },
        "Everyday practice": {"precision": stored("elmaghraoui2005-ls-cv")},
    },
)
