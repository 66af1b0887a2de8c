"""Cards of the glossary."""

from .slip import Rule

RULES: dict[str, Rule] = {}
