"""Every source can be found by a reader, and every citation has a source."""

import re

import pytest
from conftest import PAGES, ROOT
from pybtex.database import parse_file

from bonebook import table

ENTRIES = parse_file(str(ROOT / "book" / "references.bib"), "bibtex").entries


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
    text = (ROOT / f"{page}.md").read_text(encoding="utf-8")
    cited = {
        key.strip()
        for keys in re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", text)
        for key in keys.split(",")
    }
    studies = set(table("studies")["id"])
    assert cited <= set(ENTRIES), cited - set(ENTRIES)
    assert cited <= studies, cited - studies


def test_no_row_without_its_origin():
    """Every measured row names its study, where it was seen, and when it was looked up."""
    from bonebook.tables import tables

    rows = 0
    for name in tables():
        frame = table(name)
        if {"value", "study", "seen", "looked_up"} <= set(frame.columns):
            rows += len(frame)
            if (
                "standing" in frame
            ):  # a parameter that we fitted or chose says so and gives its reason
                assert frame.loc[frame["standing"] != "seen", "note"].notna().all()
                frame = frame[frame["standing"] == "seen"]
            assert frame[["study", "seen", "looked_up"]].notna().all(axis=None), name
    assert rows > 400
