"""What is taught with the book, beside its pages: `python -m press.teach` checks it.

    teach/<tier>/<thread>.yml   prompts, an activity and questions of one page (`card`)
    teach/syllabi.yml           sessions, units and courses as steps, each with a page (`syllabi`)
    teach/stations.yml          counseling stations with their marking lists (`stations`)
    teach/cases.yml             written cases with their rubrics (`cases`)
    teach/competencies.yml      objectives of the pages beside frameworks of the professions (`frameworks`)
    teach/arrives.yml           what arrives in which learning platform (`arrives`)

Minutes are added up here and never typed: those of reading stand in the side file of a page, those of an activity in its file in
teach/, those of a station with it; PACE has the rest. Nothing here needs Sphinx.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from press import bankform, console, myst, pages
from press.myst import PageError
from press.pages import ROOT, Place

#: Minutes in class that stand in no file: estimates, which the page on sessions says. `check` and `bank`: a question.
PACE = {
    "open": 5,
    "explain": 10,
    "discuss": 5,
    "check": 2,
    "bank": 3,
    "exercise": 20,
    "close": 5,
}
#: What is done in a step; the first word of what a table says of it.
PARTS = {
    "open": "Open",
    "explain": "Show and explain",
    "discuss": "Discuss",
    "check": "Check yourself",
    "bank": "Questions of the bank",
    "activity": "Activity",
    "exercise": "Exercise",
    "station": "Station",
    "close": "Close",
}
#: Study with paper and pencil takes so many times the minutes of reading: one lecturer's guess, not measured.
STUDY = 3
PROFESSIONS = ("pharmacy", "nursing", "medicine")
#: Sections that tell nothing on which a point could rest.
CLOSING = ("Check yourself", "Where this comes from")
#: What a point of a marking list rests on that is no statement about medicine.
TALK = "the conversation"


@dataclass(frozen=True)
class Misconception:
    """A misconception of a page: its name (pages.MISCONCEPTIONS), how many wrong options hold it, and one of them."""

    name: str
    count: int
    example: str

    @property
    def means(self) -> str:
        """What somebody has who chooses it."""
        return pages.MISCONCEPTIONS[self.name]


@dataclass(frozen=True)
class Card:
    """What an instructor wants of one page.

    side: its side file (press.pages.side). told: its file in teach/, with discuss, activity and bank; {} where there is none.
    """

    place: Place
    side: dict[str, Any]
    told: dict[str, Any]

    @property
    def questions(self) -> list[dict[str, Any]]:
        """Those of the page, then those of the bank."""
        own = [{"kind": "one", **each} for each in self.side["questions"]]
        return [*own, *self.told.get("bank", [])]

    @property
    def minutes(self) -> dict[str, int]:
        """Minutes to read, to do (the activity; the exercise too, where the page has one) and to discuss."""
        exercise = PACE["exercise"] if "exercise" in self.side else 0
        activity = self.told.get("activity", {}).get("minutes", 0)
        prompts = len(self.told.get("discuss", []))
        return {
            "read": self.side["minutes"],
            "do": activity + exercise,
            "discuss": PACE["discuss"] * prompts,
        }

    @property
    def misconceptions(self) -> list[Misconception]:
        """Most frequent first, then in the order in which they stand."""
        found: dict[str, list[str]] = {}
        for question in self.questions:
            for option in question.get("options", []):
                if option.get("because"):
                    found.setdefault(option["because"], []).append(option["text"])
        by_count = sorted(found.items(), key=lambda each: -len(each[1]))
        return [Misconception(name, len(texts), texts[0]) for name, texts in by_count]

    def items(self, objective: int) -> int:
        """How many questions test an objective, counted from 1."""
        return sum(
            objective in pages.aims(question.get("tests"))
            for question in self.questions
        )

    def counted(self, field: str) -> Counter[str]:
        """Questions by `kind` (one, several, number, words) or by `asks` (pages.ASKS)."""
        return Counter(question.get(field, "recall") for question in self.questions)


# Reading


def _read(name: str, root: Path) -> Any:
    return pages._read(Path(root) / "teach" / f"{name}.yml", Path(root))[1]


def card(place: Place, root: Path = ROOT) -> Card:
    """The card of a page. Raises PageError with each fault of its files."""
    side = pages.side(place, root)
    file = Path(root) / "teach" / f"{place.path}.yml"
    told = bankform.read(place, side, root)[1] if file.exists() else {}
    return Card(place, side, told)


def syllabi(root: Path = ROOT) -> list[dict[str, Any]]:
    """The syllabi: id, title, for, sessions; each session has title, slot, before, class, after. Raises PageError."""
    return _entries("syllabi", root, _syllabus_faults)


def stations(root: Path = ROOT) -> list[dict[str, Any]]:
    """The stations: id, title, minutes, brief, woman, marks, fails, teach_back, reading. Raises PageError."""
    return _entries("stations", root, _station_faults)


def cases(root: Path = ROOT) -> list[dict[str, Any]]:
    """The written cases: id, title, page or text, task, rubric, passes, fails, reading. Raises PageError."""
    return _entries("cases", root, _case_faults)


def frameworks(root: Path = ROOT) -> list[dict[str, Any]]:
    """The frameworks: id, name, body, year, profession, where, seen, read, items. Raises PageError."""
    return _entries("competencies", root, _framework_faults)


def arrives(root: Path = ROOT) -> list[dict[str, str]]:
    """A row for each format and platform, all with the same fields. Raises PageError."""

    def checked(entry: dict[str, Any], _root: Path) -> Iterator[str]:
        for field, value in entry.items():
            if not _text(value):
                yield f"{field}: words are missing."

    found = _entries("arrives", root, checked, id_="format", once=False)
    if odd := [each for each in found if list(each) != list(found[0])]:
        raise PageError(
            f"teach/arrives.yml, {odd[0]['format']}: its fields are {', '.join(odd[0])}; those of the first entry are {', '.join(found[0])}."
        )
    return found


def left_out(root: Path = ROOT) -> list[str]:
    """What a book with fewer threads goes without, in sentences: none of it where every thread is there. Raises PageError."""
    return [
        sentence
        for name in ("stations", "cases", "syllabi", "competencies")
        for sentence in _pruned(name, _read(name, root), root)[1]
    ]


def _gone(page: str, root: Path) -> bool:
    """Whether a page belongs to a thread that the book does not have (or to none that there ever was)."""
    tier, _, thread = page.partition("/")
    threads = {entry["thread"] for entry in pages.threads(root)}
    beside = {"index", "reflection", *pages.BESIDE}
    return tier in pages.TIERS and thread not in threads | beside


def _pruned(name: str, found: Any, root: Path) -> tuple[Any, list[str]]:
    """The entries of a file without what rests on threads that are gone, and a sentence for each thing left out."""
    kept, told = [], []
    for entry in found if isinstance(found, list) else []:
        if not isinstance(entry, dict):
            kept.append(entry)
            continue
        at = f"teach/{name}.yml, {entry.get('id')}"
        gone = sorted({page for page in _named(entry) if _gone(page, root)})
        if not gone:
            kept.append(entry)
        elif name == "syllabi":
            sessions = [
                session
                for session in entry["sessions"]
                if not any(_gone(page, root) for page in _named(session))
            ]
            count = len(entry["sessions"]) - len(sessions)
            told.append(f"{at}: {count} sessions, which need {', '.join(gone)}.")
            kept += [entry | {"sessions": sessions}] if sessions else []
        elif name == "competencies":
            items = [
                item
                | {
                    "meets": {
                        p: n for p, n in item["meets"].items() if not _gone(p, root)
                    }
                }
                for item in entry["items"]
            ]
            told.append(f"{at}: objectives of {', '.join(gone)}.")
            kept.append(entry | {"items": [each for each in items if each["meets"]]})
        else:
            told.append(f"{at}: it rests on {', '.join(gone)}.")
    return (kept if isinstance(found, list) else found), told


def _named(entry: Any) -> Iterator[str]:
    """Every page that an entry names: in page, rests, reading, before, meets, and through a station."""
    if isinstance(entry, list):
        for each in entry:
            yield from _named(each)
    elif isinstance(entry, dict):
        for field, each in entry.items():
            if field in ("rests", "reading", "page", "before"):
                listed = [each] if isinstance(each, str) else each or []
                yield from (str(at).partition("#")[0] for at in listed if at != TALK)
            elif field == "meets":
                yield from each or {}
            else:
                yield from _named(each)


def _entries(
    name: str,
    root: Path,
    faults_of: Callable[[dict[str, Any], Path], Iterator[str]],
    id_: str = "id",
    once: bool = True,
) -> list[dict[str, Any]]:
    found, _ = _pruned(name, _read(name, root), root)
    file = f"teach/{name}.yml"
    if not isinstance(found, list):
        raise PageError(f"{file}: it must be a list of entries.")
    faults = []
    for count, entry in enumerate(found, 1):
        if not isinstance(entry, dict) or not _text(entry.get(id_)):
            faults.append(f"{file}, entry {count}: it must have `{id_}:`.")
            continue
        faults += [f"{file}, {entry[id_]}, {each}" for each in faults_of(entry, root)]
    ids = [entry.get(id_) for entry in found if isinstance(entry, dict)]
    if once:
        faults += [
            f"{file}: {each!r} stands twice."
            for each in sorted({str(each) for each in ids if ids.count(each) > 1})
        ]
    if faults:
        raise PageError("\n".join(faults))
    return found


def _text(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_text, value))


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _fields(entry: dict[str, Any], needed: str, may: str = "") -> Iterator[str]:
    known = needed.split() + may.split()
    for field in entry:
        if field not in known:
            yield f"{field}: no such field; the fields are {', '.join(known)}."
    for field in needed.split():
        if field not in entry:
            yield f"{field}: it is missing."


# Pages and sections


def known(page: str, root: Path = ROOT) -> bool:
    """Whether the book has the page `intermediate/density`, `fundamentals/start`."""
    return isinstance(page, str) and f"book/{page}" in pages.contents(root)


def slug(words: str) -> str:
    """The anchor of a heading, as MyST makes it: `Who should not take it` is `who-should-not-take-it`."""
    return re.sub(r"[^\w\- ]", "", words.strip().lower()).replace(" ", "-")


def section(rests: str, root: Path = ROOT) -> str:
    """The heading that `fundamentals/taking#Who should not take it` names, empty for a whole page. Raises PageError."""
    page, _, heading = rests.partition("#")
    if not known(page, root):
        raise PageError(f"{page} is no page of _toc.yml.")
    if heading:
        name = f"book/{page}.md"
        have = [each.words for each in myst.read(Path(root) / name, name).headings]
        if heading not in have:
            raise PageError(
                f"{page} has no section {heading!r}; it has {'; '.join(have[1:])}."
            )
        if heading in CLOSING:
            raise PageError(f"{rests}: this section tells nothing to rest on.")
    return heading


def told_in(rests: str, root: Path = ROOT) -> str:
    """What stands in `fundamentals/taking#Who should not take it` as MyST, with its parts; of a page without `#` all of it."""
    page, _, heading = rests.partition("#")
    text = (Path(root) / "book" / f"{page}.md").read_text(encoding="utf-8")
    found = re.search(rf"(?m)^(#+) {re.escape(heading)}$", text) if heading else None
    if not found:
        return "" if heading else text
    rest = text[found.end() :]
    end = re.search(rf"(?m)^#{{1,{len(found[1])}}} ", rest)
    return rest[: end.start()] if end else rest


def _rests_faults(value: Any, root: Path, field: str) -> Iterator[str]:
    found = [value] if isinstance(value, str) else value
    if not _texts(found):
        yield f"{field}: a page is needed, such as fundamentals/taking#Who should not take it."
        return
    for each in found:
        try:
            if each != TALK:
                section(each, root)
        except PageError as error:
            yield f"{field}: {error}"


def rests(value: str | list[str]) -> list[str]:
    """`rests:` as a list: one place or several."""
    return [value] if isinstance(value, str) else value


# Sessions


def minutes(step: dict[str, Any], root: Path = ROOT) -> int:
    """How many minutes a step takes; the files of its page are read where they stand there. Raises PageError."""
    part, page = step["part"], step.get("page", "")
    if part == "station":
        known_ = {each["id"]: each["minutes"] for each in stations(root)}
        return sum(known_.get(step["station"], {}).values()) * step.get("times", 1)
    times = step.get("times", 1)
    if part in ("activity", "check"):
        place = pages.place(page, root)
        if not place:
            raise PageError(f"{page} is not the page of a thread.")
        about = card(place, root)
        if part == "activity":
            return about.told["activity"]["minutes"]
        times = len(about.side["questions"])
    return PACE[part] * times


def reading(listed: list[str], root: Path = ROOT) -> int:
    """Minutes to read some pages of threads, from their side files. Raises PageError."""
    found = [pages.place(page, root) for page in listed]
    return sum(pages.side(place, root)["minutes"] for place in found if place)


def pages_of(syllabus: dict[str, Any]) -> list[str]:
    """Every page that a syllabus names, once, in order."""
    found: list[str] = []
    for session in syllabus["sessions"]:
        found += session.get("before", [])
        steps = session["class"] + session.get("after", [])
        found += [step["page"] for step in steps if "page" in step]
    return list(dict.fromkeys(found))


def _syllabus_faults(entry: dict[str, Any], root: Path) -> Iterator[str]:
    yield from _fields(entry, "id title for sessions")
    if not isinstance(entry.get("sessions"), list) or not entry["sessions"]:
        yield "sessions: a list is needed."
        return
    for count, session in enumerate(entry["sessions"], 1):
        at = f"session {count}"
        if not isinstance(session, dict):
            yield f"{at}: title, slot and class are needed."
            continue
        missing = list(_fields(session, "title slot class", "before after"))
        yield from (f"{at}, {fault}" for fault in missing)
        if not missing:
            yield from (f"{at}, {each}" for each in _session_faults(session, root))
    if all(isinstance(each, dict) and "class" in each for each in entry["sessions"]):
        yield from _unread(entry, root)


def _unread(entry: dict[str, Any], root: Path) -> Iterator[str]:
    """Steps on a page that nobody was asked to read before; `open` may show one that is still to come.

    Sessions that a book of fewer threads leaves out count as read.
    """
    whole = next(e for e in _read("syllabi", root) if e.get("id") == entry["id"])
    read: set[str] = set()
    for count, session in enumerate(whole["sessions"], 1):
        read.update(session.get("before", []))
        for step in [*session["class"], *session.get("after", [])]:
            page = step.get("page", "")
            strange = pages.place(page, root) and page not in read
            if step.get("part") != "open" and strange:
                yield f"session {count}, {step['part']}: {page} stands in no `before:` up to here."


def _session_faults(session: dict[str, Any], root: Path) -> Iterator[str]:
    for page in session.get("before", []):
        if not pages.place(page, root) or not known(page, root):
            yield f"before: {page!r} is no page of a thread, such as intermediate/density."
    steps = [*session["class"], *session.get("after", [])]
    found = [fault for step in steps for fault in _step_faults(step, root)]
    yield from found
    if found:
        return
    try:
        total = sum(minutes(step, root) for step in session["class"])
    except PageError as error:
        yield str(error)
        return
    if total > session["slot"]:
        yield f"class: its steps take {total} minutes, and the slot has {session['slot']}."


def _step_faults(step: Any, root: Path) -> Iterator[str]:
    if not isinstance(step, dict) or step.get("part") not in PARTS:
        yield f"step {step!r}: its part is one of {', '.join(PARTS)}."
        return
    part = step["part"]
    yield from _fields(step, "part", "page station times do")
    if part == "station":
        ids = [each.get("id") for each in _read("stations", root)]
        if step.get("station") not in ids:
            yield f"station: there is no {step.get('station')!r}; there are {', '.join(ids)}."
    elif part not in ("open", "close") or "page" in step:
        if not known(step.get("page", ""), root):
            yield f"{part}, page: {step.get('page')!r} is no page of _toc.yml."
        elif part in ("activity", "check") and not pages.place(step["page"], root):
            yield f"{part}, page: {step['page']} is not the page of a thread."
    if "times" in step and not _count(step["times"]):
        yield f"{part}, times: a whole number, 1 or more."
    if "do" in step and not _text(step["do"]):
        yield f"{part}, do: it is words."


# Stations and cases


def points(entry: dict[str, Any]) -> int:
    """The most that a station (marks) or a case (rubric) gives."""
    return sum(each["points"] for each in entry.get("marks", entry.get("rubric", [])))


def _listed(
    entry: dict[str, Any], field: str, needed: str, root: Path
) -> Iterator[str]:
    """Faults of a list of entries that rest on sections of pages."""
    found = entry.get(field)
    if not isinstance(found, list) or not found:
        yield f"{field}: a list is needed."
        return
    for count, each in enumerate(found, 1):
        if not isinstance(each, dict):
            yield f"{field} {count}: {needed.replace(' ', ', ')} are needed."
            continue
        yield from (f"{field} {count}, {fault}" for fault in _fields(each, needed))
        if "points" in needed and not _count(each.get("points")):
            yield f"{field} {count}, points: a whole number, 1 or more."
        yield from _rests_faults(each.get("rests"), root, f"{field} {count}, rests")


def _station_faults(entry: dict[str, Any], root: Path) -> Iterator[str]:
    needed = "id title minutes brief woman marks fails teach_back reading"
    yield from _fields(entry, needed)
    spans = entry.get("minutes")
    if (
        not isinstance(spans, dict)
        or list(spans) != ["read", "talk", "feedback"]
        or not all(map(_count, spans.values()))
    ):
        yield "minutes: read, talk and feedback, each a whole number."
    woman = entry.get("woman")
    if not isinstance(woman, dict):
        yield "woman: name, opens, says and hidden are needed."
    else:
        yield from (
            f"woman, {fault}" for fault in _fields(woman, "name opens says hidden")
        )
        for count, line in enumerate(woman.get("says") or [], 1):
            if not isinstance(line, dict) or set(line) != {"asked", "line"}:
                yield f"woman, says {count}: asked and line are needed."
    yield from _listed(entry, "marks", "point points rests", root)
    yield from _listed(entry, "fails", "what rests", root)
    if not _texts(entry.get("teach_back")):
        yield "teach_back: a list of prompts is needed."
    yield from _rests_faults(entry.get("reading"), root, "reading")


def _case_faults(entry: dict[str, Any], root: Path) -> Iterator[str]:
    yield from _fields(entry, "id title task rubric passes fails reading", "text page")
    if ("text" in entry) == ("page" in entry):
        yield "text: the case itself, or `page:`, the page on which it stands; one of them."
    if "page" in entry:
        yield from _rests_faults(entry["page"], root, "page")
    for field in ("task", "passes", "fails"):
        if not _text(entry.get(field)):
            yield f"{field}: words are missing."
    yield from _listed(entry, "rubric", "point points full half none rests", root)
    given = {p.get("points") for p in entry.get("rubric") or [] if isinstance(p, dict)}
    if len(given) > 1:
        yield "rubric: each of its points gives as much as the others."
    yield from _rests_faults(entry.get("reading"), root, "reading")


# Frameworks


def _framework_faults(entry: dict[str, Any], root: Path) -> Iterator[str]:
    yield from _fields(entry, "id name body year profession where seen read items")
    if entry.get("profession") not in PROFESSIONS:
        yield f"profession: one of {', '.join(PROFESSIONS)}."
    if not str(entry.get("where")).startswith("https://"):
        yield "where: the address at which it was read is needed."
    if type(entry.get("seen")) is not date:
        yield f"seen: {entry.get('seen')!r} is no day; write it as 2026-11-29."
    for count, item in enumerate(entry.get("items") or [], 1):
        if not isinstance(item, dict):
            yield f"item {count}: code, words, where and meets are needed."
            continue
        faults = list(_fields(item, "code words meets", "where"))
        yield from (f"item {count}, {fault}" for fault in faults)
        for page, listed in (item.get("meets") or {}).items():
            place = pages.place(page, root)
            if not place or not known(page, root):
                yield f"item {count}, meets: {page!r} is no page of a thread."
                continue
            most = len(pages.side(place, root)["objectives"])
            if not isinstance(listed, list) or not all(
                _count(each) and each <= most for each in listed
            ):
                yield f"item {count}, meets, {page}: numbers of its objectives, from 1 to {most}."


# Numbers


def words(entry: Any) -> Iterator[str]:
    """Every text below an entry, keys and addresses of pages left out."""
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, list):
        for each in entry:
            yield from words(each)
    elif isinstance(entry, dict):
        for field, each in entry.items():
            if field not in ("rests", "reading", "page", "id", "name"):
                yield from words(each)


def number_faults(name: str, entry: dict[str, Any], root: Path = ROOT) -> Iterator[str]:
    """Numbers of an entry that disagree with data/, have no source, or stand on none of the pages that it names."""
    from press import numbers  # with the tables, which a card does not need

    at = f"teach/{name}.yml, {entry['id']}"
    stands = "".join(
        (Path(root) / "book" / f"{page}.md").read_text(encoding="utf-8")
        for page in dict.fromkeys(_named(entry))
    )
    for text in words(entry):
        yield from numbers._roles(text, at, 1)
        for token, _ in numbers._blocks(text, at):
            told = numbers._words(token)
            for found in numbers.unmarked(told):
                yield f"{at}: {numbers.no_source(told, found)}"
        for role in myst.parse(text, at).roles:
            if role.name == "fact" and f"<{role.target}>" not in stands:
                yield f"{at}: {role.words!r} stands on none of the pages that the entry names; {role.target} is a row of another."
    for mark in [*entry.get("marks", []), *entry.get("rubric", [])]:
        where = [each for each in rests(mark["rests"]) if each != TALK]
        told = "".join(told_in(each, root) for each in where)
        for role in myst.parse(" ".join(words(mark)), at).roles:
            here = f"<{role.target}>" in told or f'"{role.target}"' in told
            if role.name == "fact" and where and not here:
                yield f"{at}: {role.words!r} does not stand in {' or '.join(where)}, on which its point rests."


def faults(root: Path = ROOT) -> list[str]:
    """What is wrong with everything in teach/ that the pages for instructors show, in sentences."""
    found: list[str] = []

    def tried(read: Callable[[], Any]) -> Any:
        try:
            return read()
        except PageError as error:
            found.extend(str(error).splitlines())
            return []

    for place in pages.written(root):
        tried(partial(card, place, root))
    tried(partial(syllabi, root))
    tried(partial(frameworks, root))
    if (Path(root) / "teach/arrives.yml").exists():
        tried(partial(arrives, root))
    for name, read in (("stations", stations), ("cases", cases)):
        for entry in tried(partial(read, root)):
            found += number_faults(name, entry, root)
    return found


def main() -> int:
    """Print the faults, or what there is; 1 if there are any, else 0."""
    if found := faults():
        print("\n".join(found))
        return 1
    for place in pages.written():
        about = card(place)
        spans = ", ".join(f"{n} to {what}" for what, n in about.minutes.items())
        print(f"{place.path:<28}{spans}; {len(about.questions)} questions")
    for each in syllabi():
        print(
            f"syllabus {each['id']}: {len(each['sessions'])} sessions, {reading(pages_of(each))} minutes to read"
        )
    for each in [*stations(), *cases()]:
        print(f"{each['id']}: {points(each)} points")
    if without := left_out():
        print("Left out, since the book does not have its pages:", *without, sep="\n  ")
    return 0


if __name__ == "__main__":
    console.speak()
    sys.exit(main())
