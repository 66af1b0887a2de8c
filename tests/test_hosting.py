"""What a book needs where it is published: descriptions, pictures, the foot of each page, map, feed, the page for lost addresses."""

import hashlib
import json
import re
import shutil
from datetime import date
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

import pytest
import yaml
from PIL import Image
from pybtex.database import parse_string

import engines
from helpers import PAGES, ROOT, THREADS, nothing
from press import edition, pages, rendered, social
from press.repository import AddressError, Repository
from press.sphinx import hosting
from tools.serving import served

ATOM = {"a": edition.ATOM}


# The repository's address


@pytest.mark.parametrize(
    ("address", "kind", "binder"),
    [
        ("https://github.com/owner/name.git", "github", "gh/owner/name"),
        (
            "https://gitlab.com/uni/nursing/serms/",
            "gitlab",
            "git/https%3A%2F%2Fgitlab.com%2Funi%2Fnursing%2Fserms",
        ),
        (
            "https://git.uni.example/a/b/c",
            "gitlab",
            "git/https%3A%2F%2Fgit.uni.example%2Fa%2Fb%2Fc",
        ),
        (
            "https://codeberg.org/owner/name",
            "other",
            "git/https%3A%2F%2Fcodeberg.org%2Fowner%2Fname",
        ),
    ],
)
def test_a_repository_may_lie_in_a_subgroup(address, kind, binder):
    """F22: BOOK_REPOSITORY=https://gitlab.com/uni/nursing/serms stopped the build."""
    found = Repository(address)
    assert (found.kind, found.binder()) == (kind, binder)
    assert found.address == address.rstrip("/").removesuffix(".git")
    assert found.name in address


@pytest.mark.parametrize(
    "address",
    [
        "github.com/owner/name",
        "http://github.com/owner/name",
        "https://github.com/owner",
        "https://github.com/owner/name/tree/main",
        "https://gitlab.com//name",
        "https://gitlab.com/a/b?x=1",
        "",
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(AddressError, match="must be an address such as"):
        Repository(address)


def test_a_user_or_token_is_refused_and_not_repeated():
    """F22: https://user:token@… was handed on into every page's link."""
    with pytest.raises(AddressError) as told:
        Repository("https://user:s3cret@github.com/owner/name")
    assert "s3cret" not in str(told.value)
    assert "https://github.com/owner/name" in str(told.value)


@pytest.mark.parametrize(
    ("address", "at", "title", "body"),
    [
        ("https://github.com/o/n", "/o/n/issues/new", "title", "body"),
        (
            "https://gitlab.com/a/b/c",
            "/a/b/c/-/issues/new",
            "issue[title]",
            "issue[description]",
        ),
        ("https://codeberg.org/o/n", "/o/n/issues/new", "title", "body"),
    ],
)
def test_a_report_opens_an_issue(monkeypatch, address, at, title, body):
    """Page, section, version and day stand in it; without a repository there is none."""
    asked = (
        "book/academic/bone",
        "Bone & more",
        "Academic 3.1",
        None,
        date(2026, 11, 29),
    )
    monkeypatch.delenv("BOOK_REPOSITORY", raising=False)
    assert hosting.report(*asked) == ""
    monkeypatch.setenv("BOOK_REPOSITORY", address)
    parts = urlsplit(hosting.report(*asked))
    said = {name: value for name, (value,) in parse_qs(parts.query).items()}
    assert parts.path == at and said[title] == "Mistake on: Bone & more"
    for line in (
        "Page: book/academic/bone (Academic 3.1)",
        "Section: (",
        "Version: ",
        "2026-11-29",
    ):
        assert line in said[body]


# Descriptions


def test_a_description_is_the_page_in_one_breath_or_its_first_paragraph():
    """newcomer.md, 10: descriptions were the furniture of the page."""
    breath = '<h1>T</h1><div class="bb-head"><p>Fundamentals 1.3</p></div><p>First [Delmas and others, 1997].</p>'
    box = '<div class="bb-breath admonition"><p class="admonition-title">In one breath</p><p>All of it.</p></div>'
    assert rendered.description(rendered.read(breath + box)) == "All of it."
    assert rendered.description(rendered.read(breath)) == "First."
    long = "<p>" + "A sentence of some words here. " * 20 + "</p>"
    cut = rendered.description(rendered.read(long))
    assert len(cut) <= rendered.LONGEST and cut.endswith("here.")
    unbroken = rendered.description(rendered.read("<p>" + "word " * 90 + "</p>"))
    assert len(unbroken) <= rendered.LONGEST and unbroken.endswith("word…")


def tags(html):
    """{name or property: content} of the <meta> of a page."""
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', html)
    return {name: unescape(content) for name, content in found}


def test_each_page_has_its_own_description_and_picture(built, address):
    """A shared link shows what its page says, under its own title; whole addresses only where the book has one."""
    seen, wrong = {}, []
    for page in PAGES:
        html = (built / f"{page}.html").read_text(encoding="utf-8")
        said = tags(html.split("</head>")[0])
        text = said.get("description", "")
        if not 20 <= len(text) <= rendered.LONGEST or text in seen:
            wrong.append(f"{page}: {text!r} ({seen.get(text)})")
        if re.search(r"minutes t|Intermediate 2\.\d+ Academic|\.ipynb", text):
            wrong.append(f"{page}: furniture, {text!r}")
        seen[text] = page
        if said.get("og:description") != text or not said.get("og:title"):
            wrong.append(f"{page}: {said}")
        site = address.get("BOOK_ADDRESS")
        for name in ("og:url", "og:image"):
            if bool(site) != (name in said):
                wrong.append(f"{page}: {name} is {said.get(name)}")
        if bool(site) != ('rel="canonical"' in html):
            wrong.append(f"{page}: canonical")
        file = built / hosting.picture(page)
        with Image.open(file) as picture:
            if picture.size != social.SIZE or file.stat().st_size > 25_000:
                wrong.append(f"{page}: {picture.size}, {file.stat().st_size} bytes")
    nothing(wrong)


def test_the_same_words_make_the_same_picture(tmp_path):
    words = ("The book", "Academic 3.2", "ERα: a lock with two sides", "Academic")
    sums = set()
    for name in ("one.png", "two.png"):
        social.write(tmp_path / name, *words)
        sums.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(sums) == 1
    face = social.font(40, bold=True)
    long = "A title of many words that goes on for quite some time, longer than any that the book has or should ever have"
    rows = social.lines(long, face, 1012)
    assert " ".join(rows) == long and all(face.getlength(row) <= 1012 for row in rows)


# The foot


CITED = edition.Cited(
    edition.Edition(
        "SERMs & bone", ("The bonebook authors",), "0.2.0", date(2026, 11, 21), True
    ),
    "book/intermediate/density",
    "How many women for one fracture fewer?",
    "Intermediate 2.3",
    "https://owner.example/name/book/intermediate/density.html",
    date(2026, 11, 29),
)


def test_a_page_is_cited_in_three_ways():
    """BibTeX that pybtex reads, RIS with its tags in order, a plain line; each with version, day and address."""
    (entry,) = parse_string(CITED.bibtex(), "bibtex").entries.values()
    assert entry.key == "serms-intermediate-density" and entry.type == "incollection"
    assert entry.fields["url"] == CITED.address and entry.fields["year"] == "2026"
    assert "\\&" in entry.fields["booktitle"] and "2.3" in entry.fields["note"]
    lines = CITED.ris().split("\r\n")
    assert lines[0] == "TY  - CHAP" and lines[-2] == "ER  - "
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
    assert f"UR  - {CITED.address}" in lines
    assert CITED.plain() == (
        "The bonebook authors (2026). How many women for one fracture fewer? Intermediate 2.3. In: SERMs & bone. "
        "Version 0.2.0 with later changes; evidence checked to 29 November 2026. "
        "https://owner.example/name/book/intermediate/density.html"
    )


def test_the_edition_is_the_one_of_the_files():
    which = edition.edition(ROOT)
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert (which.title, which.version) == (citation["title"], str(citation["version"]))
    begins = re.search("^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)[1]
    assert which.later == (begins == "Unreleased")


def test_the_foot_of_each_page(built, address):
    """newcomer.md, 2 and 12: not medical advice, day, version, license, how to cite, privacy; a report where the repository is known."""
    wrong = []
    for page in PAGES:
        html = (built / f"{page}.html").read_text(encoding="utf-8")
        foot = html[html.index('class="bb-foot"') :]
        day = pages.in_words(pages.checked(pages.place(page)))
        wanted = [
            "This book is not medical advice.",
            day,
            edition.edition(ROOT).words,
            "CC BY 4.0",
            "No cookies, no trackers, nothing from a third party.",
            "@incollection{",
            "TY  - CHAP",
            *filter(None, hosting.KEPT.values()),
        ]
        wrong += [f"{page}: {each}" for each in wanted if each not in foot]
        if ("Report a mistake" in foot) != bool(address.get("BOOK_REPOSITORY")):
            wrong.append(f"{page}: report")
        for file, text in re.findall(
            r'href="data:[^,]*,([^"]*)" download="([^"]*)"', foot
        ):
            if text not in unquote(file) and not text.endswith((".bib", ".ris")):
                wrong.append(f"{page}: {text}")
    nothing(wrong)


def test_what_the_browser_keeps_is_what_the_foot_says():
    """Each key that a script of the book writes into a reader's storage is told in the foot."""
    written = {}
    for folder in ("press/sphinx/static", "press/sphinx/templates", "explorables"):
        for file in [*(ROOT / folder).rglob("*.js"), *(ROOT / folder).rglob("*.html")]:
            if "vendor" in file.parts:
                continue
            text = file.read_text(encoding="utf-8")
            constants = dict(re.findall(r'const (\w+) = "([^"]+)";', text))
            for key in re.findall(r"(?:local|session)Storage\.setItem\(([^,]+),", text):
                key = key.strip()
                written[constants.get(key, key.strip("\"'"))] = file.name
    assert "bb-talk" in written
    assert set(written) <= set(hosting.KEPT), written


def test_a_report_names_the_section_that_was_read(visit):
    """The script puts the last heading in sight into the link, before it is followed."""
    page = visit(THREADS[0])
    said = page.evaluate(
        """() => {
            const foot = document.querySelector(".bb-foot");
            const link = document.createElement("a");
            link.className = "bb-report";
            link.href = "https://github.com/o/n/issues/new?title=T&body=Page%3A%20p%0ASection%3A%20(beginning)%0Aend";
            link.textContent = "Report a mistake";
            foot.append(link);
            return new Promise((done) => {
                const script = document.createElement("script");
                script.src = document.documentElement.dataset.content_root + "_static/foot.js";
                script.onload = done;
                document.head.append(script);
            }).then(() => {
                const heads = document.querySelectorAll("article section[id] > h2");
                heads[1].scrollIntoView();
                return heads[1].parentElement.id;
            });
        }"""
    )
    page.wait_for_timeout(300)
    page.locator(".bb-report").evaluate("link => link.focus()")
    body = parse_qs(urlsplit(page.locator(".bb-report").get_attribute("href")).query)[
        "body"
    ]
    assert f"(#{said})" in body[0] and body[0].endswith("\nend")


# What lies beside the pages


def test_files_that_hosts_and_search_engines_look_for(built, address):
    """F20: .nojekyll, else GitHub leaves out _static; robots.txt; the root has a title; the map only with an address."""
    assert (built / ".nojekyll").exists()
    robots = (built / "robots.txt").read_text("utf-8")
    assert robots.startswith("User-agent: *\nAllow: /\n") and "Disallow" not in robots
    site = address.get("BOOK_ADDRESS")
    assert bool(site) == (built / "sitemap.xml").exists() == ("Sitemap:" in robots)
    root = (built / "index.html").read_text("utf-8")
    assert "<title>SERMs and bone health</title>" in root
    assert 'url=book/index.html"' in root and 'rel="icon"' in root


def test_the_feed_has_each_change(tmp_path):
    """An entry for each point that is not released and for each release; its id is that of its text."""
    changes = "# Changes\n\n## Unreleased\n\nWords.\n\n- One: `a` is b.\n  It goes on.\n- Two.\n\nMore:\n\n- Three.\n\n## 0.1.0 (2026-11-01)\n\nFirst.\n"
    (tmp_path / "CHANGELOG.md").write_text(changes, encoding="utf-8")
    today = date(2026, 11, 29)

    def entries(address=""):
        root = ElementTree.fromstring(edition.feed(tmp_path, "B", address, today))
        return root, [
            tuple(
                each.findtext(f"a:{name}", None, ATOM)
                for name in ("title", "id", "updated")
            )
            for each in root.findall("a:entry", ATOM)
        ]

    root, found = entries("https://owner.example/name/")
    assert [title for title, *_ in found] == ["One:", "Two.", "Three.", "Version 0.1.0"]
    assert (
        found[0][2] == "2026-11-29T00:00:00Z" and found[3][2] == "2026-11-01T00:00:00Z"
    )
    assert "It goes on." in root.find("a:entry/a:content", ATOM).text
    assert "a:content" and "<code>a</code>" in root.find("a:entry/a:content", ATOM).text
    links = {link.get("rel"): link.get("href") for link in root.findall("a:link", ATOM)}
    assert links["self"] == "https://owner.example/name/changes.xml"
    (tmp_path / "CHANGELOG.md").write_text(
        changes.replace("- Two.", "- Two and a half.\n- Two."), encoding="utf-8"
    )
    _, later = entries()
    assert [each[1] for each in later if each in found] == [each[1] for each in found]
    assert len({each[1] for each in later}) == len(later) == 5


def test_the_feed_of_the_book(built):
    """It can be read, each entry says something, and pages lead to it."""
    root = ElementTree.parse(built / "changes.xml").getroot()
    titles = [
        each.findtext("a:title", "", ATOM) for each in root.findall("a:entry", ATOM)
    ]
    ids = [each.findtext("a:id", "", ATOM) for each in root.findall("a:entry", ATOM)]
    assert len(titles) > 5 and all(titles) and len(set(ids)) == len(ids)
    assert 'type="application/atom+xml"' in (built / f"{PAGES[0]}.html").read_text(
        "utf-8"
    )


@pytest.mark.parametrize(
    "depth", ["nowhere.html", "book/academic/fractured-bones.html", "a/b/c/d/evista"]
)
def test_a_lost_address_is_searched_at_any_depth(chromium, built, tmp_path, depth):
    """The page for addresses that lead nowhere, in a folder of a site whose address nobody told: it finds the book and searches for the words of the address."""
    (tmp_path / "serms").symlink_to(built)
    lost = (built / "404.html").read_text(encoding="utf-8")
    if 'data-content_root=""' not in lost:
        pytest.skip("this site was built for its own address")
    with served(tmp_path) as site:
        page = chromium.new_page()
        page.set_default_timeout(60_000)
        address = f"{site}/serms/{depth}"
        page.route(
            address,
            lambda route: route.fulfill(
                status=404, content_type="text/html", body=lost
            ),
        )
        page.goto(address)
        link = page.locator(".bb-hits a").first
        link.wait_for() if depth != "nowhere.html" else page.locator(
            ".bb-found"
        ).wait_for(state="attached")
        page.wait_for_function(
            "() => document.querySelector('form').action.endsWith('/serms/search.html')"
        )
        assert page.locator("#front").get_attribute("href") == "/serms/book/index.html"
        if depth != "nowhere.html":
            assert "/serms/book/" in link.evaluate("link => link.href")
        page.close()


def test_what_only_the_owner_of_a_fork_knows_is_written_down():
    """F21: a fork's publishing job fails until Pages and Actions are switched on, and nothing said so."""
    readme = (ROOT / "README.md").read_text("utf-8")
    for words in ("Pages*, *Source*", "GitHub Actions", "*Actions* tab", "master"):
        assert words in readme, words
    assert "## A fork" in (ROOT / "CONTRIBUTING.md").read_text("utf-8")


# The workflows


def workflow(name):
    return yaml.safe_load((ROOT / ".github/workflows" / name).read_text("utf-8"))


def test_the_site_that_was_tested_is_the_site_that_is_published():
    """One build: what the tests have read is uploaded, and the job that publishes builds nothing; a pull request's is kept to look at."""
    jobs = workflow("book.yml")["jobs"]
    uploads = [
        step for step in jobs["test"]["steps"] if "upload" in step.get("uses", "")
    ]
    paths = {step["uses"].split("@")[0]: step["with"]["path"] for step in uploads}
    tested = "_test/.clone/_build/html"
    assert paths["actions/upload-pages-artifact"] == tested
    (preview,) = [step for step in uploads if step["with"].get("name") == "preview"]
    assert preview["with"]["path"] == tested and "pull_request" in preview["if"]
    assert [
        step.get("uses", "").split("@")[0] for step in jobs["publish"]["steps"]
    ] == ["actions/deploy-pages"]
    assert {"check", "test"} <= set(jobs["publish"]["needs"])
    runs = [
        step["run"] for step in jobs["test"]["steps"] if "make" in step.get("run", "")
    ]
    assert runs == ["make test"]
    text = (ROOT / ".github/workflows/book.yml").read_text("utf-8")
    assert "github.event.repository.default_branch" in text  # main or master


def test_the_weekly_looks_are_commands_that_exist():
    job = workflow("weekly.yml")["jobs"]["look"]
    looks = [each["look"] for each in job["strategy"]["matrix"]["include"]]
    assert looks == ["retractions", "links"]
    assert all((ROOT / "tools" / f"{look}.py").exists() for look in looks)
    assert job["permissions"]["issues"] == "write"
    assert json.dumps(job).count("gh issue") == 3
    assert shutil.which("false")  # a shell is there for what follows in the workflow


def test_the_weekly_proof_wants_every_engine():
    """A workflow that could not install one must not pass by skipping it."""
    steps = workflow("weekly.yml")["jobs"]["proof"]["steps"]
    (proof,) = [step for step in steps if step.get("run") == "make test-weekly"]
    assert proof["env"][engines.REQUIRED].split(",") == list(engines.ENGINES)


WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def test_every_action_is_named_by_its_commit():
    """A tag can be moved by whoever takes over an action; a commit cannot. One action has one commit and one version in all files."""
    named, faults = {}, []
    for path in WORKFLOWS:
        for line in path.read_text("utf-8").splitlines():
            if "uses:" not in line:
                continue
            found = re.search(
                r"uses: ([\w.-]+/[\w./-]+)@([0-9a-f]{40})  # (v\d+\.\d+\.\d+)$", line
            )
            if not found:
                faults.append(f"{path.name}: {line.strip()}: no commit and version")
            elif named.setdefault(found[1], found.groups()) != found.groups():
                faults.append(f"{path.name}: {line.strip()}: elsewhere another one")
    assert len(named) >= 6  # it has read them
    nothing(faults)


def test_workflows_may_do_no_more_than_they_must():
    """Reading is the rule, and a job that writes says what; no clone keeps a token; no job runs for ever, or beside itself."""
    faults = []
    for path in WORKFLOWS:
        said = workflow(path.name)
        if said["permissions"] != {"contents": "read"} or "concurrency" not in said:
            faults.append(f"{path.name}: permissions or concurrency")
        for name, job in said["jobs"].items():
            where = f"{path.name}, {name}"
            if "timeout-minutes" not in job:
                faults.append(f"{where}: no timeout")
            if "write" in job.get("permissions", {}).values():
                writes = {
                    key for key, of in job["permissions"].items() if of == "write"
                }
                if writes != WRITES.get((path.stem, name)):
                    faults.append(f"{where}: may write {sorted(writes)}")
            faults += [
                f"{where}: the clone keeps a token"
                for step in job["steps"]
                if step.get("uses", "").startswith("actions/checkout@")
                and step.get("with", {}).get("persist-credentials") is not False
            ]
    nothing(faults)


#: The jobs that change something, and what.
WRITES = {
    ("book", "publish"): {"pages", "id-token"},
    ("book", "notebooks"): {"contents"},
    ("weekly", "look"): {"issues"},
}
