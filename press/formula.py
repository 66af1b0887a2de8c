r"""Short formulas as words: what a learning platform, a card or a sheet of paper can show without TeX.

    formula(r"G\tau_F")   # -> Formula(html="<i>G</i><i>τ</i><sub><i>F</i></sub>", plain="Gτ_F")

HTML needs no more than i, sub and sup, which every importer keeps. Plain text has Unicode's small figures where there are any.
What is not known here is refused, so that no backslash reaches a learner.
"""

import re
from dataclasses import dataclass
from html import escape

_SYMBOLS = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "Delta": "Δ",
    "epsilon": "ε",
    "theta": "θ",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "Sigma": "Σ",
    "tau": "τ",
    "chi": "χ",
    "infty": "∞",
    "cdot": "·",
    "ldots": "…",
    "%": "%",
    "circ": "°",
    ",": " ",
    ";": " ",
    " ": " ",
    "quad": " ",
    "!": "",
    "left": "",
    "right": "",
    "ln": "ln ",
    "log": "log ",
    "exp": "exp ",
    "{": "{",
    "}": "}",
}
_BETWEEN = {"times": "×", "pm": "±", "approx": "≈", "sim": "~", "to": "→"}
_BETWEEN |= {"le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠"}
_SPACED = "=<>+×±≈~→≤≥≠"
_UP = dict(zip("0123456789+−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True))
_DOWN = dict(zip("0123456789+−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|[\d.,]+|.", re.S)


@dataclass(frozen=True)
class Formula:
    """The same formula as HTML and as plain text."""

    html: str
    plain: str

    def __add__(self, other: "Formula") -> "Formula":
        return Formula(self.html + other.html, self.plain + other.plain)


class FormulaError(ValueError):
    """The formula holds something that has no plain form; the message names it."""


def formula(tex: str) -> Formula:
    """A formula of TeX as HTML and as plain text. Raises FormulaError."""
    tokens = [each for each in _TOKEN.findall(tex) if each.strip()]
    found = _row(tokens, tex)
    if tokens:
        raise FormulaError(f"the formula ${tex}$ closes a brace that it did not open.")
    return Formula(_tidy(found.html), _tidy(found.plain))


def _row(tokens: list[str], tex: str) -> Formula:
    """What stands up to a closing brace or to the end; takes it from the tokens."""
    row, before = Formula("", ""), ""
    while tokens and tokens[0] != "}":
        token = tokens.pop(0)
        if token in "^_":
            row += _raised(token, _one(tokens, tex))
        elif token == "-" and (not before or before in "([{=<>,+×"):
            row += Formula("−", "−")
        elif token == "-":
            row += Formula(" − ", " − ")
        else:
            row += _token(token, tokens, tex)
        before = token
    return row


def _one(tokens: list[str], tex: str) -> Formula:
    """The next group in braces, or the next token."""
    if not tokens:
        raise FormulaError(f"the formula ${tex}$ breaks off.")
    token = tokens.pop(0)
    return _token(token, tokens, tex)


def _token(token: str, tokens: list[str], tex: str) -> Formula:
    name = token[1:]
    if token == "{":
        found = _row(tokens, tex)
        if not tokens:
            raise FormulaError(f"the formula ${tex}$ leaves a brace open.")
        tokens.pop(0)
        return found
    if token in (r"\frac", r"\tfrac", r"\dfrac"):
        over, under = _grouped(_one(tokens, tex)), _grouped(_one(tokens, tex))
        return over + Formula("/", "/") + under
    if token == r"\sqrt":
        return Formula("√", "√") + _grouped(_one(tokens, tex))
    if token in (r"\text", r"\mathrm", r"\operatorname", r"\mathit"):
        found = _one(tokens, tex)
        return Formula(re.sub("</?i>", "", found.html), found.plain)
    if name in _BETWEEN and token[0] == "\\":
        return _plainly(f" {_BETWEEN[name]} ")
    if token[0] == "\\":
        if name not in _SYMBOLS:
            raise FormulaError(
                f"{token} in the formula ${tex}$ has no plain form; teach press/formula.py one, or write it in words."
            )
        symbol = _SYMBOLS[name]
        lower = symbol.isalpha() and len(symbol) == 1
        return Formula(f"<i>{symbol}</i>", symbol) if lower else _plainly(symbol)
    if token in _SPACED:
        return _plainly(f" {token} ")
    if token.isalpha():
        return Formula(f"<i>{token}</i>", token)
    return _plainly(", " if token == "," else token)


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
        plain = f"{mark}{text}" if len(text) == 1 else f"{mark}({text})"
    return Formula(f"<{tag}>{part.html.strip()}</{tag}>", plain)


def _tidy(text: str) -> str:
    return re.sub(r"  +", " ", text).strip()
