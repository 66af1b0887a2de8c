"""Everything a maintainer runs: `python -m tools book | test | serve | lock | stats`."""
