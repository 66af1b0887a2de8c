"""What is made of the written pages is made side by side, and is heard of as if it had not been."""

import errno
import gc
import logging as plain
import os
import weakref

import pytest
from sphinx.util import logging
from sphinx.util.parallel import SerialTasks, parallel_available

from press.pages import PageError
from press.sphinx import beside, heap


class App:
    """Of Sphinx, its end."""

    def __init__(self, *functions):
        self.listeners = []
        for function in functions:
            beside.beside(self, function)

    def connect(self, _, listener, priority):
        self.listeners.append((priority, listener))

    def end(self):
        for _, listener in sorted(self.listeners, key=lambda each: each[0]):
            listener(self, None)


WAYS = ["forked", "one after the other"]


@pytest.fixture(params=WAYS if parallel_available else WAYS[1:])
def way(request, monkeypatch):
    if request.param != "forked":
        monkeypatch.setattr(beside, "ParallelTasks", SerialTasks)
    return request.param


def test_all_is_made_before_the_end(tmp_path, way):
    def made(name):
        def make(*_):
            (tmp_path / name).write_text(str(os.getpid()), encoding="utf-8")

        return make

    App(made("one"), made("two"), made("three")).end()
    where = {path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert len(list(tmp_path.iterdir())) == 3
    assert (str(os.getpid()) in where) is (way != "forked")


class Odd(Exception):
    """One that no other process can be sent."""

    def __init__(self, one, other):
        super().__init__(f"{one} {other}")


@pytest.mark.parametrize(
    "error",
    [
        PageError("book/search.yml: it must hold says."),
        OSError(errno.ENOSPC, "No space left on device", "a.ipynb"),
        Odd("an", "error"),
    ],
)
@pytest.mark.usefixtures("way")
def test_an_error_ends_the_build(error):
    """As itself, so that its words and its number are told; one that cannot be sent, in its words."""

    def fail(*_):
        raise error

    with pytest.raises((PageError, OSError, RuntimeError)) as found:
        App(lambda *_: None, fail).end()
    told = found.value
    if isinstance(error, Odd):
        assert str(told) == "Odd: an error"
    else:
        assert (type(told), str(told)) == (type(error), str(error))
        assert getattr(told, "errno", None) == getattr(error, "errno", None)


@pytest.mark.usefixtures("way")
def test_a_warning_is_heard():
    heard = []

    class Heard(plain.Handler):
        def emit(self, record):
            heard.append(record.getMessage())

    def warn(*_):
        logging.getLogger("press.some").warning("no notebook of this page: %s", "why")

    handler = Heard(plain.WARNING)
    plain.getLogger("sphinx").addHandler(handler)
    try:
        App(warn).end()
    finally:
        plain.getLogger("sphinx").removeHandler(handler)
    assert heard == ["no notebook of this page: why"]


def test_a_second_build_in_a_process_lets_go_of_what_the_first_left():
    """Nobody looks for garbage while a book is built, nor at its end; a process that builds again does not keep it all."""

    class Tree:
        pass

    heap.rest(None, None)
    assert not gc.isenabled()
    tree = Tree()
    tree.itself = tree
    left = weakref.ref(tree)
    del tree
    heap.again(None, None)
    assert gc.isenabled() and left() is not None
    heap.rest(None, None)
    assert left() is None and not gc.isenabled()
    heap.again(None, None)
    gc.unfreeze()
