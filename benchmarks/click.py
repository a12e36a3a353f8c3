"""From the click to legible digits, in a browser: a server, headless Chromium, home's filled button, and what stands on the page.

    python -m benchmarks.click [--repeats 5] [--no-ready]

Prints seconds from the click until the training's first step, until the first picture is on the page, until a look in the run's folder has
90 % of its grid can be read, and until the page says so of the grid that it shows; the median of several new trainings.
`benchmarks.first_seconds` measures the same without a page. The server keeps a process ready, as the app does; --no-ready starts every
training cold.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

from gan_core import settings
from gan_core.jobs import warm
from tests.browser.driver import FLAGS, Server, chromium, server, shown_run, watched

PATIENCE = 60.0
SHARE = 0.90
EVERY = 50  # milliseconds between two looks at page and folder


class Seconds(NamedTuple):
    """From the click; NaN where it never came."""

    first_step: float
    first_picture: float
    in_the_folder: float
    on_the_page: float

    def __str__(self) -> str:
        return ", ".join(f"{name.replace('_', ' ')} {value:.1f} s" for name, value in self._asdict().items())


def shown(page: Page) -> dict[str, float]:
    """What the stage says of the picture that it shows: its step, its n, and the share that is legible; only what it says."""
    said = page.evaluate("() => ({ ...document.querySelector('.stage')?.dataset })")
    return {name: float(said[name]) for name in ("step", "n", "legible") if said.get(name)}


def once(page: Page, at: Server, runs_folder: Path) -> Seconds:
    """One training."""
    page.goto(at.address)
    button = page.locator('button[kind="primary"]').first
    button.wait_for(timeout=PATIENCE * 1e3)
    time.sleep(2.0)  # somebody reads the page
    found: dict[str, float] = {}
    clicked = time.monotonic()
    button.click()
    run = shown_run(page, runs_folder)
    while len(found) < len(Seconds._fields) and time.monotonic() - clicked < PATIENCE:
        stage = shown(page)
        so_far = {
            "first_step": run.status.step > 0,
            "first_picture": "step" in stage,
            "in_the_folder": any(look["legible"] >= SHARE * look["n"] for look in run.looks),
            "on_the_page": stage.get("legible", 0.0) >= SHARE,
        }
        now = time.monotonic() - clicked
        found = {name: now for name, is_so in so_far.items() if is_so} | found
        page.wait_for_timeout(EVERY)
    run.stop_path.touch()
    while run.status.state in ("starting", "running"):
        page.wait_for_timeout(100)
    return Seconds(**{name: found.get(name, float("nan")) for name in Seconds._fields})


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
                print(f"from the click: {rows[-1]}", flush=True)
                time.sleep(warm.LATER + 6.0)  # until the next process is ready
        print(f"median: {Seconds(*(median(column) for column in zip(*rows, strict=True)))}")


if __name__ == "__main__":
    main()
