"""`python -m press.check [DIR]`"""

import sys

from press import console

from . import main

console.speak()
sys.exit(main())
