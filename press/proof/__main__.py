"""`python -m press.proof [PAGE ...] [--rule NAME]`: prints the slips; ends with 1 if there is any."""

import argparse
import sys

from press import console, proof


def main(arguments: list[str] | None = None) -> int:
    """Print one line a slip."""
    parser = argparse.ArgumentParser(prog="python -m press.proof")
    parser.add_argument(
        "pages", nargs="*", help="book/academic/bone; all when left out"
    )
    parser.add_argument("--rule", action="append", choices=list(proof.RULES))
    told = parser.parse_args(arguments)
    names = [page.removesuffix(".md") for page in told.pages]
    found = proof.slips(names or None, told.rule)
    print("\n".join(map(str, found)) or "Nothing to mend.")
    return bool(found)


if __name__ == "__main__":
    console.speak()
    sys.exit(main())
