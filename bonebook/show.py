"""Tables for readers: a caption, headers that screen readers announce, numbers that line up."""

import math
import re
from html import escape

import pandas as pd

from bonebook import tables

#: What is longer than a number with its interval is words that begin with one: they may break on a phone.
LONGEST = 24
#: Under this name the values of a figure (bonebook.drawn) stand in its metadata in a notebook; readers have them as a table.
KEY = "bonebook"
NUMBER = re.compile(r"^[+−<>≤≥~]?\s?\d")


def number(
    value, digits: int | None = None, comma: bool = True, plus: bool = False
) -> str:
    """A number as the book writes it: true minus sign, commas from 1,000 up, `digits` decimals (None: as few as the number needs)."""
    text = (
        f"{value:{',' if comma else ''}.{digits}f}"
        if digits is not None
        else f"{value:{',' if comma else ''}}"
    )
    if digits is None and text.endswith(".0"):
        text = text[:-2]
    return ("+" if plus and value > 0 else "") + text.replace("-", "−")


def interval(
    df: pd.DataFrame, digits: int = 2, low: str = "ci_low", high: str = "ci_high"
) -> pd.Series:
    """A column of text such as `0.84 to 1.07` from two columns of bounds; empty where a bound is missing."""
    return pd.Series(
        [
            ""
            if math.isnan(a) or math.isnan(b)
            else f"{number(a, digits)} to {number(b, digits)}"
            for a, b in zip(df[low], df[high], strict=True)
        ],
        index=df.index,
        dtype=object,
    )


class Table:
    """What `tidy` returns. Notebooks show it as HTML; everything else as plain text."""

    def __init__(
        self, header: list[str], rows: list[list[str]], right: list[bool], caption: str
    ):
        self.header, self.rows, self.right, self.caption = header, rows, right, caption

    def _repr_html_(self) -> str:
        def cell(place: int, text: str, tag: str = "td", scope: str = "") -> str:
            side = "right" if self.right[place] else "left"
            long = " bb-long" if tag == "td" and len(text) > 40 else ""
            return f'<{tag}{scope} class="bb-{side}{long}" style="text-align:{side}">{escape(text)}</{tag}>'

        head = "".join(
            cell(place, text, "th", ' scope="col"')
            for place, text in enumerate(self.header)
        )
        body = "\n".join(
            "<tr>"
            + cell(0, row[0], "th", ' scope="row"')
            + "".join(cell(place, text) for place, text in enumerate(row[1:], 1))
            + "</tr>"
            for row in self.rows
        )
        return (
            f'<div class="bb-table" role="region" tabindex="0" aria-label="Table: {escape(self.caption, quote=True)}">\n<table class="bb-tidy">\n'
            f'<caption style="text-align:left"><span class="bb-caption">{escape(self.caption)}</span></caption>\n'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</div>"
        )

    def __repr__(self) -> str:
        wide = [
            max(map(len, column))
            for column in zip(self.header, *self.rows, strict=True)
        ]
        lines = [
            "  ".join(
                text.rjust(w) if right else text.ljust(w)
                for text, w, right in zip(row, wide, self.right, strict=True)
            ).rstrip()
            for row in (self.header, *self.rows)
        ]
        return "\n".join(
            [self.caption, "", lines[0], "-" * len(lines[0]), *lines[1:]]
        ).replace("−", "-")


def tidy(
    df: pd.DataFrame,
    caption: str,
    columns: list[str] | None = None,
    units: dict[str, str] | None = None,
    names: dict[str, str] | None = None,
    digits: int | dict[str, int] | None = None,
    plus: tuple[str, ...] = (),
    missing: str = "not given",
) -> Table:
    """A table to read: the first column names the rows, numbers stand on the right with a true minus sign.

    `df`: columns in the order shown; a named index becomes the first column, an unnamed one is left out.
    `columns`: those to show, in this order; all when left out. Headers and units come from data/datapackage.json where
    the columns come from a table of data/ (`value` is called by the rows' measure or statistic, with their unit, where
    all rows share one; studies and drugs are shown by their names); `names` and `units` say otherwise.
    `units`: {column: unit}, written after the header; `names`: {column: header}; `digits`: decimals, for all or by column;
    `plus`: columns whose gains carry a plus sign; `missing`: the word for an empty cell.
    Raises ValueError for an empty table or an empty caption, KeyError for a column that is not there.
    """
    if any(df.index.names):
        df = df.reset_index()
    tables.some(df, "show")
    if not caption.strip():
        raise ValueError("A table needs a caption: what its rows are, in a few words.")
    by_column = digits if isinstance(digits, dict) else {}
    asked = [*(columns or []), *(units or {}), *(names or {}), *by_column, *plus]
    if unknown := [column for column in asked if column not in df.columns]:
        raise KeyError(
            f"No such column in this table: {', '.join(unknown)}.{tables.nearest(unknown[0], df.columns)} It has: {', '.join(map(str, df.columns))}."
        )
    shown = df[columns] if columns else df
    known_names, known_units = _from_schema(df, shown.columns)
    names, units = names or {}, units or {}
    units = {c: u for c, u in known_units.items() if c not in names} | units
    names = known_names | names
    # "months (months)" says it twice
    units = {c: u for c, u in units.items() if u != names.get(c, c)}
    df = _by_name(shown)

    def text(column: str, value) -> str:
        if value is None or value is pd.NA or value == "" or value != value:
            return missing
        if isinstance(value, bool) or pd.api.types.is_bool(value):
            return "yes" if value else "no"
        if pd.api.types.is_number(value):
            return number(
                value,
                by_column.get(column, digits if isinstance(digits, int) else None),
                column != "year",
                column in plus,
            )
        return str(value)

    texts = [[text(column, value) for value in df[column]] for column in df.columns]
    header = [
        names.get(column, str(column).replace("_", " "))
        + (f" ({units[column]})" if column in units else "")
        for column in df.columns
    ]
    right = [
        place > 0
        and any(map(NUMBER.match, column))
        and all(NUMBER.match(t) or t == missing for t in column)
        and max(map(len, column)) <= LONGEST
        for place, column in enumerate(texts)
    ]
    rows = [list(row) for row in zip(*texts, strict=True)]
    return Table(header, rows, right, caption.strip())


def _from_schema(df: pd.DataFrame, columns) -> tuple[dict[str, str], dict[str, str]]:
    """Headers and units of the columns shown, from the schema that `table` keeps in `df.attrs` and from the rows themselves."""

    def shared(column):
        found = df[column].dropna().unique() if column in df else []
        return str(found[0]) if len(found) == 1 else ""

    # Rows put together with pd.concat have lost their schema; limits keep their words.
    titles = {"ci_low": "lower limit", "ci_high": "upper limit"}
    titles |= df.attrs.get("titles", {})
    names = {c: t for c, t in titles.items() if c in columns}
    if "value" in columns and (word := shared("measure") or shared("statistic")):
        names["value"] = word
    units = {}
    for column, unit in df.attrs.get("units", {}).items():
        unit = shared("unit") if unit == "{unit}" else unit
        beside = column in ("ci_low", "ci_high") and "value" in columns
        if (
            column in columns
            and not beside
            and unit
            not in (
                "",
                "1",
                "ratio",
                "people",
                "year",
                "events",
            )
        ):
            units[column] = unit
    return names, units


def _by_name(df: pd.DataFrame) -> pd.DataFrame:
    """Ids of studies and drugs as the words that readers know them by."""
    words = {
        "study": "authors_year",
        "further_studies": "authors_year",
        "drug": "name",
        "comparator": "name",
    }
    known = tables.index()
    for column in [column for column in words if column in df]:
        df = df.assign(
            **{
                column: [
                    known[id][1].get(words[column], id).split(" (")[0]
                    if id in known
                    else id
                    for id in df[column]
                ]
            }
        )
    return df


def values(results: dict, caption: str, digits: int | None = None) -> Table:
    """A few named results, one a row: `{name: number or text}`. Otherwise like `tidy`."""
    return tidy(
        pd.DataFrame({"result": list(results), "value": list(results.values())}),
        caption,
        digits=digits,
    )


def estimate(result, digits: int = 2) -> str:
    """An `effects.Estimate` as the book writes it: `0.65 (0.54 to 0.79)`, without the bracket if it has no interval.

    Raises TypeError for anything else, such as a plain number.
    """
    tables.expect(result, "ci_low", "show.estimate", "such as relative_risk gives")
    text = number(result.value, digits)
    if result.ci_low is None:
        return text
    low, high = number(result.ci_low, digits), number(result.ci_high, digits)
    return f"{text} ({low} to {high})"


def needed(result) -> str:
    """An `effects.NumberNeeded` in words, rounded up to whole people, with its interval; its limits are rounded up too.

    `29 for one fewer (20 to 53)`, `170 for one more (92 to ∞)`; where the difference may be nothing, the interval goes
    through infinity: `206 for one fewer (64 for one fewer, through ∞, to 148 for one more)`.
    Raises TypeError for anything else, such as a plain number.
    """
    such = "such as number_needed_to_treat gives"
    tables.expect(result, "through_infinity", "show.needed", such)

    def people(many: float) -> str:
        if math.isinf(many):
            return "∞"
        # a hair of floating point is no further person
        return number(math.ceil(round(abs(many), 6)), 0)

    def words(many: float) -> str:
        side = "fewer" if many > 0 else "more"
        return f"{people(many)} for one {side}"

    text = "∞" if math.isinf(result.value) else words(result.value)
    if result.ci_low is None:
        return text
    if result.through_infinity:
        return f"{text} ({words(result.ci_low)}, through ∞, to {words(result.ci_high)})"
    few, many = sorted((result.ci_low, result.ci_high), key=abs)
    return f"{text} ({people(few)} to {people(many)})"
