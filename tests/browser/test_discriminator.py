"""The discriminator's page in a real browser: digits drawn with pointer, finger and keys, real uploads, the quiz, a room, a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from gan_core import data
from gan_core.digits import quiz
from gan_core.runs import Run, folders
from tests.browser.driver import PATIENCE, Server, Watched, server, watched
from tests.uploads import png

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser
SAMPLE = 20  # test digits that are drawn; none of so many may be named wrongly
INK = 100  # of 255: from here on a pixel is drawn
BRUSH = "3.5"  # hundredths of the pad; one of 28 pixels is 3.57
ANSWERED = """() => {
  const all = [...document.querySelectorAll('*')]
  const deep = (name) => all.map((e) => e.shadowRoot?.querySelector(name)).find(Boolean)
  const sheet = deep('.sheet'), bars = deep('.bars')
  return sheet?.dataset.revision && bars?.dataset.revision === sheet.dataset.revision
}"""


@pytest.fixture(scope="module")
def warm(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all of them."""
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)  # a busy machine takes long over its first look at nine networks
    with server(tmp_path_factory.mktemp("judge")) as running:
        yield running
    expect.set_options(timeout=5_000)


@pytest.fixture
def seen(browser: Browser) -> Iterator[Watched]:
    """A fresh page; the test fails if anything went wrong on it."""
    with watched(browser, width=1280) as page:
        page.page.set_default_timeout(PATIENCE)
        yield page
        assert not page.complaints


def strokes(pixels: np.ndarray) -> list[list[tuple[float, float]]]:
    """A digit as strokes that fill its bright pixels row by row, to and fro, as far down as ink touches ink: points (x, y) in [0, 1]."""
    rows = []
    for row in range(28):
        on = np.flatnonzero(pixels[row] > INK)
        rows.append([(int(run[0]), int(run[-1])) for run in np.split(on, np.flatnonzero(np.diff(on) > 1) + 1) if len(run)])
    found = []
    for top in range(28):
        while rows[top]:
            row, run, stroke = top, rows[top].pop(0), []
            while run:
                ends = [((x + 0.5) / 28, (row + 0.5) / 28) for x in run]
                if stroke and abs(stroke[-1][0] - ends[0][0]) > abs(stroke[-1][0] - ends[1][0]):
                    ends.reverse()
                stroke += ends
                row += 1
                below = rows[row] if row < 28 else []
                near = [other for other in below if other[0] <= run[1] and run[0] <= other[1]]
                run = near[0] if near else None
                if run:
                    below.remove(run)
            found.append(stroke)
    return found


def draw(page: Page, sheet: Locator, pixels: np.ndarray) -> None:
    """Draws a digit with the mouse."""
    box = sheet.bounding_box()
    assert box
    for stroke in strokes(pixels):
        for n, (x, y) in enumerate(stroke):
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
            if n == 0:
                page.mouse.down()
        page.mouse.up()


def pad_of(page: Page, address: str, query: str = "") -> Locator:
    """The page, standing at an empty pad."""
    page.goto(f"{address}/judge{query}")
    sheet = page.locator(".sheet")
    sheet.wait_for()
    page.locator(".bars").wait_for()
    return sheet


def brush(page: Page) -> None:
    page.get_by_label("Width of the brush").fill(BRUSH)


def answer(page: Page) -> str:
    """The digit SSGAN's D names, once it has seen all that is drawn."""
    page.wait_for_function(ANSWERED, timeout=PATIENCE)
    return page.locator(".bars").get_attribute("data-digit") or ""


def test_drawn_test_digits_are_named_as_well_as_the_test_images(seen: Watched, warm: Server, mnist: None) -> None:
    pixels, labels = data.image_arrays("mnist", train=False)
    rows = np.linspace(0, len(labels) - 1, SAMPLE).astype(int)
    page = seen.page
    sheet = pad_of(page, warm.address)
    brush(page)
    wrong = []
    for row in rows:
        draw(page, sheet, pixels[row])
        said = answer(page)
        if said != str(labels[row]):
            wrong.append((int(row), int(labels[row]), said))
        page.get_by_role("button", name="Clear").click()
    known = Run(folders.SHIPPED / "ssgan-stable").evaluation
    assert known
    accuracy = 1 - len(wrong) / SAMPLE
    assert accuracy >= 1 - known["ssgan_test_error"] - 0.02, wrong


def test_undo_clear_and_keys(seen: Watched, warm: Server) -> None:
    from playwright.sync_api import expect

    page = seen.page
    sheet = pad_of(page, warm.address)
    for row in (600, 2600):
        draw(page, sheet, data.image_arrays("digits-5k")[0][row])
    count = int(sheet.get_attribute("data-strokes") or 0)
    assert count >= 2
    page.get_by_role("button", name="Undo").click()
    expect(sheet).to_have_attribute("data-strokes", str(count - 1))
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".bars")).to_have_attribute("aria-label", re.compile("There is no digit yet"))

    sheet.focus()  # a one, with keys alone
    page.keyboard.press("Space")
    for _ in range(12):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert answer(page) == "1"
    expect(sheet).to_have_attribute("aria-label", re.compile("1 stroke"))
    expect(page.get_by_role("heading", name="What the networks see")).to_be_visible()
    page.keyboard.press("Backspace")
    expect(sheet).to_have_attribute("data-strokes", "0")


def test_a_drawing_outlives_a_look_at_another_view(seen: Watched, warm: Server) -> None:
    from playwright.sync_api import expect

    page = seen.page
    sheet = pad_of(page, warm.address)
    draw(page, sheet, data.image_arrays("digits-5k")[0][100])
    said = answer(page)
    page.get_by_text("Real or fake?").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.get_by_text("Ask D", exact=True).click()
    expect(page.locator(".bars")).to_have_attribute("data-digit", said, timeout=PATIENCE)


def test_uploads_are_read_or_refused(seen: Watched, warm: Server, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    page = seen.page
    page.goto(f"{warm.address}/judge?digit_from=Upload")
    chooser = page.locator("input[type=file]")
    photo = tmp_path / "three.jpg"
    three = data.image_arrays("digits-5k")[0][1700]
    Image.fromarray(255 - three).resize((600, 600), Image.Resampling.BICUBIC).save(photo, quality=90)
    chooser.set_input_files(photo)
    expect(page.locator(".bars")).to_have_attribute("aria-label", re.compile("The judge: 3 with"), timeout=PATIENCE)
    expect(page.get_by_text("is inverted")).to_be_visible()
    for name, content, words in (
        ("text.png", b"seven", "no readable PNG, JPEG or WebP"),
        ("cut.jpg", photo.read_bytes()[:2000], "broken"),
        ("bomb.png", png(60_000, 60_000), "million are accepted"),
    ):
        (tmp_path / name).write_bytes(content)
        chooser.set_input_files(tmp_path / name)
        expect(page.get_by_text(words)).to_be_visible(timeout=PATIENCE)
        expect(page.locator(".bars")).to_have_attribute("aria-label", re.compile("There is no digit yet"))
    chooser.set_input_files(photo)
    expect(page.locator(".bars")).to_have_attribute("aria-label", re.compile("The judge: 3 with"), timeout=PATIENCE)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def play(page: Page) -> None:
    for number in range(1, quiz.QUESTIONS + 1):
        page.get_by_text(f"Image {number} of {quiz.QUESTIONS}").wait_for()
        page.locator(f".st-key-real-{number} button").click()


def test_the_quiz_through_to_its_score(seen: Watched, warm: Server) -> None:
    from playwright.sync_api import expect

    page = seen.page
    page.goto(f"{warm.address}/judge?quiz=7")
    play(page)
    expect(page.get_by_role("heading", name=re.compile(r"You: \d+ of 10. D: \d+ of 10."))).to_be_visible(timeout=PATIENCE)
    images = page.get_by_alt_text(re.compile(r"You said: real\. D's"))
    expect(images).to_have_count(10)
    heading = page.get_by_role("heading", name=re.compile(r"You: \d+ of 10")).inner_text()
    mine = int(re.search(r"You: (\d+)", heading)[1])  # type: ignore[index]
    assert page.get_by_alt_text(re.compile(r"^a real digit\. You said: real")).count() == mine
    page.reload()
    expect(page.get_by_text("Image 1 of 10")).to_be_visible(timeout=PATIENCE)


def test_a_room_with_a_presenter_and_a_telephone(browser: Browser, warm: Server) -> None:
    from playwright.sync_api import expect

    with watched(browser, width=1280) as screen, watched(browser, width=390, scheme="dark") as phone:
        for watcher in (screen, phone):
            watcher.page.set_default_timeout(PATIENCE)
        screen.page.goto(f"{warm.address}/judge?show=quiz")
        screen.page.get_by_role("textbox", name="Name of the room").fill("lecture")
        screen.page.get_by_role("button", name="Open the room").click()
        expect(screen.page.get_by_text("Nobody has finished yet.")).to_be_visible()
        expect(screen.page.get_by_alt_text(re.compile("QR code of"))).to_be_visible()
        link = screen.page.get_by_test_id("stCode").inner_text().strip()
        assert link.startswith(warm.address)

        phone.page.goto(link)
        expect(phone.page.get_by_role("button", name="Clear the scores")).to_have_count(0)
        play(phone.page)
        expect(phone.page.get_by_text("Your score is in the room.")).to_be_visible()
        expect(screen.page.get_by_text("1 player, ")).to_be_visible()  # by itself
        assert _wide(phone.page) <= 390

        phone.page.goto(link)  # who reloads plays again, and does not count twice
        play(phone.page)
        expect(phone.page.get_by_text("Your first score already counts in this room")).to_be_visible()
        expect(screen.page.get_by_text("1 player, ")).to_be_visible()

        screen.page.get_by_role("button", name="Clear the scores").click()
        expect(screen.page.get_by_text("Nobody has finished yet.")).to_be_visible()
        screen.page.get_by_role("button", name="Another ten").click()
        expect(phone.page.get_by_text("Image 1 of 10")).to_be_visible()  # the telephone follows
        screen.page.get_by_role("button", name="Close the room").click()
        expect(screen.page.get_by_role("button", name="Open the room")).to_be_visible()
        assert not screen.complaints
        assert not phone.complaints


def _wide(page: Page) -> int:
    return int(page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth"))


@pytest.mark.parametrize("query", ["?digit_from=Test+digit&image=18", "?show=classifier", "?show=quiz", "?quiz=3"])
def test_it_fits_a_telephone(browser: Browser, warm: Server, query: str) -> None:
    from playwright.sync_api import expect

    waits = {
        "classifier": "With few labels",
        "digit": "First layer",
        "show=quiz": "Everybody plays the same ten",
        "quiz=3": "Image 1 of 10",
    }
    with watched(browser, width=390, scheme="dark") as phone:
        phone.page.goto(f"{warm.address}/judge{query}")
        words = next(text for name, text in waits.items() if name in query)
        expect(phone.page.get_by_text(words)).to_be_visible(timeout=PATIENCE)
        assert _wide(phone.page) <= 390
        assert not phone.complaints


def test_a_finger_draws_and_does_not_scroll(browser: Browser, warm: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    try:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        sheet = pad_of(page, warm.address)
        sheet.scroll_into_view_if_needed()
        box = sheet.bounding_box()
        assert box
        before = page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
        touch = context.new_cdp_session(page)

        def finger(kind: str, *points: tuple[float, float]) -> None:
            at = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in points]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

        finger("touchStart", (0.5, 0.2))
        for i in range(1, 11):
            finger("touchMove", (0.5, 0.2 + 0.06 * i))
        finger("touchEnd")
        assert answer(page) == "1"
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == before
    finally:
        context.close()
