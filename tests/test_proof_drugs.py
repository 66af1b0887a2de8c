"""Which drug: each rule of press.proof.drugs stops what is wrong and lets pass what is right."""

import pytest

from press.proof import drugs, text


@pytest.fixture
def slips(monkeypatch):
    """The words that a rule stops on a page of these lines."""

    def ask(rule, page, name="book/fundamentals/made-up"):
        found = list(text._page(f"# Page\n\n{page}\n", f"{name}.md"))
        monkeypatch.setattr(drugs, "blocks", {name: found}.__getitem__)
        return [slip.words for slip in drugs.RULES[rule]([name])]

    return ask


RLX = "{fact}`19 per 1,000 women <derived-ruth2006-5y-vte-rlx60>`"
PLACEBO = "{fact}`13 per 1,000 women <derived-ruth2006-5y-vte-plac>`"


@pytest.mark.parametrize(
    ("page", "stopped"),
    [
        (f"On raloxifene it was {RLX}, and {PLACEBO} without it.", []),
        (
            f"On tamoxifen it was {RLX}, and {PLACEBO} without it.",
            ["19 per 1,000 women", "13 per 1,000 women"],
        ),
        (f"They took raloxifene.\nIt came to {RLX}.", []),
        (f"They took tamoxifen.\nIt came to {RLX}.", ["19 per 1,000 women"]),
        (f"They took tamoxifen.\nIn a later trial it came to {RLX}.", []),
        (f"They took tamoxifen.\nIn RUTH it came to {RLX}.", []),
        ("An inhibitor gave {fact}`12.1 % <ebctcg2015-bcdeath-ai>`.", []),
        ("Tamoxifen gave {fact}`12.1 % <ebctcg2015-bcdeath-ai>`.", ["12.1 %"]),
        ("The drip brought {fact}`a gain of 3.66 % <hines2009-ls-upfront>`.", []),
    ],
)
def test_the_drug_of_a_fact_is_named(slips, page, stopped):
    assert slips("drug of a fact", page) == stopped


STAR = (
    "It was {fact}`5.02 per 1,000 woman-years <vogel2010-invbc-rate-rlx>` on %s against "
    "{fact}`4.04 per 1,000 woman-years <vogel2010-invbc-rate-tam>` on %s."
)


def test_two_arms_exchanged(slips):
    rule = "drug beside a fact"
    assert not slips(rule, STAR % ("raloxifene", "tamoxifen"))
    assert slips(rule, STAR % ("tamoxifen", "raloxifene")) == [
        "5.02 per 1,000 woman-years",
    ]


def test_a_yardstick_and_another_clause_are_no_neighbor(slips):
    rule = "drug beside a fact"
    assert not slips(
        rule,
        "Bazedoxifene gained {fact}`1.49 points <miller2008-ls-diff-bza40>`, level with raloxifene.",
    )
    assert not slips(
        rule,
        "Anastrozole and tamoxifen differed; the hip {fact}`lost 7.24 % <eastell2008-hip-ana>`.",
    )


@pytest.mark.parametrize(
    ("page", "stopped"),
    [
        ("Crystals show raloxifene in the pocket {cite:p}`brzozowski1997`.", []),
        (
            "Crystals show bazedoxifene in the pocket {cite:p}`brzozowski1997`.",
            ["bazedoxifene"],
        ),
        ("RUTH tested raloxifene.", []),
        ("RUTH tested tamoxifen.", ["tamoxifen"]),
        (f"So it was {RLX}.\nNow think of tamoxifen.", ["tamoxifen"]),
        (f"So it was {RLX}.\nNow think of raloxifene, or of denosumab.", []),
        ("Now think of tamoxifen.", []),
    ],
)
def test_a_drug_is_one_that_the_sources_are_about(slips, page, stopped):
    assert slips("drug named", page) == stopped


@pytest.mark.parametrize(
    ("page", "stopped"),
    [
        ("STAR compared tamoxifen with tamoxifen.", 1),
        ("In cells {term}`tamoxifen`, but not tamoxifen, did so.", 1),
        ("STAR compared raloxifene with tamoxifen.", 0),
        ("Tamoxifen protects bone, and tamoxifen costs bone.", 0),
    ],
)
def test_no_drug_beside_itself(slips, page, stopped):
    assert len(slips("drug twice", page)) == stopped
