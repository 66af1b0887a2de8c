"""Where things stand in a file: the zones of a page, of a side file, of a drawing, the strings of code, the cells of a table.

hide(text, zones(text)["caption"])    # the text with all else made HIDDEN, so that places stay the same
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

#: Stands for each character that is not looked at; no word and no blank.
HIDDEN = "\0"
Span = tuple[int, int]
ROLE = re.compile(r"\{([\w:-]+)\}`([^`]*)`")
#: Roles, addresses of links, code, addresses.
_MARKUP = re.compile(rf"{ROLE.pattern}|\]\([^)]*\)|`[^`\n]*`|https?://\S+")
#: Roles that show what stands elsewhere.
_NO_WORDS = re.compile("cite.*|data|numref|eq|ref")
STRING = re.compile(
    r'"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`[^`]*`'
)
COMMENT = re.compile(r"#[^\n]*|/\*[\s\S]*?\*/|(?<!:)//[^\n]*")
_OPEN = re.compile(r"\s*(`{3,}|:{3,})\{([\w-]+)\}(.*)")


def zones(text: str) -> dict[str, list[Span]]:
    """The zones of a page: front, prose, table, caption, alt, code, glossary, claims, sure, formula."""
    found: dict[str, list[Span]] = defaultdict(list)
    stack: list[str] = []
    options = caption = 0  # 1 or more while within the options of a cell, a caption
    place, front, formula = 0, text.startswith("---\n"), False
    for count, line in enumerate(text.split("\n")):
        span, bare = (place, place + len(line)), line.strip()
        place += len(line) + 1
        inside = stack[-1] if stack else ""
        opened = _OPEN.fullmatch(line)
        if front:
            found["front"].append(span)
            front = count == 0 or bare != "---"
        elif opened and inside not in ("code-cell", "math"):
            stack.append(opened[2])
            options = caption = 0
            if opened[2] == "how-sure":
                found["sure"].append(span)
        elif re.fullmatch(r"`{3,}|:{3,}", bare):
            stack[-1:] = []
        elif inside == "code-cell":
            if bare == "---":
                options = 0 if options else 1
            elif options:
                depth = len(line) - len(line.lstrip())
                if bare.startswith("caption: |"):
                    caption = depth + 1
                elif caption and depth < caption:
                    caption = 0
                if caption and not bare.startswith("caption: |"):
                    found["caption"].append(span)
                elif bare.startswith("alt: "):
                    found["alt"].append((span[0] + line.index("alt: ") + 5, span[1]))
            elif not re.match(r":[\w-]+:", bare):
                found["code"].append(span)
        elif re.match(r":alt:", bare):
            found["alt"].append((span[0] + line.index(":alt:") + 6, span[1]))
        elif re.match(r":[\w-]+:", bare):
            continue
        elif inside in ("figure", "explorable"):
            found["caption"].append(span)
        elif inside == "glossary":
            found["glossary" if line.startswith(" ") else "term"].append(span)
        elif inside == "where-from":
            found["claims"].append(span)
        elif line.startswith("+++"):  # what parts the cells of an assignment
            found["front"].append(span)
        elif bare.startswith("$$") or formula or inside == "math":
            found["formula"].append(span)
            if inside != "math" and bare.count("$$") == 1:
                formula = not formula
        elif bare.startswith("|"):
            found["table"].append(span)
        else:
            at = span[0]
            for each in re.finditer(r"(?<!\$)\$([^$\n]+)\$", line):
                found["prose"].append((at, span[0] + each.start()))
                found["formula"].append(
                    (span[0] + each.start(1), span[0] + each.end(1))
                )
                at = span[0] + each.end()
            found["prose"].append((at, span[1]))
    return found


def side(text: str) -> dict[str, list[Span]]:
    """The zones of a side file: objective and quiz (what is asked, the options and why)."""
    found: dict[str, list[Span]] = defaultdict(list)
    asked, place = False, 0
    for line in text.split("\n"):
        asked = asked or line.startswith("questions:")
        value = re.match(r"\s*(?:- )?(?:ask|text|why): ", line)
        if asked and value:
            found["quiz"].append((place + value.end(), place + len(line)))
        elif not asked and re.match(r"\s+- ", line):
            found["objective"].append((place, place + len(line)))
        place += len(line) + 1
    return found


def drawing(text: str) -> dict[str, list[Span]]:
    """The zones of a drawing: label and description."""
    found: dict[str, list[Span]] = {"label": [], "description": []}
    for each in re.finditer(r"<(text|tspan|desc)\b[^>]*>([^<]+)<", text):
        zone = "description" if each[1] == "desc" else "label"
        found[zone].append(each.span(2))
    return found


def strings(code: str) -> list[Span]:
    """What stands between quotation marks in code, comments left out."""
    plain = COMMENT.sub(lambda found: HIDDEN * len(found[0]), _quoted(code))
    return [
        (found.start() + edge, found.end() - edge)
        for found in STRING.finditer(code)
        for edge in [3 if found[0].startswith('"""') else 1]
        if plain[found.start()] != HIDDEN and edge == 1
    ]


def _quoted(code: str) -> str:
    """Code whose strings hold nothing that looks like a comment."""
    return STRING.sub(
        lambda found: found[0][0] + "x" * (len(found[0]) - 2) + found[0][-1], code
    )


def bare(code: str) -> str:
    """Code without its strings and comments."""
    for pattern in (STRING, COMMENT):
        code = pattern.sub(lambda found: re.sub(r"[^\n]", HIDDEN, found[0]), code)
    return code


def hide(text: str, spans: list[Span], roles: Collection[str] | None = None) -> str:
    """The text with all that lies outside these spans HIDDEN, and markup; roles: names of those whose words stay, all when left out."""

    def less(found: re.Match) -> str:
        kept = roles is None or found[1] in roles
        if not found[1] or not kept or _NO_WORDS.fullmatch(found[1]):
            return _blank(found[0])
        words = re.sub(r"\s*<[^<>]*>$", "", found[2])
        start = found.start(2) - found.start()
        rest = len(found[0]) - start - len(words)
        return HIDDEN * start + words + HIDDEN * rest

    kept, at = [], 0
    for start, end in sorted(spans):
        start = max(start, at)
        kept += [_blank(text[at:start]), _MARKUP.sub(less, text[start:end])]
        at = max(end, at)
    return "".join([*kept, _blank(text[at:])])


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", HIDDEN, text)


@dataclass(frozen=True)
class Cell:
    """One cell of a CSV file: what it holds, and where it stands as written."""

    start: int
    end: int
    value: str

    def put(self, value: str) -> tuple[int, int, str]:
        """The edit that writes another value here."""
        out = io.StringIO()
        csv.writer(out, lineterminator="").writerow([value, ""])
        return self.start, self.end, out.getvalue()[:-1]


def rows(text: str) -> list[dict[str, Cell]]:
    """The rows of a CSV file, {column: Cell}; a cell is on one line."""
    found, place, columns = [], 0, []
    for line in text.split("\n"):
        cells = [
            Cell(place + each.start(1), place + each.end(1), _value(each[1]))
            for each in re.finditer(r'(?:^|,)("(?:[^"]|"")*"|[^,]*)', line)
        ]
        place += len(line) + 1
        if not columns:
            columns = [cell.value for cell in cells]
        elif line:
            found.append(dict(zip(columns, cells, strict=False)))
    return found


def _value(written: str) -> str:
    return written[1:-1].replace('""', '"') if written.startswith('"') else written
