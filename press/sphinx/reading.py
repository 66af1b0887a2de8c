"""What reading modes keep (Firefox's Reader View, read-aloud, clippers, read-later services; all built on Readability).

They judge a part of a page by words in its ids and classes: "extra" in the id of a section or "media" in that of an exercise
(inter-media-te) and it is taken for trimmings and dropped. The class bb-body says that it is text, and the id of an exercise stands
on an empty element before it. Numbers and their cards are cards.py's matter; a form is dropped, and so are the questions.
"""

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_exercise.nodes import (
    depart_exercise_enumerable_node,
    depart_exercise_node,
    exercise_enumerable_node,
    exercise_node,
    visit_exercise_enumerable_node,
    visit_exercise_node,
)

TEXT = "bb-body"


class Text(SphinxPostTransform):
    """HTML: sections and exercises say that they are text."""

    default_priority = 5
    formats = ("html",)

    def run(self, **kwargs):
        for kind in (nodes.section, exercise_node, exercise_enumerable_node):
            for node in self.document.findall(kind):
                node["classes"].append(TEXT)


def _apart(visit):
    """A visitor of exercises that writes their ids on an element of its own."""

    def visit_apart(self, node):
        start = len(self.body)
        visit(self, node)
        text = "".join(self.body[start:])
        for name in node["ids"]:
            text = f'<span id="{name}"></span>' + text.replace(f' id="{name}"', "", 1)
        self.body[start:] = [text]

    return visit_apart


def setup(app):
    app.setup_extension("sphinx_exercise")
    app.add_post_transform(Text)
    app.add_node(
        exercise_node,
        override=True,
        html=(_apart(visit_exercise_node), depart_exercise_node),
    )
    app.add_node(
        exercise_enumerable_node,
        override=True,
        html=(
            _apart(visit_exercise_enumerable_node),
            depart_exercise_enumerable_node,
        ),
    )
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
