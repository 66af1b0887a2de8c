"""One build at a time writes into a folder: a second one ends at once, and says so.

The lock belongs to the process: a build that is killed leaves none behind.
"""

from pathlib import Path

from filelock import FileLock, Timeout
from sphinx.errors import SphinxError


def lock(app, config):
    """Take the lock of the folder, or raise SphinxError, in a sentence, if another build has it."""
    folder = Path(app.outdir).resolve().parent
    app.bonebook_lock = FileLock(folder / ".lock", timeout=0)
    try:
        app.bonebook_lock.acquire()
    except Timeout:
        raise SphinxError(
            f"another build is writing into {folder}. Wait until it has ended, then build again."
        ) from None


def release(app, error):
    """Give the lock back: others may build in this process."""
    app.bonebook_lock.release()


def setup(app):
    app.connect("config-inited", lock, priority=1)  # before anybody writes anything
    app.connect("build-finished", release, priority=2000)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
