"""Outputs are never stale, and a faulty table or a page with warnings never passes a second time.

jupyter-cache looks at the code of a page only. Here each state of what cells can see (package, pins, Python, which rows there are) has
a cache of its own, in which outputs hold while the rows are the same that their cells looked at (seen.py), and each state of what pages are made from has a digest in the configuration: Sphinx reads every page again when it changes.
A build that came to its end leaves the file `.finished` among the pages. Where it is missing, the pages that lie there may be of two
states, and all of them are written again.
"""

import shutil
from pathlib import Path

from sphinx.errors import SphinxError
from sphinx.util import logging

from press.sphinx.seen import Tables
from press.state import FINISHED, digest, of_files

SEEN_BY_CELLS = (
    "bonebook/**/*",
    "requirements*.txt",
    "binder/*.txt",
    "requirements.lock",
)
SEEN_BY_PAGES = (
    *SEEN_BY_CELLS,
    "book/references.bib",
    "book/**/*.yml",
    "press/**/*.py",
    "explorables/**/*",
)
#: Tables that are asked of for every page and by what is kept from one to the next (names, colors); of the others a page rests on
#: what it has looked at (press/sphinx/rows.py).
COMMON = ("drugs", "pharmacology")
#: What the tables are checked by, beside themselves.
SEEN_BY_CHECK = (
    "data/datapackage.json",
    "book/references.bib",
    "bonebook/**/*",
    "press/**/*.py",
)
#: Laid around the pages that were read (style sheets, scripts, templates): they are written again, and not read.
SEEN_BY_WRITING = ("press/**/*",)
log = logging.getLogger(__name__)


def configure(app, config):
    """The first two belong to Sphinx's environment, and a change makes it read all pages again; the third makes it write them."""
    data = Path(app.srcdir, "data")
    noted = "press.sphinx.kernels" in config.extensions  # nobody else notes the rows
    app.bonebook_tables = Tables(data)
    frame, whole = app.bonebook_tables.frame, digest(data, ["**/*"])
    state = digest(app.srcdir, SEEN_BY_CELLS, frame if noted else whole)
    caches = Path(app.outdir).parent / ".jupyter_cache"
    config.nb_execution_cache_path = str(caches / state)
    common = [frame, *(app.bonebook_tables.state(name) for name in COMMON)]
    known = noted and "press.sphinx.rows" in config.extensions
    config.bonebook_digest = digest(
        app.srcdir, SEEN_BY_PAGES, *(common if known else [whole])
    )
    config.bonebook_around = digest(app.srcdir, SEEN_BY_WRITING)
    record = Path(
        app.outdir, ".buildinfo"
    )  # where Sphinx keeps what it wrote pages from
    if record.exists() and not Path(app.outdir, FINISHED).exists():
        lines = record.read_text(encoding="utf-8").splitlines()
        lines[2] = "config: unfinished"
        record.write_text("\n".join(lines) + "\n", encoding="utf-8")


def check_tables(app):
    """Stop the build when data/ has faults. Not asked again while nothing changes: what was asked is kept only of a clean build.

    The schema, which takes longest, is asked of tables that have changed alone.
    """
    folder = Path(app.srcdir, "data")
    rules = digest(app.srcdir, SEEN_BY_CHECK)
    state = {path.stem: of_files(folder, [path]) for path in folder.glob("*.csv")}
    now = rules, app.bonebook_tables.frame, state
    nothing: tuple[str, str, dict[str, str]] = ("", "", {})
    known = getattr(app.env, "bonebook_sound", nothing)
    if now == known:
        return
    from press import check

    same = now[:2] == known[:2]  # and no row has come or gone
    sound = [name for name in state if same and state[name] == known[2].get(name)]
    if faults := check.faults(folder, sound=sound) if folder.exists() else []:
        for fault in faults:
            log.error("%s", fault)
        raise SphinxError(
            f"The tables of data/ have {len(faults)} faults, listed above; the book is built from sound tables only."
        )
    app.env.bonebook_sound = now


def files_of(env, name):
    """The source of a page and the files that it shows; paths that do not begin at the root begin at the book's folder."""
    return [env.doc2path(name), *sorted(env.dependencies.get(name, ()))]


def changed_pages(app, env, added, changed, removed):
    """Pages whose source is another than the one that was read, even if it is an older file: Sphinx looks at times only."""
    return [
        name
        for name, seen in getattr(env, "bonebook_contents", {}).items()
        if name in env.found_docs and of_files(env.srcdir, files_of(env, name)) != seen
    ]


def begin(app, env, docnames):
    """From here on the pages that lie in the folder may be of two states."""
    Path(app.outdir, FINISHED).unlink(missing_ok=True)


def remember(app, env):
    """What each page was read from; kept with the environment."""
    env.bonebook_contents = {
        name: of_files(env.srcdir, files_of(env, name)) for name in env.all_docs
    }


def finish(app, error):
    """Forget caches of other states; forget a reading that gave warnings, so that the next build gives them again."""
    if not error:
        current = Path(app.config.nb_execution_cache_path)
        for other in current.parent.glob("*"):
            if other != current:
                shutil.rmtree(other) if other.is_dir() else other.unlink()
    if app._warncount:
        Path(app.doctreedir, "environment.pickle").unlink(missing_ok=True)
    elif not error:
        Path(app.outdir, FINISHED).touch()


def setup(app):
    app.add_config_value("bonebook_digest", "", "env", [str])
    app.add_config_value("bonebook_around", "", "html", [str])
    app.connect("config-inited", configure)
    app.connect("builder-inited", check_tables, priority=400)
    app.connect("env-get-outdated", changed_pages)
    app.connect("env-before-read-docs", begin)
    app.connect("env-updated", remember)
    app.connect("build-finished", finish, priority=1900)  # when all else is written
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
