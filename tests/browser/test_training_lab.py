"""The training lab in a real browser, on real trainings: pause, reload, rewind, visitors apart, a worker that is killed."""

from __future__ import annotations

import os
import re
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gan_core import runs, settings
from gan_core.jobs import recorder
from gan_core.runs import Run
from tests.browser.driver import PATIENCE, Server, Watched, server, shown_run, watched
from tests.configs import diverging

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the built-in digits only."""
    folder = tmp_path_factory.mktemp("lab")
    with server(folder, {settings.variable("data"): str(folder / "no-data"), settings.variable("max_runs"): "2"}) as running:
        yield running


def start(page: Page, lab: Server, variant: str, steps: int) -> Run:
    """Starts a training through the form, and waits until it has snapshots."""
    page.goto(f"{lab.address}/lab?variant={variant}")
    page.get_by_role("radio", name="steps").click()
    page.get_by_label("Steps", exact=True).fill(str(steps))
    page.get_by_label("Steps", exact=True).press("Enter")
    page.get_by_role("button", name="Start training").click()
    run = shown_run(page, lab.log.parent / "runs")
    page.wait_for_function("document.querySelector('.stage .chart')?.dataset.points > 1", timeout=PATIENCE)
    reaches(page, run.status.step + 1)
    return run


def reaches(page: Page, step: int) -> None:
    """Waits until the time machine, which follows the training, stands at this step or later."""
    page.wait_for_function(f"{_STAGE}?.dataset.step >= {step}", timeout=PATIENCE)


def stopped(page: Page) -> None:
    """Stops what is trained on the page, and waits until it has."""
    from playwright.sync_api import expect

    page.locator(".stage .stop").click()
    expect(page.locator(".stage")).to_have_attribute("data-state", "stopped", timeout=PATIENCE)


_STAGE = "document.querySelector('.stage')"


def test_start_pause_reload_resume_stop_rewind_download(seen: Watched, lab: Server, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    page = seen.page
    run = start(page, lab, "gan", 20_000)
    assert run.config.data == "digits-5k"

    page.get_by_role("button", name="Pause").click()
    resume = page.get_by_role("button", name="Resume")
    expect(resume).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".stage .told")).to_contain_text("Paused")
    paused = run.status.step
    assert paused > 0

    page.reload()  # the cookie says whose run it is
    expect(resume).to_be_visible(timeout=PATIENCE)
    resume.click()
    reaches(page, paused + 50)

    stopped(page)
    assert run.status.state == "stopped"

    # rewind: the slider alone moves picture, scores and every marker, and asks nobody
    steps = [grid.step for grid in run.samples]
    expect(page.locator(".scrub")).to_have_attribute("max", str(len(steps) - 1), timeout=PATIENCE)
    machine, scrub = page.locator(".stage"), page.locator(".scrub")
    last = page.locator(".picture").evaluate("c => c.toDataURL()")
    scrub.focus()
    scrub.press("Home")
    expect(machine).to_have_attribute("data-step", "0")
    scrub.press("ArrowRight")
    expect(machine).to_have_attribute("data-step", str(steps[1]))
    assert scrub.get_attribute("aria-valuetext") == f"step {steps[1]}"
    page.wait_for_url(re.compile(rf"[?&]step={steps[1]}$"))
    assert page.locator(".picture").evaluate("c => c.toDataURL()") != last
    markers = page.locator(".marker:visible")
    assert {m.get_attribute("data-step") for m in markers.all()} == {str(steps[1])}
    assert markers.count() == page.locator(".stage .chart:visible").count() == 2
    there = {"run": run.id, "step": steps[3] + 0.4}  # what a click into a chart says
    page.evaluate("detail => window.dispatchEvent(new CustomEvent('gan-atelier-seek', { detail }))", there)
    expect(machine).to_have_attribute("data-step", str(steps[3]))
    page.locator(".speed").select_option("3")
    page.get_by_role("button", name="Play").click()
    expect(machine).to_have_attribute("data-step", str(steps[-1]), timeout=PATIENCE)
    assert page.locator(".picture").evaluate("c => c.toDataURL()") == last

    page.get_by_role("button", name="More").click()
    page.get_by_text("Download", exact=True).click()
    with page.expect_download(timeout=PATIENCE) as given:
        page.get_by_role("button", name="Everything").click()
    bundle = tmp_path / "run.zip"
    given.value.save_as(bundle)
    names = {Path(name).name for name in zipfile.ZipFile(bundle).namelist()}
    assert {"config.json", "metrics.csv", "probes.csv", "samples.png", "training.gif"} <= names
    assert any(name.startswith("weights-") for name in names)
    assert b"owner" not in zipfile.ZipFile(bundle).read(f"{run.id}/config.json")


def test_two_visitors_do_not_see_each_others_runs(browser: Browser, lab: Server) -> None:
    from playwright.sync_api import expect

    with watched(browser) as one, watched(browser) as two:
        for seen in (one, two):
            seen.page.set_default_timeout(PATIENCE)
        mine = start(one.page, lab, "sine-mlp", 100_000)
        theirs = start(two.page, lab, "sine-mlp", 100_000)
        assert mine.owner
        assert mine.owner != theirs.owner
        for seen, own, other in ((one, mine, theirs), (two, theirs, mine)):
            page = seen.page
            page.goto(f"{lab.address}/lab")
            expect(page.get_by_role("heading", name="Your runs")).to_be_visible(timeout=PATIENCE)
            expect(page.locator(f"a[href*='run={own.id}']")).to_be_visible()
            expect(page.locator(f"a[href*='run={other.id}']")).to_have_count(0)
        page.goto(f"{lab.address}/lab?run={mine.id}")  # with the link one may look
        expect(page.locator(".stage .stop")).to_be_disabled(timeout=PATIENCE)
        page.get_by_role("button", name="More").click()
        expect(page.get_by_text("somebody else's run", exact=False)).to_be_visible(timeout=PATIENCE)
        for seen, own in ((one, mine), (two, theirs)):
            seen.page.goto(f"{lab.address}/lab?run={own.id}")
            stopped(seen.page)
            assert not seen.complaints


def test_a_killed_worker_is_shown_as_lost_and_resumes(seen: Watched, lab: Server) -> None:
    from playwright.sync_api import expect

    page = seen.page
    run = start(page, lab, "sine-mlp", 1_000_000)
    page.get_by_role("button", name="Pause").click()  # which keeps a checkpoint
    resume = page.get_by_role("button", name="Resume")
    expect(resume).to_be_visible(timeout=PATIENCE)
    checkpoint, _ = run.checkpoint
    resume.click()
    reaches(page, checkpoint + 20)

    os.kill(run.status.pid, signal.SIGKILL)
    expect(page.locator(".stage")).to_have_attribute("data-state", "lost", timeout=PATIENCE)
    expect(page.get_by_text("The training process stopped unexpectedly", exact=False).first).to_be_visible()
    assert run.checkpoint == (checkpoint, run.checkpoint[1])
    resume.click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible(timeout=PATIENCE)
    reaches(page, checkpoint + 100)
    stopped(page)


@pytest.mark.parametrize("address", ["lab", "lab?run=gan-stable", "lab?run=sine-conv-stable", "lab?pair=gan-stable,wgan-stable"])
def test_the_lab_fits_a_phone(browser: Browser, lab: Server, address: str) -> None:
    from playwright.sync_api import expect

    with watched(browser, width=390, scheme="dark") as phone:
        phone.page.goto(f"{lab.address}/{address}")
        expect(phone.page.get_by_text(re.compile("Start|can tell|Losses")).first).to_be_visible(timeout=PATIENCE)
        wide = phone.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert wide <= 390
        assert not phone.complaints


def test_a_training_that_diverged_shows_its_time_machine(seen: Watched, lab: Server) -> None:
    """Its samples, its curves and D's scores are NaN from the second step on."""
    from playwright.sync_api import expect

    run = runs.new(diverging("sine-mlp"), parent=lab.log.parent / "runs")
    list(recorder.work(run))
    page = seen.page
    page.goto(f"{lab.address}/lab?run={run.id}")
    expect(page.get_by_text("diverged", exact=False).first).to_be_visible(timeout=PATIENCE)
    reaches(page, run.samples[-1].step)
    scrub = page.get_by_label("Snapshot of the training")
    scrub.press("Home")
    page.wait_for_function(f"{_STAGE}.dataset.step === '0'")
    whole = page.evaluate(_INK)
    scrub.press("End")
    page.wait_for_function(f"{_STAGE}.dataset.step > 1")
    assert 0 < page.evaluate(_INK) < whole, "the real curves alone"
    page.get_by_role("button", name="Options").click()
    page.get_by_label(re.compile("rolling mean")).check()
    expect(page.locator(".stage .chart").first).to_have_attribute("data-points", re.compile(r"\d+"))
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_text("SyntaxError", exact=False)).to_have_count(0)


_INK = (
    f"(c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.filter((v, i) => i % 4 === 3 && v).length)"
    f"({_STAGE}.querySelector('.picture'))"
)
"how many pixels of the machine's picture are drawn on"
