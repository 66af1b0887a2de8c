"""The pages of the book: three tiers, the threads of each (book/threads.yml) and the side file beside each page.

A page is book/<tier>/<thread>.md; its number, its title's place on the reading map and the way to the other two depths
derive from that path. The day of the last evidence check stands in book/evidence.yml, or for one page in its side file.
Nothing here needs Sphinx.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from . import yamls
from .glance import glance
from .myst import PageError

ROOT = Path(__file__).resolve().parent.parent
TIERS = {
    "fundamentals": "Fundamentals",
    "intermediate": "Intermediate",
    "academic": "Academic",
}
LEVELS = {  # GRADE's four levels of certainty, lowest first, and what each one means, in plain words
    "very low": "The truth is probably quite different from what the studies found.",
    "low": "The truth may be quite different from what the studies found.",
    "moderate": "The truth is probably close to what the studies found, but it could be quite different.",
    "high": "The truth is very likely close to what the studies found.",
}
#: Why a wrong option is wrong: the misconception that somebody has who chooses it, as one who teaches would name it.
MISCONCEPTIONS = {
    "opposite direction": "Has the effect or the order the wrong way round.",
    "wrong size": "Has the direction right, and the amount much too large or too small.",
    "no effect": "Denies an effect, a change or a difference that was shown.",
    "all or nothing": "Makes some into all, or into none.",
    "one side only": "Tells the benefit without the harm, or the harm without the benefit.",
    "other outcome": "Says what is true of another outcome, organ or place in the body.",
    "other drug": "Says what is true of another drug, hormone or nutrient.",
    "other people": "Says what is true of other women or another stage of life, or only of animals or cells.",
    "other time": "Has what happens right, and puts it at another time.",
    "confuses measures": "Takes one measure or notion for another: relative for absolute, affinity for efficacy, mass for strength.",
    "marker for outcome": "Takes a stand-in, such as density, for the event that matters.",
    "unfair comparison": "Compares what no trial compared, or looks at one group alone.",
    "average for person": "Reads the average of a group into one woman.",
    "ignores uncertainty": "Takes noise, chance or a wide interval for a finding.",
    "absence of evidence": "Takes what was not shown for shown not to be so, or for safe.",
    "goes too far": "Says more than the study or the model allows.",
    "doubts what is shown": "Takes for open, or for unsound, what has been shown or is sound.",
    "wrong cause": "Explains by a cause or a mechanism that is not the one at work.",
    "beside the point": "May be true, and does not decide what was asked.",
    "misstates the facts": "Says of a study, a drug or a method what is not the case.",
    "needless caution": "Warns of what is safe or useful.",
    "unsafe": "Would put somebody at risk who acted on it.",
}
#: What a question asks its reader to do.
ASKS = {
    "recall": "Say again, or recognize, what the page says.",
    "calculate": "Work out a number that the page does not print as such.",
    "read a figure": "Find the answer in a figure of the page.",
    "judge": "Apply what the page says to a case, a claim or a comparison.",
}
UNWRITTEN = "not yet written"
#: Pages of Fundamentals that belong to no thread: three ways in, and two for the day of an appointment.
DOORS = {
    "start": "With a new prescription",
    "thin-bones": "With a first scan",
    "breast": "On treatment for breast cancer",
}
BESIDE = (*DOORS, "talk", "help")


def for_everybody(docname: str) -> bool:
    """Whether a page (`book/fundamentals/bone`) is of the first tier, where nothing stands between its reader and the text.

    Code folds under the figure, cards have everyday words.
    """
    return docname.startswith("book/fundamentals/")


@dataclass(frozen=True)
class Place:
    """Where a page stands: tier, thread, and the thread's entry in threads.yml."""

    tier: str
    thread: str
    entry: dict[str, Any]

    @property
    def path(self) -> str:
        """`intermediate/density`"""
        return f"{self.tier}/{self.thread}"

    @property
    def number(self) -> str:
        """`2.3`: the tier, then the thread."""
        return f"{list(TIERS).index(self.tier) + 1}.{self.entry['n']}"

    @property
    def name(self) -> str:
        """`Intermediate 2.3`"""
        return f"{TIERS[self.tier]} {self.number}"

    @property
    def blurb(self) -> str:
        """What the thread is about at this depth, in a few words."""
        return self.entry[self.tier]


def _read(path, root):
    name = path.relative_to(root).as_posix()
    if not path.exists():
        raise PageError(f"{name}: the file does not exist.")
    try:
        return name, _yaml(path, path.stat().st_mtime_ns)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise PageError(
            f"{name}{line}: this is not YAML ({getattr(error, 'problem', None) or error}). "
            "Text with a colon and a space in it stands in quotation marks."
        ) from None


@lru_cache(maxsize=128)
def _yaml(path, _changed):
    """What the file holds, read once; again when its time changes, as in tables.py."""
    return yamls.read(path.read_text(encoding="utf-8"))


def threads(root: Path = ROOT) -> list[dict[str, Any]]:
    """The threads in order: dictionaries with n, thread, name and one blurb a tier. Raises PageError."""
    path = Path(root) / "book" / "threads.yml"
    return _threads(path, path.stat().st_mtime_ns if path.exists() else 0, Path(root))


@lru_cache(maxsize=16)
def _threads(path, _changed, root):
    """The same, looked through once: each page asks for its place among them."""
    name, found = _read(path, root)
    faults = []
    if not isinstance(found, list):
        raise PageError(f"{name}: it must be a list of threads.")
    for place, entry in enumerate(found, 1):
        if (
            not isinstance(entry, dict)
            or entry.get("n") != place
            or isinstance(entry.get("n"), bool)
        ):
            faults.append(
                f"{name}, entry {place}: `n` must be {place}; threads are numbered from 1 without a gap."
            )
            continue
        faults += [
            f"{name}, entry {place}, {field}: no such field (text with a comma in it stands in quotation marks)."
            for field in entry
            if field not in ("n", "thread", "name", *TIERS)
        ]
        faults += [
            f"{name}, entry {place}, {field}: words are missing."
            for field in ("thread", "name", *TIERS)
            if not _text(entry.get(field))
        ]
    names = [entry.get("thread") for entry in found if isinstance(entry, dict)]
    if len(set(names)) < len(names):
        faults.append(f"{name}: two threads have the same `thread`.")
    if faults:
        raise PageError("\n".join(faults))
    return found


def place(path: str, root: Path = ROOT) -> Place | None:
    """The Place of `intermediate/density` (`book/` in front may stand or not); None if it is not the page of a thread."""
    tier, _, thread = str(path).removeprefix("book/").partition("/")
    entry = next((entry for entry in threads(root) if entry["thread"] == thread), None)
    return Place(tier, thread, entry) if tier in TIERS and entry else None


def written(root: Path = ROOT) -> list[Place]:
    """The pages of threads that the book has, tier by tier, in reading order. Raises PageError."""
    found = [
        Place(tier, entry["thread"], entry) for tier in TIERS for entry in threads(root)
    ]
    return [
        each for each in found if (Path(root) / "book" / f"{each.path}.md").exists()
    ]


def side(place_: Place, root: Path = ROOT) -> dict[str, Any]:
    """What stands in the side file of a page, checked: minutes, before, objectives, questions, exercise.

    Raises PageError with every fault of the file: file, field, reason.
    """
    name, found = _read(Path(root) / "book" / f"{place_.path}.yml", Path(root))
    faults = list(_faults(found, place_, {entry["thread"] for entry in threads(root)}))
    if faults:
        raise PageError("\n".join(f"{name}, {fault}" for fault in faults))
    return {"before": [], **found}


def beside(page: str) -> list[str]:
    """The files that may stand beside a page (`book/academic/bone`): its side file, and what is taught with it."""
    return [f"{page}.yml", f"teach/{page.removeprefix('book/')}.yml"]


def aims(value: Any) -> list[int]:
    """The numbers of the objectives that `tests:` or `exercise:` names, as a list: 2 and [2] are the same."""
    return list(value) if isinstance(value, list) else [] if value is None else [value]


def checked(place_: Place | None = None, root: Path = ROOT) -> date:
    """The day up to which evidence was looked for: of the whole book, or of a page whose side file names one. Raises PageError."""
    name, found = _read(Path(root) / "book" / "evidence.yml", Path(root))
    if not isinstance(found, dict) or set(found) != {"checked"}:
        raise PageError(f"{name}: it must hold one line, `checked: 2026-11-29`.")
    if fault := _day_fault(found["checked"]):
        raise PageError(f"{name}, {fault}")
    own = side(place_, root).get("checked") if place_ else None
    day: date = own or found["checked"]
    return day


@dataclass(frozen=True)
class Signs:
    """The one wording of the signs that need help at once (book/signs.yml), in MyST: a title, the signs, what to do with the tablet, and where that was read."""

    title: str
    signs: tuple[str, ...]
    tablet: tuple[str, ...]
    sources: str


def signs(root: Path = ROOT) -> Signs:
    """What book/signs.yml holds. Raises PageError."""
    name, found = _read(Path(root) / "book" / "signs.yml", Path(root))
    fields = {"title", "signs", "tablet", "sources"}
    if not isinstance(found, dict) or set(found) != fields:
        raise PageError(f"{name}: it must hold title, signs, tablet and sources.")
    for field in ("signs", "tablet"):
        lines = found[field]
        if not isinstance(lines, list) or not lines or not all(map(_text, lines)):
            raise PageError(f"{name}, {field}: a list of sentences is needed.")
        for line in lines:
            if "{cite:" in line:
                raise PageError(
                    f"{name}, {field}: a citation belongs under sources, below the box: {line[:40]!r}"
                )
    for field in ("title", "sources"):
        if not _text(found[field]):
            raise PageError(f"{name}, {field}: words are missing.")
    return Signs(
        found["title"], tuple(found["signs"]), tuple(found["tablet"]), found["sources"]
    )


def in_words(day: date) -> str:
    """`29 November 2026`"""
    return f"{day.day} {day:%B %Y}"


def level(word: str) -> tuple[str, str, str]:
    """The level of certainty as (title, marks, meaning): `Moderate certainty`, `●●●○`, a sentence. Raises PageError."""
    if word not in LEVELS:
        raise PageError(
            f"{{how-sure}} takes one of {', '.join(reversed(LEVELS))}, not {word!r}."
        )
    filled = list(LEVELS).index(word) + 1
    return (
        f"{word.capitalize()} certainty",
        "●" * filled + "○" * (4 - filled),
        LEVELS[word],
    )


@dataclass(frozen=True)
class Grade:
    """How certain one outcome is: `spine fractures on film`, `high`, and why in MyST. A page with one claim has no outcome and no why."""

    outcome: str
    level: str
    why: str


@dataclass(frozen=True)
class Sure:
    """What a {how-sure} box says: its grades, and in MyST what stands below them; skipped: the lines of the body above that."""

    grades: tuple[Grade, ...]
    rest: str
    skipped: int


_GRADE = re.compile(r"- \*\*(.+?)\*\*: ([a-z ]+)\.(?: (.+))?")
_FORM = "`- **outcome**: level. Why it is so.`"


def how_sure(argument: str, body: str) -> Sure:
    """What a {how-sure} box says: one level behind its name, or two to four lines `- **outcome**: level. Why.` Raises PageError."""
    rows = body.split("\n")
    items: list[list[str]] = []
    skipped = 0
    for row in rows:
        if row.startswith("- "):
            items.append([row.strip()])
        elif items and row.startswith("  ") and row.strip():
            items[-1].append(row.strip())
        else:
            break
        skipped += 1
    rest = "\n".join(rows[skipped:]).strip("\n")
    if not items:
        level(argument)
        if not rest:
            raise PageError("{how-sure} is empty; it says why.")
        return Sure((Grade("", argument, ""),), rest, 0)
    if argument:
        raise PageError(
            f"{{how-sure}} {argument}: a level for the whole page and a list of outcomes contradict each other; take one of them out."
        )
    if not 2 <= len(items) <= 4:
        raise PageError(
            f"{{how-sure}} grades two to four outcomes, a line each; here are {len(items)}. One claim: {{how-sure}} level, and sentences."
        )
    if skipped < len(rows) and rows[skipped].strip():
        raise PageError(
            f"{{how-sure}}: a blank line parts the grades from what follows ({rows[skipped][:40]!r})."
        )
    grades = []
    for item in map(" ".join, items):
        found = _GRADE.fullmatch(item)
        if not found or not found[3]:
            raise PageError(f"{{how-sure}}: {item[:60]!r} is not {_FORM}")
        level(found[2])
        grades.append(Grade(found[1], found[2], found[3]))
    return Sure(tuple(grades), rest, skipped)


def closing(place_: Place, root: Path = ROOT) -> tuple[tuple[Grade, ...], str]:
    """How a page ends: the grades of its {how-sure} box and the text of its {in-one-breath} box. Raises PageError when either is missing."""
    name = f"book/{place_.path}.md"
    seen = glance((Path(root) / name).read_text(encoding="utf-8"), name)

    def box(box_name: str) -> tuple[str, str]:
        if found := seen.box(box_name):
            return found
        raise PageError(
            f"{name}: the {{{box_name}}} box is missing; the closing page of the tier repeats it."
        )

    grades = how_sure(*box("how-sure")).grades
    return grades, " ".join(box("in-one-breath")[1].split())


def minutes(count: int) -> str:
    """`1 minute`, `6 minutes`"""
    return f"{count} minute{'s' if count > 1 else ''}"


def _text(value):
    return isinstance(value, str) and value.strip() != ""


def _faults(found, place_, known):
    if not isinstance(found, dict):
        yield "the file: it must hold minutes, objectives and questions."
        return
    fields = ("minutes", "checked", "before", "objectives", "questions", "exercise")
    yield from (
        f"{field}: no such field; the fields are {', '.join(fields)}."
        for field in found
        if field not in fields
    )
    minutes = found.get("minutes")
    if not isinstance(minutes, int) or isinstance(minutes, bool) or minutes < 1:
        yield "minutes: a whole number of minutes, 1 or more, is missing."
    if "checked" in found and (fault := _day_fault(found["checked"])):
        yield fault
    before = found.get("before", [])
    if not isinstance(before, list):
        yield "before: it must be a list of pages such as fundamentals/bone."
        before = []
    for page in before:
        tier, _, thread = str(page).partition("/")
        if tier not in TIERS or thread not in known:
            yield f"before: {page!r} is no page; write tier/thread, such as fundamentals/bone."
        if page == place_.path:
            yield "before: the page names itself."
    objectives = found.get("objectives")
    if (
        not isinstance(objectives, list)
        or not 2 <= len(objectives) <= 4
        or not all(map(_text, objectives))
    ):
        yield "objectives: two to four sentences are needed."
        objectives = []
    yield from _aims_faults("exercise", found, objectives)
    questions = found.get("questions")
    if not isinstance(questions, list) or not 3 <= len(questions) <= 6:
        yield "questions: three to six are needed."
        return
    ids = [question.get("id") for question in questions if isinstance(question, dict)]
    yield from (
        f"questions: the id {id_!r} stands twice."
        for id_ in sorted({str(id_) for id_ in ids if ids.count(id_) > 1})
    )
    for count, question in enumerate(questions, 1):
        yield from (
            f"question {count}, {fault}"
            for fault in _question_faults(question, place_, objectives)
        )


def _day_fault(day):
    """What is wrong with a day of an evidence check, in a sentence; nothing for a day that has been."""
    if type(day) is not date:
        return f"checked: {day!r} is no day; write it as 2026-11-29."
    if day > date.today():
        return f"checked: {day} is still to come."
    return ""


def _aims_faults(field, fields, objectives):
    if field in fields and not (
        (given := aims(fields[field]))
        and all(
            isinstance(n, int) and not isinstance(n, bool) and 1 <= n <= len(objectives)
            for n in given
        )
        and len(set(given)) == len(given)
    ):
        yield f"{field}: it names objectives by their numbers, from 1 to {len(objectives)}, such as 2 or [1, 3]."


def _question_faults(question, place_, objectives):
    if not isinstance(question, dict):
        yield "the question: it must have id, ask and options."
        return
    prefix = f"{place_.thread}-{place_.tier[0]}-"
    if not re.fullmatch(re.escape(prefix) + r"[1-9]", str(question.get("id"))):
        yield f"id: {question.get('id')!r} must be {prefix} and a number from 1 to 9, so that it is the only one of its name in the book."
    yield from (
        f"{field}: no such field; the fields are id, tests, asks, ask, options."
        for field in question
        if field not in ("id", "tests", "asks", "ask", "options")
    )
    yield from _aims_faults("tests", question, objectives)
    if question.get("asks", "recall") not in ASKS:
        yield f"asks: there is no {question['asks']!r}; a question asks its reader to {', '.join(ASKS)}."
    if not _text(question.get("ask")):
        yield "ask: the question is missing."
    options = question.get("options")
    if (
        not isinstance(options, list)
        or not 3 <= len(options) <= 4
        or not all(isinstance(option, dict) for option in options)
    ):
        yield "options: three or four are needed, each with text and why."
        return
    right = sum(option.get("right") is True for option in options)
    if right != 1:
        yield f"options: exactly one has `right: true`; here {right or 'none'} has."
    for count, option in enumerate(options, 1):
        yield from (
            f"option {count}, {field}: no such field; the fields are text, right, because, why."
            for field in option
            if field not in ("text", "right", "because", "why")
        )
        if not _text(option.get("text")):
            yield f"option {count}, text: it must be words (a number or yes/no stands in quotation marks)."
        if not _text(option.get("why")):
            yield f"option {count}, why: say why it is right or wrong."
        if option.get("right", True) not in (True, False) or not isinstance(
            option.get("right", True), bool
        ):
            yield f"option {count}, right: it is true or left out."
        because = option.get("because")
        if option.get("right") is True:
            if because is not None:
                yield f"option {count}, because: it says why an option is wrong ({because}), and this one is marked as right. Was `right: true` moved?"
        elif because is None:
            yield f"option {count}, because: a wrong option names its misconception, one of {', '.join(MISCONCEPTIONS)}. Was `right: true` moved away from this one?"
        elif because not in MISCONCEPTIONS:
            yield f"option {count}, because: there is no misconception {because!r}; there are {', '.join(MISCONCEPTIONS)}."


def contents(root: Path = ROOT) -> list[str]:
    """The pages of the book in reading order, as _toc.yml has them: `book/academic/bone`."""
    path = Path(root) / "_toc.yml"
    changed = path.stat().st_mtime_ns if path.exists() else 0
    return list(_contents(path, changed, Path(root)))


@lru_cache(maxsize=16)
def _contents(path, _changed, root):
    def below(node):
        found = [node[key] for key in ("root", "file") if key in node]
        for key in ("parts", "chapters", "sections"):
            for child in node.get(key, []):
                found += below(child)
        return found

    return below(_read(path, root)[1])
