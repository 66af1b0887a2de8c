"""A folder served on this machine, without a word about each request."""

import contextlib
import errno
import functools
import http.server
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path


class Server(http.server.ThreadingHTTPServer):
    """As Python's own; on Windows its option would let two servers have one port."""

    allow_reuse_address = os.name != "nt"


def server(port: int, handler, tries: int = 20) -> Server:
    """A server on this machine at a port, or at the next free one after it. Stops with a sentence if there is none."""
    if not 0 <= port <= 65535:
        sys.exit(f"A port is a number from 0 to 65535, not {port}.")
    last = min(port + tries, 65536)
    for number in range(port, last):
        try:
            return Server(("127.0.0.1", number), handler)
        except PermissionError:  # below 1024 on some systems, or kept by Windows
            continue
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    sys.exit(
        f"No port from {port} to {last - 1} is free. Name another one: python -m tools serve 8800"
    )


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def copyfile(self, source, outputfile):
        """A browser that leaves a page before all of it has come is no fault."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            super().copyfile(source, outputfile)


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder, as long as the block lasts."""
    handler = functools.partial(Quiet, directory=str(folder))
    with server(0, handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()
