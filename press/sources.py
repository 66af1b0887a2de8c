"""The words of the tables, as readers see them, and the way from a study's row to where it can be read.

The words are those of data/datapackage.json (a test compares them); here stands what each one means.
"""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit


class Seen(NamedTuple):
    """How a number or a study was seen: a sentence for a number, a phrase for a study, a mark in a list of sources."""

    number: str
    study: str
    mark: str


SEEN = {
    "primary": Seen(
        "Read in the source itself.",
        "read in the abstract, the label, the paper or the official table itself",
        "",
    ),
    "secondary": Seen(
        "Read in a review or another paper, not in the source itself.",
        "read in a review or in another paper",
        "read in another paper",
    ),
    "unverified": Seen(
        "Unverified: nobody has been able to check this number.",
        "not verified by us",
        "not verified",
    ),
}
DERIVED = "Computed for this book from numbers of the source."
KINDS = {
    "trial": "Trials",
    "meta-analysis": "Meta-analyses",
    "observational": "Observational studies",
    "review": "Reviews",
    "guideline": "Guidelines",
    "label": "Drug labels and regulators",
    "reference data": "Reference data",
    "laboratory": "Laboratory studies",
    "source document": "The two source documents",
}
VERDICTS = {  # (mark, meaning)
    "supported": ("✓", "the studies say so"),
    "supported with nuance": (
        "≈",
        "true in outline, and something that matters is missing",
    ),
    "overstated": ("↑", "it goes further than the studies"),
    "outdated": ("↺", "it was so once"),
    "wrong": ("✗", "the studies say otherwise"),
    "unsupported": ("?", "we found no study that shows it"),
    "source artefact": (
        "∅",
        "words or a reference that came into the document by mistake",
    ),
}


def ways(study: Mapping[str, str]) -> list[tuple[str, str]]:
    """Where a study can be read, best first: (address, what the link is called). study: a row of studies."""
    found = []
    if doi := study.get("doi"):
        found.append((f"https://doi.org/{doi}", f"doi {doi}"))
    if pmid := study.get("pmid"):
        found.append((f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/", f"PubMed {pmid}"))
    if address := study.get("address"):
        found.append((address, urlsplit(address).netloc.removeprefix("www.")))
    return found


def way(study: Mapping[str, str]) -> str:
    """The best address at which a study can be read; empty if there is none."""
    return ways(study)[0][0] if ways(study) else ""
