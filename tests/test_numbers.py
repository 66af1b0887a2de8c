"""The numbers on the pages, without a build: each agrees with its row, and none stands there unmarked."""

import pytest

from helpers import PAGES, WRONG, WRONG_PAGE
from press import numbers


@pytest.mark.parametrize("page", PAGES)
def test_every_number_agrees_with_its_row(page):
    """Each {fact} and {data} of the page and of its side file; no digit without a mark."""
    assert numbers.faults(page) == []


def test_wrong_numbers_are_told_with_their_line(tmp_path):
    """The same faults as those that stop a build (test_fact_role.py), each once."""
    page = tmp_path / "book/intermediate/density.md"
    page.parent.mkdir(parents=True)
    page.write_text(WRONG_PAGE, encoding="utf-8")
    found = numbers.faults("book/intermediate/density", tmp_path)
    for line, (fault, words) in enumerate(WRONG.items(), 3):
        here = [each for each in found if f"density.md:{line}: " in each]
        assert len(here) == 1, f"{fault}: {found}"
        assert all(word in here[0] for word in words), here[0]
    assert len(found) == len(WRONG)


def test_captions_tables_and_the_side_file_are_read(tmp_path):
    """Wherever a reader meets a number it is looked at; code, formulas and options are not."""
    page = tmp_path / "book/fundamentals/bone.md"
    page.parent.mkdir(parents=True)
    page.write_text(
        """# Title with 31 percent

:::{how-sure} low
Inside a box, 32 percent.
:::

```{code-cell} ipython3
---
mystnb:
  figure:
    caption: |
      A caption, 33 percent.
  image:
    alt: Read aloud, 91 percent.
---
rows = 92
```

| Arm | Change |
|---|---|
| one | 34 percent |

- a list, *35* percent and `93` and $x = 94$ and [36 percent](https://example.org/95)
""",
        encoding="utf-8",
    )
    page.with_suffix(".yml").write_text(
        "minutes: 96\nobjectives: [Name 37 percent]\nquestions:\n- id: q-97\n"
        "  ask: Is it 38 percent?\n  options: [{text: 39 percent, why: As 40 percent}]\n",
        encoding="utf-8",
    )
    found = numbers.faults("book/fundamentals/bone", tmp_path)
    assert [fault.split(" has no source")[0].split()[-1] for fault in found] == [
        str(number) for number in range(31, 41)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "in 1999 and 2004",
        "30, 60 and 150 mg a day",
        "30 mg, 60 mg or 150 mg",
        "0.45 and 0.625 mg",
        "60 mg/day",
        "400 IU of vitamin D3",
        "out of 1,000 women",
        "each dot is one of 1,000",
        "95 % confidence interval",
        "95 % intervals",
        "aged 45 to 60",
        "after 4 years",
        "a 12-month scan",
        "12–24 months",
        "CYP2D6, IL-6, AF-2 and L1-L4",
        "17β-estradiol, 25(OH)D, 1,25-dihydroxyvitamin D",
        "helix 12",
        "phase 3",
        "section 2.3",
        "doi 10.1001/archinte.160.22.3444",
    ],
)
def test_allowed(text):
    assert numbers.unmarked(text) == []


@pytest.mark.parametrize(
    "text, number",
    [
        ("44 percent", "44"),
        ("lost 1.3 %", "1.3"),
        ("2000 women", "2000"),
        ("2,051 women", "2,051"),
        ("in 5 of 1,000", "5"),
        ("a gap of 2.4, 60 mg", "2.4"),
        ("36 % on 60 mg", "36"),
        ("130 mg/dL", "130"),
        ("95 % of women", "95"),
        ("over 50 women", "50"),
        ("5.6 years", "5.6"),
        ("n=60", "n=60"),
        ("RR 0.5", "0.5"),
        ("RR0.5", "RR0.5"),
        ("a T-score of −2.5", "−2.5"),
        ("by 28 hours", "28"),
        ("(0.84 to", "0.84"),
    ],
)
def test_not_allowed(text, number):
    assert [found[0] for found in numbers.unmarked(text)] == [number]
