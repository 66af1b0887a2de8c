"""Every source can be found by a reader, and every citation has a source."""

import ast
import re
from functools import cache
from types import SimpleNamespace

import pytest
from pybtex.database import Entry

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


@pytest.mark.parametrize("rule", ["True", "cited", "'one' in docnames", "f(x)"])
def test_the_list_has_the_entries_that_its_library_would_choose(rule):
    """The book looks through its citations once (press.sphinx.reference), and comes to the same; a rule that is none is told as before."""
    from sphinxcontrib.bibtex.directives import BibliographyKey

    from press.sphinx import reference

    entries = []
    for key in "abcd":
        entries.append(Entry("article", {"title": key}))
        entries[-1].key = key
    here = BibliographyKey("one", "here")
    known = SimpleNamespace(
        bibfiles=(), keyprefix="p-", keys=["c"], line=1, filter_=ast.parse(rule)
    )
    cited = [("one", "p-a"), ("two", "p-b"), ("three", "p-b"), ("one", "p-a")]
    domain = SimpleNamespace(
        bibliographies={here: known},
        get_entries={(): entries}.get,
        citation_refs=[
            SimpleNamespace(docname=page, targets=[SimpleNamespace(key=key)])
            for page, key in cited
        ],
    )

    def chosen(choose):
        return [(key, entry.key) for key, entry in choose(domain, here)]

    assert chosen(reference.filtered) == chosen(reference._filtered)
    assert ("p-c", "c") in chosen(reference.filtered)
