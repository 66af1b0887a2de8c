"""The book to take away: the names of its files, and the built site as one zip that opens from disk.

Nothing here needs Sphinx. press/sphinx/takeaway.py offers the files on the front page; tools/pdf.py, epub.py and zipped.py make them.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from press import edition, zips

#: The folder of the site in which the files lie.
FOLDER = "take"
#: What a host of the site needs and a disk does not.
LEFT_OUT = ("robots.txt", "sitemap.xml", "changes.xml", "404.html")
#: Around what a page of the site says and its copy in the zip does not.
MARKS = ("<!-- take -->", "<!-- /take -->")
_MARKED = re.compile("{}.*?{}".format(*map(re.escape, MARKS)).encode(), re.S)
_README = """{title}
Version {version}

Open index.html in a browser. Nothing is asked of a network: text, figures, tables,
search and the figures with sliders work from this folder.

The notebooks in _sources run with Python on your own computer: the package that they
need lies in downloads/ (pip install downloads/{wheel}).

It is not medical advice. Text, figures and tables: CC BY 4.0. Code: BSD-3-Clause.
"""


def basename(title: str) -> str:
    """The name of the files of a book with this title, without an ending: `serms-and-bone-health`."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def files(site: Path) -> Iterator[tuple[str, bytes]]:
    """(name, content) of what a copy of the site on a disk needs.

    What only a host needs stays out, and so do JupyterLite, which no browser starts from disk, and the other files to take away.
    """
    for path in site.rglob("*"):
        name = path.relative_to(site)
        hidden = any(part.startswith(".") for part in name.parts)
        if hidden or name.parts[0] in ("lite", FOLDER) or name.as_posix() in LEFT_OUT:
            continue
        if path.is_file():
            content = path.read_bytes()
            if path.suffix == ".html":
                content = _MARKED.sub(b"", content)
            yield name.as_posix(), content


def site_zip(site: Path, target: Path, root: Path) -> None:
    """Write a built site as a zip; all of it lies in one folder with the zip's name. root: the folder of the book's sources."""
    which = edition.edition(root)
    wheels = [path.name for path in (site / "downloads").glob("*.whl")]
    readme = _README.format(
        title=which.title if which else target.stem,
        version=which.words if which else "",
        wheel=next(iter(sorted(wheels)), ""),
    )
    found = [*files(site), ("README.txt", readme.encode())]
    target.parent.mkdir(parents=True, exist_ok=True)
    named = ((f"{target.stem}/{name}", content) for name, content in sorted(found))
    zips.write(target, named, level=None)
