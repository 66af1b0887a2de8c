"""The list for the appointment: on the page without scripts, and in a real browser."""

import re
import shutil

import pytest

from helpers import (
    DESKTOP,
    PHONE,
    ROOT,
    axe,
    light_and_dark,
    opened,
    settled,
)
from press import myst
from press.commonmark import Converter

PAGE = "book/fundamentals/talk"
SOURCE = myst.read(ROOT / f"{PAGE}.md", f"{PAGE}.md")
TOPICS = {topic.argument: topic for topic in SOURCE.named("talk-topic")}
#: As the list names the page of fractures.
TITLE = myst.read(ROOT / "book/fundamentals/fractures.md").title
TITLES = [topic.options["title"] for topic in TOPICS.values()]


def questions(name):
    """The questions of a topic, in MyST."""
    return re.findall(r"^- (.+)$", TOPICS[name].body, re.M)


@pytest.fixture(scope="module")
def before(chromium, site):
    """The page at a desk, opened once."""
    page = opened(chromium, site, PAGE)
    yield page
    page.context.close()


@pytest.fixture
def visit(chromium, site, before):
    """Open the page, each time in a browser that knows nothing yet: what it kept is forgotten, or it is another one."""
    contexts = []

    def open_(alone=False, **how):
        if alone or how:
            page = opened(chromium, site, PAGE, **how)
            contexts.append(page.context)
            return page
        before.evaluate("localStorage.clear(); sessionStorage.clear()")
        for noted in (before.said, before.asked, before.failed):
            noted.clear()
        before.goto(f"{site}/{PAGE}.html")
        assert kept(before) is None
        return before

    yield open_
    for context in contexts:
        context.close()


def tick(page, *names):
    for name in names:
        page.get_by_role("checkbox", name=TOPICS[name].options["title"]).check()


def seen(page):
    """The topics that can be seen, by their titles."""
    titles = page.locator(".bb-talk-topic > h3")
    return [
        re.sub(r"\W+$", "", title.text_content())
        for title in titles.all()
        if title.is_visible()
    ]


def titles(*names):
    return [re.sub(r"\W+$", "", TOPICS[name].options["title"]) for name in names]


def said(page):
    return page.locator(".bb-talk-said").inner_text()


def kept(page):
    return page.evaluate("localStorage.getItem('bb-talk')")


def plain(text):
    """Words, as in the text of a page: without roles, links and kinds of quotation marks."""
    return re.sub(r"\W+", " ", myst.plain(text)).strip()


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


# The source


def test_the_topics_that_were_settled():
    assert list(TOPICS) == [
        *("spine", "hip", "breast", "clots", "stroke", "flashes", "how"),
        *("medicines", "operation", "long", "stopping", "others", "cost"),
    ]


def test_help_and_harm_are_counted_alike():
    """Each number of women in a fact stands beside that of women without the drug, out of 1,000."""
    for name, topic in TOPICS.items():
        for fact in topic.body.split("\n\n")[1:]:
            shares = re.findall(
                r"\{fact\}`(\d+)(?: fewer| more)?( out of 1,000)?", fact
            )
            assert all(of for _, of in shares), f"{name}: {fact}"
            arms = [count for count, _ in shares]
            assert len(arms) in (0, 2, 3), f"{name}: {fact}"
            if len(arms) == 3:  # the difference, with the drug, without
                difference, drug, without = map(int, arms)
                assert abs(drug - without) == difference, f"{name}: {fact}"


def test_no_score_and_no_advice():
    text = SOURCE.prose.lower()
    assert not re.search(
        r"\b(you should|we recommend|we advise|the best|safest)\b", text
    )


def test_notebooks_have_the_whole_list(tmp_path):
    """No thread has this page; on one that had, the topics would be headings with their text."""
    page = tmp_path / "book/fundamentals/bone.md"
    page.parent.mkdir(parents=True)
    shutil.copy(ROOT / "book/threads.yml", tmp_path / "book")
    (tmp_path / "_toc.yml").write_text("root: book/fundamentals/bone\n")
    topic = "\n- May I ask?\n\nA *fact*.\nFrom [](bone.md)."
    text = (
        f":::{{talk-form}}\n:::\n\n:::{{talk-topic}} hip\n:title: A hip\n{topic}\n:::"
    )
    page.write_text(f"# Bone\n\n{text}\n", encoding="utf-8")
    plain = Converter(page, tmp_path).convert(text)
    assert plain.startswith("### A hip\n\n- May I ask?\n\nA *fact*.")
    assert plain.endswith("From [Bone](../fundamentals/bone.ipynb).")


# The page without scripts


def test_every_topic_stands_in_the_page(built):
    page = (built / f"{PAGE}.html").read_text(encoding="utf-8")
    for name, topic in TOPICS.items():
        section = re.search(
            rf'<section class="[^>]*id="talk-{name}".*?</section>', page, re.S
        )
        text = re.sub(r"\W+", " ", words(section[0]))
        for question in questions(name):
            for piece in re.split(r"\{\w+\}`([^`<]+)[^`]*`", question):
                assert plain(piece) in text, question
        assert section[0].count("bb-talk-fact") == len(topic.body.split("\n\n")) - 1
        assert section[0].count("bb-fact") >= topic.body.count("{fact}")
    assert 'class="bb-from"' in page


def test_the_script_is_on_this_page_only(built):
    loading = [
        file.relative_to(built).as_posix()
        for file in built.rglob("book/**/*.html")
        if "talk/talk.js" in file.read_text(encoding="utf-8")
    ]
    assert loading == [f"{PAGE}.html"]
    page = (built / f"{PAGE}.html").read_text(encoding="utf-8")
    own = page[
        page.index('<form class="bb-talk"') : page.index('class="bb-talk-sheet"')
    ]
    assert not re.search(r"\son\w+=|\sstyle=|<script", own), (
        "a strict policy forbids it"
    )


def test_without_scripts(visit):
    page = visit(java_script_enabled=False)
    assert seen(page) == titles(*TOPICS)
    assert not page.locator(".bb-talk").is_visible()
    assert page.locator(".bb-talk-all").is_visible()


# In a browser


def test_ticks_make_the_list(visit):
    page = visit()
    assert seen(page) == [] and page.locator(".bb-talk-empty").is_visible()
    assert not page.locator(".bb-talk-all").is_visible()
    tick(page, "clots", "spine")
    assert seen(page) == titles("spine", "clots")  # in the order of the page
    asked = len(questions("spine")) + len(questions("clots"))
    assert said(page).startswith(f"On your list: 2 topics with {asked} questions.")
    assert not page.locator(".bb-talk-empty").is_visible()
    page.get_by_role("checkbox", name=TOPICS["spine"].options["title"]).uncheck()
    assert seen(page) == titles("clots")
    page.get_by_role("button", name="Tick everything").click()
    assert seen(page) == titles(*TOPICS)


def test_questions_of_her_own(visit):
    page = visit()
    field = page.get_by_label("A question of your own")
    for question in ("May I swim?", "<b>Is it & safe?</b>"):
        field.fill(question)
        field.press("Enter")
        assert field.input_value() == ""
        assert page.evaluate("document.activeElement.id") == "bb-talk-own"
    mine = page.locator(".bb-talk-mine li > span")
    assert mine.all_inner_texts() == ["May I swim?", "<b>Is it & safe?</b>"]
    assert "2 questions of your own" in said(page)
    field.press("Enter")
    assert said(page) == "Write your question first."
    page.get_by_role("button", name="Remove: May I swim?").click()
    assert mine.all_inner_texts() == ["<b>Is it & safe?</b>"]
    assert page.evaluate("document.activeElement.ariaLabel").startswith("Remove: <b>")
    page.keyboard.press("Enter")
    assert mine.count() == 0 and page.locator(".bb-talk-empty").is_visible()
    assert page.evaluate("document.activeElement.id") == "bb-talk-own"


def test_reload_keeps_and_clear_forgets(visit):
    page = visit()
    tick(page, "hip", "cost")
    page.get_by_label("Leave lines for notes").check()
    page.get_by_label("A question of your own").fill("May I swim?")
    page.keyboard.press("Enter")
    page.reload()
    assert seen(page) == titles("hip", "cost")
    assert page.get_by_label("Leave lines for notes").is_checked()
    assert page.locator(".bb-talk-mine").inner_text().startswith("May I swim?")
    page.get_by_role("button", name="Clear my list").click()
    assert "this browser has forgotten it" in said(page)
    assert kept(page) is None and seen(page) == []
    page.reload()
    assert seen(page) == [] and page.locator(".bb-talk-mine li").count() == 0
    assert page.locator(".bb-talk :checked").count() == 0


@pytest.mark.parametrize(
    "stored", ["no JSON", "3", "null", '{"topics": "hip", "own": [1, {}], "lines": 2}']
)
def test_whatever_is_stored(visit, stored):
    page = visit()
    page.evaluate("(stored) => localStorage.setItem('bb-talk', stored)", stored)
    page.reload()
    tick(page, "hip")
    assert seen(page) == titles("hip") and page.said == []


BLOCKED = """Object.defineProperty(window, "localStorage", {
    configurable: true, // as browsers have it
    get() { throw new DOMException("no", "SecurityError"); },
});"""


def test_without_storage_it_works_and_says_so(visit):
    page = visit(alone=True)
    page.add_init_script(BLOCKED)
    page.reload()
    assert (
        "does not let this page keep anything"
        in page.locator(".bb-talk-kept").inner_text()
    )
    tick(page, "hip")
    assert seen(page) == titles("hip")
    page.get_by_role("button", name="Clear my list").click()
    assert seen(page) == []


def test_nothing_is_sent(visit):
    page = visit()
    settled(page)
    asked = len(page.asked)
    tick(page, *TOPICS)
    page.get_by_label("A question of your own").fill("May I swim?")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Copy my list").click()
    settled(page)
    assert page.asked[asked:] == [] and page.failed == []
    assert page.context.cookies() == []


def test_copies_plain_text(visit, site):
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy my list").click()
    assert said(page) == "Nothing is on your list yet: tick something first."
    tick(page, "spine", "clots")
    page.get_by_label("A question of your own").fill("May I swim?")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Copy my list").click()
    page.wait_for_function(
        "() => document.querySelector('.bb-talk-said').textContent.startsWith('Copied')"
    )
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("My list for the appointment\n")
    assert "\nMY OWN QUESTIONS\n- May I swim?\n" in text
    for name in ("spine", "clots"):
        assert (
            f"\n{TOPICS[name].options['title'].upper()}\nQuestions to ask\n- " in text
        )
        for question in questions(name):
            assert f"\n- {myst.plain(question)}\n" in text
    assert (
        "19 out of 1,000 on raloxifene and 43 out of 1,000 with no drug" in text
        and f"From {TITLE}.\n" in text
    )
    assert f"\n{TITLE}: {site}/book/fundamentals/fractures.html\n" in text
    assert "no advice" in text and "A BROKEN HIP" not in text and "Notes:" not in text
    assert not re.search(r"[<>×#]|Full entry|  ", text), text
    page.get_by_label("Leave lines for notes").check()
    page.get_by_role("button", name="Copy my list").click()
    page.wait_for_timeout(300)
    assert page.evaluate("navigator.clipboard.readText()").count("\nNotes:\n") == 3


def test_where_copying_is_forbidden_the_text_is_shown(visit):
    page = visit()
    page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }"
    )
    tick(page, "hip")
    page.get_by_role("button", name="Copy my list").click()
    field = page.get_by_label("Your list as text")
    field.wait_for()
    assert "A BROKEN HIP" in field.input_value()
    assert page.evaluate("document.activeElement.id") == "bb-talk-text"
    assert page.evaluate("getSelection().toString().length") > 300
    tick(page, "cost")  # what is shown would no longer be her list
    assert not field.is_visible()


def test_by_keyboard_alone(visit):
    """Tab goes from tick to tick, to the field, to the buttons, to the list; Space ticks."""
    page = visit()
    page.locator("[name=topic]").first.focus()
    page.keyboard.press("Space")
    passed = []
    for _ in range(len(TOPICS) + 6):
        page.keyboard.press("Tab")
        passed.append(
            page.evaluate(
                "document.activeElement.value + document.activeElement.textContent"
            )
        )
    _, *ticks = TOPICS
    buttons = ["Add it", "on", "Print my list", "Copy my list", "Clear my list"]
    assert passed == [*ticks, "Tick everything", "", *buttons]
    assert seen(page) == titles("spine")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('#the-list')")
    page.locator("[name=topic]").nth(1).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # submits a form, and must not take the focus away
    assert page.evaluate("document.activeElement.value") == "hip"
    assert seen(page) == titles("spine", "hip")


def test_for_a_screen_reader(visit):
    """A group with a name and a hint, ticks with names, a live region, a heading for each topic."""
    page = visit()
    group = page.get_by_role("group", name="What matters to you?")
    assert group.get_by_role("checkbox").count() == len(TOPICS)
    assert page.get_by_role("status").get_attribute("class") == "bb-talk-said"
    assert page.locator("fieldset").get_attribute("aria-describedby") == "bb-talk-hint"
    tick(page, "hip")
    headings = page.locator("article").get_by_role("heading", level=3)
    assert headings.count() == 1
    assert page.locator(".bb-talk-lines:not([aria-hidden=true])").count() == 0


def test_a_link_to_a_topic_ticks_it(visit, site):
    page = visit()
    page.evaluate("location.hash = ''")
    page.goto(f"{site}/{PAGE}.html#talk-stroke")
    page.reload()
    assert seen(page) == titles("stroke")
    page.evaluate(
        "document.querySelector('.bd-sidebar-secondary a[href=\"#talk-hip\"]').click()"
    )
    assert seen(page) == titles("hip", "stroke")


def test_accessible(visit):
    page = visit()
    tick(page, "spine", "clots")  # the page as it opens is looked at with all others
    page.get_by_label("A question of your own").fill("May I swim?")
    page.keyboard.press("Enter")
    for scheme, rules in light_and_dark(page):
        assert axe(page, rules, "article") == [], scheme


@pytest.mark.parametrize("width", [390, 320])
def test_fits_a_phone(visit, width):
    page = visit(viewport={**PHONE, "width": width}, has_touch=True, is_mobile=True)
    tick(page, *TOPICS)
    page.get_by_label("A question of your own").fill("w" * 200)
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for target in page.locator(".bb-talk-choice, .bb-talk button").all():
        assert target.bounding_box()["height"] >= 43.5


def printed(page):
    """What a sheet of paper shows, and how many sheets of A4 there are."""
    page.emulate_media(media="print")
    text = re.sub(r"\s+", " ", page.locator("body").inner_text())
    pdf = page.pdf(format="A4")
    page.emulate_media(media="screen")
    return text, len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_prints_her_list_alone(visit):
    page = visit(viewport=DESKTOP)
    page.evaluate("() => { window.print = () => { window.wasPrinted = true; }; }")
    page.get_by_role("button", name="Print my list").click()
    assert not page.evaluate("window.wasPrinted")
    tick(page, "spine", "clots", "how")
    page.get_by_label("A question of your own").fill("May I swim?")
    page.keyboard.press("Enter")
    up = "document.getElementById('pst-back-to-top').style.display = 'block'"
    page.evaluate(up)  # as the theme does on a page that was scrolled
    page.get_by_role("button", name="Print my list").click()
    assert page.evaluate("window.wasPrinted")
    text, sheets = printed(page)
    assert text.startswith("My list for the appointment") and sheets == 1
    assert "What weighs most for me" in text and "Where I lean today" in text
    assert "May I swim?" in text and "19 out of 1,000" in text and "no advice" in text
    for words in (
        "Back to top",
        "Remove",
        "A broken hip",
        "Tick",
        "A visit is short",
        "Where this comes",
    ):
        assert words not in text
    assert text.count("Notes") == 0
    page.get_by_label("Leave lines for notes").check()
    assert printed(page)[0].count("Notes") == 4


def test_prints_the_whole_list_when_nothing_is_ticked(visit):
    page = visit()
    text, _ = printed(page)
    assert all(title in text for title in titles(*TOPICS))
    assert "My list for the appointment" not in text and "Tick as many" not in text
