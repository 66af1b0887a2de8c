"""Cells of several pages run side by side, ahead of Sphinx.

MyST-NB runs a page when Sphinx comes to read it: one page after the other, one kernel at a time. Pages share nothing but
files that they only read, so here those whose outputs are not in the cache (jupyter-cache) are run by as many kernels as
there are processors. Their outputs go into the same cache, in the same form, and MyST-NB finds them there. A page whose
cells fail stops the build, which says which cell it was and why.

What cells draw is no matter of who builds: their kernels see nothing of the caller's Matplotlib and IPython (`surroundings`).
"""

import os
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partialmethod
from importlib.util import find_spec
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.cache.main import JupyterCacheBase
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from myst_nb.core.read import create_nb_reader
from sphinx.errors import SphinxError
from sphinx.util import logging

from press.sphinx.forks import Nursery
from press.sphinx.seen import Notes

# A kernel keeps no history for anybody, says nothing that no cell said, and need not tidy up before it ends.
QUIET = ("--HistoryManager.enabled=False", "--log-level=ERROR")
#: Pages with cells for which it is worth while to prepare.
MANY = 4
log = logging.getLogger(__name__)


def defaults() -> Path:
    """The matplotlibrc that Matplotlib brings; found without loading Matplotlib, which a build in which no cell runs never needs."""
    spec = find_spec("matplotlib")
    assert spec and spec.origin, "Matplotlib is pinned in requirements.txt"
    return Path(spec.origin).with_name("mpl-data") / "matplotlibrc"


def surroundings(app, config) -> None:
    """What kernels inherit from here on: no backend, no matplotlibrc, no IPython profile and no warnings of the caller's.

    `MPLBACKEND=Agg`, as servers and containers set it, would build the book without its figures.
    """
    for name in ("MPLBACKEND", "PYTHONWARNINGS"):
        os.environ.pop(name, None)
    os.environ["MATPLOTLIBRC"] = str(defaults())
    profile = Path(app.outdir).resolve().parent / ".ipython"
    profile.mkdir(parents=True, exist_ok=True)
    os.environ["IPYTHONDIR"] = str(profile)


class Ahead:
    """The pages that run ahead of Sphinx, and the threads that wait for their kernels."""

    def __init__(self) -> None:
        self.pool: ThreadPoolExecutor | None = None
        self.pages: dict[str, tuple[Path, dict, Path, Future[ExecutionResult]]] = {}
        self.notes: Notes  # of the cache, once there is one
        self.nursery = Nursery()

    def foresee(self, app, config) -> None:
        """Where no outputs are kept, every page will run: what its kernels are forked from reads its libraries meanwhile."""
        if Path(config.nb_execution_cache_path).exists():
            return
        texts = (path.read_bytes() for path in Path(app.srcdir).glob("book/**/*.md"))
        if sum(b"{code-cell}" in text for text in texts) >= MANY:
            self.nursery.open()
            self.nursery.begin()

    def start(self, app, env, docnames) -> None:
        """Start the cells of the pages that Sphinx is about to read, in that order."""
        settings = env.mystnb_config
        if settings.execution_mode != "cache" or settings.execution_excludepatterns:
            return
        cache = get_cache(settings.execution_cache_path)
        self.notes = Notes(settings.execution_cache_path, Path(app.srcdir, "data"))
        self.notes.prune(cache)
        found = [(name, *self.notebook(env, name)) for name in docnames]
        app.bonebook_cells = {
            name: cache.create_hashed_notebook(notebook)[1]
            for name, notebook, _ in found
            if notebook
        }
        missing = [each for each in found if each[1] and not stored(cache, each[1])]
        if not missing:
            return
        self.pool = ThreadPoolExecutor(max(2, min(8, os.cpu_count() or 1)))
        if len(missing) > 1:
            self.nursery.open()
        for name, notebook, form in missing:
            path = Path(env.doc2path(name))
            log.info("Executing notebook ahead of its page: %s", name)
            seen = self.notes.file(name)
            noting = f"__import__('os').environ['BONEBOOK_SEEN'] = {str(seen)!r}"
            running = self.pool.submit(
                single_nb_execution,
                notebook,
                cwd=str(path.parent),
                timeout=settings.execution_timeout,
                allow_errors=settings.execution_allow_errors,
                extra_arguments=[*QUIET, f"--IPKernelApp.exec_lines={noting}"],
                shutdown_kernel="immediate",
            )
            self.pages[name] = path, form, seen, running

    @staticmethod
    def notebook(env, name):
        """The page as MyST-NB will read it, and how it was read; (None, None) if it has no cells or settings of its own."""
        path, settings = env.doc2path(name), env.mystnb_config
        text = Path(path).read_text(encoding="utf-8")
        reader = create_nb_reader(path, env.myst_config, settings, text)
        if reader is None:
            return None, None
        try:
            notebook = reader.read(text)
        except (
            Exception
        ):  # whatever is wrong with the page, MyST-NB says it in a moment
            return None, None
        own = settings.metadata_key in notebook.metadata or settings.kernel_rgx_aliases
        cells = any(cell.cell_type == "code" for cell in notebook.cells)
        return (notebook, reader.read_fmt) if cells and not own else (None, None)

    def wait(self, app, name, source) -> None:
        """Sphinx comes to read a page: wait for its cells, and store what they put out as MyST-NB would."""
        if name not in self.pages:
            return
        path, form, seen, running = self.pages.pop(name)
        try:
            done = running.result()
        except KeyboardInterrupt:  # Ctrl+C ends the build, not only this page
            self.stop(app, None)
            raise
        if done.err is not None and app.env.mystnb_config.execution_raise_on_error:
            print(done.exc_string, file=sys.stderr)  # its code, and where it went wrong
            raise SphinxError(fault(os.path.relpath(path, app.srcdir), done))
        if done.err is None:
            cache = get_cache(app.env.mystnb_config.execution_cache_path)
            record = cache.add_nb_to_project(str(path), read_data=form)
            cache.cache_notebook_bundle(
                CacheBundleIn(
                    done.nb, record.uri, data={"execution_seconds": done.time}
                ),
                check_validity=False,
                overwrite=True,
            )
            _, key = cache.create_hashed_notebook(done.nb)
            self.notes.keep(key, done.nb, seen)

    def stop(self, app, error) -> None:
        """The build is over, well or not: no page is begun any more."""
        if self.pool:
            self.pool.shutdown(cancel_futures=True)
        self.nursery.close()


def fault(page: str, done: ExecutionResult) -> str:
    """Which cell of a page failed, and why, in one line: `book/academic/bone.md:40: cell 3: KeyError: ...`."""
    lines = done.nb.metadata.get("source_map", [])
    cells = [
        (line, cell)
        for line, cell in zip(lines, done.nb.cells, strict=False)
        if cell.cell_type == "code"
    ]
    begun = [count for count, (_, cell) in enumerate(cells) if cell.execution_count]
    at = begun[-1] if begun else 0  # none is begun after the one that failed
    where = f"{page}:{cells[at][0]}: cell {at + 1}" if cells else page
    if isinstance(done.err, TimeoutError):
        return f"{where}: it did not end in time (execute, timeout in _config.yml)."
    return f"{where}: {done.err.ename}: {done.err.evalue}"


def stored(cache, notebook) -> bool:
    """Whether the cache holds outputs of a notebook with these cells."""
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    return True


def by_code_alone() -> None:
    """Outputs hang on code and tags. Captions and alt texts are metadata of a cell, too: those of the page as it is now count.

    jupyter-cache has settings for both, and MyST-NB sets neither.
    """
    for method, setting in (
        ("create_hashed_notebook", {"cell_metadata": ("tags",)}),
        ("merge_match_into_notebook", {"cell_meta": ()}),
    ):
        given = vars(JupyterCacheBase)[method]
        if not isinstance(given, partialmethod):
            setattr(JupyterCacheBase, method, partialmethod(given, **setting))


def setup(app):
    by_code_alone()
    ahead = Ahead()
    app.connect("config-inited", surroundings)
    app.connect("config-inited", ahead.foresee)
    app.connect("env-before-read-docs", ahead.start)
    app.connect("source-read", ahead.wait)
    app.connect("build-finished", ahead.stop)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
