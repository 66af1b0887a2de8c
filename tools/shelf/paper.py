"""Worksheets and keys for paper: an HTML page that prints well, and the same as Markdown for whoever edits it."""

import html
from collections.abc import Iterator

from press.bank import Item
from press.pages import MISCONCEPTIONS, TIERS

from .kit import Kit, PageKit, archive

_STYLE = """\
@page { margin: 18mm 16mm; }
body { font: 11pt/1.45 Georgia, "Times New Roman", serif; color: #000; background: #fff; max-width: 42em; margin: 1.5em auto; padding: 0 1em; }
h1 { font-size: 15pt; margin: 0 0 0.3em; } h2 { font-size: 12pt; margin: 1.4em 0 0.3em; }
.who { border-bottom: 1px solid #000; padding-bottom: 0.6em; }
.item { break-inside: avoid; margin: 1.1em 0; }
.item p { margin: 0.2em 0; } .how, .about, .id { font-size: 9pt; } .id { float: right; margin-left: 1em; }
.who span { display: inline-block; width: 14em; }
ol { list-style-type: lower-alpha; margin: 0.4em 0; padding-left: 2em; } li { margin: 0.25em 0; }
.line { border-bottom: 1px solid #000; height: 1.8em; width: 14em; }
.about { border-top: 1px solid #000; margin-top: 2em; padding-top: 0.4em; }
@media print { body { max-width: none; margin: 0; padding: 0; } }
"""


def make(kit: Kit) -> dict[str, bytes]:
    """paper/<tier>/<thread>.html and .md, the key of each beside it as <thread>-key, and paper.zip with all of them."""
    found = {}
    for page in kit.pages:
        for key, name in ((False, page.place.path), (True, f"{page.place.path}-key")):
            found[f"paper/{name}.html"] = _html(page, kit, key).encode()
            found[f"paper/{name}.md"] = _markdown(page, kit, key).encode()
    return {**found, "paper.zip": archive(found)}


def _title(page: PageKit, key: bool) -> str:
    of = f"{TIERS[page.place.tier]} {page.title}"
    return f"Key: {of}" if key else of


def _html(page: PageKit, kit: Kit, key: bool) -> str:
    title = html.escape(_title(page, key), quote=False)
    lines = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n<main>",
        f"<h1>{title}</h1>",
    ]
    if not key:
        lines.append('<p class="who">Name: <span></span> Date:</p>')
    else:
        lines += ["<h2>Objectives</h2>", '<ol style="list-style-type: decimal">']
        lines += [f"<li>{words.html}</li>" for words in page.objectives] + ["</ol>"]
        lines += list(_class_html(page))
        lines.append("<h2>Answers</h2>")
    for count, item in enumerate(page.items, 1):
        lines += ['<div class="item">', f'<span class="id">{item.id}</span>']
        lines.append(f"<p><strong>{count}.</strong> {item.ask.html}</p>")
        lines += list(_key_html(item) if key else _ask_html(item))
        lines.append("</div>")
    about = html.escape(kit.about, quote=False)
    return "\n".join(
        [*lines, f'<p class="about">{about}</p>', "</main>\n</body>\n</html>\n"]
    )


def _class_html(page: PageKit) -> Iterator[str]:
    """What the file in teach/ has for a class."""
    if page.beside:
        yield "<h2>To discuss</h2>\n<ul>"
        yield from (f"<li>{words.html}</li>" for words in page.beside.discuss)
        yield f"</ul>\n<h2>To do ({page.beside.minutes} minutes)</h2>"
        yield f"<p>{page.beside.do.html}</p>"
        yield f"<p><em>Look for:</em> {page.beside.look_for.html}</p>"


def _ask_html(item: Item) -> Iterator[str]:
    if item.how:
        yield f'<p class="how">{item.how}</p>'
    if item.options:
        yield "<ol>"
        yield from (f"<li>{option.text.html}</li>" for option in item.options)
        yield "</ol>"
    else:
        yield '<div class="line"></div>'


def _key_html(item: Item) -> Iterator[str]:
    yield f"<p><strong>{html.escape(item.answer)}</strong> <em>({_about(item)})</em></p>"
    if item.why:
        yield f"<p>{item.why.html}</p>"
    if item.options:
        yield "<ol>"
        for option in item.options:
            belief = (
                f" <em>{MISCONCEPTIONS[option.because]}</em>" if option.because else ""
            )
            yield f"<li>{option.text.html}<br>{option.why.html}{belief}</li>"
        yield "</ol>"


def _about(item: Item) -> str:
    """`apply; objectives 1 and 3`"""
    numbers = " and ".join(map(str, item.objectives))
    return f"{item.level}; objective{'s' if len(item.objectives) > 1 else ''} {numbers}"


def _markdown(page: PageKit, kit: Kit, key: bool) -> str:
    lines = [f"# {_title(page, key)}", ""]
    if not key:
        lines += ["Name: ____________________  Date: ____________", ""]
    else:
        lines += ["## Objectives", ""]
        lines += [f"{n}. {each.plain}" for n, each in enumerate(page.objectives, 1)]
        lines.append("")
        if page.beside:
            lines += ["## To discuss", ""]
            lines += [f"- {words.plain}" for words in page.beside.discuss]
            lines += ["", f"## To do ({page.beside.minutes} minutes)", ""]
            lines += [page.beside.do.plain, ""]
            lines += [f"Look for: {page.beside.look_for.plain}", ""]
        lines += ["## Answers", ""]
    for count, item in enumerate(page.items, 1):
        lines += [f"**{count}.** {item.ask.plain} ({item.id})", ""]
        lines += list(_key_lines(item) if key else _ask_lines(item))
        lines.append("")
    return "\n".join([*lines, "---", "", kit.about, ""])


def _ask_lines(item: Item) -> Iterator[str]:
    if item.how:
        yield from (item.how, "")
    yield from (f"- {option.letter}) {option.text.plain}" for option in item.options)
    if not item.options:
        yield "Answer: ____________________"


def _key_lines(item: Item) -> Iterator[str]:
    yield f"**{item.answer}** ({_about(item)})"
    yield ""
    if item.why:
        yield item.why.plain
    for option in item.options:
        belief = f" *{MISCONCEPTIONS[option.because]}*" if option.because else ""
        yield f"- {option.letter}) {option.text.plain} {option.why.plain}{belief}"
