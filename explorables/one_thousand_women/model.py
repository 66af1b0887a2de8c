"""One thousand women: what published ratios of raloxifene make of a risk, in five years.

The reader sets the risk without the drug. Risk with it: bonebook.effects.from_ratio. The
interval carries the ratio's uncertainty only.
"""

import math
from functools import lru_cache

import altair as alt

from bonebook import effects, style
from bonebook.tables import row
from explorables.kit import Choice, Explorable, Number, Slider, data, held

#: {trial: {outcome: its row of data/outcomes.csv, or None where it has none}}.
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
    "fracture": {"name": "Spine fracture"},
    "breast": {"name": "Invasive breast cancer"},
    "clot": {"name": "Clot in a vein or lung"},
    "stroke": {"name": "Death from stroke"},
}
#: What the rows say of the women of a trial and of the events that it counted.
WOMEN = {
    "ruth": "women with or at raised risk of coronary heart disease",
    "more": "women with osteoporosis*",
}
EVENTS = {
    "breast": "invasive breast cancer",
    "clot": "venous thromboembolism",
    "stroke": "fatal stroke",
}
FRACTURES = {
    "ruth": "vertebral fracture (clinical)",
    "more": "vertebral fracture (radiographic)",
}
#: The colors of the squares.
COLORS = {
    "benefit": style.BENEFIT,
    "harm": style.HARM,
    "perhaps": style.AXIS,
    "neither": style.GRID,
}


def given():
    trials = {
        trial: {
            outcome: _ratio(id, trial, _event(trial, outcome)) if id else None
            for outcome, id in ids.items()
        }
        for trial, ids in TRIALS.items()
    }
    outcomes = {
        outcome: {**about, "side": _side([trials[trial][outcome] for trial in TRIALS])}
        for outcome, about in OUTCOMES.items()
    }
    return {"outcomes": outcomes, "trials": trials}


def _event(trial, outcome):
    """What a row says of an outcome."""
    return FRACTURES[trial] if outcome == "fracture" else EVENTS[outcome]


def _ratio(id, trial, event):
    """The ratio of a row of these women and this event, with its interval."""
    ratio = held(
        id,
        drug="raloxifene",
        dose_mg="60",
        comparator="placebo",
        population=WOMEN[trial],
        outcome=event,
        unit="ratio",
    )
    return {
        "ratio": ratio,
        "low": held(id, "ci_low"),
        "high": held(id, "ci_high"),
        "measure": row(id)["measure"],
    }


def _side(ratios):
    """Whether the trials find less or more of an outcome; ValueError if they differ."""
    (side,) = {"benefit" if found["ratio"] < 1 else "harm" for found in ratios if found}
    return side


def answer(settings, given):
    """`trial`; by outcome: women in 1,000 who have it in five years without the drug."""
    rows = {"panels": [], "words": [], "none": []}
    numbers, say = {}, ["start"]
    for y, (outcome, about) in enumerate(given["outcomes"].items()):
        before = settings[outcome]
        effect = given["trials"][settings["trial"]][outcome]
        rows["words"].append({"y": y, "label": about["name"]})
        rows["panels"] += _panel(y, "without", before, before, about["side"])
        numbers[f"{outcome}-without"] = before
        if effect is None:
            rows["none"].append({"y": y})
            numbers |= {f"{outcome}-{end}": None for end in ("with", "low", "high")}
            say.append(f"{outcome}-none")
            continue
        after = effects.from_ratio(
            before / 1000,
            effect["ratio"],
            effect["low"],
            effect["high"],
            effect["measure"],
        ).treated
        rows["panels"] += _panel(y, "with", after.value, after.ci_high, about["side"])
        numbers |= {
            f"{outcome}-with": after.value,
            f"{outcome}-low": after.ci_low,
            f"{outcome}-high": after.ci_high,
        }
        say.append(outcome)
    return {"rows": rows, "numbers": numbers, "say": say}


def _panel(y, x, sure, most, kind):
    """One array of 1,000 squares, as three paths of one color each."""
    return [
        {"y": y, "x": x, "path": squares(most, 1000), "kind": "neither"},
        {"y": y, "x": x, "path": squares(sure, most), "kind": "perhaps"},
        {"y": y, "x": x, "path": squares(0, sure), "kind": kind},
    ]


def squares(first, last, columns=50):
    """SVG path of the squares number `first` to `last` (0 to 1,000) of an icon array.

    A part of a square is drawn as a part. Rows fill from the top, from the left. The
    array is two units wide and 40 / columns units high, around the origin.
    """
    parts = (
        square(place, max(first - place, 0), min(last - place, 1), columns)
        for place in range(math.floor(first), math.ceil(last))
    )
    return "".join(parts) or "M0,0z"


@lru_cache(maxsize=4096)  # nearly all are whole, and drawn again at each setting
def square(place, low, high, columns):
    """SVG path of one square of the array, from `low` to `high` (0 to 1) of its width."""
    side = 2 / columns
    gap = 0.16 * side
    edge = side - gap
    line, column = divmod(place, columns)
    x = -1 + column * side + gap / 2 + low * edge
    y = -1000 / columns * side / 2 + line * side + gap / 2
    width = (high - low) * edge
    return f"M{x:.4f},{y:.4f}h{width:.4f}v{edge:.4f}h{-width:.4f}z"


def chart():
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
                scale=alt.Scale(domain=list(COLORS), range=list(COLORS.values())),
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
        alt.Chart(data("none"))
        .mark_text(align="center", x={"expr": "0.765 * width"})
        .encode(y=y, text=alt.value("no figure from this trial"))
    )
    return boxes + words + none


def _numbers(outcome, name):
    return [
        Number(f"{outcome}-without", f"{name}, without the drug", "of 1,000", 1),
        Number(f"{outcome}-with", f"{name}, with the drug", "of 1,000", 1),
        Number(f"{outcome}-low", f"{name}, lower end", "of 1,000", 1),
        Number(f"{outcome}-high", f"{name}, upper end", "of 1,000", 1),
    ]


def _sentences(outcome, name):
    without = f"{name}: {{{outcome}-without}} without"
    after = f"{{{outcome}-with}} with (from {{{outcome}-low}} to {{{outcome}-high}})"
    texts = {outcome: f"{without}, {after}."}
    if not all(ids[outcome] for ids in TRIALS.values()):
        texts[f"{outcome}-none"] = f"{without}; no figure from this trial with it."
    return texts


#: Highest risk that a slider offers, of 1,000.
HIGHEST = {"fracture": 250, "breast": 100, "clot": 100, "stroke": 50}
#: Risks on placebo in RUTH: {outcome: its row of data/derived.csv}.
PLACEBO = {
    "fracture": "derived-ruth2006-5y-clinvfx-plac",
    "breast": "derived-ruth2006-5y-invbc-plac",
    "clot": "derived-ruth2006-5y-vte-plac",
    "stroke": "derived-ruth2006-5y-fatalstroke-plac",
}


def _risk(outcome):
    """Of 1,000 women on placebo in RUTH, how many have it in five years."""
    id = PLACEBO[outcome]
    held(row(id)["inputs"], drug="placebo", outcome=_event("ruth", outcome))
    risk = held(id, method="risk_over_years", years="5", unit="per 1,000 women")
    return round(risk, 1)


RUTH = {outcome: _risk(outcome) for outcome in OUTCOMES}

EXPLORABLE = Explorable(
    name="one-thousand-women",
    title="One thousand women, five years",
    controls=[
        Choice(
            "trial",
            "Relative effects from",
            {
                "ruth": "RUTH: women with heart disease or at risk of it",
                "more": "MORE: women with osteoporosis",
            },
            "ruth",
            help="RUTH counts spine fractures that were noticed; MORE counts those seen "
            "on film, noticed or not.",
        ),
        *(
            Slider(
                outcome,
                about["name"],
                0,
                HIGHEST[outcome],
                0.1,
                RUTH[outcome],
                "of 1,000 without it",
                1,
            )
            for outcome, about in OUTCOMES.items()
        ),
    ],
    numbers=[
        line
        for outcome, about in OUTCOMES.items()
        for line in _numbers(outcome, about["name"])
    ],
    sentences={
        "start": "Out of 1,000 women in five years, without and with raloxifene.",
        **{
            key: text
            for outcome, about in OUTCOMES.items()
            for key, text in _sentences(outcome, about["name"]).items()
        },
    },
    given=given,
    answer=answer,
    chart=chart,
    presets={
        "Risks of the women in RUTH": {"trial": "ruth", **RUTH},
        "Twice their risk of clots and stroke": {
            "clot": round(2 * RUTH["clot"], 1),
            "stroke": round(2 * RUTH["stroke"], 1),
        },
    },
    height=(110, 0.77),
)
