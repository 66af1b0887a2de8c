"""A drug named in a sentence is that of its facts."""

from .slip import Rule

RULES: dict[str, Rule] = {}
