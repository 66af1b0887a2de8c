"""Anki: a note an item, whose guid comes from its id, so that a card that is mended keeps what its learner has done."""

import html
import io
import tempfile
import warnings
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import genanki

from press.bank import Item
from press.pages import TIERS

from .kit import Kit, PageKit, archive

_MODEL = 1_785_034_211  # Anki knows a kind of note and a deck by their numbers
_DECK = 1_785_034_220
_FIELDS = ("Id", "Question", "Answer", "Page", "About")
_FRONT = '<div class="page">{{Page}}</div>{{Question}}'
_BACK = '{{FrontSide}}<hr id="answer">{{Answer}}<div class="page">{{Id}}</div>'
_STYLE = """\
.card { font-family: sans-serif; font-size: 18px; text-align: left; max-width: 40em; margin: 0 auto; padding: 0.5em; }
.page { font-size: 0.8em; opacity: 0.75; margin: 0.5em 0; }
ol { list-style-type: lower-alpha; padding-left: 1.5em; }
li { margin: 0.4em 0; }
"""


def make(kit: Kit) -> dict[str, bytes]:
    """serms.apkg"""
    fields = [{"name": name} for name in _FIELDS]
    templates = [{"name": "Card", "qfmt": _FRONT, "afmt": _BACK}]
    name = f"{kit.title}: question"
    model = genanki.Model(_MODEL, name, fields, templates, css=_STYLE)
    decks = []
    for place, (tier, called) in enumerate(TIERS.items()):
        deck = genanki.Deck(_DECK + place, f"{kit.title.replace('::', ':')}::{called}")
        deck.description = kit.about
        for page in kit.tier(tier):
            for item in page.items:
                deck.add_note(_note(model, item, page, kit))
        decks.append(deck)
    # a card that was mended arrives when its day is later than that of the learner's copy
    day = max(kit.released, kit.checked)
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    return {"serms.apkg": _package(decks, moment)}


def _note(model: genanki.Model, item: Item, page: PageKit, kit: Kit) -> genanki.Note:
    tags = [page.place.tier, page.place.thread, item.level]
    tags += [f"{page.name}-objective-{number}" for number in item.objectives]
    where = f"{TIERS[page.place.tier]} {page.title}"
    return genanki.Note(
        model,
        [
            item.id,
            _front(item),
            _back(item),
            html.escape(where),
            html.escape(kit.about),
        ],
        guid=genanki.guid_for("serms-and-bone-health", item.id),
        tags=tags,
    )


def _front(item: Item) -> str:
    how = f"<p><em>{item.how}</em></p>" if item.how else ""
    return f"<p>{item.ask.html}</p>{how}" + _list(o.text.html for o in item.options)


def _list(lines) -> str:
    """An ordered list, or nothing."""
    listed = "".join(f"<li>{line}</li>" for line in lines)
    return f"<ol>{listed}</ol>" if listed else ""


def _back(item: Item) -> str:
    said = f"<p><strong>{html.escape(item.answer)}</strong></p>"
    why = f"<p>{item.why.html}</p>" if item.why else ""
    options = (
        f"{'<strong>Right.</strong> ' if option.right else ''}{option.why.html}"
        for option in item.options
    )
    return said + why + _list(options)


def _package(decks: list[genanki.Deck], moment: float) -> bytes:
    """The decks as one file, without the time at which it was written."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("error")  # genanki warns of HTML that Anki would not take
        # cached_property, which it uses, asks Python 3.14 for what goes with 3.16
        warnings.filterwarnings("ignore", "'asyncio.iscoroutinefunction'")
        path = Path(folder) / "serms.apkg"
        genanki.Package(decks).write_to_file(path, timestamp=moment)
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as made:
            return archive({name: made.read(name) for name in made.namelist()})
