"""What several tests use: the pages of the book, books made small, builds, a server, a browser's page."""

import copy
import csv
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from axe_playwright_python.base import AXE_FILE_PATH
from pybtex.database import BibliographyData, parse_file

import forked
from bonebook import tables
from press import myst, pages

ROOT = pages.ROOT
TIERS = tuple(pages.TIERS)
PAGES = pages.contents()
THREADS = [page for page in PAGES if pages.place(page)]

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# What axe-core looks for.
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"],
    },
    "resultTypes": ["violations"],
}
#: Those of its rules that look at colors alone. In the dark it is asked these: all else is the same there.
COLORS = {
    "runOnly": ["color-contrast", "link-in-text-block"],
    "resultTypes": ["violations"],
}

#: The path of a build: its own packages, and what keeps its cells at home and makes it start quickly.
LIGHT = f"{{}}{os.pathsep}{ROOT / 'tools' / 'offline'}"
TORTURE = Path(__file__).parent / "torture"
SIDE = yaml.safe_load((TORTURE / "density.yml").read_text(encoding="utf-8"))


def source(page: str) -> str:
    """What is written in the file of a page: `book/academic/bone`."""
    return (ROOT / f"{page}.md").read_text(encoding="utf-8")


def nothing(found: list[str]) -> None:
    """Fail with what was found, a line each, if anything was."""
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def with_explorable() -> dict[str, list[str]]:
    """The pages on which each figure with sliders stands: {name: [page]}."""
    stands: dict[str, list[str]] = {}
    for page in PAGES:
        if "{explorable}" not in source(page):
            continue  # to read every page takes a second in each process of a test run
        for figure in myst.read(ROOT / f"{page}.md").named("explorable"):
            stands.setdefault(figure.argument, []).append(page)
    return stands


def samples() -> list[str]:
    """A thread's page of each tier, and each page with a figure with sliders.

    Enough for what the template does: its styles and scripts are the same on every page.
    """
    first = [next(page for page in THREADS if f"/{tier}/" in page) for tier in TIERS]
    live = {page for stands in with_explorable().values() for page in stands}
    return [page for page in THREADS if page in {*first, *live}]


def often(here, cases):
    """The cases of a test, as pytest takes them: those that are in `here` for every change, the others once a week."""
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=() if case in here else pytest.mark.weekly,
        )
        for case in cases
    ]


# A page in a browser

TOUCH = {"viewport": PHONE, "has_touch": True, "is_mobile": True}


def opened(chromium, site, path, asks="", **settings):
    """A page of the book in a fresh context: the Playwright page, with all that it logged and asked for.

    asks: what stands behind the path in its address.
    """
    page = chromium.new_context(
        **{"viewport": DESKTOP, "reduced_motion": "reduce", **settings}
    ).new_page()
    page.set_default_timeout(120_000)  # a busy machine is no fault of the page
    page.said, page.asked, page.failed, page.open = [], [], [], set()
    page.last = 0.0  # when it last had what it asked for
    page.on(
        "console",
        lambda message: (
            page.said.append(message.text)
            if message.type in ("error", "warning")
            else None
        ),
    )
    page.on("pageerror", lambda error: page.said.append(str(error)))

    def begins(request):
        page.asked.append(request.url)
        page.open.add(request)

    def ends(request):
        page.open.discard(request)
        page.last = time.monotonic()

    page.on("request", begins)
    page.on("requestfinished", ends)
    page.on("requestfailed", ends)
    page.on("requestfailed", lambda request: page.failed.append(request.url))
    page.on(
        "response",
        lambda response: (
            page.failed.append(f"{response.status} {response.url}")
            if response.status >= 400
            else None
        ),
    )
    page.goto(f"{site}/{path}.html{asks}", wait_until="load")
    return page


def settled(page):
    """Wait until a page has had all that it asked for and has asked for nothing more for half a second.

    Playwright's own `networkidle` may never come on a busy machine.
    """
    begun = time.monotonic()
    while page.open or time.monotonic() < max(begun, page.last) + 0.5:
        if time.monotonic() > begun + 120:
            raise TimeoutError(f"still under way: {[each.url for each in page.open]}")
        left = max(begun, page.last) + 0.5 - time.monotonic()
        page.wait_for_timeout(100 if page.open else 1000 * max(left, 0.01))


# How a page fits a narrow window: its width; whether the line above the title reaches into it; tables wider than their box,
# in which nothing says that they go on.
NARROW = """() => {
    const line = document.querySelector(".bb-eyebrow"), title = document.querySelector("h1");
    const over = line?.checkVisibility() && line.getBoundingClientRect().bottom > title.getBoundingClientRect().top + 1;
    const tables = [...document.querySelectorAll("article .bb-table, .pst-scrollable-table-container")]
        .filter((box) => box.scrollWidth > box.clientWidth + 1)
        .filter((box) => !getComputedStyle(box).backgroundAttachment.includes("local"))
        .map((box) => box.textContent.slice(0, 60));
    return { width: document.documentElement.scrollWidth, over: Boolean(over), tables };
}"""


# What axe-core finds, a line each: the rule, the part of the page, what to do; and whether any rule passed.
AXE = """async ([context, options]) => {
    const { passes, violations } = await axe.run(context, options);
    const line = (rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`);
    return [passes.length > 0, violations.flatMap(line)];
}"""


def axe(page, options=RULES, context="html"):
    """What axe-core finds in a page, or in a part of it; its half a megabyte is handed to the page once."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
    ran, found = page.evaluate(AXE, [context, options])
    assert ran, f"axe ran no rule on {context}"
    return found


def light_and_dark(page):
    """Turns a page light, then dark, with the reader's system: which it is, and what axe-core is asked there."""
    for scheme, rules in (("light", RULES), ("dark", COLORS)):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(
            "(scheme) => document.documentElement.dataset.theme === scheme", arg=scheme
        )
        yield scheme, rules


# A figure with sliders, or with buttons only


def scrolled(page, name):
    box = page.locator(f"[data-explorable='{name}']")
    box.scroll_into_view_if_needed()
    drawn(page, name, 0)
    return box


def drawn(page, name, before):
    """Waits until the figure has answered more often than `before`."""
    page.wait_for_function(
        """([name, before]) => {
            const box = document.querySelector(`[data-explorable='${name}']`);
            return (box.dataset.drawn ?? 0) > before;
        }""",
        arg=[name, int(before)],
    )


def press_each(page, box, shown):
    """Presses each button of a view by Enter, Space and finger, and looks at all that follows."""
    buttons = box.locator("[data-preset]")
    assert buttons.all_inner_texts() == list(shown.presets)
    assert box.locator("input, select, output, details").count() == 0
    pressed = box.locator("[aria-pressed='true']")
    assert shown.presets[pressed.inner_text()] == shown.opens
    drawings = set()
    for press in ("Enter", "Space", "finger"):
        for name, values in shown.presets.items():
            times = box.get_attribute("data-drawn")
            button = box.get_by_role("button", name=name, exact=True)
            if press == "finger":
                button.tap()
            else:
                button.focus()
                page.keyboard.press(press)
            drawn(page, shown.name, times)
            assert pressed.all_inner_texts() == [name]
            wanted = said_at(shown, values)
            assert box.locator(".bb-live .bb-say").inner_text() == wanted
            drawings.add((name, box.locator(".bb-chart svg").inner_html()))
    assert len({drawing for _, drawing in drawings}) == len(shown.presets)


def said_at(shown, values):
    """What a figure says, in Python, at one of its presets."""
    settings = {**shown.defaults(), **values}
    return shown.sentence(settings, shown.answer(settings, shown.given()))


def still_of_view(box, shown):
    """Looks at what stands of a view where no script runs."""
    image = box.locator(".bb-off img.only-light")
    assert image.is_visible()
    assert len(image.get_attribute("alt").split()) >= 20
    said = box.locator(".bb-off .bb-say").inner_text()
    assert all(said_at(shown, values) in said for values in shown.presets.values())
    assert said.startswith(said_at(shown, shown.opens))
    assert not box.locator(".bb-live").is_visible()


# Small books and their builds


def build(root: Path, out: Path, *options, **variables) -> subprocess.CompletedProcess:
    """Build a book with jupyter-book; the finished process with what it said."""
    command = [
        Path(sys.executable).parent / "jupyter-book",
        "build",
        root,
        "--path-output",
        out,
        "-n",
        "-q",
        *options,
    ]
    light = {"PYTHONUTF8": "1", "PYTHONPATH": LIGHT.format(root)}
    return forked.run(command, root, {**os.environ, **light, **variables})


def told(done: subprocess.CompletedProcess) -> str:
    """What a build has complained about."""
    return "\n".join(
        line
        for line in (done.stdout + done.stderr).splitlines()
        if re.search("WARNING|ERROR|Error", line) and "IPKernelApp" not in line
    )


def few_tables(root: Path, wanted: dict[str, str | tuple[str, ...]]) -> None:
    """Write data/ with few rows, and those that they name, so that a check of them takes no time.

    wanted: {table: how the ids of its rows begin}. The bibliography keeps the entries of their studies.
    """
    package = copy.deepcopy(tables.schema())
    package["book"] |= {"reviewed": {}, "part": True}
    kept = {
        name: [row for row in tables.rows(name) if row["id"].startswith(begin)]
        for name, begin in wanted.items()
    }
    open_ = list(kept)
    while open_:
        name = open_.pop()
        keys = [
            (key["fields"][0], key["reference"]["resource"])
            for key in tables.resource(name)["schema"].get("foreignKeys", [])
        ]
        for column, other in [*keys, ("further_studies", "studies")]:
            have = kept.setdefault(other, [])
            cells = [row.get(column, "").split() for row in kept[name]]
            named = set(itertools.chain.from_iterable(cells))
            new = [r for r in tables.rows(other) if r["id"] in named and r not in have]
            if new:
                have += new
                open_.append(other)
    package["resources"] = [r for r in package["resources"] if kept.get(r["name"])]
    (root / "data").mkdir()
    (root / "data" / "datapackage.json").write_text(
        json.dumps(package), encoding="utf-8"
    )
    for resource in package["resources"]:
        rows = sorted(kept[resource["name"]], key=lambda row: row["id"])
        path = root / "data" / resource["path"]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    entries = parse_file(str(ROOT / "book" / "references.bib"), bib_format="bibtex")
    known = {row["id"] for row in kept["studies"]}
    few = {key: entry for key, entry in entries.entries.items() if key in known}
    (root / "book").mkdir(exist_ok=True)
    BibliographyData(few).to_file(str(root / "book" / "references.bib"), "bibtex")


#: The body of a {how-sure} box that grades two outcomes.
MIXED = """- **breaks on film**: high. Three trials agree
  {cite:p}`delmas1997`.
- **{term}`placebo` alone**: very low. Nobody looked.

A trial could change this."""


#: A door of Fundamentals with all that only doors have.
DOOR = """# You have a new prescription

:::{door-head} 5
:::

Words {cite:p}`delmas1997`.

:::{person} Helen, 63
She reads.
:::

:::{signs}
:::

:::{do-today}
- Put the card into your purse.
:::

:::{pocket-card} My tablet
- Name: ________
:::

## Where this comes from

:::{where-from}
:::
"""


#: A list for the appointment.
LIST = """# Make your list

:::{talk-form}
:::

## The list

:::{talk-topic} hip
:title: A broken hip
- May I swim?

A fact {cite:p}`delmas1997`.
From [](density.md).
:::
"""


def small_book(root, quiet=False):
    """A book of two threads' pages: the torture page, a plain page, and the reference pages, with the real tables and extensions.

    quiet: the page of Fundamentals has code, cards and a figure with buttons.
    """
    for name in (
        "bonebook",
        "data",
        "press",
        "explorables",
    ):
        shutil.copytree(
            ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in (
        "_config.yml",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "LICENSE-TEXT",
        "CITATION.cff",
        "CHANGELOG.md",
        "requirements.txt",
        "book/threads.yml",
        "book/evidence.yml",
        "book/search.yml",
        "book/signs.yml",
        "CHANGELOG.md",
        "CITATION.cff",
        "book/references.bib",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    shutil.copytree(
        ROOT / "book/reference",
        root / "book/reference",
        ignore=shutil.ignore_patterns("models.md"),
    )  # it links to pages that are not here

    looked = root / "book/reference/how-we-looked.md"
    link = re.compile(r"\[([^\]]+)\]\(\.\./fundamentals/fractures\.md[^)]*\)")
    looked.write_text(link.sub(r"\1", looked.read_text("utf-8")), encoding="utf-8")

    def write(path, text):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")

    for name in ("density.md", "density.yml"):
        write(f"book/intermediate/{name}", (TORTURE / name).read_text(encoding="utf-8"))
    for tier, thread in (("fundamentals", "density"), ("intermediate", "tissues")):
        side = copy.deepcopy(SIDE) | {"before": []}
        for count, question in enumerate(side["questions"], 1):
            question["id"] = f"{thread}-{tier[0]}-{count}"
        write(f"book/{tier}/{thread}.yml", yaml.safe_dump(side))
        sure = " low\nWhy." if thread == "density" else f"\n{MIXED}"
        write(
            f"book/{tier}/{thread}.md",
            f"# A page on {thread}\n\n:::{{page-head}}\n:::\n\nWords {{cite:p}}`delmas1997`.\n\n:::{{how-sure}}{sure}\n:::\n\n:::{{in-one-breath}}\nIn short.\n:::\n\n:::{{where-from}}\n:::\n",
        )
    if quiet:
        shutil.copy(TORTURE / "quiet.md", root / "book/fundamentals/density.md")
    write("book/index.md", "# Front\n\n:::{reading-map}\n:::\n")
    for tier in TIERS:
        write(f"book/{tier}/index.md", f"# {tier}\n\n:::{{tier-map}}\n:::\n")
    write("book/intermediate/reflection.md", "# Looking back\n\n:::{tier-recap}\n:::\n")
    write("book/fundamentals/start.md", DOOR)
    write("book/fundamentals/help.md", "# Who else can help\n\nA nurse.\n")
    write("book/fundamentals/talk.md", LIST)
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))

    def keep(node):
        for key in {"parts", "chapters", "sections"} & set(node):
            node[key] = [
                child
                for child in node[key]
                if "file" not in child or (root / f"{child['file']}.md").exists()
            ]
            for child in node[key]:
                keep(child)
            node[key] = [child for child in node[key] if set(child) - {"caption"}]
            if not node[key]:
                del node[key]

    keep(toc)
    write("_toc.yml", yaml.safe_dump(toc))
    return root


# Numbers in prose that are wrong, each one way: {words of a line: what must be told of it}.
RISE, FALL = "johnston2000-ls-bmd-rlx60", "johnston2000-ls-bmd-plac"
WRONG = {
    f"the wrong number {{fact}}`1.29 % <{RISE}>`": ("1.29 %", "1.28 %"),
    f"the wrong sign {{fact}}`lost 1.28 % <{RISE}>`": ("lost 1.28 %", "1.28 %"),
    f"the wrong unit {{fact}}`1.28 percentage points <{RISE}>`": (
        "percentage points",
        "1.28 %",
    ),
    f"the wrong arm {{fact}}`1.28 % <{FALL}>`": ("1.28 %", "1.32 %"),
    "an unknown row {fact}`1.28 % <johnston2000-ls-bmd-rlx61>`": (
        "johnston2000-ls-bmd-rlx61",
        RISE,
    ),
    f"an unknown column {{fact}}`1.28 % <{RISE}:drug>`": ("'drug'", "column"),
    f"the wrong way {{compare}}`less bone <{RISE} {FALL}>`": ("less bone", "the other"),
    "no row at all {fact}`1.28 %`": ("1.28 %", "names no row"),
    "an unknown table {data}`bmd_changes`": ("bmd_changes", "bmd_change"),
    "a digit that nobody marked, 44 percent": ("44", "has no source"),
}
WRONG_PAGE = "# Density\n\n" + "\n".join(
    f"This line has {fault} in it." for fault in WRONG
)
