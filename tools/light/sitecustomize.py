"""On the path of a build, this spares it five seconds: jsonschema would read a grammar of internet addresses.

Nothing of the book has an address checked by it. tools/offline/ does the same for builds without a network.
"""

import sys

sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
