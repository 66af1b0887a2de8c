"""Figures with sliders: ids, colors and presets against the rows."""

from .slip import Rule

RULES: dict[str, Rule] = {}
