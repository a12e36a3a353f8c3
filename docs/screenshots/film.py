"""Films the README's moving picture: the lab trains AC-GAN, and a hand walks through a latent space, in a real browser.

python docs/screenshots/film.py
"""

from __future__ import annotations

import io
import math
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from tests.browser.driver import FLAGS, chromium, server, watched  # noqa: E402

TARGET = Path(__file__).parent / "film.webp"
MOST = 2_000_000  # bytes
WINDOW = {"x": 300.0, "y": 0.0, "width": 1140.0, "height": 1100.0}  # what is filmed: the page without its menu
SIZE = (760, 733)  # of a frame, in pixels
SECONDS = 18  # of training that are filmed
SLOW, QUICK = 250, 90  # ms a frame is shown: of the training, of the hand


def frame(page: Page) -> Image.Image:
    """What stands in the window to the right of the menu."""
    return Image.open(io.BytesIO(page.screenshot(clip=WINDOW))).convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)  # type: ignore[arg-type]


def training(browser: Browser, address: str) -> list[Image.Image]:
    """The snapshots and the curves of a training that has just begun."""
    with watched(browser, 1440) as seen:
        page = seen.page
        page.set_viewport_size({"width": 1440, "height": 1100})
        page.goto(f"{address}/lab?variant=acgan")
        page.get_by_role("button", name="Start training").click()
        machine = page.get_by_text("Time machine").first
        machine.wait_for(timeout=90_000)
        losses = page.get_by_text("Losses of").first
        losses.wait_for(timeout=90_000)
        frames = []
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            frames.append(frame(page))
            page.wait_for_timeout(150)
        return frames


def walk(browser: Browser, address: str) -> list[Image.Image]:
    """A hand that goes once around on the pad, through the anchors."""
    with watched(browser, 1440) as seen:
        page = seen.page
        page.set_viewport_size({"width": 1440, "height": 1100})
        page.goto(f"{address}/latent?run=cgan-stable&digit=3")
        explorer = page.locator(".explorer[data-settled]")
        explorer.wait_for(timeout=90_000)
        page.wait_for_timeout(1500)
        box = explorer.locator(".pad").bounding_box()
        assert box
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        frames = []
        for i in range(48):
            turn, far = 2 * math.pi * i / 48, 0.36 * min(1.0, i / 6)
            page.mouse.move(box["x"] + box["width"] * (0.5 + far * math.sin(turn)), box["y"] + box["height"] * (0.5 - far * math.cos(turn)))
            frames.append(frame(page))
        page.mouse.up()
        return frames


def main() -> None:
    """Films both and writes one file."""
    path = chromium()
    if path is None:
        sys.exit("There is no Chromium on this machine.")
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as app, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        first, second = training(browser, app.address), walk(browser, app.address)
        browser.close()
    times = [SLOW] * len(first) + [QUICK] * len(second)
    times[len(first) - 1] = 1500  # a rest before the page changes
    for quality in (70, 50, 30, 15):
        first[0].save(TARGET, save_all=True, append_images=[*first[1:], *second], duration=times, loop=0, quality=quality, method=4)
        if TARGET.stat().st_size <= MOST:
            break
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes, {len(times)} frames, quality {quality}")


if __name__ == "__main__":
    main()
