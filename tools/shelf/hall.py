"""All for the lecture hall at once: gallery, decks, PowerPoint. Each page is read once and each figure drawn once.

python -m tools.shelf.hall OUT [BUILT]
"""

from pathlib import Path

from tools.shelf import bundle, decks, figures, lecture, pptx


def write(out: Path, built: Path) -> list[Path]:
    """What figures.py, decks.py and pptx.py write; the paths."""
    pages = [lecture.read(built, place.path) for place in lecture.written(built)]
    images = {figure.image for page in pages for figure in page.figures}
    figures.draw(images, (figures.DPI, pptx.DPI))
    makers = (figures, decks, pptx)
    return [path for maker in makers for path in maker.write(out, built)]


if __name__ == "__main__":
    bundle.main(write)
