"""Canvas: QTI 1.2 as text2qti writes it, with the ids of the bank, the licence of the book and a day that does not move."""

import io
import re
import zipfile
from html import escape

from text2qti.config import Config
from text2qti.qti import QTI
from text2qti.quiz import Quiz

from press.bank import Item

from .kit import LICENSE, Kit, PageKit, archive, asked

#: What Markdown or text2qti would take for its own.
_SPECIAL = re.compile(r"[\\`*_{}\[\]#$~^|!+=:'\"]|\.(?=\.)|-(?=-)")
_TITLE = re.compile(r"(?<=<imsmd:string>)[^<]*(?=</imsmd:string>\s*</imsmd:title>)")
_RESOURCES = re.compile(r"<resources>\n(.*?)  </resources>", re.S)


def make(kit: Kit) -> dict[str, bytes]:
    """canvas.zip, which holds a quiz a page, and canvas/<page>.zip, one quiz each."""
    quizzes = {page.name: _quiz(page, kit) for page in kit.pages}
    found = {"canvas.zip": archive(_joined(list(quizzes.values()), kit.title))}
    for name, files in quizzes.items():
        found[f"canvas/{name}.zip"] = archive(files)
    return found


def _quiz(page: PageKit, kit: Kit) -> dict[str, bytes]:
    """The files of the package of one page."""
    lines = [
        f"Quiz title: {_head(page.title)}",
        f"Quiz description: {_safe(kit.about)}",
    ]
    lines += ["Shuffle answers: true", ""]
    for item in page.items:
        lines += _question(item)
    quiz = Quiz("\n".join(lines), config=Config())
    quiz.id = page.name
    for question, item in zip(quiz.questions_and_delims, page.items, strict=True):
        question.id = item.id  # text2qti makes ids from the words, which may be mended
        for choice, option in zip(question.choices, item.options, strict=False):
            choice.id = option.id
    with zipfile.ZipFile(io.BytesIO(QTI(quiz).zip_bytes())) as made:
        files = {name: made.read(name) for name in made.namelist()}
    manifest = files["imsmanifest.xml"].decode()
    manifest = re.sub(
        r"(<imsmd:dateTime>)[^<]*", rf"\g<1>{kit.released.isoformat()}", manifest
    )
    rights = r"(<imsmd:string>)[^<]*(?=</imsmd:string>\s*</imsmd:description>\s*</imsmd:rights>)"
    manifest = re.sub(rights, rf"\g<1>{LICENSE}", manifest)
    manifest = _TITLE.sub(lambda _: escape(page.title), manifest)
    return files | {"imsmanifest.xml": manifest.encode()}


def _question(item: Item) -> list[str]:
    lines = [f"Title: {item.id}", "Points: 1", f"1. {_block(asked(item))}"]
    if item.why:
        lines.append(f"... {_safe(item.why.html)}")
    if item.number:
        lines.append(f"= {item.number.value} +- {item.number.tolerance}")
    lines += [f"* {word}" for word in item.accept]
    for option in item.options:
        if item.kind == "several":
            mark = "[*]" if option.right else "[ ]"
        else:
            mark = f"{'*' if option.right else ''}{option.letter})"
        lines += [f"{mark} {_safe(option.text.html)}", f"... {_safe(option.why.html)}"]
    return [*lines, ""]


def _block(html: str) -> str:
    """Paragraphs as text2qti reads them: the first on the line, the others indented below."""
    parts = re.findall(r"<p>(.*?)</p>", html)
    return "\n\n    ".join(map(_safe, parts))


def _safe(html: str) -> str:
    """HTML on a line of Markdown that comes out as it went in."""
    parts = re.split(r"(<[^<>]+>|&\w+;)", html)
    return "".join(
        part if place % 2 else _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", part)
        for place, part in enumerate(parts)
    )


def _head(title: str) -> str:
    """A title is no Markdown; it may not look like anything else that text2qti knows."""
    return " ".join(title.split())


def _joined(quizzes: list[dict[str, bytes]], title: str) -> dict[str, bytes]:
    """One package of several: the files of all, and the resources of all in the manifest of the first."""
    manifests = [files["imsmanifest.xml"].decode() for files in quizzes]
    resources = "".join(_RESOURCES.search(each)[1] for each in manifests)
    whole = _RESOURCES.sub(
        lambda _: f"<resources>\n{resources}  </resources>", manifests[0]
    )
    first = re.search(r'<manifest identifier="([^"]*)"', whole)
    whole = whole.replace(first[1], "serms-and-bone-health", 1)
    whole = _TITLE.sub(lambda _: escape(title), whole)
    joined = {"imsmanifest.xml": whole.encode()}
    for files in quizzes:
        joined |= {n: data for n, data in files.items() if n != "imsmanifest.xml"}
    return joined
