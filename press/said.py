"""What sentences of an alt text or a caption say of a figure in words: how many, which side, which way, whose, how wide.

    for reason in faults(text, name, drawn): ...     # sentences; nothing where all agrees

drawn: what bonebook.drawn gives for each figure of the cell; name: "alt text" or "caption". Each rule here is narrow: it
speaks only where a sentence has the form that it knows.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from bonebook import palette, tables

Drawn = list[dict[str, Any]]
NUMBER = r"[−-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen
fourteen fifteen sixteen seventeen eighteen nineteen"""
_TENS = "ten twenty thirty forty fifty sixty seventy eighty ninety"
WORDS = {word: number for number, word in enumerate(_SMALL.split())} | {
    word: 10 * number for number, word in enumerate(_TENS.split(), 1)
}


def faults(text: str, name: str, drawn: Drawn) -> Iterator[str]:
    """What a text says in words and the figures do not draw, one sentence each."""
    for rule in RULES:
        for words, reason in rule(text, drawn):
            yield f"the {name} says {words!r}, and {reason}."


def marks(drawn: Drawn, *kinds: str) -> list[dict[str, Any]]:
    """The marks of all panels, those of some kinds."""
    return [
        mark
        for figure in drawn
        for ax in figure["axes"]
        for mark in ax["marks"]
        if mark["kind"] in kinds
    ]


def panels(drawn: Drawn) -> list[dict[str, Any]]:
    """The panels that show something."""
    return [ax for figure in drawn for ax in figure["axes"] if ax["marks"]]


def every_number(drawn: Drawn) -> set[float]:
    """Every number of every mark."""
    found: set[float] = set()
    for ax in panels(drawn):
        for mark in ax["marks"]:
            found |= {*mark.get("x", []), *mark.get("y", []), *mark.get("top", [])}
            found |= {mark[name] for name in ("number", "of") if name in mark}
    return found


def number(word: str) -> float:
    """A number as it is written, in digits or as a word."""
    plain = word.lower().replace(",", "").replace("−", "-")
    return float(WORDS.get(plain, plain))


def near(exact: float, written: str) -> bool:
    """Whether a number as written is the exact one, rounded."""
    places = len(written.partition(".")[2])
    return abs(exact - number(written)) <= 0.5 * 10.0**-places + 1e-9


# Words and drugs

_WITHOUT = re.compile(r"\b(?:no|without|not on) [a-z-]+(?: acid)?")


def words(figure: dict[str, Any]) -> list[str]:
    """Every text of a figure."""
    parts = [*figure["texts"], *figure["legend"]]
    for ax in figure["axes"]:
        parts += [
            ax["title"],
            ax["x"],
            ax["y"],
            *ax["ticks"],
            *ax["legend"],
            *ax["texts"],
        ]
        parts += [mark["label"] for mark in ax["marks"]]
    return [part for part in parts if part]


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """{name of a drug: its id}, the drugs that have a color of their own."""
    rows = {row["id"]: row["name"] for row in tables.rows("drugs")}
    skip = {"placebo", "none", "baseline", "other", "serm-class"}
    return {
        rows[id].split(" (")[0].lower(): id
        for id in palette.DRUGS
        if id in rows and id not in skip
    }


def drugs_named(text: str) -> set[str]:
    """Ids of the drugs that a text names."""
    low, found = _WITHOUT.sub(" ", text.lower()), set()
    for name in sorted(_names(), key=len, reverse=True):
        if name in low and re.search(rf"\b{re.escape(name)}\b", low):
            found.add(_names()[name])
            low = low.replace(name, " ")
    return found


@lru_cache(maxsize=1)
def colors() -> dict[str, str]:
    """{color: drug}, the paler and deeper steps of arms included."""
    found = {palette.DRUGS[id][0]: id for id in _names().values()}
    for drug, arms in palette.shades().items():
        found |= {light: drug for light, _ in arms.values()}
    return {color.lower(): drug for color, drug in found.items()}


def drugs_drawn(drawn: list[dict[str, Any]]) -> set[str]:
    """Ids of the drugs whose color or name stands in the figures."""
    found = set()
    for figure in drawn:
        found |= drugs_named(" / ".join(words(figure)))
        used = {mark["color"].lower() for ax in figure["axes"] for mark in ax["marks"]}
        found |= {colors()[color] for color in used if color in colors()}
    return found


# How many

#: What is counted, and which of `counts` it may be.
_COUNTED = {
    "panel": "panels",
    "bar": "bars rows",
    "point": "points bars",
    "mark": "points bars",
    "row": "rows",
    "ratio": "rows",
    "difference": "rows",
    "food": "rows",
    "ligand": "rows columns lines",
    "serm": "rows columns lines",
    "tissue": "rows",
    "place": "rows",
    "line": "lines rules joins",
    "curve": "lines",
    "interval": "intervals",
}
_HOW_MANY = re.compile(
    rf"\b(?P<number>{'|'.join(WORDS)})(?P<between>(?: [a-z-]+){{0,3}}?)"
    rf" (?P<noun>{'|'.join(_COUNTED)})s?\b",
    re.I,
)


_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(WORDS)})\b", re.I)


def counts(drawn: Drawn) -> dict[str, set[int]]:
    """How many panels, bars, points, rows, lines and intervals there are, in all and in each panel."""
    found: dict[str, set[int]] = {"panels": {len(panels(drawn))}}
    each: list[dict[str, int]] = []
    for ax in panels(drawn):
        dots = [mark for mark in ax["marks"] if mark["kind"] == "points"]
        filled = sum(len(mark["x"]) for mark in dots if not mark["hollow"])
        total = sum(len(mark["x"]) for mark in dots)
        kinds = [mark["kind"] for mark in ax["marks"]]
        own = {
            "bars": kinds.count("bars"),
            "points": total,
            "filled": filled,
            "hollow": total - filled,
            "rows": len(ax["yticks"]),
            "columns": len(ax["xticks"]),
            "rules": sum(
                mark["kind"] == "rule" and [*mark["x"], *mark["y"]][0] not in (0, 1)
                for mark in ax["marks"]
            ),
            "lines": sum(kinds.count(kind) for kind in ("line", "curve")),
            "intervals": kinds.count("interval"),
            "joins": sum(
                len(mark["x"]) // 2 for mark in ax["marks"] if mark["kind"] == "area"
            ),
        }
        each.append(own)
    for kind in each[0] if each else {}:
        per = {own[kind] for own in each}
        found[kind] = per | {sum(own[kind] for own in each)}
    return found


def how_many(text: str, drawn: Drawn) -> Iterator[tuple[str, str]]:
    """`Four panels`, `three points`, `six ratios`: as many as are drawn."""
    there = counts(drawn)
    starts = (found.start() for found in _NUMBER_WORD.finditer(text))
    for found in filter(None, (_HOW_MANY.match(text, start) for start in starts)):
        said, between = int(number(found["number"])), found["between"].lower()
        other = re.search(r"\b(?:of|and|to|in|for|women|per|the)\b", between)
        other = other or re.search(r"\b(?:two and|between|or) $", text[: found.start()])
        if other or said == 0 or (said == 1 and "hollow" not in between):
            continue
        kinds = _COUNTED[found["noun"].lower()].split()
        if "points" in kinds:
            kinds = [word for word in ("filled", "hollow") if word in between] or kinds
        known = {many for kind in kinds for many in there.get(kind, set())} - {0}
        part = text[: found.start()].lower().endswith(("the first ", "the last "))
        # "the four intervals" of each half
        part |= (
            text[: found.start()].endswith(" the ") and not max(known, default=0) % said
        )
        if known and said not in known and not (part and said < max(known)):
            listed = " or ".join(map(str, sorted(known)))
            yield found[0], f"the figure draws {listed}"


# Which way

_LESS = r"(?:lost|loses|lose|falls by|fell by|fall by|falls|fell|fall|minus|a loss of)"
_MORE = r"(?:gained|gains|gain|rises by|rose by|rise by|rises|rose|rise|plus)"
_SIGNED = re.compile(
    rf"\b(?P<way>{_LESS}|{_MORE})(?: by)?(?: about| only| roughly| near)? (?P<number>{NUMBER})",
    re.I,
)


def signs(text: str, drawn: Drawn) -> Iterator[tuple[str, str]]:
    """`lost 1.4`, `plus 7`: a value with this sign is drawn, if one with this number is."""
    known = signed(drawn)
    for found in _SIGNED.finditer(text):
        sign = -1 if re.fullmatch(_LESS, found["way"], re.I) else 1
        right = [value for value in known if near(sign * value, found["number"])]
        other = [value for value in known if near(-sign * value, found["number"])]
        if other and not right:
            yield found[0], f"the figure draws {other[0]:g}"


def signed(drawn: Drawn) -> set[float]:
    """Every number drawn by a mark, with its sign, and the middle of a span of months as it is."""
    found: set[float] = set()
    for mark in marks(drawn, "points", "line", "bars", "interval", "curve"):
        found |= {*mark["x"], *mark["y"]}
    return found


_CHANGE = re.compile(
    rf"\b(?P<way>falls?|fell|drops?|rises?|rose|climbs?|goes up|goes down)\b(?P<between>(?:(?!\b(?:rise|fall))[^.;\d]){{0,60}}?)"
    rf"\bfrom (?P<one>{NUMBER})[^.;\d]{{0,40}}? to (?:about )?(?P<other>{NUMBER})",
    re.I,
)


def changes(text: str, _: Drawn) -> Iterator[tuple[str, str]]:
    """`falls from 33 to 17`: from the larger to the smaller."""
    for found in _CHANGE.finditer(text):
        down = re.match(r"f|d|goes down", found["way"], re.I)
        one, other = number(found["one"]), number(found["other"])
        if (one > other) != bool(down):
            yield (
                found[0],
                f"{found['other']} is not {'below' if down else 'above'} {found['one']}",
            )


_APART = re.compile(rf"(?P<number>{NUMBER}) (?P<way>more|fewer|less)\b", re.I)


def apart(text: str, _: Drawn) -> Iterator[tuple[str, str]]:
    """`On placebo 101, on raloxifene 66, which is 35 fewer`: the later number less the earlier."""
    for found in _APART.finditer(text):
        before = [m[0] for m in re.finditer(NUMBER, text[: found.start()])]
        pairs = [
            (a, b)
            for a, b in itertools.combinations(before, 2)
            if near(abs(number(b) - number(a)), found["number"])
        ]
        if pairs:
            a, b = pairs[-1]
            more = number(b) > number(a)
            if more != (found["way"].lower() == "more"):
                yield found[0], f"{b} is {'more' if more else 'fewer'} than {a}"


_EXTREME = re.compile(
    rf"\b(?P<way>highest|lowest|largest|smallest)\b[^.;\d]{{0,20}}(?P<number>{NUMBER})",
    re.I,
)


def extremes(text: str, drawn: Drawn) -> Iterator[tuple[str, str]]:
    """`lies highest, at 3.2`: no value is higher."""
    for found in _EXTREME.finditer(text):
        for ax in panels(drawn):
            values = _worth(ax)
            if not any(near(value, found["number"]) for value in values):
                continue
            top = found["way"].lower() in ("highest", "largest")
            best = max(values) if top else min(values)
            if not near(best, found["number"]):
                yield found[0], f"the {found['way']} is {best:g}"


_COURSE = re.compile(
    r"\b(?P<way>falling|rising|falls?|rises?|climbs?)\b(?= lines?\b| curves?\b)", re.I
)


def courses(text: str, drawn: Drawn) -> Iterator[tuple[str, str]]:
    """`Two falling lines`: lines that end lower than they begin."""
    lines = [m for m in marks(drawn, "line", "curve") if len(m["y"]) > 1]
    for found in _COURSE.finditer(text):
        down = found["way"].lower().startswith("fall")
        ways = {mark["y"][-1] < mark["y"][0] for mark in lines}
        if lines and down not in ways:
            yield found[0], f"its lines {'rise' if down else 'fall'}"
    for mark in marks(drawn, "points", "line", "curve"):
        label = re.escape(mark["label"])
        found_one = re.search(rf"\b{label} (falls?|rises?)\b", text, re.I)
        if mark["label"] and len(mark["y"]) > 2 and found_one:
            down = found_one[1].lower().startswith("fall")
            if down != (mark["y"][-1] < mark["y"][0]):
                yield found_one[0], f"it {'rises' if down else 'falls'}"


# Which side

_SIDE = re.compile(
    r"(?P<before>[^.;:]*?)(?:"
    r"(?P<side>left|right) of (?P<at>zero|one|1\b)"
    r"|(?P<clear>(?:stays?|all|each|both)? ?clear of|excludes?) (?P<at2>zero|one|1\b)"
    r"|(?P<cross>cross(?:es)?(?: or touch)?|includes?) (?P<at3>zero|one|1\b|no difference))",
    re.I,
)
_ALL = re.compile(
    rf"\b(?:all|every|each|none)\b(?: (?:{'|'.join(WORDS)}))?|^\W*(?:{'|'.join(WORDS)}) (?:points|marks|intervals)",
    re.I,
)


def sides(text: str, drawn: Drawn) -> Iterator[tuple[str, str]]:
    """`All six intervals cross one`, `three marks left of zero`: what is said of all marks holds for each."""
    for sentence in re.split(r"(?<=[.;:])\s+(?=[A-Z])", text):
        for found in _SIDE.finditer(sentence):
            before = found["before"].lower()
            if not _ALL.search(before) or re.search(
                r"\b(?:row|at|but|most|spine|hip|though|and|for)\b", before
            ):
                continue
            none = bool(re.search(r"\b(?:none|no)\b", before))
            at = 0.0 if (found["at"] or found["at2"] or found["at3"]) == "zero" else 1.0
            for ax in panels(drawn):
                values = _worth(ax)
                spans = [
                    sorted(mark["x"])
                    for mark in ax["marks"]
                    if mark["kind"] == "interval"
                ]
                if found["side"]:
                    left = found["side"].lower() == "left"
                    holds = [(value < at) == left for value in values]
                elif not spans:
                    continue
                elif found["clear"]:
                    holds = [not low <= at <= high for low, high in spans]
                else:
                    holds = [low <= at <= high for low, high in spans]
                wrong = any(holds) if none else not all(holds)
                if values and wrong:
                    where = "some are not" if not none else "some are"
                    yield found[0].strip(), f"in the figure {where}"


def _worth(ax: dict[str, Any]) -> list[float]:
    """The values along the axis with numbers: x beside words, else y."""
    axis = "x" if not _numeric(ax["yticks"]) and ax["yticks"] else "y"
    found: list[float] = []
    for mark in ax["marks"]:
        if mark["kind"] in ("points", "line", "curve"):
            found += mark[axis]
        elif mark["kind"] == "bars":
            found.append(max(mark[axis], key=abs))
    return found


def _numeric(ticks: list[list[Any]]) -> bool:
    return all(re.fullmatch(r"[\d.,−-]+", str(text)) for _, text in ticks)


_AXIS = re.compile(
    r"\b(?P<side>left|right)\b(?: of (?:zero|one|it))?\W{1,3}(?:is |had |raloxifene had )*"
    r"(?P<what>prevented|fewer|loss|lost|added|more|gain\w*)\b"
    r"|\b(?P<what2>prevented|added|lost|gained) \((?P<side2>left|right)(?: of (?:zero|one))?\)",
    re.I,
)
_LOWER = ("prevented", "fewer", "loss", "lost")


def meanings(text: str, _: Drawn) -> Iterator[tuple[str, str]]:
    """`Left of zero: prevented`: fewer lies left and more right."""
    for found in _AXIS.finditer(text):
        side = (found["side"] or found["side2"]).lower()
        what = (found["what"] or found["what2"]).lower()
        if (side == "left") != (what in _LOWER):
            yield found[0], f"what is {what} lies on the other side of this axis"


# Whose


def panels_sides(text: str, drawn: Drawn) -> Iterator[tuple[str, str]]:
    """`no drug on the left and raloxifene on the right`: the panels on that side are of this drug."""
    shown = panels(drawn)
    if len({ax["at"][1] for ax in shown}) < 2:
        return
    for found in re.finditer(
        r"(?P<what>[A-Za-z -]+?) (?:on the |\()(?P<side>left|right)\b", text
    ):
        what = re.split(r"\b(?:and|with)\b", found["what"])[-1]
        named = drugs_named(what)
        nothing = re.search(r"\b(?:no|without(?: the)?) drug\b|placebo", what, re.I)
        column = min if found["side"] == "left" else max
        place = column(ax["at"][1] for ax in shown)
        for ax in shown:
            if ax["at"][1] != place:
                continue
            own = drugs_drawn([{"axes": [ax], "texts": [], "legend": []}])
            if (named and not named & own) or (nothing and own):
                yield (
                    found[0].strip(),
                    f"{', '.join(sorted(own)) or 'no drug'} stands there",
                )
                break


def arms(text: str, drawn: Drawn) -> Iterator[tuple[str, str]]:
    """A number in a clause with one drug is drawn in that drug's color or beside its name."""
    mine = by_drug(drawn)
    if len([drug for drug in mine if mine[drug]]) < 2:
        return
    for clause in re.split(
        r"[.;:](?=\s|$)|,(?=\s)|\band\b|\bwhile\b|\bbut\b|\bagainst\b|\binstead\b", text
    ):
        named = drugs_named(clause)
        if re.search(r"\bwithout the drug\b|\bno drug\b|\bplacebo\b", clause):
            named = named | {"none"}
        found = re.findall(
            rf"(?<![\w.]){NUMBER}(?!\w|\.\d| ?(?:mg|milligrams|marks))", clause
        )
        if len(named) != 1 or not found:
            continue
        (drug,) = named
        if drug not in mine or re.search(r"\bminus placebo\b|\bover both\b", clause):
            continue
        ways = {m["number"]: m["way"] for m in _SIGNED.finditer(clause)}
        for each in found:
            sign = 0
            if each in ways:
                sign = -1 if re.fullmatch(_LESS, ways[each], re.I) else 1
            fits = {
                other: any(_fits(value, each, sign) for value in mine[other])
                for other in mine
            }
            others = [other for other in mine if other != drug and fits[other]]
            if others and not fits[drug]:
                yield clause.strip(), f"{each} is drawn for {', '.join(others)}"


def _fits(value: float, written: str, sign: int = 0) -> bool:
    """Whether a number is a value, in its own unit or ten times it; sign: which sign the value must have, 0 for any."""
    plain = written.lstrip("−-")
    if sign and value * sign < 0:
        return False
    return any(near(abs(value * factor), plain) for factor in (1, 10, 0.1))


def by_drug(drawn: Drawn) -> dict[str, set[float]]:
    """{drug: the numbers that its marks draw}, by the color of the marks and the words at their places."""
    found: dict[str, set[float]] = {}
    by_color = colors()
    for ax in panels(drawn):
        at = {round(place, 3): text for place, text in ax["yticks"]}
        at_x = {round(place, 3): text for place, text in ax["xticks"]}
        for mark in ax["marks"]:
            drug = by_color.get(mark["color"].lower(), "")
            beside = [mark["label"], ax["title"]]
            if mark["kind"] == "people":
                numbers = {float(mark["number"])}
            else:
                numbers = {*mark["x"], *mark["y"]}
                middle = [sum(mark[a]) / max(1, len(mark[a])) for a in ("x", "y")]
                beside += [
                    at_x.get(round(middle[0], 3), ""),
                    at.get(round(middle[1], 3), ""),
                ]
            words = " / ".join(beside)
            named = drugs_named(words) | ({drug} if drug else set())
            if not named and re.search(
                r"\bno drug\b|\bplacebo\b|\bno program\b", words
            ):
                named = {"none"}
            for each in named or {"none"} if mark["kind"] == "people" else named:
                found.setdefault(each, set()).update(numbers)
    return found


# In which place

_COMMON = {
    "the",
    "and",
    "with",
    "for",
    "all",
    "drug",
    "none",
    "both",
    "women",
    "fracture",
    "fractures",
    "line",
    "year",
    "years",
}


def tokens(text: str) -> set[str]:
    """The words of a text that tell places apart; a plural counts as one."""
    words = re.findall(r"[a-z]{3,}|\d{2,}", text.lower().replace("-", " "))
    return {word.removesuffix("s") for word in words} - _COMMON


def places(drawn: Drawn) -> list[tuple[set[str], set[float], dict[str, Any]]]:
    """(words, values, panel) of each place that has words of its own: a row, a bar, a panel of people."""
    found = []
    for ax in panels(drawn):
        if ax["marks"][0]["kind"] == "people":
            value = {float(ax["marks"][0]["number"])}
            found.append((tokens(ax["title"]), value, ax))
            continue
        for axis, other in (("y", "x"), ("x", "y")):
            if _numeric(ax[f"{axis}ticks"]):
                continue
            for at, text in ax[f"{axis}ticks"]:
                values: set[float] = set()
                for mark in ax["marks"]:
                    if mark["kind"] in ("points", "line"):
                        both = zip(mark[axis], mark[other], strict=False)
                        values |= {v for place, v in both if abs(place - at) < 1e-3}
                    elif mark["kind"] == "bars":
                        if abs(sum(mark[axis]) / 2 - at) < 1e-3:
                            values.add(max(mark[other], key=abs))
                    elif mark["kind"] == "interval" and abs(mark[axis][0] - at) < 1e-3:
                        values |= {*mark[other]}
                if values:
                    found.append((tokens(f"{ax['title']} {text}"), values, ax))
    return found


def _named(words: set[str], known: list[tuple[set[str], set[float], dict[str, Any]]]):
    """The one place that shares more words with these than any other; None where there is no such place."""
    scores = [len(words & own) for own, _, _ in known]
    best = max(scores, default=0)
    return known[scores.index(best)] if best and scores.count(best) == 1 else None


def beside(text: str, drawn: Drawn) -> Iterator[tuple[str, str]]:
    """A number behind the words of one place is drawn there, if it is drawn at another place at all."""
    known = places(drawn)
    if len(known) < 3:
        return
    for sentence in re.split(r"(?<=[.;:])\s+(?=[A-Z])", text):
        found = list(re.finditer(rf"(?<![\w.]){NUMBER}(?!\w|\.\d)", sentence))
        for count, each in enumerate(found):
            start = found[count - 1].end() if count else 0
            lead = re.split(r"[,;] |\band\b", sentence[start : each.start()])[-1]
            place = _named(tokens(lead), known)
            end = found[count + 1].start() if count + 1 < len(found) else len(sentence)
            behind = re.split(r"[,;] |\band\b", sentence[each.end() : end])[0]
            after = _named(tokens(behind), known)
            if place is None or any(_fits(value, each[0]) for value in place[1]):
                continue
            if after and any(_fits(value, each[0]) for value in after[1]):
                continue
            others = [p for p in known if any(_fits(value, each[0]) for value in p[1])]
            if others:
                there = ", ".join(f"{value:g}" for value in sorted(place[1]))
                yield (
                    sentence[start : each.end()].strip(" ,"),
                    f"that place draws {there}",
                )


_RIVALS = re.compile(
    r"(?P<one>[A-Za-z-]+) (?:compared with|against|minus|to|versus) (?P<other>[A-Za-z-]+)",
    re.I,
)


def rivals(text: str, drawn: Drawn) -> Iterator[tuple[str, str]]:
    """`Raloxifene compared with tamoxifen`: as the axis says it, and not the other way round; nor a drug with itself."""
    axes = {pair for ax in panels(drawn) for axis in "xy" for pair in _pairs(ax[axis])}
    for one, other in _pairs(text):
        if one == other:
            yield f"{one} and {other}", "a drug is not compared with itself"
        elif (other, one) in axes and (one, other) not in axes:
            yield f"{one} against {other}", f"its axis compares {other} with {one}"
    for found in re.finditer(r"\b([A-Z]?[a-z]{6,}) (?:and|or|with) (\w+)\b", text):
        first, second = drugs_named(found[1]), drugs_named(found[2])
        if first and first == second:
            yield found[0], "it names one drug twice"


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for found in _RIVALS.finditer(text):
        sides = [
            "placebo"
            if found[side].lower() == "placebo"
            else next(iter(drugs_named(found[side])), "")
            for side in ("one", "other")
        ]
        if all(sides):
            yield sides[0], sides[1]


_OUT_OF = re.compile(
    r"\b(?:out of|per|stands for|panels of|in) (?P<number>\d,\d{3}|\d{3,})\b", re.I
)


def denominators(text: str, drawn: Drawn) -> Iterator[tuple[str, str]]:
    """`out of 1,000`: as many people as a panel has, or as an axis says."""
    known = {float(mark["of"]) for mark in marks(drawn, "people")}
    for figure in drawn:
        for each in words(figure):
            known |= {number(m[0]) for m in re.finditer(NUMBER, each)}
    for found in _OUT_OF.finditer(text):
        many = number(found["number"])
        if (
            not 1900 <= many <= 2100
            and many not in known
            and max(known, default=0) >= 100
        ):
            yield (
                found[0],
                "the figure draws "
                + ", ".join(f"{n:g}" for n in sorted(known) if n >= 100),
            )


_ROW = re.compile(
    r"\b(?P<where>top|upper|first|bottom|lower)\b(?: \w+)?(?: row| events?| two)?[^.,;]{0,20}?\b(?P<way>fewer|more)\b",
    re.I,
)
_BECOME = re.compile(
    r"(?P<what>[^.;,]*?(?:,[^.;,]*,)?) become[s]? (?P<way>fewer|more)\b", re.I
)


def rows_of_people(text: str, drawn: Drawn) -> Iterator[tuple[str, str]]:
    """`in the bottom row there are more`: the right panel of that row has more marked than the left one."""
    shown = [ax for ax in panels(drawn) if ax["marks"][0]["kind"] == "people"]
    rows: dict[int, list[dict[str, Any]]] = {}
    for ax in shown:
        rows.setdefault(ax["at"][0], []).append(ax)
    pairs = [
        sorted(pair, key=lambda ax: ax["at"][1]) for _, pair in sorted(rows.items())
    ]
    if len(pairs) < 2 or any(len(pair) != 2 for pair in pairs):
        return
    more = [b["marks"][0]["number"] > a["marks"][0]["number"] for a, b in pairs]
    for found in _ROW.finditer(text):
        upper = found["where"].lower() in ("top", "upper", "first")
        if more[0 if upper else -1] != (found["way"].lower() == "more"):
            yield (
                found[0],
                f"there are {'more' if more[0 if upper else -1] else 'fewer'} there",
            )
    for found in _BECOME.finditer(text):
        words_of = tokens(found["what"])
        hits = [
            n
            for n, (a, _) in enumerate(pairs)
            if words_of & tokens(a["title"].split(":")[0])
        ]
        if hits and all(more[n] != (found["way"].lower() == "more") for n in hits):
            yield (
                found[0].strip(),
                f"there are {'more' if more[hits[0]] else 'fewer'} of them",
            )


_UP = re.compile(
    r"\b(?P<side>up|down)(?:ward)?(?: triangles?)?(?: means?|:)? (?:acts? )?(?P<what>like estrogen|estrogen-like|block\w*|estrogen-blocking)",
    re.I,
)


def arrows(text: str, _: Drawn) -> Iterator[tuple[str, str]]:
    """`Up: acts like estrogen. Down: blocks it.`"""
    for found in _UP.finditer(text):
        if (found["side"].lower() == "up") != ("like" in found["what"].lower()):
            yield found[0], "its marks point up for estrogen-like and down for blocking"


_OWN_BAR = re.compile(
    r"(?P<between>[^;]{1,70}?)\b(?P<way>includes?|excludes?|crosses) (?P<at>zero|one)\b",
    re.I,
)


def own_bars(text: str, drawn: Drawn) -> Iterator[tuple[str, str]]:
    """`EFOPS 0.9, whose interval includes zero`: the bar at that value does."""
    known = list(intervals(drawn))
    for found in _OWN_BAR.finditer(text):
        at = WORDS[found["at"].lower()]
        clause = re.split(r"\.\s", found["between"])[-1]
        numbers = re.findall(rf"(?<![\w.]){NUMBER}", clause)
        for value in reversed(numbers):
            bars = [each for each in known if near(each[0], value)]
            if bars:
                holds = any(low <= at <= high for _, low, high in bars)
                if holds == found["way"].lower().startswith("exclude"):
                    yield (
                        found[0],
                        f"the bar at {value} goes from {bars[0][1]:g} to {bars[0][2]:g}",
                    )
                break


# How wide

_WIDE = re.compile(
    rf"(?<![\w.])(?P<value>{NUMBER})(?P<between>[^.\d;]{{0,50}}?(?:\.|(?<!\d))?[^.\d;]{{0,10}}?)"
    rf"\b(?:from|of|with|roughly)(?: about)? (?P<low>(?:minus )?{NUMBER}) to (?P<high>(?:minus )?{NUMBER})",
    re.I,
)


def widths(text: str, drawn: Drawn) -> Iterator[tuple[str, str]]:
    """`0.65, from 0.47 to 0.89`: the value and the ends of its own interval."""
    known = list(intervals(drawn))
    if not known:
        return
    for found in _WIDE.finditer(text):
        low, high = (found[end].replace("minus ", "-") for end in ("low", "high"))
        value = found["value"]
        before = text[: found.start("value")]
        sign = -1 if re.search(r"\bminus $", before) else 1
        own = [each for each in known if near(sign * each[0], value)]
        if not own:
            continue
        if not any(near(a, low) and near(b, high) for _, a, b in own):
            _, a, b = own[0]
            yield found[0], f"the bar at {value} goes from {a:g} to {b:g}"


def intervals(drawn: Drawn) -> Iterator[tuple[float, float, float]]:
    """(value, low, high) of each point with a bar."""
    for ax in panels(drawn):
        for mark in ax["marks"]:
            if mark["kind"] != "points":
                continue
            for x, y in zip(mark["x"], mark["y"], strict=False):
                for bar in ax["marks"]:
                    if bar["kind"] != "interval":
                        continue
                    for along, across, value in (("x", y, x), ("y", x, y)):
                        other = "y" if along == "x" else "x"
                        low, high = min(bar[along]), max(bar[along])
                        flat = all(abs(each - across) < 1e-6 for each in bar[other])
                        if flat and low <= value <= high:
                            yield value, low, high


# Which shape

_SHAPES = {
    "circles": "o",
    "squares": "s",
    "diamonds": "Dd",
    "hexagon": "hH",
    "square": "s",
    "diamond": "Dd",
    "triangle": "^v",
}
_SHAPED = re.compile(
    rf"(?P<what>[A-Za-z -]+?) \((?P<shape>{'|'.join(_SHAPES)})\)", re.I
)


def shapes(text: str, drawn: Drawn) -> Iterator[tuple[str, str]]:
    """`spine (circles)`: the marks of that name have that shape."""
    by_color = colors()
    for found in _SHAPED.finditer(text):
        what = re.split(r"\b(?:and|with|follow|on)\b", found["what"].lower())[
            -1
        ].strip()
        named = drugs_named(what)
        for mark in marks(drawn, "points", "line"):
            label = mark["label"].lower()
            mine = label and (label in what or what in label)
            mine = mine or by_color.get(mark["color"].lower()) in named
            if (
                mine
                and mark.get("marker")
                and mark["marker"] not in _SHAPES[found["shape"].lower()]
            ):
                yield found[0].strip(), "its marks have another shape"
                break


RULES: tuple[Callable[[str, Drawn], Iterator[tuple[str, str]]], ...] = (
    how_many,
    signs,
    changes,
    apart,
    extremes,
    courses,
    sides,
    meanings,
    panels_sides,
    arms,
    widths,
    shapes,
    beside,
    rivals,
    denominators,
    rows_of_people,
    arrows,
    own_bars,
)
