"""What the tables and the bibliography say of a source: address, DOI, PubMed number, year, author, volume, pages."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator

from .cross_cells import At, Found, Rows, every
from .cross_names import ARMS, DRUGS, words
from .report import Row

#: Name of the bibliography among the tables that the rules are given.
REFERENCES = "references"
UNDATED = ("", "n.d.")
PUBMED = re.compile(
    r"(?:pubmed\.ncbi\.nlm\.nih\.gov|pubmed\.gov|/pubmed)/(?:\?term=)?(\d+)"
)
#: field -> the shape that it has in an entry, and that shape in words.
SHAPES = {
    "title": (r".{5,}", "a title"),
    "author": (r".{2,}", "authors, or a body in braces"),
    "doi": (r"(10\.\d{4,9}/\S+)?", "a DOI, 10. and so on"),
    "pmid": (r"([1-9]\d{3,7})?", "a PubMed number"),
    "year": (r"((19|20)\d\d|n\.d\.)?", "a year, or n.d."),
    "volume": (r"(\d{1,4}([A-Z]|--\d{1,4})?)?", "a volume"),
    "pages": (
        r"([A-Za-z]*\d+|\w*\d+(\.e\d+)?--\w*\d+(\.e\d+)?)?",
        "pages, as in 12--15",
    ),
}


def people(field: str) -> list[str]:
    """The family names of a BibTeX list of authors; a body in braces is one name."""
    names = re.split(r"\s+and\s+(?![^{]*\})", field)
    return [
        name.strip("{} ")
        if name.strip().startswith("{")
        else name.partition(",")[0].strip()
        for name in names
    ]


def plain(text: str) -> str:
    """Letters alone, lower case, without accents."""
    return re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", text).lower())


def study_of(at: At) -> str:
    """The study that a row is of; its own id for a row of studies."""
    return at.row["id"] if at.table == "studies" else at.row.get("study", "")


def addresses(rows: Rows) -> Iterator[Found]:
    """An address in PubMed, or with a DOI, is that of the row's study."""
    studies = {at.row["id"]: at.row for at in every(rows, "studies")}
    for at in every(rows):
        study = studies.get(study_of(at))
        address = at.row.get("address", "").replace("%2F", "/")
        if not study or not address:
            continue
        number = PUBMED.search(address)
        doi = re.search(r"10\.\d{4,9}/[^\s?#]+", address)
        if number and study["pmid"] not in ("", number[1]):
            told = f"PubMed {study['pmid']}, the number of {study['id']}"
            yield at.says("address", told)
        # what was read in another paper has the address of that one
        first = at.row.get("seen", "primary") == "primary"
        if doi and first and not doi[0].lower().startswith(study["doi"].lower()):
            yield at.says("address", f"the DOI {study['doi']} of {study['id']}")


def places(rows: Rows) -> Iterator[Found]:
    """An address that tells of one study in other rows does so in this one."""
    told: dict[str, Counter[str]] = defaultdict(Counter)
    placed = [at for at in every(rows) if at.row.get("address") and study_of(at)]
    for at in placed:
        told[at.row["address"]][study_of(at)] += 1
    for at in placed:
        studies = told[at.row["address"]]
        usual, times = studies.most_common(1)[0]
        if at.table != "studies" and studies[study_of(at)] == 1 < times:
            expected = f"{usual}, as in the other rows read at {at.row['address']}"
            yield at.says("study", expected)


def drugs(rows: Rows) -> Iterator[Found]:
    """A row whose id names no drug is of one that its study names, where the study names any."""
    titles = {at.row["id"]: at.row.get("title", "") for at in every(rows, REFERENCES)}
    named = {}
    for at in every(rows, "studies"):
        said = [at.row[column] for column in ("name", "design", "population", "note")]
        text = " ".join([*said, titles.get(at.row["id"], "")]).lower()
        named[at.row["id"]] = {drug for drug in DRUGS if drug in text}
    for at in every(rows):
        row, known = at.row, named.get(study_of(at), set())
        if "drug" not in row or not known:
            continue
        if any(re.sub(r"\d+$", "", word) in ARMS for word in words(row)):
            continue
        said = [row.get(column, "") for column in ("drug", "comparator", "regimen")]
        mine = {drug for drug in DRUGS if drug in " ".join(said)}
        if mine and not mine & known:
            expected = f"{' or '.join(sorted(known))}, of which {row['study']} tells"
            yield at.says("drug", expected)


def alike(rows: Rows) -> Iterator[Found]:
    """Studies and bibliography agree on year, DOI, PubMed number and authors; the year of a key is that of its entry."""
    studies = {at.row["id"]: at.row for at in every(rows, "studies")}
    for at in every(rows, REFERENCES):
        study, year = studies.get(at.row["id"]), at.row.get("year", "")
        match = re.search(r"(?:19|20)\d\d", at.row["id"])
        if match and year not in (*UNDATED, match[0]):
            yield at.says("year", f"{match[0]}, the year in the key")
        if not study:
            continue
        for column in ("year", "doi", "pmid"):
            here, there = at.row.get(column, "").lower(), study[column].lower()
            # a PubMed number may stand in studies.csv alone, a year of the copy that was read in the entry alone
            lacking = column != "doi" and (not there or (column == "pmid" and not here))
            if here != there and not lacking:
                yield at.says(column, f"{there or 'nothing'}, as in studies.csv")
        yield from _authors(at, study["authors_year"])


def _authors(at: At, told: str) -> Iterator[Found]:
    """The first authors of an entry are those of the authors' line in studies.csv."""
    field = at.row.get("author", "")
    names = people(field)
    expected = f"the authors of {told!r}, as in studies.csv"
    if not names[0] or "not seen" in names[0].lower():
        if re.match(r"[^ ]+ (et al\.|and [^ ]+ \d)", told):
            yield at.says("author", expected)
        return
    if field.startswith("{"):
        shared = re.findall(r"[a-z]{4,}", names[0].lower()) or [names[0].lower()]
        letters = plain("".join(word[0] for word in re.findall(r"[A-Za-z]+", names[0])))
        short = re.match(r"[A-Z]{2,}", told)
        fits = any(word in told.lower() for word in shared)
        if not fits and not (short and plain(short[0]) in letters):
            yield at.says("author", expected, names[0])
        return
    pair = re.fullmatch(r"(.+?) and (.+?) \d{4}.*", told)
    if not plain(told).startswith(plain(names[0])):
        yield at.says("author", expected, names[0])
    elif pair and [plain(name) for name in names] != [plain(pair[1]), plain(pair[2])]:
        yield at.says("author", expected)
    elif " et al." in told and len(names) < 3 and "others" not in names:
        yield at.says("author", f"three or more, as in {told!r}")


def shapes(rows: Rows) -> Iterator[Found]:
    """An entry has a title and authors; its pages run forward, its numbers are numbers; no DOI or PubMed number stands twice."""
    for column in ("doi", "pmid"):
        for name in ("studies", REFERENCES):
            first: dict[str, str] = {}
            for at in every(rows, name):
                cell = at.row.get(column, "").lower()
                if cell and cell in first:
                    yield at.says(column, f"another than that of {first[cell]}")
                first.setdefault(cell, at.row["id"])
    for at in every(rows, REFERENCES):
        for column, (shape, expected) in SHAPES.items():
            if not re.fullmatch(shape, at.row.get(column, "")):
                yield at.says(column, expected)
        match = re.fullmatch(r"(\d+)--(\d+)", at.row.get("pages", ""))
        if match and not 0 <= int(match[2]) - int(match[1]) <= 60:
            yield at.says("pages", "a last page, at most 60 after the first")


def told_by_doi(rows: Rows) -> Iterator[Found]:
    """A DOI that tells year, volume, issue or first page tells those of its entry."""
    for at in every(rows, REFERENCES):
        tail, told = at.row.get("doi", "").partition("/")[2], {}
        since = (
            ""  # the year in which the DOI was given; print is up to two years later
        )
        if match := re.match(r"([a-z]+)\.(\d{1,3})\.(\d+)\.(\d+)$", tail):
            told = {"volume": match[2], "number": match[3]}
            if match[1] != "jcem":
                told["pages"] = match[4]
        elif match := re.match(r"NEJM(\d{4})\d{4}(\d{3})(\d\d)\d\d$", tail):
            told = {"year": match[1], "volume": match[2], "number": f"{int(match[3])}"}
        elif match := re.match(r"S\d{4}-?\d{3}[\dX]\((\d\d)\)", tail):
            since = ("19" if match[1] > "50" else "20") + match[1]
        elif match := re.match(r"s\d{5}-(0\d\d)-", tail):
            since = f"2{match[1]}"
        elif match := re.search(r"\.((?:19|20)\d\d)\.", tail):
            since = match[1]
        for column, what in told.items():
            if at.row.get(column, "").partition("--")[0] not in ("", what):
                yield at.says(column, f"{what}, as the DOI {at.row['doi']} tells")
        article = re.fullmatch(r"[A-Za-z]+0*(\d+)", at.row.get("pages", ""))
        if article and tail and article[1] not in tail:
            yield at.says("pages", f"the article number in the DOI {at.row['doi']}")
        year = at.row.get("year", "")
        if since and year.isdigit() and not 0 <= int(year) - int(since) <= 2:
            yield at.says("year", f"about {since}, as the DOI {at.row['doi']} tells")


def titles(rows: Rows) -> Iterator[Found]:
    """A drug in a title is one of which the rows of that study tell, where they tell of any."""
    told: dict[str, set[str]] = defaultdict(set)
    for at in every(rows):
        if at.table != REFERENCES:
            said = [cell for column, cell in at.row.items() if column != "address"]
            text = " ".join(said).lower()
            for study in (study_of(at), *at.row.get("further_studies", "").split()):
                told[study] |= {drug for drug in DRUGS if drug in text}
    for at in every(rows, REFERENCES):
        title, known = at.row.get("title", "").lower(), told[at.row["id"]]
        strange = [drug for drug in sorted(DRUGS - known) if drug in title]
        if strange and known:
            expected = f"{' or '.join(sorted(known))}, of which its rows tell"
            yield at.says("title", expected, f"{strange[0]} in a title")


def near(rows: Rows) -> Iterator[Found]:
    """No address stands once that differs in one letter from one that stands more often."""
    counted = Counter(at.row["address"] for at in every(rows) if at.row.get("address"))
    lengths: dict[int, list[str]] = defaultdict(list)
    for address in counted:
        lengths[len(address)].append(address)
    for at in every(rows):
        address = at.row.get("address", "")
        if counted[address] != 1:
            continue
        for other in lengths[len(address)]:
            differ = sum(a != b for a, b in zip(address, other, strict=True))
            if differ == 1 and counted[other] > 1:
                yield at.says("address", f"{other}, as in {counted[other]} other rows")


def in_order(rows: Rows) -> Iterator[Found]:
    """The volumes of a journal rise with the years, and so do the numbers of PubMed."""
    journals: dict[str, list[At]] = defaultdict(list)
    for at in every(rows, REFERENCES):
        if at.row.get("volume", "").isdigit() and at.row.get("year", "").isdigit():
            journals[at.row.get("journal", "").lower()].append(at)
    for found in journals.values():
        # id -> the entries that are out of order with it
        against: dict[str, list[Row]] = defaultdict(list)
        for one in (at.row for at in found):
            for two in (at.row for at in found):
                if one["year"] < two["year"] and int(one["volume"]) > int(
                    two["volume"]
                ):
                    against[one["id"]].append(two)
                    against[two["id"]].append(one)
        for at in found:
            others = against[at.row["id"]]
            # the one that is out of order with the most is the slip
            if others and all(len(against[o["id"]]) <= len(others) for o in others):
                one = others[0]
                told = f"{one['volume']} of {one['id']} in {one['year']}"
                yield at.says("volume", f"one in order with {told}")
    numbered = [
        at
        for at in every(rows, "studies")
        if at.row["pmid"].isdigit() and at.row["year"].isdigit()
        # before 1995 the numbers of PubMed do not run with the years
        if int(at.row["year"]) >= 1995
    ]
    numbered.sort(key=lambda at: int(at.row["pmid"]))
    years = [int(at.row["year"]) for at in numbered]
    for place, at in enumerate(numbered):
        near = years[max(place - 3, 0) : place] + years[place + 1 : place + 4]
        if len(near) > 2 and not min(near) - 1 <= years[place] <= max(near) + 1:
            told = f"those beside it are of {min(near)} to {max(near)}"
            yield at.says("pmid", f"a number of {years[place]}; {told}")


RULES = {
    "address and study": addresses,
    "study of the place": places,
    "drug of the study": drugs,
    "bibliography and studies": alike,
    "shape of an entry": shapes,
    "what the DOI tells": told_by_doi,
    "drug of the title": titles,
    "address of one letter": near,
    "order of the numbers": in_order,
}
