"""Count what is in the book: `make stats`."""

import json
import re
import sys

import yaml

from bonebook.tables import table, tables
from tools.env import ROOT

sys.path.insert(0, str(ROOT / "tests"))
from conftest import PAGES, THREADS  # noqa: E402  the pages as _toc.yml has them
from test_prose import grade, prose, source  # noqa: E402  the same measures that the tests use

texts = {page: source(page) for page in PAGES}
cells = {
    page: len(re.findall(r"^```\{code-cell\}", text, re.M))
    for page, text in texts.items()
}
figures = {
    page: len(re.findall(r"^\s+figure:\s*$|^```\{figure\}|^:::\{figure\}", text, re.M))
    for page, text in texts.items()
}
live = {
    page: len(re.findall(r"^:::\{explorable\}", text, re.M))
    for page, text in texts.items()
}
facts = {
    page: re.findall(r"\{fact\}`[^`<]*<([^>:]+)", text) for page, text in texts.items()
}
questions = {
    page: len(
        yaml.safe_load((ROOT / f"{page}.yml").read_text(encoding="utf-8"))["questions"]
    )
    for page in THREADS
}
glossary = texts["book/reference/glossary"]
terms = len(
    re.findall(r"^\S.*\n(?=\s*:\s|[ ]{2,}\S)", glossary.split("{glossary}")[-1], re.M)
)
rows = {name: len(table(name)) for name in tables()}

print(
    f"{'page':<32}{'words':>7}{'grade':>7}{'figures':>9}{'cells':>7}{'questions':>11}{'facts':>7}"
)
for page in THREADS:
    print(
        f"{page.removeprefix('book/'):<32}{len(prose(texts[page]).split()):>7}{grade(page):>7}{figures[page]:>9}{cells[page]:>7}{questions[page]:>11}{len(facts[page]):>7}"
    )
print(
    f"\npages {len(PAGES)} ({len(THREADS)} of the reading map) · words {sum(len(prose(text).split()) for text in texts.values()):,}"
)
print(
    f"figures {sum(figures.values())} · with sliders {len(set(re.findall(r'^:::.explorable. (.+)$', ' '.join(texts.values()), re.M)))}, in {sum(live.values())} places · executed cells {sum(cells.values())} · questions {sum(questions.values())} · glossary terms {terms}"
)
print(
    f"numbers in the prose checked against the tables {sum(map(len, facts.values()))}, from {len(set(sum(facts.values(), [])))} rows"
)
print(
    f"rows of data {sum(rows.values()):,} in {len(rows)} tables · studies {rows['studies']} · claims {rows['claims']}"
)
print(json.dumps(rows))
