"""{explorable} NAME: a figure with sliders, of the folder explorables/NAME.

    :::{explorable} sure-scan
    :alt: What the still figure shows.
    :controls: precision            (optional: show only these)
    :view: two-keys                 (optional, in their place: its buttons and no controls)
    A sentence that stands below, with Data and Source.
    :::

On the page stand a still figure with its sentence and, once scripts run, the controls,
the live chart, its sentence and its numbers. Formats without scripts keep the still
figure. A page loads the kit and the models of its own explorables only.
"""

import os
import shutil
from pathlib import Path

import jinja2
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from bonebook import tables
from explorables import FOLDER, explorable, known
from press.sphinx.cards import interactive
from press.sphinx.look import DARK
from press.sphinx.parts import element, paragraph

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(FOLDER),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
)
_TEMPLATES.policies["json.dumps_kwargs"] = {
    "ensure_ascii": False,
    "separators": (",", ":"),
}


class live(nodes.General, nodes.Element):
    """What only a page with scripts shows: `html`, of the explorable `name`."""


class ExplorableDirective(SphinxDirective):
    required_arguments = 1
    has_content = True
    option_spec = {
        "alt": directives.unchanged_required,
        "controls": directives.unchanged_required,
        "view": directives.unchanged_required,
    }

    def run(self):
        self.assert_has_content()
        try:
            shown = explorable(self.arguments[0])
            if view := self.options.get("view"):
                shown = shown.seen_as(view)
        except KeyError as error:
            raise self.error(error.args[0]) from None
        alt = " ".join(self.options.get("alt", "").split())
        if len(alt.split()) < 20:
            raise self.error(
                f"The explorable {shown.name} needs :alt: with at least 20 words on "
                "what its still figure shows."
            )
        controls = [each.name for each in shown.controls]
        names = self.options.get("controls", "").split() or controls
        if strange := set(names) - set(controls):
            raise self.error(
                f"The explorable {shown.name} has no controls named "
                f"{', '.join(sorted(strange))}; it has {', '.join(controls)}."
            )
        body = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, body)
        image = nodes.image("", uri=self.still(shown), alt=alt)
        said = paragraph(still_words(shown), classes=["bb-say"])
        said["given"] = True  # its numbers are the model's, not the prose's
        return [
            element(
                "div",
                paragraph(shown.title, classes=["bb-label"]),
                element("div", image, said, classes=["bb-off"]),
                live(name=shown.name, html=html(shown, names)),
                *body.children,
                classes=["bb-explorable"],
                ids=[f"explore-{shown.name}"],
                role="group",
                aria_label=shown.title,
                data_explorable=shown.name,
                data_vega="../" * self.env.docname.count("/")
                + "_static/vendor/vega/vega.min.js",
            )
        ]

    def still(self, shown):
        """Writes the still figure; its address from the root of the sources."""
        name = f"{shown.name}-{shown.view}" if shown.view else shown.name
        path = Path(self.env.app.outdir).parent / "explorables" / f"{name}.svg"
        path.parent.mkdir(parents=True, exist_ok=True)
        drawn = once(shown, "still")
        if not path.exists() or path.read_text(encoding="utf-8") != drawn:
            # Only then: to Sphinx a newer file is a changed one.
            path.write_text(drawn, encoding="utf-8")
        return "/" + Path(os.path.relpath(path, self.env.srcdir)).as_posix()


#: {(figure, view, method): (what it gave, what of data/ it looked at)} in this build: on another page it is the same.
_GIVEN: dict = {}


def once(shown, method):
    """What a method without arguments gives, asked for once in a build."""
    key = shown.name, shown.view, method
    if key not in _GIVEN:
        seen: list[str] = []
        with tables.listening(seen.append):
            _GIVEN[key] = getattr(shown, method)(), seen
    given, seen = _GIVEN[key]
    tables.look(seen)
    return given


def still_words(shown):
    """The sentence beside the still figure; of a view, that of each button, the one it opens with first."""
    opens = shown.sentence(shown.defaults(), shown.opening())
    others = [{**shown.defaults(), **values} for values in shown.presets.values()]
    told = [shown.sentence(each, shown.answer(each, shown.given())) for each in others]
    return " ".join(dict.fromkeys([opens, *told])) if shown.view else opens


def html(shown, names):
    """The live part of an explorable, which shows the controls of these names."""
    handed = {**once(shown, "handed"), "partners": DARK}
    template = _TEMPLATES.get_template("kit.html")
    return template.render(shown=shown, names=names, handed=handed) + "\n"


def visit_live(self, node):
    if interactive(self.builder.app):
        self.body.append(node["html"])
    raise nodes.SkipNode


def skip(self, node):
    raise nodes.SkipNode


def configure(app, config):
    config.html_static_path.append(str(FOLDER / "static"))


def copy_scripts(app):
    """Lays the scripts beside the site's others, before the pages are written."""
    _GIVEN.clear()
    if not interactive(app):
        return
    folder = Path(app.outdir, "_static", "explore")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(FOLDER / "kit.js", folder / "kit.js")
    for name in known():
        script = FOLDER / name.replace("-", "_") / "model.js"
        if not script.exists():
            raise ExtensionError(
                f"The explorable {name} has no model for the browser: there is no file "
                f"explorables/{script.parent.name}/model.js."
            )
        shutil.copyfile(script, folder / f"{name}.js")


def link_scripts(app, pagename, templatename, context, doctree):
    found = [] if doctree is None else [node["name"] for node in doctree.findall(live)]
    if not found or not interactive(app):
        return
    for script in ["kit", *dict.fromkeys(found)]:
        app.add_js_file(f"explore/{script}.js", loading_method="defer")


def setup(app):
    app.setup_extension("press.sphinx.parts")
    app.add_directive("explorable", ExplorableDirective)
    app.add_node(
        live,
        html=(visit_live, None),
        latex=(skip, None),
        text=(skip, None),
        man=(skip, None),
        texinfo=(skip, None),
    )
    app.connect("html-page-context", link_scripts)
    app.connect("config-inited", configure)
    app.connect("builder-inited", copy_scripts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
