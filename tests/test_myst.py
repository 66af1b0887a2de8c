"""The one reader of a page's source: what it finds, and on which line."""

import pytest

from press import myst

PAGE = """\
---
kernelspec: {name: python3}
---
# A {term}`title <thing>` with *emphasis*

First words, {fact}`1.2 % <row-id>` and
{cite:p}`able2000,baker2001`; `{fact}` is code, \\{fact} too, and $x < y$ is math.

- one {given}`5`
- two

::::{note} With an argument
:class: tip

Inside, {term}`placebo`.

:::{exercise-start} Deeper
:label: try-1
:::
::::

```{code-cell} ipython3
---
mystnb:
  figure:
    caption: |
      A line with {data}`bmd_change`.
    name: fig-one
  image:
    alt: A straight
      line.
tags: [hide-input]
---

import this
print("{fact}`no role <at-all>`")
```

| Arm | Change |
|---|---|
| one | {fact}`2 <other-id>` |

```{figure} one.svg
:alt: A picture
:name: fig-two
The caption, {given}`3`.
```

$$
\\Delta = 1
$$
"""


@pytest.fixture(scope="module")
def page():
    return myst.parse(PAGE, "page.md")


def test_front_matter_and_headings(page):
    assert page.front == {"kernelspec": {"name": "python3"}}
    assert page.title == "A title with emphasis"
    assert page.headings == (myst.Heading(1, "A title with emphasis", 4),)


def test_roles_with_their_lines(page):
    found = [(role.name, role.words, role.target, role.line) for role in page.roles]
    assert found == [
        ("term", "title", "thing", 4),
        ("fact", "1.2 %", "row-id", 6),
        ("cite:p", "able2000,baker2001", "able2000,baker2001", 7),
        ("given", "5", "5", 9),
        ("term", "placebo", "placebo", 15),
        ("data", "bmd_change", "bmd_change", 22),
        ("fact", "2", "other-id", 41),
        ("given", "3", "3", 46),
    ]


def test_directives_with_their_lines(page):
    found = [(each.name, each.argument, each.depth) for each in page.directives]
    assert found == [
        ("note", "With an argument", 0),
        ("exercise-start", "Deeper", 1),
        ("code-cell", "ipython3", 0),
        ("figure", "one.svg", 0),
    ]
    lines = PAGE.split("\n")
    for each in page.directives:
        assert f"{{{each.name}}}" in lines[each.line - 1]
        assert set(lines[each.last - 1].strip()) <= {":", "`"}
        if each.body:
            assert lines[each.inside - 1] == each.body.split("\n")[0]


def test_cells_and_figures(page):
    (cell,) = page.cells
    assert cell.body == 'import this\nprint("{fact}`no role <at-all>`")'
    assert (cell.tags, cell.label) == (["hide-input"], "fig-one")
    assert cell.caption == "A line with {data}`bmd_change`."
    assert cell.alt == "A straight line."
    (figure,) = page.named("figure")
    assert (figure.label, figure.alt) == ("fig-two", "A picture")
    assert figure.caption == "The caption, {given}`3`."


def test_prose_is_sentences_alone(page):
    """No heading, caption, table or code; citations left out, a formula read as x."""
    assert page.prose.split("\n") == [
        "First words, 1.2 % and; {fact} is code, {fact} too, and x is math.",
        "one 5 two.",
        "Inside, placebo.",
    ]


@pytest.mark.parametrize(
    "text, told",
    [
        ("# T\n\n:::{note}\n---\na: [\n---\n:::\n", "page.md:3: the options of {note}"),
        ("# T\n\n```{note}\n---\na: 1\n```\n", "page.md:3: .* do not end"),
        ("# T\n\n:::{note it}\n:::\n", "page.md:3: '{note it}' is not a directive"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text, told):
    with pytest.raises(myst.PageError, match=told):
        assert myst.parse(text, "page.md").directives
