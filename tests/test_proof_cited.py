"""Which study: each rule of press.proof.cited stops what is wrong and lets pass what is right."""

import pytest

from press.proof import cited, text


@pytest.fixture
def slips(monkeypatch):
    """The words that a rule stops on a page of these lines."""

    def ask(rule, page, name="book/fundamentals/made-up"):
        found = list(text._page(page, f"{name}.md"))
        monkeypatch.setattr(cited, "blocks", {name: found}.__getitem__)
        return [(slip.words, slip.reason) for slip in cited.RULES[rule]([name])]

    return ask


CLOTS = "Clots came to {fact}`19 per 1,000 women <derived-ruth2006-5y-vte-rlx60>`"


def test_the_study_of_a_fact_is_cited_in_its_section(slips):
    rule = "study of a fact"
    elsewhere = (
        f"# Page\n\n## One\n\nSo it is {{cite:p}}`mosca2009`.\n\n## Two\n\n{CLOTS}.\n"
    )
    [(words, reason)] = slips(rule, elsewhere)
    assert words == "19 per 1,000 women"
    assert "comes from mosca2009, which this section does not cite" in reason
    assert not slips(
        rule, f"# Page\n\n## Two\n\n{CLOTS}.\n\nSo it is {{cite:p}}`mosca2009`.\n"
    )


def test_one_study_of_a_derived_fact_is_enough(slips):
    fact = "{fact}`5.8 more per 1,000 women <derived-ruth2006-5y-vte-diff>`"
    assert slips("study of a fact", f"# Page\n\n{fact}.\n")
    assert not slips("study of a fact", f"# Page\n\n{fact} {{cite:p}}`ruth2006`.\n")


def test_the_source_of_a_caption_is_cited_in_its_section(slips):
    figure = "```{figure} x.svg\n:name: fig-x\nA drawing.\nSource: {cite:t}`mosca2009`.\n```\n"
    assert not slips("study of a fact", f"# Page\n\n{CLOTS}.\n\n{figure}")


@pytest.mark.parametrize(
    ("sentence", "stopped"),
    [
        ("In RUTH {fact}`1.24 <vogel2010-invbc-rr>` was found.", True),
        ("In STAR {fact}`1.24 <vogel2010-invbc-rr>` was found.", False),
        ("In RUTH and STAR {fact}`1.24 <vogel2010-invbc-rr>` was found.", False),
        (
            "RUTH aside, {fact}`1.24 <vogel2010-invbc-rr>` was found {cite:p}`vogel2010`.",
            False,
        ),
        (
            "In P-1 the label has {fact}`2.20 <fda2018soltamox-soltamox-endo-tam>`.",
            False,
        ),
        ("FRAX gives {fact}`1.24 <vogel2010-invbc-rr>`.", False),
    ],
)
def test_a_trial_that_is_named_is_that_of_its_facts(slips, sentence, stopped):
    assert bool(slips("study named", f"# Page\n\n{sentence}\n")) == stopped


@pytest.mark.parametrize(
    ("paragraph", "stopped"),
    [
        ("Fractures fell by {given}`46 %` {cite:p}`silverman2008`.", True),
        ("RUTH was large.\nClots came to {given}`19` of them.", True),
        (f"{CLOTS}.\nWithout it {{given}}`18` had one.", True),
        ("It is {given}`121 out of 7,000 women`.", True),
        ("A woman of {given}`60 kg` asks.", False),
        ("The active form is {given}`4-hydroxytamoxifen` {cite:p}`kuhl2005`.", False),
        ("An interval of {given}`95 %` is wide {cite:p}`silverman2008`.", False),
        ("They ate {given}`50 g` a day {cite:p}`desouza2022`.", False),
        ("They ate {given}`90 g` a day {cite:p}`desouza2022`.", True),
    ],
)
def test_no_given_beside_a_study(slips, paragraph, stopped):
    assert bool(slips("given beside a study", f"# Page\n\n{paragraph}\n")) == stopped


def test_a_citation_behind_a_number_is_of_its_study(slips):
    rule = "citation and sentence"
    page = "# Page\n\nThe spine {fact}`lost 1.32 %% <johnston2000-ls-bmd-plac>` {cite:p}`%s`."
    assert not slips(rule, page % "johnston2000")
    [(words, reason)] = slips(rule, page % "brzozowski1997")
    assert words == "brzozowski1997" and "is of johnston2000" in reason


def test_another_citation_of_the_page_fits_far_better(slips):
    rule = "citation and sentence"
    page = (
        "# Page\n\nCrystals show the ligand-binding part of the receptor with estradiol and raloxifene {cite:p}`%s`.\n\n"
        "Women who took anastrozole for five years lost density at the spine {cite:p}`%s`.\n"
    )
    assert not slips(rule, page % ("brzozowski1997", "eastell2008"))
    found = slips(rule, page % ("eastell2008", "brzozowski1997"))
    assert [words for words, _ in found] == ["eastell2008", "brzozowski1997"]
    assert "brzozowski1997 fits its words better" in found[0][1]


def test_a_citation_behind_a_trial_is_a_report_of_it(slips):
    rule = "citation and sentence"
    page = "# Page\n\nFractures became fewer in MORE {cite:p}`%s`."
    assert not slips(rule, page % "maricic2002")
    assert not slips(rule, page % "siris2005")  # CORE, of the same women
    assert not slips(rule, page % "fda2018evista")  # a label tells of many trials
    [(words, reason)] = slips(rule, page % "cummings2010")
    assert "behind MORE, and cummings2010 is no report of it" in reason


@pytest.mark.parametrize(
    ("sentence", "stopped"),
    [
        (f"Think of veins and clots: {CLOTS}.", False),
        (f"Think of strokes: {CLOTS.replace('Clots', 'They')}.", True),
        ("At the hip it {fact}`lost 1.32 % <johnston2000-ls-bmd-plac>`.", True),
        ("At the spine it {fact}`lost 1.32 % <johnston2000-ls-bmd-plac>`.", False),
        ("It {fact}`lost 1.32 % <johnston2000-ls-bmd-plac>`.", False),
        ("At the hip {fact}`1,145 women <johnston2000:n_total>` were scanned.", False),
        (
            "Broken bones: {fact}`101 per 1,000 <ettinger1999-vfx-plac>`, no clots.",
            False,
        ),
    ],
)
def test_what_is_told_of_is_the_outcome_of_the_facts(slips, sentence, stopped):
    assert bool(slips("outcome of a fact", f"# Page\n\n{sentence}\n")) == stopped
