"""The code cells: short as the formatter writes them, one thought a line, folded and described as their tier asks."""

import ast
import functools
import re

import pytest

from helpers import ROOT, nothing
from press import cells, myst

WIDTH, MEDIAN, TENTH, LONGEST = 88, 8, 15, 18
#: The pages with cells, by a word of their source: to read every page takes a second in each process of a test run.
PAGES = [
    page.relative_to(ROOT).as_posix()
    for page in sorted((ROOT / "book").rglob("*.md"))
    if "{code-cell}" in page.read_text(encoding="utf-8")
]


@functools.cache
def formatted():
    """The cells of each page as ruff writes them, whatever stands in the page."""
    return cells.formatted(cells.pages())


def cells_of(page):
    return formatted()[ROOT / page]


def test_every_page_with_cells_is_looked_at():
    assert [ROOT / page for page in PAGES] == cells.pages()


@pytest.mark.parametrize("page", PAGES)
def test_no_cell_grows_past_eighteen_formatted_lines(page):
    long = [
        f"{cell.where()}: {len(cell.lines())} lines as ruff writes the cell at {WIDTH} "
        f"columns, and {LONGEST} are the most. Split it where a new thought begins, or "
        "let bonebook do what is not the thought."
        for cell in cells_of(page)
        if len(cell.lines()) > LONGEST
    ]
    nothing(long)


def test_half_of_the_cells_have_eight_formatted_lines_or_fewer():
    median, _ = cells.centiles(len(c.lines()) for page in PAGES for c in cells_of(page))
    assert median <= MEDIAN, "`python -m tools stats` shows the tiers"


def test_nine_of_ten_cells_have_fifteen_formatted_lines_or_fewer():
    _, tenth = cells.centiles(len(c.lines()) for page in PAGES for c in cells_of(page))
    assert tenth <= TENTH, "`python -m tools stats` shows the tiers"


@pytest.mark.parametrize("page", PAGES)
def test_no_line_of_a_cell_is_wider_than_the_formatter_allows(page):
    """The formatter breaks code and leaves long texts and remarks alone; these are broken by hand."""
    wide = [
        f"{cell.where(row)}: {len(line)} columns, and {WIDTH} are the most: {line}"
        for cell in cells.cells(ROOT / page)
        for row, line in enumerate(cell.code.splitlines(), 1)
        if len(line) > WIDTH
    ]
    nothing(wide)


def crowded(code):
    """Rows of a cell on which more is done than one thing, so that lines are saved and not thoughts: (row, what)."""
    rows = []
    for node in ast.walk(ast.parse(code)):
        value = getattr(node, "value", None)
        calls = [
            part
            for part in (value.elts if isinstance(value, ast.Tuple) else ())
            if any(isinstance(each, ast.Call) for each in ast.walk(part))
        ]
        names = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple)
        if names and len(calls) > 1:
            rows.append((node.lineno, "two results in one assignment"))
        elif isinstance(node, ast.Expr) and (
            calls or isinstance(value, (ast.ListComp, ast.SetComp, ast.BoolOp))
        ):
            rows.append((node.lineno, "steps in a row that is no result"))
        elif isinstance(node, ast.NamedExpr):
            rows.append((node.lineno, "a name given inside an expression"))
        elif isinstance(node, ast.Lambda) and isinstance(node.body, ast.Tuple):
            rows.append((node.lineno, "steps inside a lambda"))
    first = [
        node.lineno for node in ast.walk(ast.parse(code)) if isinstance(node, ast.stmt)
    ]
    rows += [
        (row, "two statements on a line") for row in set(first) if first.count(row) > 1
    ]
    return sorted(rows)


@pytest.mark.parametrize("page", PAGES)
def test_a_line_of_a_cell_does_one_thing(page):
    found = [
        f"{cell.where(row)}: {what}; give each a line of its own"
        for cell in cells.cells(ROOT / page)
        for row, what in crowded(cell.code)
    ]
    nothing(found)


@pytest.mark.parametrize(
    ("code", "many"),
    [
        ("a = 1; b = 2", 1),
        ("if a: b = 2", 1),
        ("a, b = f(1), f(2)", 1),
        ("ax.plot(x), ax.set(y)", 1),
        ("[ax.plot(x) for x in y]", 1),
        ("ax and ax.plot(x)", 1),
        ("b = (a := f(1)) + 1", 1),
        ("go = lambda x: (f(x), g(x))", 1),
        ("a, b = 1, 2", 0),
        ("low, high = f(1)", 0),
        ("place = f(1), f(2)", 0),
        ("fig, ax = plt.subplots()\nfor x in y:\n    ax.plot(x);", 0),
        ("rows = [f(x), f(y)]", 0),
    ],
)
def test_what_counts_as_one_thing(code, many):
    assert len(crowded(code)) == many


@pytest.mark.parametrize("page", PAGES)
def test_cells_have_no_functions_magic_or_printing(page):
    found = [
        f"{cell.where(row)}: {line}"
        for cell in cells.cells(ROOT / page)
        for row, line in enumerate(cell.code.splitlines(), 1)
        if re.match(r"\s*(%|!|def |class |print\()", line)
    ]
    nothing(found)


@pytest.mark.parametrize("page", PAGES)
def test_cells_fold_and_figures_are_described(page):
    """In Fundamentals a cell folds away; a figure has a caption, a name and alt text that says something."""
    for cell in myst.read(ROOT / page).cells:
        where = f"{page}:{cell.line}"
        if "/fundamentals/" in page:
            assert "hide-input" in cell.tags, f"{where}: a cell that does not fold"
        if "plt." in cell.body or "fig" in cell.body:
            assert cell.caption and cell.label, (
                f"{where}: a figure without caption or name"
            )
            assert len(cell.alt.split()) >= 20, (
                f"{where}: alt text that says too little"
            )


def test_formatting_keeps_the_semicolon_and_nothing_but_the_code_changes(tmp_path):
    """Written back as ruff writes a notebook: the options, the prose and the last semicolon stay as they are."""
    page = tmp_path / "page.md"
    text = "# T\n\n```{code-cell} ipython3\n---\ntags: [hide-input]\n---\nOLD\n```\n\nWords  here.\n"
    page.write_text(text.replace("OLD", "x = {'a':1}\nx ['a'] ;"), encoding="utf-8")
    cells.write(page, cells.formatted([page])[page])
    assert page.read_text(encoding="utf-8") == text.replace(
        "OLD", 'x = {"a": 1}\nx["a"];'
    )
    assert cells.faults([page]) == []


def test_a_cell_that_is_not_python_is_told_with_page_and_line(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# T\n\n```{code-cell} ipython3\nx = (1\ny = 2\n```\n")
    with pytest.raises(cells.CellError, match=r"page\.md:5: "):
        cells.formatted([page])


#: What a cell may say of its figure.
FIGURE = {"figure": {"caption", "name"}, "image": {"alt"}}


@pytest.mark.parametrize("page", PAGES)
def test_a_figure_says_what_it_is(page):
    """A misspelt key would leave a figure without its caption or without alt text."""
    wrong = []
    for cell in myst.read(ROOT / page).cells:
        options = cell.options.get("mystnb", {})
        place = f"{page}:{cell.line}"
        for part, keys in options.items():
            if part not in FIGURE or set(keys) != FIGURE[part]:
                known = {name: sorted(keys) for name, keys in FIGURE.items()}
                wrong.append(f"{place}: {part}: {sorted(keys)}; a figure has {known}")
        if options and set(options) != set(FIGURE):
            wrong.append(f"{place}: a figure needs {sorted(FIGURE)}")
    nothing(wrong)
