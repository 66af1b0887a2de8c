"""Doses, years, spans, denominators, minutes: each rule of press.proof.spans stops what is wrong and lets pass what is right."""

import pytest

from press.proof import spans, text


@pytest.fixture
def slips(monkeypatch):
    """The words that a rule stops on a page of these lines."""

    def ask(rule, page, name="book/intermediate/made-up"):
        found = list(text._page(f"# Page\n\n{page}\n", f"{name}.md"))
        monkeypatch.setattr(spans, "blocks", {name: found}.__getitem__)
        return [slip.words for slip in spans.RULES[rule]([name])]

    return ask


GAIN = "{fact}`gained 1.28 % <johnston2000-ls-bmd-rlx60>`"


@pytest.mark.parametrize(
    ("page", "stopped"),
    [
        (f"With 60 mg it {GAIN}.", []),
        (f"With 150 mg it {GAIN}.", ["150 mg"]),
        ("Raloxifene comes as 30, 60 or 150 mg.", []),
        ("Raloxifene comes as 30, 69 or 150 mg.", ["69 mg"]),
        ("They took raloxifene.\nThe dose is 20 mg.", ["20 mg"]),
        ("They took tamoxifen.\nThe dose is 20 mg.", []),
        ("The dose is 20 mg of raloxifene, not of tamoxifen.", ["20 mg"]),
        ("They took 400 IU a day.", []),
        ("They took 477 IU a day.", ["477 IU"]),
        ("The level was 20 mg/dL with omega-3, 1,000 mg a day.", []),
    ],
)
def test_doses(slips, page, stopped):
    assert slips("doses", page) == stopped


@pytest.mark.parametrize(
    ("page", "stopped"),
    [
        ("It was licensed in 2009.", []),
        ("It was licensed in 2089.", ["2089"]),
        ("It was seen in 1789.", ["1789"]),
        ("Bazedoxifene was licensed in the EU in 2009.", []),
        ("Bazedoxifene was licensed in the EU in 1999.", ["1999"]),
        ("Miller 2008 lies lowest.", []),
        ("Miller 2003 lies lowest.", ["2003"]),
        ("It is {given}`1896`.", []),
    ],
)
def test_years(slips, page, stopped):
    assert slips("years", page) == stopped


@pytest.mark.parametrize(
    ("page", "stopped"),
    [
        (f"In three years the spine {GAIN}.", []),
        (f"In two years the spine {GAIN}.", ["two years"]),
        (f"After 36 months the spine {GAIN}.", []),
        (f"After 32 months the spine {GAIN}.", ["32 months"]),
        ("Over four years the women of MORE came back.", []),
        ("Over nine years the women of MORE came back.", ["nine years"]),
        (f"The spine {GAIN}.\nThat took three years.", []),
        (f"The spine {GAIN}.\nThat took eight years.", ["eight years"]),
        (f"In women of 45 to 60 years the spine {GAIN}.", []),
        (
            "After seventeen weeks {fact}`683 out of 1,000 women <osp310-dysp-impr-osp>` had less pain.",
            ["seventeen weeks"],
        ),
        (
            "After twelve weeks {fact}`683 out of 1,000 women <osp310-dysp-impr-osp>` had less pain.",
            [],
        ),
        (
            "Two years off the drug it was {fact}`a gain of 4.02 % <eastell2011-ls-ana-84>`.",
            [],
        ),
        (
            "It was 103 in five to six years, {fact}`103 <ensrud2008-hip-events-plac>`.",
            [],
        ),
        ("Over nine years it may be so.", []),
    ],
)
def test_spans(slips, page, stopped):
    assert slips("spans", page) == stopped


def test_a_figure_is_told_of_the_spans_of_its_section(slips):
    page = (
        f"The spine {GAIN}.\n\n```{{figure}} x.svg\n:name: fig-x\n"
        ":alt: Two lines over three years.\nA drawing.\n```"
    )
    assert not slips("spans", page)
    assert slips("spans", page.replace("three", "seven")) == ["seven years"]


def test_denominators(slips):
    rule, fact = (
        "denominators",
        "{fact}`66 out of 1,000 women <ettinger1999-vfx-rlx60>`",
    )
    assert not slips(rule, f"Think of 1,000 women.\nThere {fact} broke one.")
    assert slips(rule, f"Of 10,000 women {fact} broke one, of 1,000 women.") == [
        "10,000"
    ]
    assert slips(rule, "About nine in 100 had one.") == ["100"]
    name = "book/fundamentals/made-up"
    assert slips(rule, "Of 100 women it is 9 of 100 women.", name) == ["100", "100"]


def test_minutes(tmp_path, monkeypatch):
    (tmp_path / "book").mkdir()
    (tmp_path / "book/a.md").write_text("# A page\n\n" + "word " * 700)
    monkeypatch.setattr(spans.pages, "ROOT", tmp_path)
    told = {}
    for count in (3, 5, 9):
        (tmp_path / "book/a.yml").write_text(f"# a page\nminutes: {count}\n")
        told[count] = [(s.line, s.words) for s in spans.minutes(["book/a"])]
    assert told == {3: [(2, "minutes: 3")], 5: [], 9: [(2, "minutes: 9")]}
