"""The figures with sliders: the same numbers in Python and in the browser, and every control at work in a real Chromium."""

import math
import random
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import PAGES, ROOT
from test_site import DESKTOP, PHONE, RULES, visit  # noqa: F401  (visit is a fixture)

from press.sphinx.explore import Choice, Count, explorable, known  # noqa: E402

NAMES = known()
#: The pages on which an explorable stands: {name: [page]}.
STANDS = {
    name: [
        page
        for page in PAGES
        if f"{{explorable}} {name}\n"
        in (ROOT / f"{page}.md").read_text(encoding="utf-8")
    ]
    for name in NAMES
}
#: Where it stands with all its controls.
FIRST = [(name, pages[-1]) for name, pages in STANDS.items() if pages]


def grid(shown, count=60):
    """Settings to compare at: as it opens, each preset, each control at its ends, and `count` drawn at random with a fixed seed."""
    opens = shown.defaults()
    settings = [opens, *({**opens, **preset} for preset in shown.presets.values())]
    dice = random.Random(shown.name)

    def some(control):
        if isinstance(control, Choice):
            return dice.choice(list(control.options))
        if isinstance(control, Count):
            return dice.randint(control.low, control.high)
        if control.log:
            return 2 ** dice.uniform(math.log2(control.low), math.log2(control.high))
        return dice.uniform(control.low, control.high)

    for control in shown.controls:
        ends = (
            list(control.options)
            if isinstance(control, Choice)
            else [control.low, control.high]
        )
        settings += [{**opens, control.name: end} for end in ends]
    return settings + [
        {control.name: some(control) for control in shown.controls}
        for _ in range(count)
    ]


def differences(python, browser, where=""):
    """Places at which two answers differ: numbers by more than 1e-6 of their size, words at all."""
    if isinstance(python, dict):
        if python.keys() != browser.keys():
            return [f"{where}: {sorted(python)} against {sorted(browser)}"]
        return [
            fault
            for key in python
            for fault in differences(python[key], browser[key], f"{where}.{key}")
        ]
    if isinstance(python, list):
        if len(python) != len(browser):
            return [f"{where}: {len(python)} against {len(browser)} rows"]
        return [
            fault
            for n, (a, b) in enumerate(zip(python, browser))
            for fault in differences(a, b, f"{where}[{n}]")
        ]
    if isinstance(python, str) and where.endswith(
        ".path"
    ):  # coordinates, written with four decimals
        a, b = (
            [float(number) for number in re.findall(r"-?[\d.]+", text)]
            for text in (python, browser)
        )
        same = re.sub(r"-?[\d.]+", "", python) == re.sub(
            r"-?[\d.]+", "", browser
        ) and all(abs(x - y) < 1.5e-4 for x, y in zip(a, b))
        return [] if same else [f"{where}: another path"]
    if isinstance(python, (int, float)) and not isinstance(python, bool):
        return (
            []
            if math.isclose(python, browser, rel_tol=1e-6, abs_tol=1e-9)
            else [f"{where}: {python} against {browser}"]
        )
    return [] if python == browser else [f"{where}: {python!r} against {browser!r}"]


@pytest.mark.parametrize("name", NAMES)
def test_python_and_browser_agree(chromium, name):
    """At every setting of a grid the answer of the Python models and that of the browser agree to 1e-6."""
    shown = explorable(name)
    given, settings = shown.given(), grid(shown)
    page = chromium.new_page()
    page.add_script_tag(path=ROOT / "explorables/static/models.js")
    found = page.evaluate(
        "([name, settings, given]) => settings.map((each) => bonebookModels.answer[name](each, given))",
        [name, settings, given],
    )
    page.close()
    assert len(found) == len(settings) > 60
    faults = [
        f"{each}: {fault}"
        for each, answer in zip(settings, found)
        for fault in differences(shown.answer(each, given), answer)
    ]
    assert faults == []


def test_the_comparison_can_fail():
    """The comparison above notices a number, a word, a row and a key that differ."""
    assert differences({"a": [1.0, "x"]}, {"a": [1.0, "x"]}) == []
    assert (
        differences(1.0, 1.00001)
        and differences("x", "y")
        and differences([1], [1, 2])
        and differences({"a": 1}, {"b": 1})
    )
    assert differences({"path": "M0.1,0.2z"}, {"path": "M0.1,0.3z"})


@pytest.mark.parametrize("name", NAMES)
def test_stands_in_the_book(name):
    assert STANDS[name], f"no page shows the explorable {name}"


@pytest.mark.parametrize("name", NAMES)
def test_opening_settings_can_be_reached(name):
    """What a control opens at, and each preset, lies inside its range; a preset names controls that exist."""
    shown = explorable(name)
    controls = {control.name: control for control in shown.controls}
    for settings in (shown.defaults(), *shown.presets.values()):
        for key, value in settings.items():
            control = controls[key]
            assert (
                value in control.options
                if isinstance(control, Choice)
                else control.low <= value <= control.high
            ), f"{key} = {value}"


def arrive(visit, path, name, **settings):  # noqa: F811
    """Opens a page, scrolls to its explorable, waits until it is drawn; returns page and box."""
    page = visit(path, **settings)
    box = page.locator(f"[data-explorable='{name}']")
    box.scroll_into_view_if_needed()
    page.wait_for_function(
        "(name) => document.querySelector(`[data-explorable='${name}']`).dataset.drawn >= 1",
        arg=name,
    )
    return page, box


def drawn(page, name, before):
    page.wait_for_function(
        "([name, before]) => document.querySelector(`[data-explorable='${name}']`).dataset.drawn > before",
        arg=[name, int(before)],
    )


def state(box):
    """What a reader sees of it: the sentence, the drawing and the numbers."""
    return (
        box.locator(".bb-say").inner_text(),
        box.locator(".bb-chart svg").inner_html(),
        box.locator(".bb-numbers table").inner_html(),
    )


@pytest.mark.parametrize(
    ("viewport", "touch"), [(DESKTOP, False), (PHONE, True)], ids=["desktop", "phone"]
)
@pytest.mark.parametrize(("name", "path"), FIRST)
def test_every_control_answers(visit, site, name, path, viewport, touch):  # noqa: F811
    """Mouse (or finger) and keyboard move every control; numbers, sentence or drawing follow; nothing is asked of another host."""
    page, box = arrive(
        visit, path, name, viewport=viewport, has_touch=touch, is_mobile=touch
    )
    for control in box.locator("[data-control]").all():
        assert (
            page.locator(f"label[for='{control.get_attribute('id')}']")
            .inner_text()
            .strip()
        )
        control.scroll_into_view_if_needed()
        if control.evaluate("each => each.tagName") == "SELECT":
            chosen = control.input_value()
            for option in control.locator("option").evaluate_all(
                "all => all.map(each => each.value)"
            ):
                if option != chosen:
                    before, times = state(box), box.get_attribute("data-drawn")
                    control.select_option(option)
                    drawn(page, name, times)
                    assert state(box) != before
            times = box.get_attribute("data-drawn")
            control.select_option(chosen)
            drawn(page, name, times)
            continue
        start, times, before = (
            control.input_value(),
            box.get_attribute("data-drawn"),
            state(box),
        )
        control.focus()
        page.keyboard.press(
            "ArrowDown"
            if float(start) > float(control.get_attribute("min"))
            else "ArrowUp"
        )
        drawn(page, name, times)
        assert control.input_value() != start, "the arrow key moved nothing"
        assert state(box) != before, (
            f"{control.get_attribute('id')} changes nothing that a reader sees"
        )
        if control.get_attribute("type") == "range":
            assert (
                control.get_attribute("aria-valuetext")
                == page.locator(
                    f"output[for='{control.get_attribute('id')}']"
                ).inner_text()
            )
            value, times, place = (
                control.input_value(),
                box.get_attribute("data-drawn"),
                control.bounding_box(),
            )
            share = (
                0.25
                if float(start)
                > (
                    float(control.get_attribute("min"))
                    + float(control.get_attribute("max"))
                )
                / 2
                else 0.75
            )
            (control.tap if touch else control.click)(
                position={"x": place["width"] * share, "y": place["height"] / 2}
            )
            drawn(page, name, times)
            assert control.input_value() != value, (
                "the slider did not follow the pointer"
            )
        times = box.get_attribute("data-drawn")
        control.evaluate(
            "(each, start) => { each.value = start; each.dispatchEvent(new Event('input', {bubbles: true})); }",
            start,
        )
        drawn(page, name, times)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert (page.said, page.failed) == ([], [])
    assert [
        url for url in page.asked if not url.startswith((site, "data:", "blob:"))
    ] == []


@pytest.mark.parametrize(("name", "path"), FIRST)
def test_presets_and_numbers(visit, name, path):  # noqa: F811
    """Each preset, pressed by keyboard, shows what Python computes for it."""
    shown = explorable(name)
    page, box = arrive(visit, path, name)
    box.locator(".bb-numbers summary").click()
    settings = shown.defaults()
    for preset, values in shown.presets.items():
        times = box.get_attribute("data-drawn")
        box.get_by_role("button", name=preset, exact=True).focus()
        page.keyboard.press("Enter")
        drawn(page, name, times)
        settings |= values
        wanted = shown.answer(settings, shown.given())["numbers"]
        rows = box.locator(".bb-numbers tbody tr").all()
        assert len(rows) == len(wanted)
        for row, line in zip(rows, wanted):
            text = (
                row.locator("td").inner_text().replace("\u2212", "-").replace(",", "")
            )
            assert row.locator("th").inner_text() == line["label"]
            assert float(re.match(r"-?[\d.]+", text)[0]) == pytest.approx(
                line["value"], abs=0.5000001 * 10 ** -line["digits"]
            )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "path"), FIRST)
def test_accessible_at_work(visit, name, path, scheme):  # noqa: F811
    page, box = arrive(visit, path, name, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = (
        Axe().run(page, context=f"[data-explorable='{name}']", options=RULES).response
    )
    assert found["passes"], "axe ran no rule"
    assert [
        f"{rule['id']}: {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ] == []
    colors = set(
        re.findall(r"#[0-9a-f]{6}\b", box.locator(".bb-chart svg").inner_html().lower())
    )
    assert colors, "the drawing has no colors"
    from look import DARK

    strange = colors - set(DARK if scheme == "light" else DARK.values())
    assert not strange, (
        f"colors that are not of the house, or not of this mode: {strange}"
    )


@pytest.mark.parametrize(("name", "path"), FIRST)
def test_follows_the_color_mode(visit, name, path):  # noqa: F811
    page, box = arrive(visit, path, name, color_scheme="light")
    before = box.locator(".bb-chart svg").inner_html()
    times = box.get_attribute("data-drawn")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    drawn(page, name, times)
    assert box.locator(".bb-chart svg").count() == 1
    assert box.locator(".bb-chart svg").inner_html() != before


@pytest.mark.parametrize(("name", "path"), FIRST)
def test_still_without_scripts(visit, name, path):  # noqa: F811
    page = visit(path, java_script_enabled=False)
    box = page.locator(f"[data-explorable='{name}']")
    assert box.locator(".bb-off img.only-light").is_visible()
    assert len(box.locator(".bb-off img.only-light").get_attribute("alt").split()) >= 20
    assert not box.locator(".bb-live").is_visible()
    assert len(box.locator(":scope > p").last.inner_text().split()) > 10


@pytest.mark.parametrize(
    ("name", "path"),
    [(name, path) for name, pages in STANDS.items() for path in pages[:-1]],
)
def test_answers_on_every_page(visit, name, path):  # noqa: F811
    """Where only some of its controls are shown, it works as well."""
    page, box = arrive(visit, path, name, viewport=PHONE)
    times, before = box.get_attribute("data-drawn"), state(box)
    box.locator("input[data-control]:visible").first.focus()
    page.keyboard.press("ArrowUp")
    drawn(page, name, times)
    assert state(box) != before
    assert page.said == []


@pytest.mark.parametrize("path", PAGES)
def test_scripts_only_where_used(built, path):
    """Vega and the models are asked for by pages that have an explorable, and by no other."""
    html = (built / f"{path}.html").read_text(encoding="utf-8")
    has = any(path in pages for pages in STANDS.values())
    assert (
        ("explore/models.js" in html)
        == ("vega.min.js" in html)
        == ("explore/explore.css" in html)
        == has
    )
    assert "cdn.jsdelivr" not in html
