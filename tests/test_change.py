"""Each Intermediate and Academic page has one place where the reader changes a line, and a cell that answers."""

import pytest

from helpers import ROOT, THREADS
from press import myst

ASKED = "**Change this line: what do you expect?**"
PAGES = [page for page in THREADS if "/fundamentals/" not in page]


@pytest.mark.parametrize("page", PAGES)
def test_one_line_to_change_and_a_cell_that_answers(page):
    source = myst.read(ROOT / f"{page}.md")
    marked = [cell for cell in source.cells if "# change this line" in cell.body]
    assert len(marked) == 1, "one cell has a line marked `# change this line`"
    lines = (ROOT / f"{page}.md").read_text(encoding="utf-8").splitlines()
    asked = [n for n, line in enumerate(lines, 1) if line.startswith(ASKED)]
    assert len(asked) == 1, f"one paragraph begins with {ASKED}"
    after = [cell for cell in source.cells if cell.line > asked[0]]
    assert marked[0].line < asked[0], "the line stands before the question"
    assert "hide-cell" in after[0].options.get("tags", []), (
        "the next cell answers, folded"
    )
