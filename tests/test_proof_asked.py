"""Rules about questions, on small pages: what is caught, and what passes."""

import copy
import shutil

import pytest
import yaml

from press import pages
from press.proof import asked

PAGE = "book/fundamentals/density"
PROSE = """# Density

In MORE raloxifene was set against placebo for three years.
Out of 1,000 women some had hot flashes.
On the web one reads of five doses of raloxifene, and of tamoxifen.
"""
HOT = "{fact}`7 points <derived-johnston2000-hotflash-ard60>`"
SIDE = {
    "minutes": 5,
    "before": [],
    "objectives": ["Say what happened", "Say why"],
    "questions": [
        {
            "id": "density-f-1",
            "ask": "What happened to the spine in three years on raloxifene?",
            "options": [
                {
                    "text": "A loss without the drug, and a gain with it.",
                    "right": True,
                    "why": "It {fact}`lost 1.32 % <johnston2000-ls-bmd-plac>` without, and "
                    "{fact}`gained 1.28 % <johnston2000-ls-bmd-rlx60>` with raloxifene.",
                },
                {
                    "text": "A loss with it, too.",
                    "because": "opposite direction",
                    "why": "With it there was a gain.",
                },
                {"text": "Nothing.", "because": "no effect", "why": "It did change."},
            ],
        },
        {
            "id": "density-f-2",
            "ask": "Out of 1,000 women, how many had hot flashes on it?",
            "options": [
                {
                    "text": "About seventy more.",
                    "right": True,
                    "why": "{fact}`250 out of 1,000 <johnston2000-hotflash-rlx60>` and "
                    "{fact}`180 out of 1,000 <johnston2000-hotflash-plac>` without raloxifene.",
                },
                {"text": "Fifty.", "because": "wrong size", "why": "It was more."},
                {"text": "None.", "because": "no effect", "why": "There were some."},
            ],
        },
        {
            "id": "density-f-3",
            "ask": "Which drug was in MORE? A woman of {given}`fifty` asks.",
            "options": [
                {
                    "text": "Raloxifene.",
                    "right": True,
                    "why": "MORE tested raloxifene.",
                },
                {"text": "Tamoxifen.", "because": "other drug", "why": "Not there."},
                {"text": "Both.", "because": "all or nothing", "why": "One only."},
            ],
        },
    ],
}


@pytest.fixture
def told(tmp_path, monkeypatch):
    """The Slips of the rules of questions on the small page, after a change of its side file."""
    (tmp_path / PAGE).parent.mkdir(parents=True)
    shutil.copy(pages.ROOT / "book/threads.yml", tmp_path / "book")
    monkeypatch.setattr(pages, "ROOT", tmp_path)

    def told(change=None, prose=PROSE):
        side = copy.deepcopy(SIDE)
        if change:
            change(side["questions"])
        (tmp_path / f"{PAGE}.md").write_text(prose, encoding="utf-8")
        path = tmp_path / f"{PAGE}.yml"
        path.write_text(yaml.safe_dump(side, sort_keys=False), encoding="utf-8")
        return [slip for rule in asked.RULES.values() for slip in rule([PAGE])]

    return told


def option(question, count, **fields):
    """A change: these fields of option `count` of question `question`, both from 1."""
    return lambda questions: questions[question - 1]["options"][count - 1].update(
        fields
    )


def test_the_page_as_it_stands_has_no_slip(told):
    assert told() == []


def pepi(questions):
    """A change: the first question is about PEPI, whose regimens have names of their own."""
    questions[0]["ask"] = "What happened on raloxifene and on hormone therapy?"
    why = "It {fact}`gained 4.1 % <derived-pepi1996-ls-active>` on hormone therapy."
    option(1, 1, text="A gain on both.", why=why)(questions)


def both(questions):
    """A change: the third question is about a pair of drugs in ABCSG-12."""
    ask = "In ABCSG-12, on goserelin with tamoxifen, what was counted?"
    why = "{fact}`53 women <gnant2011-dfs-tam>` with an event."
    questions[2]["ask"] = ask
    option(3, 1, text="Events.", why=why)(questions)


def test_an_arm_is_named_by_its_kind_or_as_a_pair(told):
    assert not told(pepi)
    prose = PROSE + "One more trial had goserelin with tamoxifen.\n"
    assert not told(both, prose)
    # each named alone is no arm of the other
    assert told(
        lambda q: (both(q), q[2].update(ask="In MORE, on goserelin with tamoxifen?")),
        prose,
    )


@pytest.mark.parametrize("words", ["per 1,000", "out of 1,000", "out of\n1,000"])
def test_a_denominator_is_no_number_of_the_page(told, words):
    prose = PROSE.replace("Out of 1,000 women some", "Some")
    change = option(1, 3, why=f"It changed in few, {words} women.")

    def loose(slips):
        return [slip.line for slip in slips if slip.words.startswith("It changed")]

    assert not loose(told(change, prose))
    bare = option(1, 3, why="It changed in few of 1,000 women.")
    assert loose(told(bare, prose))


def test_a_right_answer_that_moved_is_found_twice(told):
    def moved(questions):
        first, second, _ = questions[0]["options"]
        second["right"] = first.pop("right")

    slips = told(moved)
    assert [slip.rule for slip in slips] == ["right answer"] * 2
    assert "question 1, option 1, because: a wrong option names" in slips[0].reason
    assert "question 1, option 2, because: it says why" in slips[1].reason
    rows = (pages.ROOT / f"{PAGE}.yml").read_text().split("\n")
    for slip, words in zip(slips, ("A loss without", "A loss with it"), strict=True):
        assert words in rows[slip.line - 1]


@pytest.mark.parametrize(
    ("change", "rule", "words"),
    [
        (option(1, 3, text="a loss WITH it, too!"), "right answer", "two options say"),
        (
            option(2, 1, text="About eighty more."),
            "numbers of a side file",
            "nearest of its facts: 70, ",
        ),
        (
            option(1, 3, why="It changed in four years."),
            "numbers of a side file",
            "the page tells no four year",
        ),
        (
            option(1, 3, why="It changed in 4 years."),
            "numbers of a side file",
            "the page tells no 4 year",
        ),
        (
            option(3, 2, why="One of seven doses."),
            "numbers of a side file",
            "the page tells no seven",
        ),
        (
            option(1, 1, text="A gain without the drug, and a loss with it."),
            "direction of an answer",
            "says more, less, and the facts of its explanation say less, more",
        ),
        (
            option(2, 1, text="A loss.", why=HOT),
            "direction of an answer",
            "say more: derived-johnston2000-hotflash-ard60",
        ),
        (
            lambda q: (
                option(1, 2, text="A gain with it, too.")(q),
                option(1, 1, text="Both rose.")(q),
            ),
            "direction of an answer",
            "its reason is the opposite direction",
        ),
        (
            lambda q: q[0].update(ask="What happened to the spine on ospemifene?"),
            "drugs of a side file",
            "the page does not name ospemifene",
        ),
        (
            option(3, 1, why="MORE tested tamoxifen."),
            "drugs of a side file",
            "MORE had no tamoxifen",
        ),
        (
            lambda q: (
                q[0].update(ask="What did tamoxifen do to the spine?"),
                option(1, 1, why=q[0]["options"][0]["why"].replace(" raloxifene", ""))(
                    q
                ),
            ),
            "drugs of a side file",
            "of raloxifene, which it does not name",
        ),
    ],
)
def test_a_slip_is_found(told, change, rule, words):
    slips = [slip for slip in told(change) if slip.rule == rule]
    assert slips and words in slips[0].reason, told(change)
    assert slips[0].file == f"{PAGE}.yml"


@pytest.mark.parametrize(
    ("aim", "reason"),
    [
        ("Say what nine doses did", "objective: the page tells no nine"),
        ("Say what ospemifene did", "objective: the page does not name ospemifene"),
    ],
)
def test_objectives_are_read_too(told, monkeypatch, aim, reason):
    monkeypatch.setitem(SIDE, "objectives", ["Say what five doses did", aim])
    (slip,) = told()
    assert slip.reason.startswith(reason)


def test_a_span_between_two_facts_and_a_made_up_number_pass(told):
    span = "{fact}`1.32 % <johnston2000-ls-bmd-plac:value>` lost"
    assert told(option(1, 1, text="It lost one to two percent.", why=span)) == []
    made_up = "In a group of {given}`seven hundred` it could be."
    assert told(option(3, 3, why=made_up)) == []


def test_years_names_and_how_often_are_no_numbers_to_check(told):
    words = "Johnston 2000 counted CYP2D6 twice, in helix-12 and vitamin K2."
    assert told(option(3, 3, why=words)) == []


def test_a_wrong_option_may_have_any_number(told):
    assert told(option(2, 2, text="Six hundred.")) == []


@pytest.mark.parametrize(
    ("words", "number", "unit"),
    [
        ("two hundred and fifty women", 250, ""),
        ("thirty-five fewer", 35, ""),
        ("six thousand people", 6000, ""),
        ("1,145 women", 1145, ""),
        ("2.6 % more", 2.6, "percent"),
        ("five to ten years", 5, "year"),
        ("a third", 1 / 3, ""),
        ("twice as many", 2, ""),
    ],
)
def test_numbers_are_read(words, number, unit):
    found = next(iter(asked.numbers(words)))
    assert (found.value, found.unit) == (pytest.approx(number), unit)
