"""A small book with one page, whose file in teach/ has an item of each kind: for the tests of the bank and of its exports."""

import copy
import shutil
from pathlib import Path

import yaml

from bonebook import tables
from press.pages import ROOT

PAGE = "book/academic/density"
PLACE = "academic/density"
#: Two rows with counts: 26 of 2,557 women on raloxifene and 11 of 2,576 on placebo.
TREATED = "fda2018evista-more-vte-risk-rlx60"
CONTROL = "fda2018evista-more-vte-risk-plac"
GAIN = "johnston2000-ls-bmd-rlx60"  # +1.28 %
LOSS = "johnston2000-ls-bmd-plac"  # -1.32 %

TEACH = {
    "discuss": [
        "What does a scan not see?",
        "When is a gain no gain?",
        "Which harm was counted over a shorter span?",
    ],
    "activity": {
        "minutes": 15,
        "do": "Read the figure in pairs.",
        "look_for": "That the {term}`placebo` arm lost bone.",
    },
    "bank": [
        {
            "id": "density-a-b1",
            "kind": "one",
            "tests": 2,
            "asks": "judge",
            "ask": 'Is a "p < {given}`0.05`" enough, with $\\tau_F$ & {given}`5 * 3` unknown {cite:p}`johnston2000`?',
            "options": [
                {
                    "text": "No, since the *size* matters.",
                    "right": True,
                    "why": "A size has a unit [x] and a_b, at {given}`$0.05` more.",
                },
                {
                    "text": "Yes, in every trial.",
                    "because": "goes too far",
                    "why": "It says nothing of size.",
                },
                {
                    "text": "Yes, when the trial is large.",
                    "because": "confuses measures",
                    "why": "Large trials make small gaps certain.",
                },
            ],
        },
        {
            "id": "density-a-b2",
            "kind": "number",
            "tests": 1,
            "asks": "calculate",
            "ask": f"On placebo the spine {{fact}}`lost 1.32 % <{LOSS}>` and on raloxifene it "
            f"{{fact}}`gained 1.28 % <{GAIN}>`. How far apart are they?",
            "answer": {
                "of": [GAIN, LOSS],
                "is": "difference",
                "places": 1,
                "tolerance": 0.1,
                "unit": "percentage points",
            },
            "why": "The gain and the loss are added.",
        },
        {
            "id": "density-a-b3",
            "kind": "words",
            "tests": 3,
            "asks": "recall",
            "ask": "What is given to those who do not get the drug?",
            "answer": {"accept": ["placebo", "a placebo"]},
            "why": "It looks like the tablet and holds no drug.",
        },
        {
            "id": "density-a-b4",
            "kind": "several",
            "tests": [1, 4],
            "asks": "read a figure",
            "ask": "Which of these does the figure show?",
            "options": [
                {"text": "The means.", "right": True, "why": "They are the dots."},
                {"text": "The doses.", "right": True, "why": "They are below."},
                {"text": "The spans.", "right": True, "why": "They are named."},
                {
                    "text": "Each woman.",
                    "because": "average for person",
                    "why": "It shows means.",
                },
                {
                    "text": "The hip.",
                    "because": "other outcome",
                    "why": "It shows the spine.",
                },
            ],
        },
    ],
}
_FILES = (
    *("book/threads.yml", "book/evidence.yml", f"{PAGE}.md", f"{PAGE}.yml"),
    *("book/references.bib", "CITATION.cff", "CHANGELOG.md", "pyproject.toml"),
)


def teach() -> dict:
    """The fields of the file in teach/, to be changed by a test."""
    return copy.deepcopy(TEACH)


def book(folder: Path, fields: dict | None = None) -> Path:
    """The small book in a folder, with these fields in its file in teach/; the folder."""
    for name in _FILES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, path)
    path = folder / "teach" / f"{PLACE}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    told = yaml.safe_dump(fields or teach(), allow_unicode=True, sort_keys=False)
    path.write_text(told, encoding="utf-8")
    return folder


def changed(tmp_path, monkeypatch, id, old, new):
    """A copy of data/ in which one row holds another number."""
    folder = tmp_path / "data"
    shutil.copytree(tables.DATA, folder)
    path = folder / "bmd_change.csv"
    lines = path.read_text(encoding="utf-8").split("\n")
    place = next(n for n, line in enumerate(lines) if line.startswith(f"{id},"))
    assert lines[place].count(f",{old},") == 1
    lines[place] = lines[place].replace(f",{old},", f",{new},")
    path.write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(tables, "DATA", folder)
