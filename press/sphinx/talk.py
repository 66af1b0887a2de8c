"""The list for the appointment: {talk-form}, and a {talk-topic} for each thing that may matter.

    :::{talk-form}
    :::

    ## The list                              (the topics follow each other, in one section)

    :::{talk-topic} spine
    :title: Breaks in the spine
    - A question to ask?
    - Another?

    A fact with its comparison, a paragraph each.
    From [](fractures.md).
    :::

The questions come first, as one list; each ends with a question mark. Below them stand the
facts; each names the page that it comes from with a link. All of it is on the page, in every
format. With scripts, static/talk/talk.js lets a reader tick the topics, and only the ticked
ones are seen, printed and copied.
"""

from html import escape

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes

from press import pages
from press.sphinx.cards import interactive
from press.sphinx.furniture import Furniture
from press.sphinx.parts import paragraph

SCRIPT = "talk/talk.js"


class talk_form(nodes.General, nodes.Element):
    """What only a page with scripts shows: the ticks, a field for questions of one's own, copy and print."""


class TalkForm(Furniture):
    """{talk-form}: where one ticks; it asks for the topics of its page, so they need not be listed twice."""

    has_content = False

    def run(self):
        with self.faults():
            day = pages.in_words(pages.checked(root=self.env.srcdir))
        return [talk_form(checked=day)]


class TalkTopic(Furniture):
    """{talk-topic} NAME: a section with questions to ask and the facts that bear on them."""

    required_arguments = 1
    option_spec = {"title": directives.unchanged_required}

    def run(self):
        self.assert_has_content()
        name = self.arguments[0]
        if not self.options.get("title"):
            raise self.error(
                f"{{talk-topic}} {name} needs :title:, the words beside its tick."
            )
        title = nodes.title("", "", *self.inline(self.options["title"]))
        known = self.env.temp_data.setdefault("talk topics", set())
        if name in known:
            raise self.error(f"{{talk-topic}} {name} stands twice on this page.")
        known.add(name)
        asked, facts = self.parted()
        section = nodes.section(
            "",
            title,
            paragraph("Questions to ask", classes=["bb-label", "bb-talk-ask"]),
            asked,
            paragraph("What is known", classes=["bb-label", "bb-talk-know"]),
            *facts,
            classes=["bb-talk-topic"],
            ids=[f"talk-{name}"],
            names=[f"talk-{name}"],
        )
        self.state.document.note_explicit_target(section, section)
        return [section]

    def parted(self):
        """The list of questions and the paragraphs with facts, looked at."""
        asked, *facts = self.body()
        if not isinstance(asked, nodes.bullet_list):
            raise self.error("{talk-topic} begins with a list of questions.")
        for item in asked.children:
            if not item.astext().rstrip().endswith("?"):
                raise self.error(
                    f"{{talk-topic}}: {item.astext()[:60]!r} is no question; it ends with a question mark."
                )
        if not facts:
            raise self.error(
                "{talk-topic}: facts are missing; they stand below the questions."
            )
        for fact in facts:
            if not isinstance(fact, nodes.paragraph):
                raise self.error(
                    "{talk-topic}: below the questions stand facts, a paragraph each."
                )
            if not any(map(leads_to_page, fact.findall(addnodes.pending_xref))):
                raise self.error(
                    f"{{talk-topic}}: {fact.astext()[:60]!r} names no page; it ends with a link to the page that it comes from."
                )
            fact["classes"].append("bb-talk-fact")
        return asked, facts


def leads_to_page(link):
    """Whether a link leads to another page of the book: neither a term nor a source."""
    return link.get("refdomain") == "doc" or link.get("reftype") in ("doc", "myst")


def form(topics, checked, book):
    """The form as HTML. topics: {name: title}; checked: the day of the evidence; book: its title."""
    ticks = "\n".join(
        f'<label class="bb-talk-choice"><input type="checkbox" name="topic" value="{escape(name)}" />'
        f"<span>{escape(title)}</span></label>"
        for name, title in topics.items()
    )
    return _FORM.format(ticks=ticks, checked=escape(checked), book=escape(book))


# All of it is hidden until talk.js shows it. What is on the sheet alone (bb-talk-sheet) is
# shown by the style sheet for print.
_FORM = """
<p class="bb-talk-all">The whole list stands below. Print it, or mark on it what matters to you.</p>
<form class="bb-talk" autocomplete="off" aria-label="Make your list" hidden>
<fieldset aria-describedby="bb-talk-hint">
<legend>What matters to you?</legend>
<p class="bb-talk-hint" id="bb-talk-hint">Tick as many as you like. Their order says nothing about what is more important.</p>
<div class="bb-talk-choices">
{ticks}
</div>
<p class="bb-talk-every"><button type="button" data-do="all">Tick everything</button></p>
</fieldset>
<div class="bb-talk-add">
<label for="bb-talk-own">A question of your own</label>
<div><input type="text" id="bb-talk-own" maxlength="300" /><button type="submit">Add it</button></div>
</div>
<label class="bb-talk-choice bb-talk-notes"><input type="checkbox" name="lines" /><span>Leave lines for notes</span></label>
<p class="bb-talk-said" role="status"></p>
<div class="bb-talk-do" role="group" aria-label="Your list">
<button type="button" data-do="print">Print my list</button>
<button type="button" data-do="copy">Copy my list</button>
<button type="button" data-do="clear">Clear my list</button>
</div>
<div class="bb-talk-text" hidden>
<label for="bb-talk-text">Your list as text, to copy by hand</label>
<textarea id="bb-talk-text" rows="12" readonly></textarea>
</div>
<p class="bb-talk-kept">What you tick and write is kept in this browser only, and nothing is sent anywhere. &#8220;Clear my list&#8221; makes the browser forget it.</p>
</form>
<div class="bb-talk-sheet" hidden>
<p class="bb-talk-heading">My list for the appointment</p>
<p class="bb-talk-blank"><span>With</span> <span>Day</span></p>
<p class="bb-talk-blank"><span>What weighs most for me</span></p>
<p class="bb-talk-blank"><span>Where I lean today (this tablet, another, none for now, not sure)</span></p>
<p class="bb-talk-origin">Questions to ask and facts to talk about; no advice. Each fact names its page of the book &#8220;{book}&#8221;. Facts checked to {checked}.</p>
</div>
"""


def visit_form(self, node):
    """HTML: the form, with the topics of its page. Other forms of the book have the whole list."""
    if interactive(self.builder.app):
        topics = {
            section["ids"][0].removeprefix("talk-"): section[0].astext()
            for section in self.document.findall(nodes.section)
            if "bb-talk-topic" in section["classes"]
        }
        self.body.append(form(topics, node["checked"], self.config.html_title))
    raise nodes.SkipNode


def skip(self, node):
    """Other formats: nothing; they have the whole list."""
    raise nodes.SkipNode


def link_script(app, pagename, templatename, context, doctree):
    """The script, on a page with the form only."""
    if doctree is None or not interactive(app):
        return
    if next(doctree.findall(talk_form), None):
        app.add_js_file(SCRIPT, loading_method="defer")


def setup(app):
    app.setup_extension("press.sphinx.parts")
    app.add_directive("talk-form", TalkForm)
    app.add_directive("talk-topic", TalkTopic)
    app.add_node(
        talk_form,
        html=(visit_form, None),
        latex=(skip, None),
        text=(skip, None),
        man=(skip, None),
        texinfo=(skip, None),
    )
    app.connect("html-page-context", link_script)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
