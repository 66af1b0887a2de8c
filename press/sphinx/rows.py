"""Which rows of data/ a page was made from: it is read again when one of them changes, and not when others do.

While a page is read and while it is written, bonebook.tables tells what is looked at: a row, a table, all. With what its cells
looked at (seen.py), each page keeps what these were. Rows that come or go, columns, and the tables of fresh.COMMON change every
page. What is kept in the process from one page to the next must look at its rows once more for each (explore.once).
"""

import json
from pathlib import Path

from bonebook import tables
from press.sphinx.seen import EVERYTHING, Notes, word


class Looked:
    """What of data/ each page has looked at, and what that was: {page: {what: state}}."""

    def __init__(self, app) -> None:
        self.app = app
        self.file = Path(app.doctreedir, "rows.json")
        self.known: dict[str, dict[str, str]] = self.kept()
        self.writing: str | None = None  # the page that is written
        self.told = tables.listening(self.note)

    def kept(self):
        """Of the builds before."""
        try:
            return json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}

    def state(self, what):
        """What it is now, as one word."""
        return self.app.bonebook_tables.state(what)

    def note(self, what):
        """Somebody looks at a row or a table: for the page that is read, or else for the one that is written."""
        env = getattr(self.app, "env", None)
        name = (env and env.temp_data.get("docname")) or self.writing
        if name:
            seen = self.known.setdefault(name, {})
            if what not in seen:
                seen[what] = self.state(what)

    def holds(self, name):
        """Whether all that a page looked at is as it was. One of which nothing was kept does not hold."""
        seen = self.known.get(name)
        return seen is not None and all(
            self.state(what) == state for what, state in seen.items()
        )

    def changed(self, app, env, added, changed, removed):
        """The pages that rest on something that is another now, or of which that is not known."""
        return [name for name in env.all_docs if not self.holds(name)]

    def begin(self, app, docname, source):
        """A page is read: what it looked at before counts no more, what its cells have looked at does."""
        self.known[docname] = {}
        notes = Notes(app.config.nb_execution_cache_path, Path(app.srcdir, "data"))
        key = getattr(app, "bonebook_cells", {}).get(docname)
        seen = notes.kept(key) if key else None
        if seen is None and "{code-cell}" in source[0]:
            seen = {EVERYTHING: ""}  # nobody noted what its cells look at
        for what in seen or ():
            self.note(what)

    def save(self, *_):
        """As soon as pages are read, and again when they are written."""
        text = json.dumps(self.known, sort_keys=True)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(text, encoding="utf-8")

    def write(self, app, doctree, docname):
        """A page is about to be written."""
        self.writing = docname

    def draw(self, app, pagename, templatename, context, doctree):
        """Or one that has no source."""
        self.writing = pagename

    def word(self, name):
        """One word for all that a page rests on, for what is made of it later."""
        seen = self.known.get(name, {EVERYTHING: ""})
        return word(*(f"{what} {self.state(what)}" for what in sorted(seen)))


def setup(app):
    def listen(app):
        app.bonebook_rows = looked = Looked(app)
        looked.told.__enter__()
        app.connect("env-get-outdated", looked.changed)
        app.connect("source-read", looked.begin, priority=900)  # its cells have run
        app.connect("env-updated", looked.save)
        app.connect("doctree-resolved", looked.write, priority=1)
        app.connect("html-page-context", looked.draw, priority=1)

    def end(app, error):
        if looked := getattr(app, "bonebook_rows", None):
            looked.told.__exit__(None, None, None)
            looked.writing = None
            looked.save()

    app.connect("builder-inited", listen, priority=1)
    app.connect("build-finished", end, priority=1)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": False}
