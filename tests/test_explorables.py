"""The figures with sliders: one answer in Python and in the browser, controls at work."""

import json
import math
import random
import re
from dataclasses import replace
from functools import cache
from statistics import NormalDist

import pytest

from bonebook import effects, receptor, remodeling
from bonebook.tables import row, value
from explorables import explorable, known
from explorables.kit import Choice, Count, rounded, written
from explorables.one_thousand_women.model import OUTCOMES, TRIALS
from helpers import (
    DESKTOP,
    PAGES,
    PHONE,
    ROOT,
    TOUCH,
    axe,
    drawn,
    light_and_dark,
    often,
    opened,
    press_each,
    scrolled,
    still_of_view,
)
from press import myst
from press.sphinx.look import DARK

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
#: For what the kit does, and not a figure: one of them, and once a week the others.
ONE = often(FIRST[:1], FIRST)


# The same answer twice


def ends(control):
    if isinstance(control, Choice):
        return list(control.options)
    return [control.low, control.high]


def grid(shown, count=60):
    """Settings to compare at.

    As it opens, each preset and each button of a view, each control at its ends, corners (every control at an end)
    and `count` others, drawn at random with a fixed seed.
    """
    opens = shown.defaults()
    presets = [shown.presets, *(view.presets for view in shown.views.values())]
    settings = [opens, *({**opens, **one} for each in presets for one in each.values())]
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
        settings += [{**opens, control.name: end} for end in ends(control)]
    corners = [
        {each.name: dice.choice(ends(each)) for each in shown.controls}
        for _ in range(count)
    ]
    within = [{each.name: some(each) for each in shown.controls} for _ in range(count)]
    return settings + corners + within


@cache
def given(name):
    return explorable(name).given()


def computed(shown, settings):
    """What Python answers, with the sentence and the table that a reader sees."""
    answer = shown.answer(settings, given(shown.name))
    numbers = answer["numbers"]
    table = [
        [line.label, f"{written(numbers[line.key], line.digits)} {line.unit}".strip()]
        for line in shown.numbers
        if numbers[line.key] is not None
    ]
    said = shown.sentence(settings, answer)
    return {"answer": answer, "sentence": said, "table": table}


@cache
def everywhere(name):
    """(settings, what Python computes there) over the grid of an explorable."""
    shown = explorable(name)
    return [(settings, computed(shown, settings)) for settings in grid(shown)]


@pytest.fixture(scope="module", params=NAMES)
def name(request):
    """An explorable: what is asked of one is asked by the same process of a test run, which computes its grid once."""
    return request.param


@pytest.fixture(scope="module")
def browser(chromium):
    """An empty page with Vega, the kit and all models; no book is built for it."""
    page = chromium.new_page()
    page.add_script_tag(path=ROOT / "press/sphinx/static/vendor/vega/vega.min.js")
    page.add_script_tag(path=ROOT / "explorables/kit.js")
    for name in NAMES:
        folder = ROOT / "explorables" / name.replace("-", "_")
        page.add_script_tag(path=folder / "model.js")
    yield page
    page.close()


def asked(browser, shown, settings):
    """What the browser answers at each of the settings, with its sentence and table."""
    handed = {"name": shown.name, "settings": settings, **shown.handed()}
    text = browser.evaluate(
        """(handed) => {
            const { models, sentence, table } = explorables;
            const shown = JSON.parse(handed);
            return JSON.stringify(shown.settings.map((settings) => {
                const answer = models[shown.name](settings, shown.given);
                const said = sentence(shown, settings, answer);
                return { answer, sentence: said, table: table(shown, answer) };
            }));
        }""",
        json.dumps(handed),
    )
    return json.loads(text)


def differences(python, browser, where=""):
    """Places at which two answers differ: numbers by more than 1e-6, words at all."""
    if isinstance(python, dict):
        if list(python) != list(browser):
            return [f"{where}: {list(python)} against {list(browser)}"]
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
            for n, (a, b) in enumerate(zip(python, browser, strict=True))
            for fault in differences(a, b, f"{where}[{n}]")
        ]
    if isinstance(python, str) and where.endswith(".path"):
        return [] if same_path(python, browser) else [f"{where}: another path"]
    if isinstance(python, (int, float)) and isinstance(browser, (int, float)):
        same = math.isclose(python, browser, rel_tol=1e-6, abs_tol=1e-9)
    else:
        same = python == browser
    return [] if same else [f"{where}: {python!r} against {browser!r}"]


def same_path(python, browser):
    """Whether two paths have the same steps, to the four decimals of a coordinate."""
    if python == browser:
        return True
    number = r"-?[\d.]+"
    if re.sub(number, "", python) != re.sub(number, "", browser):
        return False
    pairs = zip(re.findall(number, python), re.findall(number, browser), strict=True)
    return all(abs(float(a) - float(b)) < 1.5e-4 for a, b in pairs)


def test_python_and_browser_agree(browser, name):
    """Over a grid of settings both give the same rows, numbers, sentence and table.

    Numbers agree to 1e-6 and stand under the same keys in the same order; what a reader
    sees agrees to the letter.
    """
    grid = everywhere(name)
    found = asked(browser, explorable(name), [settings for settings, _ in grid])
    assert len(found) == len(grid) > 120
    assert [
        f"{settings}: {fault}"
        for (settings, here), there in zip(grid, found, strict=True)
        for fault in differences(here, there)
    ] == []


def test_the_comparison_can_fail():
    """It notices a number, a word, a row, a key, their order and a path that differ."""
    assert differences({"a": [1.0, "x"]}, {"a": [1.0, "x"]}) == []
    assert differences(1.0, 1.00001)
    assert differences(1.0, None)
    assert differences("x", "y")
    assert differences([1], [1, 2])
    assert differences({"a": 1}, {"b": 1})
    assert differences({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert differences({"path": "M0.1,0.2z"}, {"path": "M0.1,0.3z"})
    assert differences({"path": "M0.1,0.2z"}, {"path": "M0.1h0.2z"})


# Numbers have keys, and sentences are true of them


@pytest.mark.slow
def test_keys_are_those_declared(name):
    """`answer` gives the declared numbers, in order; every one and every sentence is used."""
    shown = explorable(name)
    keys, there, said = [number.key for number in shown.numbers], set(), set()
    for settings, found in everywhere(name):
        numbers = found["answer"]["numbers"]
        assert list(numbers) == keys, settings
        there |= {key for key in keys if numbers[key] is not None}
        said |= set(found["answer"]["say"])
    assert there == set(keys)
    assert said == set(shown.sentences)


def test_labels_are_for_people(browser, name):
    """With other labels the sentence stays, in Python and in the browser."""
    shown = explorable(name)
    renamed = replace(
        shown,
        numbers=[replace(each, label=f"renamed {each.key}") for each in shown.numbers],
    )
    grid = everywhere(name)[:20]
    found = asked(browser, renamed, [settings for settings, _ in grid])
    for (settings, here), there in zip(grid, found, strict=True):
        assert renamed.sentence(settings, here["answer"]) == here["sentence"]
        assert there["sentence"] == here["sentence"]
        assert all(label.startswith("renamed ") for label, _ in there["table"])


def test_a_number_left_out_is_an_error(browser, name):
    """A number that is missing, or none, makes no sentence, in Python or the browser."""
    shown = explorable(name)
    opens, handed = shown.defaults(), json.loads(json.dumps(shown.handed()))
    answer = shown.opening()
    for key in answer["numbers"]:
        others = {name: n for name, n in answer["numbers"].items() if name != key}
        less = {**answer, "numbers": others}
        with pytest.raises(KeyError, match=key):
            shown.sentence(opens, less)
        told = browser.evaluate(
            """([shown, settings, answer]) => {
                try { return explorables.sentence(shown, settings, answer); }
                catch (error) { return `${error}`; }
            }""",
            [handed, opens, less],
        )
        assert told.startswith(f'RangeError: No "{key}" among')
    answer["numbers"][key] = math.nan
    with pytest.raises(ValueError, match="nan is no number"):
        shown.sentence(opens, answer)


@pytest.mark.slow
def test_sentences_are_finished(name):
    """At no setting does a sentence hold what is no number, a place to fill or −0."""
    for _, found in everywhere(name):
        said = found["sentence"]
        assert not re.search(r"nan|inf\b|None|undefined|[{}]|−0(\.0+)?\b(?!\.)", said)
        assert said.endswith("."), said
        assert "  " not in said


@pytest.mark.slow
@pytest.mark.parametrize("trial", TRIALS)
def test_no_figure_only_where_there_is_none(trial):
    """The sentence says "no figure" of the outcomes that the trial has no row for."""
    none = {OUTCOMES[key]["name"] for key, id in TRIALS[trial].items() if id is None}
    said = [
        found["sentence"]
        for settings, found in everywhere("one-thousand-women")
        if settings["trial"] == trial
    ]
    assert said
    for sentence in said:
        pattern = r"(\w[\w ]+): [\d.]+ without; no figure from this trial"
        assert set(re.findall(pattern, sentence)) == none
        assert sentence.count("no figure") == len(none)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (1200.5, 1, "1,200.5"),
        (-1.28, 2, "−1.28"),
        (-0.04, 1, "0.0"),
        (0.5, 0, "1"),
        (2.5, 0, "3"),
        (-2.5, 0, "−3"),
        (1.005, 2, "1.01"),
        (0.25, 1, "0.3"),
    ],
)
def test_numbers_as_written(value, digits, text):
    assert written(value, digits) == text


def test_numbers_in_a_sentence():
    """At most one decimal below ten; none above, of nothing or where the table has none."""
    assert [rounded(n, 2) for n in (0.126, -9.94, 9.96)] == ["0.1", "−9.9", "10"]
    assert [rounded(3.4, 0), rounded(0.0, 1)] == ["3", "0"]
    with pytest.raises(ValueError, match="inf is no number"):
        written(math.inf)


def test_unknown_name():
    with pytest.raises(
        KeyError, match=r"no explorable 'sure-scam'.*there are .*sure-scan"
    ):
        explorable("sure-scam")


#: Figures with buttons only: (name, view), and the page on which each stands.
VIEWS = [(name, view) for name in NAMES for view in explorable(name).views]
SHOWN = [
    (found.argument, found.options["view"], page)
    for page in PAGES
    for found in myst.read(ROOT / f"{page}.md").named("explorable")
    if found.options.get("view")
]


@pytest.mark.parametrize(("name", "view"), VIEWS)
def test_a_view_says_the_same_in_python_and_in_the_browser(browser, name, view):
    """At each button: rows, numbers and sentence, and each button has another one."""
    shown = explorable(name).seen_as(view)
    settings = [{**shown.defaults(), **values} for values in shown.presets.values()]
    here = [computed(shown, each) for each in settings]
    there = asked(browser, shown, settings)
    assert [
        fault for a, b in zip(here, there, strict=True) for fault in differences(a, b)
    ] == []
    assert {key for each in here for key in each["answer"]["say"]} <= set(
        shown.sentences
    )
    assert len({each["sentence"] for each in here}) == len(settings) == 2


def test_two_keys_differ_in_the_breast():
    """What the buttons are for: both keys turn the message up in bone, and only estrogen does so in the breast."""
    shown = explorable("turn-the-key").seen_as("two-keys")
    given, way = shown.given(), {}
    for name, values in shown.presets.items():
        answer = shown.answer({**shown.defaults(), **values}, given)
        way[name] = {row["tissue"]: row["kind"] for row in answer["rows"]["ends"]}
        told = shown.sentence({**shown.defaults(), **values}, answer)
        assert told == (
            f"{name} turns the message {way[name]['Bone']} in bone and "
            f"{way[name]['Breast']} in the breast."
        )
    assert way["Estrogen"]["Bone"] == way["Raloxifene"]["Bone"] == "up"
    assert (way["Estrogen"]["Breast"], way["Raloxifene"]["Breast"]) == ("up", "down")


def test_estrogen_as_a_key_is_more_estradiol():
    """Its button adds what lies between after and before menopause, and so ends where the other tiers stand before it."""
    shown = explorable("turn-the-key")
    added = {**shown.defaults(), **shown.views["two-keys"].presets["Estrogen"]}
    before = {**shown.defaults(), **shown.presets["Before menopause"]}
    there = shown.answer(before, shown.given())["numbers"]
    here = shown.answer(added, shown.given())["numbers"]
    for tissue in ("bone", "breast", "womb"):
        assert here[f"{tissue}-after"] == pytest.approx(there[f"{tissue}-before"])


def test_unknown_view():
    with pytest.raises(KeyError, match="has no view 'one-key'; it has two-keys"):
        explorable("turn-the-key").seen_as("one-key")
    with pytest.raises(KeyError, match="has no view 'x'; it has none"):
        explorable("sure-scan").seen_as("x")


@pytest.mark.parametrize("name", NAMES)
def test_opening_settings_can_be_reached(name):
    """What a control opens at and each preset lie in its range, and name controls."""
    shown = explorable(name)
    controls = {control.name: control for control in shown.controls}
    for settings in (shown.defaults(), *shown.presets.values()):
        for key, opens in settings.items():
            control = controls[key]
            if isinstance(control, Choice):
                assert opens in control.options, f"{key} = {opens}"
            else:
                assert control.low <= opens <= control.high, f"{key} = {opens}"


# What each sentence must say, worked out here from the models and the tables


def said(name, pattern, **settings):
    """The numbers of a sentence at these settings, by the words around them."""
    shown = explorable(name)
    sentence = computed(shown, {**shown.defaults(), **settings})["sentence"]
    found = re.search(pattern.replace("N", r"([−\d.,]+?)"), sentence)
    assert found, f"{pattern!r} is not in: {sentence}"
    return [float(each.replace(",", "").replace("−", "-")) for each in found.groups()]


@pytest.mark.parametrize("change", [1.28, -1.32])
def test_scans_that_show_a_gain_and_a_loss(change):
    limit = effects.least_significant_change(1.2)
    seen = NormalDist(change, 1.2 * math.sqrt(2))
    wrong = seen.cdf(0) if change > 0 else 1 - seen.cdf(0)
    pattern = "differ by N %.* change is N %: .* N show a gain and N a loss .* N point"
    assert said("sure-scan", pattern, precision=1.2, change=change) == [
        round(limit, 1),
        change,
        round(1000 * (1 - seen.cdf(limit))),
        round(1000 * seen.cdf(-limit)),
        round(1000 * wrong),
    ]


@pytest.mark.parametrize("trial", TRIALS)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_women_without_and_with(trial, outcome):
    id = TRIALS[trial][outcome]
    if id is None:
        pattern = f"{OUTCOMES[outcome]['name']}: N without; no figure from this trial"
        wanted = [40]
    else:
        pattern = rf"{OUTCOMES[outcome]['name']}: N without, N with \(from N to N\)"
        ratio = (value(id), value(id, "ci_low"), value(id, "ci_high"))
        after = effects.from_ratio(0.04, *ratio, measure=row(id)["measure"]).treated
        wanted = [40, after.value, after.ci_low, after.ci_high]
    found = said("one-thousand-women", pattern, trial=trial, **{outcome: 40})
    assert found == pytest.approx(wanted, abs=0.51)


def test_density_with_and_without_the_drug():
    drug = (5, 13, value("mp-rs-s-raloxifene"))
    ages = [-20, 9, 13, 29]  # of years since the final period at 51
    plain = remodeling.simulate(ages)["bmd"]
    treated = remodeling.simulate(ages, [drug])["bmd"]
    pattern = (
        "keeps N % of its density at 60 and N % at 80.*raloxifene 60 mg from N to N it "
        "keeps N % at N, where it would keep N % without. At 80 it then keeps N %"
    )
    wanted = [plain[1], plain[3], 56, 64, treated[2], 64, plain[2], treated[3]]
    settings = {"drug": "raloxifene", "menopause": 51, "start": 56, "stop": 64}
    assert said("thirty-years", pattern, **settings) == pytest.approx(wanted, abs=0.51)
    assert treated[2] > plain[2] + 1


@pytest.mark.parametrize(
    ("tissue", "way"), [("Bone", "up, estrogen-like"), ("Breast", "down, blocking")]
)
def test_signal_up_and_down(tissue, way):
    balance, tau_max = value(f"mp-rec-c-{tissue.lower()}"), value("mp-rec-tau-max")
    alpha = value(f"mp-rec-alpha-{'breast' if tissue == 'Breast' else 'post'}")
    tau_a, tau_b = (
        receptor.tissue_efficacy(value(f"mp-rec-kappa-{ligand}"), balance, tau_max)
        for ligand in ("estradiol", "raloxifene")
    )
    wanted = [
        100 * receptor.response(alpha, dose, tau_a, tau_b, value("mp-rec-n"))
        for dose in (0, value("mp-rec-beta"))
    ]
    found = said("turn-the-key", f"{tissue}: {way}, from N to N\\.")
    assert found == pytest.approx(wanted, abs=0.51)


@pytest.mark.parametrize(("tablet", "past"), [(0, False), (2000, True)])
def test_calcium_of_the_plate(tablet, past):
    rows = ["milk1", "yogurt-lowfat", "kale", "almonds"]
    total = sum(value(f"food-ca-{food}") for food in rows) + tablet
    share = 100 * total / value("nutrient-dri-ca-rda-w51")
    pattern = "calcium N mg, N % of the reference amount" + ", past" * past
    found = said("your-plate", pattern, tablet_calcium=tablet)
    assert found == pytest.approx([total, share], abs=0.51)
    assert past == (total > value("nutrient-dri-ca-ul-w51"))


# On the page


@pytest.mark.parametrize("name", NAMES)
def test_stands_in_the_book(name):
    assert STANDS[name], f"no page shows the explorable {name}"


def arrive(visit, path, name, **settings):
    """Opens a page, scrolls to its explorable, waits until it is drawn: page, box."""
    page = visit(path, **settings)
    return page, scrolled(page, name)


@pytest.fixture(scope="module", params=FIRST, ids=[name for name, _ in FIRST])
def arrived(chromium, site, request):
    """A figure on its page at a desk, in the light, opened once: name, page, box."""
    name, path = request.param
    page = opened(chromium, site, path, color_scheme="light")
    yield name, page, scrolled(page, name)
    page.context.close()


@pytest.fixture
def at_rest(arrived):
    """The same, with each control where it opens, before a test and after it."""
    name, page, box = arrived
    yield arrived
    shown = explorable(name)
    for control in shown.controls:
        put(page, box, name, control, shown.defaults()[control.name])


def put(page, box, name, control, value):
    """Puts a control where a reader would have moved it, and waits for the answer."""
    times = box.get_attribute("data-drawn")
    box.locator(f"[data-control='{control.name}']").evaluate(
        """(each, value) => {
            each.value = value;
            each.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        str(control.track(value) if control.kind == "slider" else value),
    )
    drawn(page, name, times)


def state(box):
    """What a reader sees of it: the sentence, the drawing and the numbers."""
    return box.evaluate(
        """(box) => [
            box.querySelector(".bb-live .bb-say").innerText,
            box.querySelector(".bb-chart svg").innerHTML,
            box.querySelector(".bb-numbers table").innerHTML,
        ]"""
    )


def shows(box, shown, settings):
    """Asserts that sentence and table on the page are those that Python works out."""
    wanted = computed(shown, settings)
    assert box.locator(".bb-live .bb-say").inner_text() == wanted["sentence"]
    rows = box.locator(".bb-numbers tbody tr").evaluate_all(
        "rows => rows.map((row) => [...row.children].map((cell) => cell.textContent))"
    )
    assert rows == wanted["table"]


def test_every_control_answers(at_rest, site):
    """Mouse and keyboard move every control, and what a reader sees follows."""
    every_control(*at_rest, site, DESKTOP["width"])


@pytest.mark.parametrize(("name", "path"), ONE)
def test_every_control_answers_a_finger(visit, site, name, path):
    """So it is on a phone."""
    every_control(name, *arrive(visit, path, name, **TOUCH), site, PHONE["width"], True)


def every_control(name, page, box, site, width, touch=False):
    """Moves each; nothing is asked of another host, nothing is wider than the window."""
    for control in box.locator("[data-control]").all():
        id = control.get_attribute("id")
        assert page.locator(f"label[for='{id}']").inner_text().strip()
        control.scroll_into_view_if_needed()
        if control.evaluate("each => each.tagName") == "SELECT":
            choose(page, box, name, control)
        else:
            move(page, box, name, control, touch)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (page.said, page.failed) == ([], [])
    local = (site, "data:", "blob:")
    assert [url for url in page.asked if not url.startswith(local)] == []


def choose(page, box, name, control):
    """Takes every option of a list, and the first one again."""
    chosen = control.input_value()
    options = control.locator("option").evaluate_all("all => all.map(o => o.value)")
    for option in [*(option for option in options if option != chosen), chosen]:
        before, times = state(box), box.get_attribute("data-drawn")
        control.select_option(option)
        drawn(page, name, times)
        assert state(box) != before


def move(page, box, name, control, touch):
    """Moves a slider or a count by key and by pointer, and back."""
    id, start = control.get_attribute("id"), control.input_value()
    low, high = (float(control.get_attribute(end)) for end in ("min", "max"))
    times, before = box.get_attribute("data-drawn"), state(box)
    control.focus()
    page.keyboard.press("ArrowDown" if float(start) > low else "ArrowUp")
    drawn(page, name, times)
    assert control.input_value() != start, "the arrow key moved nothing"
    assert state(box) != before, f"{id} changes nothing that a reader sees"
    if control.get_attribute("type") == "range":
        told = page.locator(f"output[for='{id}']").inner_text()
        assert control.get_attribute("aria-valuetext") == told
        value, times = control.input_value(), box.get_attribute("data-drawn")
        size = control.bounding_box()
        share = 0.25 if float(start) > (low + high) / 2 else 0.75
        position = {"x": size["width"] * share, "y": size["height"] / 2}
        (control.tap if touch else control.click)(position=position)
        drawn(page, name, times)
        assert control.input_value() != value, "the slider did not follow the pointer"
    times = box.get_attribute("data-drawn")
    control.evaluate(
        """(each, start) => {
            each.value = start;
            each.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        start,
    )
    drawn(page, name, times)


def test_presets_and_numbers(at_rest):
    """Each preset, pressed by keyboard, shows what Python computes for it, in words too.

    The one whose settings stand is shown as pressed.
    """
    name, page, box = at_rest
    shown = explorable(name)
    settings = shown.defaults()
    shows(box, shown, settings)
    for preset, values in shown.presets.items():
        times = box.get_attribute("data-drawn")
        box.get_by_role("button", name=preset, exact=True).focus()
        page.keyboard.press("Enter")
        drawn(page, name, times)
        settings |= values
        shows(box, shown, settings)
        pressed = box.locator("[aria-pressed='true']").all_inner_texts()
        assert preset in pressed and all(
            shown.presets[each].items() <= settings.items() for each in pressed
        )
    moved = next(each for each in shown.controls if each.kind == "slider")
    settings[moved.name] = ends(moved)[0 if settings[moved.name] > moved.low else -1]
    put(page, box, name, moved, settings[moved.name])
    named = {key for key, values in shown.presets.items() if moved.name in values}
    assert not named & set(box.locator("[aria-pressed='true']").all_inner_texts())


def test_sentence_at_the_ends(at_rest):
    """With each control at its ends, sentence and table are those of Python."""
    name, page, box = at_rest
    shown = explorable(name)
    settings = shown.defaults()
    for far in (0, -1):
        for control in shown.controls:
            settings[control.name] = ends(control)[far]
            put(page, box, name, control, settings[control.name])
            shows(box, shown, settings)


# Of the page nothing is left but one box, so that axe-core looks at no other; and all comes back.
ALONE = """(box) => {
    window.away = [];
    for (let part = box; part !== document.body; part = part.parentNode)
        for (const other of [...part.parentNode.children].filter((each) => each !== part)) {
            const place = document.createComment("");
            other.replaceWith(place);
            window.away.push([place, other]);
        }
}"""
AGAIN = "() => window.away.forEach(([place, other]) => place.replaceWith(other))"


def test_accessible_at_work(at_rest):
    """axe-core finds nothing in the figure, drawn, light and dark; its colors are those of the house."""
    name, page, box = at_rest
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    box.evaluate(ALONE)
    for scheme, rules in light_and_dark(page):
        house = set(DARK if scheme == "light" else DARK.values())
        assert axe(page, rules, f"[data-explorable='{name}']") == [], scheme
        colors = set(box.locator(".bb-chart svg").evaluate(INKS))
        assert colors, "the drawing has no colors"
        assert not colors - house, f"colors not of the house, or not {scheme}: {colors}"
    page.emulate_media(color_scheme="light")
    page.evaluate(AGAIN)


# The colors in which a chart is drawn, as hexadecimal numbers.
INKS = """(chart) => {
    const hex = (color) => "#" + color.match(/\\d+/g).slice(0, 3).map((each) => Number(each).toString(16).padStart(2, "0")).join("");
    const parts = [...chart.querySelectorAll("path, text, line, rect")].filter((part) => part.closest("[class*='mark-']"));
    const inks = parts.flatMap((part) => [
        part.hasAttribute("fill") ? getComputedStyle(part).fill : "none",
        part.hasAttribute("stroke") ? getComputedStyle(part).stroke : "none",
    ]);
    return inks.filter((ink) => ink.startsWith("rgb(")).map(hex);
}"""


def test_follows_the_color_mode(at_rest):
    name, page, box = at_rest
    before = box.locator(".bb-chart svg").evaluate(INKS)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    after = box.locator(".bb-chart svg").evaluate(INKS)
    assert box.locator(".bb-chart svg").count() == 1
    assert after == [DARK[color] for color in before]
    page.evaluate("document.documentElement.dataset.theme = 'light'")


@pytest.mark.parametrize(("name", "path"), ONE)
def test_one_state_after_back_and_reload(visit, name, path):
    """F5: after Back, and after a reload, sentence and table are those of where the controls stand."""
    shown = explorable(name)
    page, box = arrive(visit, path, name)
    control = next(each for each in shown.controls if each.kind == "slider")
    put(page, box, name, control, control.high)
    front = f"{page.url.rpartition('/book/')[0]}/book/index.html"
    at = {str(float(control.track(end))): end for end in (control.value, control.high)}
    for way in (lambda: [page.goto(front), page.go_back()], page.reload):
        way()
        box = scrolled(page, name)
        moved = box.locator(f"[data-control='{control.name}']").input_value()
        shows(box, shown, {**shown.defaults(), control.name: at[str(float(moved))]})


def test_a_fault_shows_no_answer(at_rest):
    """When a number is missing the page says so; no sentence, number or mark is left."""
    name, page, box = at_rest
    shown = explorable(name)
    page.evaluate(
        """([name, key]) => {
            const sound = window.sound = explorables.models[name];
            explorables.models[name] = (...all) => {
                const answer = sound(...all);
                delete answer.numbers[key];
                return answer;
            };
        }""",
        [name, shown.numbers[0].key],
    )
    control = shown.controls[-1]
    put(page, box, name, control, control.high)
    assert box.locator(".bb-live .bb-say").inner_text() == (
        "Nothing could be computed at these settings, so nothing is shown."
    )
    assert box.locator(".bb-numbers tbody tr").count() == 0
    drawing = "svg :is(.mark-rect, .mark-symbol, .mark-line) path"
    marks = box.locator(f".bb-chart {drawing}").evaluate_all(
        "all => all.filter((each) => !each.closest('.role-legend')).length"
    )
    assert marks == 0
    assert any(shown.numbers[0].key in line for line in page.said)
    page.evaluate("(name) => { explorables.models[name] = window.sound; }", name)
    page.said.clear()


@pytest.mark.parametrize(("name", "path"), FIRST)
def test_still_without_scripts(visit, name, path):
    """Without scripts stand the still figure, its text, its sentence and the source."""
    shown = explorable(name)
    page = visit(path, java_script_enabled=False)
    box = page.locator(f"[data-explorable='{name}']")
    image = box.locator(".bb-off img.only-light")
    assert image.is_visible()
    assert len(image.get_attribute("alt").split()) >= 20
    said = box.locator(".bb-off .bb-say").inner_text()
    assert said == shown.sentence(shown.defaults(), shown.opening())
    assert not box.locator(".bb-live").is_visible()
    assert len(box.locator(":scope > p").last.inner_text().split()) > 10


@pytest.mark.parametrize(
    ("name", "path"),
    [(name, path) for name, pages in STANDS.items() for path in pages[:-1]],
)
def test_answers_on_every_page(visit, name, path):
    """Where only some of its controls are shown, it works as well."""
    if any((name, path) == (shown, page) for shown, _, page in SHOWN):
        pytest.skip("buttons only: test_buttons_answer")
    page, box = arrive(visit, path, name, viewport=PHONE)
    times, before = box.get_attribute("data-drawn"), state(box)
    box.locator("input[data-control]:visible").first.focus()
    page.keyboard.press("ArrowUp")
    drawn(page, name, times)
    assert state(box) != before
    assert page.said == []


@pytest.mark.parametrize(("name", "view", "path"), SHOWN)
def test_buttons_answer(visit, name, view, path):
    """A view on its page: its buttons and nothing else to move; pressed by key and by finger, one says that it is pressed."""
    shown = explorable(name).seen_as(view)
    page, box = arrive(visit, path, name, viewport=PHONE, has_touch=True)
    press_each(page, box, shown)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert (page.said, page.failed) == ([], [])


@pytest.mark.parametrize(("name", "view", "path"), SHOWN)
def test_a_view_without_scripts(visit, name, view, path):
    """The still figure stands with its text and the sentence of each button."""
    page = visit(path, java_script_enabled=False)
    shown = explorable(name).seen_as(view)
    still_of_view(page.locator(f"[data-explorable='{name}']"), shown)


@pytest.mark.parametrize("path", PAGES)
def test_scripts_only_where_used(built, path):
    """A page asks for the kit, Vega and the models of its own explorables, no others."""
    html = (built / f"{path}.html").read_text(encoding="utf-8")
    here = [name for name, pages in STANDS.items() if path in pages]
    scripts = re.findall(r"_static/explore/([\w-]+)\.js", html)
    assert scripts == (["kit", *here] if here else [])
    assert ("vega.min.js" in html) == bool(here)
    assert "cdn.jsdelivr" not in html
