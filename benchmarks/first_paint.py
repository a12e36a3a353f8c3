"""Times the home page of a cold server: from its first HTTP answer to the first paint and to the gallery, in headless Chromium.

    python benchmarks/first_paint.py [--repeats 5]

Says, too, whether the server had imported torch by then: it must not have.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.driver import FLAGS, Server, chromium, server, watched

ROOT = Path(__file__).parents[1]

TARGET_S = 2.0
# Every card of the gallery stands, and every picture in it is decoded.
GALLERY = """count => document.querySelectorAll('h4').length >= count
  && [...document.querySelectorAll('[data-testid=stMain] img')].every(i => i.complete && i.naturalWidth > 0)"""


def torch_imported(app: Server) -> bool:
    """Has the server's process loaded torch's library? Asked of the operating system, not of the app."""
    return any("libtorch" in mapping.path for mapping in app.process.memory_maps())


def once(browser: Browser, cards: int) -> tuple[float, float, float, bool]:
    """Seconds from the server's first answer to the first contentful paint and to the whole gallery; server start [s]; torch?"""
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as app, watched(browser, width=1440) as seen:
        opened = time.monotonic()
        seen.page.goto(app.address, wait_until="commit")
        seen.page.wait_for_function(GALLERY, arg=cards, timeout=60_000, polling="raf")
        gallery = time.monotonic() - app.answered
        torch = torch_imported(app)
        paint = seen.page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0") / 1000
        if seen.complaints:
            print("complaints:", *seen.complaints, sep="\n  ")
        return opened - app.answered + paint, gallery, app.answered - app.started, torch


def main() -> None:
    """Prints each cold start and the medians."""
    from gan_core.gans.variants import VARIANTS

    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--repeats", type=int, default=5)
    repeats = max(3, options.parse_args().repeats)
    path = chromium()
    if path is None:
        sys.exit("There is no Chromium on this machine.")
    print(f"{os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}; seconds after the server's first answer")
    results = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for i in range(repeats):
            result = once(browser, len(VARIANTS))
            results.append(result)
            paint, gallery, start, torch = result
            print(f"  {i + 1}: first paint {paint:.2f}, gallery {gallery:.2f} (server start {start:.2f}); torch imported: {torch}")
        browser.close()
    paint, gallery = (statistics.median(r[i] for r in results) for i in (0, 1))
    print(
        f"median: first paint {paint:.2f} s, gallery {gallery:.2f} s; target {TARGET_S:g} s: "
        + ("met" if gallery <= TARGET_S else "missed")
    )
    print("torch was " + ("IMPORTED by then" if any(r[3] for r in results) else "not imported by then"))


if __name__ == "__main__":
    main()
