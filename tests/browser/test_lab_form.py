"""The form of the training lab in a real browser: Start is in sight, a link starts a training once, and a double click is one click."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from gan_core import runs, settings
from gan_core.runs import Run
from tests.browser.driver import PATIENCE, Server, Watched, server, shown_run, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without places to spare: what is started here mostly waits."""
    folder = tmp_path_factory.mktemp("lab")
    more = {"data": str(folder / "no-data"), "max_runs": "1", "max_per_visitor": "20"}
    with server(folder, {settings.variable(name): value for name, value in more.items()}) as running:
        yield running


def started(lab: Server, monkeypatch: pytest.MonkeyPatch) -> list[Run]:
    """All runs of the server."""
    monkeypatch.setenv(settings.variable("runs"), str(lab.log.parent / "runs"))
    return runs.own()


def form(page: Page) -> None:
    """Waits until the form is there, cards included."""
    page.get_by_role("button", name="Start training").wait_for(timeout=PATIENCE)
    page.locator(".card").last.wait_for(timeout=PATIENCE)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1440, 900), (1920, 1080), (390, 844)])
def test_start_is_in_sight(browser: Browser, lab: Server, width: int, height: int) -> None:
    with watched(browser, width=width) as seen:
        page = seen.page
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{lab.address}/lab")
        form(page)
        page.locator(".card[aria-pressed=true][data-name=acgan]").wait_for(timeout=PATIENCE)
        box = page.get_by_role("button", name="Start training").bounding_box()
        chosen = page.locator(".card[aria-pressed=true]").bounding_box()
        assert box
        assert chosen
        bottom = box["y"] + box["height"]
        assert bottom <= (height if width < 640 else 400)
        assert 0 <= chosen["x"] < width, "the strip stands at the card that is chosen"
        assert chosen["y"] + chosen["height"] < height
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
        if width < 640:
            page.mouse.wheel(0, 4000)
            page.wait_for_timeout(300)
            after = page.get_by_role("button", name="Start training").bounding_box()
            assert after
            assert after["y"] == box["y"], "it stays where it is"
        assert not seen.complaints


def test_a_card_and_a_field_stand_in_the_address_without_a_step_in_history(seen: Watched, lab: Server) -> None:
    page = seen.page
    page.goto(f"{lab.address}/lab?variant=gan")
    form(page)
    before = page.evaluate("history.length")
    page.locator(".card[data-name=wgan]").click()
    page.wait_for_url(re.compile("variant=wgan"), timeout=PATIENCE)
    page.get_by_label("Seconds of training").fill("45")
    page.get_by_label("Seconds of training").press("Enter")
    page.wait_for_url(re.compile("variant=wgan.*seconds=45"), timeout=PATIENCE)
    assert page.evaluate("history.length") == before
    page.reload()
    form(page)
    assert page.get_by_label("Seconds of training").input_value() == "45"
    page.get_by_label("Seconds of training").fill("1e17")
    page.get_by_label("Seconds of training").press("Enter")
    page.get_by_text("A training lasts 1 to 86,400 seconds.").wait_for(timeout=PATIENCE)
    assert page.get_by_role("button", name="Start training").is_disabled()


def test_a_link_starts_one_run_whatever_is_reloaded(seen: Watched, lab: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    page = seen.page
    before = len(started(lab, monkeypatch))
    page.goto(f"{lab.address}/lab?variant=sine-mlp&steps=200&seed=5&start=1")
    run = shown_run(page, lab.log.parent / "runs")
    assert (run.config.variant, run.config.steps, run.config.seed) == ("sine-mlp", 200, 5)
    for _ in range(3):
        page.reload()
    page.get_by_role("button", name="More").wait_for(timeout=PATIENCE)
    page.go_back()
    form(page)
    assert "start" not in page.url
    assert "seed=5" in page.url
    page.reload()
    form(page)
    page.go_forward()
    page.wait_for_url(re.compile(f"run={run.id}"), timeout=PATIENCE)
    assert len(started(lab, monkeypatch)) == before + 1


def test_two_visitors_with_one_link_have_a_run_each(browser: Browser, lab: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    link = f"{lab.address}/lab?variant=sine-mlp&steps=300&start=1"
    with watched(browser) as one, watched(browser) as two:
        one.page.goto(link)
        two.page.goto(link)
        first, second = (shown_run(seen.page, lab.log.parent / "runs") for seen in (one, two))
        assert first.id != second.id
        assert first.owner != second.owner


def test_a_double_click_is_one_run_of_what_is_shown(seen: Watched, lab: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    page = seen.page
    before = len(started(lab, monkeypatch))
    for n, pause in enumerate((20, 60, 100)):
        page.goto(f"{lab.address}/lab?variant=sine-mlp&steps=400")
        form(page)
        page.get_by_text("Options", exact=True).click()
        page.get_by_label("Seed", exact=True).fill(str(70 + n))
        button = page.get_by_role("button", name="Start training")
        button.hover()
        box = button.bounding_box()
        assert box
        for wait in (pause, 0):
            page.mouse.click(box["x"] + 5, box["y"] + 5)
            page.wait_for_timeout(wait)
        run = shown_run(page, lab.log.parent / "runs")
        page.get_by_role("button", name="More").wait_for(timeout=PATIENCE)
        page.wait_for_timeout(1500)  # what the second click did, if anything
        assert f"run={run.id}" in page.url
        assert page.get_by_role("button", name="Start training").count() == 0
        found = started(lab, monkeypatch)
        assert len(found) == before + n + 1
        assert run.config.seed == 70 + n
