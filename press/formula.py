r"""Short formulas as words: what a learning platform, a card, a sheet of paper or a slide can show without TeX and without MathML.

    formula(r"G\tau_F")      # -> Formula(html="<i>G</i><i>τ</i><sub><i>F</i></sub>", plain="Gτ_F")
    of_mathml(element)       # the same of a <math> element of a built page

HTML needs no more than i, sub and sup, which every importer keeps. Plain text has Unicode's small figures where there are any.
What is not known here is refused, so that no backslash reaches a learner.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any
from xml.etree import ElementTree

from .formulas import FormulaError, mathml

__all__ = ["Formula", "FormulaError", "formula", "of_mathml"]

#: Signs with a blank on either side.
_SPACED = "=<>+×±≈~→≤≥≠−"
_SIGNS = {"-": "−", "∼": "~", "\u2061": "", "\u2062": "", "\u00a0": " ", "⋅": "·"}
_UP = dict(zip("0123456789+−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True)) | {"*": "*"}
_DOWN = dict(zip("0123456789+−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
#: What stands above a letter, as the sign that Unicode lays over it.
_OVER = {"˙": "\u0307", "¯": "\u0304", "‾": "\u0304", "ˉ": "\u0304", "^": "\u0302"}


@dataclass(frozen=True)
class Formula:
    """The same formula as HTML and as plain text."""

    html: str
    plain: str

    def __add__(self, other: "Formula") -> "Formula":
        return Formula(self.html + other.html, self.plain + other.plain)


def formula(tex: str) -> Formula:
    """A formula of TeX as HTML and as plain text. Raises FormulaError."""
    return of_mathml(ElementTree.fromstring(mathml(tex)))


def of_mathml(element: Any) -> Formula:
    """A <math> element (of ElementTree or lxml) as HTML and as plain text. Raises FormulaError for an element that is not known."""
    found = _row(element)
    return Formula(_tidy(found.html), _tidy(found.plain))


def _row(elements: Iterable[Any]) -> Formula:
    row = Formula("", "")
    for part in map(_one, elements):
        if re.search(r"_\w+$", row.plain) and part.plain[:1].isalpha():
            row += Formula("", " ")  # τ_F s_d, and not τ_Fs_d
        row += part
    return row


def _one(node: Any) -> Formula:
    tag, text = node.tag.rpartition("}")[2], (node.text or "").strip()
    parts: Iterator[Formula] = map(_one, node)
    if tag in ("mrow", "math", "mstyle", "mtd"):
        return _row(node)
    if tag == "mi":
        return _name(text)
    if tag in ("mn", "mtext"):
        return _plainly(text)
    if tag == "mo":
        return _sign(text, node.get("form") == "prefix")
    if tag == "mspace":
        return _plainly(" ")
    if tag == "mfrac":
        return _grouped(next(parts)) + _plainly("/") + _grouped(next(parts))
    if tag == "msqrt":
        return _plainly("√") + _grouped(_row(node))
    if tag in ("msub", "munder"):
        return next(parts) + _raised("_", next(parts))
    if tag == "msup":
        return next(parts) + _raised("^", next(parts))
    if tag in ("msubsup", "munderover"):
        return next(parts) + _raised("_", next(parts)) + _raised("^", next(parts))
    if tag == "mover":
        return _over(next(parts), "".join(node[1].itertext()).strip())
    if tag == "mtable":
        return _rows(map(_row, node))
    raise FormulaError(f"<{tag}> has no plain form; teach press/formula.py one.")


def _rows(rows: Iterable[Formula]) -> Formula:
    """The lines of a formula, one behind the other."""
    first, *rest = rows
    return sum((_plainly("; ") + row for row in rest), first)


def _name(text: str) -> Formula:
    """A letter is slanted, a function or a unit is not."""
    if len(text) == 1 and text.isalpha():
        return Formula(f"<i>{text}</i>", text)
    return _plainly(f"{text} " if text in ("ln", "log", "exp") else text)


def _sign(text: str, prefix: bool) -> Formula:
    text = _SIGNS.get(text, text)
    if text and text in _SPACED and not prefix:
        return _plainly(f" {text} ")
    return _plainly(", " if text == "," else text)


def _over(base: Formula, mark: str) -> Formula:
    if mark not in _OVER:
        raise FormulaError(f"{mark!r} above a letter has no plain form.")
    return Formula(
        re.sub(r"(?=</i>$)|(?<!>)$", _OVER[mark], base.html, count=1),
        base.plain + _OVER[mark],
    )


def _plainly(text: str) -> Formula:
    return Formula(escape(text, quote=False), text)


def _grouped(part: Formula) -> Formula:
    """In brackets, unless it is one number or one letter."""
    if re.fullmatch(r"[\d.,]+|\w", part.plain):
        return part
    return Formula("(", "(") + part + Formula(")", ")")


def _raised(mark: str, part: Formula) -> Formula:
    tag, small = ("sup", _UP) if mark == "^" else ("sub", _DOWN)
    text = part.plain.strip()
    if all(letter in small for letter in text):
        plain = "".join(small[letter] for letter in text)
    else:
        bare = len(text) == 1 or (mark == "_" and text.isalpha())
        plain = f"{mark}{text}" if bare else f"{mark}({text})"
    return Formula(f"<{tag}>{part.html.strip()}</{tag}>", plain)


def _tidy(text: str) -> str:
    return re.sub(r"  +", " ", text).strip()
