"""Labels, numbers and arrows of figures/*.svg against the tables and their descriptions.

What a drawing says in its groups stands in press.svg; its <desc> is its alt text, the same on every page that shows it.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bonebook import style, tables
from press import myst, pages, svg
from press.svg import Drawing, Element

from .slip import Rule, Slip
from .text import apart

SIGNS = {"+": "raises", "-": "lowers", "0": "has no effect on"}
EVIDENCE = {
    "human": r"\b(?:humans?|people|women)\b",
    "mouse": r"\b(?:mouse|mice|animals?)\b",
    "cell": r"\b(?:cells?|culture)\b",
    "molecule": r"\bmolecules?\b",
}
#: Verbs of a description, and the sign of the arrow that they tell of.
VERBS = {
    "plus": r"raises?|sends?|binds?|becomes?",
    "minus": r"lowers?|catch(?:es)?|blocks?",
    "none": r"helps?|needs?",
}
#: How far, in pixels, an end of an arrow may be from the shape that it belongs to.
NEAR = 22
#: Letters that stand for a drug on a half of a pill: the drug, and its word in a sentence.
HALVES = {
    "E": ("conjugated-estrogens", "estrogen"),
    "B": ("bazedoxifene", "bazedoxifene"),
}
LABELS, ARROWS, WORDS = "labels of drawings", "arrows of drawings", "words of drawings"


def _slip(drawing: Drawing, rule: str, written: str, reason: str, at: str) -> Slip:
    return Slip(drawing.name, drawing.line(at), rule, written, reason)


def _of(drawing: Drawing, rule: str, group: Element, reason: str) -> Slip:
    """A slip of a group: its words, on the line of the first of them."""
    first = next((text.text for text in svg.all_of(group, "text") if text.text), "<g")
    return _slip(drawing, rule, svg.words(group), reason, f">{first}<")


# Labels


def labels(of: Sequence[str]) -> Iterator[Slip]:
    """Each label stands in its shape and says what its group is called; a drug's name has the drug's color."""
    for drawing in svg.drawings(of):
        for group in drawing.groups("node"):
            known = svg.names(group, "node")
            if not any(svg.says(svg.words(group), name) for name in known):
                reason = f"this label stands in the shape of {known[0]}; its names are {', '.join(known)}."
                yield _of(drawing, LABELS, group, reason)
        for group in drawing.groups("says"):
            for name in svg.names(group, "says"):
                if not svg.says(svg.words(group), name):
                    reason = f"{name!r} belongs to this picture and is not read in it."
                    yield _of(drawing, LABELS, group, reason)
        for group in [*drawing.groups("node"), *drawing.groups("says")]:
            for text in svg.all_of(group, "text"):
                if svg.largest(group).away(svg.place(text)) > 2:
                    reason = f"this label stands outside of the shape of its group, {svg.words(group)!r}."
                    yield _of(drawing, LABELS, text, reason)
        yield from _pictures(drawing)
        yield from _colors(drawing)
        yield from _digits(drawing)


def _colors(drawing: Drawing) -> Iterator[Slip]:
    owner = {color: drug for drug, (color, *_) in style.DRUGS.items()}
    for text in svg.all_of(drawing.root, "text"):
        drug, drawn = svg.words(text), owner.get(text.get("fill", ""))
        if drug in style.DRUGS and drawn not in (None, drug):
            reason = f"this name has the color of {drawn}; that of {drug} is {style.drug_color(drug)}."
            yield _of(drawing, LABELS, text, reason)


def _digits(drawing: Drawing) -> Iterator[Slip]:
    """A number of a label is told in the description, or checked elsewhere: that of an arrow, that of a picture."""
    checked = drawing.groups("says")
    elsewhere = {text for group in checked for text in svg.all_of(group, "text")}
    for arrow in drawing.groups("rows"):
        elsewhere |= set(svg.all_of(arrow, "text")[:1])
    for text in svg.all_of(drawing.root, "text"):
        for number in re.findall(r"\d+", svg.words(text)):
            told = re.search(rf"(?<!\d){number}(?!\d)", drawing.description)
            if text not in elsewhere and not told:
                reason = f"the description does not tell the number {number}."
                yield _of(drawing, LABELS, text, reason)


def _pictures(drawing: Drawing) -> Iterator[Slip]:
    """Pictures under and beside heads: they stand there, and what they hold and say is one."""
    heads = {group.get("data-head", ""): group for group in drawing.groups("head")}
    for name, group in heads.items():
        if svg.words(group).lower() != name:
            yield _of(drawing, LABELS, group, f"this is the head of {name}.")
    keys = {key.get("data-key", ""): _filled(key) for key in drawing.groups("key")}
    for part in drawing.groups("part"):
        edges, text = svg.reach(part), svg.words(part)
        for name in svg.names(part, "part"):
            x, y = svg.place(svg.all_of(heads[name], "text")[0])
            if not (edges.left <= x <= edges.right or edges.top <= y <= edges.bottom):
                reason = f"it is the picture of {name} and stands neither under nor beside that head."
                yield _of(drawing, LABELS, part, reason)
        for key, shape in keys.items():
            holds = bool(shape & _filled(part))
            if holds != (svg.says(text, key) and not text.startswith("no ")):
                reason = f"by its shapes and the legend this picture holds {'a' if holds else 'no'} {key}."
                yield _of(drawing, LABELS, part, reason)


def _filled(group: Element) -> set[tuple[str, str]]:
    """{(kind, color)} of the filled shapes of a group."""
    shapes = svg.all_of(group, "rect", "circle", "ellipse")
    return {(shape.tag, shape.get("fill", "")) for shape in shapes}


# Arrows


@dataclass(frozen=True)
class Arrow:
    """An arrow as drawn.

    told: what data-rows says; rows: those of data/edges.csv among them; source, target: names of the shapes at its ends.
    """

    group: Element
    told: list[str]
    rows: list[dict[str, str]]
    source: list[str]
    target: list[str]

    @property
    def sign(self) -> str:
        """What its head says."""
        return svg.head(self.group)

    @property
    def label(self) -> str:
        """What stands beside it."""
        return svg.words(self.group)

    @property
    def evidence(self) -> set[str]:
        """The kinds of evidence of its rows."""
        return {row["evidence"] for row in self.rows}


def arrows(drawing: Drawing) -> list[Arrow]:
    """The arrows of a drawing, those without a row too."""
    nodes = [(svg.largest(g), svg.names(g, "node")) for g in drawing.groups("node")]

    def at(point: svg.Point) -> list[str]:
        edges, found = min(nodes, key=lambda node: node[0].away(point))
        return found if edges.away(point) <= NEAR else []

    found = []
    for group in drawing.groups("rows"):
        told = group.get("data-rows", "").split()
        line, *_, tip = map(svg.points, svg.all_of(group, "path"))
        middle = svg.Point(*(sum(each) / len(tip) for each in zip(*tip, strict=True)))
        rows = [row for row in map(_row_of, told) if row]
        found.append(Arrow(group, told, rows, at(line[0]), at(middle)))
    return found


def _row_of(told: str) -> dict[str, str]:
    """The row of an arrow, or of a chain of rows, one>other, that it draws as one; empty where there is none."""
    known = {row["id"]: row for row in tables.rows("edges")}
    links = [known[id] for id in told.split(">") if id in known]
    pairs = itertools.pairwise(links)
    if len(links) != told.count(">") + 1:
        return {}
    if any(before["target"] != after["source"] for before, after in pairs):
        return {}
    lowers = sum(link["sign"] == "-" for link in links)
    target, sign = links[-1]["target"], links[0]["sign"]
    if len(links) > 1 and all(link["sign"] != "0" for link in links):
        sign = "-" if lowers % 2 else "+"
    return {**links[0], "id": told, "target": target, "sign": sign}


def drawn(of: Sequence[str]) -> Iterator[Slip]:
    """Each arrow joins what its row joins, with the head, the words, the line and the number that the row asks for."""
    for drawing in svg.drawings(of):
        legend = {key.get("data-key", ""): key for key in drawing.groups("key")}
        for key, group in legend.items():
            for reason in _of_the_legend(key, group):
                yield _of(drawing, ARROWS, group, reason)
        found = arrows(drawing)
        for arrow in found:
            for reason in _faults(arrow, legend):
                yield _arrow_slip(drawing, arrow, reason)
        yield from _numbers(drawing, found, of)
        yield from _studies(drawing, found, of)


def _arrow_slip(drawing: Drawing, arrow: Arrow, reason: str) -> Slip:
    at = f'data-rows="{" ".join(arrow.told)}"'.replace(">", "&gt;")
    return _slip(drawing, ARROWS, arrow.label, reason, at)


def _of_the_legend(key: str, group: Element) -> Iterator[str]:
    wanted = EVIDENCE.get(key) or SIGNS.get(key) or key
    if not re.search(wanted, svg.words(group)):
        yield f"this line of the legend explains {key}."
    if key in SIGNS and svg.all_of(group, "path") and svg.head(group) != key:
        yield f"the head beside it is one that {SIGNS[svg.head(group)]}."


def _faults(arrow: Arrow, legend: dict[str, Element]) -> Iterator[str]:
    known = {row["id"] for row in arrow.rows}
    if not known:
        word = arrow.told[0]
        if not svg.says(arrow.label, word):
            yield f"data/edges.csv has no row {word}, and the label does not say {word!r} either."
        if arrow.group[0].get("stroke") != style.AXIS:
            yield f"an arrow without a row is drawn in gray, {style.AXIS}."
        return
    yield from (
        f"data/edges.csv has no row {id}." for id in arrow.told if id not in known
    )
    yield from _ends(arrow)
    yield from _direction(arrow)
    yield from _kinds(arrow, legend)
    yield from _line(arrow, legend)


def _ends(arrow: Arrow) -> Iterator[str]:
    """It joins what its rows join; a part that only the context of a row names may stand at an end."""
    for row in arrow.rows:
        ends = ("starts", "source", arrow.source), ("ends", "target", arrow.target)
        for verb, column, there in ends:
            if row[column] in there or any(svg.says(row["context"], n) for n in there):
                continue
            near = there[0] if there else "no shape"
            yield f"it {verb} at {near}, and {row['id']} {verb} at {row[column]}."


def _direction(arrow: Arrow) -> Iterator[str]:
    first, mixed = arrow.rows[0], svg.says(arrow.label, "mixed")
    for row in arrow.rows[:1] if mixed else arrow.rows:
        if row["sign"] != arrow.sign:
            yield f"its head is one that {SIGNS[arrow.sign]}, and {row['source']} {SIGNS[row['sign']]} {row['target']} by {row['id']}."
    if mixed and len({row["sign"] for row in arrow.rows}) == 1:
        yield "its label says mixed, and its rows agree."
    for sign, word in SIGNS.items():
        if sign != first["sign"] and svg.says(arrow.label, word):
            yield f"its label says {word}, and {first['source']} {SIGNS[first['sign']]} {first['target']} by {first['id']}."


def _kinds(arrow: Arrow, legend: dict[str, Element]) -> Iterator[str]:
    """Its label, or its letter, tells of the evidence of its rows."""
    told = {
        kind for kind, pattern in EVIDENCE.items() if re.search(pattern, arrow.label)
    }
    if re.fullmatch("[A-Z]", arrow.label):
        told = {_letters(legend).get(arrow.label, "")}
    if told != arrow.evidence:
        yield f"its label tells of {_and(told) or 'no evidence'}; the evidence of {_and(arrow.told)} is {_and(arrow.evidence)}."


def _letters(legend: dict[str, Element]) -> dict[str, str]:
    """{letter: key} of a legend that has letters."""
    firsts = {svg.words(group).split()[0]: key for key, group in legend.items()}
    return {first: key for first, key in firsts.items() if re.fullmatch("[A-Z]", first)}


def _line(arrow: Arrow, legend: dict[str, Element]) -> Iterator[str]:
    """Its line has the dashes of its evidence and the color of its evidence or sign, as the legend has them."""
    first, line = arrow.rows[0], arrow.group[0]
    colors = {color for path in svg.all_of(arrow.group, "path") for color in _ink(path)}
    if len(colors) > 1:
        yield f"its line and its head are of two colors, {_and(colors)}."
    for key in (first["evidence"], first["sign"]):
        sample = legend[key].find(f"{svg.SVG}path") if key in legend else None
        if sample is None:
            continue
        dashes, color = sample.get("stroke-dasharray"), sample.get("stroke")
        if key in EVIDENCE and dashes != line.get("stroke-dasharray"):
            yield f"its line is not the one that the legend has for {key}, the evidence of {first['id']}."
        if color not in (style.INK, line.get("stroke")):
            yield f"its line is {line.get('stroke')}; in the legend {svg.words(legend[key])!r} is {color}."


def _ink(path: Element) -> set[str]:
    """The colors of a path."""
    return {path.get("stroke", "none"), path.get("fill", "none")} - {"none"}


def _and(parts: Sequence[str] | set[str]) -> str:
    return " and ".join(sorted(parts))


def _numbers(drawing: Drawing, found: list[Arrow], of: Sequence[str]) -> Iterator[Slip]:
    """The number of an arrow is the place of its row in the list that the page shows."""
    matched = [(re.match(r"\d+", arrow.label), arrow) for arrow in found]
    numbered = {int(number[0]): arrow for number, arrow in matched if number}
    if not numbered:
        return
    for page in of:
        if drawing.name not in [name for name, _, _ in svg.shown(page)]:
            continue
        cells = myst.read(pages.ROOT / f"{page}.md", f"{page}.md").cells
        lists = (re.findall(r"edge-[\w-]+", cell.body) for cell in cells)
        _, listed = max(((len(ids), ids) for ids in lists), default=(0, []))
        places = dict(enumerate(listed, 1))
        for arrow in found:
            if arrow.rows and arrow not in numbered.values():
                yield _arrow_slip(
                    drawing, arrow, "it has no number, or that of another arrow."
                )
        for number, arrow in numbered.items():
            if places.get(number) not in arrow.told:
                there = places.get(number, "no arrow")
                reason = f"{page} lists {there} at number {number}."
                yield _arrow_slip(drawing, arrow, reason)


def _studies(drawing: Drawing, found: list[Arrow], of: Sequence[str]) -> Iterator[Slip]:
    """The studies of the arrows are cited on the page, or stand in a table of it that lists the rows."""
    for page in of:
        if drawing.name not in [name for name, _, _ in svg.shown(page)]:
            continue
        source = myst.read(pages.ROOT / f"{page}.md", f"{page}.md")
        cited = {
            key.strip()
            for role in source.roles
            if role.name.startswith("cite")
            for key in role.target.split(",")
        }
        listed = " ".join(cell.body for cell in source.cells)
        for arrow in found:
            for row in arrow.rows:
                if row["study"] not in cited and row["id"] not in listed:
                    reason = f"{row['id']} is of {row['study']}, and {page} does not cite that study."
                    yield _arrow_slip(drawing, arrow, reason)


# Words


def told(of: Sequence[str]) -> Iterator[Slip]:
    """The description of a drawing is its alt text everywhere, and tells the arrows and rows that are drawn."""
    known = {drawing.name: drawing for drawing in svg.drawings(of)}
    for page in of:
        for name, alt, line in svg.shown(page):
            if name not in known:
                yield Slip(f"{page}.md", line, WORDS, name, "there is no such drawing.")
            elif alt != known[name].description:
                here, there = apart(alt, known[name].description)
                reason = f"the <desc> of {name} says {there!r} here; alt text and <desc> are one text, on every page that shows the drawing."
                yield Slip(f"{page}.md", line, WORDS, here, reason)
    for drawing in known.values():
        for written, reason in _sentences(drawing):
            yield _slip(drawing, WORDS, written, reason, "<desc")
        for group in drawing.groups("row"):
            for reason in _row(drawing, group):
                yield _of(drawing, WORDS, group, reason)


def _row(drawing: Drawing, group: Element) -> Iterator[str]:
    """A row: halves of a pill that are heard or not, a name, what is said of the halves, and claims, each with its mark."""
    marks = {
        circle.get("fill", ""): svg.words(key).removeprefix("? ")
        for key in drawing.groups("key")
        for circle in svg.all_of(key, "circle")
    }
    heard: set[str] = set()
    texts: list[str] = []
    claims: list[str] = []
    half, mark = Element(""), ""
    for shape in svg.all_of(group, "path", "circle", "text"):
        text = svg.words(shape) if shape.tag == f"{svg.SVG}text" else ""
        if shape.tag == f"{svg.SVG}circle":
            mark = marks.get(shape.get("fill", ""), "no mark of the legend")
        elif shape.tag == f"{svg.SVG}path" and not mark:
            half = shape
        elif text in HALVES:
            if half.get("stroke-dasharray") is None:
                heard.add(text)
                if half.get("fill") != style.drug_color(HALVES[text][0]):
                    yield f"the half {text} is not in the color of {HALVES[text][0]}."
        elif text and text != "?":
            (claims if mark else texts).append(f"{text} ({mark})" if mark else text)
    name, said = "".join(texts[:1]), " ".join(texts[1:])
    together = svg.says(said, "both") or svg.says(said, "each")
    first = said[:1] if said[:1] in HALVES else "E"
    wanted = set(HALVES) if together else {first}
    if heard != wanted:
        yield f"it says {said!r}, and heard are, by the filled halves, {_and(heard)}."
    for letter, (_, word) in HALVES.items():
        said = re.sub(rf"\b{letter}\b", word, said)
    sentence = "; ".join([f"{name}, {said}", *claims])
    if f"{sentence}." not in drawing.description:
        yield f"the description tells the row as it is drawn: {sentence}."


def _sentences(drawing: Drawing) -> Iterator[tuple[str, str]]:
    """(words, reason) where the description tells of an arrow that is not drawn, or of other evidence than its rows."""
    found = [arrow for arrow in arrows(drawing) if arrow.rows]
    legend = {key.get("data-key", ""): key for key in drawing.groups("key")}
    nodes = {
        name.lower(): svg.names(group, "node")
        for group in drawing.groups("node")
        for name in svg.names(group, "node")
    }
    sentences = re.split(r"(?<=[.;])\s+", drawing.description) if found else []
    for sentence in sentences:
        for source, sign, target, after in _told(sentence, nodes):
            written = f"{source[0]} {SIGNS[sign]} {target[0]}"
            between = [a for a in found if (a.source, a.target) == (source, target)]
            same = [arrow for arrow in between if arrow.sign == sign]
            if not same:
                signs = _and({SIGNS[arrow.sign] for arrow in between})
                there = (
                    f"the arrow between them {signs}"
                    if signs
                    else "no arrow joins them"
                )
                yield written, f"so the description says, and {there}."
                continue
            evidence = set().union(*(arrow.evidence for arrow in same))
            named = {
                kind for kind, pattern in EVIDENCE.items() if re.search(pattern, after)
            }
            letters = re.findall(r"letter ([A-Z])\b", after)
            named |= {_letters(legend).get(letter, letter) for letter in letters}
            if named - evidence:
                yield (
                    written,
                    f"the description tells of {_and(named)}; the evidence of the arrow is {_and(evidence)}.",
                )


def _told(
    sentence: str, nodes: dict[str, list[str]]
) -> Iterator[tuple[list[str], str, list[str], str]]:
    """(source, sign, target, the words after it) of each "X raises Y" of a sentence.

    It follows "it", "which", "X raises Y and lowers Z", "X raises Y and Z" and "X raises and Y lowers Z".
    """
    longest = "|".join(map(re.escape, sorted(nodes, key=len, reverse=True)))
    verbs = "|".join(f"(?P<{name}>{verb})" for name, verb in VERBS.items())
    pattern = (
        rf"(?<![\w-])(?:(?P<node>(?:{longest})s?)|(?P<it>it|which)|{verbs})(?![\w-])"
    )
    tokens = list(re.finditer(pattern, sentence, re.I))
    names = [token for token in tokens if token["node"] or token[0].lower() == "it"]
    starts = [token.start() for token in names]
    subject: list[str] = []
    object_: list[str] = []
    waiting: list[tuple[list[str], str]] = []  # verbs that have no object yet
    last: list[tuple[list[str], str]] = []  # those that had one
    for place, token in enumerate(tokens):
        before = sentence[tokens[place - 1].end() : token.start()] if place else ""
        follows = tokens[place + 1] if place + 1 < len(tokens) else None
        if token["none"]:
            continue
        if token["plus"] or token["minus"]:
            if subject:
                waiting.append((subject, "+" if token["plus"] else "-"))
            continue
        if token[0].lower() == "which":
            subject = object_
            continue
        low = token[0].lower()
        node = (
            object_ if token["it"] else nodes.get(low) or nodes[low.removesuffix("s")]
        )
        if waiting and before.strip() != "and":
            last, waiting = waiting, []
        elif not last or waiting or not _goes_on(before, follows):
            subject = node
            last = last if waiting else []
            continue
        object_ = node
        after = sentence[
            token.end() : next((s for s in starts if s > token.end()), None)
        ]
        yield from ((source, sign, node, after) for source, sign in last)


def _goes_on(before: str, follows: re.Match | None) -> bool:
    """Whether a name behind "and" is one more object of the verb before, and not the subject of the next."""
    ends = follows is None or bool(follows["node"] or follows["it"])
    return ends and bool(re.search(r"\band\s(?:the\s)?$", before))


RULES: dict[str, Rule] = {LABELS: labels, ARROWS: drawn, WORDS: told}
