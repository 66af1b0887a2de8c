"""The tables to take away: the workbook, CSV on the Web, the archive, and the links of the data dictionary."""

import datetime
import io
import re
import tomllib
import zipfile
from urllib.parse import urljoin

import pytest
import yaml

from bonebook import tables
from helpers import ROOT
from press import parcel
from tools.serving import served

OF = parcel.edition()
DICTIONARY = "book/reference/data-dictionary.html"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The tables with all that is made from them, as the site serves them."""
    made = tmp_path_factory.mktemp("site") / "data"
    made.mkdir()
    for path in tables.DATA.iterdir():
        (made / path.name).write_bytes(path.read_bytes())
    parcel.write(made)
    return made


# --- the workbook ------------------------------------------------------------


@pytest.fixture(scope="module")
def book(folder):
    import openpyxl

    return openpyxl.load_workbook(folder / parcel.WORKBOOK)


def as_read(cell, kind):
    """What a spreadsheet should hold where data/ has this text."""
    if not cell:
        return None
    if kind in ("number", "integer"):
        return float(cell)
    if kind == "date":
        return datetime.datetime.fromisoformat(cell)
    return cell == "true" if kind == "boolean" else cell


def test_the_workbook_holds_every_table(book):
    """F31: read back by another library, each cell is that of data/: numbers, days, words, Greek letters."""
    assert book.sheetnames == ["about", "columns", *tables.tables()]
    for name in tables.tables():
        fields = tables.resource(name)["schema"]["fields"]
        header, *lines = book[name].iter_rows(values_only=True)
        assert list(header) == [field["name"] for field in fields]
        wanted = [
            [as_read(row[f["name"]], f["type"]) for f in fields]
            for row in tables.rows(name)
        ]
        assert [list(line) for line in lines] == wanted, name


def test_words_stay_words(book):
    """F31: + and - alone, and whatever looks like a formula, are text and stay text when somebody edits the cell; ERα is ERα."""
    signs = 0
    for name in tables.tables():
        for line in book[name].iter_rows(min_row=2):
            for cell in line:
                assert cell.data_type != "f", (name, cell.coordinate)
                if isinstance(cell.value, str) and cell.value[0] in "+-=@":
                    assert cell.data_type == "s" and cell.quotePrefix
                    signs += 1
    assert signs >= 38
    text = [cell for line in book["affinities"].values for cell in line]
    assert "ERα" in text and not any("Î" in str(cell) for cell in text)


def test_numbers_are_shown_as_they_are_written(book):
    header, *lines = book["outcomes"].iter_rows()
    at = [cell.value for cell in header].index("value")
    for line, row in zip(lines, tables.rows("outcomes"), strict=True):
        shown = line[at].number_format.partition(".")[2]
        assert len(shown) == len(row["value"].partition(".")[2]), row["id"]


def test_the_workbook_explains_itself(book):
    """F31: columns, units, sources, version, license, and how to cite stand in it."""
    about = " ".join(str(c) for line in book["about"].values for c in line if c)
    for word in (OF.version, "CC BY 4.0", "studies", "unverified", parcel.cite(OF)):
        assert word in about
    for name in tables.tables():
        assert tables.resource(name)["description"] in about
    columns = {line[:2]: line for line in book["columns"].values}
    for name in tables.tables():
        for field in tables.resource(name)["schema"]["fields"]:
            line = columns[name, field["name"]]
            assert line[4] == field["description"]
            assert (line[3] or "") == field.get("unit", "")


# --- CSV on the Web ----------------------------------------------------------


def test_the_metadata_is_valid_and_fits_the_tables(folder, caplog):
    """csv-metadata.json: the W3C's rules, each cell of each table, primary and foreign keys."""
    from csvw import CSVW

    read = CSVW(str(folder / parcel.METADATA), validate=True, strict=False)
    assert read.is_valid, read.warnings
    assert caplog.records == []
    assert [str(table.url) for table in read.tables] == [
        f"{name}.csv" for name in tables.tables()
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (",lumbar spine,", ",lumber spine,", "site"),
        (",false,", ",no,", "approx"),
        (",2026-11-", ",11/2026-", "looked_up"),
    ],
)
def test_the_metadata_finds_what_is_wrong(folder, tmp_path, old, new, told):
    """The types and the words of a column are in it, not its name alone."""
    from csvw import TableGroup

    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    path = tmp_path / "bmd_change.csv"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    group = TableGroup.from_file(tmp_path / parcel.METADATA)
    with pytest.raises(ValueError, match=told):
        list(group.tabledict[path.name].iterdicts(strict=True))


# --- the archive -------------------------------------------------------------


def unpacked(made):
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        assert file.testzip() is None
        assert {entry.date_time[0] for entry in file.infolist()} == {1980}
        return {
            name.partition("/")[2]: file.read(name)
            for name in file.namelist()
            if name.startswith(f"bonebook-data-{OF.name}/")
        }


def test_the_archive_is_ready_for_a_deposit(folder, tmp_path):
    """Data, descriptions, citation, license, README; what it holds opens where it was unpacked; the same bytes each time."""
    import frictionless
    from csvw import CSVW

    made = (folder / parcel.ARCHIVE).read_bytes()
    assert made == parcel.archive(OF)
    held = unpacked(made)
    assert {"README.md", "CITATION.cff", "LICENSE", "references.bib"} <= set(held)
    assert held["LICENSE"] == (ROOT / "LICENSE-TEXT").read_bytes()
    for name in tables.tables():
        assert held[f"data/{name}.csv"] == (tables.DATA / f"{name}.csv").read_bytes()
        assert f"`{name}`" in held["README.md"].decode()
    for name, content in held.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    package = frictionless.Package(str(tmp_path / "data" / "datapackage.json"))
    rows = package.get_resource("outcomes").read_rows()
    assert len(rows) == len(tables.rows("outcomes"))
    assert CSVW(str(tmp_path / "data" / parcel.METADATA), strict=False).tables


def test_the_citation_of_the_archive_is_of_the_tables():
    cited = yaml.safe_load(parcel.citation(OF))
    assert cited["type"] == "dataset" and cited["license"] == "CC-BY-4.0"
    assert cited["version"] == OF.name and cited["title"] in parcel.cite(OF)
    # what is not released has no day of release
    assert ("date-released" in cited) == (not OF.changed)


def test_an_edition_with_later_changes_says_so(tmp_path):
    (tmp_path / "CITATION.cff").write_bytes((ROOT / "CITATION.cff").read_bytes())
    log = tmp_path / "CHANGELOG.md"
    log.write_text("# Changes\n\n## Unreleased\n\n## 0.2.0 (2026-11-21)\n\n- All.\n")
    assert parcel.edition(tmp_path).name == OF.version
    log.write_text("# Changes\n\n## Unreleased\n\n- A row.\n\n## 0.2.0 (2026-11-21)\n")
    assert parcel.edition(tmp_path).name == f"{OF.version}+changes"


#: The keys of the Citation File Format 1.2.0, required and allowed.
REQUIRED = {"cff-version", "message", "title", "authors"}
ALLOWED = REQUIRED | {
    *("abstract", "commit", "contact", "date-released", "doi", "identifiers"),
    *("keywords", "license", "license-url", "preferred-citation", "references"),
    *("repository", "repository-artifact", "repository-code", "type", "url"),
    "version",
}


def test_the_citation_is_true():
    """CITATION.cff says what the book's own files say: title, authors, version, licenses, a day that has passed."""
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(cited) >= REQUIRED and set(cited) <= ALLOWED
    assert cited["cff-version"] == "1.2.0"
    assert cited["type"] in ("software", "dataset")
    assert cited["title"].startswith(config["title"])
    assert ", ".join(a["name"] for a in cited["authors"]) == config["author"]
    assert str(cited["version"]) == project["version"]
    assert cited["date-released"] <= datetime.date.today()
    licenses = [project["license"], tables.schema()["licenses"][0]["name"]]
    assert cited["license"] == licenses
    assert "Creative Commons Attribution 4.0" in (ROOT / "LICENSE-TEXT").read_text()


# --- on the site -------------------------------------------------------------


def linked(site_folder, name):
    """The links of the data dictionary that end with the name of a file."""
    page = (site_folder / DICTIONARY).read_text(encoding="utf-8")
    return re.findall(rf'href="([^"]*/{re.escape(name)})"', page)


def test_the_package_opens_where_it_is_linked(built):
    """F19: the datapackage.json that the data dictionary links is read at its address, with its tables."""
    import frictionless

    hrefs = linked(built, "datapackage.json")
    assert hrefs
    with served(built) as site:
        for href in hrefs:
            package = frictionless.Package(urljoin(f"{site}/{DICTIONARY}", href))
            rows = package.get_resource("outcomes").read_rows()
            assert len(rows) == len(tables.rows("outcomes"))


def test_what_names_its_neighbors_is_never_moved(built):
    """F19, the kind: no file that is downloaded from a folder of its own names files beside it."""
    for path in (built / "_downloads").rglob("*.json"):
        assert not re.search(r'"(path|url)"', path.read_text("utf-8")), path


@pytest.mark.parametrize("name", [parcel.WORKBOOK, parcel.METADATA, parcel.ARCHIVE])
def test_the_dictionary_links_what_can_be_taken_away(built, name):
    """F31: the workbook, and the rest, are a link of the data dictionary and lie where it leads."""
    hrefs = linked(built, name)
    assert hrefs
    for href in hrefs:
        assert (built / DICTIONARY).parent.joinpath(href).resolve().is_file()
