"""The signs that need help at once stand in one wording, that of book/signs.yml, wherever a reader meets them."""

import re

import pytest

from helpers import PAGES, ROOT, nothing
from press import myst, pages
from press.proof import text

#: What each sign is told by, however it is worded.
SIGNS = {
    "leg": r"swollen,? (?:painful )?(?:leg|calf)|(?:leg|calf)\b[^.;:]{0,30}\b(?:swells?|swollen)",
    "breath": r"short(?:ness)? of breath|breathless|short breath|breath that|trouble breathing",
    "chest": r"chest pain|pain in the chest",
    "blood": r"cough\w* up blood",
    "sight": r"(?:change|loss) (?:in|of) (?:your )?(?:sight|vision)|trouble seeing",
    "face": r"droop",
    "arm": r"weak arm|arm\b[^.;:]{0,20}\bweak",
    "speech": r"slur|trouble speaking",
}
#: Where the box itself must stand: the doors of women who take a tablet, and where harms and the tablet are told.
BOX = [
    "book/fundamentals/start",
    "book/fundamentals/breast",
    "book/fundamentals/tissues",
    "book/fundamentals/taking",
    "book/intermediate/taking",
]


def named(words):
    """The kinds of sign that a text names."""
    return {sign for sign, how in SIGNS.items() if re.search(how, words, re.I)}


def test_the_box_names_every_sign():
    signs = pages.signs()
    assert named(" ".join(signs.signs)) == set(SIGNS)


@pytest.mark.parametrize("page", PAGES)
def test_no_other_wording(page):
    """A passage that lists two signs or more is a second wording of the box; a single sign may be spoken of."""
    found = [
        f"{block.file}:{block.line}: {sorted(signs)} are told in other words than those of book/signs.yml: {{signs}}, or a link to it"
        for block in text.blocks(page)
        if block.kind != "alt" and len(signs := named(block.text)) > 1
    ]
    nothing(found)


@pytest.mark.parametrize("page", BOX)
def test_the_box_stands_where_it_is_needed(page):
    assert myst.read(ROOT / f"{page}.md").named("signs"), f"{page}: no {{signs}}"


@pytest.mark.parametrize(
    "words, signs",
    [
        (
            "A leg that swells or hurts, breath that suddenly runs short",
            {"leg", "breath"},
        ),
        ("a drooping face, a weak arm, slurred speech", {"face", "arm", "speech"}),
        ("chest pain or a sudden change in your sight", {"chest", "sight"}),
        ("Rub your calf and walk on.", set()),
        ("The lift to the first floor swells with people.", set()),
    ],
)
def test_another_wording_is_found(words, signs):
    assert named(words) == signs
