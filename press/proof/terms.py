"""Cards of the glossary.

What a card says of a drug (its class, what it does in which tissue, where it is approved), of a trial (its drugs), of a
signal (what it raises and lowers) stands in the tables too. The letters of a name are the initials of its words. A link
to the glossary opens the card that its words name.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bonebook import tables
from press import pages, said

from . import text
from .asked import holds, in_role, numbers, told_on, trials
from .slip import Rule, Slip
from .text import Block

PAGE = "book/reference/glossary"


def cards() -> list[Block]:
    """The entries of the glossary; `label` is the term."""
    return [block for block in text.blocks(PAGE, pages.ROOT) if block.kind == "term"]


def _slip(card: Block, rule: str, words: str, reason: str) -> Slip:
    return Slip(card.file, card.line, rule, words, f"{card.label}: {reason}")


# Drugs: classes, tissues, countries.

#: How a card says the class of a drug (`kind` of drugs.csv).
_CLASSES = {
    "SERM": r"\bSERMs?\b",
    "bisphosphonate": r"\bbisphosphonates?\b",
    "aromatase inhibitor": r"\baromatase inhibitors?\b",
    "GnRH agonist": r"\bGnRH agonists?\b",
    "RANKL antibody": r"\bantibody against RANK(?:L| ligand)\b",
}
_TISSUES = {
    "bone": "bone",
    "breast": "breast",
    "womb": "endometrium",
    "uterus": "endometrium",
    "vagina": "vagina",
}
_ACTION = re.compile(
    r"(?P<like>\blike estrogen|\bestrogen-like action)|(?P<blocks>\bblocks (?:it|estrogen)|\bestrogen-blocking action)"
)
_WHERE = re.compile(rf" (?:on|in) (?:the )?({'|'.join(_TISSUES)})\b")
_REGIONS = {
    "European Union": "EU",
    "European": "EU",
    "United States": "US",
    "Japan": "Japan",
}
_STATUS = ("never approved", "lapsed", "approved")  # the longer first


def drug_cards(names: Sequence[str]) -> Iterator[Slip]:
    """The card of a drug gives the class, the actions and the approvals that the tables have."""
    if PAGE not in names:
        return
    known = {row["name"]: row for row in tables.rows("drugs")}
    for card in cards():
        row = known.get(card.label.lower())
        if not row:
            continue
        if row["kind"] in _CLASSES:
            yield from _class(card, row["kind"])
        yield from _verbs(card, row["what"])
        yield from _actions(card, row["id"])
        yield from _approvals(card, row["id"])


def _class(card: Block, kind: str) -> Iterator[Slip]:
    said = {
        name for name, words in _CLASSES.items() if re.search(words, card.text, re.I)
    }
    # other drugs of a card have classes too ("combined with conjugated estrogens"): its own is told first
    first = min(
        said,
        key=lambda name: re.search(_CLASSES[name], card.text, re.I).start(),  # type: ignore[union-attr]
        default="none",
    )
    if first != kind:
        reason = f"the card says {first}, and drugs.csv says {kind}."
        yield _slip(card, "cards of drugs", first, reason)


_VERBS = re.compile(
    r"\b(?:(?P<down>slows?|stops?|blocks?|inhibits?|silences?|suppresses)|(?P<up>builds?|starts?|raises?|activates?|speeds?))\b",
    re.I,
)


def _verbs(card: Block, what: str) -> Iterator[Slip]:
    """Where drugs.csv says that a drug slows or builds, so does its card."""
    kept = {found.lastgroup for found in _VERBS.finditer(what)}
    for found in _VERBS.finditer(card.text):
        if kept and found.lastgroup not in kept:
            reason = f"drugs.csv says of it: {what}"
            yield _slip(card, "cards of drugs", found[0], reason)


def _actions(card: Block, drug: str) -> Iterator[Slip]:
    rows = {
        row["tissue"]: row["direction"]
        for row in tables.rows("tissue_actions")
        if row["drug"] == drug
    }
    for found in _ACTION.finditer(card.text):
        where = _WHERE.match(card.text, found.end())
        said = "estrogen-like" if found["like"] else "estrogen-blocking"
        tissue = _TISSUES[where[1]] if where else ""
        if tissue and rows.get(tissue) != said:
            reason = f"tissue_actions.csv has {rows.get(tissue, 'nothing')} in {tissue}, not {said}."
            yield _slip(card, "cards of drugs", found[0] + where[0], reason)  # type: ignore[index]


def _approvals(card: Block, drug: str) -> Iterator[Slip]:
    """Each country of a sentence has the status that the sentence tells; a pair counts where its estrogens are named."""
    for part in re.split(r"[.;]", card.text):
        meant = (drug, f"{drug}-ce") if "conjugated estrogens" in part else (drug,)
        known = {
            (row["region"], row["status"])
            for row in tables.rows("approvals")
            if row["drug"] in meant
        }
        status = next((word for word in _STATUS if word in part), "")
        for name in (name for name in _REGIONS if re.search(rf"\b{name}\b", part)):
            if status and (_REGIONS[name], status) not in known:
                have = ", ".join(f"{region} {what}" for region, what in sorted(known))
                reason = (
                    f"approvals.csv has no {status!r} for {_REGIONS[name]}: {have}."
                )
                yield _slip(card, "cards of drugs", part.strip(), reason)


# Numbers.


def card_numbers(names: Sequence[str]) -> Iterator[Slip]:
    """A number of a card is one that a page tells in the same unit or among the same words."""
    if PAGE not in names:
        return
    told = {
        each
        for page in pages.contents(pages.ROOT)
        if page != PAGE
        for each in told_on(page)
    }
    for card in cards():
        for number in numbers(card.text):
            if number.small or in_role(number, card) or holds(number, told, set()):
                continue
            around = card.text[max(0, number.start - 30) : number.end + 30]
            reason = f"no page tells {number.written} like this; if a row has it, write {{fact}}`{number.written} <id>`, if it is made up, {{given}}`{number.written}`."
            yield _slip(card, "numbers of a card", " ".join(around.split()), reason)


# Trials.


def trial_cards(names: Sequence[str]) -> Iterator[Slip]:
    """The card of a trial names drugs of its rows."""
    if PAGE not in names:
        return
    for card in cards():
        given = trials().get(_TRIAL_CALLED.get(card.label, card.label))
        named = said.drugs_named(card.text)
        if given and named - given:
            reason = f"its rows have {', '.join(sorted(given))}."
            yield _slip(
                card, "cards of trials", ", ".join(sorted(named - given)), reason
            )


_TRIAL_CALLED = {"P-1": "NSABP"}

# Signals.

_RAISES = r"raises|starts|builds"
_LOWERS = r"lowers|slows|blocks|brakes?|inhibits|removes"
_ARROW = re.compile(
    rf"(?:(?P<subject>[Ll]oad) )?\b(?:(?P<up>{_RAISES})|(?P<down>{_LOWERS})) (?P<object>it\b|[\w-]+)"
)
#: What the glossary and edges.csv call the same thing.
_NODES = {
    "Interleukin 6": "IL-6",
    "Parathyroid hormone": "PTH",
    "load": "mechanical load",
    "Load": "mechanical load",
    "Wnt": "Wnt/β-catenin",
    "osteoclasts": "osteoclast",
}


def signal_cards(names: Sequence[str]) -> Iterator[Slip]:
    """A card says raises or lowers as the arrow of edges.csv between the same two has its sign."""
    if PAGE not in names:
        return
    for card in cards():
        for found in _ARROW.finditer(card.text):
            subject = found["subject"] or card.label
            target = card.label if found["object"] == "it" else found["object"]
            signs = _edges().get((_node(subject), _node(target)), set())
            said = "+" if found["up"] else "-"
            if signs and said not in signs:
                reason = f"edges.csv has {_node(subject)} to {_node(target)} as {' and '.join(sorted(signs))}."
                yield _slip(card, "cards of signals", found[0], reason)


def _node(name: str) -> str:
    return _NODES.get(name, name)


@lru_cache(maxsize=1)
def _edges() -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for row in tables.rows("edges"):
        pair = (row["source"], row["target"])
        for key in (
            pair,
            (pair[0].capitalize(), pair[1]),
            (pair[0], pair[1].capitalize()),
        ):
            found.setdefault(key, set()).add(row["sign"])
    return found


# Letters.

#: Names whose letters are no initials of words that a card could have; RANKL is the ligand of RANK.
_NO_INITIALS = ("CTX", "NTX", "FRAX", "GRADE", "RANKL")


def letters(names: Sequence[str]) -> Iterator[Slip]:
    """The letters of a name in capitals are, in their order, the initials of words of its card."""
    if PAGE not in names:
        return
    for card in cards():
        name = card.label
        known = not re.fullmatch(r"[A-Z]{3,5}", name) or name in _NO_INITIALS
        if not known and not _spells(name, card.text):
            reason = f"no words of the card begin with {', '.join(name)} in this order; write out what the letters stand for."
            yield _slip(card, "letters of a name", name, reason)


def _spells(name: str, words: str) -> bool:
    """Whether some words in a row, small ones passed over, have the letters as initials or, in one long word, inside it."""
    parts = [part.strip(".,;") for part in re.split(r"[\s-]+", words.replace("κ", "k"))]
    for start, part in enumerate(parts):
        if part[:1].upper() != name[0] or part.startswith(name):
            continue
        rest = " ".join(parts[start : start + len(name) + 3])
        pattern = rf"{name[0]}\w*" + "".join(
            rf"(?:\W+\w+){{0,2}}?\W+{letter}\w*" for letter in name[1:]
        )
        if re.match(pattern, rest, re.I) or re.match(".*".join(name), part, re.I):
            return True
    return False


# Links.


def links(names: Sequence[str]) -> Iterator[Slip]:
    """{term}`words <entry>` names an entry, and its words are words of that entry."""
    known: dict[str, str] = {}
    for card in cards():
        key = _plain(card.label)
        known[key] = f"{known.get(key, card.label)} {card.text}"
    for page in names:
        for block in text.blocks(page, pages.ROOT):
            for placed in block.named("term"):
                role = placed.role
                entry = known.get(_plain(role.target))
                if entry is None:
                    reason = f"the glossary has no entry {role.target!r}."
                    yield Slip(
                        block.file,
                        role.line,
                        "links to the glossary",
                        role.words,
                        reason,
                    )
                elif not _stems(role.words) & _stems(entry):
                    reason = f"the entry {role.target!r} does not speak of it; link to its own entry."
                    yield Slip(
                        block.file,
                        role.line,
                        "links to the glossary",
                        role.words,
                        reason,
                    )


def _plain(words: str) -> str:
    return " ".join(words.replace("\u2019", "'").lower().split())


def _stems(words: str) -> set[str]:
    found = re.findall(r"[^\W_]{2,}", words.lower())
    return {re.sub(r"(?:ies|es|s|y|ed|ing|al|ic)$", "", word)[:6] for word in found}


RULES: dict[str, Rule] = {
    "cards of drugs": drug_cards,
    "cards of trials": trial_cards,
    "numbers of a card": card_numbers,
    "cards of signals": signal_cards,
    "letters of a name": letters,
    "links to the glossary": links,
}
