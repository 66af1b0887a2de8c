"""JupyterLite beside the book: every notebook runs in the reader's browser, with no server and nothing from a third party.

    make lite                                      into _build/html/lite, and tried in a real Chromium
    python -m tools.lite OUT [--pyodide ARCHIVE]   the site into a folder of its own
    python -m tools.lite --try OUT [--all]         a real Chromium reads it; with --all it runs every notebook

The site has JupyterLite, the notebooks, the book's wheel (with its tables) and Python for the browser (Pyodide). Without
ARCHIVE, Pyodide comes from the npm registry and is Python alone: JupyterLab, the notebooks and a kernel work, and cells that
draw do not, since NumPy, pandas and Matplotlib for the browser are no part of it. They are in Pyodide's own distribution
(ARCHIVE: a file or an address of `pyodide-VERSION.tar.bz2`), which the publishing workflow takes; with it `--try --all` has
to pass before the book shows the button. No request leaves the site: what it has not, it says is missing.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from press import console
from tools import env

#: The Pyodide that jupyterlite-pyodide-kernel 0.8.6 is made for, and what npm says of its file.
PYODIDE = "314.0.6"
SHA512 = (
    "04a0d327222a1710b8044c4ba9e452ddfe71bd76488ceb7c0b7cc62cdfc273bb"
    "45c52c2f29585591c8504360062ceb51e18ad53881716d5f29a320ce3a65b0c5"
)
#: What a kernel loads before the first cell, beside what those need; the last three are in no distribution of Pyodide.
KERNEL = ("micropip", "ipython", "jedi")
EXTRA = ("comm==0.2.3", "nest-asyncio==1.6.0", "ipython-pygments-lexers==1.1.1")
#: How long a notebook may take in a browser, in seconds: Python, pandas and Matplotlib are loaded first.
PATIENCE = 600
#: The first cell there. The wheel lies beside the notebooks.
INSTALL = "%pip install --quiet bonebook"


def python() -> Path:
    """The interpreter of the environment that requirements-lite.txt describes."""
    return env.make(
        env.ROOT / ".venv-lite",
        ["-r", "requirements-lite.txt"],
        ["requirements-lite.txt", "binder/constraints.txt"],
    )


def core(folder: Path) -> None:
    """Pyodide without packages, from npm, into `folder`."""
    with tempfile.TemporaryDirectory() as there:
        subprocess.run(
            ["npm", "pack", "--silent", f"pyodide@{PYODIDE}"],
            cwd=there,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        (archive,) = Path(there).glob("*.tgz")
        found = hashlib.sha512(archive.read_bytes()).hexdigest()
        if found != SHA512:
            sys.exit(f"{archive.name} is not the file that this project knows: {found}")
        with tarfile.open(archive) as packed:
            packed.extractall(there, filter="data")
        folder.mkdir(parents=True)
        for path in Path(there, "package").iterdir():
            if path.suffix in (".mjs", ".wasm", ".zip", ".json"):
                shutil.copy(path, folder)


def closure(packages: dict, names: tuple[str, ...]) -> list[dict]:
    """The packages of a Pyodide lock that are needed for `names`, each once."""
    found: dict[str, dict] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name not in found:
            found[name] = packages[name]
            waiting += packages[name]["depends"]
    return list(found.values())


def beside(folder: Path) -> None:
    """The packages of pure Python that a kernel begins with, from PyPI; the lock in `folder` follows."""
    path = folder / "pyodide-lock.json"
    lock = json.loads(path.read_text(encoding="utf-8"))
    needed = closure(lock["packages"], KERNEL)
    wheels = download([f"{p['name']}=={p['version']}" for p in needed], folder)
    for package, wheel in zip(needed, wheels, strict=True):
        package["file_name"] = wheel.name
        package["sha256"] = hashlib.sha256(wheel.read_bytes()).hexdigest()
    path.write_text(json.dumps(lock), encoding="utf-8")


def download(wanted: list[str], folder: Path) -> list[Path]:
    """The wheels of packages of pure Python (`name==version`), from PyPI; their paths, in the order asked for."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
            *("--disable-pip-version-check", "--only-binary", ":all:"),
            *("--python-version", "3.14", "--platform", "any", "-d", folder, *wanted),
        ],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    there = {path.name.lower(): path for path in folder.glob("*.whl")}
    found = []
    for each in wanted:
        begin = each.lower().replace("-", "_").replace(".", "_").split("==")[0]
        version = each.split("==")[1]
        names = [n for n in there if n.startswith(f"{begin}-{version}-")]
        if not names:
            sys.exit(f"{each} has no wheel of pure Python for the browser.")
        found.append(there[names[0]])
    return found


#: Where the packages that pages need are found: nowhere but here, and every cell of a notebook is drawn at once.
SETTINGS = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "appName": "SERMs and bone health",
        "litePluginSettings": {
            "@jupyterlite/pyodide-kernel-extension:kernel": {
                "disablePyPIFallback": True
            }
        },
    },
}
OVERRIDES = {
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false"},
}


def site(out: Path, archive: str = "") -> None:
    """Lay the site into `out`, with Pyodide's distribution if `archive` names it. Run in the environment of `python()`."""
    from hatchling.builders.wheel import WheelBuilder

    from press import notebooks, pages

    with tempfile.TemporaryDirectory() as there:
        lite = Path(there)  # a new folder each time: an old task list drops settings
        for place, path in notebooks.written():
            made = notebooks.notebook(path, code=INSTALL)
            target = lite / "contents" / f"{place.path}.ipynb"
            notebooks.write(made, target)
        wheels = lite / "wheels"
        builder = WheelBuilder(str(pages.ROOT))
        (wheel,) = builder.build(directory=str(wheels), versions=["standard"])
        given = [Path(wheel), *download(list(EXTRA), wheels)]
        (lite / "jupyter-lite.json").write_text(json.dumps(SETTINGS))
        (lite / "overrides.json").write_text(json.dumps(OVERRIDES))
        if not archive:
            core(lite / "static" / "pyodide")
            beside(lite / "static" / "pyodide")
        if out.exists():
            shutil.rmtree(out)
        command = [
            *(Path(sys.executable).parent / "jupyter", "lite", "build"),
            *("--contents", "contents", "--output-dir", out.resolve()),
            *("--apps", "lab", "--apps", "notebooks", "--apps", "repl"),
            *(word for each in given for word in ("--piplite-wheels", each)),
            *(["--pyodide", archive] if archive else ["--no-sourcemaps"]),
        ]
        done = subprocess.run(
            list(map(str, command)),
            cwd=lite,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            sys.exit(done.stdout[-3000:])
    for path in [*out.rglob("*.map"), *out.rglob("*.LICENSE.txt")]:
        if path.suffix == ".map":
            path.unlink()


class Reader:
    """A real Chromium that reads the site, and lets no request leave this machine."""

    def __init__(self, browser, address: str) -> None:
        self.address, self.away = address, list[str]()
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        self.context.route("**/*", self.guard)

    def guard(self, route) -> None:
        url = route.request.url
        if url.startswith((self.address, "data:", "blob:")):
            route.continue_()
        else:
            self.away.append(url)
            route.abort()

    def said(self, code: str, wanted: str) -> str:
        """What a fresh kernel puts out for a line of code, once `wanted` is in it."""
        from urllib.parse import quote

        page = self.context.new_page()
        page.goto(f"{self.address}/repl/index.html?kernel=python&code={quote(code)}")
        output = page.locator(".jp-OutputArea-output")
        output.filter(has_text=wanted).first.wait_for(timeout=PATIENCE * 1000)
        words = "\n".join(output.all_inner_texts())
        page.close()
        return words

    def cells(self, path: str, wanted: int) -> int:
        """Open a notebook and wait until it shows as many code cells as its file has; how many."""
        page = self.context.new_page()
        page.goto(f"{self.address}/notebooks/index.html?path={path}")
        last = page.locator(".jp-CodeCell").nth(wanted - 1)
        last.wait_for(state="attached", timeout=PATIENCE * 1000)
        found = page.locator(".jp-CodeCell").count()
        page.close()
        return found

    def run(self, path: str) -> list[str]:
        """Run all cells of a notebook; what went wrong."""
        page = self.context.new_page()
        page.goto(f"{self.address}/notebooks/index.html?path={path}")
        page.locator(".jp-CodeCell").first.wait_for(timeout=PATIENCE * 1000)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        error = "[data-mime-type='application/vnd.jupyter.error']"
        warned = "[data-mime-type='application/vnd.jupyter.stderr']"
        page.wait_for_function(
            """([error]) => document.querySelector(error)
              || [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]
                 .every(prompt => /\\[\\d+\\]/.test(prompt.textContent))""",
            arg=[error],
            timeout=PATIENCE * 1000,
        )
        told = page.locator(f"{error}, {warned}").all_inner_texts()
        if not page.locator(".jp-RenderedSVG, .jp-OutputArea img").count():
            told.append("no figure was drawn")
        page.close()
        return [f"{path}: {' '.join(words.split())[:300]}" for words in told]


def proof(out: Path, everything: bool) -> int:
    """Read the site in a real Chromium; returns 1 if something does not hold, after saying what."""
    from playwright.sync_api import sync_playwright

    from tools.browser import get
    from tools.serving import served

    names = sorted(
        p.relative_to(out / "files").as_posix() for p in out.glob("files/*/*.ipynb")
    )
    faults: list[str] = []
    with served(out.parent) as here, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=get(), args=["--no-sandbox"]
        )
        reader = Reader(browser, f"{here}/{out.name}")
        answered = reader.said(
            "import sys; print('Python', sys.version.split()[0])", "Python 3."
        )
        print(f"a kernel answers: {answered.strip().splitlines()[-1]}", flush=True)
        code = (
            "%pip install --quiet --no-deps bonebook\n"
            "import importlib.metadata as m; print('wheel', m.version('bonebook'), "
            "sum(str(f).endswith('.csv') for f in m.files('bonebook')), 'tables')"
        )
        print(f"the wheel installs: {reader.said(code, 'tables').strip()}", flush=True)
        for name in names if everything else names[:1]:
            if everything:
                faults += reader.run(name)
                print(name, flush=True)
            else:
                file = json.loads((out / "files" / name).read_text(encoding="utf-8"))
                wanted = sum(cell["cell_type"] == "code" for cell in file["cells"])
                found = reader.cells(name, wanted)
                print(f"{name} opens: {found} of {wanted} code cells", flush=True)
                if found != wanted:
                    faults.append(
                        f"{name}: {found} code cells, and its file has {wanted}"
                    )
        browser.close()
    if reader.away:
        faults.append(f"requests to others: {sorted(set(reader.away))}")
    print(f"{len(names)} notebooks, {len(reader.away)} requests to other hosts")
    print(*faults, sep="\n")
    return bool(faults)


def main(*words: str) -> None:
    """`make lite`: the site beside the built book (or into the folder that follows --out), then tried."""
    out = env.ROOT / "_build" / "html" / "lite"
    if words[:1] == ("--out",):
        out, words = Path(words[1]), words[2:]
    env.run(python(), "-m", "tools.lite", out, *words)
    env.run(python(), "-m", "tools.lite", "--try", out, *(["--all"] if words else []))


if __name__ == "__main__":
    console.speak()
    given = sys.argv[1:]
    if "--try" in given:
        (folder,) = [word for word in given if not word.startswith("--")]
        sys.exit(proof(Path(folder).resolve(), "--all" in given))
    archive = given[given.index("--pyodide") + 1] if "--pyodide" in given else ""
    site(Path(given[0]), archive)
