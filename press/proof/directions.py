"""Direction words near a fact agree with its sign."""

from .slip import Rule

RULES: dict[str, Rule] = {}
