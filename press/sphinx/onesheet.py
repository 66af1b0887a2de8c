"""The one style sheet of the site, `_static/site.css`: the theme's sheets, cut to what the pages can use, in a layer of their own, then ours.

A rule stays if each class and id that its selectors name stands on a page or in a script of the site, or if it names none. Selectors that
can match nothing go, and with them what only they had used: movements, variables. A value is never changed, but for the address of
a file, which is then seen from `_static/`. tinycss2 reads the sheets; no library that is kept well for Python cuts them.
"""

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import tinycss2
from tinycss2.serializer import serialize_string_value

FILE = "site.css"
#: At-rules that hold rules.
AROUND = ("media", "supports", "layer", "container")
#: In these brackets one of several names is enough, or none may be there.
ANY = ("not", "is", "where", "has", "matches")
WORD = re.compile(r"-?[A-Za-z_][\w-]*")


# What the pages and scripts name


NAMED = re.compile(r"""\s(?:class|id)=(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")


def of_page(html: str) -> set[str]:
    """The names in a page that a selector may ask for: classes and ids."""
    found: set[str] = set()
    for groups in NAMED.findall(html):
        found.update("".join(groups).split())
    return found


def of_script(text: str) -> set[str]:
    """The names in a script: any of its words may be one."""
    return set(WORD.findall(text))


def named(html: Iterable[str], scripts: Iterable[str], kept: Path) -> set[str]:
    """Every name that a selector may ask for. `kept`: a file of what was found before, by what it was found in."""
    try:
        known = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    made, now = Path(__file__).read_bytes(), {}
    for find, texts in ((of_page, html), (of_script, scripts)):
        for text in texts:
            what = made + find.__name__.encode() + text.encode()
            key = hashlib.sha256(what).hexdigest()[:20]
            now[key] = known.get(key) or sorted(find(text))
    if now != known:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(now), encoding="utf-8")
    return set().union(*now.values())


# What of a sheet can match


def selectors(prelude) -> list[list]:
    """The selectors of a rule, cut at the commas that stand in no brackets."""
    found: list[list] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            found.append([])
        else:
            found[-1].append(token)
    return found


def asked(tokens) -> Iterator[str]:
    """The classes and ids that something must have for a selector to match it."""
    after_dot = False
    for token in tokens:
        if token.type == "ident" and after_dot or token.type == "hash":
            yield token.value
        elif token.type == "function" and token.lower_name not in ANY:
            yield from asked(token.arguments)
        after_dot = token.type == "literal" and token.value == "."


def short(tokens) -> str:
    """Tokens as text, without comments and with no more space between them than they need."""
    kept = [token for token in tokens if token.type != "comment"]
    for token in kept:
        if token.type == "whitespace":
            token.value = " "
    return str(tinycss2.serialize(kept)).strip()


def moved(tokens, folder: str) -> None:
    """Addresses in a value, seen from the folder of the one sheet."""
    for token in tokens:
        if token.type == "function" and token.lower_name != "url":
            moved(token.arguments, folder)
            continue
        if token.type == "function":  # url("…")
            (address,) = token.arguments
        elif token.type == "url":  # url(…)
            address = token
        else:
            continue
        if not re.match(r"[a-z]+:|/|#", address.value):
            there = posixpath.normpath(posixpath.join(folder, address.value))
            quoted = f'"{serialize_string_value(there)}"'
            address.representation = (
                quoted if address is not token else f"url({quoted})"
            )


def declarations(content, folder: str) -> list[tuple[str, str]]:
    """(name, text) of what a rule declares; what browsers do not read either is left out."""
    found = []
    for each in tinycss2.parse_blocks_contents(content, True, True):
        if each.type == "declaration":
            moved(each.value, folder)
            value = short(each.value) or " "
            important = "!important" if each.important else ""
            found.append((each.name, f"{each.name}:{value}{important}"))
        elif each.type != "error":
            raise ValueError(f"a rule in a rule, which no cutter reads: {each}")
    return found


class Rule:
    """A rule, or an at-rule around others: what stands before its brackets, what stands in them."""

    def __init__(self, head: str, inside: list, kind: str = "rule"):
        self.head, self.inside, self.kind = head, inside, kind

    def __str__(self) -> str:
        if self.kind == "statement":
            return f"{self.head};"
        if self.kind == "around":
            return f"{self.head}{{{''.join(map(str, self.inside))}}}"
        return f"{self.head}{{{';'.join(text for _, text in self.inside)}}}"


def cut(nodes, folder: str, names: set[str] | None) -> list[Rule]:
    """The rules of a sheet in `folder` of _static; all of them if no names are given."""
    found = []
    for node in nodes:
        if node.type == "qualified-rule":
            kept = [
                short(each)
                for each in selectors(node.prelude)
                if names is None or names.issuperset(asked(each))
            ]
            said = declarations(node.content, folder) if kept else []
            if said:
                found.append(Rule(",".join(kept), said))
        elif node.type == "at-rule" and node.lower_at_keyword in AROUND:
            head = f"@{node.at_keyword} {short(node.prelude)}"
            if node.content is None:  # the order of layers
                found.append(Rule(head, [], "statement"))
                continue
            inner = tinycss2.parse_rule_list(node.content, True, True)
            if inside := cut(inner, folder, names):
                found.append(Rule(head, inside, "around"))
        elif node.type == "at-rule" and node.content is not None:
            head = f"@{node.at_keyword} {short(node.prelude)}".strip()
            if "keyframes" in node.lower_at_keyword:
                inner = tinycss2.parse_rule_list(node.content, True, True)
                found.append(Rule(head, cut(inner, folder, None), "around"))
            else:  # font-face, page, property
                found.append(Rule(head, declarations(node.content, folder)))
        elif node.type == "at-rule" and node.lower_at_keyword not in ("charset",):
            raise ValueError(f"a sheet that asks for another one: {short([node])}")
    return found


def below(rules: Iterable[Rule]) -> Iterator[Rule]:
    for rule in rules:
        yield rule
        if rule.kind == "around":
            yield from below(rule.inside)


def without(rules: list[Rule], gone) -> list[Rule]:
    """The rules for which `gone` is not true, in brackets too, and no empty brackets."""
    found = []
    for rule in rules:
        if gone(rule):
            continue
        if rule.kind == "around" and "keyframes" not in rule.head:
            rule.inside = without(rule.inside, gone)
        if rule.inside or rule.kind == "statement":
            found.append(rule)
    return found


def idle(rules: list[Rule], beside: str) -> list[Rule]:
    """Without movements and variables that neither these rules nor `beside` (our sheets, scripts) use."""
    values = " ".join(
        text for rule in below(rules) if rule.kind == "rule" for _, text in rule.inside
    )
    said = set(WORD.findall(f"{beside} {values}"))
    rules = without(
        rules,
        lambda rule: "keyframes" in rule.head and rule.head.split()[-1] not in said,
    )
    while True:
        used = set(re.findall(r"--[\w-]+", re.sub(r"[{;]--[\w-]+:", "", beside)))
        for rule in below(rules):
            if rule.kind == "rule":
                for name, text in rule.inside:
                    value = text.removeprefix(f"{name}:")
                    used.update(re.findall(r"var\(\s*(--[\w-]+)", value))
        count = 0
        for rule in below(rules):
            if rule.kind == "rule":
                kept = [
                    (name, text)
                    for name, text in rule.inside
                    if not name.startswith("--") or name in used
                ]
                count += len(rule.inside) - len(kept)
                rule.inside = kept
        rules = without(rules, lambda rule: False)
        if not count:
            return rules


def one_sheet(
    layers: Iterable[str], theirs: list[tuple[str, str]], ours: str, names, beside=""
) -> str:
    """The text of the one sheet.

    theirs: (folder in _static, text) of each sheet of the theme; ours: the book's, in layers already; beside: what else may use a variable
    or a movement of the theme.
    """

    def read(text):
        return tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)

    own = cut(read(ours), "", None)
    mine = "".join(map(str, own))
    rules = [rule for folder, text in theirs for rule in cut(read(text), folder, names)]
    theme = "".join(map(str, idle(rules, mine + beside)))
    return f"@layer {','.join(layers)};@layer theme{{{theme}}}{mine}\n"
