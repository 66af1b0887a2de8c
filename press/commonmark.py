"""MyST Markdown of the book's pages to the plain CommonMark that JupyterLab reads.

The directives and roles that pages use become words, links, quotations and headings. Anything else is an error with file
and line: a new directive needs a method `_do_<name>` here, a new role a method `_role_<name>`.
"""

import base64
import html
import mimetypes
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

from markdown_it.token import Token

from bonebook import tables

from . import myst, numbered, pages, sources, written
from .facts import Fact
from .myst import Directive, PageError, Role

# Where a role, a link, code, a formula, an escaped character or a comment stands in a block.
INLINE = re.compile(
    r"(?P<escape>\\[\\`*_{}\[\]()#+.!$<>|~-])"
    r"|(?:\{(?P<role>[A-Za-z][\w:-]*)\})?(?P<ticks>`+)(?!`)(?P<body>.+?)(?<!`)(?P=ticks)(?!`)"
    r"|(?P<math>\$(?![\s$])[^$]*?[^$\s]\$|\$[^$\s]\$)"
    r"|(?P<link>!?\[(?P<text>[^\[\]]*)\]\(<?(?P<target>[^()\s<>]*)>?\))"
    r"|(?P<comment><!--.*?-->)",
    re.S,
)
UNKNOWN = re.compile(r"\{[A-Za-z][\w:-]*\}`?|\{\{|\[\^")
TEACH = "teach press/commonmark.py one, or write it another way"


@dataclass
class Block:
    """What a role needs to know of the block that it stands in.

    where: text, table or heading; cited: the studies that the block links to anyway; inside: whether the role stands in
    brackets; joined: whether a letter follows it directly.
    """

    where: str
    cited: set[str] = field(default_factory=set)
    inside: bool = False
    joined: bool = False


class Converter:
    """One page on its way to plain Markdown.

    path: its file; root: the book's folder; address: where the book is published, with a slash at the end, or "".
    """

    def __init__(self, path: str | Path, root: Path = pages.ROOT, address: str = ""):
        self.path, self.root, self.address = Path(path), Path(root), address
        self.name = self.path.relative_to(self.root).as_posix()
        self.page = myst.read(self.path, self.name)
        place = pages.place(self.name.removesuffix(".md"), root)
        if place is None:
            raise PageError(f"{self.name}: only the page of a thread has a notebook.")
        self.place = place
        self.studies: dict[str, dict[str, str]] = {}  # the studies named so far
        self.labels = numbered.labels(self.name.removesuffix(".md"), root)

    def fail(self, line: int, reason: str) -> NoReturn:
        """Raise PageError with file and line."""
        raise PageError(f"{self.name}:{line}: {reason}")

    # Blocks

    def convert(self, text: str, line: int = 1) -> str:
        """The text as CommonMark; `line` is the line of the file on which it starts. Raises PageError."""
        lines, out, done = text.split("\n"), [], 0
        for token in myst.tokens(text):
            if token.map is None or token.map[0] < done:
                continue
            first, last = token.map
            new = self._block(token, "\n".join(lines[first:last]), line + first)
            if new is None:
                continue
            out += lines[done:first]
            out.append(new)
            if not lines[last - 1].strip():  # the block took a blank line with it
                out.append("")
            done = last
        out += lines[done:]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip("\n")

    def _block(self, token: Token, raw: str, line: int) -> str | None:
        """New text for the lines of one block; None to look inside it."""
        if token.type in ("front_matter", "myst_line_comment"):
            return ""
        if myst.is_directive(token):
            if token.level:
                self.fail(
                    line,
                    "a directive inside a list or a quotation cannot be converted.",
                )
            return self._run(myst.directive(token, line, self.name))
        if token.type == "fence":
            return raw
        if token.type == "math_block":
            return f"$${' '.join(token.content.split())}$$"
        if token.type in ("heading_open", "table_open"):
            return self.inline(raw, line, token.type.removesuffix("_open"))
        if token.type == "paragraph_open":
            return self.inline(raw, line)
        if token.type in ("colon_fence", "math_block_label", "myst_target"):
            self.fail(line, f"this block has no plain form; {TEACH}.")
        return None

    # Directives

    def _run(self, found: Directive) -> str:
        method = getattr(self, f"_do_{found.name.replace('-', '_')}", None)
        if method is None:
            self.fail(
                found.line,
                f"the directive {{{found.name}}} has no plain form; {TEACH}.",
            )
        return method(found)

    def quote(self, title: str, body: str, line: int) -> str:
        """A quotation with a bold heading; line: of the body's first line."""
        rows = [f"**{title}**", "", *self.convert(body, line).split("\n")]
        return "\n".join(f"> {row}".rstrip() for row in rows)

    def _do_figure(self, found: Directive) -> str:
        number = self.labels.get(found.label, "Figure")
        picture = self._picture(found.alt, found.argument, found.line)
        return f"{picture}\n\n**{number}.** {self.convert(found.body, found.inside)}"

    def _do_exercise_start(self, found: Directive) -> str:
        title = f"### {self.labels.get(found.label, 'Exercise')}"
        if found.argument:
            title += f" ({self.inline(found.argument, found.line, 'heading')})"
        return f"{title}\n"

    def _do_solution_start(self, found: Directive) -> str:
        if found.argument not in self.labels:
            self.fail(
                found.line,
                f"a solution to {found.argument!r}, and no exercise of this page has that label.",
            )
        return f"### Solution to {self.labels[found.argument].lower()}\n"

    def _do_exercise_end(self, _: Directive) -> str:
        return ""

    _do_solution_end = _do_exercise_end

    def _side(self, line: int) -> dict[str, Any]:
        try:
            return pages.side(self.place, self.root)
        except PageError as error:
            self.fail(line, str(error))

    def _do_page_head(self, found: Directive) -> str:
        side = self._side(found.line)
        minutes = pages.minutes(side["minutes"])
        try:
            day = pages.in_words(pages.checked(self.place, self.root))
        except PageError as error:
            self.fail(found.line, str(error))
        parts = [
            f"**{self.place.name}** · {self.place.entry['name']} · {minutes} to read · evidence checked to {day}"
        ]
        before = [self._before(path) for path in side["before"]]
        if before:
            parts.append(f"Worth reading first: {', '.join(before)}")
        parts.append("You will be able to:")
        objectives = [
            f"- {self.inline(text, found.line, 'heading')}"
            for text in side["objectives"]
        ]
        return "\n\n".join([*parts, "\n".join(objectives)])

    def _before(self, path: str) -> str:
        """A link to a page that is worth reading first, or the name of its thread if it is not written."""
        place = pages.place(path, self.root)
        name = place.entry["name"] if place else path
        return self._page_link(f"book/{path}.md", "") or name

    def _do_how_sure(self, found: Directive) -> str:
        try:
            sure = pages.how_sure(found.argument, found.body)
        except PageError as error:
            self.fail(found.line, str(error))
        title = "How sure are we?"
        if found.argument:
            level, marks, meaning = pages.level(found.argument)
            body = f"*{meaning}*\n\n{sure.rest}"
            return self.quote(f"{title} {level} {marks}", body, found.inside - 2)
        lines = []
        for grade in sure.grades:
            level, marks, _ = pages.level(grade.level)
            lines.append(f"- **{grade.outcome}**: {level} {marks}. {grade.why}")
        body = "\n".join(lines) + f"\n\n{sure.rest}"
        line = found.inside + sure.skipped - len(lines)
        return self.quote(title, body, line)

    def _do_in_one_breath(self, found: Directive) -> str:
        return self.quote("In one breath", found.body, found.inside)

    def _do_admonition(self, found: Directive) -> str:
        return self.quote(found.argument, found.body, found.inside)

    def _do_take_with_you(self, found: Directive) -> str:
        return self.quote("To take with you", found.body, found.inside)

    def _do_signs(self, found: Directive) -> str:
        try:
            signs = pages.signs(self.root)
        except PageError as error:
            self.fail(found.line, str(error))
        words = "\n\n".join([*signs.signs, *signs.tablet, signs.sources])
        return self.quote(signs.title, words, found.line)

    def _do_person(self, found: Directive) -> str:
        return self.quote(f"{found.argument} (invented)", found.body, found.inside)

    def _do_do_today(self, found: Directive) -> str:
        return self.quote("Something to do today", found.body, found.inside)

    def _do_check_yourself(self, found: Directive) -> str:
        out = []
        for count, question in enumerate(self._side(found.line)["questions"], 1):
            ask = self.inline(question["ask"], found.line, "heading")
            asked, answers = [], []
            for letter, option in zip("ABCD", question["options"], strict=False):
                text = self.inline(option["text"], found.line, "heading")
                verdict = "**Right.**" if option.get("right") else "✗"
                why = self.inline(option["why"], found.line)
                asked.append(f"- {letter}. {text}")
                answers.append(f"- {letter}. {verdict} {why}")
            out += [f"**{count}. {ask}**", "\n".join(asked)]
            out.append(fold("Answers", "\n".join(answers)))
        return "\n\n".join(out)

    def _do_explorable(self, found: Directive) -> str:
        title = found.argument.replace("-", " ").capitalize()
        moves = "buttons" if found.options.get("view") else "sliders"
        words = (
            f"On the page of the book a figure with {moves} stands here. "
            f"What its opening picture shows: {found.alt}"
        )
        return self.quote(title, f"{words}\n\n{found.body}", found.inside - 2)

    def _do_talk_form(self, _: Directive) -> str:
        return ""

    def _do_talk_topic(self, found: Directive) -> str:
        title = self.inline(found.options["title"], found.line, "heading")
        return f"### {title}\n\n{self.convert(found.body, found.inside)}\n"

    def _do_where_from(self, found: Directive) -> str:
        studies = sorted(self.studies.values(), key=lambda row: row["authors_year"])
        parts = [
            "\n".join(
                f"- {_link(sources.way(row), row['authors_year'])}: {row['name']}"
                for row in studies
            )
        ]
        claims = {row["id"]: row for row in tables.rows("claims")}
        wanted = found.body.partition("claims:")[2].split()
        if missing := [claim for claim in wanted if claim not in claims]:
            self.fail(found.inside, f"no such claim: {', '.join(missing)}.")
        if wanted:
            parts.append("Claims of the source documents that this page answers:")
            parts.append(
                "\n".join(
                    f"- {claims[claim]['claim']} ({claims[claim]['verdict']})"
                    for claim in wanted
                )
            )
        return "\n\n".join(filter(None, parts))

    # Inside a block

    def inline(self, text: str, line: int = 1, where: str = "text") -> str:
        """One block with its roles and links made plain. where: text, table or heading (no links in a heading)."""
        block = Block(where, set(_cited(text)))
        out, done = [], 0
        for match in INLINE.finditer(text):
            at = line + text.count("\n", 0, match.start())
            before = text[: match.start()]
            out.append(self._words(before[done:], at))
            done = match.end()
            if match["role"]:
                block.inside = before.count("(") > before.count(")")
                block.joined = text[done : done + 1].isalnum()
                out.append(self._role(match["role"], match["body"], at, block))
            elif match["link"]:
                out.append(self._follow(match, at, where))
            elif not match["comment"]:
                out.append(match[0])
        out.append(self._words(text[done:], line + text.count("\n", 0, done)))
        return "".join(out)

    def _words(self, text: str, line: int) -> str:
        if left := UNKNOWN.search(text):
            self.fail(line, f"what begins with {left[0]} has no plain form; {TEACH}.")
        return text

    def _role(self, name: str, body: str, line: int, block: Block) -> str:
        method = getattr(self, f"_role_{name.replace(':', '_')}", None)
        if method is None:
            self.fail(line, f"the role {{{name}}} has no plain form; {TEACH}.")
        return method(myst.role(name, body, line), block)

    def _role_fact(self, role: Role, block: Block) -> str:
        if role.target == role.words:
            self.fail(
                role.line,
                f"{{fact}}`{role.words}` names no row; write {{fact}}`number <id>`.",
            )
        try:
            return self._sourced(role, block, [written.check(role.words, role.target)])
        except written.FactError as error:
            self.fail(role.line, str(error))

    def _role_compare(self, role: Role, block: Block) -> str:
        try:
            return self._sourced(role, block, written.compare(role.words, role.target))
        except written.FactError as error:
            self.fail(role.line, str(error))

    def _sourced(self, role: Role, block: Block, found: list[Fact]) -> str:
        """The words of a role, with the studies behind its numbers where the block has not named them yet."""
        studies = [study for each in found for study in each.studies()]
        links = {study: self._study(study, role.line) for study in studies}
        new = [link for study, link in links.items() if study not in block.cited]
        if block.where != "text" or not new:
            return role.words
        block.cited.update(studies)
        listed = "; ".join(new)
        return f"{role.words}; {listed}" if block.inside else f"{role.words} ({listed})"

    def _role_cite_p(self, role: Role, block: Block) -> str:
        listed = "; ".join(self._cite(role, block))
        return listed if block.inside else f"({listed})"

    def _role_cite_t(self, role: Role, block: Block) -> str:
        *others, last = self._cite(role, block)
        return f"{', '.join(others)} and {last}" if others else last

    def _cite(self, role: Role, block: Block) -> list[str]:
        keys = _keys(role.target)
        links = [self._study(key, role.line) for key in keys]
        if block.where == "heading":
            return [self.studies[key]["authors_year"] for key in keys]
        return links

    def _role_term(self, role: Role, block: Block) -> str:
        if block.where == "heading" or block.joined:
            return role.words
        return f"_{role.words}_"

    def _role_given(self, role: Role, _: Block) -> str:
        return role.words

    def _role_data(self, role: Role, block: Block) -> str:
        if block.where == "heading":
            return role.words
        page = f"book/reference/data-dictionary.html#table-{role.target}"
        return _link(self.address and self.address + page, f"`{role.words}`")

    def _follow(self, match: re.Match[str], line: int, where: str) -> str:
        """A link: to another page of the book, to an address, or to a place on this page (words only)."""
        target = match["target"]
        if match["link"].startswith("!"):
            self.fail(
                line, "a picture inside a sentence; a picture stands in {figure}."
            )
        words = self.inline(match["text"], line, where)
        path, _, anchor = target.partition("#")
        if re.match(r"(https?|mailto):", target):
            link = _link(target, words or target)
        elif target.startswith("#") and words:
            link = words
        elif path.endswith(".md"):
            link = self._page_link(_join(self.name, path), words, anchor)
            if not link:
                self.fail(line, f"the link leads to {path}, and there is no such page.")
        else:
            self.fail(
                line, f"a link to {target!r} has no plain form; write [words](page.md)."
            )
        return words if where == "heading" else link

    def _page_link(self, path: str, words: str, anchor: str = "") -> str:
        """A link to another page: its notebook, its published form, or its name. Empty if there is no such page."""
        file = self.root / path
        if not file.exists():
            return ""
        words = words or myst.read(file).title
        place = pages.place(path.removesuffix(".md"), self.root)
        if place:
            return _link(f"../{place.path}.ipynb", words)
        page = f"{path.removesuffix('.md')}.html{anchor and '#' + anchor}"
        return _link(self.address and self.address + page, words)

    def _study(self, study: str, line: int) -> str:
        """A link to a study, which is then on the page's list of sources."""
        known = {row["id"]: row for row in tables.rows("studies")}
        if study not in known:
            self.fail(line, f"{study!r} is not in data/studies.csv.")
        self.studies[study] = known[study]
        return _link(sources.way(known[study]), known[study]["authors_year"])

    def _picture(self, alt: str, target: str, line: int) -> str:
        """A picture, carried inside the text: JupyterLab draws no SVG that is an attachment of a cell."""
        file = self.path.parent / target
        if not file.exists():
            self.fail(line, f"there is no picture {target}.")
        kind = mimetypes.guess_type(file.name)[0] or "image/png"
        data = base64.b64encode(file.read_bytes()).decode()
        return f'<img alt="{html.escape(alt)}" src="data:{kind};base64,{data}">'


def fold(title: str, body: str) -> str:
    """Text that opens on a click."""
    return f"<details>\n<summary>{title}</summary>\n\n{body}\n\n</details>"


def _link(address: str, words: str) -> str:
    return f"[{words}]({address})" if address else words


def _keys(text: str) -> list[str]:
    return [key.strip() for key in text.split(",")]


def _cited(text: str) -> list[str]:
    """The studies that the {cite} roles of a text name."""
    roles = myst.parse(text).roles
    cites = [role.target for role in roles if role.name.startswith("cite")]
    return [key for keys in cites for key in _keys(keys)]


def _join(name: str, path: str) -> str:
    """`book/intermediate/density.md` and `../reference/claims.md` to `book/reference/claims.md`"""
    parts = list(PurePosixPath(name).parent.parts)
    for part in PurePosixPath(path).parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
