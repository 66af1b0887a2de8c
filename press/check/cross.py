"""Cross-examination: what one cell of the tables says of another, where a schema cannot look.

Each rule is a generator of (table, line, row, column, found, expected). A row that breaks a rule for a good reason is
named under `reviewed` in data/datapackage.json, with the rule's name and the reason.
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence

from .report import Report, Row

Rows = dict[str, list[tuple[int, Row]]]
Found = tuple[str, int, Row, str, str, str]

#: What the last words of an id say of its arm: the drug, and the digits after it the dose in mg.
ARMS = {
    "rlx": "raloxifene",
    "tam": "tamoxifen",
    "bza": "bazedoxifene",
    "lsf": "lasofoxifene",
    "osp": "ospemifene",
    "arz": "arzoxifene",
    "tor": "toremifene",
    "aln": "alendronate",
    "ana": "anastrozole",
    "plac": "placebo",
    "let": "letrozole",
    "deno": "denosumab",
}


def number(row: Row, column: str) -> float | None:
    """A cell as a number; None where nothing, or no number, stands."""
    try:
        return float(row.get(column) or "")
    except ValueError:
        return None


def slack(cell: str) -> float:
    """Half a unit of the last printed place: how far a rounded number may lie from the exact one."""
    return 0.5 * 10.0 ** -len(cell.partition(".")[2])


def arms(rows: Rows) -> Iterator[Found]:
    """The drug and the dose in an id are those of its row."""
    for name, found in rows.items():
        for line, row in found:
            if "drug" not in row or name == "drugs":
                continue
            for word in row["id"].removeprefix(row.get("study", "")).split("-"):
                match = re.fullmatch(r"([a-z]+?)(\d+)?", word)
                if not match or match[1] not in ARMS:
                    continue
                drug, dose = ARMS[match[1]], match[2]
                against = drug in row.get("comparator", "")
                if drug not in row["drug"] and not against:
                    yield (
                        name,
                        line,
                        row,
                        "drug",
                        row["drug"],
                        f"{drug}, as the id says",
                    )
                elif dose and row.get("dose_mg") and not against:
                    # lasofoxifene's doses are fractions: lsf05, lsf025 and lsf10 are 0.5, 0.25 and 1 mg
                    point = f"{dose[0]}.{dose[1:]}" if match[1] == "lsf" else dose
                    if number(row, "dose_mg") != float(point):
                        expected = f"{float(point):g} mg, as the id says"
                        yield name, line, row, "dose_mg", row["dose_mg"], expected


def addresses(rows: Rows) -> Iterator[Found]:
    """An address in PubMed is that of the row's study."""
    pmids = {row["id"]: row["pmid"] for _, row in rows.get("studies", [])}
    for name, found in rows.items():
        for line, row in found:
            match = re.search(
                r"(?:pubmed\.ncbi\.nlm\.nih\.gov|pubmed\.gov|/pubmed)/(\d+)",
                row.get("address", ""),
            )
            study = row["id"] if name == "studies" else row.get("study", "")
            if match and pmids.get(study) and match[1] != pmids[study]:
                yield (
                    name,
                    line,
                    row,
                    "address",
                    row["address"],
                    f"PubMed {pmids[study]}, the number of {study}",
                )


def middles(rows: Rows) -> Iterator[Found]:
    """A ratio lies in the geometric middle of its interval, a difference with a standard error in the arithmetic one."""
    for name, found in rows.items():
        for line, row in found:
            value, low, high = (number(row, c) for c in ("value", "ci_low", "ci_high"))
            if value is None or low is None or high is None:
                continue
            if row.get("unit") == "ratio" and low > 0 and value > 0:
                half = math.log(high / low) / 2
                away = abs(math.log(value) - math.log(low * high) / 2)
                room = (
                    slack(row["value"]) / value
                    + slack(row["ci_low"]) / low / 2
                    + slack(row["ci_high"]) / high / 2
                )
                if away > 0.12 * half + room:
                    middle = math.sqrt(low * high)
                    yield (
                        name,
                        line,
                        row,
                        "value",
                        row["value"],
                        f"about {middle:.3g}, the middle of {row['ci_low']} to {row['ci_high']}",
                    )
            se = number(row, "se")
            if se and row.get("unit") != "ratio":
                width = (high - low) / 3.92
                room = (
                    slack(row["se"])
                    + (slack(row["ci_low"]) + slack(row["ci_high"])) / 3.92
                )
                if abs(width - se) > 0.15 * se + room:
                    yield (
                        name,
                        line,
                        row,
                        "se",
                        row["se"],
                        f"about {width:.3g}, from the interval {row['ci_low']} to {row['ci_high']}",
                    )


def p_values(rows: Rows) -> Iterator[Found]:
    """A p value below 0.05 goes with a 95 % interval that leaves out 1 (a ratio) or 0, and the other way round."""
    for name, found in rows.items():
        for line, row in found:
            low, high, said = (
                number(row, "ci_low"),
                number(row, "ci_high"),
                row.get("p_value", ""),
            )
            match = re.fullmatch(r"([<>=≤≥]?)\s*(0?\.\d+)", said)
            if (
                low is None
                or high is None
                or not match
                or row.get("ci_level") not in ("", "95")
            ):
                continue
            p, none = float(match[2]), 1.0 if row.get("unit") == "ratio" else 0.0
            out = low > none or high < none
            touching = min(abs(low - none), abs(high - none)) <= 0.011
            small = p <= 0.05 if match[1] in ("<", "≤", "", "=") else False
            sure = (
                match[1] in ("", "=")
                or (match[1] in ("<", "≤") and p <= 0.05)
                or (match[1] in (">", "≥") and p >= 0.05)
            )
            if sure and small != out and not touching and not 0.045 <= p <= 0.055:
                yield (
                    name,
                    line,
                    row,
                    "p_value",
                    said,
                    f"one that fits the interval {row['ci_low']} to {row['ci_high']}",
                )


def people(rows: Rows) -> Iterator[Found]:
    """No arm has more people than its study."""
    totals = {row["id"]: number(row, "n_total") for _, row in rows.get("studies", [])}
    for name, found in rows.items():
        for line, row in found:
            n, total = number(row, "n"), totals.get(row.get("study", ""))
            if n and total and n > total:
                yield (
                    name,
                    line,
                    row,
                    "n",
                    row["n"],
                    f"at most {total:.0f}, all people of {row['study']}",
                )


RULES: dict[str, Callable[[Rows], Iterator[Found]]] = {
    "id and arm": arms,
    "address and study": addresses,
    "middle of the interval": middles,
    "p value and interval": p_values,
    "people of the study": people,
}


def check(report: Report, only: Sequence[str] | None = None) -> None:
    """Asks every rule of the rows that could be read; only: names of tables."""
    for rule, ask in RULES.items():
        for name, line, row, column, found, expected in ask(report.rows):
            if only and name not in only:
                continue
            if not report.excused(rule, row["id"]):
                report.say(name, line, row["id"])(column, found, expected)
