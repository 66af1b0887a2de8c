"""Captions against the rows and tables that their cells name: data, source, spans and doses, labels."""

import pytest

from press import myst
from press.proof import drawn

CELLS = """# A page

## One part

Told by {cite:p}`ruth2006`.

```{code-cell} ipython3
from bonebook import pick, style, table

loss = table("menopause_loss")
rows = pick(
    {
        "ettinger1999-vfx-plac": "{people} with no drug",
        "ettinger1999-vfx-rlx60": "{people} on {drug.name}",
    }
)
rows["value"] = rows["value"] * 1
```

```{code-cell} ipython3
---
mystnb:
  figure:
    caption: |
      Breaks on raloxifene 60 mg over three years.
      Data: {data}`outcomes`. Source: {cite:t}`ettinger1999`.
    name: fig-x
  image:
    alt: Two panels.
---
style.people(rows);
```
"""


@pytest.fixture
def told(monkeypatch):
    """The slips that a rule finds on the page above, one text in it changed."""

    def slips(rule, old="", new=""):
        assert old in CELLS
        page = myst.parse(CELLS.replace(old, new, 1), f"x{hash(old + new)}.md")
        monkeypatch.setattr(drawn.myst, "read", lambda *_: page)
        return [f"{slip.words}: {slip.reason}" for slip in drawn.RULES[rule](["x"])]

    return slips


def test_what_a_figure_rests_on_are_the_statements_that_made_what_it_uses():
    rests = drawn.rests_on(myst.parse(CELLS).cells, 1)
    assert rests.tables == {"outcomes"}
    assert rests.ids == {"ettinger1999-vfx-plac", "ettinger1999-vfx-rlx60"}


def test_a_name_given_anew_forgets_what_it_was():
    code = 'a = table("foods")\na = table("markers")\na["x"] = table("drugs")\n'
    cells = [f"```{{code-cell}} x\n{part}\n```\n" for part in (code, "a")]
    rests = drawn.rests_on(myst.parse("\n".join(cells)).cells, 1)
    assert rests.tables == {"markers", "drugs"}


@pytest.mark.parametrize("rule", list(drawn.RULES))
def test_what_agrees_is_left_alone(told, rule):
    assert told(rule) == []


@pytest.mark.parametrize(
    ("rule", "old", "new", "reason"),
    [
        (
            "data of a caption",
            "`outcomes`",
            "`markers`",
            "does not rest on markers; its cells read outcomes",
        ),
        ("data of a caption", "Data: {data}`outcomes`.", "", "leaves out"),
        (
            "source of a caption",
            "cite:t}`ettinger1999",
            "cite:t}`vogel2010",
            "no row of this figure comes from vogel2010",
        ),
        (
            "source of a caption",
            "{cite:t}`ettinger1999`",
            "a paper",
            "draws ettinger1999, which neither",
        ),
        ("spans of a figure", "three years", "five years", "36"),
        ("spans of a figure", "60 mg", "90 mg", "of 0, 60"),
        ("labels of rows", "on {drug.name}", "with no drug", "is of raloxifene"),
        ("labels of rows", "with no drug", "on raloxifene", "'raloxifene' is no word"),
    ],
)
def test_a_slip_is_told(told, rule, old, new, reason):
    assert reason in " ".join(told(rule, old, new))


def test_labels_exchanged_between_rows_are_told():
    hip, wrist = "ensrud2008-hip-hr", "ensrud2008-wrist-hr"
    assert len(list(drawn.exchanged({hip: "wrist, {trial}", wrist: "hip"}))) == 2
    assert not list(drawn.exchanged({hip: "hip, {trial}", wrist: "wrist"}))


def test_a_label_of_another_event_is_told():
    assert list(drawn.mistaken({"ensrud2008-hip-hr": "stroke, {trial}"}))
    assert not list(drawn.mistaken({"ensrud2008-hip-hr": "hip, {trial}"}))
