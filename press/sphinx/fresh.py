"""Outputs are never stale, and a faulty table or a page with warnings never passes a second time.

jupyter-cache looks at the code of a page only. Here each state of what cells can see (tables, package, pins, Python) has a cache of
its own, and each state of what pages are made from has a digest in the configuration: Sphinx reads every page again when it changes.
"""

import hashlib
import platform
import shutil
from pathlib import Path

from sphinx.errors import SphinxError
from sphinx.util import logging

SEEN_BY_CELLS = ("data/**/*", "bonebook/**/*", "requirements.txt", "requirements.lock")
SEEN_BY_PAGES = (
    *SEEN_BY_CELLS,
    "requirements*.txt",
    "book/references.bib",
    "book/**/*.yml",
    "press/**/*.py",
    "explorables/**/*",
)
log = logging.getLogger(__name__)


def digest(root, patterns):
    """One short word for the names and contents of all files under `root` that match."""
    found = hashlib.sha256(platform.python_version().encode())
    for path in sorted(
        {path for pattern in patterns for path in Path(root).glob(pattern)}
    ):
        if path.is_file() and "__pycache__" not in path.parts:
            found.update(
                f"{path.relative_to(root).as_posix()}\0{path.stat().st_size}\0".encode()
                + path.read_bytes()
            )
    return found.hexdigest()[:20]


def configure(app, config):
    """Both values belong to Sphinx's environment: a change makes it read all pages again."""
    config.nb_execution_cache_path = str(
        Path(app.outdir).parent / ".jupyter_cache" / digest(app.srcdir, SEEN_BY_CELLS)
    )
    config.bonebook_digest = digest(app.srcdir, SEEN_BY_PAGES)


def check_tables(app):
    """Stop the build when data/ has faults. Not asked again while nothing changes: the digest is kept only of a clean build."""
    if getattr(app.env, "tables_checked", None) == app.config.bonebook_digest:
        return
    from press import check

    folder = Path(app.srcdir, "data")
    if faults := check.faults(folder) if folder.exists() else []:
        for fault in faults:
            log.error("%s", fault)
        raise SphinxError(
            f"The tables of data/ have {len(faults)} faults, listed above; the book is built from sound tables only."
        )
    app.env.tables_checked = app.config.bonebook_digest


def clean_up(app, error):
    """Forget caches of other states; forget a reading that gave warnings, so that the next build gives them again."""
    if not error:
        current = Path(app.config.nb_execution_cache_path)
        for other in current.parent.glob("*"):
            if other != current:
                shutil.rmtree(other) if other.is_dir() else other.unlink()
    if app._warncount:
        Path(app.doctreedir, "environment.pickle").unlink(missing_ok=True)


def setup(app):
    app.add_config_value("bonebook_digest", "", "env", [str])
    app.connect("config-inited", configure)
    app.connect("builder-inited", check_tables, priority=400)
    app.connect("build-finished", clean_up)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
