"""Weigh and time the explorables of the built book in a real browser: `make bench` (build first).

For each page: the bytes that its explorable adds (compressed, empty cache), the milliseconds from the start of loading the page to
the first answer of a slider (a key is pressed as soon as the control takes one), and from a key press to the redrawn
chart, median of 20. The machine is not throttled; the phone is a narrow window and no slow processor.
"""

import functools
import gzip
import http.server
import re
import statistics
import sys
import threading
import time

from playwright.sync_api import sync_playwright

from tools.browser import get
from tools.env import ROOT

HTML = ROOT / "_build" / "html"
STATIC = HTML / "_static"
SCRIPTS = (
    "vendor/vega/vega.min.js",
    "explore/models.js",
    "explore/explore.js",
    "explore/explore.css",
)
TURNS = 20


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def compressed(data: bytes) -> int:
    return len(gzip.compress(data, 9, mtime=0))


def stands() -> dict[str, list[str]]:
    """{page: names of its explorables}, from the built pages."""
    found = {}
    for path in sorted(HTML.glob("book/*/*.html")):
        if names := re.findall(
            r'data-explorable="([\w-]+)"', path.read_text(encoding="utf-8")
        ):
            found[path.relative_to(HTML).as_posix()] = names
    return found


def added(page: str) -> int:
    """Compressed bytes that a page would not have without its explorables: scripts, style and what stands in the page itself."""
    html = (HTML / page).read_bytes()
    without = re.sub(
        rb'<div class="bb-live".*?</div>\n<p|<script type="application/json">\{"given".*?</script>',
        b"",
        html,
        flags=re.S,
    )
    return (
        compressed(html)
        - compressed(without)
        + sum(compressed((STATIC / name).read_bytes()) for name in SCRIPTS)
    )


def turn(page, name: str, slider: str, key: str) -> float:
    """Milliseconds from a key press to the redrawn chart, measured inside the page."""
    return page.evaluate(
        """([name, slider, step]) => new Promise(done => {
            const box = document.querySelector(`[data-explorable='${name}']`), control = document.getElementById(slider), start = performance.now();
            new MutationObserver((_, seen) => { seen.disconnect(); requestAnimationFrame(() => done(performance.now() - start)); })
                .observe(box, {attributes: true, attributeFilter: ["data-drawn"]});
            control.value = Number(control.value) + step * Number(control.step);
            control.dispatchEvent(new Event("input", {bubbles: true}));
        })""",
        [name, slider, 1 if key == "ArrowUp" else -1],
    )


def measure(
    browser, address: str, page: str, name: str, size: tuple[int, int]
) -> tuple[float, float]:
    """(load to first answer, median of input to redraw), in milliseconds."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    window = context.new_page()
    start = time.perf_counter()
    window.goto(f"{address}/{page}#explore-{name}", wait_until="commit")
    box = f"document.querySelector(\"[data-explorable='{name}']\")"
    window.wait_for_function(f"{box} && {box}.dataset.drawn >= 1")
    slider = window.locator(f"[data-explorable='{name}'] input").first.get_attribute(
        "id"
    )
    turn(window, name, slider, "ArrowUp")
    first = 1000 * (time.perf_counter() - start)
    times = [
        turn(window, name, slider, "ArrowDown" if count % 2 else "ArrowUp")
        for count in range(TURNS)
    ]
    context.close()
    return first, statistics.median(times)


def main() -> None:
    pages = stands()
    if not pages:
        sys.exit(
            f"There is no page with an explorable in {HTML}. Build the book first: make book."
        )
    with (
        http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Quiet, directory=str(HTML))
        ) as server,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(
            executable_path=get(),
            args=["--no-sandbox", "--disable-background-networking"],
        )
        print(
            f"{'page':<34}{'explorable':<22}{'adds (kB)':>10}{'first (ms)':>12}{'redraw (ms)':>13}{'phone first':>13}{'phone redraw':>14}"
        )
        for page, names in pages.items():
            for name in names:
                wide, narrow = (
                    measure(
                        browser,
                        f"http://127.0.0.1:{server.server_port}",
                        page,
                        name,
                        size,
                    )
                    for size in ((1280, 900), (390, 844))
                )
                numbers = f"{added(page) / 1000:>10.0f}{wide[0]:>12.0f}{wide[1]:>13.1f}{narrow[0]:>13.0f}{narrow[1]:>14.1f}"
                print(
                    f"{page.removeprefix('book/').removesuffix('.html'):<34}{name:<22}{numbers}"
                )
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
