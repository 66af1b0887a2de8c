"""Build the book: `python -m tools.build SOURCE OUTPUT [--offline]`. Warnings are errors.

The book lands in OUTPUT/_build/html. With --offline the cells run with the network cut off (see tools/offline/).
"""

import os
import subprocess
import sys
from pathlib import Path

# Every kernel says this once a page; it talks to this machine only, and nobody can act on it.
KERNEL = "[IPKernelApp] WARNING | Kernel is running over TCP without encryption"
OFFLINE = Path(__file__).resolve().parent / "offline"


def build(
    source: Path, output: Path, offline: bool = False, **variables: str
) -> subprocess.CompletedProcess:
    """Run `jupyter-book build` with warnings as errors; returns the finished process, output not captured."""
    settings = {**os.environ, "PYTHONUTF8": "1", **variables}
    if offline:
        settings["PYTHONPATH"] = os.pathsep.join(
            filter(None, [str(OFFLINE), settings.get("PYTHONPATH")])
        )
    command = [
        Path(sys.executable).parent / "jupyter-book",
        "build",
        source,
        "--path-output",
        output,
        "-W",
        "-n",
        "--keep-going",
        "-q",
    ]
    process = subprocess.Popen(
        [str(part) for part in command],
        env=settings,
        cwd=source,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    for line in process.stderr:
        if KERNEL not in line:
            sys.stderr.write(line)
    return subprocess.CompletedProcess(command, process.wait())


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    sys.exit(
        build(
            Path(words[0]).resolve(), Path(words[1]).resolve(), "--offline" in sys.argv
        ).returncode
    )
