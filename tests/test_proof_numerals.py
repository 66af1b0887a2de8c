"""Numbers in words on made-up pages: what is tied to a row, and what is told."""

import pytest

from press.proof import numerals, text

BMD = "johnston2000-ls-bmd"


@pytest.fixture
def told(tmp_path, monkeypatch):
    """The words that the rule stops on a page with this prose and, if given, this side file."""

    def found(prose, side=""):
        folder = tmp_path / "book/academic"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "x.md").write_text(f"# Title\n\n{prose}\n", encoding="utf-8")
        (folder / "x.yml").write_text(side or "minutes: 5\n", encoding="utf-8")
        monkeypatch.setattr(numerals.pages, "ROOT", tmp_path)
        monkeypatch.setattr(
            numerals, "blocks", lambda page: text.blocks(page, tmp_path)
        )
        slips = numerals.number_words(["book/academic/x"])
        return [" ".join(slip.words.split()[:3]) for slip in slips]

    return found


@pytest.mark.parametrize(
    "sentence",
    [
        "{fact}`More than a third <johnston2000-withdraw-any>` of the women left.",
        "More than a third of the women, {fact}`37 % <johnston2000-withdraw-any>`, left.",
        "It was {fact}`25 % <johnston2000-hotflash-rlx60>` and {fact}`18 % <johnston2000-hotflash-plac>`, or seventy more women out of 1,000.",
        "The label has {given}`twelve` of them {cite:p}`johnston2000`.",
        "Half took the drug and half did not {cite:p}`johnston2000`.",
        "More than ten thousand women took part {cite:p}`ruth2006`.",
        "An arm of about five thousand women {cite:p}`ruth2006`.",
        "A pooling of twenty controlled trials {cite:p}`hoffmann2022`.",
        "Women past fifty, and those of seventy and over, for twelve weeks {cite:p}`ruth2006`.",
        "The third row and the upper half, twice a week, double-blind {cite:p}`ruth2006`.",
        "Nobody cited anything when sixteen women met.",
    ],
)
def test_what_passes(told, sentence):
    assert told(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        (
            "More than half of the women, {fact}`37 % <johnston2000-withdraw-any>`, left.",
            "half of the",
        ),
        (
            "It was {fact}`25 % <johnston2000-hotflash-rlx60>` and {fact}`18 % <johnston2000-hotflash-plac>`, or eighty more women out of 1,000.",
            "eighty more women",
        ),
        (
            "That is {fact}`7 percentage points <derived-johnston2000-hotflash-ard60>`, or seventy fewer women out of 1,000.",
            "seventy fewer women",
        ),
        (
            "Half took the drug, a third did not {cite:p}`johnston2000`.",
            "Half took the",
        ),
        (
            "More than twelve thousand women took part {cite:p}`ruth2006`.",
            "twelve thousand women",
        ),
        (
            "A pooling of thirty controlled trials {cite:p}`hoffmann2022`.",
            "thirty controlled trials",
        ),
        ("Clots were twice as common {cite:p}`ruth2006`.", "twice as common"),
        ("In six women out of ten {cite:p}`hoffmann2022`.", "six women out"),
        ("It fell by a quarter {cite:p}`hoffmann2022`.", "a quarter"),
    ],
)
def test_what_is_told(told, sentence, words):
    assert words in told(sentence)


QUESTION = """
minutes: 5
questions:
  - id: x-1
    ask: "Out of 1,000 women, how many more had hot flashes?"
    options:
      - text: "{option}"
        right: true
        why: "{why}"
      - text: About ninety of them.
        why: "Not so."
"""
BOTH = "{fact}`250 out of 1,000 <johnston2000-hotflash-rlx60>` against {fact}`180 out of 1,000 <johnston2000-hotflash-plac>`."


@pytest.mark.parametrize(
    ("option", "why", "words"),
    [
        ("About seventy, the gap.", BOTH, []),
        ("About eighty, the gap.", BOTH, ["eighty, the gap"]),
        ("Many.", "It was about seventy.", ["seventy"]),
        ("Many.", "It was {given}`seventy`.", []),
    ],
)
def test_questions(told, option, why, words):
    """A right option says what the facts of its question say; a wrong one may say what it likes."""
    side = QUESTION.replace("{option}", option).replace("{why}", why)
    assert told("Words.", side) == words
