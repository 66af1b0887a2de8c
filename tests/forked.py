"""Commands that begin where the libraries are read already: each in a process of its own, forked from one that has them.

Half of the time of a small build goes into reading Sphinx, the theme and pandas. The fork server of the standard library
reads them once for each process of a test run; what a command does with them, and all that is ours, begins anew each time.
"""

import atexit
import contextlib
import functools
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

ROOT = Path(__file__).parent.parent
OFFLINE = ROOT / "tools" / "offline"
#: What every build reads and none of it is ours.
LIBRARIES = [
    *("jupyter_book.cli.main", "sphinx.cmd.build", "sphinx.builders.latex"),
    *("sphinx_book_theme", "myst_nb.sphinx_", "sphinxcontrib.bibtex"),
    *("sphinx_exercise", "sphinx_togglebutton", "sphinx_design", "sphinx_copybutton"),
    *("pandas", "frictionless", "nbclient", "jupyter_cache", "csvw", "latex2mathml"),
]


@functools.cache
def _context():
    """The fork server, started with the environment that a build has from its first moment (tools/offline)."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LIBRARIES)
    mine = {"PYTHONPATH": str(OFFLINE), "PYTHONUTF8": "1"}
    before = {name: os.environ.get(name) for name in mine}
    os.environ.update(mine)
    try:
        context.Process(target=_nothing).start()  # starts the server as well
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    return context


def _nothing():
    pass


def run(command, cwd, env) -> subprocess.CompletedProcess:
    """Run `python -m module ...` or a script of Python to its end; the finished process, with stdout and stderr as text.

    command: its words; the first is the interpreter of the tests, or a script beside it. env: the whole environment.
    """
    words = list(map(str, command))
    with tempfile.TemporaryDirectory() as folder:
        told = [Path(folder, name) for name in ("stdout", "stderr")]
        process = _context().Process(target=_run, args=(words, str(cwd), env, told))
        process.start()
        process.join()
        out, err = (
            path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
            for path in told
        )
    return subprocess.CompletedProcess(words, process.exitcode, out, err)


def _run(words, cwd, env, told):
    """In the forked process: become the command."""
    for number, path in enumerate(told, 1):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(file, number)
        os.close(file)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    first = [part for part in env.get("PYTHONPATH", "").split(os.pathsep) if part]
    ours = {str(Path(__file__).parent), *first}
    sys.path[:] = [*first, *(part for part in sys.path if part not in ours)]
    code = 1
    try:
        if words[1:2] == ["-m"]:
            sys.argv = words[2:]
            sys.path.insert(0, cwd)
            runpy.run_module(words[2], run_name="__main__", alter_sys=True)
        else:
            sys.argv = words
            runpy.run_path(words[0], run_name="__main__")
        code = 0
    except SystemExit as end:
        code = end.code
        if code is None or isinstance(code, str):
            code = _said(code)
    except BaseException:
        traceback.print_exc()
    with contextlib.suppress(Exception):
        atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _said(last):
    if last:
        print(last, file=sys.stderr)
    return 1 if last else 0
