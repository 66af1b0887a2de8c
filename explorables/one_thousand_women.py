"""One thousand women: published relative effects of raloxifene at baseline risks that the reader sets, over five years.

Risk with the drug from baseline risk and ratio: bonebook.effects.from_ratio. The interval carries the ratio's uncertainty only.
"""

import altair as alt

from bonebook import effects, style
from explorables.kit import Choice, Explorable, Slider, data, number, squares, stored
from press import facts

#: Trial: {outcome of the sliders: row of data/outcomes.csv}.
TRIALS = {
    "ruth": {
        "fracture": "ruth2006-clinvfx-hr",
        "breast": "ruth2006-invbc-hr",
        "clot": "ruth2006-vte-hr",
        "stroke": "ruth2006-fatalstroke-hr",
    },
    "more": {
        "fracture": "delmas2002-vfx-rr-rlx60",
        "breast": "nci2013evista-fda2007-more-invbc-hr",
        "clot": "fda2018evista-label-vte-hr-more",
        "stroke": None,
    },
}
OUTCOMES = {
    "fracture": ("Spine fracture", "benefit"),
    "breast": ("Invasive breast cancer", "benefit"),
    "clot": ("Clot in a vein or lung", "harm"),
    "stroke": ("Death from stroke", "harm"),
}


def given():
    def ratio(id):
        if id is None:
            return None
        row = facts.fact(id).row
        return {
            "ratio": float(row["value"]),
            "low": float(row["ci_low"]),
            "high": float(row["ci_high"]),
            "measure": row["measure"],
        }

    return {
        "trials": {
            trial: {outcome: ratio(id) for outcome, id in rows.items()}
            for trial, rows in TRIALS.items()
        },
        "outcomes": {
            key: {"name": name, "side": side} for key, (name, side) in OUTCOMES.items()
        },
    }


def answer(settings, given):
    """`trial`; `fracture`, `breast`, `clot`, `stroke`: women in 1,000 without the drug in five years."""
    panels, words, numbers = [], [], []
    for place, (key, about) in enumerate(given["outcomes"].items()):
        before = settings[key]
        effect = given["trials"][settings["trial"]][key]
        words.append({"y": place, "label": about["name"]})
        panels += _panel(place, "without", before, before, about["side"])
        numbers.append(
            number(f"{about['name']}, without the drug", before, "of 1,000", 1)
        )
        if effect is None:
            words.append({"y": place, "label": "", "none": "no figure from this trial"})
            continue
        pair = effects.from_ratio(
            before / 1000,
            effect["ratio"],
            effect["low"],
            effect["high"],
            effect["measure"],
        )
        after = pair.treated
        panels += _panel(place, "with", after.value, after.ci_high, about["side"])
        numbers += [
            number(f"{about['name']}, with the drug", after.value, "of 1,000", 1),
            number(f"{about['name']}, lower end", after.ci_low, "of 1,000", 1),
            number(f"{about['name']}, upper end", after.ci_high, "of 1,000", 1),
        ]
    return {"rows": {"panels": panels, "words": words}, "numbers": numbers}


def _panel(place, side, sure, most, kind):
    every = {"y": place, "x": side}
    return [
        every | {"path": squares(most, 1000), "kind": "neither"},
        every | {"path": squares(sure, most), "kind": "perhaps"},
        every | {"path": squares(0, sure), "kind": kind},
    ]


def chart():
    kinds = ["benefit", "harm", "perhaps", "neither"]
    y = alt.Y(
        "y:Q", scale=alt.Scale(domain=[-0.62, 3.4], reverse=True, nice=False), axis=None
    )
    x = alt.X(
        "x:N",
        scale=alt.Scale(domain=["without", "with"], paddingInner=0.06, paddingOuter=0),
        title=None,
        axis=alt.Axis(
            orient="top",
            labelAngle=0,
            domain=False,
            ticks=False,
            labelExpr="datum.value == 'with' ? 'with raloxifene' : 'without'",
        ),
    )
    boxes = (
        alt.Chart(data("panels"))
        .mark_point(
            filled=True, opacity=1, strokeWidth=0, size={"expr": "pow(0.47 * width, 2)"}
        )
        .encode(
            x=x,
            y=y,
            shape=alt.Shape("path:N", scale=None),
            color=alt.Color(
                "kind:N",
                legend=None,
                scale=alt.Scale(
                    domain=kinds,
                    range=[style.BENEFIT, style.HARM, style.AXIS, style.GRID],
                ),
            ),
        )
    )
    words = (
        alt.Chart(data("words"))
        .mark_text(
            align="left",
            baseline="bottom",
            fontWeight="bold",
            x=0,
            dy={"expr": "-0.0955 * width - 3"},
        )
        .encode(y=y, text="label:N")
    )
    none = (
        alt.Chart(data("words"))
        .transform_filter("datum.none")
        .mark_text(align="center", x={"expr": "0.765 * width"})
        .encode(y=y, text="none:N")
    )
    return boxes + words + none


def _baseline(id):
    return round(stored(id), 1)


_RUTH = {
    "fracture": _baseline("derived-ruth2006-5y-clinvfx-plac"),
    "breast": _baseline("derived-ruth2006-5y-invbc-plac"),
    "clot": _baseline("derived-ruth2006-5y-vte-plac"),
    "stroke": _baseline("derived-ruth2006-5y-fatalstroke-plac"),
}

EXPLORABLE = Explorable(
    "one-thousand-women",
    "One thousand women, five years",
    [
        Choice(
            "trial",
            "Relative effects from",
            {
                "ruth": "RUTH: women with heart disease or at risk of it",
                "more": "MORE: women with osteoporosis",
            },
            "ruth",
            help="RUTH counts spine fractures that were noticed; MORE counts those seen on film, noticed or not.",
        ),
        Slider(
            "fracture",
            "Spine fracture",
            0,
            250,
            0.1,
            _RUTH["fracture"],
            "of 1,000 without it",
            1,
        ),
        Slider(
            "breast",
            "Invasive breast cancer",
            0,
            100,
            0.1,
            _RUTH["breast"],
            "of 1,000 without it",
            1,
        ),
        Slider(
            "clot",
            "Clot in a vein or lung",
            0,
            100,
            0.1,
            _RUTH["clot"],
            "of 1,000 without it",
            1,
        ),
        Slider(
            "stroke",
            "Death from stroke",
            0,
            50,
            0.1,
            _RUTH["stroke"],
            "of 1,000 without it",
            1,
        ),
    ],
    given,
    answer,
    chart,
    {
        "Risks of the women in RUTH": {"trial": "ruth", **_RUTH},
        "Twice their risk of clots and stroke": {
            "clot": round(2 * _RUTH["clot"], 1),
            "stroke": round(2 * _RUTH["stroke"], 1),
        },
    },
    height=(110, 0.77),
)
