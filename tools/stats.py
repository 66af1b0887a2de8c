"""Count what is in the book: `make stats`."""

from collections import Counter
from pathlib import Path

from bonebook.tables import table, tables
from press import cells, console, looked, myst, pages
from tools import reading
from tools.env import ROOT


def read(page: str) -> myst.Page:
    return myst.read(ROOT / f"{page}.md", f"{page}.md")


def facts(page: myst.Page) -> list[str]:
    """The rows behind the numbers of a page, once for each number."""
    return [role.target.partition(":")[0] for role in page.roles if role.name == "fact"]


def figures(page: myst.Page) -> int:
    drawn = sum(bool(cell.caption) for cell in page.cells)
    return drawn + len(page.named("figure"))


def questions(page: str) -> int:
    return len(pages.side(pages.place(page))["questions"])


def terms() -> int:
    """How many words the glossary explains: lines followed by one that begins with a colon or is set in."""
    (glossary,) = read("book/reference/glossary").named("glossary")
    lines = glossary.body.split("\n")
    return sum(
        bool(line.strip()) and not line[0].isspace() and below[:1].isspace()
        for line, below in zip(lines, lines[1:], strict=False)
    )


def threads() -> None:
    """A line for each page of a thread."""
    titles = ("words", "grade", "figures", "cells", "questions", "facts")
    print(f"{'page':<28}" + "".join(f"{title:>10}" for title in titles))
    for name in filter(pages.place, pages.contents()):
        page = read(name)
        numbers = (
            len(page.prose.split()),
            reading.grade(page),
            figures(page),
            len(page.cells),
            questions(name),
            len(facts(page)),
        )
        name = name.removeprefix("book/")
        print(f"{name:<28}" + "".join(f"{number:>10}" for number in numbers))


def whole() -> None:
    """The book in four lines."""
    texts = {name: read(name) for name in pages.contents()}
    used = [row for page in texts.values() for row in facts(page)]
    live = [
        shown.argument for page in texts.values() for shown in page.named("explorable")
    ]
    rows = {name: len(table(name)) for name in tables()}
    written = sum(len(page.prose.split()) for page in texts.values())
    own = [name for name in texts if pages.place(name)]
    print(
        f"\npages {len(texts)} ({len(own)} of the reading map) · words {written:,}\n"
        f"figures {sum(map(figures, texts.values()))} · "
        f"with sliders {len(set(live))}, in {len(live)} places · "
        f"executed cells {sum(len(page.cells) for page in texts.values())} · "
        f"questions {sum(map(questions, own))} · glossary terms {terms()}\n"
        f"numbers in the prose checked against the tables {len(used)}, "
        f"from {len(set(used))} rows\n"
        f"rows of data {sum(rows.values()):,} in {len(rows)} tables · "
        f"studies {rows['studies']} · claims {rows['claims']}\n"
        + ", ".join(f"{name} {count}" for name, count in rows.items())
    )


def read_where() -> None:
    """The rows of each table by how they were seen, and those that were read in the source by what lay open of it."""
    counts = looked.counted()
    counts["all"] = sum(counts.values(), Counter())
    titles = ("rows", "primary", *looked.WAYS)
    print(f"\n{'rows, by where read':<20}" + "".join(f"{t:>15}" for t in titles))
    for name, found in counts.items():
        primary = sum(found[way] for way in looked.PRIMARY)
        numbers = (found.total(), primary, *(found[way] for way in looked.WAYS))
        print(f"{name:<20}" + "".join(f"{number:>15,}" for number in numbers))
    print(f"evidence checked to {pages.checked()}")


def measure() -> None:
    """The cells as ruff writes them: how many, how long, how wide, in each tier and in all."""
    tiers: dict[str, list[cells.Cell]] = {}
    for page, found in cells.formatted(cells.pages()).items():
        tiers.setdefault(tier_of(page), []).extend(found)
    tiers["all"] = [cell for found in list(tiers.values()) for cell in found]
    titles = ("cells", "median", "90 %", "longest", "widest", "characters", "90 %")
    print(f"\n{'cells, formatted':<20}" + "".join(f"{title:>11}" for title in titles))
    for tier, found in tiers.items():
        lengths = [len(cell.lines()) for cell in found]
        sizes = [len(cell.code) for cell in found]
        widest = max(len(line) for cell in found for line in cell.lines())
        numbers = (
            len(found),
            *cells.centiles(lengths),
            max(lengths),
            widest,
            *cells.centiles(sizes),
        )
        print(f"{tier:<20}" + "".join(f"{number:>11.0f}" for number in numbers))


def tier_of(page: Path) -> str:
    return page.relative_to(ROOT / "book").parts[0]


if __name__ == "__main__":
    console.speak()
    threads()
    whole()
    read_where()
    measure()
