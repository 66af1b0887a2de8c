"""Run every page with the oldest versions that the wheel allows, which are Colab's: `make test-oldest`.

An environment of its own (`.venv-oldest`) has the wheel, and pandas, matplotlib and NumPy in the versions that pyproject.toml
names as the oldest. Each notebook runs in an empty folder with the network cut off; an error or a warning in a cell ends
with 1. Three to five minutes, so it is no part of `make test`: the workflow runs it once a week.
"""

import os
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from press import console
from tools import env

#: What a notebook needs besides to be run.
RUNS = ("ipykernel", "nbclient", "nbformat")


def pins() -> list[str]:
    """The oldest versions, as pip takes them: `pandas==2.2.2` for `pandas>=2.2.2`."""
    said = tomllib.loads((env.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [each.replace(">=", "==") for each in said["project"]["dependencies"]]


def python() -> Path:
    """The interpreter of an environment with the oldest versions, and this work tree's package."""
    return env.make(env.ROOT / ".venv-oldest", [*pins(), *RUNS, "-e", "."], [])


def run(path: Path) -> list[str]:
    """Run one notebook; what its cells said that a reader should not see."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as empty:
        where = {"metadata": {"path": empty}}
        NotebookClient(
            notebook, timeout=300, allow_errors=True, resources=where
        ).execute()
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    words = [
        f"{out.ename}: {out.evalue}" if out.output_type == "error" else out.text
        for out in outputs
        if out.output_type == "error" or out.get("name") == "stderr"
    ]
    if not any("image/svg+xml" in out.get("data", {}) for out in outputs):
        words.append("no figure was drawn")
    name = f"{path.parent.name}/{path.stem}"
    print(f"{name:<32}{'FAILED' if words else 'ok'}", flush=True)
    return [f"{name}: {' '.join(word.split())[:300]}" for word in words]


def pages(folder: Path) -> int:
    """Run every notebook of a folder, two at a time; 1 if one said something."""
    os.environ["PYTHONPATH"] = str(env.ROOT / "tools" / "offline")
    with ThreadPoolExecutor(2) as pool:
        told = [
            line
            for found in pool.map(run, sorted(folder.rglob("*.ipynb")))
            for line in found
        ]
    print(*told, sep="\n")
    return bool(told)


def main() -> None:
    """Write the notebooks with the project's environment, and run them with the oldest."""
    with tempfile.TemporaryDirectory() as folder:
        env.run(env.project(), "-m", "press.notebooks", folder)
        env.run(python(), "-m", "tools.oldest", folder)


if __name__ == "__main__":
    console.speak()
    sys.exit(pages(Path(sys.argv[1])))
