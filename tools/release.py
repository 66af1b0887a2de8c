"""The archive of data/ for a deposit that gives it a DOI, and the bill of what else the book hands out: `make release`.

It writes dist/bonebook-data-VERSION.zip with the tables, datapackage.json, csv-metadata.json, the workbook, references.bib,
README.md, CITATION.cff and LICENSE; press/parcel.py says what each is. Tables with a fault are not released. What stands
under "Unreleased" in CHANGELOG.md is of no version yet: the archive is then named VERSION+changes, and it is said.
Beside it lies bonebook-VERSION.cdx.json, the parts of the site and the packages of a reader that others made, with their
licenses (CycloneDX; press/shipped.py).
"""

import hashlib
import sys

from press import check, console, parcel, shipped
from tools.env import ROOT


def main() -> int:
    """Check the tables, write the archive, say what to do with it; returns the exit status."""
    if found := check.faults():
        print("\n".join(map(str, found)))
        print("Nothing is released while the tables have faults.")
        return 1
    of = parcel.edition()
    target = ROOT / "dist" / f"bonebook-data-{of.name}.zip"
    target.parent.mkdir(exist_ok=True)
    made = parcel.archive(of)
    target.write_bytes(made)
    digest = hashlib.sha256(made).hexdigest()
    print(f"{target.relative_to(ROOT)}: {len(made) / 1000:,.0f} kB\nsha256 {digest}")
    bill = target.with_name(f"bonebook-{of.name}.cdx.json")
    bill.write_text(shipped.written(), encoding="utf-8", newline="\n")
    print(f"{bill.relative_to(ROOT)}: what the book hands out that others made")
    print(f"To cite: {parcel.cite(of)}")
    if of.changed:
        print(
            "CHANGELOG.md has changes under Unreleased, so this is no release yet. Give them a version first: in "
            "pyproject.toml, CITATION.cff (with its day) and CHANGELOG.md."
        )
    else:
        print(
            "For a DOI: upload it as a data set where DOIs are given (Zenodo, OSF, your library), with the title, authors, "
            "version and license of the CITATION.cff inside, then add the DOI to CITATION.cff (`doi:`)."
        )
    return 0


if __name__ == "__main__":
    console.speak()
    sys.exit(main())
