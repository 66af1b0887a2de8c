"""Turn the key: estradiol, a SERM and the co-regulators of three tissues.

The two-ligand receptor model (bonebook.receptor). Every value is chosen to illustrate
(table model_parameters, standing `chosen`); no drug's efficacy in a human tissue has
been measured.
"""

import math

import altair as alt

from bonebook import receptor, style
from explorables.kit import Explorable, Number, Slider, View, data, held

TISSUES = {"bone": "Bone", "breast": "Breast", "womb": "Womb lining"}
HARDLY = 1  # % of the maximum: a change below it is called none
COLORS = {
    "up": style.PAGE["blue"][0],
    "down": style.HIGHLIGHT,
    "same": style.AXIS,
}
ALPHA_PRE = held("mp-rec-alpha-pre", name="scaled estradiol before menopause")
ALPHA_POST = held("mp-rec-alpha-post", name="scaled estradiol after menopause")
ALPHA_BREAST = held("mp-rec-alpha-breast", name="scaled estradiol in the breast*")
DOSE = held("mp-rec-beta", symbol="β")
#: Preference for co-activators, by ligand.
KAPPA = {
    ligand: held(f"mp-rec-kappa-{ligand}", name=f"preference*with {ligand}")
    for ligand in ("estradiol", "tamoxifen", "raloxifene", "fulvestrant")
}


def given():
    return {
        "tau_max": held("mp-rec-tau-max", symbol="τ_max"),
        "kappa_estradiol": KAPPA["estradiol"],
        "slope": held("mp-rec-n", symbol="n"),
        "hardly": HARDLY,
        "tissues": TISSUES,
        # what a tissue makes for itself
        "supply": {
            "bone": 0,
            "breast": ALPHA_BREAST - ALPHA_POST,
            "womb": 0,
        },
    }


def answer(settings, given):
    """What estradiol does in each tissue, alone and with the SERM.

    `estradiol`, `dose`: each in units of its own dissociation constant; `kappa`: the
    SERM's preference for co-activators (at that of estradiol, the dose is of estradiol,
    which is then the key that is added); `bone`, `breast`, `womb`: co-activators to
    co-repressors in the tissue.
    """
    ends, words, numbers, say = [], [], {}, []
    for tissue, name in given["tissues"].items():
        alpha = settings["estradiol"] + given["supply"][tissue]
        tau_a, tau_b = (
            float(receptor.tissue_efficacy(kappa, settings[tissue], given["tau_max"]))
            for kappa in (given["kappa_estradiol"], settings["kappa"])
        )
        before, after = (
            100 * float(receptor.response(alpha, dose, tau_a, tau_b, given["slope"]))
            for dose in (0, settings["dose"])
        )
        way = "up" if after > before else "down" if after < before else "same"
        label = "hardly" if abs(after - before) < given["hardly"] else way
        ends.append({"tissue": name, "before": before, "after": after, "kind": way})
        words.append({"tissue": name, "x": max(before, after), "label": label})
        switch = float(receptor.switch_point(tau_a, tau_b))
        numbers |= {
            f"{tissue}-before": before,
            f"{tissue}-after": after,
            # none for a key that is estradiol itself
            f"{tissue}-switch": switch if math.isfinite(switch) else None,
        }
        say.append(f"{tissue}-{label}")
    added = "estradiol" if settings["kappa"] == given["kappa_estradiol"] else "drug"
    return {
        "rows": {"ends": ends, "words": words},
        "numbers": numbers,
        "say": [added, *say] if settings["dose"] > 0 else ["no-drug"],
    }


def two_keys():
    """Bone and breast only, on a scale of words: every value is chosen."""
    words = alt.Axis(
        values=[0, 100],
        labelExpr="datum.value ? 'strong' : 'weak'",
        titleAnchor="end",
        grid=False,
        ticks=False,
    )
    drawing = chart("how strong the message of estrogen is", words, ["bone", "breast"])
    return drawing.properties(height=120)


def chart(title="estrogen-like signal, % of maximum", axis=None, tissues=None):
    y = alt.Y(
        "tissue:N",
        sort=list(TISSUES.values()),
        title=None,
        axis=alt.Axis(domain=False, ticks=False, minExtent=90),
    )
    x = alt.X(
        "before:Q",
        title=title,
        scale=alt.Scale(domain=[0, 100], nice=False),
        # a phone cuts nothing off
        axis=axis or alt.Axis(tickCount=5, titleAnchor="end"),
    )
    color = alt.Color(
        "kind:N",
        legend=None,
        scale=alt.Scale(domain=list(COLORS), range=list(COLORS.values())),
    )
    ends, words = (
        _only(alt.Chart(data(name)), tissues) if tissues else alt.Chart(data(name))
        for name in ("ends", "words")
    )
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
    word = words.mark_text(align="left", dx=14).encode(
        x=alt.X("x:Q"), y=y, text="label:N"
    )
    return (line + start + stop + word).properties(height=210)


def _only(drawing, tissues):
    """The same, of some of the tissues."""
    names = [TISSUES[tissue] for tissue in tissues]
    return drawing.transform_filter(alt.FieldOneOfPredicate("tissue", names))


def _numbers(tissue, name):
    return [
        Number(f"{tissue}-before", f"{name}: estradiol alone", "% of maximum", 1),
        Number(f"{tissue}-after", f"{name}: with the SERM", "% of maximum", 1),
        Number(
            f"{tissue}-switch",
            f"{name}: estradiol at which the sign turns",
            digits=3,
        ),
    ]


def _sentences(tissue, name):
    ends = f"from {{{tissue}-before}} to {{{tissue}-after}}"
    return {
        f"{tissue}-up": f"{name}: up, estrogen-like, {ends}.",
        f"{tissue}-down": f"{name}: down, blocking, {ends}.",
        f"{tissue}-hardly": f"{name}: hardly at all, {ends}.",
    }


def _balance(tissue, label):
    """The slider of co-activators to co-repressors in one tissue."""
    place = TISSUES[tissue].lower()
    stands = held(f"mp-rec-c-{tissue}", name=f"co-activators to*in*{place}")
    return Slider(tissue, label, 2**-6, 2**2, 0.25, stands, digits=2, log=True)


EXPLORABLE = Explorable(
    name="turn-the-key",
    title="Turn the key",
    controls=[
        Slider(
            "estradiol",
            "Estradiol",
            2**-6,
            2**6,
            0.25,
            ALPHA_POST,
            digits=2,
            log=True,
            help="1 means enough to hold half of the receptors.",
        ),
        Slider(
            "dose",
            "Dose of the SERM",
            0,
            100,
            1,
            DOSE,
            help="1 means enough to hold half of the receptors; 0 is no drug.",
        ),
        Slider(
            "kappa",
            "How readily the SERM calls in co-activators",
            0,
            2,
            0.01,
            KAPPA["raloxifene"],
            digits=2,
            help=f"{KAPPA['fulvestrant']:g} is a pure blocker. Estradiol stands at "
            f"{KAPPA['estradiol']:g}.",
        ),
        _balance("bone", "Co-activators to co-repressors in bone"),
        _balance("breast", "The same in the breast"),
        _balance("womb", "The same in the womb lining"),
    ],
    numbers=[line for tissue in TISSUES.items() for line in _numbers(*tissue)],
    sentences={
        "no-drug": "No drug. Signal in % of the most a tissue can give: bone "
        "{bone-before}, breast {breast-before}, womb lining {womb-before}.",
        "drug": "Signal in % of the most a tissue can give, without the drug and with "
        "it.",
        "estradiol": "Signal in % of the most a tissue can give, without more "
        "estradiol and with it.",
        **{
            key: text
            for tissue in TISSUES.items()
            for key, text in _sentences(*tissue).items()
        },
    },
    given=given,
    answer=answer,
    chart=chart,
    presets={
        "Before menopause": {"estradiol": ALPHA_PRE},
        "After menopause": {"estradiol": ALPHA_POST},
        **{
            drug.capitalize(): {"kappa": KAPPA[drug], "dose": DOSE}
            for drug in ("tamoxifen", "raloxifene")
        },
        "A pure blocker": {"kappa": KAPPA["fulvestrant"], "dose": DOSE},
        "No drug": {"dose": 0.0},
    },
    views={
        "two-keys": View(
            presets={
                # as much as there was before menopause
                "Estrogen": {
                    "kappa": KAPPA["estradiol"],
                    "dose": ALPHA_PRE - ALPHA_POST,
                },
                "Raloxifene": {"kappa": KAPPA["raloxifene"], "dose": DOSE},
            },
            opens="Raloxifene",
            sentences={
                "estradiol": "Estrogen turns the message",
                "drug": "Raloxifene turns the message",
                "bone-up": "up in bone",
                "bone-down": "down in bone",
                "bone-hardly": "hardly at all in bone",
                "breast-up": "and up in the breast.",
                "breast-down": "and down in the breast.",
                "breast-hardly": "and hardly at all in the breast.",
                "womb-up": "",
                "womb-down": "",
                "womb-hardly": "",
            },
            chart=two_keys,
        )
    },
)
