"""How sure is a scan? The error of two DXA scans against the change they should show.

The measured change is taken as normal around the true change, with a standard deviation
of sqrt(2) times the precision error. Source: ISCD Official Positions (least significant
change), as in bonebook.effects.least_significant_change.
"""

from statistics import NormalDist

import altair as alt

from bonebook import effects, style
from bonebook.tables import row, value
from explorables.kit import WORDS, Explorable, Number, Slider, data, held

SPAN, POINTS = 12, 241  # the curve: from -SPAN to SPAN %, and in how many points
ZONES = {
    "loss": "a loss shows",
    "inside": "inside the error",
    "gain": "a gain shows",
}
COLORS = {"loss": style.HARM, "inside": style.AXIS, "gain": style.BENEFIT}
SPINE = {"site": "lumbar spine", "unit": "%"}


def _average(id):
    """A preset: the mean change in one arm, under a name made of its row."""
    change = held(id, **SPINE, statistic="mean change", comparator="baseline")
    years = WORDS[int(value(id, "months") / 12)]
    return {f"Average after {years} years of {row(id)['drug']}": {"change": change}}


def given():
    return {
        "span": SPAN,
        "points": POINTS,
        "zones": ZONES,
        # the least significant change at an error of 1 %; it grows with the error
        "least": effects.least_significant_change(1),
    }


def answer(settings, given):
    """`precision`: error of one scan in %; `change`: true change in %."""
    change, limit = settings["change"], given["least"] * settings["precision"]
    seen = NormalDist(change, 2**0.5 * settings["precision"])
    loss, gain = seen.cdf(-limit), 1 - seen.cdf(limit)
    wrong = 0 if change == 0 else NormalDist(abs(change), seen.stdev).cdf(0)
    curve = []
    for point in range(given["points"]):
        x = given["span"] * (2 * point / (given["points"] - 1) - 1)
        zone = "gain" if x > limit else "loss" if x < -limit else "inside"
        curve.append({"x": x, "y": seen.pdf(x), "zone": given["zones"][zone]})
    return {
        "rows": {
            "curve": curve,
            "marks": [{"x": change}],
            "limits": [{"x": -limit}, {"x": limit}],
        },
        "numbers": {
            "limit": limit,
            "gain": 1000 * gain,
            "loss": 1000 * loss,
            "inside": 1000 * (1 - gain - loss),
            "wrong": 1000 * wrong,
        },
        "say": ["limit", "no-change"] if change == 0 else ["limit", "change"],
    }


def chart():
    zones = list(ZONES.values())
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
                scale=alt.Scale(domain=zones, range=[COLORS[zone] for zone in ZONES]),
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
    marks = alt.Chart(data("marks"))
    true = marks.mark_rule(color=style.INK, strokeWidth=2.5).encode(x="x:Q")
    word = marks.mark_text(align="center", dy=-6, baseline="bottom").encode(
        x="x:Q", y=alt.value(0), text=alt.value("true change")
    )
    return (area + edge + true + word).properties(height=220)


EXPLORABLE = Explorable(
    name="sure-scan",
    title="How sure is a scan?",
    controls=[
        Slider(
            "precision",
            "Error of one scan",
            0.5,
            3,
            0.01,
            held(
                "wilson-dxa-precision-wilson-ls-cv",
                **SPINE,
                quantity="precision error (CV), mean of*",
            ),
            "%",
            2,
            help="How far repeated scans of the same bone scatter (the precision error "
            "of the clinic).",
        ),
        Slider(
            "change",
            "True change of the bone",
            -8,
            8,
            0.01,
            held("johnston2000-ls-bmd-rlx60", **SPINE, drug="raloxifene"),
            "%",
            2,
            help="What a perfect scanner would find between the two visits.",
        ),
    ],
    numbers=[
        Number("limit", "Least significant change", "%", 1),
        Number("gain", "Pairs of scans that show a gain beyond the error", "of 1,000"),
        Number("loss", "Pairs that show a loss beyond the error", "of 1,000"),
        Number("inside", "Pairs that stay inside the error", "of 1,000"),
        Number("wrong", "Pairs whose sign is the wrong one, by any amount", "of 1,000"),
    ],
    sentences={
        "limit": "With an error of {precision} % a scan, two scans must differ by "
        "{limit} % before the difference counts.",
        "no-change": "The bone did not change: of 1,000 such pairs of scans {gain} show "
        "a gain and {loss} a loss beyond the error.",
        "change": "The true change is {change} %: of 1,000 such pairs of scans {gain} "
        "show a gain and {loss} a loss beyond the error. {wrong} point the wrong way, "
        "by any amount.",
    },
    given=given,
    answer=answer,
    chart=chart,
    presets={
        **_average("johnston2000-ls-bmd-rlx60"),
        **_average("johnston2000-ls-bmd-plac"),
        "No change at all": {"change": 0.0},
        "Best case: one day, one research unit": {
            "precision": held("white2003-ls-cv", **SPINE, quantity="*on one day")
        },
        "Everyday practice": {
            "precision": held(
                "elmaghraoui2005-ls-cv", **SPINE, quantity="*everyday practice"
            )
        },
    },
)
