"""The study of a fact is cited in its section; no {given} stands beside a citation."""

from .slip import Rule

RULES: dict[str, Rule] = {}
