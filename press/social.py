"""The picture that stands beside a shared link: the title of a page and where it stands, in the house's type and colors.

Drawn with Pillow from words alone, so that the same words make the same bytes.
"""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bonebook import palette

SIZE = (1200, 630)
FONTS = Path(palette.__file__).parent / "fonts"
#: The color of a tier, as the pages have it; what belongs to no tier is teal.
HUES = {"Fundamentals": "teal", "Intermediate": "blue", "Academic": "plum"}
EDGE, BAND = 80, 28


def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Noto Sans in one of its two weights, the files that the figures use."""
    name = "NotoSans-Bold.ttf" if bold else "NotoSans-Regular.ttf"
    return ImageFont.truetype(str(FONTS / name), size)


def lines(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """The words of a text in lines that are no wider than `width`."""
    found: list[str] = []
    for word in text.split():
        longer = f"{found[-1]} {word}" if found else word
        if found and face.getlength(longer) <= width:
            found[-1] = longer
        else:
            found.append(word)
    return found


def card(book: str, where: str, title: str, tier: str = "") -> Image.Image:
    """The picture: the name of the book, the title as large as it fits, and below it `where` the page stands."""
    paper, ink = palette.PAGE["paper"][0], palette.PAGE["ink"][0]
    hue = palette.PAGE[HUES.get(tier, "teal")][0]
    picture = Image.new("RGB", SIZE, paper)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, BAND, SIZE[1]), fill=hue)
    left, width = EDGE + BAND, SIZE[0] - 2 * EDGE - BAND
    draw.text((left, 70), book, font=font(34), fill=ink)
    for size in (76, 66, 56, 48, 40):
        face = font(size, bold=True)
        rows = lines(title, face, width)
        if len(rows) * size * 1.25 <= 320:
            break
    top = 150 + (320 - len(rows) * size * 1.25) / 2
    for number, row in enumerate(rows):
        draw.text((left, top + number * size * 1.25), row, font=face, fill=ink)
    draw.text((left, 520), where, font=font(34, bold=True), fill=hue)
    return picture


def cover(
    file: Path, title: str, below: str, author: str, drawing: bytes = b""
) -> None:
    """The cover of the e-book: title, what stands below it, the author, and a drawing (a PNG) between them."""
    size, edge = (1200, 1800), 110
    paper, ink = palette.PAGE["paper"][0], palette.PAGE["ink"][0]
    teal = palette.PAGE["teal"][0]
    picture = Image.new("RGB", size, paper)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, BAND, size[1]), fill=teal)
    top = 150
    for words, points, bold, fill in (
        (title, 110, True, ink),
        (below, 52, False, teal),
    ):
        face = font(points, bold)
        for row in lines(words, face, size[0] - edge - BAND - edge):
            draw.text((edge + BAND, top), row, font=face, fill=fill)
            top += round(points * 1.25)
        top += 40
    if drawing:
        with Image.open(io.BytesIO(drawing)) as found:
            width = size[0] - edge - BAND - edge
            shown = found.convert("RGBA").resize(
                (width, round(found.height * width / found.width))
            )
        picture.paste(shown, (edge + BAND, max(top + 60, 800)), shown)
    draw.text((edge + BAND, 1600), author, font=font(44), fill=ink)
    file.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(64, dither=Image.Dither.NONE).save(file, optimize=True)


def write(file: Path, *words: str) -> None:
    """card(*words) as a small PNG: 16 colors are enough for type on paper."""
    file.parent.mkdir(parents=True, exist_ok=True)
    quick = Image.Quantize.FASTOCTREE
    card(*words).quantize(16, method=quick, dither=Image.Dither.NONE).save(file)
