"""Is any click lost on a page that follows a training? Stops and resumes a run in a real browser, again and again, beside another run.

    python -m benchmarks.clicks [--times 25]

Prints each press that had no effect within half a minute, and how many there were.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, TimeoutError, sync_playwright

from gan_core import settings
from gan_core.runs import Run
from tests.browser.driver import FLAGS, Server, chromium, server, shown_run, watched

ROOT = Path(__file__).parents[1]


PATIENCE = 30_000.0  # ms


def start(page: Page, at: Server, runs_folder: Path) -> Run:
    """A training of a sine GAN that does not end by itself, shown on the page."""
    page.goto(f"{at.address}/lab?variant=sine-mlp")
    page.get_by_role("radio", name="steps").click()
    page.get_by_label("Steps", exact=True).fill("1000000")
    page.get_by_label("Steps", exact=True).press("Enter")
    page.get_by_role("button", name="Start training").click()
    run: Run = shown_run(page, runs_folder)
    return run


def trains(run: Run) -> bool:
    """Waits until it has made a step more."""
    before, end = run.status.step, time.monotonic() + PATIENCE / 1e3
    while run.status.step == before and time.monotonic() < end:
        time.sleep(0.1)
    return run.status.step > before


def pressed(page: Page, names: tuple[str, ...], then: str) -> bool:
    """Clicks one button after the other; did the last one bring forth the button `then`?"""
    try:
        for name in names:
            page.get_by_role("button", name=name, exact=True).click()
        page.get_by_role("button", name=then, exact=True).wait_for()
    except TimeoutError:
        return False
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--times", type=int, default=25)
    times = parser.parse_args().times
    lost = 0
    with (
        tempfile.TemporaryDirectory() as name,
        server(Path(name), {settings.variable("max_runs"): "2"}) as at,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        with watched(browser) as one, watched(browser) as two:
            for seen in (one, two):
                seen.page.set_default_timeout(PATIENCE)
            run = start(one.page, at, Path(name) / "runs")
            start(two.page, at, Path(name) / "runs")
            for i in range(times):
                for names, then in ((("Stop", "Stop it"), "Resume"), (("Resume",), "Pause")):
                    if names[0] == "Stop":
                        trains(run)
                    if not pressed(one.page, names, then):
                        lost += 1
                        print(f"press {2 * i}: {names[-1]} had no effect (the run is {run.status.state})", flush=True)
                        one.page.goto(f"{at.address}/lab?run={run.id}")
    print(f"{lost} of {2 * times} presses lost")


if __name__ == "__main__":
    main()
