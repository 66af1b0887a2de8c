"""Tables, effect measures and figure style of the book on SERMs and bone health."""

from .tables import schema, table, tables as table_names  # noqa: F401  (`tables` stays the module)
from . import effects, facts, show, style, tables  # noqa: F401
