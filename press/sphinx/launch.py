"""The page as a notebook: a download on every page of a thread, and a launch button once the book has an address.

Environment variables, set by the publishing workflow:
BOOK_REPOSITORY  https://github.com/owner/name; without it there is no launch button and no link to a repository
BOOK_BRANCH      branch that Binder opens (main)
BOOK_ADDRESS     where the book is published, so that the notebooks lead back to it
"""

import os
from pathlib import Path
from urllib.parse import quote

import nbformat
from jupyter_cache import get_cache
from sphinx.errors import ExtensionError
from sphinx.util import logging

from press import notebooks, numbered, pages
from press.repository import AddressError, Repository
from press.sphinx.beside import beside
from press.sphinx.fresh import files_of
from press.state import digest, of_files, remaking

#: What the wheel is made from.
PACKAGE = ("bonebook/**/*", "data/**/*", "pyproject.toml", "README.md", "LICENSE")
BINDER = "https://mybinder.org"
log = logging.getLogger(__name__)


def launch_path(docname):
    """The path that opens the notebook of a page in JupyterLab: `lab/tree/notebooks/intermediate/density.ipynb`."""
    return f"lab/tree/notebooks/{docname.removeprefix('book/')}.ipynb"


def launch_address(docname, repository, branch="main"):
    """The address that opens the notebook of a page on Binder; repository: https://host/owner/name, or deeper on GitLab."""
    try:
        kind = Repository(repository).binder()
    except AddressError as fault:
        raise ExtensionError(str(fault)) from None
    return f"{BINDER}/v2/{kind}/{quote(branch, safe='')}?urlpath={launch_path(docname)}"


def address():
    """(repository, branch) as the environment names them; ("", branch) if there is none."""
    return os.environ.get("BOOK_REPOSITORY", "").rstrip("/"), os.environ.get(
        "BOOK_BRANCH"
    ) or "main"


def configure(app, config):
    """Repository buttons, only with an address."""
    repository, branch = address()
    if repository:
        launch_address("book/index", repository, branch)  # refuses one that is none
        repository = Repository(repository).address
        config.html_theme_options |= {
            "repository_url": repository,
            "repository_branch": branch,
            "use_repository_button": True,
            "use_issues_button": True,
        }
    if published := os.environ.get("BOOK_ADDRESS"):
        config.html_baseurl = published.rstrip("/") + "/"


def offer(app, docname, templatename, context, doctree):
    """Tell the theme that there is a notebook (its download menu then has it) and add the launch button."""
    if not _has_notebook(app, docname):
        return
    context["ipynb_source"] = f"{docname}.ipynb"
    repository, branch = address()
    if repository:
        context["header_buttons"].append(
            {
                "type": "link",
                "url": launch_address(docname, repository, branch),
                "text": "",
                "icon": "fas fa-rocket",
                "tooltip": "Run this page on Binder",
                "label": "launch-binder-button",
            }
        )


def write(app, error):
    """The notebooks, with the outputs of the build, and the wheel of the package that their cells import.

    None is written again while nothing changed that it is made from.
    """
    if error or app.builder.name not in ("html", "dirhtml"):
        return
    folder = Path(app.outdir)
    with remaking(folder / "_sources" / ".notebooks", states(app)) as names:
        for name in names:
            write_notebook(app, name)
    if not (pages.ROOT / "pyproject.toml").exists():
        return  # the package is installed from a wheel itself
    package = {"wheel": digest(pages.ROOT, PACKAGE)}
    with remaking(folder / "downloads" / ".wheel", package) as names:
        if names:
            wheel(folder / "downloads")


def states(app):
    """{page of a thread: one word for all that its notebook is made from}: its own files, its numbers, and the titles it may link to."""
    env, config = app.env, app.config
    rows = getattr(app, "bonebook_rows", None)
    titles = [f"{name} {title}" for name, title in sorted(env.titles.items())]
    common = [config.bonebook_digest, config.html_baseurl, config.html_title, *titles]
    return {
        name: of_files(
            app.srcdir,
            files_of(env, name),
            *common,
            rows.word(name) if rows else "",
            *numbered.labels(name, app.srcdir).values(),
        )
        for name in sorted(env.found_docs)
        if _has_notebook(app, name)
    }


def write_notebook(app, docname):
    """_sources/book/<tier>/<thread>.ipynb"""
    try:
        made = notebooks.notebook(app.env.doc2path(docname), app.srcdir)
    except pages.PageError as fault:
        log.warning("no notebook of this page: %s", fault, location=docname)
        return
    with_outputs(made, executed(app, docname))
    target = Path(app.outdir) / "_sources" / f"{docname}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, target)


def executed(app, docname):
    """The notebook as the build has run it; None if it was not run. A page that was not run again has its outputs in the cache."""
    file = Path(app.outdir).parent / "jupyter_execute" / f"{docname}.ipynb"
    if not file.exists():
        return None
    run = nbformat.read(file, as_version=4)
    try:
        return get_cache(
            app.env.mystnb_config.execution_cache_path
        ).merge_match_into_notebook(run)[1]
    except KeyError:
        return run


def with_outputs(plain, run):
    """Give the code cells of a plain notebook the outputs of the one that was run, which has the same code cells in the same order.

    The cell that looks for the package is no cell of the page.
    """
    mine, theirs = (
        [
            cell
            for cell in (book.cells if book else [])
            if cell.cell_type == "code"
            and notebooks.SETUP not in cell.metadata.get("tags", [])
        ]
        for book in (plain, run)
    )
    if [cell.source for cell in mine] == [cell.source for cell in theirs]:
        for cell, done in zip(mine, theirs, strict=True):
            cell.outputs, cell.execution_count = done.outputs, done.execution_count


def wheel(target):
    """bonebook-….whl in the folder `target`: with it a downloaded notebook runs anywhere."""
    from hatchling.builders.wheel import WheelBuilder

    for old in target.glob("*.whl"):
        old.unlink()
    list(
        WheelBuilder(str(pages.ROOT)).build(
            directory=str(target), versions=["standard"]
        )
    )


def _has_notebook(app, docname):
    try:
        return (
            app.builder.name in ("html", "dirhtml")
            and docname in app.env.found_docs
            and pages.place(docname, app.srcdir) is not None
        )
    except pages.PageError:  # the pages themselves report it
        return False


def setup(app):
    app.connect("config-inited", configure)
    app.connect("html-page-context", offer, priority=500)
    beside(app, write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
