"""Every source can be found by a reader, and every citation has a source."""

import re
from functools import cache

import pytest

from bonebook import table
from helpers import PAGES, ROOT
from press import myst
from press.check import bibliography


@cache
def entries():
    return bibliography.known(ROOT / "book" / "references.bib")


def test_every_entry_can_be_found():
    """A DOI, a PMID or an address, each well formed."""
    shapes = {"doi": r"10\.\d{4,9}/\S+", "pmid": r"\d{1,8}", "url": r"https?://\S+"}
    lost = [
        key
        for key, entry in entries().items()
        if not any(
            re.fullmatch(shape, entry.fields.get(name, ""))
            for name, shape in shapes.items()
        )
    ]
    assert len(entries()) > 100
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
    assert cited <= set(entries()), cited - set(entries())
    assert cited <= studies, cited - studies
