"""The front page in a real browser: what is on the first screen, that nothing moves there, and where its links lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from gan_core.gans.variants import QUICK
from tests.browser.driver import PATIENCE, Server, Watched, server, shown_run, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

SHIFTS = """
window.shifts = []
const box = (r) => [r.x, r.y, r.width, r.height].map(Math.round).join(" ")
const named = (n) => (n?.nodeType === 1 ? n : n?.parentElement)?.closest("[class*=st-key], [data-testid]")?.className
const source = (s) => `${named(s.node)}: ${box(s.previousRect)} -> ${box(s.currentRect)}`
new PerformanceObserver((list) => {
  for (const e of list.getEntries()) if (!e.hadRecentInput) window.shifts.push([e.value, e.sources.map(source)])
}).observe({ type: "layout-shift", buffered: true })
"""
STYLED = "getComputedStyle(document.querySelector('.st-key-door-5') ?? document.body).position === 'relative'"
"has the style sheet come, and the first screen's last element?"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with server(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1440, 900), (1920, 1080), (390, 844)])
def test_the_first_screen_holds_the_button_and_the_loop_and_nothing_moves(browser: Browser, home: Server, width: int, height: int) -> None:
    from playwright.sync_api import expect

    with watched(browser, width=width, scheme="dark" if width == 1440 else "light") as seen:
        page = seen.page
        page.set_viewport_size({"width": width, "height": height})
        page.add_init_script(SHIFTS)
        page.goto(home.address)
        page.wait_for_function(STYLED, timeout=PATIENCE)
        page.wait_for_timeout(150)  # the frame with the sheet is drawn and counted
        page.evaluate("window.shifts = []")  # from here on pictures come: the loop's, and a card's each
        loop = page.locator(".replay button")
        expect(page.locator(".replay .words")).to_have_attribute("data-step", re.compile(r"\d+"), timeout=PATIENCE)
        expect(page.get_by_text("Sources, and where", exact=False)).to_be_attached(timeout=PATIENCE)  # the last thing on the page
        for part in (page.get_by_role("button", name="Train one now (20 s)"), loop):
            box = part.bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["y"] >= 60, "below the menu"
            assert box["y"] + box["height"] <= height
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
        expect(page.locator(".replay .words")).to_have_attribute("data-step", re.compile(r"\d{3,}"), timeout=PATIENCE)
        shifts = page.evaluate("window.shifts")
        assert sum(value for value, _ in shifts) <= 0.02, shifts
        heights = {round(card.bounding_box()["height"]) for card in page.locator('[class*="st-key-card-"]').all()}  # type: ignore[index]
        assert len(heights) == 1, "one height"
        assert not seen.complaints


def test_the_loop_stops_and_goes_on_at_a_tap(seen: Watched, home: Server) -> None:
    from playwright.sync_api import expect

    page = seen.page
    page.goto(home.address)
    words = page.locator(".replay .words")
    expect(words).to_have_attribute("data-step", re.compile(r"\d{2,}"), timeout=PATIENCE)
    loop = page.locator(".replay button")
    drawn = "canvas => canvas.toDataURL()"
    loop.click()
    expect(loop).to_have_accessible_name("Play the recording")
    stands, picture = words.get_attribute("data-step"), loop.locator("canvas").evaluate(drawn)
    page.wait_for_timeout(700)  # more than three frames
    expect(words).to_have_attribute("data-step", str(stands))
    loop.click()
    expect(words).not_to_have_attribute("data-step", str(stands), timeout=PATIENCE)
    assert loop.locator("canvas").evaluate(drawn) != picture


def test_whoever_wants_less_motion_sees_the_last_frame(browser: Browser, home: Server) -> None:
    from playwright.sync_api import expect

    with watched(browser) as seen:
        seen.page.emulate_media(reduced_motion="reduce")
        seen.page.goto(home.address)
        expect(seen.page.locator(".replay .words")).to_have_attribute("data-step", "1200", timeout=PATIENCE)
        expect(seen.page.locator(".replay button")).to_have_accessible_name("Play the recording")


def test_the_whole_card_leads_to_its_form_and_explore_to_its_latent_space(seen: Watched, home: Server) -> None:
    page = seen.page
    page.goto(home.address)
    card = page.locator(".st-key-card-dcgan")
    card.click(position={"x": 100, "y": 80}, timeout=PATIENCE)  # in the middle of its picture
    page.wait_for_url(re.compile(r"/lab\?(.*&)?variant=dcgan"))
    page.goto(home.address)
    card.get_by_text("Explore").click(timeout=PATIENCE)
    page.wait_for_url(re.compile(r"/latent\?(.*&)?run=dcgan-stable"))


def test_one_press_starts_the_quick_training(seen: Watched, home: Server) -> None:
    page = seen.page
    page.goto(home.address)
    page.get_by_role("button", name="Train one now (20 s)").click(timeout=PATIENCE)
    started = shown_run(page, home.log.parent / "runs")
    assert (started.config.variant, started.config.seconds) == (QUICK, 20)
