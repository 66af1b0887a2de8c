"""What the site and the reader's packages bring that others made is listed, with versions and licenses that are those in use."""

import importlib.metadata
import json
import re

import pytest

from helpers import ROOT, nothing
from press import shipped

STATIC = ROOT / "press" / "sphinx" / "static"
#: What a browser reads as a sheet, a script or a font.
READ = (".css", ".js", ".mjs", ".woff2", ".woff", ".ttf")
PARTS = shipped.parts()


def test_vendored_scripts_are_of_the_version_that_is_listed():
    name = "vega"
    (part,) = [each for each in PARTS if each.name == name]
    readme = (STATIC / "vendor" / name / "README.txt").read_text("utf-8")
    assert f"npm package {name} {part.version}" in readme
    assert part.purl == f"pkg:npm/{name}@{part.version}"
    text = (STATIC / "vendor" / name / "LICENSE").read_text("utf-8")
    words = {"MIT": "Permission is hereby granted", "BSD-3-Clause": "Redistribution"}
    assert words[part.license] in text


def test_what_lies_in_vendor_and_fonts_is_listed_once():
    files = [
        path.relative_to(STATIC).as_posix()
        for folder in ("vendor", "fonts")
        for path in (STATIC / folder).rglob("*")
        if path.is_file() and path != STATIC / "fonts" / "README.txt"  # our own words
    ]
    assert len(files) > 15
    nothing(
        [
            f"{file}: listed {count} times in press/shipped.yml"
            for file in files
            if (count := sum(part.has(file) for part in PARTS)) != 1
        ]
    )


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.kind} {part.name}")
def test_a_license_is_the_one_that_the_part_itself_names(part):
    """A package by what it declares, a font by the text beside it."""
    if part.kind == "package":
        declared = shipped.package(part.name).license
        assert part.license.split("-")[0] == declared.split("-")[0]
    elif part.license == "OFL-1.1":
        (folder,) = {pattern.split("/*")[0] for pattern in part.files}
        texts = [
            path.read_text("utf-8")
            for path in (STATIC / folder).rglob("*.txt")
            if part.has(path.relative_to(STATIC).as_posix())
        ]
        assert any("SIL Open Font License" in " ".join(t.split()) for t in texts)
    elif part.kind == "inside":
        assert part.of.split()[0] in {each.name for each in PARTS}


def test_the_list_names_each_part_and_nothing_twice():
    text = shipped.licenses()
    for part in PARTS:
        assert f"{part.license}, {part.home}\n" in text
    blocks = re.findall(r"^\S.*\n    \S.*$", text, re.M)
    assert len(blocks) == len(set(blocks)) == len(PARTS)


def test_the_bill_has_what_a_reader_installs():
    """Each pin of binder/requirements.txt and all that it brings along, in the versions of the lock, each under some license."""
    bill = json.loads(shipped.written())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    of = {each["bom-ref"]: each for each in bill["components"]}
    assert len(of) == len(bill["components"])
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pins = set(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", lock.replace("_", "-"), re.M))
    mine = {name[7:]: each for name, each in of.items() if name.startswith("reader:")}
    wanted = (ROOT / "binder/requirements.txt").read_text("utf-8")
    asked = {shipped.plain(each) for each in re.findall(r"^(\S+)==", wanted, re.M)}
    assert asked < set(mine) and "python-dateutil" in mine
    for name, each in mine.items():
        assert (name, each["version"]) in pins  # one of them, on this Python
        assert each["version"] == importlib.metadata.version(name)
        (said,) = each["licenses"]
        assert "not stated" not in json.dumps(said)
    for link in bill["dependencies"]:
        assert set(link["dependsOn"]) <= set(of)


def test_the_bill_is_the_same_whenever_it_is_written():
    assert shipped.written() == shipped.written()
    assert not re.search(r"\d{4}-\d\d-\d\dT", shipped.written())


def ours():
    """Names of sheets, scripts and fonts of _static/ that are the book's own."""
    own = {p.relative_to(STATIC).as_posix() for p in STATIC.rglob("*") if p.is_file()}
    kit = {f"explore/{path.name}" for path in (ROOT / "explorables").glob("*.js")}
    kit |= {
        f"explore/{path.parent.name.replace('_', '-')}.js"
        for path in (ROOT / "explorables").glob("*/model.js")
    }
    sheets = {path.name for path in (ROOT / "explorables/static").glob("*.css")}
    made = {"book.css", "site.css", "site.js", "search/book.js", "ask/rows.js"}
    return {name for name in own if not name.startswith(("vendor/", "fonts/"))} | (
        kit | sheets | made
    )


def test_every_sheet_script_and_font_of_the_site_has_an_owner(built):
    """It is ours, or stands in the list; the list lies beside the pages."""
    known = ours()
    found = [
        path.relative_to(built / "_static").as_posix()
        for path in (built / "_static").rglob("*")
        if path.suffix in READ
    ]
    assert len(found) > 20
    nothing(
        [
            f"_static/{file}: neither ours nor in press/shipped.yml"
            for file in found
            if file not in known
            and not re.fullmatch(r"(search|ask)/parts/[\w-]+\.js", file)
            and not any(part.has(file) for part in PARTS)
        ]
    )
    assert (built / "licenses.txt").read_text("utf-8") == shipped.licenses()
