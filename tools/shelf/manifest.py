"""MANIFEST.md for people, manifest.json for the pages that offer the files: what each holds, and its size."""

import json
from collections import Counter
from collections.abc import Mapping

from press.pages import in_words

from . import cartridge
from .kit import LICENSE, Kit

_WHAT = {
    "canvas.zip": "Canvas: one quiz a page, QTI 1.2",
    "canvas": "Canvas: the quiz of one page, QTI 1.2",
    "moodle.xml": "Moodle: one category a page, Moodle XML",
    "book.imscc": "Common Cartridge 1.1: pages as links, one quiz a page",
    "qti21.zip": "QTI 2.1: one test a page",
    "serms.apkg": "Anki: three decks, one a depth",
    "paper.zip": "Worksheets and keys of all pages, HTML and Markdown",
    "paper": "A worksheet or a key",
}


def make(kit: Kit, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """MANIFEST.md and manifest.json, of the files that the makers gave."""
    kinds = Counter(item.kind for item in kit.items)
    listed = [
        {
            "file": name,
            "bytes": len(data),
            "holds": _WHAT[name.partition("/")[0]],
            "questions": _questions(kit, name),
        }
        for name, data in files.items()
    ]
    told = {
        "title": kit.title,
        "version": kit.version,
        "released": kit.released.isoformat(),
        "evidence_checked": kit.checked.isoformat(),
        "license": LICENSE,
        "questions": len(kit.items),
        "kinds": dict(sorted(kinds.items())),
        "files": listed,
    }
    return {
        "MANIFEST.md": _markdown(kit, told).encode(),
        "manifest.json": (json.dumps(told, indent=1) + "\n").encode(),
    }


def _questions(kit: Kit, name: str) -> int:
    """How many questions a file holds."""
    if name.startswith("canvas/"):
        return next(
            len(page.items) for page in kit.pages if name == f"canvas/{page.name}.zip"
        )
    if name.startswith("paper/"):
        path = name.removeprefix("paper/").rpartition(".")[0].removesuffix("-key")
        return next(len(page.items) for page in kit.pages if page.place.path == path)
    if name == "book.imscc":
        return sum(len(cartridge.held(page)) for page in kit.pages)
    return len(kit.items)


def _markdown(kit: Kit, told: dict) -> str:
    kinds = ", ".join(f"{count} {kind}" for kind, count in told["kinds"].items())
    lines = [
        f"# {kit.title}: the question bank",
        "",
        f"- Version {kit.version}; last release {in_words(kit.released)}",
        f"- Evidence checked to {in_words(kit.checked)}",
        f"- Licence: {LICENSE}",
        f"- {told['questions']} questions: {kinds}",
        f"- The cartridge: {cartridge.about(kit).removeprefix(kit.about).strip()}",
        "",
        "| file | holds | questions | bytes |",
        "|---|---|---|---|",
    ]
    for each in told["files"]:
        lines.append(
            f"| `{each['file']}` | {each['holds']} | {each['questions']} | {each['bytes']:,} |"
        )
    return "\n".join([*lines, ""])
