"""Labels, numbers and arrows of figures/*.svg against the tables and their descriptions."""

from .slip import Rule

RULES: dict[str, Rule] = {}
