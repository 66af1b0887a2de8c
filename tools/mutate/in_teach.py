"""Slips in what is taught: questions of the bank, prompts, stations and cases, lists, assignments; and in the code of the exports."""

import random
import re
from collections.abc import Callable
from functools import lru_cache

from bonebook import tables
from press import bankform, pages, yamls

from . import in_code, on_pages, words, zones
from .words import Edit, Slip
from .zones import Span

_ASKED = r"(?m)^\s+(?:- )?(?:ask|text|why): (.*)$"
_PROMPT = r"(?m)^  (?:- |do: |look_for: )(.*)$"
_QUOTED = r'"((?:[^"\\\n]|\\.)*)"'


def asked(slip: Slip) -> Slip:
    """The slip in what a question of the bank asks, offers and explains."""
    return lambda text, dice: slip(zones.hide(text, _below(text, "bank:", _ASKED)), dice)  # fmt: skip


def prompt(slip: Slip) -> Slip:
    """The slip in a prompt or an activity."""

    def only(text: str, dice: random.Random) -> list[Edit] | None:
        end = text.find("\nbank:") % (len(text) + 1)
        spans = [found.span(1) for found in re.finditer(_PROMPT, text[:end])]
        return slip(zones.hide(text, spans), dice)

    return only


def said(slip: Slip) -> Slip:
    """The slip in the words between quotation marks of a list, those left out that name a section of a page."""

    def only(text: str, dice: random.Random) -> list[Edit] | None:
        spans = [f.span(1) for f in re.finditer(_QUOTED, text) if not re.match(r"\w+/\w+#", f[1])]  # fmt: skip
        return slip(zones.hide(text, spans), dice)

    return only


def _below(text: str, head: str, pattern: str) -> list[Span]:
    start = text.find(f"{head}\n")
    return [f.span(1) for f in re.finditer(pattern, text) if -1 < start < f.start()]


def fact_in(put: Callable[[re.Match[str], random.Random], str | None]) -> Slip:
    """A fact of a question or a prompt becomes what `put` makes of it."""

    def slip(text: str, dice: random.Random) -> list[Edit] | None:
        found = list(re.finditer(on_pages.FACT, text))
        return on_pages.first_made(found, put, dice)

    return slip


def another(pattern: str, others: Callable[[str], list[str]]) -> Slip:
    """What a pattern finds becomes one of the others, given what it is."""

    def slip(text: str, dice: random.Random) -> list[Edit] | None:
        found = list(re.finditer(pattern, text))
        for each in dice.sample(found, len(found)):
            known = [other for other in others(each[0]) if other != each[0]]
            if known:
                return [(*each.span(), dice.choice(known))]
        return None

    return slip


def a_page(word: str) -> list[str]:
    """Other pages of the same depth."""
    tier, slash, _ = word.partition("/")
    return [f"{tier}{slash}{entry['thread']}" for entry in pages.threads()]


@lru_cache(maxsize=256)
def a_section(word: str) -> list[str]:
    """Other sections of the same page: `fundamentals/taking#If you forget a tablet`."""
    page, _, _ = word.partition("#")
    text = (pages.ROOT / "book" / f"{page}.md").read_text(encoding="utf-8")
    return [f"{page}#{head}" for head in re.findall(r"(?m)^## (.+)$", text)]


def a_row(id: str) -> list[str]:
    """Other rows of the same study, or else of the same table."""
    if id not in tables.index():
        return []
    table, row = tables.index()[id]
    known = [each for each in tables.rows(table) if each["id"] != id]
    near = [each["id"] for each in known if row.get("study") and each.get("study") == row["study"]]  # fmt: skip
    return near or [each["id"] for each in known]


def a_claim(_: str) -> list[str]:
    """Other claims."""
    return [row["id"] for row in tables.rows("claims")]


def a_number(word: str) -> list[str]:
    """Other numbers of one digit: of an objective, of points."""
    return [str(n) for n in range(1, 5) if str(n) != word]


def a_way(_: str) -> list[str]:
    """Other things that may be worked out."""
    return list(bankform.WAYS)


def a_unit(word: str) -> list[str]:
    """Units of other answers."""
    found = set()
    for path in sorted(pages.ROOT.glob("teach/*/*.yml")):
        told = yamls.read(path.read_text(encoding="utf-8"))
        found |= {item["answer"].get("unit", "") for item in told["bank"] if "answer" in item}  # fmt: skip
    return sorted(found - {"", word})


OBJECTIVE = r"(?m)^    tests: (.*)$"
ROWS = r"(?m)^      of: \[(.*)\]$"
WAY = r"(?m)^      is: (.*)$"
UNIT = r"(?m)^      unit: (.*)$"
ROOM = r"(?m)^      (?:tolerance|places): (.*)$"
MEETS = r"(?m)^        \w+/\w+: \[(.*)\]$"
PAGE = r"\b(?:fundamentals|intermediate|academic)/\w+\b(?!#)"
SECTION = r'\b(?:fundamentals|intermediate|academic)/\w+#[^"\]}]+'
ID = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+"
CLAIMS = r"(?m)^    claims: \[(.*)\]$"
NUMBERS = r"(?m)^  numbers: \[(.*)\]$"


def within(pattern: str, slip: Slip) -> Slip:
    """The slip in the group of a pattern."""
    return lambda text, dice: slip(zones.hide(text, [f.span(1) for f in re.finditer(pattern, text)]), dice)  # fmt: skip


def points(text: str, dice: random.Random) -> list[Edit] | None:
    """Another number of points, or the words of two marks exchanged."""
    spans = [f.span(1) for f in re.finditer(r'point: ("[^"\n]*"|[^,"\n]+),', text)]
    if dice.random() < 0.5 and len(spans) > 1:
        return words.exchanged(*dice.sample(spans, 2), text)
    return another(r"(?<=points: )\d(?=,)", a_number)(text, dice)


def yes_and_no(text: str, dice: random.Random) -> list[Edit] | None:
    """A condition of code turned round."""
    bare = zones.bare(text)
    put = {"True": "False", "False": "True", " == ": " != ", " != ": " == ", " if not ": " if ", " and not ": " and "}  # fmt: skip
    pattern = r"\bTrue\b|\bFalse\b| == | != | if not | and not |(?<=\w) if (?=\w+\.\w)"
    found = words.pick(pattern, bare, dice)
    return found and [(*found.span(), put.get(found[0], " if not "))]


#: A field of an item that is easily written for another.
_FIELDS = {
    "low": "high", "high": "low", "why": "ask", "text": "why", "value": "tolerance", "tolerance": "value", "rights": "options",
    "html": "plain", "unit": "places", "letter": "id", "right": "letter", "ask": "why", "accept": "options",
}  # fmt: skip


def another_field(text: str, dice: random.Random) -> list[Edit] | None:
    """Another field of an item, an option or a number."""
    found = words.pick(rf"(?<=[\w)\]]\.)(?:{'|'.join(_FIELDS)})\b(?!\()", zones.bare(text), dice)  # fmt: skip
    return found and [(*found.span(), _FIELDS[found[0]])]


def typed(text: str, dice: random.Random) -> list[Edit] | None:
    """A digit, or a word in quotation marks: an address of an element, what a platform is told."""
    strings = [span for span in zones.strings(text) if re.fullmatch(r"[A-Za-z0-9_.]+", text[slice(*span)])]  # fmt: skip
    if strings and dice.random() < 0.5:
        start, end = dice.choice(strings)
        if end - start > 3:
            return [(end - 2, end - 1, "")]
    return in_code.number_in_code(text, dice)
