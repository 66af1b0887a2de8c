"""The numbers that are written on the pages, without a build: `python -m press.numbers`.

Each {fact} must agree with its row of data/, each {compare} with its two, each {data} must name a table, and any other
digit of the prose must be marked, unless ALLOWED says why it may stand. The build holds
the same rules, on what it draws (press.sphinx.facts).
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml
from markdown_it.token import Token

from bonebook import tables
from press import console, facts, myst, pages, written, yamls

_WHO = "(?:(?:such |of these )?(?:women|men|people)|person-years|woman-years)"
_MG = "(?:mg|µg|μg|IU|milligrams?|micrograms?|international units)"
_ARM = (
    rf"(?:\d{{1,3}}|\d,\d{{3}}|0\.\d+)(?: {_MG})?(?:, (?:and |or )?| and | or | to |–)"
)
ALLOWED = [  # (what may stand without a mark, why)
    (r"https?://\S+|\b10\.\d{4,}/\S+", "an address or a DOI"),
    (
        r"\b(?:19|20)\d\d\b(?![.,]?\d|\s*%| (?:mg|µg|IU|women|men|people|participants|patients|cases|events|trials|fractures|more|fewer)\b)",
        "a year",
    ),
    (
        rf"\b(?:{_ARM})*\d[\d,]*(?:\.\d+)? {_MG}\b(?!/[dm]?L| per d?L)",
        "a dose: it names an arm of a trial",
    ),
    (
        rf"\b(?:100|1,000|10,000) {_WHO}\b|\b(?:of|in|per|every) (?:100|1,000|10,000)\b(?![.,]\d)",
        "a denominator",
    ),
    (
        r"\b9[059] % (?:confidence |prediction |credible )?(?:intervals?|limits?|CIs?)\b",
        "the level of an interval",
    ),
    (
        r"\b(?:aged?|ages|older than|younger than) \d\d?(?:(?: to | and | or |–|-)\d\d?)?\b(?![.,]?\d|\s*%)",
        "an age",
    ),
    (
        r"\b\d\d?(?:(?: to | and | or |–|-)\d\d?)?[ -](?:years?|months?|weeks?)\b",
        "a span of time in whole years, months or weeks",
    ),
    (
        r"\b[A-Za-zα-ωΑ-Ω]+-?\d+[A-Za-zα-ω]*\d*\b(?![.,]\d)",
        "a name: vitamin D3, K2, CYP2D6, IL-6, AF-2, L1",
    ),
    (
        r"\b(?:17[αβ]|(?:1,)?25-?(?:hydroxy|dihydroxy|\(OH\)|OH))\w*",
        "a name: 17β-estradiol, 25-hydroxyvitamin D, 1,25(OH)2D3",
    ),
    (
        r"\b(?:phase|type|stage|helix|residue) \d+\b(?![.,]\d)",
        "a name: phase 3, helix 12",
    ),
    (r"\bParts? \d(?: and \d)?\b(?![.,]\d)", "a part of an assignment"),
    (
        r"\b(?:section|page|Fundamentals|Intermediate|Academic) [1-3]\.[1-9]\b",
        "a section of the book",
    ),
]
_ALLOWED = re.compile(
    r"(?<![\d.,])(?!(?<=[−-])\d)(?:"
    + "|".join(f"(?:{pattern})" for pattern, _ in ALLOWED)
    + ")"
)
_DIGIT = re.compile(r"[^\s(\[“\"]*\d(?:[^\s)\],;:”\"]*[^\s)\],;:.?!”\"])?")

# What a page shows of these comes from elsewhere, or is no prose.
_NOT_PROSE = {"code", "code-block", "math", "where-from"}
_SHOWN = {"objectives", "ask", "text", "why"}  # of a side file and of a file in teach/
_SHOWN |= {"discuss", "do", "look_for"}  # of a file in teach/
_TITLED = {"admonition", "exercise-start", "important", "note", "tip", "warning"}


def unmarked(text: str) -> list[re.Match]:
    """Matches of the numbers of a text that nothing allows; U+FFFC stands for what needs no mark."""
    kept = _ALLOWED.sub(lambda allowed: re.sub(r"\S", " ", allowed[0]), text)
    return list(_DIGIT.finditer(kept))


def no_source(text: str, found: re.Match) -> str:
    """What is said of an unmarked number, with the words around it."""
    around = text[max(found.start() - 40, 0) : found.end() + 30]
    around = " ".join(around.replace("\ufffc", "…").split())
    return (
        f'the number {found[0]} has no source: "{around}". '
        f"If a study found it, write {{fact}}`{found[0]} <id of its row in data/>`; "
        f"if it belongs to no study, {{given}}`{found[0]}`."
    )


def faults(page: str, root: Path = pages.ROOT) -> list[str]:
    """What is wrong with the numbers of a page (`book/academic/bone`), of its side file and of its file in teach/, with file and line."""
    strict = page == "book/index" or page.startswith(
        ("teach/", *(f"book/{tier}/" for tier in pages.TIERS))
    )
    found: list[str] = []
    for name, line, text in _texts(root, page):
        found += _roles(text, name, line)
        for token, at in _blocks(text, name, line) if strict else ():
            words = _words(token)
            found += [
                f"{name}:{at + words.count(chr(10), 0, number.start())}: {no_source(words, number)}"
                for number in unmarked(words)
            ]
    return found


def _texts(root: Path, page: str) -> Iterator[tuple[str, int, str]]:
    """The page, then what its side file and its file in teach/ show: (file, first line, MyST)."""
    yield f"{page}.md", 1, (root / f"{page}.md").read_text(encoding="utf-8")
    for name in pages.beside(page):
        if (root / name).exists():
            node = yamls.tree((root / name).read_text(encoding="utf-8"))
            for words in _shown(node):
                yield name, words.start_mark.line + 1, words.value


def _shown(node: yaml.Node | None, key: str = "") -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.MappingNode):
        for name, child in node.value:
            yield from _shown(child, name.value)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _shown(child, key)
    elif isinstance(node, yaml.ScalarNode) and key in _SHOWN:
        yield node


def _roles(text: str, name: str, line: int) -> Iterator[str]:
    for role in myst.parse(text, name).roles:
        where = f"{name}:{line + role.line - 1}"
        try:
            if role.name == "fact" and role.words == role.target:
                yield (
                    f"{where}: {role.words!r} names no row; "
                    "it is written {fact}`+1.28 % <id>`."
                )
            elif role.name == "fact":
                written.check(role.words, role.target)
            elif role.name == "compare":
                written.compare(role.words, role.target)
            elif role.name == "data" and role.target not in tables.tables():
                names = ", ".join(tables.tables())
                yield f"{where}: there is no table {role.target!r}; the tables are {names}."
        except facts.FactError as error:
            yield f"{where}: {error}"


def _blocks(text: str, name: str, line: int = 1) -> Iterator[tuple[Token, int]]:
    """The paragraphs, headings, cells of tables and captions of a page, each with its line."""
    at = line
    for token in myst.tokens(text):
        if token.map:
            at = line + token.map[0]
        if token.type == "inline":
            yield token, at
        elif myst.is_directive(token):
            found = myst.directive(token, at, name)
            if found.name == "code-cell":
                yield from _blocks(found.caption, name, at)
            elif found.name not in _NOT_PROSE:
                if found.name in _TITLED:
                    yield from _blocks(found.argument, name, at)
                yield from _blocks(found.body, name, found.inside)


def _words(inline: Token) -> str:
    """The words of a block; U+FFFC for roles, code, formulas, pictures and addresses."""
    parts = []
    for token in inline.children or []:
        if token.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif token.type == "text":
            parts.append(token.content)
        elif token.content:
            parts.append("\ufffc")
    return "".join(parts)


def main() -> int:
    """Print the faults of every page; 1 if there are any, else 0."""
    found = [fault for page in pages.contents() for fault in faults(page)]
    print("\n".join(found) or "Every number of the prose agrees with data/.")
    return bool(found)


if __name__ == "__main__":
    console.speak()
    sys.exit(main())
