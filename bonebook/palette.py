"""The colors, shapes and hatches of the book: plain values, so that a page is colored without loading Matplotlib.

A cell finds them all in `bonebook.style`. Colors start from the Okabe-Ito palette; they were then moved, hue by hue, until drugs
that share a figure stay apart for readers with red-green color blindness and every color has a contrast of 3 to 1 on the page,
light or dark (tests/test_style.py measures both).
"""

from functools import lru_cache

import numpy as np

from bonebook.tables import nearest, table

# name: (light, dark). The page colors: words, quiet words, axes, grid, paper; then the two sides of a decision.
PAGE = {
    "ink": ("#22272b", "#e8e4dc"),
    "quiet": ("#4c5257", "#b9b6ae"),
    "axis": ("#8a8580", "#86888a"),
    "grid": ("#e3ddd2", "#33383d"),
    "paper": ("#fdfbf7", "#16191d"),
    "benefit": ("#0f766e", "#5cc7b8"),
    "harm": ("#b4500b", "#f0a35e"),
    "soft": (
        "#f6f1e7",
        "#1f2328",
    ),  # for drawings: panel, bone, marrow, and the hues of the three tiers
    "bone": ("#d9c7a3", "#6a5f49"),
    "marrow": ("#fbf3e2", "#23211d"),
    "teal": ("#0b655c", "#66cdbd"),
    "blue": ("#2c56a3", "#9ab8f8"),
    "plum": ("#7d3a78", "#e0a6d9"),
    "highlight": ("#8a3b12", "#f3b27a"),
}
INK, QUIET, AXIS, GRID, PAPER, BENEFIT, HARM, HIGHLIGHT = (
    PAGE[name][0]
    for name in (
        "ink",
        "quiet",
        "axis",
        "grid",
        "paper",
        "benefit",
        "harm",
        "highlight",
    )
)

# drug: (light, dark, marker, hatch)
DRUGS = {
    "raloxifene": ("#3a72b5", "#5ab4f2", "o", ""),
    "tamoxifen": ("#c4470f", "#da7124", "s", "///"),
    "bazedoxifene": ("#459972", "#9af3c8", "^", "..."),
    "lasofoxifene": ("#750166", "#c9549f", "D", "xxx"),
    "ospemifene": ("#b88314", "#ffda66", "v", "---"),
    "arzoxifene": ("#4596b8", "#7cdafa", "P", "|||"),
    "toremifene": ("#6a3931", "#915f4c", "X", "+++"),
    "bazedoxifene-ce": ("#194b07", "#a6be75", "<", "..//"),
    "estradiol": ("#a91235", "#b64349", "h", "\\\\\\"),
    "conjugated-estrogens": ("#981342", "#b84037", "h", "\\\\\\"),
    "cee-mpa": ("#cb756f", "#bf6b86", "H", "\\\\--"),
    "hormone-therapy": ("#752643", "#b86a6c", "8", "\\\\||"),
    "alendronate": ("#5340a5", "#8677e5", ">", "ooo"),
    "zoledronic-acid": ("#412077", "#7f5b9e", "p", "OO"),
    "anastrozole": ("#7d9647", "#f3f291", "d", "//.."),
    "goserelin": ("#53979f", "#b0fdf9", "*", "**"),
    "goserelin-tamoxifen": ("#7c3903", "#aa4e1d", "P", "//||"),
    "goserelin-anastrozole": ("#5e7841", "#c0cb7d", "X", "//--"),
    "calcium-vitamin-d": ("#605d00", "#c4c57d", "d", "++.."),
    "raloxifene-alendronate": ("#1f2f6b", "#e3e6ff", "X", "//oo"),
    "serm-class": ("#3b4046", "#d3d0c9", "D", ""),
    "other": ("#3c4147", "#d3d0ca", "D", ""),
    "placebo": ("#6b7075", "#a3a8ad", "s", ""),
    "none": ("#6b7076", "#a3a8ae", "s", ""),
    "baseline": ("#6b7077", "#a3a8af", "s", ""),
}
# A drug of the table `drugs` that has no color of its own takes the one of its kind.
KINDS = {
    "SERM": "serm-class",
    "SERM with estrogen": "bazedoxifene-ce",
    "estrogen": "hormone-therapy",
    "bisphosphonate": "zoledronic-acid",
    "aromatase inhibitor": "anastrozole",
    "GnRH agonist": "goserelin",
    "combination": "raloxifene-alendronate",
    "supplement": "calcium-vitamin-d",
    "control": "baseline",
}
# What a drug does in a tissue (`direction` of the table `tissue_actions`), as a marker.
DIRECTIONS = {
    "estrogen-like": "^",
    "estrogen-blocking": "v",
    "neutral": "_",
    "mixed": "d",
    "unknown": "x",
}
# What an action means for the woman herself, as a word, a marker and a color: three ways to tell help from harm.
VERDICTS = {
    "help": ("o", BENEFIT),
    "harm": ("^", HARM),
    "neither": ("_", QUIET),
    "it depends": ("D", INK),
}
# Where it helps to act like estrogen, and where to block it; the other way round is harm. Other tissues have no verdict.
HELPS = {
    "bone": "estrogen-like",
    "breast": "estrogen-blocking",
    "endometrium": "estrogen-blocking",
    "clots": "estrogen-blocking",
    "hot flashes": "estrogen-like",
}
# Drugs that meet in one figure; tests/test_style.py keeps them apart.
TOGETHER = [
    (
        "raloxifene",
        "tamoxifen",
        "bazedoxifene",
        "lasofoxifene",
        "ospemifene",
        "arzoxifene",
        "toremifene",
        "placebo",
    ),
    ("raloxifene", "tamoxifen", "conjugated-estrogens", "alendronate", "placebo"),
    ("raloxifene", "alendronate", "raloxifene-alendronate", "placebo"),
    ("raloxifene", "lasofoxifene", "estradiol", "alendronate", "placebo"),
    (
        "raloxifene",
        "hormone-therapy",
        "alendronate",
        "zoledronic-acid",
        "calcium-vitamin-d",
        "placebo",
    ),
    (
        "tamoxifen",
        "anastrozole",
        "goserelin",
        "goserelin-tamoxifen",
        "goserelin-anastrozole",
        "zoledronic-acid",
        "none",
    ),
    (
        "raloxifene",
        "bazedoxifene",
        "bazedoxifene-ce",
        "lasofoxifene",
        "ospemifene",
        "conjugated-estrogens",
        "placebo",
    ),
    (
        "conjugated-estrogens",
        "cee-mpa",
        "raloxifene",
        "tamoxifen",
        "bazedoxifene-ce",
        "placebo",
    ),
]


def look(drug: str) -> tuple[str, str, str, str]:
    """The light color, the dark color, the marker and the hatch of a drug (id of the table `drugs`). Raises KeyError for a drug without them."""
    if drug in DRUGS:
        return DRUGS[drug]
    kinds = table("drugs").set_index("id")["kind"]
    if drug not in kinds.index:
        near = nearest(drug, [*DRUGS, *kinds.index])
        raise KeyError(
            f"No color is set for the drug {drug!r}: it is neither in bonebook/palette.py nor in data/drugs.csv.{near}"
        )
    return DRUGS[KINDS.get(kinds[drug], "other")]


def drug_color(drug: str) -> str:
    """The color of a drug (id of the table `drugs`) as #rrggbb. Raises KeyError for a drug without one."""
    return look(drug)[0]


def drug_marker(drug: str) -> str:
    """The Matplotlib marker of a drug: the second channel beside color in plots of points."""
    return look(drug)[2]


def drug_hatch(drug: str) -> str:
    """The Matplotlib hatch of a drug: the second channel beside color in bars."""
    return look(drug)[3]


def _rgb(color: str) -> np.ndarray:
    """#rrggbb as red, green and blue, 0 to 1."""
    return np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colors, 1 to 21 (WCAG 2.2, relative luminance)."""

    def luminance(color):
        rgb = _rgb(color)
        return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ [
            0.2126,
            0.7152,
            0.0722,
        ]

    low, high = sorted((luminance(one), luminance(other)))
    return float((high + 0.05) / (low + 0.05))


def _mix(color: str, toward: str, share: float) -> str:
    mixed = _rgb(color) * (1 - share) + _rgb(toward) * share
    return "#" + "".join(f"{round(part * 255):02x}" for part in mixed)


def _paler(color: str, paper: str) -> str:
    """The palest step of a color toward the paper that keeps a contrast of 3.1 to 1."""
    steps = [_mix(color, paper, share) for share in np.arange(0, 0.6, 0.02)]
    return [step for step in steps if contrast(step, paper) >= 3.1][-1]


@lru_cache(maxsize=1)
def usual_doses() -> dict[str, float]:
    """The usual daily dose in mg of each drug that was given at several (table `pharmacology`): arms below it are paler, above it deeper."""
    rows = table("pharmacology").query("quantity == 'usual daily dose'")
    return dict(zip(rows["drug"], rows["value"], strict=True))


@lru_cache(maxsize=1)
def shades() -> dict[str, dict[str, tuple[str, str]]]:
    """For each drug with a usual dose, its paler and deeper color in light and in dark."""
    (ink, dark_ink), (paper, dark_paper) = PAGE["ink"], PAGE["paper"]
    arms = {}
    for drug in usual_doses():
        light, dark, _, _ = DRUGS[drug]
        arms[drug] = {
            "low": (_paler(light, paper), _paler(dark, dark_paper)),
            "high": (_mix(light, ink, 0.55), _mix(dark, dark_ink, 0.6)),
        }
    return arms


def arm_color(drug: str, dose_mg: float | None = None) -> str:
    """The color of one arm: the drug's own at its usual dose, paler below it, deeper above it."""
    usual = usual_doses().get(drug)
    if usual is None or dose_mg is None or np.isnan(dose_mg) or dose_mg == usual:
        return drug_color(drug)
    return shades()[drug]["low" if dose_mg < usual else "high"][0]


def dark_partners() -> dict[str, str]:
    """Every house color of the light page with its partner on the dark page, both as #rrggbb."""
    pairs = [*PAGE.values(), *((light, dark) for light, dark, _, _ in DRUGS.values())]
    pairs += [pair for arm in shades().values() for pair in arm.values()]
    return dict(
        reversed(pairs)
    )  # reversed: where a paler step equals a drug's own color, the drug wins
