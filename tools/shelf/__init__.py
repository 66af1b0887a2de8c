"""What those who teach take from the book: `python -m tools.shelf [OUT]`. The question bank, in the formats of their platforms:

    canvas.py     Canvas: QTI 1.2 by text2qti, one zip with a quiz a page, and a zip for each page
    moodle.py     Moodle XML: one category a page
    cartridge.py  Common Cartridge 1.1: the pages as links, a quiz a page
    qti21.py      QTI 2.1: an item a file, a test a page
    cards.py      Anki
    paper.py      worksheets and keys, HTML and Markdown
    kit.py        what all of them are made from, and a zip that is the same each time

For the lecture hall and the clinic, from the built book (tools.shelf.bundle):

    decks.py, pptx.py   slides as reveal.js and as PowerPoint
    figures.py          every figure as SVG and PNG
    hall.py             the three above at once: each page read once, each figure drawn once
    handout.py          two pages to hand out, of each page of Fundamentals
    assignments.py      assignments that grade themselves, appraisal of claims, marks
    lecture.py          what all of them take from a built page

Each maker of the bank takes a Kit and gives {path: bytes}; nothing depends on the clock, nothing is fetched. The ids are those of the
bank (press.bank) in every format.
"""
