"""The project's own environment: `.venv/`, made from requirements.lock by a program of Python's standard library alone."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)


def python_of(folder: Path) -> Path:
    """The interpreter inside a virtual environment, on any system."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def say(text: str) -> None:
    print(text, flush=True)


def run(*command, cwd: Path = ROOT) -> None:
    """Run a command; stop with its exit status if it fails, without a Python traceback on top of its own words."""
    # Compiled modules are kept, whatever the machine's habit: a test run begins dozens of processes.
    settings = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}
    words = [str(part) for part in command]
    status = subprocess.run(words, cwd=cwd, env=settings).returncode
    if status:
        sys.exit(status)


def writable(folder: Path) -> None:
    """Nothing, if files can be made in a folder, which is made itself if need be; else one line, and the end."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        sys.exit(
            f"Nothing can be written into {folder}: {error.strerror}. "
            "`python -m tools.build SOURCE OUTPUT` builds into another folder."
        )


def package(root: Path) -> bytes:
    """What pyproject.toml says about the package bonebook; the settings of tools beside it install nothing."""
    import tomllib  # not there before OLDEST, which is looked at first

    said = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    parts = [said["build-system"], said["project"], said["tool"]["hatch"]]
    return json.dumps(parts, sort_keys=True).encode()


def make(
    folder: Path, requirements: list[str], sources: list[str], root: Path = ROOT
) -> Path:
    """Make (or keep) the environment `folder` and install into it.

    `requirements`: the arguments of one `pip install`, run in the folder `root`; `sources`: the files there that decide
    what is installed, beside what pyproject.toml says about the book's package.
    Nothing is done when none of them changed since the last time. Returns the interpreter's path.
    """
    if sys.version_info < OLDEST:
        sys.exit(
            f"Python {OLDEST[0]}.{OLDEST[1]} or later is needed; this is {sys.version.split()[0]} ({sys.executable})."
        )
    python = python_of(folder)
    stamp = folder / ".installed"
    digest = hashlib.sha256(
        sys.version.encode()
        + b"".join((root / name).read_bytes() for name in sources)
        + package(root)
    ).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text() == digest:
        return python
    writable(root)
    say(f"Making the environment {folder.relative_to(ROOT)} (once; about a minute)")
    venv.EnvBuilder(with_pip=True, clear=folder.exists()).create(folder)
    if not quickly(python, requirements, root):
        run(python, *PIP, *requirements, cwd=root)
    stamp.write_text(digest)
    return python


PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")


def quickly(python: Path, requirements: list[str], root: Path) -> bool:
    """Install by uv, which takes ten seconds where pip takes minutes; False where it cannot: pip then does it.

    uv itself is installed by pip, against its hashes in requirements.lock, into the project's own environment.
    """
    mine = python_of(ROOT / ".venv")
    if not mine.exists():
        return False
    try:
        if subprocess.run(
            [mine, "-c", "import uv"], stderr=subprocess.DEVNULL
        ).returncode:
            lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
            pinned = re.search(r"^uv==(?:.*\\\n)*.*\n", lock, re.M)
            with tempfile.TemporaryDirectory() as folder:
                only = Path(folder, "uv.txt")
                only.write_text(pinned[0] if pinned else "", encoding="utf-8")
                command = [mine, *PIP, "--require-hashes", "-r", only]
                subprocess.run(list(map(str, command)), check=True)
        index = os.environ.get("PIP_INDEX_URL")
        where = ["--default-index", index] if index else []
        command = [mine, "-m", "uv", "pip", "install", "--quiet", "--python", python]
        subprocess.run(
            list(map(str, [*command, *where, *requirements])), cwd=root, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        say("uv could not install this; pip does, which takes a few minutes.")
        return False
    return True


def project() -> Path:
    """The whole set, from the lock, each file checked against its hash; then the book's own package, editable."""
    python = make(
        ROOT / ".venv",
        ["--require-hashes", "-r", "requirements.lock"],
        ["requirements.lock"],
    )
    marker = python.parent.parent / ".bonebook"
    if not marker.exists():
        run(
            python,
            *PIP,
            "--no-deps",
            "--no-build-isolation",
            "-e",
            ".",
        )
        marker.touch()
    return python


def lab() -> str:
    """The JupyterLab of the requirements, as pip takes it: readers have it on their own machines, Binder has its own."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return next(line.split()[0] for line in lines if line.startswith("jupyterlab=="))


def reader() -> Path:
    """What a reader has: binder/requirements.txt, JupyterLab, and nothing else."""
    return make(
        ROOT / ".venv-reader",
        ["-r", "binder/requirements.txt", lab()],
        ["binder/requirements.txt", "binder/constraints.txt", "requirements.txt"],
    )
