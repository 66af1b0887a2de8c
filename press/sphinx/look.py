"""The look of the pages: the book's own sheets and templates, figures in light and dark, nothing loaded in vain.

Files directly in press/sphinx/static/ (.css, .js) are linked on every page; what lies in its folders (fonts, MathJax, icons) is only served.
"""

import re
from pathlib import Path

from docutils import nodes

from bonebook import style

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
DARK = style.dark_partners() | {
    "#000000": style.PAGE["ink"][1],
    "#ffffff": style.PAGE["paper"][1],
}
TIERS = ("fundamentals", "intermediate", "academic")


def configure(app, config):
    """The folders of this package, and each sheet and script that lies in them; what is chosen stands in _config.yml."""
    config.html_static_path.append(str(STATIC))
    config.templates_path.insert(0, str(HERE / "templates"))
    for sheet in sorted(STATIC.glob("*.css")):
        app.add_css_file(sheet.name, priority=900 if sheet.stem == "look" else 800)
    for script in sorted(STATIC.glob("*.js")):
        app.add_js_file(script.name, loading_method="defer")


def without_thebe(app, config):
    """Jupyter Book always loads sphinx-thebe (live cells from unpkg.com); the book does not use it."""
    for listeners in app.events.listeners.values():
        listeners[:] = [
            listener
            for listener in listeners
            if not listener.handler.__module__.startswith("sphinx_thebe")
        ]
    app.registry.css_files[:] = [
        entry for entry in app.registry.css_files if "thebe" not in entry[0]
    ]


def page(app, pagename, templatename, context, doctree):
    folder = pagename.split("/")[-2] if "/" in pagename else ""
    context["bb_tier"] = folder if folder in TIERS else ""
    context["bb_front"] = pagename == app.config.root_doc
    context["page_description"] = re.sub(
        r"\s+", " ", context.get("page_description", "")
    ).strip()
    if (
        not app.env.get_domain("math").data["has_equations"].get(pagename)
    ):  # Sphinx counts the formulas of the pages below, too
        context["script_files"] = [
            file
            for file in context["script_files"]
            if "mathjax" not in f"{file.filename}{file.attributes}".lower()
        ]
    if "body" in context:  # a wide formula scrolls, so the keyboard must reach it
        context["body"] = context["body"].replace(
            '<div class="math ',
            '<div tabindex="0" role="group" aria-label="Formula" class="math ',
        )
    if contents := context.get("generate_toctree_html"):  # not there in EPUB
        context["generate_toctree_html"] = lambda *args, **options: name_toggles(
            str(contents(*args, **options))
        )


def name_toggles(contents: str) -> str:
    """The theme's buttons that unfold a part of the contents have no name; they take the one of the link beside them."""
    return re.sub(
        r">([^<>]*)</a>(<details[^>]*>)<summary>",
        r'>\1</a>\2<summary aria-label="Pages of \1">',
        contents,
    )


def darken(svg: str) -> str:
    """A figure for the dark page: every house color by its partner, the rest untouched."""
    return re.sub(
        r"#[0-9a-fA-F]{6}\b", lambda found: DARK.get(found[0].lower(), found[0]), svg
    )


def pixels(svg: str) -> str:
    """width and height attributes in CSS pixels, so that the page does not jump when the figure arrives."""
    size = re.search(
        r'<svg[^>]*?\bwidth="([\d.]+)(pt|px|)"[^>]*?\bheight="([\d.]+)', svg, re.S
    )
    box = re.search(r'viewBox="[-\d.]+[ ,]+[-\d.]+[ ,]+([\d.]+)[ ,]+([\d.]+)"', svg)
    if not size and not box:
        return ""
    width, height = (
        (float(size[1]), float(size[3])) if size else (float(box[1]), float(box[2]))
    )
    scale = 4 / 3 if size and size[2] == "pt" else 1
    return f' width="{width * scale:.0f}" height="{height * scale:.0f}"'


def visit_image(self, node):
    """An SVG figure becomes two images with one text, of which light, print and script-free pages show the first."""
    source = Path(self.builder.srcdir, node["uri"])
    name = self.builder.images.get(node["uri"], "")
    start = len(self.body)
    type(self).visit_image(self, node)
    if (
        not name.endswith(".svg")
        or "bb-plain" in node["classes"]
        or self.builder.name == "epub"
    ):
        return
    svg = source.read_text(encoding="utf-8")
    dark = name.removesuffix(".svg") + "-dark.svg"
    folder = Path(self.builder.outdir, self.builder.imagedir)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / dark).write_text(darken(svg), encoding="utf-8")
    size = "" if node.get("width") or node.get("height") else pixels(svg)

    def both(found):
        tag = re.sub(r' class="[^"]*"', "", found[0][4:].rstrip(" />"))
        classes = " ".join(node["classes"])
        light, night = (
            f'<img class="{f"{classes} only-{mode}".strip()}"{size} loading="lazy" decoding="async"{tag} />'
            for mode in ("light", "dark")
        )
        return light + night.replace(name, dark)

    self.body[start:] = [re.sub(r"<img [^>]*>", both, "".join(self.body[start:]))]


def depart_image(self, node):
    type(self).depart_image(self, node)


def setup(app):
    app.connect("config-inited", without_thebe)
    app.connect("config-inited", configure)
    app.connect("html-page-context", page, priority=900)
    app.add_node(nodes.image, override=True, html=(visit_image, depart_image))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
