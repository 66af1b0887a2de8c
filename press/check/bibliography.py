"""The bibliography as the rules read it: one parse of one text, whoever asks.

entries(path)   its entries as rows, with their lines and their fields as written: for the check of the tables
known(path)     {key: entry} as pybtex gives them, with the people of each: for all others, to look at only
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pybtex.database import Entry, parse_string
from pybtex.database.input.bibtex import LowLevelParser
from pybtex.exceptions import PybtexError

from .report import Row


class NotBibTeX(Exception):
    """The text cannot be read; `line` tells from where on."""

    def __init__(self, line: int, reason: str):
        super().__init__(reason)
        self.line = line


def known(path: Path) -> Mapping[str, Entry]:
    """{key: entry} of a BibTeX file. Raises PybtexError where it cannot be read."""
    return _known(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=4)
def _known(text: str) -> Mapping[str, Entry]:
    return parse_string(text, "bibtex").entries


def entries(path: Path) -> list[tuple[int, Row]]:
    """The entries of a BibTeX file as rows, with their lines: id, type, and the fields as written.

    Raises:
        NotBibTeX: the file cannot be read.
    """
    return [(line, dict(row)) for line, row in _read(path.read_text(encoding="utf-8"))]


@lru_cache(maxsize=4)
def _read(text: str) -> list[tuple[int, Row]]:
    parser, found = LowLevelParser(text), []
    line, counted = 1, 0
    try:
        for kind, (key, *fields) in parser:
            if kind.lower() in ("string", "preamble"):
                continue
            line += text.count("\n", counted, parser.command_start)
            counted = parser.command_start
            row = {name.lower(): " ".join(parts) for name, parts in fields[0]}
            found.append((line, {"id": key, "type": kind.lower(), **row}))
    except PybtexError as error:
        raise NotBibTeX(parser.lineno, str(error)) from None
    return found
