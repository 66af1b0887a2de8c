"""Numbers in prose against rows of tables: what agrees, what does not, and what a reader is told."""

import csv
import json

import pytest

from bonebook import tables
from press import facts, sources
from press.written import check, compare

ROWS = {
    "studies": [
        {
            "id": "trial2000",
            "name": "TRIAL",
            "authors_year": "Able et al. 2000",
            "year": "2000",
            "n_total": "1145",
            "doi": "10.1000/t",
            "cohort": "trial2000",
            "kind": "trial",
            "seen": "primary",
        },
        {
            "id": "other2006",
            "name": "OTHER",
            "authors_year": "Baker 2006",
            "year": "2006",
            "n_total": "10101",
            "pmid": "123456",
            "cohort": "other2006",
            "kind": "trial",
            "seen": "primary",
        },
        {
            "id": "label2018",
            "name": "US label",
            "authors_year": "FDA 2018",
            "year": "2018",
            "address": "https://example.org/label",
            "cohort": "label2018",
            "kind": "label",
            "seen": "primary",
        },
    ],
    "drugs": [
        {"id": "raloxifene", "name": "raloxifene"},
        {"id": "placebo", "name": "placebo"},
        {"id": "baseline", "name": "baseline"},
    ],
    "approvals": [
        {
            "id": "ok-us",
            "drug": "raloxifene",
            "region": "US",
            "year": "1997",
            "status": "approved",
            "study": "label2018",
            "seen": "secondary",
        }
    ],
    "bmd_change": [
        {
            "id": "ls-rlx60",
            "study": "trial2000",
            "drug": "raloxifene",
            "dose_mg": "60",
            "comparator": "baseline",
            "population": "women early after menopause",
            "site": "lumbar spine",
            "months": "36",
            "statistic": "mean change",
            "value": "1.28",
            "unit": "%",
            "se": "0.23",
            "approx": "false",
            "seen": "primary",
        },
        {
            "id": "ls-placebo",
            "study": "trial2000",
            "drug": "placebo",
            "dose_mg": "0",
            "comparator": "baseline",
            "site": "lumbar spine",
            "months": "36",
            "statistic": "mean change",
            "value": "-1.32",
            "unit": "%",
            "se": "0.22",
            "approx": "true",
            "seen": "unverified",
        },
        {
            "id": "ls-half",
            "study": "trial2000",
            "drug": "raloxifene",
            "comparator": "placebo",
            "site": "total hip",
            "statistic": "difference between arms",
            "value": "2.45",
            "unit": "percentage points",
            "ci_low": "-0.35",
            "ci_high": "5.25",
            "ci_level": "95",
            "p_value": "<0.001",
            "approx": "false",
            "seen": "primary",
        },
        {
            "id": "ls-year",
            "study": "trial2000",
            "drug": "placebo",
            "comparator": "baseline",
            "site": "lumbar spine",
            "statistic": "mean change per year",
            "value": "-1.44",
            "unit": "%/year",
            "seen": "primary",
        },
    ],
    "outcomes": [
        {
            "id": "clot-hr",
            "study": "other2006",
            "drug": "raloxifene",
            "comparator": "placebo",
            "outcome": "venous thromboembolism",
            "months": "67",
            "measure": "hazard ratio",
            "value": "1.44",
            "unit": "ratio",
            "ci_low": "1.06",
            "ci_high": "1.95",
            "ci_level": "95",
            "seen": "primary",
        },
        {
            "id": "bc-hr",
            "study": "other2006",
            "drug": "raloxifene",
            "comparator": "placebo",
            "outcome": "breast cancer",
            "measure": "hazard ratio",
            "value": "0.56",
            "unit": "ratio",
            "ci_low": "0.38",
            "ci_high": "0.83",
            "ci_level": "95",
            "seen": "primary",
        },
        {
            "id": "chd-hr",
            "study": "other2006",
            "drug": "raloxifene",
            "comparator": "placebo",
            "outcome": "coronary events",
            "measure": "hazard ratio",
            "value": "0.95",
            "unit": "ratio",
            "ci_low": "0.84",
            "ci_high": "1.07",
            "ci_level": "95",
            "seen": "primary",
        },
        {
            "id": "bc-risk",
            "study": "other2006",
            "drug": "raloxifene",
            "dose_mg": "60",
            "n": "5044",
            "outcome": "breast cancer",
            "measure": "risk",
            "events": "52",
            "value": "1.9",
            "unit": "%",
            "ci_low": "1.2",
            "ci_high": "4.3",
            "ci_level": "95",
            "seen": "primary",
        },
        {
            "id": "stroke-rate",
            "study": "other2006",
            "drug": "raloxifene",
            "outcome": "fatal stroke",
            "measure": "rate",
            "value": "2.2",
            "unit": "per 1,000 woman-years",
            "seen": "primary",
        },
        {
            "id": "clot-ard",
            "study": "other2006",
            "drug": "raloxifene",
            "comparator": "placebo",
            "outcome": "venous thromboembolism",
            "measure": "rate difference",
            "value": "1.2",
            "unit": "per 1,000 woman-years",
            "seen": "primary",
        },
        {
            "id": "flash-ard",
            "study": "trial2000",
            "drug": "raloxifene",
            "comparator": "placebo",
            "outcome": "hot flashes",
            "measure": "risk difference",
            "value": "7",
            "unit": "percentage points",
            "seen": "primary",
        },
        {
            "id": "rrr",
            "study": "other2006",
            "drug": "raloxifene",
            "comparator": "placebo",
            "outcome": "any fracture",
            "measure": "relative risk reduction",
            "value": "38",
            "unit": "%",
            "seen": "primary",
        },
        {
            "id": "rare",
            "study": "other2006",
            "drug": "raloxifene",
            "outcome": "death",
            "measure": "risk",
            "value": "0.04",
            "unit": "%",
            "seen": "primary",
        },
        {
            "id": "many",
            "study": "other2006",
            "drug": "raloxifene",
            "outcome": "death",
            "measure": "count",
            "value": "7705",
            "unit": "women",
            "seen": "primary",
        },
    ],
    "statements": [
        {
            "id": "words-only",
            "topic": "bone",
            "statement": "Words.",
            "study": "trial2000",
            "seen": "primary",
        }
    ],
    "derived": [
        {
            "id": "clot-5y",
            "label": "Clots over five years",
            "method": "risk_over_years",
            "inputs": "stroke-rate ls-placebo",
            "years": "5",
            "per": "1000",
            "value": "10.94",
            "ci_low": "-8.3",
            "ci_high": "-2.3",
            "unit": "per 1,000 women",
        }
    ],
}


@pytest.fixture(autouse=True)
def small_tables(tmp_path, monkeypatch):
    """A folder with the real schema and the few rows above, in place of the book's tables."""
    schema = json.loads((tables.DATA / "datapackage.json").read_text(encoding="utf-8"))
    (tmp_path / "datapackage.json").write_text(json.dumps(schema), encoding="utf-8")
    for resource in schema["resources"]:
        with (tmp_path / resource["path"]).open(
            "w", encoding="utf-8", newline=""
        ) as file:
            writer = csv.DictWriter(
                file,
                [field["name"] for field in resource["schema"]["fields"]],
                lineterminator="\n",
            )
            writer.writeheader()
            writer.writerows(ROWS.get(resource["name"], []))
    monkeypatch.setattr(tables, "DATA", tmp_path)


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("+1.28 %", "ls-rlx60"),
        ("1.28 %", "ls-rlx60"),
        ("1.3 %", "ls-rlx60"),
        ("about 1.3 %", "ls-rlx60"),
        ("gained 1.28 %", "ls-rlx60"),
        ("rose by 1.28 %", "ls-rlx60"),
        ("a gain of about 1 %", "ls-rlx60"),
        ("1.28\u00a0%", "ls-rlx60"),
        ("\u22121.32 %", "ls-placebo"),
        ("-1.32 %", "ls-placebo"),
        ("lost 1.32 %", "ls-placebo"),
        ("fell by about 1.3 %", "ls-placebo"),
        ("a loss of 1.3 %", "ls-placebo"),
        ("1.3 % lower", "ls-placebo"),
        ("0.23 %", "ls-rlx60:se"),
        ("36 months", "ls-rlx60:months"),
        ("60 mg/day", "ls-rlx60:dose_mg"),
        ("60 mg a day", "ls-rlx60:dose_mg"),
        ("2.5 percentage points", "ls-half"),
        ("2.45 points", "ls-half"),
        ("7 percentage points", "flash-ard"),
        ("70 out of 1,000 women", "flash-ard"),
        ("70 more out of 1,000 women", "flash-ard"),
        ("7 in 100 women more", "flash-ard"),
        ("\u22120.35 to 5.25 percentage points", "ls-half:ci"),
        ("-0.4 to 5.3 points", "ls-half:ci"),
        ("p < 0.001", "ls-half:p_value"),
        ("<0.001", "ls-half:p_value"),
        ("lost 1.44 % a year", "ls-year"),
        ("lost 1.4 %/year", "ls-year"),
        ("\u22121.44 % per year", "ls-year"),
        ("1.44", "clot-hr"),
        ("1.4 times", "clot-hr"),
        ("44 % higher", "clot-hr"),
        ("44 % more", "clot-hr"),
        ("up 44 %", "clot-hr"),
        ("1.06 to 1.95", "clot-hr:ci"),
        ("1.1 and 2.0", "clot-hr:ci"),
        ("6 % to 95 % higher", "clot-hr:ci"),
        ("0.56", "bc-hr"),
        ("44 % lower", "bc-hr"),
        ("44 % fewer", "bc-hr"),
        ("down 44 %", "bc-hr"),
        ("17 % to 62 % lower", "bc-hr:ci"),
        ("16 % lower to 7 % higher", "chd-hr:ci"),
        ("5 % less", "chd-hr"),
        ("1.9 %", "bc-risk"),
        ("2 in 100", "bc-risk"),
        ("2 in every 100 women", "bc-risk"),
        ("19 out of 1,000", "bc-risk"),
        ("19 in every 1,000 women", "bc-risk"),
        ("190 out of 10,000", "bc-risk"),
        ("1.2 to 4.3 %", "bc-risk:ci"),
        ("1.2 to 4.3", "bc-risk:ci"),
        ("19 per 1,000 women", "bc-risk"),
        ("fallen by 1.3 %", "ls-placebo"),
        ("1.2 % to 4.3 %", "bc-risk:ci"),
        ("12 to 43 out of 1,000 women", "bc-risk:ci"),
        ("52 women", "bc-risk:events"),
        ("52", "bc-risk:events"),
        ("5,044 women", "bc-risk:n"),
        ("5044", "bc-risk:n"),
        ("2.2 per 1,000 woman-years", "stroke-rate"),
        ("2.2 out of 1,000 women a year", "stroke-rate"),
        ("2.2 per 1,000 women a year", "stroke-rate"),
        ("1.2 more per 1,000 woman-years", "clot-ard"),
        ("38 %", "rrr"),
        ("38 % fewer", "rrr"),
        ("fell by 38 %", "rrr"),
        ("7,705 women", "many"),
        ("about 7,700 women", "many"),
        ("7705", "many"),
        ("0.04 %", "rare"),
        ("4 out of 10,000", "rare"),
        ("1,145 women", "trial2000:n_total"),
        ("1,145", "trial2000"),
        ("1997", "ok-us"),
        ("2000", "trial2000:year"),
        ("11 per 1,000 women", "clot-5y"),
        ("10.9 out of 1,000 women", "clot-5y"),
        ("\u22128.3 to \u22122.3 per 1,000 women", "clot-5y:ci"),
        ("2.3 to 8.3 fewer per 1,000 women", "clot-5y:ci"),
        ("seventy more out of 1,000 women", "flash-ard"),
        ("seventy more women out of 1,000", "flash-ard"),
        ("about seventy more out of 1,000", "flash-ard"),
        ("fifty-two women", "bc-risk:events"),
        ("about fifty women", "bc-risk:events"),
        ("about five thousand women", "bc-risk:n"),
        ("more than five thousand women", "bc-risk:n"),
        ("nearly eight thousand women", "many"),
        ("lost more than one percent", "ls-placebo"),
        ("three fifths", "bc-hr"),
        ("two fifths lower", "bc-hr"),
        ("two fifths fewer", "rrr"),
        ("four in ten", "rrr"),
        ("fewer than half", "rrr"),
    ],
)
def test_what_agrees(written, target):
    assert check(written, target).id == target.partition(":")[0]


@pytest.mark.parametrize(
    ("written", "target", "because"),
    [
        ("1.29 %", "ls-rlx60", "1.28"),
        ("1.2 %", "ls-rlx60", "1.3"),
        ("2.4 percentage points", "ls-half", "2.5"),
        ("lost 1.28 %", "ls-rlx60", "sign"),
        ("1.32 %", "ls-placebo", "sign"),
        ("gained 1.32 %", "ls-placebo", "sign"),
        ("lost -1.32 %", "ls-placebo", "ambiguous"),
        ("1.28", "ls-rlx60", "unit is missing"),
        ("1.28 percentage points", "ls-rlx60", "does not fit"),
        ("2.45 %", "ls-half", "does not fit"),
        ("13 out of 1,000", "ls-rlx60", "does not fit"),
        ("20 out of 100", "bc-risk", "precision"),
        ("38 % lower", "bc-hr", "precision"),
        ("44 % higher", "bc-hr", "direction"),
        ("44 %", "clot-hr", "does not fit"),
        ("1.44 times higher", "clot-hr", "written in %"),
        ("1", "chd-hr", "no difference"),
        ("0 %", "rare", "nothing"),
        ("fell by 1.9 %", "bc-risk", "level"),
        ("7,700 women", "many", "7705"),
        ("about 8,000 women", "many", "7705"),
        ("1.2 to 4.4 %", "bc-risk:ci", "4.3"),
        ("1.9 %", "bc-risk:ci", "'to'"),
        ("4.3 to 1.2 %", "bc-risk:ci", "precision"),
        ("0.84-1.07", "chd-hr:ci", "'to'"),
        ("16 % higher to 7 % higher", "chd-hr:ci", "precision|direction"),
        ("many", "bc-risk", "must be a number"),
        ("1,28 %", "ls-rlx60", "must be a number"),
        ("p < 0.01", "ls-half:p_value", "differ"),
        ("2.2 per 1,000 women", "stroke-rate", "does not fit"),
        ("2.2 %", "stroke-rate", "does not fit"),
        ("38 % more", "rrr", "sign"),
        ("0.23 %", "ls-half:se", "holds no se"),
        ("5 years", "ls-rlx60:months", "does not fit"),
        ("1.28 %", "ls-rlx60:site", "no number"),
        ("1", "words-only", "words and no numbers"),
        ("eighty more out of 1,000 women", "flash-ard", "it is 70"),
        ("seventy fewer out of 1,000 women", "flash-ard", "direction"),
        ("fifty women", "bc-risk:events", "it is 52"),
        ("about sixty women", "bc-risk:events", "it is 52"),
        ("more than six thousand women", "bc-risk:n", "not lie there"),
        ("more than three thousand women", "bc-risk:n", "not near"),
        ("a third lower", "bc-hr", "nearest to two fifths"),
        ("two fifths higher", "bc-hr", "direction"),
        ("twice", "clot-hr", "1.4 times"),
        ("twice", "rrr", "said of a ratio"),
        ("three times higher", "clot-hr", "two ways"),
        ("half of the clinics", "rrr", "does not fit"),
        ("half", "ls-half", "does not fit"),
    ],
)
def test_what_does_not_agree(written, target, because):
    with pytest.raises(facts.FactError, match=because) as told:
        check(written, target)
    assert target.partition(":")[0] in str(told.value)


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("More bone", "ls-rlx60 ls-placebo"),
        ("less bone", "ls-placebo ls-rlx60"),
        ("more women had clots", "clot-hr"),
        ("breast cancer became rarer", "bc-hr"),
        ("fell", "rrr"),
        ("about half more", "clot-hr chd-hr"),
        ("a third off", "chd-hr clot-hr"),
        ("two and a half times as many", "clot-hr bc-hr"),
        ("three fifths less", "bc-hr clot-hr"),
    ],
)
def test_words_about_rows(words, target):
    """Two rows, or one that tells a difference: the direction, the number in words, or both."""
    names = [name.partition(":")[0] for name in target.split()]
    assert [each.id for each in compare(words, target)] == names


@pytest.mark.parametrize(
    ("words", "target", "because"),
    [
        ("Less bone", "ls-rlx60 ls-placebo", "the direction is the other one"),
        ("more", "ls-rlx60 ls-rlx60", "do not differ"),
        ("fewer clots", "clot-hr", "the direction is the other one"),
        ("about a third more", "clot-hr chd-hr", "nearest to half"),
        ("twice as many", "clot-hr bc-hr", "2.6 times"),
        ("some clots", "clot-hr", "no direction word"),
        ("more", "clot-hr bc-risk", "different units"),
        ("more", "bc-risk", "do not differ"),
        ("twice as many", "clot-hr", "needs two rows"),
        ("more", "clot-hr chd-hr bc-hr", "takes two rows"),
    ],
)
def test_words_that_rows_contradict(words, target, because):
    with pytest.raises(facts.FactError, match=because):
        compare(words, target)


def test_a_disagreement_names_id_written_and_stored_value():
    with pytest.raises(facts.FactError) as told:
        check("lost 1.5 %", "ls-placebo")
    assert (
        str(told.value)
        == "ls-placebo: the prose says 'lost 1.5 %', but data/bmd_change.csv holds \u22121.32 %: at the written precision it is \u22121.3 %."
    )


def test_an_unknown_id_is_answered_with_near_ones():
    with pytest.raises(facts.UnknownFact, match="'ls-rlx6'.*ls-rlx60"):
        facts.fact("ls-rlx6")


def test_half_is_rounded_up_away_from_zero():
    check("2.5 points", "ls-half")
    check("\u22120.4 to 5.3 points", "ls-half:ci")


def test_a_card_tells_label_value_uncertainty_and_source():
    card = facts.fact("ls-rlx60").card()
    assert (
        card["label"]
        == "Mean change in BMD, lumbar spine, raloxifene 60 mg/day, against baseline, 36 months"
    )
    assert (card["value"], card["uncertainty"], card["population"]) == (
        "+1.28 %",
        "SE 0.23 %",
        "women early after menopause",
    )
    assert (card["name"], card["authors_year"], card["link"], card["seen"]) == (
        "TRIAL",
        "Able et al. 2000",
        "https://doi.org/10.1000/t",
        "primary",
    )
    assert not card["unverified"] and not card["approx"]


@pytest.mark.parametrize(
    ("target", "label", "value", "uncertainty"),
    [
        (
            "clot-hr",
            "Venous thromboembolism: hazard ratio, raloxifene, against placebo, 67 months",
            "1.44",
            "95 % CI 1.06 to 1.95",
        ),
        (
            "ls-half",
            "Difference between arms in BMD, total hip, raloxifene, against placebo",
            "+2.45 percentage points",
            "95 % CI \u22120.35 to 5.25 percentage points; p <0.001",
        ),
        (
            "bc-risk",
            "Breast cancer: risk, raloxifene 60 mg/day",
            "1.9 %",
            "95 % CI 1.2 % to 4.3 %",
        ),
        ("many", "Death: count, raloxifene", "7,705 women", ""),
        ("ok-us", "Year of the decision: raloxifene, US, approved", "1997", ""),
        ("trial2000", "TRIAL: people in the study", "1,145 people", ""),
        (
            "ls-rlx60:se",
            "Mean change in BMD, lumbar spine, raloxifene 60 mg/day, against baseline, 36 months, standard error",
            "0.23 %",
            "",
        ),
        (
            "clot-hr:ci",
            "Venous thromboembolism: hazard ratio, raloxifene, against placebo, 67 months, confidence interval",
            "1.06 to 1.95",
            "",
        ),
        (
            "ls-year",
            "Mean change per year in BMD, lumbar spine, placebo, against baseline",
            "\u22121.44 % a year",
            "",
        ),
    ],
)
def test_cards_of_other_rows(target, label, value, uncertainty):
    card = facts.fact(target).card()
    assert (card["label"], card["value"], card["uncertainty"]) == (
        label,
        value,
        uncertainty,
    )


def test_the_words_for_readers_are_those_of_the_schema(monkeypatch):
    """Every word that a table may hold has a meaning for readers, and none more."""
    monkeypatch.undo()
    fields = {
        (name, field["name"]): field.get("constraints", {}).get("enum")
        for name in ("studies", "claims")
        for field in tables.resource(name)["schema"]["fields"]
    }
    assert sorted(sources.SEEN) == sorted(fields["studies", "seen"])
    assert sorted(sources.KINDS) == sorted(fields["studies", "kind"])
    assert sorted(sources.VERDICTS) == sorted(fields["claims", "verdict"])


def test_links_go_to_doi_then_pubmed_then_address():
    assert (
        facts.fact("clot-hr").card()["link"]
        == "https://pubmed.ncbi.nlm.nih.gov/123456/"
    )
    assert facts.fact("ok-us").card()["link"] == "https://example.org/label"


def test_a_derived_number_has_the_studies_of_its_inputs_and_is_as_uncertain_as_they_are():
    found = facts.fact("clot-5y")
    assert found.studies() == ["other2006", "trial2000"] and found.unverified
    assert [source["name"] for source in found.card()["sources"]] == ["OTHER", "TRIAL"]


def test_unverified_and_approximate_rows_say_so():
    card = facts.fact("ls-placebo").card()
    assert card["unverified"] and card["approx"]


def test_ids_are_those_with_numbers():
    assert "ls-rlx60" in facts.ids() and "clot-5y" in facts.ids()
    assert "words-only" not in facts.ids() and "raloxifene" not in facts.ids()


def test_an_edited_table_is_read_again():
    path = tables.DATA / "bmd_change.csv"
    path.write_text(
        path.read_text(encoding="utf-8")
        .replace(",1.28,", ",1.29,")
        .replace("TRIAL", "TRIALS"),
        encoding="utf-8",
    )
    check("1.29 %", "ls-rlx60")


@pytest.mark.slow
def test_every_fact_of_the_book_has_a_card(monkeypatch):
    """Over the real tables: a label, a value and a source with a link for every number, and each agrees with itself."""
    monkeypatch.undo()
    for name in facts.ids():
        found = facts.fact(name)
        if found.value is None:
            continue
        card = found.card()
        assert (
            card["label"][:1].upper() == card["label"][:1]
            and "  " not in card["label"]
            and "{" not in card["label"]
        ), card
        ours = found.row.get("standing") in (
            "fitted",
            "chosen",
        )  # a parameter of a model that no study gave; its note says how it came about
        assert card["value"] and (
            card["note"] if ours else card["sources"] and card["authors_year"]
        ), card
        assert all(
            source["link"].startswith("http") or source["study"].startswith("source-")
            for source in card["sources"]
        ), card
        if found.unit not in ("p value",):
            check(card["value"], name)
