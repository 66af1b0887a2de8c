"""Kernels that are forked from one process: each is as if it had been started by itself, and none outlives its build."""

import os
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from press.sphinx.forks import Nursery

pytestmark = [
    pytest.mark.slow,
    pytest.mark.weekly,
    pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux"),
]


@pytest.fixture
def nursery(monkeypatch):
    monkeypatch.delenv("MPLBACKEND", raising=False)
    made = Nursery()
    made.open()
    yield made
    made.close()


def ran(folder, *code):
    """What the last line of each cell shows, or the error."""
    from jupyter_cache.executors.utils import single_nb_execution

    cells = [nbformat.v4.new_code_cell(each) for each in code]
    book = nbformat.v4.new_notebook(cells=cells)
    done = single_nb_execution(book, cwd=str(folder), timeout=60, allow_errors=False)
    if done.err:
        return [done.err]
    return [cell.outputs[-1].get("text", cell.outputs[-1].get("data")) for cell in book.cells if cell.outputs]  # fmt: skip


def alive(pid):
    return Path(f"/proc/{pid}").exists()


def test_a_forked_kernel_is_a_kernel(nursery, tmp_path, monkeypatch):
    """It has pandas without reading it, its own folder, names and environment, and shows figures."""
    ask = "import os, sys; print('pandas' in sys.modules, os.getcwd(), os.environ.get('MARK'), 'kept' in globals(), os.getppid())"
    monkeypatch.setenv("MARK", "one")
    first, _ = ran(tmp_path, ask, "kept = 1; print(kept)")
    monkeypatch.setenv("MARK", "two")
    (tmp_path / "other").mkdir()
    (second,) = ran(tmp_path / "other", ask)
    parent = nursery.process.pid
    assert first.split() == ["True", str(tmp_path), "one", "False", str(parent)]
    assert second.split() == ["True", f"{tmp_path}/other", "two", "False", str(parent)]
    drawn = (
        "import matplotlib.pyplot as plt; plt.plot([1, 2]); print(plt.get_backend())"
    )
    (shown,) = ran(tmp_path, drawn)
    assert "image/png" in shown


@pytest.mark.usefixtures("nursery")
def test_a_kernel_that_dies_is_told(tmp_path):
    from nbclient.exceptions import DeadKernelError

    with pytest.raises(DeadKernelError, match="Kernel died"):
        ran(tmp_path, "import os; os._exit(3)")


def test_nothing_is_left(tmp_path):
    """Neither the process that forks nor a kernel that it forked, and kernels start as they always did."""
    from jupyter_client.provisioning import local_provisioner

    made = Nursery()
    made.open()
    started = local_provisioner.launch_kernel
    wait = {"argv": ["-f", str(tmp_path / "kernel.json")], "env": dict(os.environ), "cwd": None}  # fmt: skip
    kernel = made._fork(wait)
    parent = made.process.pid
    assert alive(kernel.pid) and kernel.poll() is None
    made.close()
    assert local_provisioner.launch_kernel != started
    for _ in range(100):
        if not alive(kernel.pid) and not alive(parent):
            return
        time.sleep(0.1)
    pytest.fail("a process is left")


def test_without_it_a_kernel_starts_by_itself(nursery, tmp_path, monkeypatch):
    def fails(*_, **__):
        raise OSError("no process can be made")

    monkeypatch.setattr(nursery, "_fork", fails)
    (told,) = ran(tmp_path, "import os; print(os.getppid())")
    assert int(told) == os.getpid()


def test_it_reads_nothing_of_the_book():
    """What it reads is there before any row is looked at: rows that cells look at are noted for each page."""
    code = "import sys; from press.sphinx import nursery\nfor n in nursery.LIBRARIES: __import__(n)\nprint([m for m in sys.modules if m.split('.')[0] == 'bonebook'])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert told.stdout.strip() == "[]", told.stderr
