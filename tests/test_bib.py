"""Every source can be found by a reader, and every citation has a source."""

import re

import pytest

from bonebook import table
from helpers import PAGES, ROOT
from press import myst
from press.check import bibliography

ENTRIES = bibliography.known(ROOT / "book" / "references.bib")


def test_every_entry_can_be_found():
    """A DOI, a PMID or an address, each well formed."""
    shapes = {"doi": r"10\.\d{4,9}/\S+", "pmid": r"\d{1,8}", "url": r"https?://\S+"}
    lost = [
        key
        for key, entry in ENTRIES.items()
        if not any(
            re.fullmatch(shape, entry.fields.get(name, ""))
            for name, shape in shapes.items()
        )
    ]
    assert len(ENTRIES) > 100
    assert lost == []


@pytest.mark.parametrize("page", PAGES)
def test_every_citation_resolves(page):
    """The keys that a page cites stand in the bibliography and in the table of studies."""
    cited = {
        key.strip()
        for role in myst.read(ROOT / f"{page}.md").roles
        if role.name.startswith("cite")
        for key in role.target.split(",")
    }
    studies = set(table("studies")["id"])
    assert cited <= set(ENTRIES), cited - set(ENTRIES)
    assert cited <= studies, cited - studies
