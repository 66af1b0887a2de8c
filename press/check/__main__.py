"""`python -m press.check [DIR]`"""

import sys

from . import main

sys.exit(main())
