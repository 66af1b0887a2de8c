"""Where a page runs besides Binder: on Colab, in VS Code, on the JupyterHub of a class, in the browser itself.

Environment variables, set by the publishing workflow beside those of press/sphinx/launch.py:
BOOK_NOTEBOOKS  folder with a checkout of the branch `notebooks` (tools/branch.py); without it no link leads to that branch
BOOK_LITE       folder of a JupyterLite site that has run all its notebooks (tools/lite.py); it is laid beside the book

All of them stand in one menu of the page head. A hub's address is asked for once and kept in the reader's browser
(static/hub/hub.js, loaded where the menu is).
"""

import os
import shutil
from pathlib import Path
from urllib.parse import quote, urlsplit

from press import branch, notebooks
from press.sphinx import launch

#: The branch that has the notebooks, and nothing else.
BRANCH = "notebooks"
SCRIPT = "hub/hub.js"  # in press/sphinx/static/


def released(app, docname):
    """The path of a page's notebook in the branch; empty where there is no branch."""
    folder = os.environ.get("BOOK_NOTEBOOKS", "")
    if not folder:
        return ""
    made = notebooks.notebook(app.env.doc2path(docname), app.srcdir)
    return branch.path(Path(folder), docname.removeprefix("book/"), made)


def links(repository, path):
    """[(words, address, class)] of the places that open a notebook of the branch: `path` in `repository`."""
    parts = urlsplit(repository)
    place = parts.path.strip("/").removesuffix(".git")
    name = place.rsplit("/", 1)[-1]
    pull = (
        f"hub/user-redirect/git-pull?repo={quote(repository, safe='')}&branch={BRANCH}"
        f"&urlpath={quote(f'lab/tree/{name}/{path}', safe='')}"
    )
    found = [("JupyterHub of your class", f"#{pull}", "bb-hub")]
    if parts.netloc == "github.com":
        colab = "https://colab.research.google.com/github"
        found.insert(0, ("Google Colab", f"{colab}/{place}/blob/{BRANCH}/{path}", ""))
    clone = f"vscode://vscode.git/clone?url={quote(repository, safe='')}&ref={BRANCH}"
    return [*found, ("VS Code", clone, "")]


def offer(app, pagename, templatename, context, doctree):
    """Put the menu into the page head, with what there is; nothing without any."""
    if "ipynb_source" not in context or not launch._has_notebook(app, pagename):
        return
    entries = []
    if os.environ.get("BOOK_LITE"):
        path = quote(f"{pagename.removeprefix('book/')}.ipynb", safe="")
        there = "../" * pagename.count("/")
        entries.append(
            ("In your browser", f"{there}lite/notebooks/index.html?path={path}", "")
        )
    repository, _ = launch.address()
    if repository and (path := released(app, pagename)):
        entries += links(repository, path)
    if not entries:
        return
    context["header_buttons"].append(
        {
            "type": "group",
            "buttons": [
                {
                    "type": "link",
                    "url": url,
                    "text": words,
                    "tooltip": f"Run this page: {words}",
                    "icon": "fas fa-play",
                    "label": f"run-elsewhere {extra}".strip(),
                }
                for words, url, extra in entries
            ],
            "icon": "fas fa-laptop-code",
            "tooltip": "Run this page elsewhere",
            "label": "run-elsewhere-buttons",
        }
    )
    if any(extra for *_, extra in entries):
        app.add_js_file(SCRIPT, loading_method="defer")


def lay(app, error):
    """JupyterLite beside the pages."""
    folder = os.environ.get("BOOK_LITE")
    if folder and not error and app.builder.name in ("html", "dirhtml"):
        shutil.copytree(folder, Path(app.outdir, "lite"), dirs_exist_ok=True)


def setup(app):
    app.connect("html-page-context", offer, priority=501)  # after launch
    app.connect("build-finished", lay)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
