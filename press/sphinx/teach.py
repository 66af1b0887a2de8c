"""The pages for instructors, drawn from teach/ and the side files of the pages (press/teach.py).

{teach-card} fundamentals          a card for each page of a tier, or for one page: {teach-card} fundamentals/bone
{teach-syllabi}                    sessions, units and courses, their minutes added up
{teach-stations}, {teach-cases}    counseling stations and written cases with their marking lists
{teach-competencies}               objectives beside the frameworks of the professions
{teach-arrives}                    what arrives in which learning platform

All of it has the class bb-teach, which the search of the book passes over: a misconception or a worry that is played, cut out as
an excerpt, would be told as true.
"""

import re

from docutils import nodes

from press import pages, teach
from press.sphinx.furniture import Furniture
from press.sphinx.parts import (
    anchor,
    between,
    bullets,
    element,
    paragraph,
    span,
    to_label,
    to_page,
    to_web,
)

#: Misconceptions on a card: the most frequent ones.
SHOWN = 4
KINDS = {
    "one": "choose one",
    "several": "choose several",
    "number": "work out a number",
    "words": "a word",
}
UNITS = {"discuss": "prompt", "bank": "question"}
ROLE = re.compile(r"\{\w+\}`([^`<]+?)(?:\s*<[^`]*>)?`")


def plain(text):
    """MyST as words: an option of a question that is quoted and no statement of the book."""
    return ROLE.sub(r"\1", text)


class Teach(Furniture):
    """A directive that draws from teach/."""

    has_content = False

    def read(self, name):
        """What press.teach reads of a file; the page is read again when the file changes."""
        self.env.note_dependency(f"teach/{name}.yml")
        with self.faults():
            return getattr(teach, READERS[name])(self.env.srcdir)

    def section(self, label, title, *children):
        """A section with a heading, an anchor, and its content in a block that the search passes over."""
        anchor(self.env, label, title)
        body = element("div", *children, classes=["bb-teach"])
        return nodes.section(
            "", nodes.title("", title), body, ids=[label], names=[label]
        )

    def page(self, path):
        """A link to the page `intermediate/density`, with its number and title."""
        place = pages.place(path, self.env.srcdir)
        number = [span(f"{place.number} ", "bb-n")] if place else []
        return nodes.inline("", "", *number, to_page(f"book/{path}"))

    def pages(self, listed):
        """Links to pages, with commas."""
        return between(map(self.page, listed))

    def place(self, rests):
        """A link to the section that `fundamentals/taking#Who should not take it` names."""
        if rests == teach.TALK:
            return [nodes.Text(rests)]
        path, _, heading = rests.partition("#")
        if not heading:
            return [self.page(path)]
        place = pages.place(path, self.env.srcdir)
        door = pages.DOORS.get(path.partition("/")[2])
        where = f"{place.number} " if place else f"{door}: " if door else ""
        return self.inline(f"[{where}{heading}](../{path}.md#{teach.slug(heading)})")

    def places(self, rests):
        """Links to one section or several, with semicolons."""
        holders = [
            nodes.inline("", "", *self.place(each)) for each in teach.rests(rests)
        ]
        return between(holders, "; ")


def label(text):
    """A small heading inside a block."""
    return paragraph(text, classes=["bb-label"])


def table(name, heads, rows):
    """A table that scrolls in its own box; each cell is a list of nodes or text."""

    def cell(tag, content, **attributes):
        content = [content] if isinstance(content, str) else list(content)
        return element(tag, paragraph(*content), **attributes)

    head = element("tr", *(cell("th", each, scope="col") for each in heads))
    body = [element("tr", *(cell("td", each) for each in row)) for row in rows]
    return element(
        "div",
        element("table", element("thead", head), element("tbody", *body)),
        classes=["bb-table"],
        role="region",
        tabindex="0",
        aria_label=f"Table: {name}",
    )


def counted(found):
    """`3 judge, 2 recall`"""
    return ", ".join(f"{count} {name}" for name, count in found.most_common())


class TeachCard(Teach):
    """{teach-card} TIER or PAGE: link, minutes, objectives with their questions, prompts, activity, misconceptions, assessment."""

    required_arguments = 1

    def run(self):
        wanted, root = self.arguments[0], self.env.srcdir
        with self.faults():
            found = [
                place
                for place in pages.written(root)
                if wanted in (place.tier, place.path) and self.written(place)
            ]
            if not found:
                raise self.error(
                    f"{{teach-card}} {wanted}: neither a tier ({', '.join(pages.TIERS)}) nor the page of a thread."
                )
            cards = [teach.card(place, root) for place in found]
        for about in cards:
            for file in (
                f"book/{about.place.path}.yml",
                f"teach/{about.place.path}.yml",
            ):
                self.env.note_dependency(file)
        return [self.card(about) for about in cards]

    def card(self, about):
        """The card of one page."""
        place = about.place
        spans = about.minutes
        times = f" · {spans['read']} minutes to read, {spans['do']} to do, {spans['discuss']} to discuss"
        parts = [
            paragraph(to_page(f"book/{place.path}"), times, classes=["bb-meta"]),
        ]
        if about.side["before"]:
            parts.append(paragraph("Read before: ", *self.pages(about.side["before"])))
        parts += [
            label("Objectives, and the questions that test each"),
            self.aims(about),
        ]
        if told := about.told:
            parts += [
                label(f"Activity, {pages.minutes(told['activity']['minutes'])}"),
                paragraph(*self.inline(told["activity"]["do"])),
                paragraph(
                    nodes.emphasis("", "Look for: "),
                    *self.inline(told["activity"]["look_for"]),
                ),
                label("To discuss"),
                bullets(map(self.inline, told["discuss"])),
            ]
        parts += [
            label("What learners may believe, by the wrong options"),
            bullets(map(self.belief, about.misconceptions[:SHOWN])),
            label("Assessment"),
            paragraph(self.assessment(about)),
        ]
        name = f"{place.number} {place.entry['name']}"
        return self.section(f"card-{place.tier}-{place.thread}", name, *parts)

    def aims(self, about):
        """The objectives, numbered as the questions name them."""
        lines = (
            nodes.list_item(
                "",
                paragraph(*self.inline(text), span(f" ({about.items(count)})", "bb-n")),
            )
            for count, text in enumerate(about.side["objectives"], 1)
        )
        return nodes.enumerated_list(
            "", *lines, enumtype="arabic", prefix="", suffix="."
        )

    def belief(self, found):
        """One misconception: its name, how many wrong options hold it, what it means, one of them."""
        return [
            nodes.strong("", found.name),
            nodes.Text(f" ({found.count}). {found.means} For instance: “"),
            *self.inline(plain(found.example)),
            nodes.Text("”"),
        ]

    def assessment(self, about):
        """The questions of page and bank, by what they ask for and by kind; the exercise."""
        kinds = about.counted("kind")
        named = ", ".join(
            f"{kinds[kind]} {words}" for kind, words in KINDS.items() if kinds[kind]
        )
        exercise = pages.aims(about.side.get("exercise"))
        also = (
            f" The exercise of the page tests objective {' and '.join(map(str, exercise))}."
            if exercise
            else ""
        )
        count = len(about.questions)
        return f"{count} questions: {counted(about.counted('asks'))}; as {named}.{also}"


class TeachSyllabi(Teach):
    """{teach-syllabi}: each syllabus with its sessions."""

    def run(self):
        for file in (
            "stations",
            *(place.path for place in pages.written(self.env.srcdir)),
        ):
            self.env.note_dependency(f"teach/{file}.yml")
        return [self.syllabus(each) for each in self.read("syllabi")]

    def syllabus(self, entry):
        """One syllabus: for whom, the minutes in all, its sessions."""
        with self.faults():
            read = sum(
                teach.reading(session.get("before", []), self.env.srcdir)
                for session in entry["sessions"]
            )
        slots = sum(session["slot"] for session in entry["sessions"])
        parts = [
            paragraph(*self.inline(entry["for"])),
            paragraph(
                f"In class {slots} minutes; at home {read} minutes to read, "
                f"about {read * teach.STUDY} to study with paper and pencil.",
                classes=["bb-meta"],
            ),
        ]
        many = len(entry["sessions"]) > 1
        for count, session in enumerate(entry["sessions"], 1):
            parts += self.session(session, f"{count}. " if many else "")
        return self.section(f"syllabus-{entry['id']}", entry["title"], *parts)

    def session(self, session, number):
        """What comes before a session, its steps, and what follows it."""
        root = self.env.srcdir
        before = session.get("before", [])
        with self.faults():
            spans = [teach.minutes(step, root) for step in session["class"]]
            read = teach.reading(before, root)
        rows = [
            [*self.step(step), str(span_)]
            for step, span_ in zip(session["class"], spans, strict=True)
        ]
        left = session["slot"] - sum(spans)
        if left:
            rows.append(["Left over, to move and to ask", "", str(left)])
        found = [label(f"{number}{session['title']}, {session['slot']} minutes")]
        if before:
            found.append(
                paragraph(
                    "Before: ",
                    *self.pages(before),
                    f" ({read} minutes to read, about {read * teach.STUDY} to study)",
                )
            )
        found.append(table(session["title"], ("In class", "Page", "Minutes"), rows))
        for step in session.get("after", []):
            what, page = self.step(step)
            found.append(paragraph("After: ", *what, " (", *page, ")"))
        return found

    def step(self, step):
        """What is done in a step, and on which page."""
        words = teach.PARTS[step["part"]]
        if unit := UNITS.get(step["part"]):
            times = step.get("times", 1)
            words += f", {times} {unit}{'s' if times > 1 else ''}"
        if step["part"] == "station":
            name = step["station"]
            times = step.get("times", 1)
            words += f", {times} rounds" if times > 1 else ""
            page = [to_label(f"station-{name}", name)]
        else:
            page = [self.page(step["page"])] if "page" in step else []
        more = [": ", *self.inline(step["do"])] if "do" in step else []
        return [
            nodes.Text(words),
            *(nodes.Text(each) if isinstance(each, str) else each for each in more),
        ], page


class TeachStations(Teach):
    """{teach-stations}: each counseling station."""

    def run(self):
        return [self.station(each) for each in self.read("stations")]

    def station(self, entry):
        """One station: for the student, for the woman, for the examiner."""
        spans = ", ".join(f"{what} {count}" for what, count in entry["minutes"].items())
        woman = entry["woman"]
        rows = [
            [
                self.inline(each["point"]),
                str(each["points"]),
                self.places(each["rests"]),
            ]
            for each in entry["marks"]
        ]
        rows.append(["All", str(teach.points(entry)), ""])
        lines = [
            [
                nodes.emphasis("", f"{each['asked']}: "),
                *self.inline(f"“{each['line']}”"),
            ]
            for each in woman["says"]
        ]
        return self.section(
            f"station-{entry['id']}",
            entry["title"],
            paragraph(
                f"{sum(entry['minutes'].values())} minutes: {spans}",
                classes=["bb-meta"],
            ),
            label("For the student"),
            paragraph(*self.inline(entry["brief"])),
            label(f"For {woman['name']} (invented), and whoever plays her"),
            paragraph("She opens: ", *self.inline(f"“{woman['opens']}”")),
            bullets(lines),
            paragraph(
                nodes.strong("", "What she does not say unless she is asked: "),
                *self.inline(woman["hidden"]),
            ),
            label("Marking list"),
            table(
                f"marking list, {entry['title']}", ("Point", "Marks", "Rests on"), rows
            ),
            label("What fails the station, whatever the marks"),
            bullets(
                [
                    *self.inline(each["what"]),
                    nodes.Text(" ("),
                    *self.places(each["rests"]),
                    nodes.Text(")"),
                ]
                for each in entry["fails"]
            ),
            label("Teach-back"),
            bullets(map(self.inline, entry["teach_back"])),
            paragraph("Reading: ", *self.pages(entry["reading"])),
        )


class TeachCases(Teach):
    """{teach-cases}: each written case with its rubric."""

    def run(self):
        return [self.case(each) for each in self.read("cases")]

    def case(self, entry):
        """One case: the text or the page that has it, the task, the rubric, two answers."""
        told = (
            paragraph(*self.inline(entry["text"]))
            if "text" in entry
            else paragraph("The case stands in ", *self.places(entry["page"]), ".")
        )
        rows = [
            [
                self.inline(each["point"]),
                self.inline(f"{each['points']}: {each['full']}"),
                self.inline(each["half"]),
                self.inline(each["none"]),
                self.places(each["rests"]),
            ]
            for each in entry["rubric"]
        ]
        heads = ("What is graded", "Full marks", "Half", "None", "Rests on")
        return self.section(
            f"case-{entry['id']}",
            entry["title"],
            told,
            paragraph(nodes.strong("", "Task. "), *self.inline(entry["task"])),
            label(f"Rubric, {teach.points(entry)} points"),
            table(f"rubric, {entry['title']}", heads, rows),
            label("A sentence that earns the points"),
            paragraph(*self.inline(entry["passes"])),
            label("A sentence that fails"),
            paragraph(*self.inline(entry["fails"])),
            paragraph("Reading: ", *self.pages(entry["reading"])),
        )


class TeachCompetencies(Teach):
    """{teach-competencies}: each framework, its items in our words, and the objectives that we lay beside them."""

    def run(self):
        return [self.framework(each) for each in self.read("competencies")]

    def framework(self, entry):
        """One framework: what it is, where and when it was read, the map."""
        rows = [
            [
                [
                    nodes.strong("", str(item["code"])),
                    nodes.Text(" "),
                    *self.inline(item["words"]),
                ],
                between(self.meets(item["meets"]), "; "),
            ]
            for item in entry["items"]
        ]
        addresses = dict.fromkeys(
            [
                entry["where"],
                *(item["where"] for item in entry["items"] if "where" in item),
            ]
        )
        links = between(to_web(each, each.split("/")[2]) for each in addresses)
        seen = pages.in_words(entry["seen"])
        return self.section(
            f"framework-{entry['id']}",
            f"{entry['profession'].capitalize()}: {entry['name']}, {entry['year']}",
            paragraph(
                f"{entry['body']}. {entry['read']} Seen on {seen}: ", *links, "."
            ),
            table(
                entry["name"],
                ("Item, in our words", "Objectives that we lay beside it"),
                rows,
            ),
        )

    def meets(self, found):
        """The objectives: page and number, each a link to the card of the page."""
        for path, listed in found.items():
            place = pages.place(path, self.env.srcdir)
            assert place, path  # press.teach has looked
            *first, last = map(str, listed)
            which = f"s {', '.join(first)} and {last}" if first else f" {last}"
            yield nodes.inline(
                "",
                "",
                to_label(
                    f"card-{place.tier}-{place.thread}",
                    f"{place.number} {place.entry['name']}",
                ),
                nodes.Text(f", objective{which}"),
            )


class TeachArrives(Teach):
    """{teach-arrives}: the table of formats and platforms, with the fields that its file has."""

    def run(self):
        found = self.read("arrives")
        heads = [field.replace("_", " ").capitalize() for field in found[0]]
        rows = [[self.inline(each) for each in entry.values()] for entry in found]
        box = table("what arrives where", heads, rows)
        return [element("div", box, classes=["bb-teach"])]


#: The function of press.teach that reads a file.
READERS = {
    "syllabi": "syllabi",
    "stations": "stations",
    "cases": "cases",
    "competencies": "frameworks",
    "arrives": "arrives",
}


def setup(app):
    app.setup_extension("press.sphinx.furniture")
    for name, directive in (
        ("teach-card", TeachCard),
        ("teach-syllabi", TeachSyllabi),
        ("teach-stations", TeachStations),
        ("teach-cases", TeachCases),
        ("teach-competencies", TeachCompetencies),
        ("teach-arrives", TeachArrives),
    ):
        app.add_directive(name, directive)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
