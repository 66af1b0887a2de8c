"""Firefox and WebKit, driven by the commands of the WebDriver standard.

Firefox answers them itself (Marionette), WebKit through its driver: both are as Debian has them, and neither needs more than the
standard library. No library drives these two: Playwright takes only a WebKit that it has built itself and asks of Firefox what
Debian's does not know yet, and Selenium wants geckodriver, which Debian does not have.
"""

import contextlib
import itertools
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

#: The programs that an engine needs, each by one of its names, and the packages of Debian that bring them.
NEEDS = {
    "firefox": ([("firefox-esr", "firefox")], "firefox-esr"),
    "webkit": ([("WebKitWebDriver",), ("Xvfb",)], "webkit2gtk-driver xvfb"),
}
#: The variable that names engines which have to be there, as the weekly workflow does: firefox,webkit.
REQUIRED = "BOOK_ENGINES"
PATIENCE = 120  # seconds: a busy machine is no fault of the page
ARROW_RIGHT, ESCAPE = "\ue014", "\ue00c"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
#: The commands: Firefox takes their names, WebKit's driver their addresses.
COMMANDS = {
    "Navigate": "url",
    "ExecuteScript": "execute/sync",
    "SetWindowRect": "window/rect",
    "SwitchToFrame": "frame",
    "FindElement": "element",
    "ElementClick": "element/{id}/click",
    "ElementSendKeys": "element/{id}/value",
}
#: Firefox sends what is asked of another host to `proxy`, asks nothing of its makers, and moves nothing.
PREFERENCES = """user_pref("marionette.port", 0);
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", {proxy});
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", {proxy});
user_pref("services.settings.server", "data:,#remote-settings-dummy/v1");
user_pref("media.gmp-manager.updateEnabled", false);
user_pref("ui.prefersReducedMotion", 1);
"""
#: Without it Firefox takes no other address of its settings than its makers'.
OWN = {"MOZ_REMOTE_SETTINGS_DEVTOOLS": "1"}


def found(name: str) -> list[str]:
    """Where the programs of an engine lie. Where one is missing, the test is skipped, or fails if the engine is required."""
    needs, packages = NEEDS[name]
    here = [next(filter(None, map(shutil.which, each)), None) for each in needs]
    paths = [path for path in here if path]
    if len(paths) == len(needs):
        return paths
    missing = " and ".join(
        each[0] for each, path in zip(needs, here, strict=True) if not path
    )
    told = f"{name} was not asked: no {missing} on this machine (Debian: apt-get install {packages})"
    if name in os.environ.get(REQUIRED, "").split(","):
        pytest.fail(f"{told}, and {REQUIRED} wants it", pytrace=False)
    pytest.skip(told)


def until(ask, what: str):
    """What `ask` answers, as soon as that is something."""
    ends = time.monotonic() + PATIENCE
    while not (answer := ask()):
        if time.monotonic() > ends:
            raise TimeoutError(what)
        time.sleep(0.05)
    return answer


class Engine:
    """A browser with one window; `send(command, ...)` is its line."""

    def __init__(self, name: str, send):
        self.name, self.send = name, send

    def go(self, address: str) -> None:
        self.send("Navigate", url=address)

    def run(self, script: str, *arguments):
        """What a script returns: `return arguments[0] + 1`."""
        return self.send("ExecuteScript", script=script, args=list(arguments))

    def wait(self, expression: str):
        """What an expression comes to in the page, as soon as that is something."""
        return until(lambda: self.run(f"return {expression}"), expression)

    def find(self, selector: str) -> str:
        found = self.send("FindElement", using="css selector", value=selector)
        return found[ELEMENT]

    def click(self, selector: str) -> None:
        self.send("ElementClick", id=self.find(selector))

    def type(self, selector: str, keys: str) -> None:
        self.send("ElementSendKeys", id=self.find(selector), text=keys)

    def enter(self, selector: str | None) -> None:
        """What follows is asked of the page in this frame; after None, of the page itself."""
        frame = selector and self.find(selector)
        # the standard's name, then Firefox's
        self.send("SwitchToFrame", id=frame and {ELEMENT: frame}, element=frame)

    def size(self, width: int, height: int) -> None:
        self.send("SetWindowRect", x=0, y=0, width=width, height=height)


@contextlib.contextmanager
def started(*command, variables=None, **how):
    """A program that runs as long as the block lasts, and then ends with all that it has started."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **(variables or {})},
        start_new_session=True,
        **how,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        process.wait(30)


@contextlib.contextmanager
def firefox(folder: Path, proxy: int):
    """Its line: messages with their length before them, each an array in JSON."""
    (path,) = found("firefox")
    (folder / "user.js").write_text(PREFERENCES.format(proxy=proxy), "utf-8")
    port = folder / "MarionetteActivePort"
    options = ("--headless", "--no-remote", "--marionette", "--profile", folder)
    with started(path, *options, "about:blank", variables=OWN):
        until(lambda: port.exists() and port.read_text(), "Firefox answers")
        with (
            socket.create_connection(("127.0.0.1", int(port.read_text()))) as line,
            line.makefile("rb") as heard,
        ):
            numbers = itertools.count(1)

            def answer():
                length = b"".join(iter(lambda: heard.read(1), b":"))
                return json.loads(heard.read(int(length)))

            def send(command, **said):
                message = [0, next(numbers), f"WebDriver:{command}", said]
                text = json.dumps(message)  # in ASCII
                line.sendall(f"{len(text)}:{text}".encode())
                _, _, error, result = answer()
                if error:
                    raise RuntimeError(f"{command} {said}: {error['message']}")
                return result.get("value") if isinstance(result, dict) else result

            answer()  # its name
            send("NewSession")
            yield Engine("firefox", send)


@contextlib.contextmanager
def webkit(folder: Path, proxy: int):
    """Its line: HTTP to its driver. It has no way without a screen, so it gets one that nobody sees."""
    path, screen = found("webkit")
    read, write = os.pipe()
    shown = ("-displayfd", str(write), "-screen", "0", "1600x1400x24")
    with started(screen, *shown, pass_fds=[write]), os.fdopen(read) as told:
        os.close(write)
        own = {"DISPLAY": f":{told.readline().strip()}", "HOME": str(folder)}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with started(path, f"--port={port}", variables=own | {"NO_AT_BRIDGE": "1"}):

            def post(address, **said):
                request = urllib.request.Request(
                    f"http://127.0.0.1:{port}/session{address}",
                    data=json.dumps(said).encode(),
                    headers={"Content-Type": "application/json"},
                )
                try:
                    with urllib.request.urlopen(request, timeout=300) as answer:
                        return json.load(answer)["value"]
                except urllib.error.HTTPError as error:
                    text = error.read().decode()
                    raise RuntimeError(f"{address} {said}: {text}") from None

            def begin():
                with contextlib.suppress(urllib.error.URLError):
                    return post("", capabilities={"alwaysMatch": {"proxy": through}})

            there = f"127.0.0.1:{proxy}"
            through = {
                "proxyType": "manual",
                "httpProxy": there,
                "sslProxy": there,
                "noProxy": ["127.0.0.1", "localhost"],
            }
            session = until(begin, "WebKit answers")["sessionId"]

            def send(command, **said):
                address = COMMANDS[command].format(**said)
                return post(f"/{session}/{address}", **said)

            yield Engine("webkit", send)


ENGINES = {"firefox": firefox, "webkit": webkit}
