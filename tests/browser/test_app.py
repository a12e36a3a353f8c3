"""The app in a real browser: deep links into a cold server, and a training from start to latent space."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gan_core import runs
from gan_core.gans.config import configure
from gan_core.jobs import recorder
from tests.browser.driver import PATIENCE, ROOT, Server, Watched, server, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests that need no cold one."""
    with server(tmp_path_factory.mktemp("app")) as running:
        yield running


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("", "GAN Atelier"),
        ("lab", "Training lab"),
        ("latent", "Latent space"),
        ("digits", "Digits on request"),
        ("judge", "What does the discriminator see?"),
        ("runs", "Compare"),
    ],
)
def test_a_cold_server_answers_a_deep_link_with_the_right_page(seen: Watched, tmp_path: Path, path: str, title: str) -> None:
    from playwright.sync_api import expect

    with server(tmp_path) as cold:
        seen.page.goto(f"{cold.address}/{path}")
        expect(seen.page.get_by_role("heading", name=title, level=1)).to_be_visible(timeout=PATIENCE)
        expect(seen.page.get_by_role("dialog")).to_have_count(0)
        expect(seen.page.get_by_test_id("stTopNavLink")).to_have_count(6)
        expect(seen.page.get_by_test_id("stException")).to_have_count(0)


def test_started_from_another_folder_it_is_the_same(seen: Watched, tmp_path: Path) -> None:
    """Icon, pages, static files and the settings of .streamlit/config.toml are found from where app.py lies."""
    from playwright.sync_api import expect

    def command(port: int) -> list[str]:
        options = ("--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true")
        return [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), *options]

    with server(tmp_path, command=command, cwd=tmp_path) as elsewhere:
        seen.page.goto(f"{elsewhere.address}/runs?runs=sine-mlp-stable,sine-mlp-published")
        expect(seen.page.locator(".chart").first).to_have_attribute("data-points", re.compile(r"\d+"), timeout=PATIENCE)
        expect(seen.page.get_by_text("did not read", exact=False)).to_have_count(0)
        expect(seen.page.get_by_test_id("stException")).to_have_count(0)


def test_train_watch_stop_and_explore(seen: Watched, warm: Server) -> None:
    from playwright.sync_api import expect

    page = seen.page
    page.goto(f"{warm.address}/lab?variant=gan")
    page.get_by_role("radio", name="steps").click()
    page.get_by_label("Steps", exact=True).fill("20000")  # more than it will get
    page.get_by_label("Steps", exact=True).press("Enter")
    page.get_by_role("button", name="Start training").click()

    charts = page.locator(".chart")
    loss = charts.first
    expect(loss).to_have_attribute("data-points", re.compile(r"\d{2,}"), timeout=PATIENCE)
    assert re.search(r"[?&]run=gan-stable-", page.url)

    before = _last_step(page)
    page.wait_for_function(f"{_LAST_STEP} > {before} + 300", timeout=PATIENCE)  # the curve moves

    # what the viewer did to the chart survives the arrival of points
    box = loss.locator(".nsewdrag").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.02, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.12, box["y"] + box["height"] * 0.7, steps=5)
    page.mouse.up()
    page.wait_for_function("document.querySelector('.chart').zoomed === true")
    zoomed, before = page.evaluate(_VIEW), _last_step(page)
    page.wait_for_function(f"{_LAST_STEP} > {before}", timeout=PATIENCE)
    assert page.evaluate(_VIEW) == zoomed

    page.locator(".stage .stop").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".stage .told")).to_contain_text("Stopped")

    page.get_by_role("button", name="Explore").click()
    expect(page.get_by_role("heading", name="Latent space", level=1)).to_be_visible(timeout=PATIENCE)
    explorer = page.locator(".explorer[data-settled]")
    expect(explorer).to_be_visible(timeout=PATIENCE)
    image = explorer.get_by_role("img", name=re.compile("Image by GAN from this z"))
    drawn = image.evaluate("canvas => canvas.toDataURL()")
    explorer.get_by_role("application").press("Shift+ArrowRight")
    expect(explorer).to_have_attribute("data-code", re.compile("^p"), timeout=PATIENCE)
    assert image.evaluate("canvas => canvas.toDataURL()") != drawn
    expect(page.get_by_alt_text(re.compile("64 samples of GAN"))).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_compare_two_runs_and_evaluate_one(seen: Watched, warm: Server) -> None:
    from playwright.sync_api import expect

    trained = []
    for seed in (1, 2):
        run = runs.new(configure("sine-mlp", steps=40, seed=seed), parent=warm.log.parent / "runs")
        list(recorder.work(run))
        trained.append(run)

    page = seen.page
    page.goto(f"{warm.address}/runs?runs={trained[0].id},{trained[1].id}&seed=5&over=samples+seen")
    expect(page.get_by_text("All draw from the same z: seed 5", exact=False)).to_be_visible(timeout=PATIENCE)
    for run in trained:
        card = page.locator(".card").filter(has_text=f"Sine, dense, stable, {run.id[-4:]}")
        expect(card).to_contain_text("40 steps", timeout=PATIENCE)
        expect(card.get_by_role("img")).to_be_visible()
        spread = re.compile(f"What D of Sine, dense, stable, {run.id[-4:]} says on average: of real samples 0")
        expect(page.get_by_label(spread)).to_be_visible(timeout=PATIENCE)
    losses = page.get_by_label(re.compile("^D/loss over real samples shown to d, last values"))
    expect(losses).to_have_attribute("data-points", re.compile(r"\d+"), timeout=PATIENCE)
    assert losses.evaluate("chart => chart.data.map(t => t.x.at(-1))") == [40 * 64, 40 * 64]

    address = page.url  # the link reproduces the choice
    page.goto(warm.address)
    page.goto(address)
    expect(page.get_by_label(re.compile("^G/loss over real samples shown to d, last values"))).to_be_visible(timeout=PATIENCE)

    before = _evaluated(page)
    ask = page.get_by_role("button", name="Evaluate", exact=True)
    ask.click()
    expect(page.get_by_text("Evaluating Sine, dense, stable", exact=False)).to_be_visible(timeout=PATIENCE)
    expect(ask).to_be_visible(timeout=PATIENCE)  # back again, for the next run
    (found,) = [run.evaluation for run in trained if run.evaluation]
    assert found["sine_rmse"] > 0
    assert _evaluated(page) == before + 1
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_compare_shows_pictures_and_verdicts_on_its_first_screen(browser: Browser, warm: Server, width: int, height: int) -> None:
    """Two runs stand beside each other, on a telephone too: their pictures and what is said of them, whole."""
    from playwright.sync_api import expect

    with watched(browser, width=width, scheme="dark") as seen:
        seen.page.set_viewport_size({"width": width, "height": height})
        seen.page.goto(f"{warm.address}/runs?runs=gan-stable,cgan-stable")
        cards = seen.page.locator(".card")
        expect(cards).to_have_count(2, timeout=PATIENCE)
        expect(seen.page.get_by_label(re.compile("^D/loss over"))).to_be_visible(timeout=PATIENCE)
        for part in (".frame img", ".verdict", ".bars"):
            left, right = (cards.nth(i).locator(part).bounding_box() for i in (0, 1))
            assert left
            assert right
            assert left["x"] + left["width"] <= right["x"]
            assert abs(left["y"] - right["y"]) <= 1, "at one height"
            assert right["x"] + right["width"] <= width
            assert max(left["y"] + left["height"], right["y"] + right["height"]) <= height
        assert seen.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
        assert not seen.complaints


_LAST_STEP = "Math.max(0, ...document.querySelector('.chart').data[0].x.slice(-1))"
_VIEW = (
    "JSON.stringify((c => [c.layout.xaxis.range, c.layout.yaxis.range, c.data.map(t => t.visible ?? true)])"
    "(document.querySelector('.chart')))"
)


def _evaluated(page) -> int:  # type: ignore[no-untyped-def]
    """How many runs of the table have been evaluated, in the words for those who cannot see it."""
    name = page.get_by_test_id("stDataFrame").get_by_role("button", name="Fullscreen").first.get_attribute("aria-label")
    return int(re.search(r"(\d+) of them evaluated", name)[1])


def _last_step(page) -> float:  # type: ignore[no-untyped-def]
    """The last step on the loss chart."""
    return float(page.evaluate(_LAST_STEP))
