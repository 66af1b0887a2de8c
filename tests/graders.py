"""What a platform does with an answer: small readers of QTI 2.1, QTI 1.2 and Moodle XML that mark a response as the formats say.

    mark = of_qti21(root)(["a"])      # -> Mark(score=1.0, told={"a"}): the share of the points, the explanations that are shown

A response is a list of what was chosen or typed. Elements have no namespaces here. What a platform could not do is an
AssertionError: several choices where one may be chosen, a response that no interaction takes.
"""

from dataclasses import dataclass, field


@dataclass
class Mark:
    """Points from 0 to 1, and the names of the explanations that are shown."""

    score: float = 0.0
    told: set[str] = field(default_factory=set)


def of_qti21(root):
    """The marking of an assessmentItem."""
    declared = root.find("responseDeclaration")
    takes = root.xpath(".//choiceInteraction | .//textEntryInteraction")
    assert len(takes) == 1
    assert takes[0].get("responseIdentifier") == declared.get("identifier")
    choice = takes[0].tag == "choiceInteraction"
    kinds = {"identifier"} if choice else {"float", "string"}
    assert declared.get("baseType") in kinds
    outcomes = {each.get("identifier") for each in root.iter("outcomeDeclaration")}
    shown = {
        each.get("identifier"): each.get("outcomeIdentifier")
        for each in root.iter("modalFeedback")
        if each.get("showHide") == "show"
    }
    right = declared.xpath("correctResponse/value/text()")

    def mark(response):
        many = declared.get("cardinality") == "multiple"
        assert many or len(response) == 1
        assert not choice or takes[0].get("maxChoices") == ("0" if many else "1")
        assert not choice or set(response) <= set(
            takes[0].xpath("simpleChoice/@identifier")
        )
        known = {"SCORE": float(root.findtext("outcomeDeclaration/defaultValue/value"))}
        for rule in root.find("responseProcessing"):
            parts = [rule]
            if rule.tag == "responseCondition":
                test, *parts = rule.find("responseIf")
                parts = parts if holds(test, response) else []
            for each in parts:
                assert each.tag == "setOutcomeValue"
                assert each.get("identifier") in outcomes
                known[each.get("identifier")] = value(each[0], response)
        said = known.get("FEEDBACK", [])
        said = set(said if isinstance(said, list) else [said])
        return Mark(
            float(known["SCORE"]), {n for n in said if shown.get(n) == "FEEDBACK"}
        )

    def value(node, response):
        if node.tag == "baseValue":
            return node.text
        if node.tag == "variable":
            assert node.get("identifier") == declared.get("identifier")
            return response
        assert node.tag == "mapResponse"
        mapping = declared.find("mapping")
        total = float(mapping.get("defaultValue")) * len(response)
        for entry in mapping:
            exact = entry.get("caseSensitive") != "false"
            wanted, given = entry.get("mapKey"), response[0]
            if wanted == given or not exact and wanted.lower() == given.lower():
                return float(entry.get("mappedValue"))
        return total

    def holds(test, response):
        assert [each.tag for each in test] == ["variable", "correct"]
        if test.tag == "match":
            return sorted(response) == sorted(right)
        assert (test.tag, test.get("toleranceMode")) == ("equal", "absolute")
        below, above = map(float, test.get("tolerance").split())
        far = float(response[0]) - float(right[0])
        return -below - 1e-9 <= far <= above + 1e-9

    return mark


def of_qti12(item):
    """The marking of an item of Canvas or of a cartridge: each condition in turn, until one that says no to going on."""
    presented = item.xpath("presentation/response_lid | presentation/response_str")
    assert len(presented) == 1
    many = presented[0].get("rcardinality") == "Multiple"
    name = presented[0].get("ident")
    choices = presented[0].xpath(".//response_label/@ident")
    feedback = set(item.xpath("itemfeedback/@ident"))

    def mark(response):
        assert many or len(response) == 1
        if presented[0].tag == "response_lid":
            assert set(response) <= set(choices)
        made = Mark()
        for condition in item.iter("respcondition"):
            tests = condition.find("conditionvar")
            # words that are right stand side by side: in a fill-in each is enough
            words = presented[0].tag == "response_str"
            words &= all(test.tag == "varequal" for test in tests)
            if (any if words else all)(holds(test, response) for test in tests):
                for each in condition.iter("setvar"):
                    assert (each.get("action"), each.get("varname")) == ("Set", "SCORE")
                    made.score = float(each.text) / 100
                told = set(condition.xpath("displayfeedback/@linkrefid"))
                assert told <= feedback
                made.told |= told
                if condition.get("continue") != "Yes":
                    break
        return made

    def holds(test, response):
        if test.tag in ("and", "or", "not"):
            parts = [holds(each, response) for each in test]
            return {"and": all, "or": any, "not": lambda p: not any(p)}[test.tag](parts)
        if test.tag == "other":
            return True
        assert test.get("respident") == name
        if test.tag == "varequal":
            exact = test.get("case", "No") == "Yes"
            said = response if exact else [each.lower() for each in response]
            return (test.text if exact else test.text.lower()) in said or equal(
                test, response
            )
        far = float(response[0]) - float(test.text)
        return far >= -1e-9 if test.tag == "vargte" else far <= 1e-9

    def equal(test, response):
        try:
            return abs(float(test.text) - float(response[0])) < 1e-9
        except ValueError:
            return False

    return mark


def of_moodle(question):
    """The marking of a question; what is chosen is the place of an answer, from 0."""
    answers = list(question.iter("answer"))
    shares = [float(answer.get("fraction")) / 100 for answer in answers]
    kind = question.get("type")

    def mark(response):
        if kind == "multichoice":
            assert question.findtext("single") == "false" or len(response) == 1
            return Mark(max(0.0, sum(shares[place] for place in response)))
        (said,) = response
        for answer, share in zip(answers, shares, strict=True):
            wanted = answer.findtext("text")
            if kind == "numerical":
                room = float(answer.findtext("tolerance"))
                same = abs(float(said) - float(wanted)) <= room + 1e-9
            elif question.findtext("usecase") == "0":
                same = said.lower() == wanted.lower()
            else:
                same = said == wanted
            if same:
                return Mark(share)
        return Mark()

    return mark
