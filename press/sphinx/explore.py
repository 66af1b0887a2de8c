"""{explorable} NAME: a figure with sliders, of explorables/NAME.py.

    :::{explorable} sure-scan
    :alt: What the still figure shows.
    :controls: precision            (optional: show only these)
    A sentence that stands below, with Data and Source.
    :::

On the page stand a still figure and, once scripts run, the controls, the live chart and its numbers. Formats without scripts keep
the still figure. The scripts are linked only on pages that have an explorable.
"""

import importlib
import math
import os
from html import escape
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

import explorables
from explorables.kit import Choice, Count, to_json
from press.sphinx.look import DARK
from press.sphinx.parts import element, paragraph

FOLDER = Path(explorables.__file__).resolve().parent


def known():
    """Names of the explorables, from the files of their folder."""
    return sorted(
        path.stem.replace("_", "-")
        for path in FOLDER.glob("*.py")
        if path.stem not in ("__init__", "kit")
    )


def explorable(name):
    """The explorable of that name; KeyError, in a sentence, if there is none."""
    if name not in known():
        raise KeyError(
            f"There is no explorable {name!r} in explorables; there are {', '.join(known())}."
        )
    return importlib.import_module(f"explorables.{name.replace('-', '_')}").EXPLORABLE


class live(nodes.General, nodes.Element):
    """What only a page with scripts shows: `html`."""


class ExplorableDirective(SphinxDirective):
    required_arguments = 1
    has_content = True
    option_spec = {
        "alt": directives.unchanged_required,
        "controls": directives.unchanged_required,
    }

    def run(self):
        self.assert_has_content()
        try:
            shown = explorable(self.arguments[0])
        except KeyError as error:
            raise self.error(error.args[0]) from None
        alt = " ".join(self.options.get("alt", "").split())
        if len(alt.split()) < 20:
            raise self.error(
                f"The explorable {shown.name} needs :alt: with at least 20 words on what its still figure shows."
            )
        shown_controls = self.options.get("controls", "").split() or [
            each.name for each in shown.controls
        ]
        if strange := set(shown_controls) - {each.name for each in shown.controls}:
            raise self.error(
                f"The explorable {shown.name} has no controls named {', '.join(sorted(strange))}."
            )
        body = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, body)
        label = f"explore-{shown.name}"
        off = element(
            "div", nodes.image("", uri=self.still(shown), alt=alt), classes=["bb-off"]
        )
        return [
            element(
                "div",
                paragraph(shown.title, classes=["bb-label"]),
                off,
                live(html=html(shown, shown_controls)),
                *body.children,
                live(
                    html=f'<script type="application/json">{to_json({"given": shown.given(), "chart": shown.vega(), "partners": DARK})}</script>'
                ),
                classes=["bb-explorable"],
                ids=[label],
                role="group",
                aria_label=shown.title,
                data_explorable=shown.name,
                data_vega=f"{'../' * self.env.docname.count('/')}_static/vendor/vega/vega.min.js",
            )
        ]

    def still(self, shown):
        """Writes the still figure; its address as Sphinx wants it, from the root of the sources."""
        path = Path(self.env.app.outdir).parent / "explorables" / f"{shown.name}.svg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(shown.still(), encoding="utf-8")
        return "/" + Path(os.path.relpath(path, self.env.srcdir)).as_posix()


def html(shown, names):
    """Presets, controls (those not named stay at their settings, out of sight), the place of the chart, its sentence and its numbers."""
    presets = "".join(
        f"<button type=\"button\" data-preset='{escape(to_json(values), quote=True)}'>{escape(name)}</button>"
        for name, values in shown.presets.items()
    )
    return (
        '<div class="bb-live" hidden>\n'
        + (
            f'<div class="bb-presets" role="group" aria-label="Settings to start from">{presets}</div>\n'
            if presets
            else ""
        )
        + f'<div class="bb-controls">\n{"".join(control(shown, each, each.name not in names) for each in shown.controls)}</div>\n'
        + f'<div class="bb-chart" role="img" aria-label="{escape(shown.title)}, drawn for these settings. The sentence and the table after it say what it shows."></div>\n'
        + '<p class="bb-say" aria-live="polite"></p>\n'
        + f'<details class="bb-numbers"><summary>The numbers</summary><table><caption>{escape(shown.title)}: numbers at these settings</caption><tbody></tbody></table></details>\n'
        + "</div>\n"
    )


def control(shown, each, away=False):
    """One control with its label, and with its help where it has one."""
    name = f"{shown.name}-{each.name}"
    away = " hidden" * away
    about = f' aria-describedby="{name}-help"' if each.help else ""
    help = (
        f'<p class="bb-help" id="{name}-help">{escape(each.help)}</p>'
        if each.help
        else ""
    )
    label = f'<label for="{name}">{escape(each.label)}</label>'
    if isinstance(each, Choice):
        options = "".join(
            f'<option value="{value}"{" selected" * (value == each.value)}>{escape(text)}</option>'
            for value, text in each.options.items()
        )
        return f'<div class="bb-control bb-choice"{away}>{label}<select id="{name}" data-control="{each.name}"{about}>{options}</select>{help}</div>\n'
    if isinstance(each, Count):
        return (
            f'<div class="bb-control bb-count"{away}>{label}<input type="number" id="{name}" data-control="{each.name}" '
            f'min="{each.low}" max="{each.high}" step="1" value="{each.value}" inputmode="numeric"{about}>{help}</div>\n'
        )
    low, high, value = (
        math.log2(number) if each.log else number
        for number in (each.low, each.high, each.value)
    )
    return (
        f'<div class="bb-control bb-slider"{away}>{label} <output for="{name}"></output><input type="range" id="{name}" data-control="{each.name}" '
        f'min="{low:g}" max="{high:g}" step="{each.step:g}" value="{value:.10g}" data-exact="{each.value!r}" data-digits="{each.digits}" data-unit="{escape(each.unit)}"'
        f"{' data-log=1' * each.log}{about}>{help}</div>\n"
    )


def visit_live(self, node):
    if self.builder.name != "epub":
        self.body.append(node["html"])
    raise nodes.SkipNode


def skip(self, node):
    raise nodes.SkipNode


def configure(app, config):
    config.html_static_path.append(str(FOLDER / "static"))


def scripts(app, pagename, templatename, context, doctree):
    if doctree is not None and next(doctree.findall(live), None):
        app.add_css_file("explore.css", priority=850)
        for script in ("models", "explore"):
            app.add_js_file(f"{script}.js", loading_method="defer")


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
    app.connect("html-page-context", scripts)
    app.connect("config-inited", configure)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
