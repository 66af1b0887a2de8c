"""Weigh and time the figures with sliders of the built book: `make bench` (build first).

For each page: the bytes that its figures add (compressed, empty cache), those of its own
scripts among them (all but Vega), the milliseconds from the start of loading to the first
answer of a slider (moved as soon as it takes a key), and from a moved slider to the redrawn
chart, median of 20: in a wide window, and in a narrow one whose processor Chromium makes
four times slower. The bounds are 50 and 150 ms; it ends with 1 where one is passed.
"""

import gzip
import re
import statistics
import sys
import time

from playwright.sync_api import sync_playwright

from press import console
from tools.browser import get
from tools.env import ROOT
from tools.serving import served

HTML = ROOT / "_build" / "html"
STATIC = HTML / "_static"
#: A desk and a phone: width, height, how many times slower the processor is, and the milliseconds an answer may take.
SIZES = ((1280, 900, 1, 50), (390, 844, 4, 150))
TURNS = 20


def compressed(data: bytes) -> int:
    return len(gzip.compress(data, 9, mtime=0))


def stands() -> dict[str, list[str]]:
    """{page: names of its explorables}, from the built pages."""
    found = {}
    for path in sorted(HTML.glob("book/*/*.html")):
        html = path.read_text(encoding="utf-8")
        if names := re.findall(r'data-explorable="([\w-]+)"', html):
            found[path.relative_to(HTML).as_posix()] = names
    return found


def scripts(page: str) -> int:
    """Compressed bytes of the scripts that a page loads for its explorables, but Vega."""
    html = (HTML / page).read_text(encoding="utf-8")
    names = re.findall(r"_static/(explore/[\w-]+\.js)", html)
    return sum(compressed((STATIC / name).read_bytes()) for name in names)


def added(page: str) -> int:
    """Compressed bytes that a page would not have without its explorables.

    Scripts, style and what stands in the page itself.
    """
    html = (HTML / page).read_bytes()
    live = rb'<div class="bb-live".*?</script>\s*</div>'
    without = re.sub(live, b"", html, flags=re.S)
    shared = ("vega.min.js", "vega-interpreter.js")
    return (
        compressed(html)
        - compressed(without)
        + sum(compressed((STATIC / "vendor/vega" / n).read_bytes()) for n in shared)
        + scripts(page)
    )


def turn(page, name: str, step: int) -> float:
    """Milliseconds from a moved slider, or a pressed button, to the redrawn chart, measured in the page."""
    return page.evaluate(
        """([name, step]) => new Promise((done) => {
            const box = document.querySelector(`[data-explorable='${name}']`);
            const control = box.querySelector("input");
            const start = performance.now();
            new MutationObserver((_, seen) => {
                seen.disconnect();
                requestAnimationFrame(() => done(performance.now() - start));
            }).observe(box, { attributes: true, attributeFilter: ["data-drawn"] });
            if (!control) {
                const buttons = box.querySelectorAll("[data-preset]");
                buttons[step > 0 ? 0 : 1].click();
                return;
            }
            control.value = Number(control.value) + step * Number(control.step);
            control.dispatchEvent(new Event("input", { bubbles: true }));
        })""",
        [name, step],
    )


def measure(browser, address: str, name: str, size: tuple[int, int, int, int]):
    """(load to first answer, median of input to redraw), in milliseconds."""
    width, height, slower, _ = size
    context = browser.new_context(viewport={"width": width, "height": height})
    window = context.new_page()
    throttle = context.new_cdp_session(window)
    throttle.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    start = time.perf_counter()
    window.goto(f"{address}#explore-{name}", wait_until="commit")
    box = f"[data-explorable='{name}']"
    window.wait_for_function(
        "(box) => document.querySelector(box)?.dataset.drawn >= 1", arg=box
    )
    turn(window, name, 1)
    first = 1000 * (time.perf_counter() - start)
    times = [turn(window, name, (-1) ** count) for count in range(1, TURNS + 1)]
    context.close()
    return first, statistics.median(times)


def main() -> int:
    """Measure and print; 1 if an answer takes longer than it may."""
    late = []
    pages = stands()
    if not pages:
        sys.exit(
            f"There is no page with an explorable in {HTML}. "
            "Build the book first: make book."
        )
    with served(HTML) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=get(),
            args=["--no-sandbox", "--disable-background-networking"],
        )
        print(
            f"{'page':<26}{'explorable':<20}{'adds (kB)':>10}{'scripts (kB)':>13}"
            f"{'first (ms)':>11}{'redraw':>7}{'phone first':>12}{'redraw':>7}"
        )
        for page, names in pages.items():
            address = f"{site}/{page}"
            short = page.removeprefix("book/").removesuffix(".html")
            for name in names:
                wide, phone = (measure(browser, address, name, size) for size in SIZES)
                print(
                    f"{short:<26}{name:<20}"
                    f"{added(page) / 1000:>10.0f}{scripts(page) / 1000:>13.1f}"
                    f"{wide[0]:>11.0f}{wide[1]:>7.1f}{phone[0]:>12.0f}{phone[1]:>7.1f}"
                )
                for (_, took), (*_, bound) in zip((wide, phone), SIZES, strict=True):
                    if took > bound:
                        late.append(f"{name}: {took:.0f} ms, and {bound} are allowed")
        browser.close()
    print("\n".join(late))
    return 1 if late else 0


if __name__ == "__main__":
    console.speak()
    sys.exit(main())
