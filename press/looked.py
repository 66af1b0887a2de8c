"""How far the sources were read: what each row of the tables was read in, counted.

Nobody noted, row by row, how much of a source lay open. What can be told is told from the row and its study: a label or a guideline by its
kind, an abstract by the word in a remark or by an address in PubMed, which shows no more, a paper in an open archive by its address.
The rest is `another page`, most of it a journal's or a library's page with the abstract.
"""

import re
from collections import Counter
from collections.abc import Mapping

from bonebook import tables

#: What a row was read in, in the order of the columns: name -> what it means, in words for readers.
WAYS = {
    "abstract": "in the source's own abstract: its remark says so, or the address is one in PubMed",
    "open archive": "in the source itself, in an archive of whole papers; often only part of it lay open",
    "official text": "in the label, leaflet, guideline or official table itself",
    "another page": "in the source itself, on a journal's or a library's page; how much of it is not on record",
    "secondary": "in a review, a report or another paper that quotes it",
    "unverified": "by nobody: the number could not be checked, and is marked so wherever it stands",
    "our own": "nowhere: worked out from other rows, judged by them, or chosen for a model",
}
#: Those of WAYS that `seen` calls primary.
PRIMARY = ("abstract", "open archive", "official text", "another page")
_OFFICIAL = {"label", "guideline", "reference data"}
_PUBMED = re.compile(
    r"pubmed\.ncbi\.nlm|ncbi\.nlm\.nih\.gov/pubmed|//(?:www\.)?pubmed\.gov"
)
_ARCHIVE = re.compile(
    r"//pmc\.|ncbi\.nlm\.nih\.gov/pmc|europepmc\.org/article/PMC|pmccanada", re.I
)


def way(row: Mapping[str, str], study: Mapping[str, str]) -> str:
    """Which of WAYS a row was read in; study: the row of its study."""
    seen = row.get("seen", "")
    if seen != "primary":
        return seen or "our own"
    if study.get("kind") in _OFFICIAL:
        return "official text"
    address = row.get("address") or study.get("address", "")
    remarks = f"{row.get('note', '')} {study.get('note', '')}".lower()
    if "abstract" in remarks or _PUBMED.search(address):
        return "abstract"
    return "open archive" if _ARCHIVE.search(address) else "another page"


def counted() -> dict[str, Counter[str]]:
    """table -> how many of its rows were read in which way."""
    asked = ("seen", "kind", "address", "note", "study")
    found = {name: tables.columns(name, *asked) for name in tables.tables()}
    studies = {row["id"]: row for row in found["studies"]}
    return {
        name: Counter(
            way(
                row, row if name == "studies" else studies.get(row.get("study", ""), {})
            )
            for row in rows
        )
        for name, rows in found.items()
    }
