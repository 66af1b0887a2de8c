"""What others lay into the site when all pages are written is there before the first page is.

Three packages copy a style sheet at the very end. A page that was written before has no word in its address for what the sheet
holds (`?v=`), so that a first build and a second one gave other pages; and a build that was stopped left the theme's own
colors of code, which nobody can read in the dark.
"""

from pathlib import Path

#: The modules whose last step copies files and looks at no page.
LATE = ("myst_nb.sphinx_ext", "sphinx_exercise", "pydata_sphinx_theme.pygments")
#: Settings that hold places on this machine. What lies there is in the digest of press/sphinx/fresh.py.
PLACES = ("html_static_path", "templates_path")


def lay_first(app):
    """Call those steps after Sphinx has copied its own files, and not again at the end."""
    if app.builder.name not in ("html", "dirhtml"):
        return
    listeners = app.events.listeners["build-finished"]
    late = [each for each in listeners if each.handler.__module__ in LATE]
    listeners[:] = [each for each in listeners if each not in late]
    copy = app.builder.copy_assets

    def copy_assets():
        copy()
        for listener in late:
            listener.handler(app, None)

    app.builder.copy_assets = copy_assets


def nowhere(app):
    """The record of what pages were written from (.buildinfo) is the same in every folder."""
    if not hasattr(app.builder, "create_build_info"):
        return
    kept = {name: app.config[name] for name in PLACES}
    for name, paths in kept.items():
        app.config[name] = [Path(path).name for path in paths]
    app.builder.build_info = app.builder.create_build_info()
    for name, paths in kept.items():
        app.config[name] = paths


def setup(app):
    app.connect("builder-inited", lay_first)
    app.connect("builder-inited", nowhere)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
