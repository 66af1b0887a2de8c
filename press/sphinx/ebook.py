"""The builder `epub`, Sphinx's own, made to hold what this book has: EPUB 3 with formulas as MathML, figures as SVG, a cover, no script.

Readers of e-books are not browsers: there are no cards (numbers have notes), nothing folds, and one small style sheet
(sheets/epub.css) leaves type and colors to the reader's own settings. Two builds of one state give the same bytes.
"""

import re
import shutil
import uuid
from pathlib import Path

import vl_convert
from sphinx.builders import _epub_base
from sphinx.builders.epub3 import Epub3Builder
from sphinx.highlighting import PygmentsBridge

from press import edition, pages, social, takeaway, zips
from press.sphinx.hosting import LICENSE
from press.sphinx.look import STATIC

SHEET = Path(__file__).resolve().parent / "sheets" / "epub.css"
COVER = "_static/cover.png"
LIGHT = "a11y-high-contrast-light"  # colors of code, as on the light page
FONT = "stix-two-math.woff2"
#: Listeners that lay out pages of a site, and fail where there is none.
THEMES = ("sphinx_book_theme", "pydata_sphinx_theme")
#: What a reader with a screen reader can expect, as https://www.w3.org/TR/epub-a11y-11/ names it.
ACCESS = (
    ("accessMode", "textual"),
    ("accessMode", "visual"),
    ("accessModeSufficient", "textual"),
    ("accessibilityFeature", "alternativeText"),
    ("accessibilityFeature", "MathML"),
    ("accessibilityFeature", "structuralNavigation"),
    ("accessibilityFeature", "tableOfContents"),
    ("accessibilityHazard", "none"),
    (
        "accessibilitySummary",
        "Figures have alternative text and captions, formulas are MathML, numbers have their sources in notes.",
    ),
)


class BookBuilder(Epub3Builder):
    """EPUB 3 of this book."""

    media_types = _epub_base.MEDIA_TYPES | {".woff2": "font/woff2"}

    def init(self):
        """Begin with an empty folder: whatever lies in it would go into the book."""
        super().init()
        for old in Path(self.outdir).iterdir():
            shutil.rmtree(old) if old.is_dir() else old.unlink()

    def copy_static_files(self):
        """The sheet, the font of formulas, the cover."""
        folder = Path(self.outdir, "_static")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        code = PygmentsBridge("html", LIGHT).get_stylesheet()
        sheet = SHEET.read_text(encoding="utf-8") + code
        (folder / "book.css").write_text(sheet, encoding="utf-8")
        shutil.copyfile(STATIC / "fonts" / FONT, folder / FONT)
        drawing = Path(self.srcdir, "figures", "cover.svg")
        pixels = b""
        if drawing.exists():
            pixels = vl_convert.svg_to_png(drawing.read_text(encoding="utf-8"), scale=2)
        which = edition.edition(self.srcdir)
        name, _, below = (which.title if which else self.config.epub_title).partition(
            ":"
        )
        social.cover(
            folder / "cover.png", name, below.strip(), self.config.epub_author, pixels
        )

    def content_metadata(self):
        """What the book says of itself; its day is that of its version, so that a later build of it is the same."""
        which = edition.edition(self.srcdir)
        day = which.released if which else pages.checked(None, self.srcdir)
        return super().content_metadata() | {"date": f"{day.isoformat()}T00:00:00Z"}

    def build_content(self):
        """The list of files, which also says which of them hold formulas, what the cover is, and what is accessible."""
        super().build_content()
        file = Path(self.outdir, "content.opf")
        text = file.read_text(encoding="utf-8")

        def properties(found):
            name = found[1]
            if name == COVER:
                return f'{found[0]} properties="cover-image"'
            if not name.endswith(".xhtml") or name == "nav.xhtml":
                return found[0]
            page = Path(self.outdir, name).read_text(encoding="utf-8")
            return found[0] + (' properties="mathml"' if "<math" in page else "")

        text = re.sub(r'href="([^"]+)" media-type="[^"]+"', properties, text)
        told = "".join(
            f'    <meta property="schema:{name}">{said}</meta>\n'
            for name, said in ACCESS
        )
        told += f'    <link rel="cc:license" href="{LICENSE}"/>\n'
        text = text.replace("  </metadata>", f"{told}  </metadata>")
        text = text.replace(
            'prefix="', 'prefix="cc: http://creativecommons.org/ns# ', 1
        )
        text = re.sub(r"\s*<dc:contributor>unknown</dc:contributor>", "", text)
        file.write_text(text, encoding="utf-8")

    def toc_metadata(self, level, navpoints):
        """What toc.ncx says of the book: the same name as content.opf."""
        known = super().toc_metadata(level, navpoints)
        return known | {"uid": self.config.epub_identifier}

    def build_epub(self):
        """The archive, with one day for all its files."""
        names = ["META-INF/container.xml", "content.opf", "toc.ncx", *self.files]
        target = Path(self.outdir, f"{self.config.epub_basename}.epub")
        held = ["mimetype", *dict.fromkeys(names)]
        files = ((name, Path(self.outdir, name).read_bytes()) for name in held)
        zips.write(target, files, level=None, stored=("mimetype",))


def configure(app, config):
    """What an EPUB says of itself; the settings are the same whatever is built, so that no page is read again for it."""
    which = edition.edition(app.srcdir)
    version = edition.version(app.srcdir) or (which.version if which else "1")
    config.version = config.version or version
    title = which.title if which else config.html_title or config.project
    config.epub_title = title
    config.epub_author = config.epub_publisher = config.author
    config.epub_description = "Selective estrogen receptor modulators and bone, told at three depths. It is not medical advice."
    config.epub_copyright = f"{config.copyright}, {config.author}. Text, figures and tables: CC BY 4.0, {LICENSE}. Code: BSD-3-Clause."
    config.epub_identifier = uuid.uuid5(uuid.NAMESPACE_URL, f"{title} {version}").urn
    config.epub_scheme = "URN"
    config.epub_uid = "book"  # the name of that identifier in the file
    config.epub_basename = takeaway.basename(app.config.html_title or title)
    config.epub_cover = (COVER, "epub-cover.html")
    config.epub_show_urls = "no"
    config.epub_use_index = False
    config.epub_tocdup = False
    config.epub_tocscope = "includehidden"
    config.epub_tocdepth = 2


def without_site(app):
    """Forget what lays out pages of a site."""
    if app.builder.name != "epub":
        return
    for listeners in app.events.listeners.values():
        listeners[:] = [
            listener
            for listener in listeners
            if not listener.handler.__module__.startswith(THEMES)
        ]


def page(app, pagename, templatename, context, doctree):
    """No script on a page, and no sheet but the one that its template links."""
    if app.builder.name == "epub":
        context["script_files"] = context["css_files"] = []
        context["bb_meta"] = context["page_description"] = None


def setup(app):
    app.add_builder(BookBuilder, override=True)
    app.connect("config-inited", configure, priority=900)
    app.connect("builder-inited", without_site, priority=100)
    app.connect("html-page-context", page, priority=990)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
