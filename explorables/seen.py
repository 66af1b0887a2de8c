"""What a reader sees of a figure with sliders, as text, and what somebody saw of it last.

    python -m explorables.seen [NAME ...]       # after having looked at the figure

It writes explorables/NAME/seen.yml: alt text, labels, ranges, colors, sentences, and
at its opening settings, at each preset and at each choice the sentence, the numbers and
the marks (after the first, those that differ from it). press.proof compares it with what is shown now, so that no number, word or color
changes without somebody who meant it.
"""

import argparse
import sys
from collections import Counter

import yaml

from bonebook import palette
from explorables import FOLDER, explorable, known
from explorables.kit import written

#: {color: what the house calls it}.
NAMES = {
    color.lower(): name
    for colors in (palette.DRUGS, palette.PAGE)
    for name, (color, *_) in colors.items()
}
MOST = 24  # rows of a dataset that are told one by one


def shown(name):
    """What a reader sees of it, as dictionaries, lists and text."""
    figure = explorable(name)
    given = figure.given()
    opens = _state(figure, given, {})
    told = {
        words: _state(figure, given, values)
        for words, values in _settings(figure).items()
    }
    spec = figure.chart().to_dict(validate=False)
    layers = spec.get("layer", [spec])
    views = {view: _view(figure, view) for view in figure.views}
    return {
        "title": figure.title,
        "alt text": _alt(name),
        "controls": {each.name: _control(each) for each in figure.controls},
        "chart": [_layer({**spec, **layer}) for layer in layers],
        "sentences": dict(figure.sentences),
        "as it opens": opens,
        "at": {words: _other(opens, state) for words, state in told.items()},
        **({"views": views} if views else {}),
    }


def _view(figure, name):
    """What a reader sees of a view: each button with what it says and marks."""
    view = figure.seen_as(name)
    spec = view.chart().to_dict(validate=False)
    told = {
        words: _state(view, view.given(), values)
        for words, values in view.presets.items()
    }
    return {
        "alt text": _alt(figure.name, name),
        "opens": figure.views[name].opens,
        "chart": [_layer({**spec, **layer}) for layer in spec["layer"]],
        "buttons": {
            words: {"says": state["says"], "marks": state["marks"]}
            for words, state in told.items()
        },
    }


def _alt(name, view=""):
    """The alt text of its still figure, as the first page that shows it has it."""
    opening = f":::{{explorable}} {name}\n"
    opening += f":view: {view}\n:alt: " if view else ":alt: "
    for page in sorted(FOLDER.parent.glob("book/*/*.md")):
        _, found, text = page.read_text(encoding="utf-8").partition(opening)
        if found:
            return text.partition("\n")[0]
    return ""


def _settings(figure):
    """{words: {control: value}}: presets, options of a list, and one of all that counts."""
    found = dict(figure.presets)
    for control in figure.controls:
        if control.kind == "choice":
            options = control.options.items()
            found |= {text: {control.name: option} for option, text in options}
    counts = [control.name for control in figure.controls if control.kind == "count"]
    return found | ({"One of each": dict.fromkeys(counts, 1)} if counts else {})


def _other(opens, state):
    """A state, without the numbers and marks that are those of the opening."""
    for part in ("numbers", "marks"):
        there = state[part].items()
        state[part] = {key: told for key, told in there if opens[part].get(key) != told}
    return state


def seen(name):
    """What somebody saw of it last; nothing if nobody did."""
    path = _path(name)
    if not path.exists():
        return {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is quick
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)


def changes(was, now, where=()):
    """(where, what it was, what it is now) of each text that is another one."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in {**was, **now}:
            yield from changes(was.get(key), now.get(key), (*where, key))
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for place, (one, other) in enumerate(zip(was, now, strict=True), 1):
            yield from changes(one, other, (*where, place))
    elif was != now:
        yield ", ".join(map(str, where)), was, now


def write(name):
    """Writes down what is shown now."""
    text = yaml.safe_dump(shown(name), sort_keys=False, allow_unicode=True, width=88)
    about = (
        "What a reader sees of it. Written by python -m explorables.seen; see there."
    )
    _path(name).write_text(f"# {about}\n{text}", encoding="utf-8")


def _path(name):
    return FOLDER / name.replace("-", "_") / "seen.yml"


def _control(control):
    """Label, range, opening value and help of a control."""
    told = {"label": control.label, "opens at": control.words(control.value)}
    if control.kind == "choice":
        told["options"] = dict(control.options)
    else:
        ends = [control.words(end) for end in (control.low, control.high)]
        told["from, to"] = ", ".join(ends)
    if control.kind == "slider":
        steps = "doublings" if control.log else control.unit
        told["step"] = f"{control.step:g} {steps}".strip()
    return told | ({"help": control.help} if control.help else {})


def _layer(layer):
    """One layer of the chart on a line: mark, data, what stands where in which color."""
    mark = layer["mark"]
    parts = [f"{mark['type']} of {layer['data']['name']}"]
    drawn = {key: mark[key] for key in ("color", "stroke", "fill") if key in mark}
    parts += [f"{key} {_named(value)}" for key, value in drawn.items()]
    for channel, what in layer["encoding"].items():
        told = [channel, what.get("field", repr(what.get("value")))]
        axis, scale = what.get("axis") or {}, what.get("scale") or {}
        told += [
            repr(text) for text in (what.get("title"), axis.get("labelExpr")) if text
        ]
        domain, range_ = scale.get("domain", []), scale.get("range")
        if range_:
            pairs = zip(domain, range_, strict=True)
            told.append(", ".join(f"{key} = {_named(value)}" for key, value in pairs))
        elif domain:
            told.append("from {} to {}".format(*domain))
        parts.append(" ".join(told))
    return "; ".join(parts)


def _named(value):
    return NAMES.get(value.lower(), value) if isinstance(value, str) else value


def _state(figure, given, values):
    """Settings, sentence, numbers and marks at a preset."""
    controls = {control.name: control for control in figure.controls}
    settings = {**figure.defaults(), **values}
    answer = figure.answer(settings, given)
    numbers = {
        each.label: f"{written(answer['numbers'][each.key], each.digits)} {each.unit}"
        for each in figure.numbers
        if answer["numbers"][each.key] is not None
    }
    told = {name: controls[name].words(value) for name, value in values.items()}
    return {
        "set": told,
        "says": figure.sentence(settings, answer),
        "numbers": {label: text.strip() for label, text in numbers.items()},
        "marks": {name: _marks(rows) for name, rows in answer["rows"].items()},
    }


def _marks(rows):
    if len(rows) > MOST:
        words = [word for row in rows for word in row.values() if isinstance(word, str)]
        counts = [f"{count} {word}" for word, count in Counter(words).items()]
        return ", ".join(counts)
    return [
        ", ".join(f"{key} {_mark(value)}" for key, value in row.items()) for row in rows
    ]


def _mark(value):
    if isinstance(value, str) and value.startswith("M"):
        return f"of {value.count('M')} squares"
    if isinstance(value, float):
        return f"{value:.3g}"
    return value


def main():
    """Writes what is shown, and prints what changed."""
    parser = argparse.ArgumentParser(prog="python -m explorables.seen")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known()))
    for name in parser.parse_args().names or known():
        for where, was, now in changes(seen(name), shown(name)):
            print(f"{name}: {where}: {was!r} is now {now!r}")
        write(name)


if __name__ == "__main__":
    sys.stdout.reconfigure(
        errors="backslashreplace"
    )  # as press.console, which is not imported here
    main()
