"""One reader of a page's source.

    page = myst.read("book/academic/bone.md")    # or myst.parse(text, "name for errors")
    page.front         front matter, a dictionary
    page.title         the first heading as words
    page.headings      Heading(level, words, line)
    page.directives    Directive(name, argument, options, body, line, ...), those inside others too
    page.cells         the directives named code-cell: `body` is the code
    page.roles         Role(name, words, target, line), those in captions too, none in code
    page.prose         the sentences: no code, formulas, tables, headings or captions

Lines count from 1, as an editor shows them. The blocks and the inline markup are found by markdown-it with the plugins
that myst-parser itself uses; Sphinx is not needed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from press import yamls

MARKDOWN = (
    MarkdownIt("commonmark")
    .enable("table")
    .use(front_matter_plugin)
    .use(colon_fence_plugin)
    .use(myst_block_plugin)
    .use(myst_role_plugin)
    .use(dollarmath_plugin, allow_labels=True)
)
FENCES = ("fence", "colon_fence")
VERBATIM = ("code-cell", "code", "code-block", "math")  # their body is no Markdown
# What a reader of the prose passes over: captions of still figures, lists of claims.
NOT_PROSE = (*VERBATIM, "figure", "image", "where-from", "bibliography")


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[Token, ...]:
    """What markdown-it makes of a text, kept, because a page is walked for its cells, its prose and its roles; for looking only.

    A heading's words have its level: `.meta["heading"]`, "1" for the title.
    """
    found = MARKDOWN.parse(text)
    for before, token in pairwise(found):
        if before.type == "heading_open":
            token.meta["heading"] = before.tag[1]
    return tuple(found)


class PageError(ValueError):
    """A page or a file about pages is not as it should be.

    The message names file, line or field, and the reason; one fault a line.
    """


ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Role:
    """{name}`words <target>`; without angle brackets the target is the words.

    line: of the file; in a caption that stands among the options of a cell, the cell's.
    """

    name: str
    words: str
    target: str
    line: int


@dataclass(frozen=True)
class Heading:
    """level: 1 for the title; words: roles and markup made words."""

    level: int
    words: str
    line: int


@dataclass(frozen=True)
class Directive:
    """One directive; of a code cell, the body is the code.

    options: as YAML reads them. line: of the opening fence; inside: of the body's first line; last: of the closing
    fence. depth: 0 on the page itself, 1 inside another directive.
    """

    name: str
    argument: str
    options: dict[str, Any] = field(repr=False)
    body: str = field(repr=False)
    line: int
    inside: int
    last: int
    depth: int

    @property
    def caption(self) -> str:
        """The caption of a figure, in MyST; empty where there is none."""
        if self.name == "figure":
            return self.body
        return self._figure("figure", "caption")

    @property
    def label(self) -> str:
        """The name by which text refers to a figure or an exercise."""
        own = self.options.get("label") or self.options.get("name")
        return str(own or self._figure("figure", "name"))

    @property
    def alt(self) -> str:
        """The figure in words, on one line; empty where there is none."""
        found = self.options.get("alt") or self._figure("image", "alt")
        return " ".join(str(found).split())

    @property
    def tags(self) -> list[str]:
        """The tags of a cell."""
        return list(self.options.get("tags") or [])

    def _figure(self, part: str, name: str) -> str:
        options = self.options.get("mystnb") or {}
        return str((options.get(part) or {}).get(name) or "").strip()


@dataclass(frozen=True)
class Page:
    """What stands in the source of a page; name: the file, for messages."""

    name: str
    text: str

    @cached_property
    def _blocks(self) -> list[tuple[Token, int, int]]:
        return list(_walk(self.text, self.name, 1, 0))

    @cached_property
    def front(self) -> dict[str, Any]:
        """The front matter."""
        for token in tokens(self.text)[:1]:
            if token.type == "front_matter":
                return _yaml(token.content, f"{self.name}:1: the front matter")
        return {}

    @cached_property
    def directives(self) -> tuple[Directive, ...]:
        """Every directive in the order of the page."""
        return tuple(
            directive(token, line, self.name, depth)
            for token, line, depth in self._blocks
            if is_directive(token)
        )

    @property
    def cells(self) -> tuple[Directive, ...]:
        """The code cells in the order of the page."""
        return self.named("code-cell")

    def named(self, *names: str) -> tuple[Directive, ...]:
        """The directives that have one of these names."""
        return tuple(found for found in self.directives if found.name in names)

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """Every heading in the order of the page."""
        return tuple(
            Heading(int(token.meta["heading"]), words(token), line)
            for token, line, _ in self._blocks
            if token.meta.get("heading")
        )

    @property
    def title(self) -> str:
        """The first heading as words; the name of the file where there is none."""
        return self.headings[0].words if self.headings else Path(self.name).stem

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        """Every role in the order of the page."""
        found: list[Role] = []
        for token, line, depth in self._blocks:
            if token.type == "inline":
                found += _roles(token, line)
            elif is_directive(token):
                cell = directive(token, line, self.name, depth)
                if cell.name == "code-cell":
                    found += [
                        replace(each, line=line)
                        for each in parse(cell.caption, self.name).roles
                    ]
        return tuple(found)

    @cached_property
    def prose(self) -> str:
        """The sentences of the page, a paragraph a line, each with an end; citations left out, a formula read as x."""
        return "\n".join(
            block if block[-1] in ".?!:" else f"{block}."
            for block in _prose(self.text, self.name)
            if block
        )


def read(path: str | Path, name: str = "") -> Page:
    """The page in a file; name: what messages call it, its path in the repository when left out. Raises PageError as it is looked into."""
    path = Path(path)
    if not name:
        inside = path.is_absolute() and path.is_relative_to(ROOT)
        name = path.relative_to(ROOT).as_posix() if inside else str(path)
    return parse(path.read_text(encoding="utf-8"), name)


@lru_cache(maxsize=256)
def parse(text: str, name: str = "the text") -> Page:
    """A page from its text, as `read` gives it."""
    return Page(name, text)


def plain(text: str) -> str:
    """One string of MyST as words."""
    return " ".join(words(token) for token in tokens(text) if token.type == "inline")


def words(inline: Token, cited: bool = True) -> str:
    """The words of an inline token: roles and links as their words, formulas as written. cited: whether citations count."""
    parts = []
    for token in inline.children or []:
        if token.type == "myst_role":
            if cited or not token.meta["name"].startswith("cite"):
                parts.append(role(token.meta["name"], token.content, 0).words)
        elif token.type == "math_inline":
            parts.append(f"${token.content}$" if cited else "x")
        elif token.type == "image":
            parts.append(words(token, cited))
        elif token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts)


def is_directive(token: Token) -> bool:
    """Whether a block is a directive: a fence of backticks or colons with a name in braces."""
    return token.type in FENCES and token.info.strip().startswith("{")


def directive(token: Token, line: int, name: str, depth: int = 0) -> Directive:
    """The directive of a fence whose opening stands on `line` of the file `name`. Raises PageError."""
    found = re.match(r"\{([\w:-]+)\}\s*(.*)$", token.info.strip())
    if not found:
        raise PageError(f"{name}:{line}: {token.info!r} is not a directive.")
    rows = token.content.split("\n")
    if rows[0].strip() == "---":
        ends = [count for count, row in enumerate(rows) if row.strip() == "---"]
        if len(ends) < 2:
            raise PageError(f"{name}:{line}: the options of {{{found[1]}}} do not end.")
        header, used = rows[1 : ends[1]], ends[1] + 1
    else:
        used = 0
        while used < len(rows) and re.match(r"\s*:[\w-]+:", rows[used]):
            used += 1
        header = [re.sub(r"^\s*:([\w-]+):", r"\1:", row) for row in rows[:used]]
    options = _yaml("\n".join(header), f"{name}:{line}: the options of {{{found[1]}}}")
    while used < len(rows) and not rows[used].strip():
        used += 1
    first, end = token.map or (0, 0)
    return Directive(
        name=found[1],
        argument=found[2].strip(),
        options=options,
        body="\n".join(rows[used:]).strip("\n"),
        line=line,
        inside=line + 1 + used,
        last=line + end - first - 1,
        depth=depth,
    )


@lru_cache(maxsize=2048)
def _fields(text: str) -> Any:
    """Kept, because each directive of a page is looked at for its words, its cells and its roles."""
    return yamls.read(text) or {}


def _yaml(text: str, what: str) -> dict[str, Any]:
    try:
        found = _fields(text) if text else {}
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or error
        raise PageError(f"{what} cannot be read: {problem}.") from None
    if not isinstance(found, dict):
        raise PageError(f"{what} cannot be read: names and values are needed.")
    return found


def _walk(
    text: str, name: str, line: int, depth: int
) -> Iterator[tuple[Token, int, int]]:
    """Inline tokens and directives with their line and depth, those inside directives after them."""
    at = line
    for token in tokens(text):
        if token.map:
            at = line + token.map[0]
        if token.type == "inline":
            yield token, at, depth
        elif is_directive(token):
            yield token, at, depth
            found = directive(token, at, name)
            if found.name not in VERBATIM:
                yield from _walk(found.body, name, found.inside, depth + 1)


def _roles(inline: Token, line: int) -> Iterator[Role]:
    for token in inline.children or []:
        if token.type == "myst_role":
            yield role(token.meta["name"], token.content, line)
            line += token.content.count("\n")
        elif token.type in ("softbreak", "hardbreak"):
            line += 1


def role(name: str, content: str, line: int) -> Role:
    """The role {name}`content`."""
    content = " ".join(content.split())
    found = re.fullmatch(r"(.*?)\s*<([^<>]+)>", content)
    shown, target = (found[1], found[2]) if found else (content, content)
    return Role(name, shown, target, line)


def _prose(text: str, name: str) -> Iterator[str]:
    """The paragraphs as words on one line; the items of a list without blank lines are one paragraph."""
    found, items = tokens(text), []
    for place, token in enumerate(found):
        if token.type == "paragraph_open":
            block = " ".join(words(found[place + 1], cited=False).split())
            # where a citation is left out, its full stop is no word of its own
            block = re.sub(r" (?=[.,;:?!)](?: |$))", "", block)
            if token.hidden:
                items.append(block)
            else:
                yield block
        elif token.type.endswith("_list_close") and token.level == 0:
            yield " ".join(items)
            items = []
        elif is_directive(token):
            inside = directive(token, 0, name)
            if inside.name not in NOT_PROSE:
                yield from _prose(inside.body, name)
