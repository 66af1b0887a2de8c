"""Pages as notebooks: plain CommonMark between the cells, and cells that run."""

import base64
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient

from helpers import ROOT, THREADS, TORTURE, small_book
from press import glance, notebooks, numbered, pages
from press.commonmark import Converter
from press.myst import PageError
from press.sphinx import outline

LEFT = re.compile(
    r"\{[A-Za-z][\w:-]*\}`|^\s*:::|^\s*`{3,}\{|^\(.+\)=\s*$|\{\{|\ue000|^---\s*$|(?<!`)\{[.#]\w+\}",
    re.M,
)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return small_book(tmp_path_factory.mktemp("notebooks"))


@pytest.fixture(scope="module")
def made(root):
    return notebooks.notebook(root / "book/intermediate/density.md", root, "")


def prose(notebook):
    return "\n\n".join(
        cell.source for cell in notebook.cells if cell.cell_type == "markdown"
    )


def without_code(text):
    return re.sub(
        r"(`+)[^`].*?[^`]?\1(?!`)",
        "",
        re.sub(r"^```\w*\n.*?^```$", "", text, flags=re.S | re.M),
        flags=re.S,
    )


def test_nothing_of_myst_is_left(made):
    nbformat.validate(made)
    assert LEFT.findall(without_code(prose(made))) == []


def test_code_is_left_alone(made):
    assert 'print("{fact}`not a role <nowhere>`")' in prose(
        made
    ) and "`{fact}`" in prose(made)


@pytest.mark.parametrize(
    "words",
    [
        "gained 0.71 %, 1.28 % and\n1.20 %, as [Johnston et al. 2000](https://doi.org/10.1001/archinte.160.22.3444) report ([Delmas et al. 1997](https://",
        "(in brackets 1.28 %, [Delmas et al. 1997](https://doi.org/10.1056/NEJM199712043372301)).",
        "Both [Delmas et al. 1997](https://doi.org/10.1056/NEJM199712043372301) and [Johnston et al. 2000](https://",
        "A definition: 5 out of 100. A word: _placebo_, and _other words_. A table: `bmd_change`.",
        "Maths: $x < y$ and $a_1^2$.",
        "A sign: \\$ and \\{cite:p}.",
        "[tissues](../intermediate/tissues.ipynb), [A page on tissues](../intermediate/tissues.ipynb), [a _placebo_](../fundamentals/density.ipynb), the claims, [a place](https://example.org/) and its exercise.",
        "## A placebo heading with 1,145 women\n",
        "- one 1.28 % ([Johnston et al. 2000](https://doi.org/10.1001/archinte.160.22.3444))\n- two",
        "\n\n| Arm | Change |\n|---|---|\n| placebo | −1.32 % |\n| 60 mg | +1.28 % ([Johnston",
        "$$\\Delta = \\bar{x}_1 - \\bar{x}_2$$",
        "**Figure 1.** A line with gained 1.28 %.",
        "<summary>The figure in words</summary>\n\nA straight line",
        "> **How sure are we? Very low certainty ●○○○**",
        "> **In one breath**",
        "**1. Which arm lost 1.32 %?**\n\n- A. Placebo\n",
        "- A. **Right.** It lost 1.32 %; see [Johnston",
        "- B. ✗ It gained 1.28 %",
        "### Exercise 1 (With a title)\n\nChange the cell.",
        "### Solution to exercise 1",
        "### Exercise 2\n\nAnother, without cells.\n\n### Solution to exercise 2\n\nJust words.",
        "> **To take with you**\n>\n> - A question _placebo_?",
        "**Intermediate 2.3** · ",
        "You will be able to:\n\n- Read a bar",
        "Worth reading first: [A page on density](../fundamentals/density.ipynb)",
        "- [Delmas et al. 1997](https://doi.org/10.1056/NEJM199712043372301): ",
        "Claims of the source documents that this page answers:\n\n- ",
    ],
)
def test_reads_well(made, words):
    assert words in prose(made)


def test_several_outcomes(root):
    """Each outcome has its own dots; a fault below them tells its own line."""
    made = notebooks.notebook(root / "book/intermediate/tissues.md", root, "")
    lines = (
        "> **How sure are we?**\n>\n> - **breaks on film**: High certainty ●●●●. Three trials agree ([Delmas",
        "> - **_placebo_ alone**: Very low certainty ●○○○. Nobody looked.\n>\n> A trial could change this.",
    )
    assert [line for line in lines if line not in prose(made)] == []


def test_comment_is_gone(made):
    assert "nobody sees" not in prose(made)


def test_cells(made):
    """Folded code stays folded, the code of a folded solution too; ids do not change from one time to the next."""
    first, *code = [cell for cell in made.cells if cell.cell_type == "code"]
    assert first.metadata.tags == [notebooks.SETUP]
    assert [cell.metadata.get("jupyter", {}).get("source_hidden") for cell in code] == [
        True,
        True,
        True,
    ]
    assert code[1].metadata.jupyter.outputs_hidden
    assert made.metadata.kernelspec.name == "python3"
    assert len({cell.id for cell in made.cells}) == len(made.cells)


def test_same_twice(root, made):
    assert nbformat.writes(made) == nbformat.writes(
        notebooks.notebook(root / "book/intermediate/density.md", root, "")
    )


def test_opening(root, made):
    assert (
        made.cells[0].source.startswith("# A page that uses everything\n")
        and "pip install -r requirements.txt" in made.cells[0].source
    )
    there = notebooks.notebook(
        root / "book/intermediate/density.md", root, "https://owner.example/name"
    )
    assert (
        "(https://owner.example/name/book/intermediate/density.html)"
        in there.cells[0].source
    )
    assert re.search(
        r"pip install https://owner.example/name/downloads/bonebook-[\d.]+-py3-none-any.whl",
        there.cells[0].source,
    )
    assert (
        "[`bmd_change`](https://owner.example/name/book/reference/data-dictionary.html#table-bmd_change)"
        in prose(there)
    )


@pytest.mark.slow
def test_runs(made, tmp_path):
    done = NotebookClient(
        made.copy(), timeout=120, resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    _, *code = [cell for cell in done.cells if cell.cell_type == "code"]
    assert all(cell.outputs for cell in code)


@pytest.mark.parametrize(
    "text, line, told",
    [
        ("# T\n\n{nosuch}`role`.\n", 3, "the role {nosuch} has no plain form"),
        (
            "# T\n\ntext\nand {fact}`9 % <johnston2000-ls-bmd-rlx60>`\n",
            4,
            "johnston2000-ls-bmd-rlx60",
        ),
        ("# T\n\n{fact}`9 %`\n", 3, "names no row"),
        ("# T\n\n{cite:p}`nobody1900`\n", 3, "'nobody1900' is not in data/studies.csv"),
        ("# T\n\n:::{nosuch}\n:::\n", 3, "the directive {nosuch} has no plain form"),
        ("# T\n\n:::{in-one-breath}\n\nx\n{nosuch}`y`\n:::\n", 6, "the role {nosuch}"),
        (
            "# T\n\n:::{take-with-you}\n:class: tip\n\nx {nosuch}`y`\n:::\n",
            6,
            "the role {nosuch}",
        ),
        ("# T\n\nwords\n[](#here)\n", 4, "a link to '#here' has no plain form"),
        ("# T\n\n[x](nowhere.md)\n", 3, "the link leads to nowhere.md"),
        ("# T\n\nSee ![x](a.svg)\n", 3, "a picture inside a sentence"),
        ("# T\n\n```{figure} nowhere.svg\n:alt: x\nX\n```\n", 3, "no picture nowhere"),
        ("# T\n\n{{ word }}\n", 3, "what begins with {{ has no plain form"),
        ("# T\n\nA note[^one]\n", 3, "what begins with [^ has no plain form"),
        ("# T\n\nsome {fact}`9 %\n", 3, "what begins with {fact}` has no plain form"),
        ("# T\n\n> :::{note}\n> x\n> :::\n", 3, "inside a list or a quotation"),
        ("# T\n\n- x\n  :::{note}\n  x\n  :::\n", 4, "inside a list or a quotation"),
        ("# T\n\n(here)=\n## X\n", 3, "this block has no plain form"),
        ("# T\n\n::: x\n:::\n", 3, "this block has no plain form"),
        ("# T\n\n$$\na\n$$ (eq-a)\n", 3, "this block has no plain form"),
        ("# T\n\n:::{where-from}\nclaims: nowhere\n:::\n", 4, "no such claim: nowhere"),
        ("# T\n\n:::{how-sure} quite\nx\n:::\n", 3, "{how-sure} takes one of"),
        (
            "# T\n\n:::{how-sure}\n- **a**: high. Why.\n- **b**: low. Why.\n\nx\n{nosuch}`y`\n:::\n",
            8,
            "the role {nosuch}",
        ),
        ("# T\n\n:::{solution-start} nowhere\n:::\n", 3, "no exercise of this page"),
        (
            "# T\n\n::::{in-one-breath}\n```{code-cell}\n1\n```\n::::\n",
            4,
            "a cell inside a directive",
        ),
    ],
)
def test_faults(root, text, line, told):
    page = root / "book/academic/density.md"
    page.write_text(text, encoding="utf-8")
    try:
        with pytest.raises(PageError) as fault:
            notebooks.notebook(page, root, "")
    finally:
        page.unlink()
    assert str(fault.value).startswith(
        f"book/academic/density.md:{line}: "
    ) and told in str(fault.value)


def test_faults_stop_the_command(root, monkeypatch, tmp_path):
    page = root / "book/academic/density.md"
    page.write_text("# T\n\n{nosuch}`x`\n", encoding="utf-8")
    monkeypatch.setattr(
        notebooks, "written", lambda: [(pages.place("academic/density"), page)]
    )
    monkeypatch.setattr(
        notebooks,
        "notebook",
        lambda path: Converter(path, root).convert(path.read_text(encoding="utf-8")),
    )
    try:
        with pytest.raises(SystemExit, match=r"density\.md:3: the role \{nosuch\}"):
            notebooks.main(tmp_path)
    finally:
        page.unlink()


def test_pictures_come_along(root):
    shutil.copy(TORTURE / "density.yml", root / "book/academic/dot.svg")
    page = root / "book/academic/density.md"
    page.write_text(
        "# T\n\n```{figure} dot.svg\n:alt: A dot\n:name: fig-dot\nA caption.\n```\n",
        encoding="utf-8",
    )
    made = notebooks.notebook(page, root, "")
    page.unlink()
    dot = base64.b64encode((root / "book/academic/dot.svg").read_bytes()).decode()
    drawn = f'<img alt="A dot" src="data:image/svg+xml;base64,{dot}">'
    assert f"{drawn}\n\n**Figure 1.** A caption." in prose(made)


DRAWING = "```{figure} a.svg\n:alt: A\n:name: fig-NAME\nA caption.\n```\n"
EXERCISE = ":::{exercise-start}\n:label: NAME\n:::\n"
CELL = "```{code-cell} ipython3\n---\nmystnb:\n  figure:\n    caption: A\n    name: fig-NAME\n---\n1\n```\n"


def test_numbers_run_through_the_book(tmp_path):
    """In the order of _toc.yml: drawings and cells with a caption together, exercises by themselves; a page that is not written counts for nothing."""
    (tmp_path / "_toc.yml").write_text(
        "root: a\nparts:\n- chapters:\n  - file: b\n    sections: [{file: gone}, {file: c}]\n"
    )
    for name, parts in (
        ("a", (DRAWING,)),
        ("b", (EXERCISE, CELL)),
        ("c", (CELL, EXERCISE, DRAWING.replace("fig-NAME", "fig-NAME-2"))),
        ("d", (DRAWING,)),
    ):
        text = "# T\n\n" + "\n".join(parts).replace("NAME", name)
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    assert numbered.labels("c", tmp_path) == {
        "fig-c": "Figure 3",
        "fig-c-2": "Figure 4",
        "c": "Exercise 2",
    }
    assert numbered.labels("d", tmp_path) == {"fig-d": "Figure 1"}


def test_a_build_looks_again_at_a_page_that_is_another(tmp_path, monkeypatch):
    """What a build before saw of a page holds for that text, and for the press that it was seen by."""
    page, pages_ = tmp_path / "a.md", {"a": tmp_path / "a.md"}
    app = SimpleNamespace(config=SimpleNamespace(bonebook_digest="this press"))
    env = SimpleNamespace(all_docs=pages_, doc2path=pages_.get)
    monkeypatch.setattr(glance, "known", {})
    (tmp_path / "_toc.yml").write_text("root: a\n", encoding="utf-8")

    def seen():
        text = page.read_text(encoding="utf-8")
        return glance.known.get(glance.key(text)), numbered.labels("a", tmp_path)

    page.write_text("# T\n\n" + DRAWING.replace("NAME", "a"), encoding="utf-8")
    outline.note(app, env)
    glance.known.clear()
    outline.remember(app, env, [])
    assert seen()[0].figures == ("fig-a",)
    page.write_text("# T\n\n" + DRAWING.replace("NAME", "b"), encoding="utf-8")
    assert seen() == (None, {"fig-b": "Figure 1"})

    glance.known.clear()
    app.config.bonebook_digest = "another press"
    outline.remember(app, env, [])
    assert glance.known == {}


@pytest.mark.parametrize("page", THREADS)
def test_pages_of_the_book(page):
    """Every page of the book becomes a notebook without a trace of MyST."""
    made = notebooks.notebook(Path(ROOT / f"{page}.md"), ROOT, "")
    nbformat.validate(made)
    assert LEFT.findall(without_code(prose(made))) == []
    assert len([cell for cell in made.cells if cell.cell_type == "code"]) >= 1
