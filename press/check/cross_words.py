"""What the words of a row say: directions against signs, verdicts of one claim, and numbers against the rows they are of."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from .cross_cells import Found, Rows, every, number, slack
from .cross_names import DRUGS
from .report import Row

#: What was seen in a tissue: (tissues, pattern) -> the direction that it means. The first that matches holds.
SEEN = (
    (r".*", r"no clear change|^neutral", "neutral"),
    (r".*", r"not known|too few", "unknown"),
    (r"bone", r"^fewer|^turnover falls", "estrogen-like"),
    (r"breast", r"^lowers risk", "estrogen-blocking"),
    (r"endometrium", r"^raises risk|^lining grows", "estrogen-like"),
    (r"endometrium", r"^no growth", "estrogen-blocking"),
    (r"blood lipids", r"^LDL falls", "estrogen-like"),
    (r"hot flashes", r"worse", "estrogen-blocking"),
    (r"hot flashes", r"^eases", "estrogen-like"),
    (r"clots|stroke", r"^raises risk|^about doubles", "estrogen-like"),
    (r"vagina", r"^eases", "estrogen-like"),
)
#: Words of a tissue's evidence that go with, or against, what was seen.
WITH = (
    (r"^raises risk|doubles", r"\b(common|raise[sd]|higher|more|warns)\b"),
    (r"^lowers risk", r"\b(fewer|lower|prevented|rarer)\b"),
    (r"^fewer", r"\b(fewer|fell)\b"),
    (r"makes them worse", r"\bmore (common|hot)|\bmore often"),
    (r"^LDL falls", r"\b(lower|fell|lowered)\b"),
)
UP = r"raise[sd]?|rose|rise|switches it on|strengthened|supports?|starts|makes?|made|brought|brings|more|drew|restored"
DOWN = r"lower(?:s|ed)?|halved|fell|cut|block(?:s|ed)|brake|less|dipped|sooner|catches"
#: Words that turn an effect round: what is missing or blocked does the opposite of what is there.
TURNS = r"\b((?<!partly )without|blocking|blocked|antibody|removal|removed|cannot|untreated|gone)\b"
MIXED = r"mixed|no difference|varied"
TEXTS = {
    "claims": "correction",
    "statements": "statement",
    "tissue_actions": "evidence",
    "edges": "summary",
    "approvals": "indication",
}
NUMBER = re.compile(
    r"(?<![\w./-])(?<!helix )[-−]?(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?![\w/]|[-.,]\d)"
)
#: A statement is the only home of the doses that it tells.
DOSE = re.compile(r"[\d,.]+( to [\d,.]+)? (mg|ug|IU|g/kg|hours)\b")


def directions(rows: Rows) -> Iterator[Found]:
    """The direction of a drug in a tissue is what was seen there, and the evidence tells the same."""
    first: dict[tuple[str, str], str] = {}
    for at in every(rows, "tissue_actions"):
        row = at.row
        tissue, said, direction = row["tissue"], row["outcome_word"], row["direction"]
        meant = next(
            (d for t, w, d in SEEN if re.fullmatch(t, tissue) and re.search(w, said)),
            "",
        )
        told = f"what was seen is {said!r}"
        if meant and meant != direction:
            yield at.says("direction", f"{meant}: {told}")
        elif not meant and direction == "neutral":
            yield at.says("direction", f"another: {told}")
        for word, with_ in WITH:
            if re.search(word, said) and not re.search(with_, row["evidence"]):
                yield at.says("evidence", f"a word that fits: {told}")
        if direction == "unknown" and row["strength"] not in ("low", "very low"):
            yield at.says("strength", "low or very low for an unknown direction")
        key = row["drug"], tissue
        if key in first:
            yield at.says("tissue", f"another than that of {first[key]}")
        first.setdefault(key, row["id"])
        name = "estradiol" if row["drug"] == "hormone-therapy" else row["drug"]
        if f"-{name}-" not in row["id"]:
            yield at.says("drug", "the drug that the id names")


def signs(rows: Rows) -> Iterator[Found]:
    """The sign of an arrow is that of the verb of its summary, turned round where the source is missing or blocked."""
    for at in every(rows, "edges"):
        first = re.split(r"[;:]| but | while |, so |\. ", at.row["summary"])[0]
        up = re.search(rf"\b({UP})\b", first, re.I)
        down = re.search(rf"\b({DOWN})\b", first, re.I)
        verb = up or down
        if not verb or (up and down) or re.search(MIXED, at.row["summary"], re.I):
            continue
        turned = bool(re.search(TURNS, first, re.I))
        told = "+" if bool(up) != turned else "-"
        if told != at.row["sign"]:
            yield at.says("sign", f"{told}, as {verb[1]!r} in the summary says")


def drugs(rows: Rows) -> Iterator[Found]:
    """The drug of a statement, and the ends of an arrow, are among the drugs that its sentence names, where it names any."""
    for at in every(rows, "statements", "edges"):
        said = {drug for drug in DRUGS if drug in at.row[TEXTS[at.table]].lower()}
        for column in ("drug",) if at.table == "statements" else ("source", "target"):
            mine = {drug for drug in DRUGS if drug in at.row[column].lower()}
            if said and mine and not mine & said:
                yield at.says(column, f"{' or '.join(sorted(said))}, as its words say")


def verdicts(rows: Rows) -> Iterator[Found]:
    """A claim that says the same as others has their verdict, where they have one."""
    claims = {at.row["id"]: at.row for at in every(rows, "claims")}
    for at in every(rows, "claims"):
        match = re.search(r"Same claim as ([^.;]+)", at.row["note"])
        named = re.findall(r"\b[a-z]+-[a-z]?\d+\b", match[1]) if match else []
        others = {claims[other]["verdict"] for other in named if other in claims}
        if others and at.row["verdict"] not in others:
            expected = f"{' or '.join(sorted(others))}, as in {' and '.join(named)}"
            yield at.says("verdict", expected)


def numbers(rows: Rows) -> Iterator[Found]:
    """A number in a text is one of a row of the studies that it names, or follows from one of them."""
    of: dict[str, dict[tuple, set[float]]] = defaultdict(dict)
    homes = {at.row["id"]: at.row.get("study", "") for at in every(rows)}
    for at in every(rows):
        row = at.row
        if at.table == "derived":
            inputs = row["inputs"].split()
            keys = {homes.get(target.partition(":")[0], "") for target in inputs}
        else:
            keys = {row.get("study", ""), *_named(row)}
            if at.table in ("studies", "references"):
                keys = {row["id"]}
        for key in keys:
            of[key][at.table, row["id"]] = _said(row)
    for at in every(rows, *TEXTS):
        row, column = at.row, TEXTS[at.table]
        named = dict.fromkeys([row["study"], *_named(row)])
        # the row's own text would prove itself
        known = {
            figure
            for study in named
            for place, said in of[study].items()
            if place != (at.table, row["id"])
            for figure in said
        }
        text = row[column] if at.table != "statements" else DOSE.sub("", row[column])
        for figure in dict.fromkeys(_figures(text)):
            if not any(abs(figure - other) < 1e-6 for other in known):
                yield at.says(column, f"a number of {', '.join(named)}", f"{figure:g}")


def _named(row: Row) -> list[str]:
    """The further studies of a row, and those that its note names."""
    noted = re.findall(r"[a-z]+\d{4}[a-z]*", row.get("note", ""))
    return [*row.get("further_studies", "").split(), *noted]


@lru_cache(maxsize=32768)
def _figures(text: str) -> tuple[float, ...]:
    """The numbers of a text, without signs and years."""
    found = [float(match.replace(",", "")) for match in NUMBER.findall(text)]
    return tuple(
        figure for figure in found if not 1800 < figure < 2050 or figure != int(figure)
    )


def _said(row: Row) -> set[float]:
    """The numbers that a row holds, and those that a text may make of them: rounded, per cent and per thousand, in years."""
    plain = set()
    for column, cell in row.items():
        if column not in ("id", "address", "looked_up", "inputs"):
            plain |= set(_figures(cell))
    more = set()
    for figure in plain:
        more |= {figure, round(figure), round(figure, 1)}
        if figure < 20:
            more |= {
                round(abs(figure - 1) * 100, 2),
                round(figure * 10, 3),
                round(figure * 1000, 3),
            }
        if figure >= 12:
            more.add(round(figure / 12, 1))
    return more


def servings(rows: Rows) -> Iterator[Found]:
    """A serving holds what its weight and the note's number for 100 g make; a least significant change is 2.77 times the error."""
    for at in every(rows, "foods"):
        match = re.search(r"([\d.,]+) per 100 g", at.row["note"])
        grams, value = number(at.row, "serving_g"), number(at.row, "value")
        if match and grams and value is not None:
            told = float(match[1].replace(",", "")) * grams / 100
            room = max(0.02 * told, slack(at.row["value"]))
            if abs(told - value) > room + slack(match[1]) * grams / 100:
                yield at.says("value", f"{told:.3g}, from {match[1]} per 100 g")
    scans = {at.row["id"]: at for at in every(rows, "scan_precision")}
    for id, at in scans.items():
        error = scans.get(re.sub("-lsc$", "-cv", id), at)
        value, part = number(at.row, "value"), number(error.row, "value")
        if error is not at and value is not None and part is not None:
            room = slack(at.row["value"]) + 2.77 * slack(error.row["value"])
            if abs(value - 2.77 * part) > room:
                yield at.says(
                    "value", f"{2.77 * part:.2f}, 2.77 times {error.row['id']}"
                )


RULES = {
    "direction and words": directions,
    "sign and words": signs,
    "drug and words": drugs,
    "verdicts of one claim": verdicts,
    "numbers in words": numbers,
    "sums in a note": servings,
}
