"""The pages as they stand break no rule of press.proof, and what excuses them is needed."""

import pytest

from press import pages, proof


@pytest.mark.parametrize("rule", sorted(proof.RULES))
def test_no_page_breaks(rule):
    found = proof.slips(rules=[rule])
    assert not found, "\n".join(map(str, found))


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
