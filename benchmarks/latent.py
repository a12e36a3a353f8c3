"""Times the latent page in headless Chromium, for each shipped generator: from the move of a pointer to new pixels.

    python -m benchmarks.latent [--runs cgan-stable dcgan-published] [--moves 120]

The pointer is dragged over the pad, an event every 20 ms. Printed: the time from the event (as the browser received it) to the drawn
frame, what of it is the generator's own, the frames, the requests and websocket messages while dragging (there must be none), and the
time from letting go until the last message of the server's answer has come.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gan_core import runs
from tests.browser.driver import FLAGS, Traffic, chromium, server

ROOT = Path(__file__).parents[1]


if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

PATIENCE = 60_000  # ms
EVERY = 20  # ms between two moves
TARGET, ROUND_TRIP = 16.0, 60.0  # ms
RELEASES = 9
_ENGINE = """root => { const s = root.explorer, g = s.g, times = []
  for (let i = 0; i < 60; i++) { const t = performance.now(); g.generate(s.z, s.y); times.push(performance.now() - t) }
  return times.slice(10).sort((a, b) => a - b)[25] }"""
# Notes in the page when its websocket last had a message, and when the pointer was last let go.
_WATCH = """(() => {
  const { send } = WebSocket.prototype
  WebSocket.prototype.send = function (data) {
    if (!this.watched) { this.watched = true; this.addEventListener("message", () => { window.lastMessage = performance.now() }) }
    return send.call(this, data)
  }
  window.addEventListener("pointerup", (event) => { window.letGo = event.timeStamp }, { capture: true })
})()"""


class Timing(NamedTuple):
    """What one generator took, ms."""

    moves: list[float]
    engine: float
    traffic: int
    releases: list[float]


def opened(page: Page, address: str, run: str) -> Locator:
    """The explorer of a run, once its small pictures are drawn."""
    page.goto(f"{address}/latent?run={run}")
    explorer = page.locator(".explorer[data-settled]")
    explorer.wait_for(timeout=PATIENCE)
    page.locator("[data-testid='stApp'][data-test-script-state='notRunning']").wait_for(timeout=PATIENCE)
    return explorer


def measure(browser: Browser, address: str, run: str, moves: int) -> Timing:
    """Drags over the pad of a run, then lets go of it some times."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(_WATCH)
    traffic = Traffic(page)
    try:
        explorer = opened(page, address, run)
        page.wait_for_timeout(1500)
        box = explorer.locator(".pad").bounding_box()
        assert box
        middle, size = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), box["width"] * 0.4
        page.mouse.move(*middle)
        page.mouse.down()
        explorer.evaluate("root => { root.explorer.times = [] }")
        before = traffic.count
        for i in range(moves):
            page.mouse.move(middle[0] + size * ((i * 7 % 41) / 20 - 1), middle[1] + size * ((i * 11 % 37) / 18 - 1))
            page.wait_for_timeout(EVERY)
        asked = traffic.count - before
        times = explorer.evaluate("root => root.explorer.times")
        page.mouse.up()
        engine = explorer.evaluate(_ENGINE)
        releases = []
        for i in range(RELEASES):
            page.mouse.move(middle[0] + i * 11, middle[1] + i * 7)
            page.mouse.down()
            page.wait_for_timeout(60)
            page.mouse.up()
            page.wait_for_timeout(700)
            releases.append(page.evaluate("window.lastMessage - window.letGo"))
        return Timing(times, engine, asked, releases)
    finally:
        context.close()


def main() -> None:
    """Serves the app, opens each run, prints a row each."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", nargs="*", default=[run.id for run in runs.shipped()])
    options.add_argument("--moves", type=int, default=120)
    asked = options.parse_args()
    path = chromium()
    if path is None:
        raise SystemExit("There is no Chromium on this machine.")
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as app, sync_playwright() as playwright:
        print(f"{os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}; ms: median (95th)\n")
        print("| run | pointer to pixels | of it the generator | frames of moves | requests while dragging | let go to answer |")
        print("| --- | --- | --- | --- | --- | --- |")
        chrome = playwright.chromium.launch(executable_path=path, args=FLAGS)
        medians, trips = [], []
        for run in asked.runs:
            found = measure(chrome, app.address, run, asked.moves)
            late = sorted(found.moves)[int(0.95 * (len(found.moves) - 1))]
            medians.append(statistics.median(found.moves))
            trips.append(statistics.median(found.releases))
            print(
                f"| `{run}` | {medians[-1]:.1f} ({late:.1f}) | {found.engine:.1f} | {len(found.moves)} of {asked.moves} | "
                f"{found.traffic} | {trips[-1]:.0f} |",
                flush=True,
            )
        chrome.close()
        worst, trip = max(medians), statistics.median(trips)
        print(f"\nslowest median {worst:.1f} ms of {TARGET:g}: {'met' if worst <= TARGET else 'missed'}", end="; ")
        print(f"round trip {trip:.0f} ms of {ROUND_TRIP:g}: {'met' if trip <= ROUND_TRIP else 'missed'}; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
