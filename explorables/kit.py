"""What the explorables share: their controls, the house style of their charts, and how they become HTML.

An explorable is one module of this folder with a twin in explorables/static/models.js: the module reads data/ and the
models of `bonebook` and computes what is shown at given settings; the twin computes the same in the browser, where nothing
else can. tests/test_explorables.py holds the two together.
"""

import json
import math
from dataclasses import dataclass, field
from typing import Callable

import altair as alt
import vl_convert

from bonebook import style
from press import facts

FONT = "Noto Sans Book, Noto Sans, system-ui, sans-serif"
WIDTH = (
    620  # of the still figure, in pixels; live charts take the width of their container
)


@dataclass(frozen=True)
class Slider:
    """A number the reader moves. `log`: equal steps of the slider are equal factors of the value (`step` counts doublings)."""

    name: str
    label: str
    low: float
    high: float
    step: float
    value: float
    unit: str = ""
    digits: int = 0
    log: bool = False
    help: str = ""


@dataclass(frozen=True)
class Count:
    """A whole number the reader types or steps, such as servings."""

    name: str
    label: str
    high: int
    value: int = 0
    help: str = ""
    low: int = 0


@dataclass(frozen=True)
class Choice:
    """One of several, by name."""

    name: str
    label: str
    options: dict[str, str]
    value: str
    help: str = ""


@dataclass(frozen=True)
class Explorable:
    """One explorable.

        `given`: what it needs from data/ (plain lists and dictionaries); `answer(settings, given)`: what is shown,
    `{"rows": {dataset: [row, ...]}, "numbers": [{"label", "value", "unit", "digits"}, ...]}`;
    `chart()`: an Altair chart that reads the datasets by name. `presets`: {name: {control: value}}.
    """

    name: str
    title: str
    controls: list
    given: Callable[[], dict]
    answer: Callable[[dict, dict], dict]
    chart: Callable[[], alt.Chart]
    presets: dict[str, dict] = field(default_factory=dict)
    height: tuple[float, float] | None = (
        None  # (pixels, share of the width), where the height follows the width
    )

    def defaults(self):
        """Settings at which it opens."""
        return {control.name: control.value for control in self.controls}

    def vega(self):
        """The chart as a Vega specification (a dictionary) that fills its container; its datasets are empty."""
        spec = vl_convert.vegalite_to_vega(self._lite("container"))
        if self.height:
            spec.pop("height", None)
            spec["signals"] = [
                *spec["signals"],
                {"name": "height", "update": "{} + {} * width".format(*self.height)},
            ]
        for dataset in spec["data"]:
            if "values" in dataset:
                dataset["values"] = []  # the browser works them out
        return _silent(spec)

    def still(self):
        """The chart at its opening settings as SVG text, for pages without scripts."""
        return vl_convert.vegalite_to_svg(self._lite(WIDTH))

    def _lite(self, width):
        spec = self.chart().to_dict()
        answer = self.answer(self.defaults(), self.given())
        spec |= {
            "width": width,
            "autosize": {"type": "fit-x", "contains": "padding"},
            "config": CONFIG,
            "background": None,
        }
        if self.height:
            spec["height"] = self.height[0] + self.height[1] * WIDTH
        spec["datasets"] = answer["rows"]
        return spec


def _silent(spec):
    """Takes the roles off every mark, axis and legend: the drawing is one image with a text, and its numbers stand beside it."""
    for part in (
        *spec.get("marks", []),
        *spec.get("axes", []),
        *spec.get("legends", []),
        *([spec["title"]] if isinstance(spec.get("title"), dict) else []),
    ):
        part["aria"] = False
        _silent(part)
    return spec


#: The house style for Vega: the colors of bonebook.style, of which press/sphinx/look.py knows the dark partners.
CONFIG = {
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": style.QUIET,
        "titleColor": style.INK,
        "labelFontSize": 14,
        "titleFontSize": 14,
        "titleFontWeight": "normal",
        "minExtent": 20,
        "domainColor": style.AXIS,
        "tickColor": style.AXIS,
        "gridColor": style.GRID,
        "labelLimit": 220,
        "titlePadding": 10,
    },
    "text": {"color": style.INK, "fontSize": 14, "font": FONT},
    "legend": {
        "labelColor": style.INK,
        "titleColor": style.INK,
        "labelFontSize": 14,
        "orient": "top",
        "title": None,
        "symbolSize": 120,
    },
    "title": {"color": style.INK, "fontSize": 15, "anchor": "start"},
}


def stored(id, column="value"):
    """A number of data/, by its id."""
    return float(facts.fact(id).row[column])


def data(name):
    """A dataset of the chart, by name."""
    return alt.NamedData(name=name)


def number(label, value, unit="", digits=0):
    """One line of the table of numbers."""
    return {"label": label, "value": value, "unit": unit, "digits": digits}


def squares(first, last, columns=50):
    """SVG path of the squares number `first` to `last` (0 to 1,000) of an icon array; a part of a square is drawn as a part.

    Rows fill from the top, from the left. The array is two units wide and 40 / columns units high, around the origin.
    """
    side, gap = 2 / columns, 0.16 * 2 / columns
    edge, top = side - gap, -1000 / columns * side / 2
    path = []
    for place in range(math.floor(first), math.ceil(last)):
        low, high = max(first - place, 0), min(last - place, 1)
        row, column = divmod(place, columns)
        x, y = -1 + column * side + gap / 2 + low * edge, top + row * side + gap / 2
        path.append(
            f"M{x:.4f},{y:.4f}h{(high - low) * edge:.4f}v{edge:.4f}h{-(high - low) * edge:.4f}z"
        )
    return "".join(path) or "M0,0z"


def to_json(value):
    """JSON that may stand inside a script element."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace(
        "<", "\\u003c"
    )
