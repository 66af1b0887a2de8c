"""A figure with sliders as a page of its own, for a lecture hall: the whole window, from a folder, without a network.

    files(figure, built)      # {"explorables/sure-scan.html": …, "explorables/kit.js": …, …}

The controls, the chart and the models are those of the built page; Vega, which draws, stands beside them.
"""

import copy
from pathlib import Path

import lxml.html

from tools.shelf import figures
from tools.shelf.lecture import Figure

FOLDER = "explorables"


def page(figure: Figure) -> str:
    """The name of the file that shows it; a view (buttons in place of sliders) and the figure itself are two pages."""
    return f"{FOLDER}/{figure.image.stem}.html"


def files(figure: Figure, built: Path) -> dict[str, bytes]:
    """All that a figure with sliders needs, by its name in the folder of a deck."""
    static = Path(built) / "_static"
    box = copy.deepcopy(figure.box)
    assert box is not None, f"{figure.name} has no sliders"
    box.tail = None
    box.set("data-vega", "vega.min.js")
    for image in box.xpath(".//img"):
        if "only-dark" in image.classes:
            image.drop_tree()
        else:
            image.set("src", figure.image.name)
    for said in box.xpath("./p[not(@class)]"):  # its links lead into the site
        said.drop_tree()
    html = figures.TEMPLATES.get_template("live.html").render(
        figure=figure, box=lxml.html.tostring(box, encoding="unicode")
    )
    parts = {
        "kit.js": static / "explore" / "kit.js",
        f"{figure.live}.js": static / "explore" / f"{figure.live}.js",
        "explore.css": static / "explore.css",
        "vega.min.js": static / "vendor" / "vega" / "vega.min.js",
        "vega-interpreter.js": static / "vendor" / "vega" / "vega-interpreter.js",
        "vega-LICENSE.txt": static / "vendor" / "vega" / "LICENSE",
        figure.image.name: figure.image,
    }
    made = {f"{FOLDER}/{name}": path.read_bytes() for name, path in parts.items()}
    return {page(figure): html.encode(), **made}
