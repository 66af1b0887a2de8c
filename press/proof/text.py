"""What a reader meets in words, block by block, with the roles where they stand.

    for block in blocks("book/academic/bone"):
        for sentence in block.sentences():
            sentence.text       # "Clots came to 1.2 more per 1,000 woman-years ￼."
            sentence.roles      # Placed(start, end, Role): text[start:end] is what the role shows

A citation shows as one character, U+FFFC; a formula and code too. Nothing here needs Sphinx.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

import yaml
from markdown_it.token import Token

from press import myst, pages, yamls

#: What has no words of its own.
MARK = "\ufffc"
#: Fields of a side file that readers see, and the kind of their block.
SIDE = {"objectives": "objective", "ask": "ask", "text": "option", "why": "why"}
#: The same of what a teacher reads out or does.
SIDE |= {"discuss": "prompt", "do": "prompt", "look_for": "prompt"}
#: What the stations and cases of teach/ themselves say; no word of the woman, no mark of half an answer or of none.
TOLD = dict.fromkeys(("brief", "point", "full", "passes", "text", "task"), "told")
_END = re.compile(r"(?<=[.?!])[”\"')]*[\s\ufffc]+(?=[\"“(A-Z\d\ufffc])")
_SHORT = re.compile(r"\b(?:al|vs|e\.g|i\.e|St|Dr|Mr|Mrs|Fig|No|approx|[A-Z])\.$")


@dataclass(frozen=True)
class Placed:
    """A role and where its words stand in the text of a block: text[start:end]."""

    start: int
    end: int
    role: myst.Role


@dataclass(frozen=True)
class Block:
    """A paragraph, or a sentence of it.

    kind: prose, heading, table, caption, alt, objective, ask, option, why, prompt (for a class), title (of a box) or term (of
    the glossary).
    section: the words of the nearest heading of the first or second level above; "" in a side file.
    label: of the figure (caption, alt), id of the question (ask, option, why), the term (of the glossary); else "".
    """

    file: str
    line: int
    kind: str
    section: str
    text: str
    roles: tuple[Placed, ...] = ()
    label: str = ""

    def named(self, *names: str) -> tuple[Placed, ...]:
        """The roles that have one of these names; `cite` stands for all kinds of citation."""
        if not self.roles:
            return ()
        return tuple(p for p in self.roles if p.role.name.partition(":")[0] in names)

    def sentences(self) -> tuple["Block", ...]:
        """Its sentences, each a Block with its own line and roles."""
        return self._sentences

    @cached_property
    def _sentences(self) -> tuple["Block", ...]:
        """Kept, because most rules ask for them."""
        return tuple(self._parted())

    def _parted(self) -> Iterator["Block"]:
        start = 0
        for cut in [*_cuts(self.text), len(self.text)]:
            part = self.text[start:cut]
            left = start + len(part) - len(part.lstrip())
            if part.strip(f" \n{MARK}."):
                yield replace(
                    self,
                    line=self.line + self.text.count("\n", 0, left),
                    text=part.strip().replace("\n", " "),
                    roles=tuple(
                        Placed(p.start - left, p.end - left, p.role)
                        for p in self.roles
                        if start <= p.start < cut
                    ),
                )
            start = cut


def _cuts(text: str) -> Iterator[int]:
    for end in _END.finditer(text):
        if not _SHORT.search(text[: end.start()].rstrip("”\"')")):
            cut = end.end()
            # a citation behind the full stop belongs to the sentence before it
            while text[cut : cut + 1] in (MARK, " "):
                cut += 1
            yield cut


def blocks(page: str, root: Path = pages.ROOT) -> list[Block]:
    """Every block of a page (`book/academic/bone`), then of its side file and of its file in teach/, in their order.

    Of an assignment (`teach/assignments/fundamentals-thousand`), and of a list of teach/ (`teach/stations`) what it says itself.
    """
    if (root / f"{page}.yml").exists() and page.startswith("teach/"):
        listed = (root / f"{page}.yml").read_text(encoding="utf-8")
        return list(_listed(listed, f"{page}.yml"))
    source = (root / f"{page}.md").read_text(encoding="utf-8")
    beside = tuple(
        (name, (root / name).read_text(encoding="utf-8"))
        for name in pages.beside(page)
        if (root / name).exists()
    )
    return list(_blocks(page, source, beside))


def apart(one: str, other: str) -> tuple[str, str]:
    """The words of two texts around the first place where they differ."""
    first, second = one.split(), other.split()
    pairs = enumerate(zip(first, second, strict=False))
    shorter = min(len(first), len(second))
    at = next((place for place, (a, b) in pairs if a != b), shorter)
    around = slice(max(at - 3, 0), at + 4)
    return " ".join(first[around]), " ".join(second[around])


@lru_cache(maxsize=256)
def _blocks(
    page: str, text: str, beside: tuple[tuple[str, str], ...]
) -> tuple[Block, ...]:
    """Of a page from its texts, and from (name, text) of the files beside it; kept, because each rule asks for it."""
    found = list(_page(text, f"{page}.md"))
    for name, side in beside:
        found += list(_side(yamls.tree(side), name, "", ""))
    return tuple(found)


@lru_cache(maxsize=64)
def _listed(text: str, name: str) -> tuple[Block, ...]:
    """Of a list of teach/."""
    return tuple(_side(yamls.tree(text), name, "", "", TOLD))


def _page(text: str, name: str) -> Iterator[Block]:
    section = ""
    for token, line, where in _walk(text, name, 1, ""):
        if token.type == "inline":
            level = token.meta.get("heading")
            if level in ("1", "2"):
                section = myst.words(token)
            kind = "heading" if level else where or "prose"
            yield _block(token, name, line, kind, section)
            continue
        cell = myst.directive(token, line, name)
        for kind, words in (("caption", cell.caption), ("alt", cell.alt)):
            # the body of a still figure is its caption, and is walked as such
            if kind == "caption" and cell.name == "figure":
                continue
            for block in _parsed(words, name, line, kind):
                yield replace(block, section=section, label=cell.label)
        if cell.name == "glossary":
            for term in _terms(cell, name):
                yield replace(term, section=section)
        elif cell.name in ("admonition", "exercise-start", "important", "note", "tip"):
            for block in _parsed(cell.argument, name, line, "title"):
                yield replace(block, section=section)


def _walk(
    text: str, name: str, line: int, where: str
) -> Iterator[tuple[Token, int, str]]:
    """Inline tokens and directives in the order of the page, with their line and, inside a figure or table, its kind."""
    at, table = line, False
    for token in myst.tokens(text):
        if token.map:
            at = line + token.map[0]
        table = (table or token.type == "table_open") and token.type != "table_close"
        if token.type == "inline":
            yield token, at, "table" if table else where
        elif myst.is_directive(token):
            yield token, at, where
            found = myst.directive(token, at, name)
            inner = "caption" if found.name == "figure" else where
            if found.name not in (*myst.VERBATIM, "glossary", "where-from"):
                yield from _walk(found.body, name, found.inside, inner)


def _parsed(words: str, name: str, line: int, kind: str) -> Iterator[Block]:
    for token in myst.tokens(words):
        if token.type == "inline":
            yield _block(token, name, line, kind, "")


def _terms(cell: myst.Directive, name: str) -> Iterator[Block]:
    term = ""
    for count, row in enumerate(cell.body.split("\n")):
        if row and not row.startswith(" "):
            term = row.strip()
        elif row.strip():
            line = cell.inside + count
            for block in _parsed(row.strip(), name, line, "term"):
                yield replace(block, label=term)


def _side(
    node: yaml.Node | None,
    name: str,
    key: str,
    label: str,
    fields: dict[str, str] = SIDE,
) -> Iterator[Block]:
    if isinstance(node, yaml.MappingNode):
        own = {k.value: v.value for k, v in node.value if k.value == "id"}
        for field, child in node.value:
            yield from _side(child, name, field.value, own.get("id", label), fields)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _side(child, name, key, label, fields)
    elif isinstance(node, yaml.ScalarNode) and key in fields:
        line = node.start_mark.line + 1
        for block in _parsed(node.value, name, line, fields[key]):
            yield replace(block, label=label)


def _block(token: Token, name: str, line: int, kind: str, section: str) -> Block:
    """The block of an inline token."""
    text, roles, at = "", [], line
    for child in token.children or []:
        if child.type == "myst_role":
            role = myst.role(child.meta["name"], child.content, at)
            shown = MARK if role.name.startswith("cite") else role.words
            roles.append(Placed(len(text), len(text) + len(shown), role))
            text += shown
            at += child.content.count("\n")
        elif child.type in ("softbreak", "hardbreak"):
            text += "\n"
            at += 1
        elif child.type == "text":
            text += child.content
        elif child.content:
            text += MARK
    return Block(name, line, kind, section, text, tuple(roles))
