"""The cells as a reader has them: an environment from binder/requirements.txt alone, Binder's build file, JupyterLab in a real browser."""

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from helpers import ROOT, THREADS, TIERS, nothing
from press import pages
from tools import env

READER = env.python_of(ROOT / ".venv-reader")


@pytest.fixture(scope="session")
def reader():
    """The interpreter of an environment made from binder/requirements.txt and nothing else."""
    return env.reader()


@pytest.fixture(scope="session")
def notebooks(reader, tmp_path_factory):
    """The notebooks, made as binder/postBuild makes them, by the reader's environment."""
    out = tmp_path_factory.mktemp("notebooks")
    subprocess.run([reader, "-m", "press.notebooks", out], cwd=ROOT, check=True)
    return out


def offline():
    return {**os.environ, "PYTHONPATH": str(ROOT / "tools" / "offline")}


def installed(python):
    """{package: version} of the environment of an interpreter, names as the lock writes them."""
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format", "json"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {
        re.sub(r"[-_.]+", "-", package["name"]).lower(): package["version"]
        for package in json.loads(listed.stdout)
    }


def test_reader_environment_is_small(reader):
    """Nothing of the book's or the tests' tools is in it."""
    names = set(installed(reader))
    assert {"pandas", "matplotlib", "bonebook"} <= names
    assert not names & {
        "jupyter-book",
        "sphinx",
        "frictionless",
        "pytest",
        "playwright",
    }


def test_reader_has_the_versions_of_the_build(reader):
    """Whatever both have, the reader has in the version of the lock: the parser that reads a page above all."""
    locked = re.findall(
        r"^([\w.-]+)==(\S+)", (ROOT / "requirements.lock").read_text("utf-8"), re.M
    )
    versions = {}
    for name, version in locked:  # more than one where Python or system decide
        versions.setdefault(name.lower(), set()).add(version)
    found = installed(reader)
    # setuptools lies in every new environment of Python 3.11; nothing of the reader's asks for it.
    shared = (found.keys() & versions.keys()) - {"setuptools"}
    assert {"markdown-it-py", "mdit-py-plugins", "jupytext", "pandas"} <= shared
    assert {
        name: found[name] for name in shared if found[name] not in versions[name]
    } == {}


def test_pages_run(reader, notebooks, tmp_path):
    """Every sixth page of each tier runs as the next test says; the build of the site has run every cell, in the same versions."""
    some = [page for tier in TIERS for page in of_tier(tier)[::6]]
    runs(reader, notebooks, tmp_path, some)


@pytest.mark.weekly
@pytest.mark.parametrize("tier", TIERS)
def test_every_page_runs(reader, notebooks, tmp_path, tier):
    """Every page runs from top to bottom, in an empty folder, with the network cut off, and prints no warning.

    One process runs many pages (tests/reader/run.py); that a kernel runs them too, the next test and JupyterLab show.
    """
    runs(reader, notebooks, tmp_path, of_tier(tier))


def of_tier(tier):
    found = [page for page in THREADS if page.startswith(f"book/{tier}/")]
    assert len(found) == len(pages.threads())
    return found


def runs(reader, notebooks, folder, wanted):
    """Runs the notebooks of some pages in a folder."""
    sources = [notebooks / f"{page.removeprefix('book/')}.ipynb" for page in wanted]
    finished = subprocess.run(
        [reader, Path(__file__).parent / "reader" / "run.py", *sources],
        cwd=folder,
        env=offline(),
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stderr[-3000:]
    ran = [json.loads(line) for line in finished.stdout.splitlines()]
    assert [each["name"] for each in ran] == [source.stem for source in sources]
    assert all(each["cells"] > 1 and each["shown"] for each in ran), ran
    faults = zip(wanted, (each["faults"] for each in ran), strict=True)
    nothing([f"{page}: {fault}" for page, found in faults for fault in found])


@pytest.mark.weekly
@pytest.mark.slow
def test_what_goes_wrong_in_a_notebook_is_told(tmp_path):
    """An error ends a notebook and not the others; a warning counts; names of one notebook are none of the next."""
    sources = {
        "fails": ["x = 1", "x / 0", "x"],
        "warns": ["import warnings", "warnings.warn('old')"],
        "other": ["x"],
    }
    for name, code in sources.items():
        cells = [{"cell_type": "code", "source": source} for source in code]
        (tmp_path / f"{name}.ipynb").write_text(json.dumps({"cells": cells}))
    finished = subprocess.run(
        [sys.executable, Path(__file__).parent / "reader" / "run.py"]
        + [f"{name}.ipynb" for name in sources],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    told = [json.loads(line) for line in finished.stdout.splitlines()]
    found = {each["name"]: " ".join(each["faults"]) for each in told}
    assert "ZeroDivisionError" in found["fails"] and "'x / 0'" in found["fails"]
    assert "old" in found["warns"] and "NameError" in found["other"]


@pytest.mark.weekly
def test_downloads_run(reader, built, tmp_path):
    """The .ipynb that the site offers for download runs in an empty folder."""
    downloads = sorted(built.rglob("*.ipynb"))
    assert len(downloads) >= len(THREADS)
    source = next(file for file in downloads if file.stem == "density")
    finished = subprocess.run(
        [
            reader,
            "-m",
            "jupyter",
            "nbconvert",
            "--to",
            "notebook",
            "--execute",
            source,
            "--output-dir",
            tmp_path,
        ],
        cwd=tmp_path,
        env=offline(),
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stderr[-3000:]


def test_network_is_cut_off():
    """The guard that runs with the cells refuses another machine and lets this one through."""
    away = "import socket; socket.create_connection(('192.0.2.1', 80), 2)"
    name = "import socket; socket.getaddrinfo('example.org', 443)"
    home = "import socket; s = socket.create_server(('127.0.0.1', 0)); socket.create_connection(s.getsockname()).close()"
    for code, word in ((away, "192.0.2.1"), (name, "example.org")):
        refused = subprocess.run(
            [sys.executable, "-c", code], env=offline(), capture_output=True, text=True
        )
        assert (
            refused.returncode
            and f"without a network, and this one asked for {word}" in refused.stderr
        )
    assert subprocess.run([sys.executable, "-c", home], env=offline()).returncode == 0


@pytest.mark.weekly
@pytest.mark.slow
def test_binder_build_file():
    """repo2docker would install binder/requirements.txt alone, with the Python of binder/runtime.txt, and run binder/postBuild."""
    finished = subprocess.run(
        [
            Path(sys.executable).parent / "jupyter-repo2docker",
            "--no-build",
            "--debug",
            ".",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    told = finished.stdout + finished.stderr
    assert finished.returncode == 0, told[-2000:]
    version = (
        (ROOT / "binder" / "runtime.txt").read_text().strip().removeprefix("python-")
    )
    assert f"python={version}" in told or f"python-{version}" in told
    assert 'pip install --no-cache-dir -r "binder/requirements.txt"' in told
    assert "./binder/postBuild" in told
    assert '-r "requirements.txt"' not in told and "requirements-test" not in told
    # One copy of the package, the folder itself: a changed table changes the cells. And the image keeps its own JupyterLab.
    needs = (ROOT / "binder" / "requirements.txt").read_text("utf-8")
    assert re.findall(r"pip install [^\n]*\s\.\s", told) == []
    assert re.findall(r"^-e \.|^jupyterlab|^bonebook", needs, re.M) == ["-e ."]
    # The file names the constraints and the folder itself, so the folder is there before it is installed.
    assert told.index(" src/ ${REPO_DIR}/") < told.index('-r "binder/requirements.txt"')


@pytest.fixture(scope="session")
def lab(reader, tmp_path_factory):
    """A real JupyterLab, started as Binder would, in the repository's folder after postBuild."""
    subprocess.run(
        ["bash", ROOT / "binder" / "postBuild"],
        cwd=ROOT,
        check=True,
        env={**os.environ, "PATH": f"{reader.parent}{os.pathsep}{os.environ['PATH']}"},
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    token = secrets.token_hex(8)
    server = subprocess.Popen(
        [
            reader,
            "-m",
            "jupyter",
            "lab",
            "--no-browser",
            "--allow-root",
            "--ip=127.0.0.1",
            f"--port={port}",
            f"--IdentityProvider.token={token}",
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={
            **os.environ,
            **{
                f"JUPYTERLAB_{name}_DIR": str(tmp_path_factory.mktemp(name))
                for name in ("WORKSPACES", "SETTINGS")
            },
        },
    )
    for _ in range(120):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert server.poll() is None, "JupyterLab did not start"
        time.sleep(0.5)
    yield f"http://127.0.0.1:{port}", token
    server.terminate()
    server.wait(timeout=30)


def in_lab(lab, chromium, path):
    """A page of the book, opened in JupyterLab by the path of its button."""
    from press.sphinx.launch import launch_path

    address, token = lab
    page = chromium.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    # without the notebooks that another test has left open
    page.goto(f"{address}/{launch_path(path)}?token={token}&reset")
    page.locator(".jp-Notebook").wait_for(timeout=60000)
    return page


@pytest.mark.weekly
def test_jupyterlab(built, lab, chromium):
    """One page, opened by the path of its button, Run All: every cell runs, the outputs of the build are there, no error, and prose without raw roles."""
    page = in_lab(lab, chromium, "book/intermediate/density")
    dialog, asked_of_reader = page.locator("dialog.jp-Dialog"), []

    def answer():  # on a slow machine JupyterLab may ask which kernel to use: a reader accepts its offer
        asked_of_reader.append(dialog.inner_text())
        dialog.locator(".jp-mod-accept").click()

    page.add_locator_handler(dialog, answer)
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(
        timeout=60000
    )  # the kernel is there and listens
    notebook = built / "_sources/book/intermediate/density.ipynb"
    cells = [
        cell
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    folded = [cell for cell in cells if cell["metadata"].get("jupyter")]
    shown = sum(bool(cell["outputs"]) for cell in cells if cell not in folded)

    def run_all():
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.mouse.move(700, 500)
        return time.time()

    asked = run_all()
    done = page.locator(".jp-CodeCell:has(.jp-OutputArea-output)")
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
    started = prompts.filter(has_text=re.compile(r"\[(\*|\d+)\]"))
    ran = prompts.filter(has_text=re.compile(r"\[\d+\]"))
    deadline = time.time() + 120
    while time.time() < deadline and (
        ran.count() < len(cells) - len(folded) or done.count() < shown
    ):
        if (
            time.time() - asked > 20 and not started.count()
        ):  # nothing has begun: ask again, as a reader would
            asked = run_all()
        page.mouse.wheel(
            0, 700
        )  # JupyterLab draws a cell when it comes near the window
        page.wait_for_timeout(300)
    assert all("kernel" in words.lower() for words in asked_of_reader), asked_of_reader
    assert ran.count() >= len(cells) - len(folded), f"{ran.count()} cells ran"
    assert done.count() >= shown, f"{done.count()} of {shown} cells have an output"
    assert (
        page.locator(
            ".jp-CodeCell img, .jp-CodeCell svg, .jp-CodeCell .jp-RenderedSVG"
        ).count()
        >= 2
    ), "no figure was drawn"
    assert (
        page.locator(
            "[data-mime-type='application/vnd.jupyter.error'], [data-mime-type='application/vnd.jupyter.stderr']"
        ).count()
        == 0
    )
    text = page.locator(".jp-Notebook").inner_text()
    assert ":::" not in text and "{fact}" not in text and "{term}" not in text


@pytest.mark.weekly
def test_drawings_in_jupyterlab(lab, chromium):
    """A drawing of the text is drawn there too, and so is a formula of the same cell."""
    page = in_lab(lab, chromium, "book/academic/nutrition")
    drawing = page.locator(".jp-MarkdownOutput img").first
    drawing.wait_for(timeout=60000)
    page.wait_for_function(
        "() => document.querySelector('.jp-MarkdownOutput img').naturalWidth > 0"
    )
    cell = page.locator(".jp-MarkdownOutput:has(img)").first
    cell.locator("mjx-container").first.wait_for(timeout=60000)
    assert "$" not in cell.inner_text()
