"""Formulas become MathML when the book is built: all of each, drawn by the browser alone, readable on a phone."""

import re
import unicodedata
from functools import cache

import pytest
import yaml

from helpers import PAGES, PHONE, ROOT, nothing
from press.formulas import KNOWN, FormulaError, _words, mathml
from press.sphinx import look

FENCES = re.compile(r"^(`{3,})\{code-cell\}.*?^\1$", re.M | re.S)
FORMULA = re.compile(
    r"\$\$(.+?)\$\$|(?<![\\$])\$((?![\s$])[^$\n]*?[^$\s\\])\$(?!\d)", re.S
)


def strings(node):
    """All strings of what a YAML file holds."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for each in node.values() if isinstance(node, dict) else node:
            yield from strings(each)


@cache
def formulas():
    """(file, TeX, whether it stands on lines of its own) of every formula of pages and side files."""
    found = []
    for file in sorted((ROOT / "book").rglob("*")):
        if file.suffix not in (".md", ".yml"):
            continue
        text = file.read_text(encoding="utf-8")
        texts = [FENCES.sub("", text)]
        if file.suffix == ".yml":
            texts = list(strings(yaml.safe_load(text)))
        for each in texts:
            for block, line in FORMULA.findall(each):
                name = file.relative_to(ROOT).as_posix()
                found.append((name, block or line, bool(block)))
    return found


def test_every_formula_of_the_book_becomes_mathml():
    wrong = []
    for file, tex, display in formulas():
        try:
            mathml(tex, display)
        except FormulaError as error:
            wrong.append(f"{file}: {error}")
    nothing(wrong)
    assert len(formulas()) > 300


@pytest.mark.parametrize(
    "tex, told",
    [
        (r"\ddot x", "ddot"),
        (r"\begin{cases} a \end{cases}", "cases"),
        (r"\frac{a}{", "cannot be read"),
        (r"x \mathbb{R}", "mathbb"),
        ("1 \x07lpha", "written twice"),
        (r"a & b", "does not become MathML"),
        (r"a \\ b", "does not become MathML"),  # a new line outside of aligned
    ],
)
def test_what_cannot_be_drawn_is_told(tex, told):
    with pytest.raises(FormulaError, match=re.escape(told)):
        mathml(tex, True)


def test_a_letter_or_a_digit_that_is_lost_is_told(monkeypatch):
    """Whatever the library does with a formula: it has to bring all of it back."""
    from press import formulas

    kept = formulas._tidy

    def losing(root):
        kept(root)
        for number in root.iter("mn"):
            number.text = "0.1"

    monkeypatch.setattr(formulas, "_tidy", losing)
    with pytest.raises(FormulaError, match="the same"):
        formulas.mathml.__wrapped__("p = 0.101")


@pytest.mark.parametrize(
    "tex, holds, not_",
    [
        (r"a\pm b", "<mo>±</mo>", "<mi>±"),
        (r"\ln R", "<mi>ln</mi><mo>\u2061</mo>", "<mo>ln"),
        (r"\operatorname{diag}(w)", "<mi>diag</mi>", "<mo>diag"),
        (r"\mathrm{CL}", "<mi>CL</mi>", "<mi>C</mi>"),
        (r"a=-1", '<mo form="prefix">−</mo>', "linebreak"),
        (r"\begin{aligned}a&=1\\[4pt]b&=2\end{aligned}", "<mtable", "4pt"),
        (r"\text{95 \% interval}", "95\u00a0%\u00a0interval", "\\"),
        (r"\mathbf{1}", "\U0001d7cf", "mathvariant"),
        (r"x<y", "<mo>&lt;</mo>", "<mo><"),
    ],
)
def test_what_browsers_would_draw_otherwise_than_tex(tex, holds, not_):
    made = mathml(tex, True)
    assert holds in made and not_ not in made


def ranges(text):
    """The code points of a unicode-range."""
    for first, last in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", text):
        yield from range(int(first, 16), int(last or first, 16) + 1)


def drawn(character):
    """The character that is drawn for a name of one letter: an italic one."""
    for kind in ("SMALL", "CAPITAL"):
        name = unicodedata.name(character, "")
        found = re.fullmatch(rf"(LATIN|GREEK) {kind} LETTER (\w+)", name)
        if found and character != "h":
            return unicodedata.lookup(f"MATHEMATICAL ITALIC {kind} {found[2]}")
    return "\u210e" if character == "h" else character


def test_the_font_has_every_sign_of_the_formulas():
    """Cut to what the book writes: base.css says which signs it has."""
    face = next(
        each
        for each in re.findall(r"@font-face\s*\{[^}]*\}", look.sheet())
        if "STIX Two Math" in each
    )
    have = set(ranges(face))
    samples = [mathml(tex, display) for _, tex, display in formulas()]
    samples += [
        mathml(f"\\{each} x")
        for each in sorted(KNOWN)
        if each.isalpha() and each in PLAIN
    ]
    missing = set()
    for text in samples:
        for name in re.findall(r"<mi>([^<])</mi>", text):
            missing |= {drawn(name)} - set(map(chr, have))
        missing |= set(re.sub(r"<[^>]*>|&\w+;", "", text)) - set(map(chr, have))
    assert not missing, sorted(map(ascii, missing))


#: Commands that take nothing.
PLAIN = KNOWN - _words(
    "frac tfrac sqrt bar dot hat left right big mathrm mathbf text operatorname begin end"
)


def test_no_script_draws_formulas(built):
    """Each page that has formulas has MathML, none has TeX or MathJax, and the font lies there."""
    wrong, with_formulas = [], 0
    for page in PAGES:
        text = (built / f"{page}.html").read_text(encoding="utf-8")
        with_formulas += "<math" in text
        if re.search(r"mathjax|\\\(|\\\[|class=\"math[^>]*>\s*\\", text, re.I):
            wrong.append(page)
    assert wrong == [] and with_formulas > 20
    assert not list(built.rglob("*mathjax*"))
    assert (built / "_static/fonts/stix-two-math.woff2").exists()


#: Of each formula: how wide its box and itself are, where it begins, and whether something has been drawn.
BOXES = """() => [...document.querySelectorAll("div.math")].map((box) => {
    const [inner, outer] = [box.querySelector("math"), box].map((part) => part.getBoundingClientRect());
    return [inner.left - outer.left, inner.width, inner.height, getComputedStyle(box).overflowX];
})"""


def test_formulas_on_a_phone(visit):
    """The densest page: each formula begins in sight, what is too wide scrolls in its own box, the font has come."""
    page = visit(
        "book/reference/models", viewport=PHONE, has_touch=True, is_mobile=True
    )
    page.evaluate("() => document.fonts.ready")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    boxes = page.evaluate(BOXES)
    assert len(boxes) > 10
    for left, width, height, overflow in boxes:
        assert left >= -1 and width > 20 and height > 10 and overflow == "auto"
    assert any(width > PHONE["width"] for _, width, _, _ in boxes)
    assert any("stix-two-math" in url for url in page.asked)
    loaded = "[...document.fonts].some((f) => f.family.includes('STIX') && f.status === 'loaded')"
    assert page.evaluate(loaded)
