"""What a reader gets that somebody else made: the list of it with its licenses, and the same as a bill of materials.

Two things are handed out. The site brings sheets, scripts and fonts of others (shipped.yml). Whoever runs the cells installs
packages (binder/requirements.txt), of which the wheel `bonebook` names three. The list is a page of text beside the site,
licenses.txt; the bill is CycloneDX, which programs read, and belongs to a release.
"""

import importlib.metadata
import json
import re
import uuid
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from press import edition, yamls

ROOT = Path(__file__).resolve().parent.parent
REGISTER = Path(__file__).with_name("shipped.yml")
#: What the wheel and the notebooks need, with all that these bring along.
READERS = "binder/requirements.txt"
_HEAD = """What this site brings that others made
=======================================

Text, figures and tables of the book: CC BY 4.0. Its code: BSD-3-Clause.
These parts of the site were made by others, under licenses of their own:

"""
_TAIL = """
The texts of the licenses lie beside vendored files, in _static/vendor and _static/fonts, and in each package.
"""
#: Licenses as packages name them, in the words of SPDX.
_SPDX = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "Historical Permission Notice and Disclaimer (HPND)": "HPND",
    "ISC License (ISCL)": "ISC",
    "BSD-3-Clause License": "BSD-3-Clause",
}


@dataclass(frozen=True)
class Part:
    """Something of others that the site brings."""

    name: str
    version: str
    license: str
    home: str
    files: tuple[str, ...]
    kind: str  # vendored, package or inside
    of: str = ""  # the package that it comes inside of

    def has(self, file: str) -> bool:
        """Whether a file of _static/ is of it."""
        return any(fnmatch(file, pattern) for pattern in self.files)

    @property
    def purl(self) -> str:
        """Where registries have it, as a package URL; nothing for what comes inside another package."""
        if self.kind == "package":
            return f"pkg:pypi/{plain(self.name)}@{self.version}"
        whole = re.fullmatch(r"\d+\.\d+\.\d+", self.version)
        return f"pkg:npm/{self.name}@{self.version}" if whole else ""


@dataclass(frozen=True)
class Package:
    """A Python package that a reader installs."""

    name: str
    version: str
    license: str
    needs: tuple[str, ...]


def plain(name: str) -> str:
    """The name of a package as registries write it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def parts() -> list[Part]:
    """Everything in the register, in its order."""
    found = []
    for entry in yamls.read(REGISTER.read_text(encoding="utf-8")):
        kind = next(kind for kind in ("vendored", "package", "inside") if kind in entry)
        name, of = entry.get("name", entry[kind]), ""
        version = str(entry.get("version", ""))
        if kind == "package":
            version = importlib.metadata.version(name)
        elif kind == "inside":
            of = f"{entry[kind]} {importlib.metadata.version(entry[kind])}"
        found.append(
            Part(
                name,
                version,
                entry["license"],
                entry["home"],
                tuple(entry["files"]),
                kind,
                of,
            )
        )
    return found


def licenses() -> str:
    """licenses.txt: each part with its version, license and home."""
    lines = []
    for part in sorted(parts(), key=lambda part: (part.name.lower(), part.kind)):
        inside = f" (inside {part.of})" if part.of else ""
        name = " ".join(filter(None, [part.name, part.version]))
        lines.append(f"{name}{inside}\n    {part.license}, {part.home}\n")
    return _HEAD + "".join(lines) + _TAIL


def readers(root: Path = ROOT) -> list[Package]:
    """The packages that a reader installs, with all that they bring along, by name."""
    lines = (root / READERS).read_text(encoding="utf-8").splitlines()
    open_ = [plain(found[1]) for line in lines if (found := re.match(r"(\S+)==", line))]
    known: dict[str, Package] = {}
    while open_:
        name = open_.pop()
        if name not in known:
            known[name] = package(name)
            open_ += known[name].needs
    return [known[name] for name in sorted(known)]


@lru_cache
def package(name: str) -> Package:
    """An installed package: its version, its license, and what it needs."""
    about = importlib.metadata.metadata(name)
    needs = []
    for line in importlib.metadata.requires(name) or []:
        wanted = Requirement(line)
        marker = str(wanted.marker or "")
        if "sys_platform" in marker or "platform_" in marker:
            continue  # what only some systems need
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
            needs.append(plain(wanted.name))
    return Package(name, about["Version"], _license(about), tuple(sorted(set(needs))))


def _license(about) -> str:
    """The license that a package names, in the words of SPDX where these are known."""
    if said := about.get("License-Expression"):
        return said
    classified = [
        each.rpartition(" :: ")[2]
        for each in about.get_all("Classifier", [])
        if each.startswith("License :: OSI Approved :: ")
    ]
    said = classified[0] if classified else (about.get("License") or "").split("\n")[0]
    return _SPDX.get(said, said)


def bill(root: Path = ROOT) -> dict[str, Any]:
    """The bill of materials in the form of CycloneDX 1.6; the same words whenever and wherever it is written."""
    which = edition.edition(root)
    version = edition.version(root)
    title = which.title if which else "bonebook"
    components = [
        {
            "type": "library",
            "bom-ref": f"site:{part.kind}:{part.name}",
            "name": part.name,
            **({"version": part.version} if part.version else {}),
            "licenses": [{"license": {"id": part.license}}],
            **({"purl": part.purl} if part.purl else {}),
            "externalReferences": [{"type": "website", "url": part.home}],
            "properties": [
                {"name": "bonebook:in", "value": "site"},
                *({"name": "bonebook:inside", "value": of} for of in [part.of] if of),
            ],
        }
        for part in parts()
    ]
    packages = readers(root)
    components += [
        {
            "type": "library",
            "bom-ref": f"reader:{each.name}",
            "name": each.name,
            "version": each.version,
            "licenses": [_choice(each.license)],
            "purl": f"pkg:pypi/{each.name}@{each.version}",
            "properties": [{"name": "bonebook:in", "value": "reader"}],
        }
        for each in packages
    ]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(components)).urn,
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "bonebook",
                "name": title,
                "version": version,
                "licenses": [
                    {"license": {"id": name}} for name in ("BSD-3-Clause", "CC-BY-4.0")
                ],
            }
        },
        "components": components,
        "dependencies": [
            {"ref": "bonebook", "dependsOn": [each["bom-ref"] for each in components]},
            *(
                {
                    "ref": f"reader:{each.name}",
                    "dependsOn": [f"reader:{name}" for name in each.needs],
                }
                for each in packages
            ),
        ],
    }


def _choice(said: str) -> dict[str, Any]:
    """A license as CycloneDX has it: an expression, one of SPDX, or words."""
    if re.search(r" (AND|OR|WITH) ", said):
        return {"expression": said}
    known = re.fullmatch(r"[A-Za-z0-9.-]+", said)
    return {"license": {"id" if known else "name": said or "not stated"}}


def written(root: Path = ROOT) -> str:
    """The bill as text."""
    return json.dumps(bill(root), ensure_ascii=False, indent=1) + "\n"
