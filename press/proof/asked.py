"""Questions: the right answer, the words of the options and what the explanations say."""

from .slip import Rule

RULES: dict[str, Rule] = {}
