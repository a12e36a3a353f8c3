"""The stage holds still: one screen from the first frame of a training to its last, at every size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from gan_core import configure, jobs, settings
from tests.browser.driver import PATIENCE, Server, Watched, server, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SIZES = {"projector": (1280, 720), "laptop": (1440, 900), "desktop": (1920, 1080), "phone": (390, 844)}
SIX = {
    "samples": ".stage .picture",
    "losses": ".stage .box[data-chart=losses]",
    "D(x) and D(G(z))": ".stage .box[data-chart=opinions]",
    "health": ".stage .verdict",
    "transport": ".stage .transport button:visible",
    "progress": ".stage .progress",
}
MOST_SHIFT = 0.02
_SHIFT = """
    window.shifts = []
    new PerformanceObserver((list) => {
      for (const e of list.getEntries()) window.shifts.push({ value: e.value, at: e.startTime, recent: e.hadRecentInput,
        what: e.sources.map((s) => s.node?.className ?? s.node?.nodeName) })
    }).observe({ type: "layout-shift", buffered: true })
"""
_SMALLEST = """
    (() => {
      const found = []
      const walk = document.createTreeWalker(document.querySelector("[data-testid=stMain]"), NodeFilter.SHOW_TEXT)
      while (walk.nextNode()) {
        const e = walk.currentNode.parentElement
        if (!walk.currentNode.textContent.trim() || !e.checkVisibility?.({ opacityProperty: true, visibilityProperty: true })) continue
        const box = e.getBoundingClientRect()
        if (!box.width || box.top > innerHeight || e.closest("select, option, style, script, [data-testid=stIconMaterial]")) continue
        found.push([parseFloat(getComputedStyle(e).fontSize), walk.currentNode.textContent.trim().slice(0, 40)])
      }
      return found.filter(([size]) => size < 14)
    })()
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("stage")
    with server(folder, {settings.variable("data"): str(folder / "no-data"), settings.variable("max_runs"): "2"}) as running:
        yield running


def boxes(page: Page) -> dict[str, dict[str, float]]:
    """Where each of the six is, in pixels of the viewport."""
    return {name: page.locator(selector).first.bounding_box() or {} for name, selector in SIX.items()}


def inside(page: Page, moment: str) -> None:
    size = page.viewport_size
    assert size
    for name, box in boxes(page).items():
        assert box, f"{name} is not there {moment}"
        assert box["width"] > 30, (name, box, moment)
        assert box["height"] > 15, (name, box, moment)
        assert box["x"] >= 0, (name, box, moment)
        assert box["y"] >= 0, (name, box, moment)
        assert box["x"] + box["width"] <= size["width"] + 1, (name, box, moment)
        assert box["y"] + box["height"] <= size["height"] + 1, (name, box, moment)


def started(lab: Server, monkeypatch: pytest.MonkeyPatch, variant: str, seconds: float) -> str:
    """A training that waits to be watched, in the server's folder; nobody's, so that every visitor may press its buttons."""
    monkeypatch.setenv(settings.variable("runs"), str(lab.log.parent / "runs"))
    data = {} if variant.startswith("sine") else {"data": "digits-5k"}
    return jobs.submit(configure(variant, seconds=seconds, **data)).id  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("variant", "size", "scheme"),
    [("acgan", "projector", "light"), ("gan", "phone", "dark"), ("wgan", "laptop", "dark"), ("sine-mlp", "projector", "light")],
)
def test_nothing_moves_from_the_first_frame_to_the_last(
    browser: Browser, lab: Server, monkeypatch: pytest.MonkeyPatch, variant: str, size: str, scheme: str
) -> None:
    from playwright.sync_api import expect

    run = started(lab, monkeypatch, variant, 6.0)
    width, height = SIZES[size]
    with watched(browser, width, scheme, height) as seen:
        page = seen.page
        page.set_default_timeout(PATIENCE)
        page.add_init_script(_SHIFT)
        page.goto(f"{lab.address}/lab?run={run}")
        expect(page.locator(".stage .verdict .sentence")).not_to_be_empty(timeout=PATIENCE)
        page.wait_for_function("document.querySelectorAll('.stage .chart .main-svg').length >= 2")
        for selector in SIX.values():
            page.locator(selector).first.wait_for(state="visible")
        first, since = boxes(page), page.evaluate("performance.now()")
        inside(page, "at the first frame")
        page.wait_for_function("document.querySelector('.stage').dataset.step > 0")
        inside(page, "while it trains")
        expect(page.locator(".stage")).to_have_attribute("data-state", "finished", timeout=PATIENCE)
        page.wait_for_timeout(1500)
        inside(page, "at the end")
        last = boxes(page)
        for name in ("losses", "D(x) and D(G(z))", "health"):
            assert last[name] == pytest.approx(first[name], abs=1), name
        for name in ("samples", "transport", "progress"):  # pictures are fitted into their place; the way on takes room beside progress
            assert (last[name]["y"], last[name]["x"]) == pytest.approx((first[name]["y"], first[name]["x"]), abs=8), name
        moved = [s for s in page.evaluate("window.shifts") if s["at"] > since]
        assert sum(s["value"] for s in moved) <= MOST_SHIFT, moved
        if size == "projector":
            assert page.evaluate(_SMALLEST) == []
            for part in (".told", ".verdict .sentence", ".verdict .level"):
                assert float(page.locator(f".stage {part}").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 18, part
        assert not seen.complaints


@pytest.mark.parametrize("size", SIZES)
def test_six_things_are_on_the_first_screen(browser: Browser, lab: Server, size: str) -> None:
    from playwright.sync_api import expect

    width, height = SIZES[size]
    with watched(browser, width, "dark", height) as seen:
        page = seen.page
        for run in ("acgan-stable", "gan-stable", "wgan-stable", "sine-mlp-stable"):
            page.goto(f"{lab.address}/lab?run={run}")
            expect(page.locator(".stage")).to_have_attribute("data-step", re.compile(r"\d+"), timeout=PATIENCE)
            page.wait_for_function("document.querySelectorAll('.stage .chart .main-svg').length >= 2", timeout=PATIENCE)
            inside(page, f"{run} at {size}")
            assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
        assert not seen.complaints


def test_why_opens_over_the_page_and_moves_nothing(seen: Watched, lab: Server) -> None:
    page = seen.page
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{lab.address}/lab?run=gan-stable")
    page.wait_for_function("document.querySelectorAll('.stage .chart .main-svg').length >= 2", timeout=PATIENCE)
    before = boxes(page)
    page.locator(".stage .why").click()
    over = page.locator(".stage .over")
    assert over.is_visible()
    assert "What was measured" in over.inner_text()
    assert boxes(page) == before
    page.keyboard.press("Escape")
    assert not over.is_visible()
