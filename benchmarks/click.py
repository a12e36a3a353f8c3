"""From the click to legible digits, in a browser: a server, headless Chromium, the quick recipe, the button, and the page's own chart.

    python -m benchmarks.click [--repeats 5] [--no-ready]

Prints seconds from the click on "Start training" until the training's first step, until a probe of it (1,000 samples) has a class accuracy
of 90 %, and until the page's chart says so; the median of several new trainings. The server keeps a process ready, as the app does;
--no-ready starts every training cold.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from gan_core import settings
from gan_core.gans.variants import QUICK
from gan_core.jobs import warm
from tests.browser.driver import FLAGS, Server, chromium, server, shown_run, watched

PATIENCE = 60.0
SHARE = 0.90


def shown_on(page: Page) -> float:
    """The newest class accuracy that the page's chart tells; 0 without one."""
    told = [re.search(r"class accuracy ([\d.]+\d)", chart.get_attribute("aria-label") or "") for chart in page.locator(".chart").all()]
    return max((float(found[1]) for found in told if found), default=0.0)


def once(page: Page, at: Server, runs_folder: Path) -> tuple[float, float, float]:
    """One training: seconds from the click to the first step, to the probe, to the chart."""
    page.goto(f"{at.address}/lab?variant={QUICK}")
    button = page.get_by_role("button", name="Start training")
    button.wait_for(timeout=PATIENCE * 1e3)
    time.sleep(2.0)  # somebody reads the page
    clicked = time.monotonic()
    button.click()
    run = shown_run(page, runs_folder)
    stepped = probed = None
    while probed is None and time.monotonic() - clicked < PATIENCE:
        if stepped is None and run.status.step > 0:
            stepped = time.monotonic()
        if any(probe.get("class_accuracy", 0.0) >= SHARE for probe in run.probes):
            probed = time.monotonic()
        page.wait_for_timeout(50)
    while shown_on(page) < SHARE and time.monotonic() - clicked < PATIENCE:
        page.wait_for_timeout(50)
    shown = time.monotonic()
    run.stop_path.touch()
    while run.status.state in ("starting", "running"):
        page.wait_for_timeout(100)
    return (stepped or shown) - clicked, (probed or shown) - clicked, shown - clicked


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--no-ready", action="store_true")
    arguments = parser.parse_args()
    environment = {settings.variable("ready"): "0"} if arguments.no_ready else {}
    print(f"load before {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder, server(Path(folder), environment) as at, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        with watched(browser) as seen:
            seen.page.set_default_timeout(PATIENCE * 1e3)
            seen.page.goto(at.address)
            time.sleep(15.0)  # a presenter has opened the app before
            rows = []
            for _ in range(arguments.repeats):
                rows.append(once(seen.page, at, Path(folder) / "runs"))
                print("from the click: first step {:.1f} s, probe of 90 % {:.1f} s, on the page {:.1f} s".format(*rows[-1]), flush=True)
                time.sleep(warm.LATER + 6.0)  # until the next process is ready
        columns = [median(column) for column in zip(*rows, strict=True)]
        print("median: first step {:.1f} s, probe of 90 % {:.1f} s, on the page {:.1f} s".format(*columns))


if __name__ == "__main__":
    main()
