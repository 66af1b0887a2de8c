"""How hard a page is to read."""

import textstat

from press import myst


def grade(page: myst.Page) -> float:
    """The Flesch-Kincaid grade of the sentences of a page: years of school that they ask for."""
    return textstat.flesch_kincaid_grade(page.prose)
