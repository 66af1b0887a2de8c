"""Rules about the cards of the glossary, on small glossaries: what is caught, and what passes."""

import pytest
import yaml

from press import pages
from press.proof import terms

OTHER = "book/index"
TOC = {
    "root": OTHER,
    "parts": [{"caption": "Reference", "chapters": [{"file": terms.PAGE}]}],
}
PROSE = """# Density

Half of the women had {term}`osteoclasts <Osteoclast>` at work; an injection comes every six months.
"""
CARDS = {
    "Alendronate": "A tablet that slows the loss of bone. A bisphosphonate.",
    "Denosumab": "An injection every six months. An antibody against RANK ligand.",
    "Bazedoxifene": "A SERM approved in the European Union and Japan; the United States never approved it.",
    "Lasofoxifene": "A SERM whose European approval lapsed.",
    "Raloxifene": "It acts like estrogen on bone and blocks it in the breast. A SERM of its own family.",
    "Osteoclast": "A cell that removes bone.",
    "Sclerostin": "A protein that blocks Wnt signaling.",
    "OPG": "Osteoprotegerin, a soluble receptor.",
    "RANK": "Receptor activator of NF-κB.",
    "VDR": "Vitamin D receptor, of the nucleus.",
    "FRAX": "A calculator for fracture risk.",
    "STAR": "Study of Tamoxifen and Raloxifene.",
    "Median": "Half of the women lie above it. It may be {given}`4.5`, one of two.",
    "Low bone mass": "A T-score below {fact}`−1.0 <threshold-who-normal-cut>`.",
}


@pytest.fixture
def told(tmp_path, monkeypatch):
    """The Slips of the rules of the glossary on the small one, some of its cards changed."""
    (tmp_path / terms.PAGE).parent.mkdir(parents=True)
    (tmp_path / "_toc.yml").write_text(yaml.safe_dump(TOC))
    monkeypatch.setattr(pages, "ROOT", tmp_path)

    def told(prose=PROSE, **changed):
        cards = "\n\n".join(
            f"{term}\n  {words}" for term, words in (CARDS | changed).items()
        )
        page = f"# Glossary\n\n:::{{glossary}}\n{cards}\n:::\n"
        (tmp_path / f"{terms.PAGE}.md").write_text(page, encoding="utf-8")
        (tmp_path / f"{OTHER}.md").write_text(prose, encoding="utf-8")
        names = [OTHER, terms.PAGE]
        return [slip for rule in terms.RULES.values() for slip in rule(names)]

    return told


def test_the_glossary_as_it_stands_has_no_slip(told):
    assert told() == []


@pytest.mark.parametrize(
    ("term", "words", "rule", "reason"),
    [
        ("Alendronate", "A SERM.", "cards of drugs", "drugs.csv says bisphosphonate"),
        (
            "Alendronate",
            "A tablet that speeds the loss of bone. A bisphosphonate.",
            "cards of drugs",
            "slows bone resorption",
        ),
        ("Denosumab", "An injection.", "cards of drugs", "says RANKL antibody"),
        (
            "Denosumab",
            "An antibody against RANK ligand, every nine months.",
            "numbers of a card",
            "no page tells nine",
        ),
        (
            "Raloxifene",
            "A SERM that acts like estrogen on the breast.",
            "cards of drugs",
            "has estrogen-blocking in breast",
        ),
        (
            "Raloxifene",
            "A SERM. It blocks it in the bone.",
            "cards of drugs",
            "has estrogen-like in bone",
        ),
        (
            "Bazedoxifene",
            "A SERM approved in the United States.",
            "cards of drugs",
            "approvals.csv has no 'approved' for US",
        ),
        (
            "Lasofoxifene",
            "A SERM that was approved in Japan.",
            "cards of drugs",
            "approvals.csv has no 'approved' for Japan",
        ),
        (
            "STAR",
            "Study of Tamoxifen and Ospemifene, after Raloxifene.",
            "cards of trials",
            "its rows have raloxifene, tamoxifen",
        ),
        (
            "Sclerostin",
            "A protein that raises Wnt signaling.",
            "cards of signals",
            "Sclerostin to Wnt/β-catenin as -",
        ),
        ("OPG", "A soluble receptor.", "letters of a name", "begin with O, P, G"),
        ("VDR", "Vitamin K receptor.", "letters of a name", "begin with V, D, R"),
        ("RANK", "RANKL turns it on.", "letters of a name", "begin with R, A, N, K"),
        (
            "Median",
            "A third of the women lie above it.",
            "numbers of a card",
            "no page tells third",
        ),
        ("Median", "It was 3.5 once.", "numbers of a card", "{given}`3.5`"),
    ],
)
def test_a_slip_is_found(told, term, words, rule, reason):
    slips = [slip for slip in told(**{term: words}) if slip.rule == rule]
    assert slips, f"nothing was found in {words!r}"
    assert any(reason in slip.reason for slip in slips), slips
    assert slips[0].file == f"{terms.PAGE}.md"


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("{term}`osteoclasts <Sclerostin>`", "'Sclerostin' does not speak of it"),
        ("{term}`osteoclasts <Osteoclasts>`", "no entry 'Osteoclasts'"),
    ],
)
def test_a_link_opens_the_card_of_its_words(told, link, reason):
    prose = PROSE.replace("{term}`osteoclasts <Osteoclast>`", link)
    (slip,) = told(prose)
    assert (slip.file, slip.line) == (f"{OTHER}.md", 3)
    assert reason in slip.reason


def test_a_name_may_be_linked_to_its_letters(told):
    prose = PROSE.replace("osteoclasts <Osteoclast>", "Osteoprotegerin <OPG>")
    assert told(prose) == []


def test_nothing_is_said_of_the_cards_when_other_pages_are_asked_for(told):
    told(Alendronate="A SERM.")
    for rule in terms.RULES.values():
        assert list(rule([OTHER])) == []
