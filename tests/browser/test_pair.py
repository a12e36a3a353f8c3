"""A broken run beside its cure holds still: one screen from the first frame to the last, and the prediction comes first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from gan_core import settings
from gan_core.health.demonstrations import BREAKS
from tests.browser.driver import PATIENCE, Server, server, watched
from tests.browser.test_stage import _SHIFT, MOST_SHIFT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

BLOCKS = {
    "change": ".pair .change",
    "broken samples": ".pair .side.broken .frame",
    "cured samples": ".pair .side.cure .frame",
    "broken verdict": ".pair .side.broken .verdict",
    "cured verdict": ".pair .side.cure .verdict",
    "one scrub bar": ".pair .scrub",
    "transport": ".pair .pause",
    "losses": ".pair .box[data-chart=losses]",
    "what D says": ".pair .box[data-chart=opinions]",
}
ON_A_PHONE = set(BLOCKS) - {"what D says"}  # the second chart is the one below the first screen
PICTURE = "[...document.querySelectorAll('.pair .picture')].map((c) => c.toDataURL())"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("pair")
    with server(folder, {settings.variable("data"): str(folder / "no-data"), settings.variable("max_runs"): "2"}) as running:
        yield running


def boxes(page: Page) -> dict[str, dict[str, float]]:
    """Where each block is, in pixels of the viewport."""
    return {name: page.locator(selector).first.bounding_box() or {} for name, selector in BLOCKS.items()}


def ready(page: Page, address: str) -> None:
    page.set_default_timeout(PATIENCE)
    page.add_init_script(_SHIFT)
    page.goto(address)
    page.wait_for_function("document.querySelectorAll('.pair .chart .main-svg').length >= 2")


@pytest.mark.parametrize(("size", "scheme"), [((1280, 720), "light"), ((1440, 900), "dark"), ((390, 844), "light")])
def test_the_recording_waits_for_a_prediction_plays_and_reveals_and_nothing_moves(
    browser: Browser, lab: Server, size: tuple[int, int], scheme: str
) -> None:
    from playwright.sync_api import expect

    with watched(browser, size[0], scheme, size[1]) as seen:
        page = seen.page
        ready(page, f"{lab.address}/lab?break=rate")
        expect(page.locator(".pair .change .what")).to_have_text("learning rate of D 0.004 → 0.12 · learning rate of G 0.008 → 0.24")
        expect(page.locator(".pair")).to_have_attribute("data-step", "0")
        page.wait_for_timeout(1000)
        first, since = boxes(page), page.evaluate("performance.now()")
        for name, box in first.items():
            if size[0] > 640 or name in ON_A_PHONE:
                assert box["x"] >= 0, name
                assert box["x"] + box["width"] <= size[0] + 1, name
                assert box["y"] >= 0, name
                assert box["y"] + box["height"] <= size[1] + 1, name
        assert first["broken samples"]["y"] == first["cured samples"]["y"]
        assert first["broken samples"]["width"] == pytest.approx(first["cured samples"]["width"], abs=1)
        page.locator(".pair .question button").nth(BREAKS["rate"].prediction.right).click()
        expect(page.locator(".pair .question")).to_contain_text("You say: Rise into the thousands.")
        expect(page.locator(".pair .question")).to_have_attribute("data-revealed", "true", timeout=PATIENCE)
        expect(page.locator(".pair .question")).to_contain_text("That is right.")
        expect(page.locator(".pair")).to_have_attribute("data-step", "500")
        expect(page.locator(".pair .side.broken .verdict")).to_have_attribute("data-level", "red")
        expect(page.locator(".pair .side.cure .verdict")).to_have_attribute("data-level", "green")
        assert boxes(page) == {name: pytest.approx(box, abs=1) for name, box in first.items()}
        moved = [s for s in page.evaluate("window.shifts") if s["at"] > since]
        assert sum(s["value"] for s in moved) <= MOST_SHIFT, moved
        assert seen.complaints == []


def test_one_slider_moves_both_pictures_and_the_marker(browser: Browser, lab: Server) -> None:
    with watched(browser, 1280, "light", 720) as seen:
        page = seen.page
        ready(page, f"{lab.address}/lab?break=one-sine")
        page.wait_for_function("document.querySelector('.pair .scrub').max >= 12")
        before = page.evaluate(PICTURE)
        page.locator(".pair .scrub").focus()
        page.keyboard.press("End")
        page.wait_for_function("document.querySelector('.pair').dataset.step > 0")
        after = page.evaluate(PICTURE)
        assert before[0] != after[0]
        assert before[1] != after[1]
        page.wait_for_function("[...document.querySelectorAll('.pair .marker')].every((m) => m.dataset.step === '1500' && !m.hidden)")


def test_both_train_stop_together_and_back_leads_to_break_it(browser: Browser, lab: Server) -> None:
    """From the card: both train while the recording stands ready; leaving asks."""
    from playwright.sync_api import expect

    with watched(browser, 1280, "light", 720) as seen:
        page = seen.page
        page.set_default_timeout(PATIENCE)
        page.goto(f"{lab.address}/lab?tab=break")
        card = page.locator(".st-key-break-clip button")
        card.scroll_into_view_if_needed()
        card.click()
        page.wait_for_url(re.compile(r"pair=[\w-]+(,|%2C)[\w-]+"))
        page.wait_for_function("document.querySelectorAll('.pair .chart .main-svg').length >= 2")
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
        expect(page.locator(".pair")).to_have_attribute("data-source", "recorded")
        page.locator(".pair .sources button[data-source=live]").click()
        page.wait_for_function(
            "document.querySelector('.pair').dataset.source === 'live' && document.querySelector('.pair').dataset.step > 1"
        )
        page.locator(".pair .back").click()
        expect(page.locator(".pair .over")).to_contain_text("Let them run?")
        page.locator(".pair .over button", has_text="Stay here").click()
        expect(page.locator(".pair .over")).to_be_hidden()
        page.locator(".pair .back").click()
        page.locator(".pair .over button", has_text="Stop both").click()
        page.wait_for_url(re.compile(r"/lab\?tab=break$"))
        expect(page.locator(".st-key-break-clip button")).to_be_visible()
        assert seen.complaints == []
