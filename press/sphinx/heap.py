"""While a book is built, Python does not look for garbage.

Pages and their trees are millions of objects that are all in use, and Python's collector would walk through them again and
again: a third of the time of a build. What a page leaves behind is little, and goes when the build ends.
"""

import gc

#: Whether a build before this one, in the same process, has left its objects unlooked at.
_left = False


def rest(app, config):
    """The build begins."""
    global _left
    if _left:
        gc.unfreeze()
        gc.collect()
        _left = False
    gc.disable()


def again(app, error):
    """The build is over. The process ends now, as a rule, and looks through nothing for it: three seconds.

    What another build in it begins with is what this one has left.
    """
    global _left
    gc.freeze()
    _left = True
    gc.enable()


def setup(app):
    app.connect("config-inited", rest, priority=0)
    app.connect("build-finished", again, priority=1800)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
