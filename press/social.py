"""The picture that stands beside a shared link: the title of a page and where it stands, in the house's type and colors.

Drawn with Pillow from words alone, so that the same words make the same bytes.
"""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bonebook import style

SIZE = (1200, 630)
FONTS = Path(style.__file__).parent / "fonts"
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
    paper, ink = style.PAGE["paper"][0], style.PAGE["ink"][0]
    hue = style.PAGE[HUES.get(tier, "teal")][0]
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


def write(file: Path, *words: str) -> None:
    """card(*words) as a small PNG: 16 colors are enough for type on paper."""
    file.parent.mkdir(parents=True, exist_ok=True)
    small = card(*words).quantize(16, dither=Image.Dither.NONE)
    small.save(file, optimize=True)
