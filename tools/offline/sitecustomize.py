"""On the path of a process, this cuts it off from every other machine: only this one (loopback, sockets of the file system) is reached.

Used by the tests while the cells of the book run. An audit hook cannot be taken away by the code it watches.
"""

import sys

HERE = ("127.", "::1", "localhost", "0.0.0.0", "::")


def _watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) and address else ""
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0] or ""
    else:
        return
    host = host.decode() if isinstance(host, bytes) else str(host)
    if host and not host.startswith(HERE):
        raise OSError(
            f"The cells of this book run without a network, and this one asked for {host}."
        )


sys.addaudithook(_watch)

# jsonschema reads a grammar of internet addresses with it, some seconds in each process that opens a notebook; nothing
# of the book has an address checked by it.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
