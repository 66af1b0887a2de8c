"""Which rows of data/ the cells of a page have looked at: the page runs again when one of them changes, and not when others do.

A kernel is told a file (BONEBOOK_SEEN), into which bonebook.tables writes what the cells take: a row by its id, the columns
that a query asks, or a whole table. With the outputs of a page the cache keeps what each of these was; outputs of which one is another now are thrown away
before any page is read. Where nothing was noted, the outputs rest on all of data/. Rows that come or go change them all.
"""

import csv
import hashlib
import json
import re
from functools import cache, cached_property
from pathlib import Path

#: A cell that may read a file itself rests on all of them.
READS_ITSELF = re.compile(r"\bDATA\b|\.csv|\.json|\bopen\(|\bread_|\bPath\(")
EVERYTHING = "*"


def word(*parts: str) -> str:
    """A short word for texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]


class Tables:
    """The tables as they lie in a folder now, as words for what cells can have looked at."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def files(self) -> dict[str, str]:
        """{table: its text}"""
        return {
            path.stem: path.read_text(encoding="utf-8")
            for path in sorted(self.folder.glob("*.csv"))
        }

    @cached_property
    def lines(self) -> dict[str, list[list[str]]]:
        """{table: its header and its rows}"""
        return {
            name: [row for row in csv.reader(text.splitlines()) if row]
            for name, text in self.files.items()
        }

    @cached_property
    def rows(self) -> dict[str, str]:
        """{table:id: its cells}"""
        return {
            f"{name}:{row[0]}": "\0".join(row)
            for name, lines in self.lines.items()
            for row in lines
        }

    @cache  # noqa: B019 - it lives as long as the build
    def column(self, what: str) -> str:
        """The cells of a column, `table/column`."""
        name, _, column = what.partition("/")
        lines = self.lines.get(name) or [[]]
        at = lines[0].index(column) if column in lines[0] else None
        return "" if at is None else "\0".join(row[at] for row in lines)

    def state(self, what: str) -> str:
        """One word for what was noted: a table, a row or everything. Another word when it is another, or gone."""
        if what == EVERYTHING:
            return word(*self.files, *self.files.values())
        column = self.column(what) if "/" in what else ""
        return word(self.files.get(what, ""), self.rows.get(what, ""), column)

    @cached_property
    def frame(self) -> str:
        """One word for what every page rests on: which rows there are, which columns, and what is said of them."""
        heads = (text.partition("\n")[0] for text in self.files.values())
        package = self.folder / "datapackage.json"
        said = package.read_text(encoding="utf-8") if package.exists() else ""
        return word(said, *self.rows, *heads)


class Notes:
    """What was noted, kept in the cache of outputs."""

    def __init__(self, cache_path: str, data: Path) -> None:
        self.folder = Path(cache_path) / "seen"
        self.tables = Tables(data)

    def file(self, docname: str) -> Path:
        """Where the kernel of a page writes; empty when it starts."""
        file = self.folder / f"{word(docname)}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("", encoding="utf-8")
        return file

    def keep(self, key: str, notebook, file: Path) -> None:
        """Keep what was noted beside the outputs that have this key in the cache."""
        noted = file.read_text(encoding="utf-8").splitlines()
        sources = "\n".join(
            cell.source for cell in notebook.cells if cell.cell_type == "code"
        )
        if READS_ITSELF.search(sources):
            noted.append(EVERYTHING)
        kept = {what: self.tables.state(what) for what in sorted(set(noted))}
        (self.folder / f"{key}.json").write_text(json.dumps(kept), encoding="utf-8")

    def kept(self, key: str) -> dict[str, str] | None:
        """What these outputs rest on, and what it was; None where that is not known."""
        try:
            return json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None

    def holds(self, key: str) -> bool:
        """Whether all that these outputs rest on is as it was."""
        kept = self.kept(key)
        return kept is not None and all(
            self.tables.state(what) == state for what, state in kept.items()
        )

    def prune(self, cache) -> None:
        """Throw away outputs that rest on something that is another now."""
        for record in cache.list_cache_records():
            if not self.holds(record.hashkey):
                cache.remove_cache(record.pk)
