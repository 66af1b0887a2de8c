"""Formulas of the pages as MathML, which browsers and readers of e-books draw and read aloud by themselves.

latex2mathml does the work. It passes by what it does not know, and some of what it writes browsers do not draw as TeX would.
So a formula is looked at three times: its commands must be among those below, each of which somebody has seen drawn;
what comes out must hold every digit and every letter of what went in; and only elements of MathML Core may be in it.
"""

import re
import unicodedata
from collections import Counter
from functools import cache
from html import unescape
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import Converter


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: TeX that was seen drawn as it should be; tests/test_formulas.py draws one of each.
LETTERS = _words(
    "alpha beta gamma delta varepsilon theta iota kappa lambda mu nu pi rho sigma tau phi chi psi omega "
    "Gamma Delta Theta Lambda Pi Sigma Phi Psi Omega"
)
FUNCTIONS = _words("ln log exp max min")
SIGNS = _words("pm times cdot approx ge le ne leftarrow rightarrow sum prod infty")
SHAPES = _words(
    "frac tfrac sqrt bar dot hat left right big mathrm mathbf text operatorname quad qquad begin end"
)
MARKS = frozenset(",;\\% ")
KNOWN = LETTERS | FUNCTIONS | SIGNS | SHAPES | MARKS
#: What MathML Core draws.
ELEMENTS = _words(
    "math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup mover munder munderover "
    "mtable mtr mtd mstyle"
)
_COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.S)
_LINES = re.compile(r"(\\\\)\s*\[[^\]]*\]")  # the space below a line; ours is the same
_BOLD = str.maketrans({str(digit): chr(0x1D7CE + digit) for digit in range(10)})
#: Spacing of tables, which MathML Core leaves to style sheets (press/sphinx/styles/code.css).
_LEFT = ("columnspacing", "rowspacing")


class FormulaError(ValueError):
    """A formula that cannot be written as MathML, and why."""


@cache
def mathml(tex: str, display: bool = False) -> str:
    """A formula in TeX as one <math> element; `display`: it stands on lines of its own. Raises FormulaError."""
    if strange := re.findall(r"[^\S\n ]|[\x00-\x09\x0b-\x1f]", tex):
        raise FormulaError(
            f"the formula holds {strange[0]!r}; in quotation marks of YAML a backslash is written twice: {tex!r}"
        )
    written = _LINES.sub(r"\1", tex.strip())
    if written.count("{") != written.count("}"):
        raise FormulaError(
            f"this formula cannot be read, since a brace has no partner: {tex!r}"
        )
    for environment in re.findall(r"\\(?:begin|end)\{([^}]*)\}", written):
        if environment not in ("aligned", "split"):
            raise FormulaError(
                f"the environment {environment!r} is not one that formulas may hold; aligned is: {tex!r}"
            )
    for command in _COMMAND.findall(written):
        if command not in KNOWN:
            raise FormulaError(
                f"\\{command} is no command that was seen drawn. Write the formula without it, or look at it in a browser "
                f"and name it in press/formulas.py: {tex!r}"
            )
    written = written.replace("{aligned}", "{split}")
    try:
        root = Converter(display="block" if display else "inline").convert_to_element(
            written
        )
    except Exception as error:  # the library has no base class for its own
        raise FormulaError(
            f"{type(error).__name__.removesuffix('Error')}: this formula cannot be read: {tex!r}"
        ) from None
    _tidy(root)
    _look(root, written, tex)
    return tostring(root, encoding="unicode")


def _tidy(parent: Element) -> None:
    """Make of what the library writes what browsers draw as TeX does."""
    for node in parent:
        node.text = unescape(node.text) if node.text else node.text
        _tidy(node)
    children = list(parent)
    for node in children:
        if node.tag == "mi" and len(node.text or "") == 1:
            if unicodedata.category(node.text or "") == "Sm" and node.text != "∞":
                node.tag = "mo"  # ±, which would touch its neighbors
        elif node.tag == "mo" and node.text in ("/", "."):
            node.set("lspace", "0")  # TeX sets them close
            node.set("rspace", "0")
        elif node.tag == "mover":
            node.set("accent", "true")  # a dot as large as it is in text
        elif node.tag == "mi" and not node.text:
            parent.remove(node)  # an empty sign before a column
        elif node.tag == "mtext" and node.text == "\u00a0":
            node.tag, node.text = "mspace", None
            node.set("width", "0.28em")
        elif node.tag == "mtext":
            node.text = (node.text or "").replace(r"\%", "%")
        elif node.tag == "mn" and node.attrib.pop("mathvariant", ""):
            node.text = (node.text or "").translate(_BOLD)
        if side := node.attrib.pop("columnalign", None):
            node.set("class", f"bb-column-{side}")
        for name in _LEFT:
            node.attrib.pop(name, None)
    _join(parent)
    _apply(parent)
    _sign(parent)


def _join(parent: Element) -> None:
    """Upright letters side by side are one name: CL."""
    before = None
    for node in list(parent):
        upright = node.tag == "mi" and node.get("mathvariant") == "normal"
        if upright and before is not None:
            before.text = f"{before.text}{node.text}"
            parent.remove(node)
        else:
            before = node if upright else None
    for node in parent:
        if len(node.text or "") > 1:
            node.attrib.pop("mathvariant", None)  # longer names are upright


def _apply(parent: Element) -> None:
    """A function: its name, an unseen sign that applies it, and a little space unless a parenthesis follows."""
    for node in list(parent):
        base = node[0] if node.tag in ("msub", "msup") and len(node) else node
        word = base.text or ""
        if base.tag not in ("mi", "mo") or not word.isalpha() or len(word) < 2:
            continue
        if base.tag == "mi" and word not in FUNCTIONS:
            continue
        base.tag = "mi"
        at = list(parent).index(node) + 1
        after = parent[at] if at < len(parent) and parent.tag == "mrow" else None
        if after is None or after.tag in ("mo", "mspace") and after.text != "(":
            continue
        sign = Element("mo")
        sign.text = "\u2061"
        parent.insert(at, sign)
        fenced = after.tag == "mrow" and len(after) and after[0].get("fence")
        if after.text != "(" and not fenced:
            parent.insert(at + 1, Element("mspace", width="0.17em"))


def _sign(parent: Element) -> None:
    """A minus or a plus-minus behind another sign stands before its number, and not between two."""
    before: Element | None = None
    for node in parent:
        if (
            node.tag == "mo"
            and (node.text or " ") in "−±+"
            and parent.tag in ("mrow", "mtd")
        ):
            opens = before is None or before.tag == "mspace"
            if opens or (
                before is not None
                and before.tag == "mo"
                and (before.text or " ") not in ")]|"
            ):
                node.set("form", "prefix")
        before = node


def _look(root: Element, written: str, tex: str) -> None:
    """Raise FormulaError unless all of the formula came out, and nothing that browsers do not draw."""
    for node in root.iter():
        strange = node.tag not in ELEMENTS or node.get("linebreak")
        if strange or re.search(r"[\\&{}]", node.text or ""):
            raise FormulaError(f"this formula does not become MathML: {tex!r}")
    told = unicodedata.normalize("NFKD", "".join(root.itertext()))
    shown = re.sub(r"\\(?:begin|end)\{\w+\}", "", written)
    shown = _COMMAND.sub(lambda found: found[1] if found[1] in FUNCTIONS else "", shown)
    went, came = (Counter(re.findall(r"[A-Za-z0-9]", words)) for words in (shown, told))
    if went != came:
        lost = "".join(sorted((went - came) + (came - went)))
        raise FormulaError(
            f"this formula does not become the same in MathML ({lost}): {tex!r}"
        )
