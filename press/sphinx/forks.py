"""Kernels that begin where pandas and Matplotlib have been read already, on Linux.

A kernel takes two seconds of a processor to read them, more than most pages take to run. Here one process reads them for all
kernels of a build (nursery.py), and each kernel is forked from it. Elsewhere kernels start as they always do.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import local_provisioner

#: `python -m ipykernel_launcher -f FILE ...`
LAUNCHER = ["-m", "ipykernel_launcher"]
_launch = local_provisioner.launch_kernel


class Kernel:
    """What jupyter-client asks of a kernel's process, for one that is no child of this one."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """None while it lives, then 0: how it ended, nobody knows."""
        if self.returncode is None:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                self.returncode = 0
        return self.returncode

    def wait(self) -> int:
        """Until it has ended."""
        while self.poll() is None:
            time.sleep(0.02)
        return 0

    def send_signal(self, number: int) -> None:
        """Nothing, if it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """As subprocess.Popen has it."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """As subprocess.Popen has it."""
        self.send_signal(signal.SIGKILL)


class Nursery:
    """While it is open, this process's kernels are forked. Opened by the first that is launched, with its environment."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen | None = None
        self.failed = sys.platform != "linux"

    def open(self) -> None:
        """From here on."""
        if not self.failed:
            local_provisioner.launch_kernel = self.launch  # type: ignore[assignment]

    def close(self) -> None:
        """No kernel is forked any more; those that live end."""
        local_provisioner.launch_kernel = _launch
        if self.process:
            self.socket.shutdown(socket.SHUT_RDWR)  # it reads to the end, and ends
            self.lines.close()
            self.socket.close()
            self.process.wait()
            self.process = None

    def launch(self, cmd: list[str], **how: Any) -> Any:
        """As jupyter_client.launcher.launch_kernel: the process of the kernel."""
        if cmd[0] == sys.executable and cmd[1:3] == LAUNCHER and not self.failed:
            env = dict(how.get("env") or os.environ)
            with self.lock:
                try:
                    return self._fork(
                        {"argv": cmd[3:], "env": env, "cwd": how.get("cwd")}
                    )
                except (OSError, ValueError):
                    self.failed = True  # then as it always was
        return _launch(cmd, **how)

    def begin(self) -> None:
        """Start the process that kernels are forked from, before the first is asked for."""
        with self.lock, contextlib.suppress(OSError):
            if not (self.failed or self.process):
                self._start(dict(os.environ))

    def _start(self, env: dict[str, str]) -> None:
        self.socket, theirs = socket.socketpair()
        script = Path(__file__).with_name("nursery.py")
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(script), str(theirs.fileno())],
            env=env,
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,  # Ctrl+C is for this process; it closes the other
        )
        theirs.close()
        self.lines = self.socket.makefile(encoding="utf-8")

    def _fork(self, wanted: dict) -> Kernel:
        if not self.process:
            self._start(wanted["env"])
        self.socket.sendall(f"{json.dumps(wanted)}\n".encode())
        return Kernel(int(self.lines.readline()))
