"""The gallery of all numbered figures: SVG and PNG with number, caption, alt text, data, source and license.

    python -m tools.shelf.figures OUT [BUILT]      # OUT/figures/index.html and all in OUT/figures.zip

The SVG is the one of the built page; the PNG is drawn from it with 300 dots an inch. Text that Matplotlib drew is made of
outlines: it looks the same everywhere and cannot be typed over.
"""

import hashlib
import io
import json
import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path

import jinja2
from markupsafe import Markup, escape
from PIL import Image

from bonebook import style
from tools.shelf import bundle, lecture
from tools.shelf.lecture import Figure, Lecture

DPI = 300
TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)


def small(text: str) -> Markup:
    """Words as HTML: what stands below the line in a formula (`τ_A`) is small; all else is escaped."""
    lowered = re.sub(
        r"(?<![A-Za-z])([A-Za-zα-ωΔ])_(\w+)", r"\1<sub>\2</sub>", str(escape(text))
    )
    return Markup(lowered)


TEMPLATES.filters["small"] = small


@lru_cache(maxsize=1)
def _fonts() -> None:
    """Tell the renderer of the house's font, once a process: the text of drawings is text."""
    import vl_convert

    vl_convert.register_font_directory(str(Path(style.__file__).parent / "fonts"))


def png(svg: str, dpi: int = DPI) -> bytes:
    """A drawing as PNG without transparency; dpi: dots an inch, 72 for one dot a pixel of the SVG."""
    return sizes(svg, (dpi,))[0]


def sizes(svg: str, dpis: Sequence[int]) -> list[bytes]:
    """A drawing as PNG in several sizes, of which the largest is drawn and a half or a third made of it."""
    largest = max(dpis)
    ground = _drawn(svg, largest)
    made = []
    for dpi in dpis:
        times, rest = divmod(largest, dpi)
        if rest:
            shown = _drawn(svg, dpi)
        else:
            shown = ground.reduce(times) if times > 1 else ground
        out = io.BytesIO()
        # the renderer hardly packs what it draws: this is a third of the size
        shown.save(out, "PNG", compress_level=2, dpi=(dpi, dpi))
        made.append(out.getvalue())
    return made


def _drawn(svg: str, dpi: int) -> Image.Image:
    import vl_convert

    _fonts()
    drawn = Image.open(io.BytesIO(vl_convert.svg_to_png(svg, ppi=dpi)))
    ground = Image.new("RGB", drawn.size, style.PAGE["paper"][0])
    ground.paste(drawn, mask=drawn.getchannel("A"))
    return ground


#: What this process has drawn: {(digest of the SVG, dots an inch): PNG}.
_KEPT: dict[tuple[bytes, int], bytes] = {}


def draw(images: Iterable[Path], dpis: Sequence[int]) -> None:
    """Draw SVG files in several sizes, which `pngs` then has; the work is shared among two processes."""
    texts = {image.read_text(encoding="utf-8") for image in images}
    todo = sorted(text for text in texts if (_digest(text), dpis[0]) not in _KEPT)
    with ProcessPoolExecutor(2) as pool:
        found = pool.map(sizes, todo, [dpis] * len(todo), chunksize=4)
        for text, drawn in zip(todo, found, strict=True):
            _KEPT.update(
                zip([(_digest(text), dpi) for dpi in dpis], drawn, strict=True)
            )


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def pngs(images: Sequence[Path], dpi: int = DPI) -> dict[Path, bytes]:
    """Each SVG file as PNG."""
    draw(images, (dpi,))
    return {
        image: _KEPT[_digest(image.read_text(encoding="utf-8")), dpi]
        for image in images
    }


def name(figure: Figure) -> str:
    """`fig-006-density-f-arms`: the number as in the book, so that a folder is in its order."""
    number = int(re.sub(r"\D", "", figure.number))
    return f"fig-{number:03}-{figure.name.removeprefix('fig-')}"


def numbered(built: Path) -> list[tuple[Lecture, Figure]]:
    """The figures that have a number, in its order, each with its page."""
    pages_ = [lecture.read(built, place.path) for place in lecture.written(built)]
    return [(page, each) for page in pages_ for each in page.figures if each.number]


def told(page: Lecture, figure: Figure) -> dict[str, str]:
    """What is said of a figure, by the names of figures.json."""
    return {
        "file": name(figure),
        "number": figure.number,
        "page": f"{page.place.name}: {page.title}",
        "caption": figure.caption,
        "alt": figure.alt,
        "data": figure.data,
        "source": figure.source,
        "license": bundle.LICENSE,
        "cite": bundle.cited(page).plain(),
        "checked": page.checked,
    }


def files(built: Path) -> dict[str, bytes]:
    """The folder of the gallery: {name: bytes}."""
    shown = numbered(built)
    drawn = pngs([figure.image for _, figure in shown])
    entries = [told(page, figure) for page, figure in shown]
    made: dict[str, bytes] = {}
    for entry, (_, figure) in zip(entries, shown, strict=True):
        made[f"{entry['file']}.svg"] = figure.image.read_bytes()
        made[f"{entry['file']}.png"] = drawn[figure.image]
    index = TEMPLATES.get_template("gallery.html").render(
        entries=entries,
        shown=[figure for _, figure in shown],
        book=bundle.book(),
        license=bundle.LICENSE,
        advice=bundle.NO_ADVICE,
    )
    made["index.html"] = index.encode()
    made["figures.json"] = (
        json.dumps(entries, ensure_ascii=False, indent=1) + "\n"
    ).encode()
    return made


def write(out: Path, built: Path) -> list[Path]:
    """The gallery as the folder OUT/figures and the archive OUT/figures.zip; the paths written."""
    made = files(Path(built))
    archive = {f"figures/{each}": content for each, content in made.items()}
    return [
        *bundle.lay(Path(out) / "figures", made),
        *bundle.lay(Path(out), {"figures.zip": bundle.zipped(archive)}),
    ]


if __name__ == "__main__":
    bundle.main(write)
