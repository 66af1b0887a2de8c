"""What one learner costs: `python -m tools.seat [PAGE]` starts a Jupyter server and a kernel, runs a page and weighs both.

Memory is what the process alone holds (USS) and what it holds with its share of libraries (RSS); time is processor time, which a
busy machine does not stretch, and the clock's beside it. The sizing table of hub/README.md rests on it.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from nbclient import NotebookClient

from press import console, notebooks
from tools import env


def weight(process: psutil.Process) -> str:
    """Memory and processor time of a process, in words."""
    full, cpu = process.memory_full_info(), process.cpu_times()
    return f"{full.uss / 1e6:4.0f} MB alone, {full.rss / 1e6:4.0f} MB with libraries, {cpu.user + cpu.system:4.1f} s of processor"


def page(name: str) -> None:
    """Run a page in a kernel of its own, and weigh the kernel before its first cell and after its last."""
    made = notebooks.notebook(env.ROOT / "book" / f"{name}.md")
    client = NotebookClient(made, kernel_name="python3", timeout=300)
    start = time.monotonic()
    with client.setup_kernel():
        kernel = psutil.Process(client.km.provisioner.pid)
        print(
            f"kernel started         {weight(kernel)}, {time.monotonic() - start:.1f} s by the clock"
        )
        start = time.monotonic()
        for place, cell in enumerate(made.cells):
            if cell.cell_type == "code":
                client.execute_cell(cell, place)
        print(
            f"after {name:<17}{weight(kernel)}, {time.monotonic() - start:.1f} s by the clock"
        )


def server() -> None:
    """Start JupyterLab's server, wait until it says where it is, and weigh it."""
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        running = subprocess.Popen(
            [*command, "--port=0", "--ip=127.0.0.1"],
            cwd=folder,
            env={**os.environ, "JUPYTER_RUNTIME_DIR": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not list(Path(folder).glob("jpserver-*.json")):
            if running.poll() is not None or time.monotonic() - start > 120:
                sys.exit("JupyterLab did not start.")
            time.sleep(0.2)
        print(
            f"JupyterLab's server    {weight(psutil.Process(running.pid))}, {time.monotonic() - start:.1f} s by the clock"
        )
        running.terminate()
        running.wait(timeout=30)


if __name__ == "__main__":
    console.speak()
    server()
    for each in sys.argv[1:] or ["intermediate/density", "academic/receptors"]:
        page(each)
