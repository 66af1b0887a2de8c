"""Slips in code: the cells of pages, and the Python and JavaScript of figures with sliders."""

import random
import re

from bonebook import tables

from . import words, zones
from .words import Edit, Slip


def code(slip: Slip) -> Slip:
    """The slip in the code of a page's cells, which stands as it is."""

    def only(text: str, dice: random.Random) -> list[Edit] | None:
        spans = zones.zones(text)["code"]
        at, kept = 0, []
        for start, end in spans:
            kept += [re.sub(r"[^\n]", " ", text[at:start]), text[start:end]]
            at = end
        return slip("".join(kept), dice) if spans else None

    return only


COLORS = {
    "BENEFIT": "HARM", "HARM": "BENEFIT", "HIGHLIGHT": "BENEFIT", "INK": "HARM", "AXIS": "HARM",
    "GRID": "AXIS", "PAPER": "INK",
}  # fmt: skip
_DRUG_STYLES = r'(?<=style\.(?:point|drug_color)\(")[\w-]+(?=")'
_PAINTED = [
    "tamoxifen",
    "raloxifene",
    "bazedoxifene",
    "estradiol",
    "lasofoxifene",
    "ospemifene",
]


def color(text: str, dice: random.Random) -> list[Edit] | None:
    """The color of another drug, or of the other side."""
    drugs = list(re.finditer(r'style\.(?:point|drug_color|bar)\("([\w-]+)"', text))
    sides = list(re.finditer(r"style\.(BENEFIT|HARM|HIGHLIGHT|INK|AXIS|GRID|PAPER)\b", text))  # fmt: skip
    if not drugs and not sides:
        return None
    found = dice.choice([*drugs, *sides])
    others = [drug for drug in _PAINTED if drug != found[1]]
    put = COLORS.get(found[1]) or dice.choice(others)
    return [(*found.span(1), put)]


def other_id(text: str, dice: random.Random) -> list[Edit] | None:
    """The id of another row of the same study, or else of the same table."""
    spans = [s for s in zones.strings(text) if text[slice(*s)] in tables.index()]
    spans = [s for s in spans if tables.index()[text[slice(*s)]][0] not in ("studies", "drugs")]  # fmt: skip
    if not spans:
        return None
    span = dice.choice(spans)
    table, row = tables.index()[text[slice(*span)]]
    known = [each for each in tables.rows(table) if each["id"] != row["id"]]
    near = [each for each in known if row.get("study") and each.get("study") == row["study"]]  # fmt: skip
    return [(*span, dice.choice(near or known)["id"])]


_LAYOUT = re.compile(r"figsize|width|height|size|pad|ncols|alpha|linspace|digits|round|dodge|offset|xlim|ylim|zorder|xytext|rotation")  # fmt: skip


def number_in_code(text: str, dice: random.Random) -> list[Edit] | None:
    """A digit of a number in code, on a line that does more than lay out the figure."""
    spans, place = [], 0
    for line in text.split("\n"):
        if not _LAYOUT.search(line):
            spans.append((place, place + len(line)))
        place += len(line) + 1
    shown = zones.hide(zones.bare(text), spans)
    return words.digit(r"(?<![\w.\]\0])\d+(?:\.\d+)?(?![\w.:]|\0)")(shown, dice)


def plus_and_minus(text: str, dice: random.Random) -> list[Edit] | None:
    """Plus for minus, or minus for plus."""
    found = words.pick(r"(?<= )[+-](?= [\w(])|(?<=[(\[] )-(?=\w)|(?<=[(\[])-(?=[a-z])", zones.bare(text), dice)  # fmt: skip
    return found and [(*found.span(), "+" if found[0] == "-" else "-")]


def query(text: str, dice: random.Random) -> list[Edit] | None:
    """What a query asks for: another word of the column, or the other comparison."""
    found = list(re.finditer(r'(\w+) (==|!=|in|>|<|>=|<=) (?:\[)?\'([^\'"]+)\'', text))
    for each in dice.sample(found, len(found)):
        known = {
            row[each[1]]
            for name in tables.tables()
            for row in tables.rows(name)
            if each[1] in row and row[each[1]]
        }
        if each[2] in ("==", "!=") and dice.random() < 0.3:
            return [(*each.span(2), "!=" if each[2] == "==" else "==")]
        if others := sorted(known - {each[3]}):
            return [(*each.span(3), dice.choice(others))]
    return None


def two_exchanged(text: str, dice: random.Random) -> list[Edit] | None:
    """Two strings that stand beside each other in a list, or the labels of two lines of a dictionary, exchanged."""
    pairs = [(found.span(1), found.span(2)) for found in re.finditer(r'(?<=[\[, (])("[^"\n]+"),\s+("[^"\n]+")(?=[\],)])', text)]  # fmt: skip
    pairs += [(found.span(1), found.span(2)) for found in re.finditer(r'": ("[^"\n]+"),\n\s+"[^"\n]+": ("[^"\n]+")', text)]  # fmt: skip
    pairs = [(a, b) for a, b in pairs if text[slice(*a)] != text[slice(*b)]]
    return words.exchanged(*dice.choice(pairs), text) if pairs else None


_LABEL = words.first(words.swap(words.SENSE), words.number_word, words.digit(r"\d+"))


def labels(text: str, dice: random.Random) -> list[Edit] | None:
    """A word or a digit of a string that people read: one with a blank in it, and no query."""
    spans = [
        span
        for span in zones.strings(text)
        if " " in text[slice(*span)]
        and not re.search(r"==|!=| in \[|@", text[slice(*span)])
    ]
    return _LABEL(zones.hide(text, spans), dice)


def part(pattern: str, slip: Slip, inside: bool = True) -> Slip:
    """The slip within (or outside of) the parts of a script that fit a pattern."""

    def only(text: str, dice: random.Random) -> list[Edit] | None:
        spans = [found.span() for found in re.finditer(pattern, text)]
        shown = list(text)
        for start, end in _outside(spans, len(text)) if inside else spans:
            shown[start:end] = re.sub(r"[^\n]", " ", text[start:end])
        return slip("".join(shown), dice) if spans or not inside else None

    return only


def _outside(spans: list[zones.Span], length: int) -> list[zones.Span]:
    edges = [0, *(edge for span in spans for edge in span), length]
    return list(zip(edges[::2], edges[1::2], strict=True))


PRESETS = r"    presets=\{[\s\S]*?\n    \},"
SENTENCES = r"    sentences=\{[\s\S]*?\n    \},|def _sentences\([\s\S]*?\n\n\n"
NUMBERS = r"    numbers=\[[\s\S]*?\n    \],|def _numbers\([\s\S]*?\n\n\n"
CHART = r"def chart\([\s\S]*?\n\n\n"
_NAMES = {
    "RALOXIFENE": "TAMOXIFEN", "TAMOXIFEN": "RALOXIFENE", "ALPHA_PRE": "ALPHA_POST", "ALPHA_POST": "ALPHA_PRE",
    "START": "EMPTY", '"clot"': '"stroke"', '"raloxifene"': '"estrogen"', '"ruth"': '"more"',
}  # fmt: skip


def preset(text: str, dice: random.Random) -> list[Edit] | None:
    """A setting of a preset: its number, or the constant or row that it takes."""
    names = list(re.finditer("|".join(_NAMES), text))
    digits = list(re.finditer(r"(?<![\w.*])\d+(?:\.\d+)?(?![\w.)])", text))
    if not names and not digits:
        return None
    found = dice.choice([*names, *digits])
    put = _NAMES.get(found[0]) or words.one_digit(found[0], dice)
    return [(*found.span(), put)]
