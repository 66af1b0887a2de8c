"""The rows that the page "Ask the tables" asks: each as it is written, and beside it what a reader sees of it and can filter by.

    held()       # everything that the browser is given, as plain data
    parted(held(), reading)    # the same as the browser loads it, bit by bit; press/sphinx/ask.py writes it as scripts
    ratios()     # the rows that can be drawn beside each other, for a page without scripts

Values, intervals and labels are those of the cards over numbers (press.facts). What is no number has its words from WORDS. Nothing here
needs Sphinx.
"""

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from bonebook import palette, tables
from press import facts, indexed

Row = Mapping[str, str]

#: The page, from the root of the sources.
PAGE = "book/reference/ask"
#: Tables that are not asked here: studies and claims have pages of their own, drugs holds names.
BESIDE = ("studies", "drugs", "claims")
#: Columns that say what a row is about, where a table has them; "any" is no place. Quantities that stand in one row each are no subject.
ABOUT = (
    *("outcome", "site", "marker", "tissue", "condition", "nutrient", "receptor"),
    *("topic", "type", "model", "source", "target"),
)
#: Columns that say which kind of number it is.
KIND = ("measure", "statistic", "kind")
#: Tables without a number that a card could show: (what was found, value, how sure, further words).
WORDS = {
    "approvals": ("{drug.name}, {region}: {indication}", "{status}, {year}", "", ""),
    "tissue_actions": (
        "{drug.name}, {tissue}: {outcome_word}",
        "{direction}",
        "certainty: {strength}",
        "{evidence}",
    ),
    "edges": (
        "{summary}",
        "{source} on {target}: {sign.words}",
        "shown in: {evidence}",
        "",
    ),
    "statements": ("{statement}", "", "", ""),
    "exercise_types": (
        "{type}: {mechanism}",
        "",
        "certainty: {certainty}",
        "Examples: {examples}. Caution: {caution}",
    ),
}
SIGNS = {
    "+": "raises or switches on",
    "-": "lowers or switches off",
    "0": "no effect seen",
}
#: Where a row was read: the word of the column `seen`, and what a reader is told. The last is of rows that nobody read anywhere.
SEEN = {
    "primary": "read in the source itself",
    "secondary": "read in another paper",
    "unverified": "unverified",
    "own": "worked out or chosen by us",
}
#: What is told of a row, in the order in which the browser is given it.
TOLD = (
    *("what", "value", "error", "who", "detail"),
    *("drugs", "about", "kind", "studies", "seen"),
)


def asked(folder: Path | None = None) -> list[str]:
    """Names of the tables that can be asked, in the order of the schema."""
    return [name for name in tables.tables(folder) if name not in BESIDE]


def told(name: str, row: Row) -> dict[str, Any]:
    """What a reader is told of one row of a table: a dictionary of text with the keys of TOLD.

    `drugs`, `about` and `studies` are lists: a row is found by each of them. `who` says whom it was measured in, with how many;
    `error` the interval, standard error and p value as far as they are published.
    """
    column = tables.resource(name)["book"].get("value", "")
    if name in WORDS:
        what, value, error, detail = (_fill(text, row) for text in WORDS[name])
        studies = [row["study"], *(row.get("further_studies") or "").split()]
        found = None
    else:
        found = facts.Fact(row["id"], name, row, column)
        what, value, error = found.label(), found.pretty(), found.uncertainty()
        detail, studies = "", found.studies()
        if value and row.get("approx") == "true":
            value = f"about {value}"
    inputs = found.inputs() if found else []
    return {
        "what": what[:1].upper() + what[1:],
        "value": value,
        "error": error,
        "who": _who(row),
        "detail": detail,
        "drugs": _of_all(_drugs, row, inputs),
        "about": _of_all(_about, row, inputs),
        "kind": next(filter(None, (row.get(each) for each in KIND)), ""),
        "studies": list(filter(None, studies)),
        "seen": _seen(row, inputs),
    }


def held() -> dict[str, Any]:
    """What the browser is given.

    `tables`: of each its name, title and columns, its rows as written (lists of text), and what is told of each row (lists in the
    order of TOLD; where a row has several drugs, subjects or studies, a list in the list). `drugs`: {id: [name, color, color on a
    dark page, outline of its shape as an SVG path]}, under "" what a row without a drug is drawn as. `studies`: {id: [authors and year, name]}. `seen`: SEEN.
    """
    found: list[dict[str, Any]] = []
    used: set[str] = set()
    named: set[str] = set()
    for name in asked():
        about = tables.resource(name)
        columns = [field["name"] for field in about["schema"]["fields"]]
        rows, shown = [], []
        for row in tables.rows(name):
            seen = told(name, row)
            named.update(seen["drugs"])
            used.update(seen["studies"])
            rows.append([row[column] for column in columns])
            shown.append([seen[key] for key in TOLD])
        each = {"name": name, "title": about["title"], "columns": columns}
        found.append(each | {"rows": rows, "told": shown})
    return {
        "told": list(TOLD),
        "tables": found,
        "drugs": {drug: _look(drug) for drug in ["", *sorted(named)]},
        "studies": {
            row["id"]: [row["authors_year"], row["name"]]
            for row in tables.rows("studies")
            if row["id"] in used
        },
        "seen": SEEN,
    }


#: What is shown of a row beside what it is found by, in the order in which the browser is given it.
SHOWN = ("what", "value", "error", "who", "detail", "id", "note", "address")
#: What a ratio is drawn from.
DRAWN = ("value", "ci_low", "ci_high", "approx")


def parted(
    given: Mapping[str, Any], reading: indexed.Reading
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What `held` gives, as a browser loads it: (what the page opens with, {name: a part that is loaded when it is needed}).

    The rows stand as they are shown: by table, subject, kind and drug. Of each the opening has what it is found by, in `facets`, where
    drugs, subjects, kinds and studies are their places in lists. `rows-*` has what is shown of some rows that follow each other (SHOWN; of a
    ratio also DRAWN); `words-*` is the index of all words of a row and of the words of the people; `cells-<table>` a table as written.
    """
    rows = list(_in_order(given))
    lists: dict[str, dict[str, int]] = {
        "drugs": {drug: at for at, drug in enumerate(given["drugs"])},
        "about": {},
        "kind": {},
        "studies": {study: at for at, study in enumerate(given["studies"])},
        "seen": {word: at for at, word in enumerate(given["seen"])},
    }
    facets: dict[str, list[Any]] = {name: [] for name in lists}
    texts, people, shown = [], [], []
    for table, _, told, cells in rows:
        for name, known in lists.items():
            one = isinstance(told[name], str)
            words = [told[name]] if one else told[name]
            places = [known.setdefault(word, len(known)) for word in words]
            facets[name].append(places[0] if len(places) == 1 else places)
        ratio = bool(told["kind"]) and cells.get("unit") == "ratio"
        each = [(told if name in told else cells).get(name, "") for name in SHOWN]
        shown.append(each + [cells[name] for name in DRAWN if ratio])
        studies = [
            name for study in told["studies"] for name in given["studies"][study]
        ]
        drugs = [given["drugs"][drug][0] for drug in told["drugs"]]
        texts.append(
            [
                *(told[name] for name in ("what", "value", "error", "who", "detail")),
                *(*told["about"], *drugs, *studies),
                *(cells.get("note", ""), cells["id"], given["tables"][table]["title"]),
            ]
        )
        people.append([told["who"]])
    index, parts = indexed.cut(_index(texts, people, reading)), indexed.cut(shown)
    opening = {
        "tables": [
            {"name": each["name"], "title": each["title"], "rows": len(each["rows"])}
            for each in given["tables"]
        ],
        "facets": facets
        | {
            "at": [at for _, at, *_ in rows],
            "ratio": [int(len(each) > len(SHOWN)) for each in shown],
        },
        "about": list(lists["about"]),
        "kinds": list(lists["kind"]),
        **{name: given[name] for name in ("drugs", "studies", "seen")},
        "shown": [*SHOWN, *(f"drawn_{name}" for name in DRAWN)],
        "parts": [len(part) for part in parts],
        "words": indexed.firsts(index),
    }
    return opening, {
        **{f"rows-{number}": part for number, part in enumerate(parts)},
        **{f"words-{number}": part for number, part in enumerate(index)},
        **{
            f"cells-{each['name']}": [each["columns"], *each["rows"]]
            for each in given["tables"]
        },
    }


def _in_order(given: Mapping[str, Any]) -> list[tuple[int, int, dict, dict]]:
    """(number of the table, place in it, {what is told}, {cells}) of each row, as rows are shown."""
    rows = [
        (
            number,
            at,
            dict(zip(given["told"], told, strict=True)),
            dict(zip(table["columns"], cells, strict=True)),
        )
        for number, table in enumerate(given["tables"])
        for at, (cells, told) in enumerate(
            zip(table["rows"], table["told"], strict=True)
        )
    ]

    def order(row):
        number, at, told, _ = row
        about, drug = (next(iter(told[name]), "") for name in ("about", "drugs"))
        return number, about.casefold(), told["kind"], drug, at

    return sorted(rows, key=order)


def _index(
    texts: list[list[str]], people: list[list[str]], reading: indexed.Reading
) -> list[list[str]]:
    """Lines [word, rows whose text has it, rows whose people have it]. A run of words that the book says otherwise is a word here.

    Each field is told as press.indexed tells places, without the places.
    """
    phrase = cache(reading.phrase)
    ways = {way for said, meant in reading.means.items() for way in (said, *meant)}
    runs: dict[str, list[str]] = {}
    for way in ways:
        if " " in way:
            runs.setdefault(way.split()[0], []).append(way)
    fields = []
    for field in (texts, people):
        found: dict[str, list[int]] = {}
        for number, said in enumerate(field):
            text = " ".join(filter(None, map(phrase, said)))
            words = set(text.split())
            for word in words:
                found.setdefault(word, []).append(number)
            for first in runs.keys() & words:
                for run in runs[first]:
                    if f" {run}" in f" {text}":
                        found.setdefault(run, []).append(number)
        fields.append(found)
    return [
        [word, *(indexed.numbers(field.get(word, [])) for field in fields)]
        for word in sorted({word for field in fields for word in field})
    ]


def ratios() -> Iterator[tuple[str, Row]]:
    """(table, row) of each row that is a ratio of two arms, and so can be drawn beside others of its kind."""
    for name in asked():
        for row in tables.rows(name):
            if row.get("unit") == "ratio" and (
                row.get("measure") or row.get("statistic")
            ):
                yield name, row


def _who(row: Row) -> str:
    people = f"{int(row['n']):,} people" if row.get("n") else ""
    words = row.get("population") or row.get("context") or ""
    who = "; ".join(filter(None, [words, people]))
    return who[:1].upper() + who[1:]


def _of_all(read, row: Row, inputs: list[facts.Fact]) -> list[str]:
    """What `read` finds in a row and in the rows that it was worked out from, each once."""
    found = dict.fromkeys(read(row))
    for source in inputs:
        found |= dict.fromkeys(_of_all(read, source.row, source.inputs()))
    return list(found)


def _drugs(row: Row) -> Iterator[str]:
    """The drugs that a row is about: the one it names, and what it was compared with, unless that is no treatment."""
    kinds = _kinds()
    if drug := row.get("drug") or row.get("ligand"):
        yield drug
    against = row.get("comparator", "")
    if against in kinds and kinds[against] != "control":
        yield against


def _about(row: Row) -> list[str]:
    words = [row.get(column, "") for column in ABOUT]
    return [word for word in words if word and word != "any"]


def _seen(row: Row, inputs: list[facts.Fact]) -> str:
    """The word of `seen`; of a number worked out from one that was not read in its source, the word of that one."""
    below = {_seen(source.row, source.inputs()) for source in inputs}
    weakest = next((word for word in ("unverified", "secondary") if word in below), "")
    return row.get("seen") or weakest or "own"


@lru_cache(maxsize=1)
def _kinds() -> dict[str, str]:
    return {row["id"]: row["kind"] for row in tables.rows("drugs")}


def _fill(text: str, row: Row) -> str:
    """The text with the words of the row; {drug.name} is the drug's name, {sign.words} what a sign of `edges` means."""
    words = {**row, "sign.words": SIGNS.get(row.get("sign", ""), "")}
    words["drug.name"] = facts.drug_name(row.get("drug", ""))
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text.strip().rstrip(",:")


def _look(drug: str) -> list[str]:
    """Name, the two colors and the outline of a drug; of a ligand that no table of drugs names, those of a drug without its own."""
    known = drug if drug in _kinds() or drug in palette.DRUGS else "other"
    light, dark, marker, _ = palette.look(known)
    return [facts.drug_name(drug), light, dark, outline(marker)]


def outline(marker: str) -> str:
    """A Matplotlib marker as the path of an SVG, about nine units across, its middle at 0,0."""
    # Here, because few builds come by: Matplotlib takes half a second.
    from matplotlib.markers import MarkerStyle
    from matplotlib.path import Path as Outline

    shape = MarkerStyle(marker)
    path = shape.get_path().transformed(shape.get_transform())
    letters = {
        Outline.MOVETO: "M",
        Outline.LINETO: "L",
        Outline.CURVE3: "Q",
        Outline.CURVE4: "C",
    }
    parts = []
    for points, code in path.iter_segments(curves=True, simplify=False):
        if code == Outline.CLOSEPOLY:
            parts.append("Z")
            continue
        numbers = [
            f"{9 * point * (1 if place % 2 == 0 else -1):.2f}".rstrip("0").rstrip(".")
            for place, point in enumerate(points)
        ]
        parts.append(letters[code] + " ".join("0" if n == "-0" else n for n in numbers))
    return "".join(parts)
