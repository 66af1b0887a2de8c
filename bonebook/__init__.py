"""What the cells of the book on SERMs and bone health import: tables, effect measures, models, figure style.

Only the tables are loaded here; `from bonebook import style` loads Matplotlib when a cell asks for it.
"""

from .tables import schema, table
from .tables import tables as table_names  # `bonebook.tables` stays the module

__all__ = ["schema", "table", "table_names"]
