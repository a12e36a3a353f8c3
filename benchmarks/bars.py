"""Times the answers to a drawing in headless Chromium: from the lifted pen to SSGAN's and the judge's new bars.

    python -m benchmarks.bars [--strokes 30]

Measured within the page, over loopback: sending the picture, preparing it, two networks, and drawing the bars. The first strokes, for which
networks are loaded, do not count.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.driver import FLAGS, chromium, server, watched

ROOT = Path(__file__).parents[1]

WARM = 5
# Notes when the pen was lifted, and when the bars were those of the drawing as it then was.
WATCH = """() => {
  const all = [...document.querySelectorAll('*')], deep = (name) => all.map((e) => e.shadowRoot?.querySelector(name)).find(Boolean)
  const sheet = deep('.sheet'), bars = deep('.bars')
  sheet.addEventListener('pointerup', () => { window.lifted = performance.now(); window.took = undefined })
  new MutationObserver(() => {
    if (bars.dataset.revision === sheet.dataset.revision) window.took ??= performance.now() - window.lifted
  }).observe(bars, { attributes: true, attributeFilter: ['data-revision'] })
}"""


def stroke(page: Page, n: int) -> float:
    """Draws a stroke; milliseconds until the bars follow."""
    box = page.locator(".sheet").bounding_box()
    assert box
    x, y = box["x"] + box["width"] * (0.3 + 0.1 * (n % 5)), box["y"] + box["height"] * 0.2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + box["height"] * 0.6, steps=8)
    page.mouse.up()
    page.wait_for_function("window.took !== undefined", timeout=120_000)
    return float(page.evaluate("window.took"))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--strokes", type=int, default=30)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as app, sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        with watched(chrome) as seen:
            page = seen.page
            page.goto(f"{app.address}/judge")
            page.locator(".sheet").wait_for(timeout=120_000)
            page.locator(".bars").wait_for(timeout=120_000)
            page.evaluate(WATCH)
            took = []
            for n in range(WARM + arguments.strokes):
                found = stroke(page, n)
                if n >= WARM:
                    took.append(found)
                elif n == WARM - 1:  # every discriminator has been loaded once it has been asked
                    page.get_by_text("First layer").wait_for(timeout=300_000)
                if n % 5 == 4:
                    page.get_by_role("button", name="Clear").click()
                time.sleep(0.3)
            if seen.complaints:
                print("complaints:", *seen.complaints, sep="\n  ")
        chrome.close()
    load = f", load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores" if hasattr(os, "getloadavg") else ""
    took.sort()
    median, late = statistics.median(took), took[int(0.9 * len(took))]
    print(f"pen lifted -> bars: median {median:.0f} ms, 90th percentile {late:.0f} ms, {len(took)} strokes{load}")


if __name__ == "__main__":
    main()
