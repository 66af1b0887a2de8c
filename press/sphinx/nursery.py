"""The process that kernels of a build are forked from: run by forks.py, with its end of a pair of sockets as its argument.

It reads what every kernel reads (IPython's kernel, pandas, Matplotlib), and none of the book's own modules. Then each line
that comes in (JSON: argv, env, cwd) makes a kernel: a child with that environment, whose pid is the answer, a line too.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys

LIBRARIES = ("ipykernel.kernelapp", "ipykernel.ipkernel", "pandas", "matplotlib.pyplot")


def kernel(argv: list[str], env: dict[str, str], cwd: str | None) -> None:
    """Become the kernel. Its parent is this process, and with it the kernel ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(env)
    if cwd:
        os.chdir(cwd)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    # the variable for it, JPY_PARENT_PID, was looked for when the module was read
    parent = f"--IPKernelApp.parent_handle={os.getppid()}"
    sys.argv = ["ipykernel_launcher", *argv, parent]
    from ipykernel import kernelapp

    kernelapp.launch_new_instance()


def ended(*_: object) -> None:
    """Let go of kernels that have ended; what they took of the processor counts as this process's."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def main() -> None:
    """Read the libraries, then serve until the other end is closed."""
    # as a kernel has it when a cell reads Matplotlib
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    for name in LIBRARIES:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, ended)
    ours = socket.socket(fileno=int(sys.argv[1]))
    lines = ours.makefile(encoding="utf-8")
    for line in lines:
        wanted = json.loads(line)
        if not os.fork():
            status = 1
            try:
                os.setsid()
                ours.sendall(f"{os.getpid()}\n".encode())
                os.close(ours.fileno())
                kernel(**wanted)
                status = 0
            finally:
                os._exit(status)


if __name__ == "__main__":
    main()
