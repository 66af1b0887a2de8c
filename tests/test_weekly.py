"""The weekly looks: papers that were retracted or corrected, addresses that are gone; against answers as Crossref and linkcheck write them."""

import json
import subprocess
import sys
import urllib.error

import pytest
import yaml

from helpers import ROOT
from tools import links, retractions
from tools.serving import served

#: How a command goes, or a build, and no part of a change to a page.
pytestmark = pytest.mark.slow


def update(doi, kind, day, source="retraction-watch"):
    """One entry of `updated-by`, with the fields that Crossref's works have."""
    return {
        "DOI": doi,
        "type": kind,
        "label": kind.capitalize(),
        "source": source,
        "updated": {
            "date-parts": [day],
            "date-time": "{}-{:02}-{:02}T00:00:00Z".format(*day),
        },
        "record-id": "1",
    }


# The record of a paper that was corrected, then retracted: the values that Crossref gives for it, cut to what is read.
RETRACTED = {
    "DOI": "10.1016/s0140-6736(97)11096-0",
    "title": ["RETRACTED: Ileal-lymphoid-nodular hyperplasia"],
    "updated-by": [
        update("10.1016/s0140-6736(04)15715-2", "correction", [2004, 3, 6]),
        update("10.1016/s0140-6736(10)60175-4", "retraction", [2010, 2, 6]),
        update(
            "10.1016/S0140-6736(10)60175-4", "retraction", [2010, 2, 6], "publisher"
        ),
    ],
}
PAPERS = {
    "10.1000/clean": ("clean2001",),
    "10.1016/s0140-6736(97)11096-0": ("wakefield1998", "again"),
    "10.1000/unknown": ("slip2002",),
    "10.1000/silent": ("busy2003",),
}


def answers(doi):
    if doi == "10.1000/silent":
        raise urllib.error.URLError("no answer")
    return {
        "10.1000/clean": {"title": ["A paper"]},
        "10.1016/s0140-6736(97)11096-0": RETRACTED,
    }.get(doi)


def test_a_retraction_is_told_before_a_correction_and_once():
    text = retractions.report(PAPERS, set(), answers)
    assert text.startswith("4 DOIs were looked up.")
    lines = [line for line in text.splitlines() if line.startswith("- ")]
    assert lines[0].startswith("- **retraction** of <https://doi.org/10.1016/s0140")
    assert "wakefield1998, again" in lines[0] and "2010-02-06" in lines[0]
    assert lines[1].startswith("- **correction**") and "2004-03-06" in lines[1]
    assert [line.partition(" (")[0] for line in lines[2:]] == [
        "- <https://doi.org/10.1000/unknown>",
        "- <https://doi.org/10.1000/silent>",
    ]
    assert "clean" not in text


def test_what_was_dealt_with_is_not_told_again(tmp_path):
    """book/notices.yml; and nothing to tell is an empty report."""
    (tmp_path / "book").mkdir()
    doi = "10.1016/s0140-6736(97)11096-0"
    dealt = [
        {"doi": doi.upper(), "notice": each["DOI"], "because": "read"}
        for each in RETRACTED["updated-by"]
    ]
    (tmp_path / "book" / "notices.yml").write_text(yaml.safe_dump(dealt), "utf-8")
    known = retractions.known(tmp_path)
    assert retractions.report({doi: ("x",)}, known, answers) == ""
    assert retractions.known(tmp_path / "book") == set()


def test_a_title_that_says_retracted_is_enough():
    work = {"title": ["RETRACTED ARTICLE: A paper"]}
    (notice,) = retractions.notices("10.1000/a", work, ("a",))
    assert notice.kind == "retraction"


def test_every_doi_of_the_book_is_asked():
    """Of the table and of the bibliography, each once, in one spelling."""
    found = retractions.dois()
    assert len(found) > 300 and all(doi == doi.lower() for doi in found)
    assert all(doi.startswith("10.") and studies for doi, studies in found.items())
    for entry in yaml.safe_load((ROOT / "book/notices.yml").read_text("utf-8")) or []:
        assert entry["doi"].lower() in found and entry["because"]


@pytest.mark.parametrize(("code", "tries"), [(404, 1), (503, 3)])
def test_crossref_is_asked_again_when_it_is_busy(monkeypatch, code, tries):
    """An unknown DOI is None at once; a busy host is asked again; the DOI is one part of the address, slashes and all."""
    asked = []

    class Answer:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def read(self, *_):
            return b'{"message": {"title": ["A paper"]}}'

    def opened(request, **_):
        asked.append(request.full_url)
        if code == 404 or len(asked) < tries:
            raise urllib.error.HTTPError(request.full_url, code, "", {}, None)
        return Answer()

    monkeypatch.setattr(retractions.urllib.request, "urlopen", opened)
    monkeypatch.setattr(retractions.time, "sleep", lambda _: None)
    work = retractions.ask("10.1000/a(b)<c>")
    assert asked == ["https://api.crossref.org/works/10.1000%2Fa%28b%29%3Cc%3E"] * tries
    assert work == (None if code == 404 else {"title": ["A paper"]})


def test_an_address_that_is_gone_is_told_with_its_page(tmp_path):
    """Sphinx's linkcheck on a page with a link that holds, one that is gone, one that turns programs away; then what is made of its words."""
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "here.html").write_text("<p>Here.</p>", "utf-8")
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text(
        "linkcheck_timeout = 10\nlinkcheck_retries = 1\n", "utf-8"
    )
    with served(tmp_path / "served") as site:
        (source / "index.rst").write_text(
            f"Links\n=====\n\n`one <{site}/here.html>`__ `two <{site}/gone.html>`__ `three <{site}/gone.html>`__\n",
            "utf-8",
        )
        subprocess.run(
            [
                sys.executable,
                "-m",
                "sphinx",
                "-q",
                "-b",
                "linkcheck",
                source,
                tmp_path / "out",
            ],
            check=False,
            capture_output=True,
        )
    written = (tmp_path / "out" / "output.json").read_text("utf-8")
    lines = [json.loads(line) for line in written.split("\n") if line]
    here = next(line for line in lines if line["uri"].endswith("/here.html"))
    assert here["status"] == "working"
    refused = here | {
        "uri": here["uri"].replace("here", "paper"),
        "status": "broken",
        "info": "403 Client Error: Forbidden for url: x",
    }
    gone, away, many = links.read(written + json.dumps(refused))
    assert many == 3
    assert [(address.split("/")[-1], places) for address, places in gone.items()] == [
        ("gone.html", ["index.rst:4"])
    ]
    assert [address.split("/")[-1] for address in away] == ["paper.html"]
    assert "gone.html> (index.rst:4)" in links.report(written)
    assert links.report(json.dumps(here)) == ""
