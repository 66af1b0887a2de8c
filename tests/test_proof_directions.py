"""Direction words on made-up pages: what agrees with the fact beside them, and what does not."""

import pytest

from press.proof import directions, numerals, text


@pytest.fixture
def told(tmp_path, monkeypatch):
    """The words that the rule stops in a sentence."""

    def found(prose, side="minutes: 5\n"):
        folder = tmp_path / "book/academic"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "x.md").write_text(f"# Title\n\n{prose}\n", encoding="utf-8")
        (folder / "x.yml").write_text(side, encoding="utf-8")
        monkeypatch.setattr(numerals.pages, "ROOT", tmp_path)
        monkeypatch.setattr(
            directions, "blocks", lambda page: text.blocks(page, tmp_path)
        )
        return [slip.words for slip in directions.directions(["book/academic/x"])]

    return found


PLAC, RLX = "ettinger1999-vfx-plac", "ettinger1999-vfx-rlx60"
#: A sentence with its direction word open, the right word and the wrong one.
SENTENCES = [
    ("The spine came out {} by {fact}`0.62 SMD <zhang2025-pinp>`.", "higher", "lower"),
    (
        "Fractures were {fact}`36 % <sarkar2002-vfx-rr-anybmd>` {} on the drug.",
        "fewer",
        "more",
    ),
    (
        "There were {} deaths with it, a hazard ratio of {fact}`1.63 <gnant2015-os-ana>`.",
        "more",
        "fewer",
    ),
    (
        "Exercise {} the rate of tumbles: ratio {fact}`0.77 <sherrington2019-falls-all>`.",
        "lowers",
        "raises",
    ),
    (
        f"{{}} of them broke a bone: {{fact}}`6.6 % <{RLX}>` instead of {{fact}}`10.1 % <{PLAC}>`.",
        "Fewer",
        "More",
    ),
    (
        f"It {{}} to {{fact}}`6.6 % <{RLX}>` from {{fact}}`10.1 % <{PLAC}>`.",
        "fell",
        "rose",
    ),
    (
        f"{{}} breaks on one than on the other: {{fact}}`6.6 % <{RLX}>` and {{fact}}`10.1 % <{PLAC}>`.",
        "Fewer",
        "More",
    ),
    ("On the drug women had {} clots.", "more", "fewer"),
    ("Raloxifene {} the risk of vertebral fractures.", "lowers", "raises"),
    ("With tamoxifen endometrial cancer became {} common.", "more", "less"),
    ("Spine fractures, seen on X-ray, became {}.", "fewer", "more"),
]


@pytest.mark.parametrize(("sentence", "right", "wrong"), SENTENCES)
def test_the_word_agrees_with_the_rows(told, sentence, right, wrong):
    assert told(sentence.replace("{}", right)) == []
    assert len(told(sentence.replace("{}", wrong))) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "It did not find fewer events: hazard ratio {fact}`1.63 <gnant2015-os-ana>`.",
        "More than ten women took it, {fact}`0.77 <sherrington2019-falls-all>`.",
        "The lower dose gave {fact}`1.63 <gnant2015-os-ana>`.",
        "MORE gives {fact}`0.77 <sherrington2019-falls-all>`.",
        "More took part, but the ratio was {fact}`0.77 <sherrington2019-falls-all>`.",
        "Estrogen made clots rarer.",
        "Being active could prevent clots.",
        "Raloxifene and tamoxifen: the first had fewer clots.",
        "{compare}`Fewer clots <vogel2010-te-rate-rlx vogel2010-te-rate-tam>` came on raloxifene.",
    ],
)
def test_what_is_left_alone(told, sentence):
    assert told(sentence) == []


def test_a_wrong_option_may_be_wrong(told):
    side = """minutes: 5
questions:
  - id: x-1
    ask: What does raloxifene do to clots?
    options:
      - {text: It means fewer clots., why: It is the other way.}
      - {text: It means fewer clots in veins., right: true, why: So it was.}
"""
    assert told("Words.", side) == ["fewer clots"]
