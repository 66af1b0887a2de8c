"""Turn the key: estradiol, a SERM and the co-regulators of three tissues in the two-ligand receptor model (bonebook.receptor).

Every value is chosen to illustrate (table model_parameters, standing `chosen`); no drug's efficacy in a human tissue has been measured.
"""

import altair as alt

from bonebook import receptor, style
from explorables.kit import Explorable, Slider, data, number, stored

#: Tissue: name a reader sees.
TISSUES = {"bone": "Bone", "breast": "Breast", "womb": "Womb lining"}


def given():
    return {
        "tau_max": stored("mp-rec-tau-max"),
        "kappa_estradiol": stored("mp-rec-kappa-estradiol"),
        "local": stored("mp-rec-alpha-breast")
        - stored("mp-rec-alpha-post"),  # what breast tissue makes for itself
        "slope": stored("mp-rec-n"),
        "tissues": TISSUES,
    }


def answer(settings, given):
    """`estradiol`: in units of its own dissociation constant; `dose`: the SERM in units of its own; `kappa`: its preference for co-activators;
    `bone`, `breast`, `womb`: co-activators to co-repressors in each tissue."""
    ends, words, numbers = [], [], []
    for tissue, name in given["tissues"].items():
        alpha = settings["estradiol"] + (given["local"] if tissue == "breast" else 0)
        tau_a, tau_b = (
            float(receptor.tissue_efficacy(kappa, settings[tissue], given["tau_max"]))
            for kappa in (given["kappa_estradiol"], settings["kappa"])
        )
        before, after = (
            100 * float(receptor.response(alpha, dose, tau_a, tau_b, given["slope"]))
            for dose in (0, settings["dose"])
        )
        ends.append(
            {
                "tissue": name,
                "before": before,
                "after": after,
                "kind": "up"
                if after > before
                else "down"
                if after < before
                else "same",
            }
        )
        words.append(
            {"tissue": name, "x": max(before, after), "label": _sign(after - before)}
        )
        numbers += [
            number(f"{name}: estradiol alone", before, "% of maximum", 1),
            number(f"{name}: with the SERM", after, "% of maximum", 1),
            number(
                f"{name}: estradiol at which the sign turns",
                float(receptor.switch_point(tau_a, tau_b)),
                "",
                3,
            ),
        ]
    return {"rows": {"ends": ends, "words": words}, "numbers": numbers}


def _sign(change):
    return "hardly" if abs(change) < 1 else "up" if change > 0 else "down"


def chart():
    y = alt.Y(
        "tissue:N",
        sort=list(TISSUES.values()),
        title=None,
        axis=alt.Axis(domain=False, ticks=False, minExtent=90),
    )
    x = alt.X(
        "before:Q",
        title="estrogen-like signal, % of maximum",
        scale=alt.Scale(domain=[0, 100], nice=False),
        axis=alt.Axis(tickCount=5),
    )
    color = alt.Color(
        "kind:N",
        legend=None,
        scale=alt.Scale(
            domain=["up", "down", "same"],
            range=[style.PAGE["blue"][0], style.HIGHLIGHT, style.AXIS],
        ),
    )
    ends = alt.Chart(data("ends"))
    line = ends.mark_rule(strokeWidth=5).encode(x=x, x2="after:Q", y=y, color=color)
    start = ends.mark_point(
        filled=False,
        size=170,
        strokeWidth=2.5,
        stroke=style.INK,
        fill=style.PAPER,
        opacity=1,
    ).encode(x=x, y=y)
    stop = ends.mark_point(filled=True, size=230, opacity=1).encode(
        x=alt.X("after:Q"), y=y, color=color
    )
    word = (
        alt.Chart(data("words"))
        .mark_text(align="left", dx=14)
        .encode(x=alt.X("x:Q"), y=y, text="label:N")
    )
    return (line + start + stop + word).properties(height=210)


_POST, _PRE = stored("mp-rec-alpha-post"), stored("mp-rec-alpha-pre")
_TAMOXIFEN, _RALOXIFENE, _DOSE = (
    stored("mp-rec-kappa-tamoxifen"),
    stored("mp-rec-kappa-raloxifene"),
    stored("mp-rec-beta"),
)

EXPLORABLE = Explorable(
    "turn-the-key",
    "Turn the key",
    [
        Slider(
            "estradiol",
            "Estradiol",
            2**-6,
            2**6,
            0.25,
            _POST,
            "",
            2,
            log=True,
            help="1 means enough to hold half of the receptors.",
        ),
        Slider(
            "dose",
            "Dose of the SERM",
            0,
            100,
            1,
            _DOSE,
            "",
            0,
            help="1 means enough to hold half of the receptors; 0 is no drug.",
        ),
        Slider(
            "kappa",
            "How readily the SERM calls in co-activators",
            0,
            2,
            0.01,
            _RALOXIFENE,
            "",
            2,
            help="0 is a pure blocker. Estradiol stands at 100.",
        ),
        Slider(
            "bone",
            "Co-activators to co-repressors in bone",
            2**-6,
            2**2,
            0.25,
            stored("mp-rec-c-bone"),
            "",
            2,
            log=True,
        ),
        Slider(
            "breast",
            "The same in the breast",
            2**-6,
            2**2,
            0.25,
            stored("mp-rec-c-breast"),
            "",
            2,
            log=True,
        ),
        Slider(
            "womb",
            "The same in the womb lining",
            2**-6,
            2**2,
            0.25,
            stored("mp-rec-c-womb"),
            "",
            2,
            log=True,
        ),
    ],
    given,
    answer,
    chart,
    {
        "Before menopause": {"estradiol": _PRE},
        "After menopause": {"estradiol": _POST},
        "Tamoxifen": {"kappa": _TAMOXIFEN, "dose": _DOSE},
        "Raloxifene": {"kappa": _RALOXIFENE, "dose": _DOSE},
        "A pure blocker": {"kappa": 0.0, "dose": _DOSE},
        "No drug": {"dose": 0.0},
    },
)
