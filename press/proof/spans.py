"""Doses, years, ages, spans of time and denominators are those of the tables."""

from .slip import Rule

RULES: dict[str, Rule] = {}
