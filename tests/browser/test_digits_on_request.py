"""Digits on request in a real browser, with the shipped networks: what one does there on a stage, with a mouse, with keys, on a phone."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from gan_core import settings
from gan_core.digits import dataset, dataset_orders, numbers
from gan_core.trained.model import load
from tests.browser.driver import PATIENCE, Server, Watched, server, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
RUN = "cgan-mlp-stable"  # the quickest of those that ship
SECTIONS = ("Choose", "Write", "Styles", "Blend", "Right or wrong", "Data set")


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the built-in digits only."""
    folder = tmp_path_factory.mktemp("digits")
    with server(folder, {settings.variable("data"): str(folder / "no-data")}) as running:
        yield running


def go(page: Page, digits: Server, section: str, **query: object) -> None:
    """Opens a section by its address."""
    words = "&".join(f"{name}={value}" for name, value in query.items())
    page.goto(f"{digits.address}/digits?run={RUN}&show={section.replace(' ', '+')}&{words}")


def test_a_digit_that_somebody_shouts_is_there(seen: Watched, digits: Server) -> None:
    from playwright.sync_api import expect

    page = seen.page
    go(page, digits, "Choose", seed=3)
    expect(page.get_by_alt_text("Class 0 by CGAN, dense, large")).to_be_visible(timeout=PATIENCE)
    page.get_by_test_id("stButtonGroup").first.get_by_text("7", exact=True).click()
    large = page.get_by_alt_text("Class 7 by CGAN, dense, large")
    expect(large).to_be_visible(timeout=PATIENCE)
    assert re.search(r"[?&]digit=7\b", page.url)
    expect(page.get_by_alt_text(re.compile("A real image of every class, from Digits"))).to_be_visible()
    before = large.get_attribute("src")
    page.get_by_role("button", name="New seed").click()
    page.wait_for_function("old => document.querySelector('img[alt*=\"large\"]').src !== old", arg=before)
    seed = page.get_by_label("Seed", exact=True).input_value()
    page.get_by_role("link", name="Open in Latent space").click()
    expect(page.get_by_role("heading", name="Latent space", level=1)).to_be_visible(timeout=PATIENCE)
    for part in (f"run={RUN}", f"seed={seed}", "place=c7"):
        page.wait_for_url(re.compile(rf"/latent\?(.*&)?{part}(&|$)"))


def test_a_cell_opens_the_explorer_at_the_same_picture(seen: Watched, digits: Server) -> None:
    from playwright.sync_api import expect

    page = seen.page
    go(page, digits, "Choose", seed=20, styles=4, digit=9)  # its digit is another section's matter
    expect(page.get_by_alt_text("Class 9 by CGAN, dense, large")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("tab", name="Styles").click()
    cell = page.get_by_role("link", name=re.compile("^class 4, seed 22"))
    expect(cell).to_be_visible(timeout=PATIENCE)
    shown = np.asarray(Image.open(io.BytesIO(cell.screenshot())).convert("L").resize((28, 28), Image.Resampling.BOX), dtype=float)
    model = load(RUN)
    wanted, other = (model.grey(model.sample(1, digit=4, seed=seed))[0].astype(float) for seed in (22, 23))
    assert np.abs(shown - wanted).mean() < 0.5 * np.abs(shown - other).mean(), "the cell shows the picture of its address"
    link = cell.get_attribute("href") or ""
    cell.click()
    expect(page.get_by_role("heading", name="Latent space", level=1)).to_be_visible(timeout=PATIENCE)
    for part in (f"run={RUN}", "seed=22", "place=c4"):
        page.wait_for_url(re.compile(rf"/latent\?(.*&)?{part}(&|$)"))
        assert part in link
    expect(page.get_by_label("Seed", exact=True)).to_have_value("22")
    page.go_back()  # one step, however many changes of the address Python made on the way
    expect(page.get_by_role("tab", name="Styles")).to_have_attribute("aria-selected", "true", timeout=PATIENCE)


def test_the_grid_is_walked_with_keys(seen: Watched, digits: Server) -> None:
    from playwright.sync_api import expect

    page = seen.page
    go(page, digits, "Styles", seed=20, styles=2)
    first = page.get_by_role("link", name=re.compile("^class 0, seed 20"))
    expect(first).to_be_visible(timeout=PATIENCE)
    first.focus()
    for key in ("ArrowDown", "ArrowDown", "End", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    expect(page.get_by_role("link", name=re.compile("^class 8, seed 21"))).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/latent\?"), timeout=PATIENCE)
    page.wait_for_url(re.compile(r"[?&]seed=21(&|$)"))
    page.wait_for_url(re.compile(r"[?&]place=c8(&|$)"))


def test_a_blend_follows_the_hand(seen: Watched, digits: Server) -> None:
    from playwright.sync_api import expect

    page = seen.page
    go(page, digits, "Blend", seed=3)
    knob = page.get_by_role("slider", name="Share of the second class")
    expect(knob).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("img", name=re.compile("^50 % 3, 50 % 8"))).to_be_visible()
    knob.focus()
    page.keyboard.press("End")
    end = page.get_by_role("img", name=re.compile("^0 % 3, 100 % 8"))
    expect(end).to_be_visible()
    shown = np.asarray(Image.open(io.BytesIO(end.screenshot())).convert("L").resize((28, 28), Image.Resampling.BOX), dtype=float)
    model = load(RUN)
    eight, three = (model.grey(model.sample(1, digit=d, seed=3))[0].astype(float) for d in (8, 3))
    assert np.abs(shown - eight).mean() < 0.5 * np.abs(shown - three).mean()
    page.get_by_role("button", name="Play").click()
    expect(end).to_have_count(0)
    page.get_by_role("button", name="Pause").click()


def test_a_number_is_written_and_taken_away_transparent(seen: Watched, digits: Server, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    page = seen.page
    go(page, digits, "Write", seed=3, smooth="false")
    box = page.get_by_label("Number", exact=True)
    expect(box).to_be_visible(timeout=PATIENCE)
    box.fill("0176-55x")
    expect(page.get_by_text("cannot write “x”", exact=False)).to_be_visible(timeout=PATIENCE)
    box.fill("0176-55")
    expect(page.get_by_role("group", name="0176 55, written by G")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_alt_text(re.compile(r"class 7, the judge reads \d"))).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Transparent, dark ink").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "0176-55-dark-ink.png"
    picture = Image.open(path)
    assert picture.mode == "RGBA"
    model = load(RUN)
    marks = numbers.read("0176-55")
    z = model.latents(1, 3).expand(6, -1)
    import torch

    line = numbers.compose(model.grey(model.generate(z, torch.tensor(numbers.digits(marks)))), marks, 3)
    alpha = np.asarray(picture.getchannel("A"))
    assert np.array_equal(alpha[:: numbers.SCALE, :: numbers.SCALE], line.ink)
    assert {picture.getpixel(place)[:3] for place in ((0, 0), (picture.width // 2, picture.height // 2))} == {numbers.DARK}


def test_a_data_set_is_made_and_downloaded_and_its_page_stays_usable(
    seen: Watched,
    digits: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from playwright.sync_api import expect

    monkeypatch.setenv(settings.variable("runs"), str(digits.log.parent / "runs"))
    page = seen.page
    go(page, digits, "Data set", seed=3)
    each = page.get_by_label("Training images per class")
    expect(each).to_be_visible(timeout=PATIENCE)
    each.fill(str(dataset.MOST))
    each.press("Enter")
    expect(page.get_by_text("60,000 training images", exact=False)).to_be_visible()
    page.get_by_role("button", name="Make the data set").click()
    making = page.get_by_text(re.compile(r"^Making the data set: [\d,]+ of 70,000 images \(6,000 per class"))
    expect(making).to_be_visible(timeout=PATIENCE)
    page.get_by_role("tab", name="Choose").click()  # meanwhile
    page.get_by_test_id("stButtonGroup").first.get_by_text("5", exact=True).click()
    expect(page.get_by_alt_text("Class 5 by CGAN, dense, large")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("tab", name="Data set").click()
    page.get_by_role("button", name="Cancel").click()
    expect(making).to_have_count(0)
    each.fill("12")
    each.press("Enter")
    expect(page.get_by_text("120 training images and 20 test images", exact=False)).to_be_visible()
    page.get_by_role("button", name="Make the data set").click()
    ready = page.get_by_role("button", name="Download (zip)")
    expect(ready).to_be_visible(timeout=PATIENCE)
    page.reload()  # the cookie says whose it is
    expect(ready).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as download:
        ready.click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == f"{RUN}-12-a-class-idx.zip"
    images, labels = dataset.training_part(path)
    assert images.shape == (120, 28, 28)
    assert labels.tolist() == list(range(10)) * 12
    page.get_by_role("button", name="Remove").click()
    expect(ready).to_have_count(0)
    assert not list((digits.log.parent / "runs" / dataset_orders.FOLDER).iterdir())


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_fits_a_phone(browser: Browser, digits: Server, section: str) -> None:
    from playwright.sync_api import expect

    with watched(browser, width=390, scheme="dark") as phone:
        go(phone.page, digits, section, number="0176+5550+142+12345678", seed=3)
        proof = {
            "Choose": phone.page.get_by_alt_text("All classes from one z", exact=False),
            "Write": phone.page.get_by_role("group", name=re.compile("written by G")),
            "Styles": phone.page.get_by_role("link", name=re.compile("^class 9, seed 8")),
            "Blend": phone.page.get_by_role("slider", name="Share of the second class"),
            "Right or wrong": phone.page.get_by_role("table"),
            "Data set": phone.page.get_by_role("button", name="Make the data set"),
        }[section]
        expect(proof).to_be_visible(timeout=PATIENCE)
        assert phone.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
        box = proof.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert not phone.complaints
