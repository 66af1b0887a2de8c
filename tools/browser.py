"""Find a real Chromium or Chrome for the tests, or get one the way this machine can."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from press import console

#: Chromium's headless shell first: the same engine without windows, which reads a page in half the time of the whole browser.
NAMES = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
#: For what is printed. Letters as wide as they are drawn: by default Chromium on Linux rounds them to dots of a screen, and
#: words run together.
TO_PRINT = ("--no-sandbox", "--disable-gpu", "--font-render-hinting=none")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)


def installed() -> str | None:
    """The path of a browser that is here already: $CHROMIUM first, then PATH, the usual places, Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        if not Path(named).exists():
            sys.exit(f"CHROMIUM names {named}, and there is no such file.")
        return named
    for name in NAMES:
        if found := shutil.which(name):
            return found
    for place in PLACES:
        if Path(place).exists():
            return place
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if own and Path(own).exists() else None


def get() -> str:
    """The path of a browser; installs one if there is none. Ends with a sentence where none is to be had."""
    if found := installed():
        return found
    tried = []
    if shutil.which("apt-get"):
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        for command in (
            ["apt-get", "update", "-qq"],
            [*install, "chromium-headless-shell"],
            [*install, "chromium"],
        ):
            subprocess.run(
                [*sudo, *command],
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                stdout=subprocess.DEVNULL,
            )
            if found := installed():
                return found
        tried.append("Debian's packages chromium-headless-shell and chromium (apt-get)")
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])
    tried.append("Playwright's download (python -m playwright install chromium)")
    if found := installed():
        return found
    sys.exit(
        "No Chromium or Chrome on this machine, and none could be installed. Tried: "
        + "; ".join(tried)
        + ". "
        "The tests need a real browser: install one, or set CHROMIUM to the path of one."
    )


if __name__ == "__main__":
    console.speak()
    print(get())
