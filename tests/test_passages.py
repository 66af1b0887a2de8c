"""Receipts of passages: a paragraph, cell, question or label that changed since it was read is told with its line."""

import pytest

from helpers import ROOT, nothing
from press import passages

PAGE = "book/academic/bone.md"
TEXT = """---
minutes: 5
---
# Bone

Raloxifene did not lower the risk.
It was seen {cite:p}`ruth2006`.

```{code-cell} ipython3
x = 1

y = 2
```

Certainty is low.
"""


@pytest.fixture
def root(tmp_path):
    """A repository with one page, whose passages were all read."""
    (tmp_path / "book" / "academic").mkdir(parents=True)
    (tmp_path / PAGE).write_text(TEXT, encoding="utf-8")
    passages.add(PAGE, "read aloud", "2026-11-29", tmp_path)
    return tmp_path


def told(root):
    return [str(fault) for fault in passages.faults([PAGE], root)]


def write(root, old, new):
    assert old in TEXT
    (root / PAGE).write_text(TEXT.replace(old, new), encoding="utf-8")


def test_every_passage_of_the_book_has_its_receipt():
    nothing(list(map(str, passages.faults())))


def test_a_cell_is_one_passage_and_a_paragraph_another(root):
    assert [(p.line, p.text[:9]) for p in passages.passages(PAGE, root)] == [
        (1, "--- minut"),
        (6, "Raloxifen"),
        (9, "```{code-"),
        (15, "Certainty"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("did not lower", "did lower", 6),
        ("ruth2006", "ruth2007", 6),
        ("y = 2", "y = 3", 9),
        ("is low", "is high", 15),
        ("minutes: 5", "minutes: 9", 1),
    ],
)
def test_a_changed_passage_is_told_once_with_its_line(root, old, new, line):
    write(root, old, new)
    (fault,) = told(root)
    assert fault.startswith(f"{PAGE}:{line} · changed since it was read")
    passages.add(PAGE, "read again", "2026-11-30", root)
    assert not told(root)
    days = [receipt.day for receipt in passages.receipts(PAGE, root)]
    assert sorted(set(days)) == ["2026-11-29", "2026-11-30"]
    assert days.count("2026-11-30") == 1


def test_a_passage_that_is_gone_and_one_that_moved_are_told(root):
    write(root, "Certainty is low.\n", "")
    assert "no longer there: 'Certainty is low.'" in told(root)[0]
    cell = TEXT[TEXT.index("```{") : TEXT.index("Certainty")]
    (root / PAGE).write_text(f"{TEXT.replace(cell, '')}\n{cell}", encoding="utf-8")
    assert "another order" in told(root)[0]


def test_lines_may_be_broken_elsewhere(root):
    write(root, "risk.\nIt was", "risk. It\nwas")
    assert not told(root)


def test_a_question_and_a_label_of_a_drawing_are_passages_of_their_own():
    questions = passages.passages("book/fundamentals/tissues.yml")
    assert sum(passage.text.startswith("- id: ") for passage in questions) >= 4
    labels = passages.passages("figures/rankl-opg.svg")
    assert any(">estrogen<" in label.text for label in labels)


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("academic/bone", "- id: bone-a-b1 "),
        ("academic/bone", "look_for: "),
        ("stations", "- {point: "),
        ("stations", "woman: "),
        ("cases", "- {point: "),
        ("syllabi", "- title: "),
        ("competencies", "- code: "),
        ("appraisal", "- name: "),
        ("arrives", "lost: "),
        ("handouts", "numbers: ["),
    ],
)
def test_what_a_teacher_reads_out_is_cut_into_its_parts(name, begins):
    """So that a fault names the line of what changed, and a receipt holds no more than somebody read."""
    found = passages.passages(f"teach/{name}.yml")
    assert any(passage.text.startswith(begins) for passage in found)
    assert max(len(passage.text) for passage in found) < 1600


def test_what_readers_meet_is_sealed():
    held = set(passages.files())
    for name in (
        "book/index.md",
        "book/reference/glossary.md",
        "book/threads.yml",
        "figures/tsec.svg",
        "explorables/thirty_years/model.js",
        "teach/academic/bone.yml",
        "teach/stations.yml",
        "teach/assignments/academic-forest.md",
    ):
        assert name in held
    assert {p.name for p in (ROOT / "teach").rglob("*.yml")} <= {
        name.rpartition("/")[2] for name in held
    }
    assert all((ROOT / name).exists() for name in held)
