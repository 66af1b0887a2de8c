"""What the figures with sliders share: rows, controls, numbers, sentences, style."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from fnmatch import fnmatchcase

import altair as alt
import vl_convert

from bonebook import style, tables

FONT = "Noto Sans Book, Noto Sans, system-ui, sans-serif"
TITLE = 14  # size of the title of an axis, in pixels
LETTER = 0.55  # width of a letter, as a share of the size of the type
NARROW = 300  # of a container, in pixels, in which a legend has one column
BESIDE = 120  # what labels may take beside an axis, in pixels
WIDTH = 620  # of the still figure, in pixels; the live one fills its container


@dataclass(frozen=True)
class Slider:
    """A number the reader moves.

    `log`: equal steps of the slider are equal factors of the value; `step` then counts
    doublings.
    """

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
    kind = "slider"

    def track(self, value):
        """Where on its track the slider stands for a value."""
        return math.log2(value) if self.log else value

    def handed(self):
        return {"digits": self.digits, "unit": self.unit, "log": self.log}

    def words(self, value):
        return written(value, self.digits)


@dataclass(frozen=True)
class Count:
    """A whole number the reader types or steps, such as servings."""

    name: str
    label: str
    high: int
    value: int = 0
    help: str = ""
    low: int = 0
    kind = "count"

    def handed(self):
        return {}

    def words(self, value):
        return written(value)


@dataclass(frozen=True)
class Choice:
    """One of several, `options`: {what `answer` is given: what the reader sees}."""

    name: str
    label: str
    options: dict[str, str]
    value: str
    help: str = ""
    kind = "choice"

    def handed(self):
        return {"options": self.options}

    def words(self, value):
        return self.options[value]


@dataclass(frozen=True)
class Number:
    """A number that `answer` gives under `key`; the label is for people only."""

    key: str
    label: str
    unit: str = ""
    digits: int = 0


@dataclass(frozen=True)
class View:
    """The same computation with buttons only, for readers who need no sliders.

    `presets`: what each button sets, also beyond the end of a slider; `opens`: the name
    of the one it opens with. `sentences`: its own, for each key that may be said at its
    presets; an empty one leaves that out. `chart()`: its own chart.
    """

    presets: dict[str, dict]
    opens: str
    sentences: dict[str, str]
    chart: Callable[[], alt.Chart]


@dataclass(frozen=True)
class Explorable:
    """One figure with sliders.

    `controls`: Slider, Count or Choice, in the order of the page.
    `numbers`: the lines of its table, in order.
    `sentences`: {key: text}; `{...}` in a text is the name of a control or the key of a
    number.
    `given()`: what the computation needs (plain lists and dictionaries); the browser
    gets the same.
    `answer(settings, given)`: what is shown: {"rows": {dataset: [row, ...]},
    "numbers": {key: value, or None where there is none}, "say": [key of a sentence]}.
    `chart()`: an Altair chart that reads the datasets by name.
    `presets`: {name: {control: value}}.
    `height`: (pixels, share of the width) where the height follows the width.
    `views`: {name: View}; of one that was made for a view, `view` is its name and
    `opens` what it opens at.
    """

    name: str
    title: str
    controls: list[Slider | Count | Choice]
    numbers: list[Number]
    sentences: dict[str, str]
    given: Callable[[], dict]
    answer: Callable[[dict, dict], dict]
    chart: Callable[[], alt.Chart]
    presets: dict[str, dict] = field(default_factory=dict)
    height: tuple[float, float] | None = None
    views: dict[str, View] = field(default_factory=dict)
    view: str = ""
    opens: dict = field(default_factory=dict)

    def seen_as(self, name):
        """The same with buttons only; KeyError, in a sentence, if it has no such view."""
        if name not in self.views:
            raise KeyError(
                f"The explorable {self.name} has no view {name!r}; it has "
                f"{', '.join(self.views) or 'none'}."
            )
        view = self.views[name]
        return replace(
            self,
            presets=view.presets,
            sentences=view.sentences,
            chart=view.chart,
            view=name,
            opens=view.presets[view.opens],
        )

    def defaults(self):
        """Settings at which it opens."""
        return {each.name: each.value for each in self.controls} | self.opens

    def opening(self):
        """What it shows as it opens."""
        return self.answer(self.defaults(), self.given())

    def sentence(self, settings, answer):
        """What is shown at these settings, in words.

        Raises KeyError if the answer leaves out a number or a sentence names one that is
        not there, ValueError if a number is none.
        """
        words = {each.name: each.words(settings[each.name]) for each in self.controls}
        for number in self.numbers:
            value = answer["numbers"][number.key]
            if value is not None:
                words[number.key] = rounded(value, number.digits)
        told = [self.sentences[key].format_map(words) for key in answer["say"]]
        return " ".join(filter(None, told))

    def handed(self):
        """All that a page hands to the browser."""
        return {
            "given": self.given(),
            "opens": self.defaults(),
            "controls": {each.name: each.handed() for each in self.controls},
            "numbers": [vars(number) for number in self.numbers],
            "sentences": self.sentences,
            "chart": self.vega(),
        }

    def vega(self):
        """The chart as a Vega specification that fills its container; no data in it."""
        spec = vl_convert.vegalite_to_vega(self._lite("container"))
        if self.height:
            spec.pop("height", None)
            height = "{} + {} * width".format(*self.height)
            spec["signals"].append({"name": "height", "update": height})
        for dataset in spec["data"]:
            if "values" in dataset:
                dataset["values"] = []  # the browser works them out
        return _silent(_wrapped(spec))

    def still(self):
        """The chart at its opening settings as SVG text, for pages without scripts."""
        return vl_convert.vegalite_to_svg(self._lite(WIDTH))

    def _lite(self, width):
        spec = self.chart().to_dict() | {
            "width": width,
            "autosize": {"type": "fit-x", "contains": "padding"},
            "config": CONFIG,
            "background": None,
            "datasets": self.opening()["rows"],
        }
        if self.height:
            spec["height"] = self.height[0] + self.height[1] * WIDTH
        return spec


def _wrapped(spec):
    """The same chart for a phone too: axis titles in two lines, legends in one column.

    Each only where one line, or two columns, would be cut off.
    """
    for legend in spec.get("legends", []):
        many = legend.get("columns", 0)
        legend["columns"] = {"signal": f"containerSize()[0] < {NARROW} ? 1 : {many}"}
    for axis in spec.get("axes", []):
        title = axis.get("title")
        if not isinstance(title, str) or " " not in title:
            continue
        needs = round(len(title) * TITLE * LETTER)
        size = "height"
        if axis["orient"] in ("top", "bottom"):
            # Of the container: the width of the axis is known only after the layout.
            size, needs = "containerSize()[0]", needs + BESIDE
        middle = min(
            (place for place, letter in enumerate(title) if letter == " "),
            key=lambda place: abs(place - len(title) / 2),
        )
        lines = json.dumps([title[:middle], title[middle + 1 :]])
        axis["title"] = {"signal": f"{size} < {needs} ? {lines} : {json.dumps(title)}"}
    return spec


def _silent(spec):
    """The same chart without roles on marks, axes and legends.

    The drawing is one image with a text, and its numbers stand beside it.
    """
    parts = [*spec.get("marks", []), *spec.get("axes", []), *spec.get("legends", [])]
    if isinstance(spec.get("title"), dict):
        parts.append(spec["title"])
    for part in parts:
        part["aria"] = False
        _silent(part)
    return spec


#: The house style for Vega: colors of bonebook.style, whose dark partners
#: press/sphinx/look.py knows.
CONFIG = {
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": style.QUIET,
        "titleColor": style.INK,
        "labelFontSize": 14,
        "titleFontSize": TITLE,
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
        "layout": {"bottom": {"anchor": "start", "direction": "vertical", "margin": 4}},
    },
    "title": {"color": style.INK, "fontSize": 15, "anchor": "start"},
}


def held(id, column="value", **says):
    """A number of the tables, of a row that says what it is taken for.

    `says`: {column: its words}, where `*` stands for anything. ValueError, in a
    sentence, if the row says something else.
    """
    found = tables.row(id)
    for name, words in says.items():
        if not fnmatchcase(found[name], words):
            raise ValueError(
                f"The row {id} is taken for one whose {name} is {words!r}, and its "
                f"{name} is {found[name]!r}."
            )
    return tables.value(id, column)


#: Whole numbers as a name of a preset has them.
WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def data(name):
    """A dataset of the chart, by name."""
    return alt.NamedData(name=name)


def written(value, digits=0):
    """A number as a reader sees it: 1,200.5, with a true minus and no minus zero.

    A half goes away from zero, as in the browser. ValueError if it is no number.
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} is no number that can be shown.")
    places = Decimal(1).scaleb(-digits)
    exact = Decimal(repr(float(value))).quantize(places, ROUND_HALF_UP)
    return f"{exact:z,}".replace("-", "−")


def rounded(value, digits):
    """A number in a sentence: at most one decimal below ten, none above or for nothing."""
    return written(value, 1 if digits and 0 < abs(value) < 9.95 else 0)
