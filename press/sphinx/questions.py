"""{check-yourself}: the questions of the side file.

In HTML each question is a group of radio buttons; the explanation of the chosen option is shown by CSS alone. In other formats the
questions are lists, and the answers follow them.
"""

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from press.sphinx.cards import interactive
from press.sphinx.furniture import Furniture
from press.sphinx.parts import element, paragraph, part, span


class CheckYourself(Furniture):
    """{check-yourself}: a group of radio buttons a question, an explanation an option."""

    has_content = False

    def run(self):
        _, side = self.here()
        box = element("div", classes=["bb-questions"])
        for count, question in enumerate(side["questions"], 1):
            legend = element(
                "legend", span(f"{count}. ", "bb-n"), *self.inline(question["ask"])
            )
            box += element(
                "fieldset",
                legend,
                *(
                    self.option(question["id"], letter, option)
                    for letter, option in zip("abcd", question["options"], strict=False)
                ),
                classes=["bb-question"],
                ids=[f"question-{question['id']}"],
            )
        return [box]

    def option(self, name, letter, option):
        """One option of the question `name`: its button, its text, why it is right or not."""
        right = option.get("right", False)
        verdict = nodes.strong("", "Right. ", classes=["bb-verdict"])
        why = paragraph(verdict if right else cross(), *self.inline(option["why"]))
        return element(
            "div",
            element(
                "input", ids=[f"{name}-{letter}"], type="radio", name=name, value=letter
            ),
            element(
                "label", *self.inline(option["text"]), **{"for": f"{name}-{letter}"}
            ),
            element(
                "div",
                element(
                    "div", why, classes=["bb-why", "bb-right" if right else "bb-wrong"]
                ),
                classes=["bb-answer"],
                aria_live="polite",
            ),
            classes=["bb-option"],
        )


def cross():
    """The mark before the explanation of a wrong option: seen as a cross, heard as words, and no reproach."""
    return element(
        "span", "✗ ", role="img", aria_label="Not this one.", classes=["bb-cross"]
    )


class QuestionsAsLists(SphinxPostTransform):
    """Where nothing can be chosen (LaTeX, EPUB, plain text): question, options, and the answers at the end."""

    default_priority = 4

    def run(self, **kwargs):
        if interactive(self.app):
            return
        boxes = [
            node
            for node in self.document.findall(part)
            if "bb-questions" in node["classes"]
        ]
        for box in boxes:
            asked = []
            answers = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
            for group in box.children:
                legend, *options = group.children
                asked.append(paragraph(*legend.children))
                asked.append(
                    _letters(
                        paragraph(*option.children[1].children) for option in options
                    )
                )
                answers += nodes.list_item(
                    "",
                    _letters(
                        option.children[2].children[0].children[0] for option in options
                    ),
                )
            box.replace_self([*asked, nodes.rubric("", "Answers"), answers])


def _letters(paragraphs):
    return nodes.enumerated_list(
        "",
        *(nodes.list_item("", child) for child in paragraphs),
        enumtype="loweralpha",
        prefix="",
        suffix=".",
    )


def setup(app):
    app.setup_extension("press.sphinx.furniture")
    app.add_directive("check-yourself", CheckYourself)
    app.add_post_transform(QuestionsAsLists)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
