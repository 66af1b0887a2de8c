"""Format the style sheets and page scripts, or say which are not formatted.

    python -m tools.styles            writes them as the formatter wants them
    python -m tools.styles --check    writes nothing; ends with status 1 if a file would change

The formatters are cssbeautifier and jsbeautifier (requirements-test.txt): plain Python, so
that nobody needs Node. They indent and space; where a line breaks is for its writer to say,
and a line that is too long is named here.
"""

import sys
from pathlib import Path

import cssbeautifier
import jsbeautifier

from press import console

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 88
#: Where the book's own sheets and scripts lie; what is vendored lies in folders of its own.
FOLDERS = (
    "press/sphinx/styles",
    "press/sphinx/sheets",
    "press/sphinx/static",
    "explorables",
)
VENDORED = {"vendor", "fonts"}


def files() -> list[Path]:
    """Every sheet and script of the book's own."""
    return sorted(
        file
        for folder in FOLDERS
        for kind in ("*.css", "*.js")
        for file in (ROOT / folder).rglob(kind)
        if not VENDORED & set(file.relative_to(ROOT).parts)
    )


def formatted(text: str, suffix: str) -> str:
    """`text` of a .css or .js file as the formatter writes it."""
    tool = cssbeautifier if suffix == ".css" else jsbeautifier
    options = tool.default_options()
    options.indent_size = 2
    options.end_with_newline = True
    options.keep_array_indentation = True
    options.brace_style = "collapse,preserve-inline"
    options.space_around_combinator = True
    return tool.beautify(text, options)


def faults() -> list[str]:
    """A sentence for each file that is not formatted and each line that is too long."""
    found = []
    for file in files():
        name = file.relative_to(ROOT).as_posix()
        text = file.read_text(encoding="utf-8")
        if text != formatted(text, file.suffix):
            found.append(f"{name}: not formatted; run python -m tools.styles")
        found += [
            f"{name}:{number}: {len(line)} characters, at most {WIDTH}"
            for number, line in enumerate(text.splitlines(), start=1)
            if len(line) > WIDTH
        ]
    return found


def main() -> None:
    if "--check" not in sys.argv[1:]:
        for file in files():
            text = file.read_text(encoding="utf-8")
            file.write_text(formatted(text, file.suffix), encoding="utf-8")
    if found := faults():
        sys.exit("\n".join(found))


if __name__ == "__main__":
    console.speak()
    main()
