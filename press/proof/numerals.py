"""Numbers in words, and half, twice, a third, are tied to a row or said to be given."""

from .slip import Rule

RULES: dict[str, Rule] = {}
