"""Captions and alt texts against the rows and tables that the cell asks for."""

from .slip import Rule

RULES: dict[str, Rule] = {}
