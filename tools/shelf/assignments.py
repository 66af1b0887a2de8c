"""Assignments that grade themselves: teach/assignments/*.md for nbgrader, and the marks of what students send.

    python -m tools.shelf.assignments [OUT]             # writes OUT/assignments, OUT/assignments.zip (OUT: dist/shelf)
    python -m tools.shelf.assignments grade [COURSE]    # COURSE: dist/shelf/assignments, with submitted/ in it

The first writes source/ (with solutions and hidden tests), release/ (for students),
rubrics/ and appraisal/, as nbgrader lays out a course, and starts no kernel. The second
reads submitted/<student>/<assignment>/<assignment>.ipynb, mends what students broke (the
file as it was sent is kept in as-sent/), runs each submission by itself, so that none
stops the others, and writes marks.csv. The written part is read by a person, in
nbgrader's own formgrader or beside the rubric.
"""

import csv
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from press import console, myst, pages, yamls
from press.commonmark import Converter
from press.myst import PageError

FOLDER = pages.ROOT / "teach" / "assignments"
COURSE = pages.ROOT / "dist" / "shelf" / "assignments"
TIMEOUT = 30  # seconds that one cell of a submission may take
COLUMNS = ("student", "assignment", "part", "points", "of", "total", "note")
SOLUTION = ("### BEGIN SOLUTION", "### END SOLUTION")
HIDDEN = ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
_NAME = re.compile(r"""^name\s*=\s*(["'])(.*?)\1""", re.M)


class _Sheet(Converter):
    """An assignment on its way to plain Markdown; it is no page of a thread."""

    def __init__(self, path: Path, root: Path):
        self.path, self.root, self.address = path, root, ""
        self.name = path.relative_to(root).as_posix()
        self.page = myst.read(path, self.name)
        self.studies, self.labels = {}, {}


def about(cell: NotebookNode) -> dict:
    """What nbgrader knows of a cell; empty for a cell of the student's own."""
    return cell.metadata.get("nbgrader") or {}


def written(cell: NotebookNode) -> bool:
    """Whether a cell is the written part, which a person reads."""
    return cell.cell_type == "markdown" and bool(about(cell).get("grade"))


@dataclass(frozen=True)
class Assignment:
    """One assignment: `name`, the page it belongs to, `source` (a notebook with solutions and tests), `rubric` in Markdown."""

    name: str
    page: str
    source: NotebookNode
    rubric: str


def _notebook(sheet: "_Sheet") -> NotebookNode:
    import jupytext  # with half of Jupyter, which naming an assignment does not need

    return jupytext.reads(sheet.page.text, "md:myst")


def read(path: Path, root: Path = pages.ROOT) -> Assignment:
    """The assignment at `path`. Raises PageError with every fault: file, field or cell, and the reason."""
    sheet = _Sheet(Path(path), Path(root))
    front, faults = sheet.page.front, []
    own, rubric = front.get("assignment") or {}, front.get("rubric") or {}
    made = _notebook(sheet)
    faults += _faults(made, own, rubric, root)
    if faults:
        raise PageError("\n".join(f"{sheet.name}: {fault}" for fault in faults))
    for place, cell in enumerate(made.cells):
        cell.id = about(cell).get("grade_id") or f"words-{place}"
        if cell.cell_type == "markdown":
            start = sheet.page.text.find(cell.source)
            line = sheet.page.text.count("\n", 0, max(start, 0)) + 1
            cell.source = sheet.convert(cell.source, line)
    total = sum(about(cell).get("points", 0) for cell in made.cells)
    answer = next(cell for cell in made.cells if written(cell))
    levels = "\n".join(
        f"- {x['points']} points: {x['shows']}" for x in rubric["levels"]
    )
    words = (
        f"# {sheet.page.title}: rubric of the written part\n\n{levels}\n\n"
        f"## An answer with all points\n\n{answer.source}\n\n"
        f"## An answer with none\n\n{rubric['failing']}\n"
    )
    _open(sheet, made.cells[0], own, total)
    ask = made.cells[made.cells.index(answer) - 1]
    ask.source += f"\n\nHow it is marked:\n\n{levels}"
    answer.source = "\n".join([SOLUTION[0], answer.source, SOLUTION[1]])
    made.metadata = nbformat.from_dict({"kernelspec": KERNEL})
    made.nbformat, made.nbformat_minor = 4, 5
    return Assignment(Path(path).stem, own["page"], made, words)


def _open(sheet: _Sheet, cell: NotebookNode, own: dict, total: int) -> None:
    """The head of an assignment: its page, minutes and points, and what it shows."""
    title, _, rest = cell.source.partition("\n")
    side = pages.side(pages.place(f"book/{own['page']}", sheet.root), sheet.root)
    shown = "\n".join(
        f"- {sheet.inline(side['objectives'][number - 1], 1, 'heading')}"
        for number in own["objectives"]
    )
    page = myst.read(sheet.root / "book" / f"{own['page']}.md").title
    tier = own["page"].partition("/")[0].capitalize()
    head = (
        f"To the page *{page}* ({tier}). About {own['minutes']} minutes, {total} points."
        f"\n\nYou show that you can:\n\n{shown}"
    )
    cell.source = "\n\n".join([title, head, rest.strip()])


def _faults(made: NotebookNode, own: dict, rubric: dict, root: Path) -> Iterator[str]:
    """What is wrong with a source: cells, points, tests, rubric, page."""
    place = pages.place(f"book/{own.get('page')}", root)
    if place is None or not {"page", "objectives", "minutes"} <= set(own):
        yield "assignment: page (of a thread), objectives and minutes are needed."
    elif not set(own["objectives"]) <= set(
        range(1, len(pages.side(place, root)["objectives"]) + 1)
    ):
        yield f"assignment, objectives: {own['page']} has no {own['objectives']}."
    known = [cell for cell in made.cells if about(cell)]
    ids = [about(cell)["grade_id"] for cell in known]
    for twice in sorted({id for id in ids if ids.count(id) > 1}):
        yield f"cell {twice}: two cells have this grade_id."
    for cell in known:
        told, text = about(cell), cell.source
        name = f"cell {told['grade_id']}"
        if told.get("schema_version") != 3:
            yield f"{name}: schema_version must be 3."
        if told["grade"] and not told.get("points", 0) > 0:
            yield f"{name}: a graded cell has points above zero."
        test = told["grade"] and not told["solution"]
        answer = told["solution"] and cell.cell_type == "code"
        if test and not (told["locked"] and _once(text, HIDDEN)):
            yield f"{name}: a test is locked and has one hidden part ({HIDDEN[0]})."
        if answer and (told["locked"] or not _once(text, SOLUTION)):
            yield f"{name}: an answer is open and has one solution ({SOLUTION[0]})."
    reads = [about(cell)["points"] for cell in known if written(cell)]
    points = [level.get("points") for level in rubric.get("levels") or []]
    if len(reads) != 1:
        yield "one written part is needed, a Markdown cell with grade and solution."
    elif points[:1] != reads or points[-1:] != [0] or points != sorted(points)[::-1]:
        yield f"rubric, levels: points fall from {reads[0]} to 0."
    if not rubric.get("failing") or not all(
        level.get("shows") for level in rubric.get("levels") or []
    ):
        yield "rubric: each level says what it shows, and `failing` is an answer without points."


def appraisal(count: int, root: Path = pages.ROOT) -> NotebookNode:
    """The notebook of one set of claims of teach/appraisal.yml (1, 2 or 3), in which students judge before they compare.

    Raises PageError if the sheet has no place for the claims, IndexError if there is no such set.
    """
    folder = Path(root) / "teach"
    sheet = _Sheet(folder / "assignments" / "appraisal.md", Path(root))
    sets = yamls.read((folder / "appraisal.yml").read_text(encoding="utf-8"))
    chosen = sets["sets"][count - 1]
    made = _notebook(sheet)
    listed = "".join(f'    "{claim}",\n' for claim in chosen["claims"])
    filled = 0
    for place, cell in enumerate(made.cells):
        cell.id = f"words-{place}"
        if cell.cell_type == "markdown":
            cell.source = sheet.convert(cell.source)
        elif "claims = []" in cell.source:
            filled += 1
            cell.source = cell.source.replace("claims = []", f"claims = [\n{listed}]")
    if filled != 1:
        raise PageError(f"{sheet.name}: one cell holds `claims = []`, not {filled}.")
    made.cells[0].source += f"\n\n**Set {count}. {chosen['name']}.** {chosen['asks']}"
    made.metadata = nbformat.from_dict({"kernelspec": KERNEL})
    made.nbformat, made.nbformat_minor = 4, 5
    return made


def _once(text: str, marks: tuple[str, str]) -> bool:
    """Whether a cell has one region between two marks, in order."""
    one = [text.count(mark) == 1 for mark in marks]
    return all(one) and text.index(marks[0]) < text.index(marks[1])


def every(
    root: Path = pages.ROOT, only: Collection[str] | None = None
) -> list[Assignment]:
    """All assignments in the order of their names, or those that `only` names. Raises PageError with the faults of all of them."""
    made, faults = [], []
    for path in sorted((Path(root) / "teach" / "assignments").glob("*-*.md")):
        if only is not None and path.stem not in only:
            continue
        try:
            made.append(read(path, root))
        except PageError as error:
            faults.append(str(error))
    if faults:
        raise PageError("\n".join(faults))
    return made


def api(course: Path, timeout: int = TIMEOUT):
    """nbgrader for a course folder; timeout: seconds that a cell may take."""
    from nbgrader import api as gradebook
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    # nbgrader asks the command alembic, which stands beside this Python, for the same
    # version each time that it opens the gradebook: a second of the processor
    if not hasattr(gradebook.get_alembic_version, "cache_info"):
        gradebook.get_alembic_version = cache(gradebook.get_alembic_version)
    beside = str(Path(sys.executable).parent)
    if beside not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = beside + os.pathsep + os.environ["PATH"]
    config = Config()
    config.CourseDirectory.root = str(Path(course).resolve())
    config.CourseDirectory.course_id = "serms"
    config.ClearSolutions.code_stub = {"python": ""}
    config.ClearSolutions.text_stub = "Write your answer in place of this line."
    config.Execute.timeout = timeout
    config.IncludeHeaderFooter.header = ""
    return NbGraderAPI(CourseDirectory(config=config), config=config)


def _done(result: dict, what: str) -> None:
    if not result["success"]:
        told = [result.get("log"), result.get("error")]
        raise RuntimeError("\n".join([f"{what}:", *filter(None, told)]))


def build(
    course: Path = COURSE,
    root: Path = pages.ROOT,
    only: Collection[str] | None = None,
) -> list[Assignment]:
    """Write source/, release/, rubrics/, appraisal/ and README.md of a course; the same bytes each time.

    only: names of assignments, if not all. Raises PageError for a source, RuntimeError if nbgrader refuses one.
    """
    made = every(root, only)
    course = Path(course)
    with tempfile.TemporaryDirectory() as work:
        for each in made:
            target = Path(work) / "source" / each.name / f"{each.name}.ipynb"
            target.parent.mkdir(parents=True)
            nbformat.write(each.source, target)
        maker = api(Path(work))
        for each in made:
            _done(maker.generate_assignment(each.name), each.name)
        for folder in ("source", "release"):
            shutil.rmtree(course / folder, ignore_errors=True)
            shutil.copytree(Path(work) / folder, course / folder)
    (course / "rubrics").mkdir(exist_ok=True)
    for each in made:
        target = course / "rubrics" / f"{each.name}.md"
        target.write_text(each.rubric, encoding="utf-8")
    shutil.copyfile(root / "teach" / "assignments" / "README.md", course / "README.md")
    (course / "appraisal").mkdir(exist_ok=True)
    for count in (1, 2, 3):
        target = course / "appraisal" / f"appraisal-{count}.ipynb"
        nbformat.write(appraisal(count, root), target)
    return made


def clean(sent: NotebookNode, released: NotebookNode) -> list[str]:
    """Mend a submission in place, beside what was released; what was mended, a sentence each.

    Of cells that were copied one stays graded: of a test the last, of an answer the first
    that the student changed. A graded or locked cell that is gone comes back, empty of
    answers. Each cell gets an id of its own.
    """
    known = {about(cell)["grade_id"]: cell for cell in released.cells if about(cell)}
    found: dict[str, list[NotebookNode]] = {}
    said = []
    for cell in sent.cells:
        name = about(cell).get("grade_id")
        if name in known and cell.cell_type == known[name].cell_type:
            found.setdefault(name, []).append(cell)
        else:
            cell.metadata.pop("nbgrader", None)
    for name, cells in found.items():
        kept = cells[-1]
        if not about(known[name])["locked"]:
            changed = [cell for cell in cells if cell.source != known[name].source]
            kept = (changed or cells)[0]
        for cell in cells:
            cell.metadata.pop("nbgrader", None)
        kept.metadata["nbgrader"] = about(known[name])
        if len(cells) > 1:
            said.append(f"cell {name} stood there {len(cells)} times; one is graded")
    place = 0
    for name, cell in known.items():
        if name in found:
            kept = [about(each).get("grade_id") for each in sent.cells]
            place = kept.index(name) + 1
        else:
            sent.cells.insert(place, nbformat.from_dict(cell))
            place += 1
            said.append(f"cell {name} was missing and was put back as it was released")
    seen: set[str] = set()
    for count, cell in enumerate(sent.cells):
        if cell.get("id") in seen or not cell.get("id"):
            cell["id"] = f"mended-{count}"
        seen.add(cell["id"])
    sent.nbformat, sent.nbformat_minor = 4, 5
    return said


def named(sent: NotebookNode) -> str:
    """The name that the first cell of a submission holds; empty if there is none."""
    for cell in sent.cells:
        if about(cell).get("grade_id") == "name":
            found = _NAME.search(cell.source)
            return found[2].strip() if found else ""
    return ""


def grade(course: Path = COURSE, timeout: int = TIMEOUT) -> list[dict]:
    """Grade everything in submitted/ and write marks.csv; its rows, one for each part of each submission.

    Columns: COLUMNS. `points` is empty for a written part that nobody has read yet; `total` is the sum of the points so
    far; `note` stands in the first row of a submission. timeout: seconds that a cell may take before it is interrupted.
    """
    course = Path(course)
    maker = api(course, timeout)
    sent = sorted(course.glob("submitted/*/*/*.ipynb"))
    sent = [path for path in sent if path.stem == path.parent.name]
    for name in sorted({path.stem for path in sent}):
        _done(maker.generate_assignment(name), name)
    notes: dict[Path, list[str]] = {path: [] for path in sent}
    names: dict[tuple[str, str], list[str]] = {}
    for path in sent:
        student = path.parts[-3]
        kept = course / "as-sent" / student / path.name
        if not kept.exists() or kept.read_bytes() != path.read_bytes():
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, kept)
        release = course / "release" / path.stem / path.name
        try:
            notebook = nbformat.read(path, 4)
        except Exception as error:
            notes[path].append(f"no notebook that can be read: {error}")
            continue
        notes[path] += clean(notebook, nbformat.read(release, 4))
        nbformat.write(notebook, path)
        name = named(notebook)
        names.setdefault((path.stem, name.casefold()), []).append(student)
        if not name:
            notes[path].append("no name in the first cell")
        if not maker.autograde(path.stem, student)["success"]:
            notes[path].append("stopped while it ran; look at it by hand")
    for (stem, name), students in names.items():
        if name and len(students) > 1:
            for student in students:
                others = ", ".join(each for each in students if each != student)
                path = course / "submitted" / student / stem / f"{stem}.ipynb"
                notes[path].append(f"the name {name!r} is also in the work of {others}")
    rows = [row for path in sent for row in _marks(course, path, notes[path])]
    with (course / "marks.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return rows


def _marks(course: Path, path: Path, notes: list[str]) -> list[dict]:
    """The rows of one submission."""
    from nbgrader.api import Gradebook, MissingEntry

    student, stem = path.parts[-3], path.stem
    parts, points = [], {}
    with Gradebook(f"sqlite:///{course.resolve() / 'gradebook.db'}") as book:
        for cell in book.find_notebook(stem, stem).grade_cells:
            parts.append((cell.name, cell.max_score, cell.cell_type))
        try:
            told = book.find_submission_notebook(stem, stem, student).grades
            points = {
                each.name: None if each.needs_manual_grade else each.score
                for each in told
            }
        except MissingEntry:
            pass
    release = nbformat.read(course / "release" / stem / path.name, 4)
    order = [about(cell).get("grade_id") for cell in release.cells]
    total = sum(score or 0 for score in points.values())
    rows = []
    for name, of, kind in sorted(parts, key=lambda part: order.index(part[0])):
        score = points.get(name)
        note = "" if rows else "; ".join(notes)
        if score is None and kind == "code":
            score = 0
        rows.append(
            dict(
                zip(
                    COLUMNS,
                    (student, stem, name, score, of, total, note),
                    strict=True,
                )
            )
        )
    return rows


def shelve(out: Path) -> list[Path]:
    """Build the course into out/assignments and pack it, without what a lecturer put there: the notebooks, and the archive."""
    from .bundle import zipped

    course = out / "assignments"
    build(course)
    made = [
        path
        for folder in ("release", "source", "rubrics", "appraisal")
        for path in sorted((course / folder).rglob("*.*"))
    ]
    made.append(course / "README.md")
    files = {p.relative_to(out).as_posix(): p.read_bytes() for p in made}
    archive = out / "assignments.zip"
    archive.write_bytes(zipped(files))
    return [*made, archive]


def main(*words: str) -> None:
    """Build the assignments, or grade what was sent, and say what was done."""
    if words[:1] == ("grade",):
        course = Path(words[1]) if words[1:] else COURSE
        for row in grade(course):
            print(*(row[column] for column in COLUMNS), sep="\t")
        print(course / "marks.csv")
        return
    try:
        for path in shelve(Path(words[0]) if words else COURSE.parent):
            print(path)
    except PageError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    console.speak()
    main(*sys.argv[1:])
