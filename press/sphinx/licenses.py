"""licenses.txt beside the pages: what the site brings that others made, and under which licenses (press/shipped.py)."""

from pathlib import Path

from press import shipped


def write(app, error):
    """The file, once all pages are written."""
    if error is None and app.builder.name in ("html", "dirhtml"):
        text = shipped.licenses()
        Path(app.outdir, "licenses.txt").write_text(text, encoding="utf-8")


def setup(app):
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
