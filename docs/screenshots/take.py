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
    """Starts a training of half a minute, takes its picture when it is well under way, and stops it."""
    with watched(browser, 1440, scheme) as seen:
        page = seen.page
        page.goto(f"{address}/lab?variant=gan")
        page.get_by_role("button", name="Start training").click()
        page.locator(".chart").first.wait_for(timeout=90_000)
        page.wait_for_timeout(25_000)
        _take(page, name, ".chart")
        page.get_by_role("button", name="Stop", exact=True).click()
        page.get_by_role("button", name="Stop it").click()
        page.get_by_role("button", name="Resume").wait_for(timeout=90_000)


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
        shoot(browser, f"{app.address}/judge", "judge", "[data-testid=stMain] canvas")
        training(browser, app.address, "lab", "light")
        browser.close()


if __name__ == "__main__":
    main()
