"""The cells do the same on any machine: old versions, a server's settings, a reader's own, no place to write."""

import logging
import os
import re
import subprocess
import tomllib

import matplotlib
import matplotlib.patches
import matplotlib.pyplot as plt
import nbformat
import pytest
import yaml

import bonebook
from bonebook import style
from helpers import LIGHT, ROOT, TIERS, build, told
from press import branch, notebooks
from press.sphinx import anywhere
from tools import lite, machines, oldest
from tools.serving import served

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/book.yml").read_text("utf-8"))

# --- old versions ------------------------------------------------------------


def test_the_wheel_says_the_oldest_versions_it_was_run_with():
    """F6: pip refuses an older pandas, matplotlib or NumPy, and the bounds are what `make test-oldest` installs."""
    bounds = dict(
        re.fullmatch(r"(\w+)>=([\d.]+)", d).groups() for d in PROJECT["dependencies"]
    )
    assert bounds == {"pandas": "2.2.2", "matplotlib": "3.10.0", "numpy": "2.0.2"}
    assert oldest.pins() == [f"{name}=={version}" for name, version in bounds.items()]


@pytest.mark.parametrize("approx", [False, True])
def test_a_bar_is_drawn_by_an_older_matplotlib(monkeypatch, approx):
    """F6: where a patch has no color for its hatch (before 3.11), its edge carries it, and hatch and face stay apart."""
    ours = style.bar("tamoxifen", approx=approx)
    monkeypatch.delattr(matplotlib.patches.Patch, "set_hatchcolor")
    older = style.bar("tamoxifen", approx=approx)
    assert "hatchcolor" not in older and older["hatch"] == ours["hatch"]
    assert older["edgecolor"] == ours["hatchcolor"]  # the hatch as it is with 3.11
    assert older["facecolor"] != older["edgecolor"]


#: What came into pandas, Matplotlib and NumPy after the oldest versions: written nowhere but behind a question.
NEWER = {
    "hatchcolor": "Matplotlib 3.11",
    "pd.col(": "pandas 3.0",
    ".grouped_bar(": "Matplotlib 3.11",
    "np.strings.slice": "NumPy 2.3",
    "petroff": "Matplotlib 3.10.1",
}


def test_no_cell_uses_what_the_oldest_versions_do_not_have():
    """F6, cheaply: names that newer versions brought stand in no page, and in the package only after `hasattr`."""
    written = [*ROOT.glob("book/**/*.md"), *ROOT.glob("bonebook/*.py")]
    used = [
        f"{path.name}: {word} is new in {since}"
        for path in written
        for word, since in NEWER.items()
        if word in (text := path.read_text("utf-8"))
        and f'hasattr(Patch, "set_{word}")' not in text
    ]
    assert used == []


def test_each_python_is_tried_and_stated():
    """What pyproject.toml states, the workflow checks: 3.11 to 3.14."""
    stated = re.findall(r"Python :: (3\.\d+)", " ".join(PROJECT["classifiers"]))
    assert stated == ["3.11", "3.12", "3.13", "3.14"]
    tried = WORKFLOW["jobs"]["check"]["strategy"]["matrix"]["python"]
    assert [str(each) for each in tried] == stated
    assert PROJECT["requires-python"] == ">=3.11"


# --- whoever runs them -------------------------------------------------------

CELL = """\
import matplotlib.pyplot as plt
from bonebook import pick, style

fig, ax = plt.subplots(figsize=(6.4, 3))
style.forest(ax, pick(["cranney2002-hip-diff", "delmas1997-ls-diff-rlx60"]))
ax.set_title("Hips and spines");
"""
THEIRS = """\
lines.linewidth: 9
font.size: 30
figure.facecolor: red
axes.grid.which: both
svg.fonttype: none
xtick.direction: in
"""


#: The package of this work tree, wherever the environment's own lies.
HERE = {**os.environ, "PYTHONPATH": LIGHT.format(ROOT)}


def drawn(folder, **variables):
    """What one figure's cell puts out in a kernel with these variables: its outputs."""
    from nbclient import NotebookClient

    cells = [notebooks.setup(), nbformat.v4.new_code_cell(CELL)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env={**HERE, **variables})
    return [out for cell in notebook.cells for out in cell.outputs]


@pytest.mark.weekly
@pytest.mark.slow
def test_surroundings_change_no_figure(tmp_path):
    """F3, F26: MPLBACKEND=Agg, a matplotlibrc of one's own and a home that cannot be written leave a figure as it is, and print nothing."""
    (tmp_path / "matplotlibrc").write_text(THEIRS)
    nowhere = "/proc/nobody"
    (plain,) = drawn(tmp_path.parent)
    (theirs,) = drawn(
        tmp_path,
        MPLBACKEND="Agg",
        MATPLOTLIBRC=str(tmp_path),
        HOME=nowhere,
        MPLCONFIGDIR=nowhere,
    )
    assert theirs.data["image/svg+xml"] == plain.data["image/svg+xml"]
    assert theirs.output_type == "display_data"


def test_the_first_words_of_matplotlib_are_not_for_readers(caplog):
    """F26: no word about the font cache or a cache folder in the first cell; whatever else it says is let through."""
    fonts = logging.getLogger("matplotlib.font_manager")
    main = logging.getLogger("matplotlib")
    fonts.warning("Matplotlib is building the font cache; this may take a moment.")
    main.warning(
        "Matplotlib created a temporary cache directory at %s because the default path (%s) is not a writable directory; it is highly recommended",
        "/tmp/x",
        "/y",
    )
    main.warning("mkdir -p failed for path %s: it is not a writable directory", "/y")
    assert caplog.messages == []
    fonts.warning("findfont: Font family 'Nothing' not found.")
    assert len(caplog.messages) == 1


def test_a_script_keeps_its_own_backend():
    """Outside notebooks the package chooses no backend."""
    before = matplotlib.get_backend()
    style.use()
    assert matplotlib.get_backend() == before
    plt.close("all")


PAGE = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3}
---
# A page

```{code-cell} ipython3
---
mystnb:
  figure: {caption: A line., name: fig-drawn}
---
import matplotlib.pyplot as plt

fig, ax = plt.subplots()
ax.plot([0, 1]);
```

```{code-cell} ipython3
---
mystnb:
  figure: {caption: No line., name: fig-none}
---
nothing = 0
```
"""
CONFIG = """
title: A book
execute: {execute_notebooks: cache}
sphinx: {extra_extensions: [press.sphinx.kernels, press.sphinx.figures]}
"""


@pytest.mark.weekly
@pytest.mark.slow
def test_a_caption_without_a_picture_stops_the_build(tmp_path):
    """F3: under MPLBACKEND=Agg a cell is drawn all the same; a captioned cell that puts out no picture is told, with its line."""
    root = tmp_path / "book"
    root.mkdir()
    (root / "index.md").write_text(PAGE)
    (root / "_config.yml").write_text(CONFIG)
    (root / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    done = build(
        root,
        tmp_path,
        "-W",
        "--keep-going",
        PYTHONPATH=LIGHT.format(ROOT),
        MPLBACKEND="Agg",
    )
    faults = [line for line in told(done).splitlines() if "caption" in line]
    assert done.returncode and len(faults) == 1, told(done)
    assert "index.md:19: WARNING: the cell has a caption" in faults[0]
    assert "<figure" in (tmp_path / "_build/html/index.html").read_text("utf-8")


# --- what to do next ---------------------------------------------------------

ERRORS = {
    "shown(arms)": "A cell above makes this name",
    "from bonebook import table; bmd = table('bmd_change'); bmd['sit']": "Near it: site",
    "bmd.query('stdy == 1')": "Near it: study",
    "bmd[['id', 'valeu']]": "Near it: value",
    "bmd.query(\"study == 'johnston200'\").iloc[0]": "Near it: johnston2000",
    "table('bmd_chang')": "Near it: bmd_change",
    "from bonebook import value; value('ruth2006-vte')": "Near it: ruth2006-vte-hr",
    "from bonebook import show; show.tidy(bmd.head(0), 'None')": "no row to show",
}


@pytest.mark.weekly
@pytest.mark.slow
def test_an_error_of_a_cell_says_what_to_do(tmp_path):
    """A notebook run from its middle, a wrong table, column or id, a query that finds nothing: few lines, and the way out."""
    from nbclient import NotebookClient

    cells = [notebooks.setup(), *map(nbformat.v4.new_code_cell, ERRORS)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    where = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        allow_errors=True,
        resources=where,
    ).execute(env=HERE)
    for cell, words in zip(notebook.cells[1:], ERRORS.values(), strict=True):
        (error,) = [out for out in cell.outputs if out.output_type == "error"]
        assert words in error.evalue, (cell.source, error.evalue)
        lines = "\n".join(error.traceback).count("\n")
        assert "bonebook" in "".join(error.traceback) or lines <= 12, cell.source


def test_the_package_says_how_it_is_used():
    """`help(bonebook)` has an example of each thing that cells begin with, and every name of it is there."""
    used = set(re.findall(r"\b(\w+)\(", bonebook.__doc__)) & set(bonebook.__all__)
    assert used == set(bonebook.__all__) - {"named", "schema", "table_names"}


def test_the_first_cell_of_a_notebook_works_on_its_own():
    """With an address it fetches the package where there is none; without one it asks for nothing but that package."""
    there = notebooks.setup("https://owner.example/name/").source
    assert (
        "except ModuleNotFoundError:\n    %pip install --quiet https://owner.example/name/downloads/bonebook-"
        in there
    )
    assert "%pip" not in notebooks.setup().source


# --- the branch `notebooks`, and the links that lead there -------------------


def page(*sources):
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(s) for s in sources]
    )


def test_a_released_notebook_never_changes(tmp_path):
    """The same cells: the same file. Other cells: a new file beside the old one, and the links follow."""
    where = branch.path(tmp_path, "intermediate/density", page("1 + 1"))
    assert where == "intermediate/density.ipynb"
    notebooks.write(page("1 + 1"), tmp_path / where)
    assert branch.path(tmp_path, "intermediate/density", page("1 + 1")) == where
    second = branch.path(tmp_path, "intermediate/density", page("1 + 2"))
    assert second == "intermediate/density-2.ipynb"
    notebooks.write(page("1 + 2"), tmp_path / second)
    assert branch.path(tmp_path, "intermediate/density", page("1 + 2")) == second
    # cells as they once were are a new file too: the newest file is what is linked
    assert branch.path(tmp_path, "intermediate/density", page("1 + 1")).endswith(
        "-3.ipynb"
    )


@pytest.mark.slow
def test_the_branch_holds_notebooks_and_requirements_alone(tmp_path, monkeypatch):
    """Written twice, nothing is new; each file brings its package from the address; one changed page makes one new file."""
    address = "https://owner.example/name"
    few = list(notebooks.written())[:2]
    monkeypatch.setattr(notebooks, "written", lambda: iter(few))
    paths = [f"{place.path}.ipynb" for place, _ in few]
    assert branch.update(tmp_path, address) == [*paths, "requirements.txt"]
    assert branch.update(tmp_path, address) == []
    found = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.*"))
    assert found == sorted([*paths, "requirements.txt"])
    needs = (tmp_path / "requirements.txt").read_text("utf-8")
    wheel = f"{address}/downloads/{notebooks.wheel()}"
    assert f"bonebook @ {wheel}" in needs and "pandas==" in needs
    assert branch.wheels(tmp_path) == [wheel]
    old = nbformat.read(tmp_path / paths[0], as_version=4)
    old.cells[-1].source += " As it was before."
    notebooks.write(old, tmp_path / paths[0])
    before = (tmp_path / paths[0]).read_bytes()
    assert branch.update(tmp_path, address) == [paths[0].replace(".ipynb", "-2.ipynb")]
    assert (tmp_path / paths[0]).read_bytes() == before


def test_links_to_where_a_page_runs():
    """Colab where GitHub has the branch; a hub by nbgitpuller; VS Code everywhere."""
    path = "intermediate/density-2.ipynb"
    found = {
        words: url
        for words, url, _ in anywhere.links("https://github.com/owner/name", path)
    }
    assert (
        found["Google Colab"]
        == f"https://colab.research.google.com/github/owner/name/blob/notebooks/{path}"
    )
    assert (
        found["VS Code"]
        == "vscode://vscode.git/clone?url=https%3A%2F%2Fgithub.com%2Fowner%2Fname&ref=notebooks"
    )
    assert found["JupyterHub of your class"] == (
        "#hub/user-redirect/git-pull?repo=https%3A%2F%2Fgithub.com%2Fowner%2Fname&branch=notebooks"
        "&urlpath=lab%2Ftree%2Fname%2Fintermediate%2Fdensity-2.ipynb"
    )
    elsewhere = anywhere.links("https://gitlab.com/uni/nursing/serms", path)
    assert [words for words, *_ in elsewhere] == ["JupyterHub of your class", "VS Code"]
    assert "lab%2Ftree%2Fserms%2F" in elsewhere[0][1]


HUB = """<!doctype html><html lang="en"><title>x</title><ul><li>
<a class="btn bb-hub" href="#hub/user-redirect/git-pull?repo=x" target="_blank">Hub</a></li></ul>
<script src="hub.js"></script></html>"""


@pytest.mark.weekly
@pytest.mark.slow
def test_the_address_of_a_hub_is_asked_for_once(chromium, tmp_path):
    """A page of the hub is taken for the hub, nonsense is refused in words, the answer is kept in this browser."""
    (tmp_path / "index.html").write_text(HUB)
    script = ROOT / "press/sphinx/static" / anywhere.SCRIPT
    (tmp_path / "hub.js").write_bytes(script.read_bytes())
    context = chromium.new_context()
    went = []
    context.route(
        "https://hub.example.edu/**",
        lambda route: (went.append(route.request.url), route.fulfill(body="ok")),
    )
    with served(tmp_path) as address:
        tab = context.new_page()
        tab.goto(f"{address}/index.html")
        for typed, told in (
            ("not an address", True),
            ("hub.example.edu/jupyter/hub/home", False),
        ):
            if not tab.locator("dialog").count():
                tab.get_by_role("link", name="Hub").click()
            tab.get_by_label("Its address").fill(typed)
            if told:
                tab.get_by_role("button", name="Open the page there").click()
                assert "no address of a hub" in tab.get_by_role("status").inner_text()
            else:
                with context.expect_page():
                    tab.get_by_role("button", name="Open the page there").click()
        tab.reload()
        with context.expect_page():
            tab.get_by_role("link", name="Hub").click()
        assert tab.locator("dialog").count() == 0
        tab.wait_for_timeout(300)
    context.close()
    assert (
        went
        == ["https://hub.example.edu/jupyter/hub/user-redirect/git-pull?repo=x"] * 2
    )


# --- other people's tools -----------------------------------------------------


def test_a_checkout_for_windows_has_the_line_ends_of_the_repository(tmp_path):
    """F2: with Git for Windows' own setting no text of the project gets a carriage return, and no font is touched."""
    git = ["git", "-C", str(ROOT), "-c", "core.autocrlf=true", "-c", "core.eol=crlf"]
    listed = subprocess.run(
        [*git, "ls-files", "-z", "--eol"], capture_output=True, text=True, check=True
    )
    rows = [line.split("\t") for line in listed.stdout.split("\0") if line]
    assert [
        name for words, name in rows if "i/crlf" in words or "i/mixed" in words
    ] == []
    names = [name for words, name in rows if "i/lf" in words]
    assert {"data/outcomes.csv", "binder/postBuild", "requirements.lock"} <= set(names)
    chosen = [name for name in names if not name.startswith("receipts/")]
    subprocess.run(
        [*git, "checkout-index", "-z", "--stdin", f"--prefix={tmp_path}/"],
        input="\0".join(chosen),
        text=True,
        check=True,
    )
    ends = {name: b"\r\n" in (tmp_path / name).read_bytes() for name in chosen}
    assert [name for name, found in ends.items() if found] == []


#: The head of a page or of a cell: what jupytext writes in its own spelling.
YAML = re.compile(r"^---\n(.*?)^---\n", re.M | re.S)


def _halves(text):
    """(what the YAML of a page says, its other lines that are not empty)."""
    said = [yaml.safe_load(found[1]) for found in YAML.finditer(text)]
    said[0].pop("jupytext")  # which versions have written it
    lines = YAML.sub("", text).splitlines()
    return said, [line for line in lines if line.strip()]


@pytest.mark.parametrize("tier", TIERS)
def test_jupyterlab_saves_a_page_with_the_same_words_and_code(tier):
    """F28: a page opened and saved there has other YAML, as CONTRIBUTING says, and nothing else is changed by it."""
    import jupytext

    text = (ROOT / f"book/{tier}/density.md").read_text("utf-8")
    saved = jupytext.writes(jupytext.reads(text, fmt="md:myst"), fmt="md:myst")
    assert saved != text
    assert _halves(saved) == _halves(text)
    assert "Edit a page as text." in (ROOT / "CONTRIBUTING.md").read_text("utf-8")


# --- in the browser ----------------------------------------------------------


def test_in_the_browser_nothing_is_asked_of_others():
    """JupyterLite takes Python and packages from its own site; `make lite` proves it in a real Chromium."""
    (kernel,) = lite.SETTINGS["jupyter-config-data"]["litePluginSettings"].values()
    assert kernel == {"disablePyPIFallback": True}
    first = notebooks.setup(code=lite.INSTALL).source
    assert "    %pip install --quiet bonebook\n" in first and "http" not in first


def test_a_kernel_in_the_browser_has_what_it_needs():
    """Each package once, those that others need too."""
    lock = {
        "a": {"name": "a", "depends": ["b", "C_d"]},
        "b": {"name": "b", "depends": ["c-d"]},
        "c-d": {"name": "c-d", "depends": []},
        "numpy": {"name": "numpy", "depends": []},
    }
    assert sorted(p["name"] for p in lite.closure(lock, ("a",))) == ["a", "b", "c-d"]


# --- for a class -------------------------------------------------------------


def test_the_button_waits_for_the_proof():
    """JupyterLite is offered only where the step before has run all its notebooks."""
    steps = WORKFLOW["jobs"]["test"]["steps"]
    lines = [str(step.get("run", "")) for step in steps]
    proof = next(k for k, line in enumerate(lines) if "tools lite" in line)
    offer = next(k for k, line in enumerate(lines) if "BOOK_LITE=" in line)
    test = lines.index("make test")
    assert proof < offer < test and "--pyodide" in lines[proof]
    assert steps[proof]["id"] == "lite" and steps[proof]["continue-on-error"]
    assert steps[offer]["if"] == "steps.lite.outcome == 'success'"
    assert f"pyodide-{lite.PYODIDE}.tar.bz2" in steps[proof]["env"]["PYODIDE"]


@pytest.mark.parametrize("file", ["tljh.yaml", "z2jh.yaml"])
def test_each_line_of_a_hub_is_yaml_and_its_sizes_are_those_of_the_table(file):
    """256 MB for each learner, 512 MB at most, idle servers end: in both configurations, as hub/README.md has it."""
    said = yaml.safe_load((ROOT / "hub" / file).read_text("utf-8"))
    table = (ROOT / "hub/README.md").read_text("utf-8")
    if file == "z2jh.yaml":
        single = said["singleuser"]
        assert single["memory"] == {"guarantee": "256M", "limit": "512M"}
        assert said["cull"]["enabled"] and single["defaultUrl"] == "/lab"
        assert single["image"]["tag"] == PROJECT["version"]
    else:
        assert said["limits"]["memory"] == "512M"
        assert said["services"]["cull"]["enabled"]
    for learners in (30, 300, 3000):
        assert f"| {learners:,} | {learners * 256 / 1000:,.0f} GB |" in table
    assert "256 MB" in table and "512 MB" in table


def test_the_readme_names_the_machines():
    """F25: where the lock installs and where it does not stands in the README, as `python -m tools.machines` found it."""
    told = (ROOT / "README.md").read_text("utf-8")
    for name, why in machines.MACHINES.values():
        assert name in told and why in told, name
