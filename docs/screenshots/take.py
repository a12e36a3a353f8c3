"""Takes the screenshots of this folder from the app as it stands, with the runs that come with the project.

python docs/screenshots/take.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from tests.browser.driver import FLAGS, chromium, server, watched  # noqa: E402


def shoot(browser: Browser, address: str, name: str, ready: str, width: int = 1440, scheme: str = "light") -> None:
    """Opens a page, waits until something of it stands, and takes its picture."""
    with watched(browser, width, scheme) as seen:
        seen.page.goto(address)
        _take(seen.page, name, ready)


def _take(page: Page, name: str, ready: str) -> None:
    page.locator(ready).first.wait_for(timeout=90_000)
    page.wait_for_timeout(1500)  # fonts, and the fading of what is drawn anew
    page.screenshot(path=Path(__file__).parent / f"{name}.png")
    print(f"{name}.png")


def training(browser: Browser, address: str, name: str, scheme: str) -> None:
    """Starts the quick training and takes its picture when it is well under way. What still trains ends with the server."""
    with watched(browser, 1440, scheme) as seen:
        page = seen.page
        page.goto(f"{address}/lab?variant=acgan")
        page.get_by_role("button", name="Start training").click()
        page.locator(".chart").first.wait_for(timeout=90_000)
        page.wait_for_timeout(10_000)
        _take(page, name, ".chart")


def asking(browser: Browser, address: str, name: str) -> None:
    """Draws a seven for the discriminator."""
    with watched(browser, 1440) as seen:
        page = seen.page
        page.goto(f"{address}/judge")
        pad = page.locator("[data-testid=stMain] canvas").first
        pad.wait_for(timeout=90_000)
        page.wait_for_timeout(3000)
        box = pad.bounding_box()
        assert box
        for i, (x, y) in enumerate(((0.28, 0.25), (0.72, 0.24), (0.6, 0.5), (0.47, 0.8))):
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=1 if i == 0 else 12)
            if i == 0:
                page.mouse.down()
        page.mouse.up()
        page.wait_for_timeout(6000)
        _take(page, name, "[data-testid=stMain] canvas")


def comparing(browser: Browser, address: str, name: str) -> None:
    """Two recipes of one GAN side by side."""
    with watched(browser, 1440) as seen:
        page = seen.page
        page.goto(f"{address}/runs?runs=cgan-stable,cgan-published")
        page.locator("[data-testid=stMain] img").first.wait_for(timeout=90_000)
        page.wait_for_timeout(4000)
        page.get_by_text("Side by side").first.evaluate("element => element.scrollIntoView({ block: 'start' })")
        _take(page, name, "[data-testid=stMain] img")


def main() -> None:
    """Takes them all."""
    path = chromium()
    if path is None:
        sys.exit("There is no Chromium on this machine.")
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as app, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        shoot(browser, app.address, "home", "main img, [data-testid=stMain] img")
        shoot(browser, app.address, "home-phone-dark", "[data-testid=stMain] img", width=390, scheme="dark")
        shoot(browser, f"{app.address}/latent?run=cgan&digit=3&place=p360.310", "latent", ".explorer[data-settled]")
        shoot(browser, f"{app.address}/latent?run=sine-mlp", "latent-curves-dark", ".explorer[data-settled]", scheme="dark")
        shoot(browser, f"{app.address}/digits?run=cgan&digit=7", "digits", 'img[alt*="A real image of every class"]')
        shoot(browser, f"{app.address}/digits?run=cgan&show=Write", "digits-write-dark", "[data-testid=stMain] img", scheme="dark")
        asking(browser, app.address, "judge")
        comparing(browser, app.address, "compare")
        training(browser, app.address, "lab", "light")
        browser.close()


if __name__ == "__main__":
    main()
