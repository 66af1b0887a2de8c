"""What the cells of the book on SERMs and bone health import: tables, effect measures, models, figure style.

Only the tables are loaded here; `from bonebook import style` loads Matplotlib when a cell asks for it.
"""

from .tables import named, pick, schema, table, value
from .tables import tables as table_names  # `bonebook.tables` stays the module

__all__ = ["named", "pick", "schema", "table", "table_names", "value"]
