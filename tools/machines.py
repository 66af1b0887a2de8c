"""Which machines the lock installs on: `python -m tools.machines`, once a week in the workflow.

uv asks the package index for a wheel of every line of requirements.lock, for each system and Python that the book promises;
nothing is installed. What README.md says of a machine has to be what is found, so that no reader meets a compiler unwarned.
"""

import subprocess
import sys
import tempfile

from press import console
from tools import env

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
#: uv's name: (name in the README, what stands there; empty where all is well).
MACHINES = {
    "x86_64-manylinux_2_35": ("Linux x64", ""),
    "aarch64-manylinux_2_35": ("Linux ARM", ""),
    "x86_64-unknown-linux-gnu": ("glibc before 2.35", "anki"),  # 2.28, for uv
    "x86_64-pc-windows-msvc": ("Windows x64", ""),
    "aarch64-apple-darwin": ("macOS ARM", ""),
    "x86_64-apple-darwin": ("macOS Intel", "argon2-cffi-bindings"),
    "aarch64-pc-windows-msvc": ("Windows ARM", "vl-convert-python"),
}


def missing(machine: str, python: str) -> str:
    """What uv says where a wheel is missing; empty where every package has one."""
    with tempfile.TemporaryDirectory() as nowhere:
        command = [
            *(sys.executable, "-m", "uv", "pip", "install", "--dry-run", "--quiet"),
            *("--target", nowhere, "--only-binary", ":all:"),
            *("--python-platform", machine, "--python-version", python),
            *("-r", str(env.ROOT / "requirements.lock")),
        ]
        done = subprocess.run(command, capture_output=True, text=True)
    return " ".join(done.stderr.split()) if done.returncode else ""


def main() -> int:
    """Ask for each machine and Python; 1 where the README says something else than was found."""
    wrong = 0
    for machine, (name, known) in MACHINES.items():
        for python in PYTHONS:
            found = missing(machine, python)
            fits = bool(found) == bool(known)
            wrong += not fits
            print(
                f"{name:<17} {python:<5} {'ok' if fits else 'NOT AS THE README SAYS'} {found[:200]}"
            )
    return bool(wrong)


if __name__ == "__main__":
    console.speak()
    sys.exit(main())
