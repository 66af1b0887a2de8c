"""The look of the pages: the book's own sheets and templates, figures in light and dark,
nothing loaded in vain.

The sheets of press/sphinx/styles/, one a component, become book.css; on the site it is part
of the one sheet site.css (onesheet.py), with what the pages use of the theme's. Scripts
directly in press/sphinx/static/ are part of the one script site.js; what lies in its folders
(fonts, icons) is only served.
"""

import base64
import re
import shutil
from pathlib import Path

from docutils import nodes
from jinja2 import FileSystemBytecodeCache
from sphinx.builders.html._assets import _JavaScript

from bonebook import palette
from explorables import FOLDER
from press.sphinx import onesheet
from press.sphinx.cards import interactive
from press.state import of_files, remaking

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
STYLES = HERE / "styles"
ICONS = STATIC / "vendor" / "fontawesome" / "webfonts"
#: The order of the layers, as templates/layout.html declares it: a later one wins, whatever
#: its selectors. The theme's sheets are a layer too, so ours need not outdo them. Only
#: "overrule" stands before the theme: among !important declarations the first layer wins.
LAYERS = (
    "overrule",
    "theme",
    "tokens",
    "base",
    "frame",
    "figures",
    "tables",
    "drawn",
    "code",
    "boxes",
    "head",
    "cards",
    "questions",
    "talk",
    "ask",
    "hub",
    "maps",
    "reference",
    "front",
    "search",
    "foot",
    "explorables",
    "print",
)
#: Colors that the pages share with the figures: variable (--bb-...) and name in palette.PAGE.
SHARED = {
    "paper": "paper",
    "soft": "soft",
    "line": "grid",
    "ink": "ink",
    "teal": "teal",
    "blue": "blue",
    "plum": "plum",
}
#: What a page may load and run (a content security policy, in its head): its own site's files and
#: nothing else, no script and no style sheet written into it, no text turned into a script. The
#: attribute `style` is allowed: tables that pandas writes align their columns by it, and Vega its words;
#: and so are fonts in the sheet: the icons.
POLICY = (
    "default-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'none'"
)
#: Scripts of extensions that no page has a use for: what they serve is not in this book (marks of
#: Sphinx's own search, keys for it), or folds by itself.
UNUSED = ("doctools.js", "sphinx_highlight.js", "togglebutton.js")
#: Those that some pages use, with what stands on these.
NEEDED_BY = {
    "clipboard.min.js": 'class="highlight"',
    "copybutton.js": 'class="highlight"',
    "design-tabs.js": "sd-tab-set",
}
#: The one script of every page, site.js, in this order: what Sphinx tells scripts, the theme's two, ours.
#: The pages load nothing of it singly; ours are served singly as well, for the page that stands in for
#: a lost one.
SCRIPT = "site.js"
TOGETHER = (
    "documentation_options.js",
    "scripts/sphinx-book-theme.js",
    *sorted(path.name for path in STATIC.glob("*.js")),
    "scripts/pydata-sphinx-theme.js",
)
#: Files and folders of scripts that hold the words of pages and tables, and name no class.
WORDS_ONLY = {"book.js", "rows.js", "parts"}
#: The theme's files that no page loads, 5 MB of them: its sheets are in the one sheet, its icons in
#: our font, its menus in our templates; and what Sphinx serves its own search with.
UNSERVED = (
    *("styles", "locales", "images", "scripts", "*webpack-macros.html"),
    *("basic.css", "copybutton.css", "exercise.css", "mystnb.*.css", "pygments.css"),
    *("sphinx-design.min.css", "togglebutton.css", "book.css", "check-solid.svg"),
    *("copy-button.svg", "file.png", "minus.png", "plus.png", "searchtools.js"),
    *("language_data.js", "copybutton_funcs.js", *UNUSED),
)
#: Sheets of the book have this priority or a later one; what comes before is the theme's.
OWN = 800
DARK = palette.dark_partners() | {
    "#000000": palette.PAGE["ink"][1],
    "#ffffff": palette.PAGE["paper"][1],
}
TIERS = ("fundamentals", "intermediate", "academic")


def shared_colors() -> str:
    """The variables of SHARED, for the light and for the dark page."""
    light, dark = (
        "".join(
            f"--bb-{word}: {palette.PAGE[name][mode]}; "
            for word, name in SHARED.items()
        )
        for mode in (0, 1)
    )
    return (
        f'@layer tokens {{ :root {{ {light}}} html[data-theme="dark"] {{ {dark}}} }}\n'
    )


def sheet() -> str:
    """book.css: the shared colors, then each component's sheet in the order of LAYERS."""
    parts = (STYLES / f"{layer}.css" for layer in LAYERS)
    return shared_colors() + "".join(
        part.read_text(encoding="utf-8") for part in parts if part.exists()
    )


def write_sheet(folder: Path) -> None:
    """Write book.css into `folder`, unless it stands there already as it should."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "book.css"
    text = sheet()
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        file.write_text(text, encoding="utf-8")


def write_site(app, error):
    """site.js and site.css, from the pages and scripts as they were written; and away with the files that they stand for."""
    if error or not interactive(app) or not hasattr(app, "theme_sheets"):
        return  # no page was written
    static = Path(app.outdir, "_static")
    addresses = ("basic.css", "styles/pydata-sphinx-theme.css", *app.theme_sheets)
    theirs = [
        (str(Path(each).parent), with_icons((static / each).read_text("utf-8")))
        for each in addresses
    ]
    parts = [(static / name).read_text(encoding="utf-8") for name in TOGETHER]
    kept = [re.sub(r"//# sourceMappingURL=\S*", "", part).strip() for part in parts]
    (static / SCRIPT).write_text(";\n".join(kept) + "\n", encoding="utf-8")
    for pattern in UNSERVED:
        for path in static.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    pages = [
        path.read_text(encoding="utf-8")
        for path in Path(app.outdir).rglob("*.html")
        if path.relative_to(app.outdir).parts[0] not in ("_static", "lite")
    ]
    scripts = [
        path.read_text(encoding="utf-8")
        for path in static.rglob("*.js")
        if not {"vendor", *WORDS_ONLY} & set(path.relative_to(static).parts)
    ]
    ours = sheet() + (FOLDER / "static" / "explore.css").read_text(encoding="utf-8")
    names = onesheet.named(pages, scripts, Path(app.doctreedir, "names.json"))
    texts = [*sorted(names), *(text for _, text in theirs), ours]
    state = of_files(HERE, [HERE / "onesheet.py"], *texts)
    file = static / onesheet.FILE
    stamp = Path(app.doctreedir, ".site-sheet")
    if not file.exists():
        stamp.unlink(missing_ok=True)
    with remaking(stamp, {file.name: state}) as stale:
        if stale:
            text = onesheet.one_sheet(LAYERS, theirs, ours, names, " ".join(scripts))
            file.write_text(text, encoding="utf-8")


def with_icons(text: str) -> str:
    """A sheet of the theme with our font of icons in it: in a frame that takes a page's origin from it, no font comes from a file.

    Words stand in another face then, and icons would be empty boxes.
    """

    def held(found):
        file = ICONS / found[1]
        if not file.exists():
            return found[0]
        data = base64.b64encode(file.read_bytes()).decode()
        return f'src:url("data:font/woff2;base64,{data}") format("woff2")'

    return re.sub(r"src:url\([^)]*?/(fa-[\w-]+\.woff2)\)[^;}]*", held, text)


def configure(app, config):
    """The book's own sheet and the folders of this package.

    What is chosen stands in _config.yml.
    """
    generated = Path(app.outdir).parent / "look"
    write_sheet(generated)
    config.html_static_path += [str(STATIC), str(generated)]
    config.templates_path.insert(0, str(HERE / "templates"))
    app.add_css_file("book.css", priority=OWN)


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


def keep_templates(app):
    """Templates are compiled once, and not in each build; Jinja itself looks whether one has changed."""
    if templates := getattr(app.builder, "templates", None):
        folder = Path(app.doctreedir, "templates")
        folder.mkdir(parents=True, exist_ok=True)
        templates.environment.bytecode_cache = FileSystemBytecodeCache(str(folder))


def address(tag: str) -> str:
    """Where a <link> to a sheet leads: its href, still escaped."""
    return re.findall(r'href="([^"]*)"', tag)[0]


def page(app, pagename, templatename, context, doctree):
    folder = pagename.split("/")[-2] if "/" in pagename else ""
    context["bb_tier"] = folder if folder in TIERS else ""
    context["bb_layers"] = LAYERS
    theirs = [each for each in context["css_files"] if each.priority < OWN]
    context["bb_theme_sheets"] = [address(context["css_tag"](each)) for each in theirs]
    app.theme_sheets = [str(each.filename).removeprefix("_static/") for each in theirs]
    context["script_files"] = scripts(context)
    if app.builder.name == "html":
        context["metatags"] = policy(context["pathto"]) + context.get("metatags", "")
    context["bb_front"] = pagename == app.config.root_doc
    if "body" in context:  # the name of folded code is what stands on it
        named = '<summary aria-label="Toggle hidden content">'
        context["body"] = context["body"].replace(named, "<summary>")
    if contents := context.get("generate_toctree_html"):  # not there in EPUB
        context["generate_toctree_html"] = lambda *args, **options: name_toggles(
            str(contents(*args, **options))
        )


def policy(pathto) -> str:
    """The policy of a page, and before it the one script that may exchange it for the same policy with the site's name in it.

    It does so by a comment that the end of these lines closes; where it does not, there is an empty one.
    """
    first = pathto("_static/first/first.js", 1)
    return (
        f'<script src="{first}" data-policy="{POLICY}"></script>'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}" /><!-- -->'
    )


def scripts(context) -> list:
    """The scripts that a page has a use for beside the one of all, each a file and none before the page is read."""
    kept = []
    elsewhere = {*UNUSED, *(Path(name).name for name in TOGETHER)}
    for each in context["script_files"]:
        name = Path(str(each.filename)).name
        used = NEEDED_BY.get(name, "") in (context.get("body") or "")
        if not each.filename or name in elsewhere or not used:
            continue
        attributes = {"defer": "defer", **each.attributes}
        kept.append(_JavaScript(each.filename, priority=each.priority, **attributes))
    return kept


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
    scale = 4 / 3 if size and size[2] == "pt" else 1
    if size:
        width, height = float(size[1]), float(size[3])
    elif box:
        width, height = float(box[1]), float(box[2])
    else:
        return ""
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
        or not interactive(self.builder.app)
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
    app.connect("builder-inited", keep_templates)
    app.connect("html-page-context", page, priority=900)
    app.connect("build-finished", write_site, priority=850)
    app.add_node(nodes.image, override=True, html=(visit_image, depart_image))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
