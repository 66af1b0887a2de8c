"""MyST Markdown of the book's pages to the plain CommonMark that JupyterLab reads.

Roles and directives that the book uses become words, links, quotations and headings; one that is not known here is an error with
file and line. No Sphinx: markdown-it finds the blocks, the roles are found inside them.
"""

import base64
import html
import mimetypes
import re
from pathlib import Path, PurePosixPath

import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin

from bonebook import tables

from . import facts, pages

BLOCKS = (
    MarkdownIt("commonmark")
    .enable("table")
    .use(front_matter_plugin)
    .use(colon_fence_plugin)
    .use(myst_block_plugin)
    .use(deflist_plugin)
    .use(dollarmath_plugin, allow_labels=True)
    .disable("inline", True)
)
ADMONITIONS = (
    "note",
    "tip",
    "hint",
    "important",
    "warning",
    "caution",
    "attention",
    "danger",
    "error",
    "seealso",
)
INLINE = re.compile(
    r"(?P<escape>\\[\\`*_{}\[\]()#+.!$<>|~-])"
    r"|(?:\{(?P<role>[A-Za-z][\w:-]*)\})?(?P<ticks>`+)(?!`)(?P<body>.+?)(?<!`)(?P=ticks)(?!`)"
    r"|(?P<math>\$\$.+?\$\$|\$(?![\s$])[^$]*?[^$\s]\$|\$[^$\s]\$)"
    r"|(?P<html><!--.*?-->)",
    re.S,
)
LINK = re.compile(
    r"(?P<bang>!?)\[(?P<text>[^\[\]]*)\]\(<?(?P<target>[^()\s<>]*)>?(?:\s+\"[^\"]*\")?\)(?P<attributes>\{[^{}`]*\})?"
)
HELD = re.compile("\ue000(\\d+)\ue001")


class ConversionError(ValueError):
    """A page cannot be turned into plain Markdown; the message is `file:line: reason`."""


class Page:
    """One page on its way to plain Markdown.

    path: its file; root: the book's folder; address: where the book is published, with a slash at the end, or "".
    """

    def __init__(self, path, root=pages.ROOT, address=""):
        self.path, self.root, self.address = Path(path), Path(root), address
        self.name = self.path.relative_to(self.root).as_posix()
        self.place = pages.place(self.name.removesuffix(".md"), root)
        self.studies = {}  # studies named so far
        self.labels, self.notes, self.counts = {}, {}, {}
        text = self.path.read_text(encoding="utf-8")
        self.title = "this page"
        self._collect(text, 1)

    def fail(self, line, reason):
        raise ConversionError(f"{self.name}:{line}: {reason}")

    # What can be referred to: figures, exercises, tables, formulas, headings.

    def _count(self, kind, label):
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if label:
            self.labels[label] = f"{kind} {self.counts[kind]}"
        return f"{kind} {self.counts[kind]}"

    def _collect(self, text, line):
        tokens, target = BLOCKS.parse(text), None
        for place, token in enumerate(tokens):
            if token.type == "myst_target":
                target = token.content
                continue
            if token.type == "heading_open":
                words = re.sub(
                    r"\{[^}]*\}`([^`<]*?)\s*(?:<[^>]*>)?`",
                    r"\1",
                    tokens[place + 1].content,
                )
                if token.tag == "h1" and self.title == "this page":
                    self.title = words
                for label in filter(None, (target, _slug(words))):
                    self.labels.setdefault(label, words)
            if token.type in ("fence", "colon_fence") and token.info.startswith("{"):
                name, _, options, body, _ = self._directive(token, line)
                label = str(options.get("label") or options.get("name") or target or "")
                figure = (
                    (options.get("mystnb") or {}).get("figure")
                    if name == "code-cell"
                    else None
                )
                if figure:
                    self._count("Figure", figure.get("name"))
                elif name in ("figure", "table", "list-table"):
                    self._count("Figure" if name == "figure" else "Table", label)
                elif name in ("exercise", "exercise-start"):
                    self._count("Exercise", label)
                elif name == "math" and label:
                    self._count("Formula", label)
                if name not in ("code-cell", "code-block", "code", "math"):
                    self._collect(body, line)
            elif token.type == "math_block_label":
                self._count("Formula", token.info)
            if token.level == 0 and token.nesting >= 0:
                target = None

    # Blocks

    def convert(self, text, line=1):
        """The text as CommonMark; `line` is the line of the file on which it starts. Raises ConversionError."""
        lines, out, done = text.split("\n"), [], 0
        tokens = BLOCKS.parse(text)
        for place, token in enumerate(tokens):
            if token.map is None or token.map[0] < done:
                continue
            first, last = token.map
            new = self._block(
                token, tokens[place:], "\n".join(lines[first:last]), line + first
            )
            if new is None:
                continue
            out += lines[done:first]
            out += (
                [new, ""]
                if new and not lines[last - 1].strip()
                else [new]
                if new or not out or out[-1].strip()
                else []
            )
            done = last
        out += lines[done:]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip("\n")

    def _block(self, token, tokens, raw, line):
        """New text for the lines of one block; None to look inside it."""
        kind = token.type
        if kind in (
            "myst_target",
            "myst_line_comment",
            "myst_block_break",
            "front_matter",
        ):
            return ""
        if kind in ("fence", "colon_fence"):
            if not token.info.startswith("{"):
                if kind == "colon_fence":
                    self.fail(
                        line,
                        f"a block that starts with ::: needs the name of a directive in braces, not {token.info!r}.",
                    )
                return raw
            if raw.lstrip().startswith(">"):
                self.fail(line, "a directive inside a quotation cannot be converted.")
            head = re.match(r"(?P<bullet>\s*(?:[-*+]|\d+[.)])\s+)?(?P<indent>\s*)", raw)
            bullet = head["bullet"] or ""
            indent = " " * len(bullet) + head["indent"]
            return (
                bullet
                + _indent(self._run(token, line), indent).removeprefix(
                    " " * len(bullet)
                )
                if bullet
                else _indent(self._run(token, line), indent)
            )
        if kind in ("math_block", "math_block_label"):
            return _indent(
                self._formula(
                    token.content, token.info if kind == "math_block_label" else ""
                ),
                re.match(r"\s*", raw)[0],
            )
        if kind == "heading_open":
            return self.inline(raw, line, "heading")
        if kind == "table_open":
            return self.inline(raw, line, "table")
        if kind == "dl_open":
            return self._definitions(tokens, line)
        if kind == "paragraph_open":
            return self.inline(raw, line)
        return None

    def _definitions(self, tokens, line):
        out = []
        for place, token in enumerate(tokens):
            if token.type == "dl_close":
                break
            if token.type == "dt_open":
                out.append(
                    f"- **{self.inline(tokens[place + 1].content, line, 'heading')}**"
                )
            if token.type == "inline" and tokens[place - 1].type == "paragraph_open":
                out[-1] += ": " * (": " not in out[-1][-2:]) + self.inline(
                    token.content, line + token.map[0] - tokens[0].map[0]
                ).replace("\n", " ")
            if token.type in ("fence", "colon_fence", "bullet_list_open"):
                self.fail(
                    line,
                    "a definition list that holds more than words cannot be converted.",
                )
        return "\n".join(out)

    def _formula(self, content, label=""):
        tag = (
            f" \\tag{{{self.labels[label].split()[-1]}}}"
            if label in self.labels
            else ""
        )
        return f"$${' '.join(content.split())}{tag}$$"

    # Directives

    def _directive(self, token, line):
        """name, argument, options, body, and the body's first line of a directive."""
        start = line + token.map[0]
        found = re.match(r"\{([\w:-]+)\}\s*(.*)$", token.info.strip())
        if not found:
            self.fail(start, f"{token.info!r} is not a directive.")
        rows, header = token.content.split("\n"), []
        if rows and rows[0].strip() == "---":
            end = next(
                (n for n, row in enumerate(rows[1:], 1) if row.strip() == "---"),
                len(rows),
            )
            header, rows, used = rows[1:end], rows[end + 1 :], end + 1
        else:
            while rows and re.match(r"\s*:[\w-]+:", rows[0]):
                header.append(re.sub(r"^\s*:([\w-]+):", r"\1:", rows.pop(0)))
            used = len(header)
        try:
            options = yaml.safe_load("\n".join(header)) or {}
        except yaml.YAMLError as error:
            self.fail(
                start,
                f"the options of {{{found[1]}}} cannot be read: {getattr(error, 'problem', error)}.",
            )
        blank = next((n for n, row in enumerate(rows) if row.strip()), 0)
        return (
            found[1],
            found[2].strip(),
            options,
            "\n".join(rows[blank:]).strip("\n"),
            start + 1 + used + blank,
        )

    def _run(self, token, line):
        name, argument, options, body, inside = self._directive(
            token, line - token.map[0]
        )
        method = getattr(self, "_do_" + name.replace("-", "_").replace(":", "_"), None)
        if method:
            return method(argument, options, body, inside)
        if name in ADMONITIONS:
            return self.quote(
                {"seealso": "See also"}.get(name, name.capitalize()),
                "\n\n".join(filter(None, (argument, body))),
                inside,
            )
        self.fail(
            line,
            f"the directive {{{name}}} has no plain form; teach press/commonmark.py one, or write it another way.",
        )

    def quote(self, title, body, line):
        """A quotation with a bold heading."""
        text = self.convert(body, line)
        return "\n".join(
            f"> {row}".rstrip()
            for row in [
                *([f"**{self.inline(title, line, 'heading')}**", ""] if title else []),
                *text.split("\n"),
            ]
        )

    def _do_admonition(self, argument, options, body, line):
        return self.quote(argument, body, line)

    def _do_epigraph(self, argument, options, body, line):
        return self.quote("", body, line)

    def _do_dropdown(self, argument, options, body, line):
        return fold(
            self.inline(argument or "More", line, "heading"), self.convert(body, line)
        )

    def _do_tab_set(self, argument, options, body, line):
        return self.convert(body, line)

    def _do_tab_item(self, argument, options, body, line):
        return f"**{self.inline(argument, line, 'heading')}**\n\n{self.convert(body, line)}"

    _do_margin = _do_sidebar = _do_topic = _do_admonition
    _do_grid = _do_div = _do_tab_set

    def _do_math(self, argument, options, body, line):
        return self._formula(f"{argument} {body}", options.get("label", ""))

    def _do_code_block(self, argument, options, body, line):
        return f"```{argument}\n{body}\n```"

    _do_code = _do_code_block

    def _do_image(self, argument, options, body, line):
        return self._picture(str(options.get("alt", "")), argument, line)

    def _do_figure(self, argument, options, body, line):
        number = self.labels.get(options.get("name"), "Figure")
        return f"{self._picture(str(options.get('alt', '')), argument, line)}\n\n**{number}.** {self.convert(body, line)}"

    def _do_table(self, argument, options, body, line):
        return self._caption(argument, options, line) + self.convert(body, line)

    def _caption(self, argument, options, line):
        return (
            f"**{self.labels.get(options.get('name'), 'Table')}.** {self.inline(argument, line)}\n\n"
            if argument
            else ""
        )

    def _do_list_table(self, argument, options, body, line):
        rows, row = [], None
        for token in BLOCKS.parse(body):
            if token.type == "list_item_open" and token.level == 1:
                row = rows.append([]) or rows[-1]
            elif token.type == "list_item_open" and token.level == 3:
                row.append("")
            elif token.type == "inline":
                row[-1] = (
                    f"{row[-1]} {self.inline(token.content, line, 'table')}".strip().replace(
                        "\n", " "
                    )
                )
        if not int(options.get("header-rows", 0)):
            rows.insert(0, [""] * len(rows[0]))
        lines = [f"| {' | '.join(cells)} |" for cells in rows]
        return self._caption(argument, options, line) + "\n".join(
            [lines[0], "|" + "---|" * len(rows[0]), *lines[1:]]
        )

    def _do_exercise(self, argument, options, body, line):
        title = f" ({self.inline(argument, line, 'heading')})" if argument else ""
        text = self.convert(body, line)
        return f"### {self.labels.get(str(options.get('label')), 'Exercise')}{title}\n\n{text}"

    _do_exercise_start = _do_exercise

    def _do_solution_start(self, argument, options, body, line):
        if argument not in self.labels:
            self.fail(
                line,
                f"a solution to {argument!r}, and no exercise of this page has that label.",
            )
        text = self.convert(body, line)
        return f"### Solution to {self.labels[argument].lower()}\n\n{text}"

    def _do_solution(self, argument, options, body, line):
        if "dropdown" in str(options.get("class", "")) and argument in self.labels:
            return fold(
                f"Solution to {self.labels[argument].lower()}", self.convert(body, line)
            )
        return self._do_solution_start(argument, options, body, line)

    def _do_exercise_end(self, argument, options, body, line):
        return ""

    _do_solution_end = _do_exercise_end

    # The book's own

    def _side(self, line):
        try:
            return pages.side(self.place, self.root)
        except pages.PageError as error:
            self.fail(line, str(error))

    def _do_page_head(self, argument, options, body, line):
        side = self._side(line)
        before = [
            self._page_link(f"book/{path}.md", "")
            or pages.place(path, self.root).entry["name"]
            for path in side["before"]
        ]
        head = f"**{self.place.name}** · {self.place.entry['name']} · {pages.minutes(side['minutes'])} to read"
        first = f"\n\nWorth reading first: {', '.join(before)}" if before else ""
        objectives = "\n".join(
            f"- {self.inline(text, line, 'heading')}" for text in side["objectives"]
        )
        return f"{head}{first}\n\nYou will be able to:\n\n{objectives}"

    def _do_how_sure(self, argument, options, body, line):
        try:
            level, marks, meaning = pages.level(argument)
        except pages.PageError as error:
            self.fail(line, str(error))
        return self.quote(
            f"How sure are we? {level} {marks}", f"*{meaning}*\n\n{body}", line - 2
        )

    def _do_in_one_breath(self, argument, options, body, line):
        return self.quote("In one breath", body, line)

    def _do_take_with_you(self, argument, options, body, line):
        return self.quote("To take with you", body, line)

    def _do_check_yourself(self, argument, options, body, line):
        out = []
        for count, question in enumerate(self._side(line)["questions"], 1):
            letters = list(zip("ABCD", question["options"]))
            asked = "\n".join(
                f"- {letter}. {self.inline(option['text'], line, 'heading')}"
                for letter, option in letters
            )
            answers = "\n".join(
                f"- {letter}. **{'Right' if option.get('right') else 'Not quite'}.** {self.inline(option['why'], line)}"
                for letter, option in letters
            )
            out.append(
                f"**{count}. {self.inline(question['ask'], line, 'heading')}**\n\n{asked}\n\n{fold('Answers', answers)}"
            )
        return "\n\n".join(out)

    def _do_explorable(self, argument, options, body, line):
        words = f"On the page of the book a figure with sliders stands here. What its opening picture shows: {' '.join(options['alt'].split())}"
        return self.quote(
            argument.replace("-", " ").capitalize(), f"{words}\n\n{body}", line
        )

    def _do_where_from(self, argument, options, body, line):
        listed = "\n".join(
            f"- {self._link(row['link'], row['authors_year'])}: {row['name']}"
            for row in sorted(
                self.studies.values(), key=lambda row: row["authors_year"]
            )
        )
        wanted = body.partition("claims:")[2].split()
        known = {row["id"]: row for row in tables.rows("claims")}
        if missing := [claim for claim in wanted if claim not in known]:
            self.fail(line, f"no such claim: {', '.join(missing)}.")
        claims = "\n".join(
            f"- {known[claim]['claim']} ({known[claim]['verdict']})" for claim in wanted
        )
        return "\n\n".join(
            filter(
                None,
                [
                    listed,
                    claims and "Claims of the source documents that this page answers:",
                    claims,
                ],
            )
        )

    # Inside a block

    def inline(self, text, line=1, where="text"):
        """One block with its roles, links and attributes made plain. where: text, table or heading (no links in a heading)."""
        held, seen = [], set(_cited(text))

        def hold(full, plain=None):
            held.append((full, full if plain is None else plain))
            return f"\ue000{len(held) - 1}\ue001"

        def one(match):
            at = line + text.count("\n", 0, match.start())
            if match["html"]:
                return ""
            if not match["role"]:
                return hold(match[0])
            open_ = text.count("(", 0, match.start()) > text.count(
                ")", 0, match.start()
            )
            return hold(
                *self._role(
                    match["role"],
                    re.sub(r"\s+", " ", match["body"].strip()),
                    at,
                    where,
                    seen,
                    open_,
                    text[match.end() : match.end() + 1],
                )
            )

        plain = lambda words: HELD.sub(lambda m: held[int(m[1])][1], words)
        out = INLINE.sub(one, text)
        if broken := re.search(r"\{[A-Za-z][\w:-]*\}`", out):
            self.fail(line, f"a role that does not close: {broken[0]}")
        if "{{" in out:
            self.fail(line, "a substitution ({{...}}) has no plain form here.")
        out = re.sub(r"^[ \t]*\{[^{}`]*\}[ \t]*$\n?", "", out, flags=re.M)
        out = re.sub(r"(?<!!)\[([^\[\]]*)\]\{[^{}`]*\}", r"\1", out)
        out = re.sub(
            r"^\[\^([^\]]+)\]:\s*",
            lambda m: f"<sup>{self._note(m[1])}</sup> ",
            out,
            flags=re.M,
        )
        out = re.sub(r"\[\^([^\]]+)\]", lambda m: f"<sup>{self._note(m[1])}</sup>", out)
        if found := re.search(r"<(project|path|inv):[^>]*>", out):
            self.fail(
                line, f"the link {found[0]} has no plain form; write [text](page.md)."
            )
        out = LINK.sub(
            lambda m: self._resolve(
                m, plain, line + text[: text.find(m["target"])].count("\n"), where
            ),
            out,
        )
        return HELD.sub(lambda m: held[int(m[1])][where == "heading"], out)

    def _note(self, label):
        return self.notes.setdefault(label, len(self.notes) + 1)

    def _role(self, role, body, line, where, seen, open_, after):
        """(full form, form without links) of one role."""
        found = re.match(r"^(.*?)\s*<([^<>]+)>$", body, re.S)
        words, target = (found[1], found[2]) if found else (body, body)
        if role == "fact":
            if not found:
                self.fail(
                    line, f"{{fact}}`{body}` names no row; write {{fact}}`number <id>`."
                )
            try:
                studies = facts.check(words, target).studies()
            except facts.FactError as error:
                self.fail(line, str(error))
            links = [
                self._study(study, line)
                for study in studies
                if study not in seen or self._study(study, line) is None
            ]
            if where != "text" or not links:
                return words, words
            seen.update(studies)
            return (
                f"{words}; {'; '.join(links)}"
                if open_
                else f"{words} ({'; '.join(links)})"
            ), words
        if role.startswith("cite"):
            keys = [key.strip() for key in body.split(",")]
            links, names = (
                [self._study(key, line) for key in keys],
                [self.studies[key]["authors_year"] for key in keys],
            )
            if role in ("cite:t", "cite:ts", "cite:ct"):
                return _and(links), _and(names)
            return (
                (f"{'; '.join(links)}", "; ".join(names))
                if open_
                else (f"({'; '.join(links)})", f"({'; '.join(names)})")
            )
        if role == "term":
            return (
                (words, words)
                if where == "heading" or after.isalnum()
                else (f"_{words}_", words)
            )
        if role in ("given", "guilabel", "download"):
            return words, words
        if role == "data":
            return self._link(
                self.address
                and f"{self.address}book/reference/data-dictionary.html#table-{target}",
                f"`{words}`",
            ), words
        if role == "claim":
            if target not in {row["id"] for row in tables.rows("claims")}:
                self.fail(line, f"no such claim: {target}.")
            words = words if found else f"claim {target}"
            return self._link(
                self.address
                and f"{self.address}book/reference/claims.html#claim-{target}",
                words,
            ), words
        if role in ("ref", "numref", "eq", "prf:ref"):
            return self._reference(role, words if found else "", target, line)
        if role == "doc":
            path = (
                target.removeprefix("/")
                if target.startswith("/")
                else _join(self.name, target)
            )
            text = self._page_link(f"{path}.md", words if found else "")
            if text is None:
                self.fail(line, f"{{doc}}`{target}`: there is no such page.")
            return text, words
        if role in ("sub", "sup", "kbd"):
            return f"<{role}>{body}</{role}>", body
        if role == "abbr":
            return body, body
        if role == "math":
            return f"${body}$", f"${body}$"
        self.fail(
            line,
            f"the role {{{role}}} has no plain form; teach press/commonmark.py one, or write it another way.",
        )

    def _reference(self, role, words, label, line):
        known = self.labels.get(label)
        if words:
            number = (known or "").split()[-1:]
            text = (
                re.sub(r"%s|\{number\}", *number, words)
                if number and role == "numref"
                else words
            )
        elif known is None:
            self.fail(
                line,
                f"the label {label!r} is not on this page; give the reference words of its own: {{ref}}`words <{label}>`.",
            )
        else:
            text = f"({known.split()[-1]})" if role == "eq" else known
        return text, text

    def _resolve(self, match, plain, line, where):
        words, target = match["text"], match["target"]
        if match["bang"]:
            return self._picture(plain(words), target, line)
        if re.match(r"(https?|mailto):", target):
            words = plain(words) or target
            return words if where == "heading" else f"[{words}]({target})"
        if target.startswith("#"):
            label = target[1:]
            if not words and label not in self.labels:
                self.fail(
                    line,
                    f"the label {label!r} is not on this page; give the link words of its own.",
                )
            return words or self.labels[label]
        path, _, anchor = target.partition("#")
        if path.endswith(".md"):
            text = self._page_link(_join(self.name, path), plain(words), anchor)
            if text is None:
                self.fail(line, f"the link leads to {path}, and there is no such page.")
            return words if where == "heading" else text
        return words  # a file of the repository: words only

    def _page_link(self, path, words, anchor=""):
        """A link to another page: its notebook, its published form, or its name. None if there is no such page."""
        file = self.root / path
        if not file.exists():
            return None
        words = words or self.title_of(file)
        place = pages.place(path.removesuffix(".md"), self.root)
        if place:
            return f"[{words}](../{place.path}.ipynb)"
        return self._link(
            self.address
            and f"{self.address}{path.removesuffix('.md')}.html{anchor and '#' + anchor}",
            words,
        )

    @staticmethod
    def title_of(file):
        """The first heading of a page, roles made words."""
        found = re.search(r"^# (.+)$", Path(file).read_text(encoding="utf-8"), re.M)
        return (
            re.sub(r"\{[^}]*\}`([^`<]*?)\s*(?:<[^>]*>)?`", r"\1", found[1])
            if found
            else Path(file).stem
        )

    @staticmethod
    def _link(address, words):
        return f"[{words}]({address})" if address else words

    def _study(self, study, line):
        """A link to a study, which is then on the page's list of sources."""
        row = next((row for row in tables.rows("studies") if row["id"] == study), None)
        if row is None:
            self.fail(line, f"{study!r} is not in data/studies.csv.")
        link = (
            f"https://doi.org/{row['doi']}"
            if row["doi"]
            else f"https://pubmed.ncbi.nlm.nih.gov/{row['pmid']}/"
            if row["pmid"]
            else row["address"]
        )
        self.studies[study] = {**row, "link": link}
        return self._link(link, row["authors_year"])

    def _picture(self, alt, target, line):
        """A picture, carried inside the text: JupyterLab draws no SVG that is an attachment of a cell."""
        if re.match(r"https?:", target):
            return f"![{alt}]({target})"
        file = (
            (self.root / target.lstrip("/"))
            if target.startswith("/")
            else self.path.parent / target
        )
        if not file.exists():
            self.fail(line, f"there is no picture {target}.")
        kind = mimetypes.guess_type(file.name)[0] or "image/png"
        return f'<img alt="{html.escape(alt)}" src="data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}">'


def fold(title, body):
    """Text that opens on a click."""
    return f"<details>\n<summary>{title}</summary>\n\n{body}\n\n</details>"


def _indent(text, by):
    return "\n".join(by + row if row else row for row in text.split("\n"))


def _and(words):
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _cited(text):
    return [
        key.strip()
        for keys in re.findall(r"\{cite[^}]*\}`([^`]*)`", text)
        for key in keys.split(",")
    ]


def _slug(words):
    return re.sub(r"[^\w\u4e00-\u9fff\- ]", "", words.lower().replace(" ", "-"))


def _join(name, path):
    """`book/intermediate/density.md` and `../reference/claims.md` to `book/reference/claims.md`"""
    parts = list(PurePosixPath(name).parent.parts)
    for part in PurePosixPath(path).parts:
        parts = parts[:-1] if part == ".." else parts if part == "." else [*parts, part]
    return "/".join(parts)
