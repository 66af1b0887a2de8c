"""The pages as they stand break no rule of press.proof, and what excuses them is needed."""

import pytest

from press import pages, proof
from press.proof import spans, text


@pytest.mark.parametrize("rule", sorted(proof.RULES))
def test_no_page_breaks(rule):
    found = proof.slips(rules=[rule])
    assert not found, "\n".join(map(str, found))


def test_what_is_taught_is_read_by_the_rules_that_fit():
    names = proof.of_teach()
    assert "teach/stations" in names and "teach/assignments/academic-forest" in names
    told = {block.kind for name in names for block in text.blocks(name)}
    assert {"told", "prose"} <= told
    assert set(proof.OF_TEACH) | set(proof.OF_ASSIGNMENTS) <= set(proof.RULES)


def test_a_dose_of_a_station_is_one_of_the_tables(tmp_path, monkeypatch):
    (tmp_path / "teach").mkdir()
    told = '- id: a\n  brief: "She takes raloxifene, {} mg a day."\n'
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    monkeypatch.setattr(spans, "blocks", lambda page: text.blocks(page, tmp_path))
    for dose, faults in (("60", 0), ("80", 1)):
        path = tmp_path / "teach/stations.yml"
        path.write_text(told.format(dose), encoding="utf-8")
        found = proof.slips(["teach/stations"], ["doses", "study of a fact"])
        assert len(found) == faults


def test_an_excuse_says_why_and_names_a_rule(tmp_path):
    (tmp_path / "book").mkdir()
    path = tmp_path / proof.EXCUSES
    path.write_text(
        "- {page: book/x.md, rule: nonsense, words: a, because: b}\n- {page: a}\n"
    )
    with pytest.raises(
        pages.PageError, match="no rule 'nonsense'(.|\n)*entry 2: it needs"
    ):
        proof.excuses(tmp_path)
