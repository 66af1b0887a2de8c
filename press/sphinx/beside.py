"""What is made of the written pages is made side by side: a build ends sooner on more than one processor.

    beside(app, write)      # instead of app.connect("build-finished", write)

Sphinx's own tasks are used, each in a process that is forked (elsewhere they run one after the other). Their warnings are the
build's, and the first error of one ends it as if it had come up here. What such a function leaves in memory is lost.
"""

import pickle
from collections.abc import Callable

from sphinx.util.parallel import ParallelTasks, SerialTasks, parallel_available

#: Of the listeners of "build-finished": after the last page, and before what looks at the whole site.
BEGIN, END = 500, 800


class Tasks:
    """The functions of a build that run side by side."""

    def __init__(self) -> None:
        self.functions: list[Callable] = []
        self.running: ParallelTasks | SerialTasks | None = None
        self.errors: list[BaseException] = []

    def begin(self, app, error) -> None:
        """Start them all."""
        self.running = ParallelTasks(2) if parallel_available else SerialTasks()
        for function in self.functions:
            self.running.add_task(task(function, app, error), None, self.ended)

    def ended(self, *told) -> None:
        """One has come to its end, well or not: its error, or None, is told last."""
        if told[-1]:
            self.errors.append(told[-1])

    def end(self, app, error) -> None:
        """Wait for them."""
        if self.running:
            self.running.join()
        if self.errors:
            raise self.errors[0]


def task(function: Callable, app, error) -> Callable[[], BaseException | None]:
    """Does what `function(app, error)` does, and returns the error that it raised, in a form that may be sent."""

    def run() -> BaseException | None:
        try:
            function(app, error)
        except Exception as fault:
            try:
                return pickle.loads(pickle.dumps(fault))
            except Exception:
                return RuntimeError(f"{type(fault).__name__}: {fault}")
        return None

    return run


def beside(app, function: Callable) -> None:
    """Call `function(app, error)` at the end of a build, beside the others of this kind."""
    if not hasattr(app, "bonebook_beside"):
        app.bonebook_beside = tasks = Tasks()
        app.connect("build-finished", tasks.begin, priority=BEGIN)
        app.connect("build-finished", tasks.end, priority=END)
    app.bonebook_beside.functions.append(function)
