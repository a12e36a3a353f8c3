"""The latent explorer in a real browser: the engine against PyTorch, hands that ask nobody, links that open the same pixels."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

import gan_core
from gan_core import runs
from gan_core.export.browser import describe
from gan_core.trained import paths
from gan_core.trained.model import Trained
from pages.shared import javascript
from tests.browser.driver import PATIENCE, Server, Traffic, Watched, server, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser
ENGINE = Path(__file__).parents[2] / "pages" / "latent_space" / "explorer" / "engine.js"
SHIPPED = [run.id for run in runs.shipped()]

_RUN = """async ([source, content, z, y]) => {
  const file = new Blob([source], { type: "text/javascript" })
  const { unpack, generate } = await import(URL.createObjectURL(file))
  const g = unpack(Uint8Array.from(atob(content), c => c.charCodeAt(0)))
  return z.map((one, i) => Array.from(generate(g, Float32Array.from(one), y && Float32Array.from(y[i]))))
}"""
_STAND = "root => { const s = root.explorer; return { z: Array.from(s.z), y: s.y && Array.from(s.y), x: Array.from(s.x) } }"
_PIXELS = (
    "root => { const c = root.querySelector('.picture'); return Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data) }"
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all of them, with the shipped runs."""
    with server(tmp_path_factory.mktemp("latent")) as running:
        yield running


def opened(page: Page, app: Server, query: str) -> Locator:
    """The explorer, once all its pictures are drawn and the server is silent."""
    page.goto(f"{app.address}/latent?{query}")
    explorer = page.locator(".explorer[data-settled]")
    explorer.wait_for(timeout=PATIENCE)
    silent(page)
    return explorer


def silent(page: Page) -> None:
    """Waits until the server has answered."""
    page.wait_for_timeout(400)
    page.locator("[data-testid='stApp'][data-test-script-state='notRunning']").wait_for(timeout=PATIENCE)


def frame(explorer: Locator) -> int:
    """How many frames were drawn."""
    return int(explorer.get_attribute("data-frame") or 0)


def torch_draws(model: Trained, stand: dict[str, Any]) -> np.ndarray:
    """What PyTorch makes of where the page stands."""
    y = torch.tensor([stand["y"]], dtype=torch.float32) if stand["y"] else None
    return model.generate(torch.tensor([stand["z"]], dtype=torch.float32), y).flatten().numpy()


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    """An empty page."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("run", SHIPPED)
def test_the_engine_is_the_generator(blank: Page, run: str) -> None:
    model = gan_core.load(run)
    k = model.variant.classes
    z = model.latents(4, seed=11)
    y = torch.softmax(torch.randn(4, k, generator=torch.Generator().manual_seed(1)), 1) if k else None
    content = base64.b64encode(describe(model.G, model.variant, run)).decode()
    source = f"{javascript.joined(ENGINE)}\nexport {{ unpack, generate }}"
    drawn = blank.evaluate(_RUN, [source, content, z.tolist(), None if y is None else y.tolist()])
    low, high = model.G.pixels
    difference = np.abs(np.array(drawn) - model.generate(z, y).flatten(1).numpy()).max() / (high - low)
    assert difference < 1e-3


def drag(page: Page, explorer: Locator, to: list[tuple[float, float]]) -> None:
    """Presses on the pad and moves to these parts of its width and height, without letting go."""
    box = explorer.locator(".pad").bounding_box()
    assert box
    for i, (x, y) in enumerate(to):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=1 if i == 0 else 6)
        if i == 0:
            page.mouse.down()


@pytest.mark.parametrize("run", ["cgan-stable", "gan-bn-stable"])
def test_a_drag_asks_nobody_and_what_it_shows_is_the_generators(seen: Watched, app: Server, run: str) -> None:
    page, model = seen.page, gan_core.load(run)
    traffic = Traffic(page)
    explorer = opened(page, app, f"run={run}&seed=4")
    stand = explorer.evaluate(_STAND)
    assert torch.equal(torch.tensor([stand["z"]]), model.latents(1, 4)), "the z of the seed is torch's"
    before, shots, said = frame(explorer), [explorer.evaluate(_PIXELS)], page.get_by_text("of being real").inner_text()

    quiet = traffic.count
    drag(page, explorer, [(0.3, 0.5), (0.5, 0.45)])
    page.wait_for_timeout(600)
    shots.append(explorer.evaluate(_PIXELS))
    drag_on = [(0.6, 0.3), (0.7, 0.2)]
    box = explorer.locator(".pad").bounding_box()
    assert box
    for x, y in drag_on:
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=6)
    page.wait_for_timeout(600)
    shots.append(explorer.evaluate(_PIXELS))
    assert traffic.count == quiet, "a moving hand asks nobody"
    assert frame(explorer) > before + 5
    assert shots[0] != shots[1] != shots[2]

    page.mouse.up()
    page.wait_for_function("old => ![...document.querySelectorAll('[data-testid=stMarkdown]')].some(e => e.innerText === old)", arg=said)
    silent(page)
    assert traffic.count > quiet
    stand = explorer.evaluate(_STAND)
    assert np.abs(torch_draws(model, stand) - np.array(stand["x"])).max() < 1e-3

    u, v = (int(n) / 1000 for n in re.search(r"p(-?\d+)\.(-?\d+)", page.url).groups())
    anchors = torch.cat([model.latents(1, seed) for seed in (4, 5, 6)])
    assert torch.allclose(paths.plane(model.prior, anchors, u, v), torch.tensor([stand["z"]]), atol=1e-5), "two numbers say the place"

    low, high = model.G.pixels
    shown = np.array(explorer.evaluate(_PIXELS)).reshape(-1, 4)[:, 0]
    assert np.abs(shown - 255 * (np.array(stand["x"]) - low) / (high - low)).max() <= 0.51


def test_a_link_opens_identical_pixels(seen: Watched, browser: Browser, app: Server) -> None:
    page = seen.page
    explorer = opened(page, app, "run=cgan-stable&seed=12&digit=2")
    explorer.get_by_label("What B is").select_option("seed")  # a seed that only the server can draw
    page.wait_for_url(re.compile("place=a12"))
    drag(page, explorer, [(0.3, 0.5), (0.62, 0.41)])
    page.mouse.up()
    explorer.get_by_role("radio", name="Digit 7").click()
    explorer.get_by_label("Mix with").select_option("1")
    explorer.get_by_label("Truncation").fill("85")
    explorer.get_by_label("thickness").fill("1.2")
    explorer.locator(".coordinates .slider input").nth(2).fill("0.73")
    explorer.locator(".coordinates .slider input").nth(5).press("ArrowLeft")
    page.wait_for_timeout(600)
    silent(page)
    shown, stand, address = explorer.evaluate(_PIXELS), explorer.evaluate(_STAND), page.url
    for part in ("seed=12", "digit=2", "_p", "_c7.1.50", "_t85", "_dthickness.120", "_m"):
        assert part in address
    assert stand["y"][7] == stand["y"][1] == 0.5

    with watched(browser, width=600, scheme="dark") as elsewhere:
        other = opened(elsewhere.page, app, address.split("?")[1])
        there = other.element_handle()
        elsewhere.page.wait_for_function("root => !root.explorer.proposed && root.dataset.code?.includes('_m')", arg=there)  # B has come
        assert other.evaluate(_STAND) == stand
        assert other.evaluate(_PIXELS) == shown
        assert not elsewhere.complaints
        again = other.evaluate("root => root.explorer.place.asked")
        assert again == [7, 1, 0.5]

    page.reload()
    reopened = page.locator(".explorer[data-settled]")
    reopened.wait_for(timeout=PATIENCE)
    page.wait_for_timeout(500)
    assert reopened.evaluate(_PIXELS) == shown


@pytest.mark.parametrize("place", ["p1", "a1.2", "q7", "m100.5", "p99999.0", "a1.2.Zxx", "c12", "M*", "%00", "a1.2.99999999999"])
def test_a_place_that_cannot_be_read_is_a_sentence(seen: Watched, app: Server, place: str) -> None:
    from playwright.sync_api import expect

    explorer = opened(seen.page, app, f"run=cgan-stable&seed=3&place={place}")
    expect(explorer.locator(".notice")).to_contain_text("cannot be read")
    assert torch.equal(torch.tensor([explorer.evaluate(_STAND)["z"]]), gan_core.load("cgan-stable").latents(1, 3))


def test_keyboard_undo_pins_and_the_way_between(seen: Watched, app: Server) -> None:
    from playwright.sync_api import expect

    page = seen.page
    explorer = opened(page, app, "run=dcgan-published&seed=1")
    start = explorer.evaluate(_PIXELS)
    expect(explorer.get_by_role("button", name="Reset", exact=True)).to_be_disabled()
    pad = explorer.locator(".pad")
    pad.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    page.wait_for_timeout(500)
    moved = explorer.evaluate(_PIXELS)
    assert moved != start
    expect(explorer.get_by_role("button", name="Reset", exact=True)).to_be_enabled()
    explorer.get_by_role("button", name="Pin", exact=True).press("Enter")

    pad.focus()
    page.keyboard.press("c")
    page.wait_for_timeout(500)
    assert explorer.evaluate("root => [root.explorer.place.u, root.explorer.place.v]") == [0, 1]
    page.keyboard.press("Home")
    page.wait_for_timeout(500)
    assert explorer.evaluate(_PIXELS) == start
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    page.wait_for_timeout(500)
    assert explorer.evaluate(_PIXELS) == moved
    page.keyboard.press("Control+Shift+Z")
    page.wait_for_timeout(500)
    assert explorer.evaluate("root => root.explorer.place.v") == 1
    explorer.get_by_role("button", name="pin 1", exact=True).press("Enter")
    page.wait_for_timeout(500)
    assert explorer.evaluate(_PIXELS) == moved

    slider = explorer.locator(".coordinates .slider input").first
    slider.focus()
    page.keyboard.press("End")
    page.wait_for_timeout(500)
    assert max(explorer.evaluate("root => Object.values(root.explorer.place.moves)")) == 1, "to the end of the prior"
    explorer.get_by_role("button", name="Reset coordinates").click()
    page.wait_for_timeout(500)
    assert explorer.evaluate(_PIXELS) == moved

    explorer.get_by_text("From one place to another").click()
    strip = explorer.locator(".strip button")
    expect(strip).to_have_count(9)
    strip.nth(4).click()
    page.wait_for_timeout(500)
    assert explorer.evaluate("root => root.explorer.place.u") == 0.5
    page.reload()
    expect(page.locator(".explorer").get_by_role("button", name="pin 1", exact=True)).to_be_visible(timeout=PATIENCE)


def test_the_walk_moves_and_holds(seen: Watched, app: Server) -> None:
    page = seen.page
    traffic = Traffic(page)
    explorer = opened(page, app, "run=gan-stable")
    before, quiet = frame(explorer), traffic.count
    explorer.get_by_role("button", name="Walk around the circle").click()
    page.wait_for_timeout(1200)
    assert frame(explorer) > before + 5
    assert traffic.count == quiet, "a walk asks nobody"
    explorer.get_by_role("button", name="Pause").click()
    page.wait_for_timeout(400)
    held = explorer.evaluate(_PIXELS)
    page.wait_for_timeout(400)
    assert explorer.evaluate(_PIXELS) == held
    assert "place=p" in page.url


def test_the_same_z_through_other_generators(seen: Watched, app: Server) -> None:
    from playwright.sync_api import expect

    page = seen.page
    explorer = opened(page, app, "run=gan-stable&beside=dcgan-stable,r3gan-stable")
    explorer.get_by_text("The same z in other generators").click()
    expect(explorer.locator(".others figure")).to_have_count(1), "r3gan draws its z from another prior"
    expect(explorer.locator(".others figcaption")).to_have_text("DCGAN, stable")
    pad = explorer.locator(".pad")
    pad.focus()
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_timeout(800)
    z = torch.tensor([explorer.evaluate(_STAND)["z"]])
    drawn = explorer.locator(".others canvas").evaluate("c => Array.from(c.getContext('2d').getImageData(0, 0, 28, 28).data)")
    model = gan_core.load("dcgan-stable")
    assert np.abs(np.array(drawn).reshape(-1, 4)[:, 0] - model.grey(model.generate(z)).ravel().astype(int)).max() <= 1

    explorer.get_by_role("button", name="WGAN, stable").click()
    expect(explorer.locator(".others figure")).to_have_count(2, timeout=PATIENCE)
    page.wait_for_url(re.compile("beside=dcgan-stable%2Cwgan-stable"))
    assert explorer.evaluate("root => root.explorer.place.u") > 0, "the explorer stands where it stood"


def test_what_the_server_found_is_where_the_hand_goes_on(seen: Watched, app: Server) -> None:
    page, model = seen.page, gan_core.load("r3gan-stable")
    explorer = opened(page, app, "run=r3gan-stable&seed=3&digit=4&around=A+%E2%88%92+B+%2B+C")
    page.get_by_role("button", name="Explore from here").click()
    page.wait_for_url(re.compile("place=aZ"), timeout=PATIENCE)
    z = torch.cat([model.latents(1, seed) for seed in (3, 1, 2)])
    wanted = paths.arithmetic(model.prior, z[:1], z[1:2], z[2:])
    stand = explorer.evaluate(_STAND)
    assert np.abs(np.array(stand["z"]) - wanted[0].numpy()).max() <= 0.5 / 4096 + 1e-6
    assert stand["y"] == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0]


def test_a_finger_on_a_phone(browser: Browser, app: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, color_scheme="dark")
    page = context.new_page()
    try:
        explorer = opened(page, app, "run=r3gan-stable&digit=5")
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
        explorer.locator(".pad").scroll_into_view_if_needed()
        page.wait_for_timeout(300)
        box = explorer.locator(".pad").bounding_box()
        assert box
        scrolled = page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
        before, start = frame(explorer), explorer.evaluate(_PIXELS)
        hand = context.new_cdp_session(page)

        def touch(kind: str, *points: tuple[float, float]) -> None:
            hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        touch("touchStart", middle)
        for i in range(12):
            touch("touchMove", (middle[0], middle[1] - 8 * i))
            page.wait_for_timeout(20)
        touch("touchEnd")
        page.wait_for_timeout(500)
        assert frame(explorer) > before + 5
        assert explorer.evaluate(_PIXELS) != start
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == scrolled, "the pad moves, not the page"
        assert "place=p" in page.url
    finally:
        context.close()


def test_curves_follow_the_hand(seen: Watched, app: Server) -> None:
    page = seen.page
    explorer = opened(page, app, "run=sine-conv-stable&seed=2")
    start = explorer.evaluate(_PIXELS)
    traffic = Traffic(page)
    drag(page, explorer, [(0.4, 0.5), (0.7, 0.4)])
    page.wait_for_timeout(300)
    assert explorer.evaluate(_PIXELS) != start
    assert traffic.count == 0
    page.mouse.up()
    stand = explorer.evaluate(_STAND)
    assert np.abs(torch_draws(gan_core.load("sine-conv-stable"), stand) - np.array(stand["x"])).max() < 1e-3
    assert explorer.evaluate("root => root.explorer.data.real.length") > 0


def test_where_the_browser_cannot_the_server_does(browser: Browser, app: Server) -> None:
    from playwright.sync_api import expect

    with watched(browser) as hindered:
        page = hindered.page
        page.add_init_script("window.ganAtelierEngines = { get() { throw new Error('no engine here') } }")
        page.goto(f"{app.address}/latent?run=gan-stable&seed=6")
        expect(page.get_by_text("The browser could not run this generator (no engine here)", exact=False)).to_be_visible(timeout=PATIENCE)
        image = page.get_by_alt_text(re.compile("Image by GAN from this z"))
        expect(image).to_be_visible(timeout=PATIENCE)
        drawn = image.get_attribute("src")
        knob = page.get_by_role("slider").first
        for _ in range(20):
            knob.press("ArrowRight")
        page.wait_for_function("old => document.querySelector('img[alt*=\"from this z\"]').src !== old", arg=drawn)
        expect(page.get_by_text("of being real", exact=False)).to_be_visible()
        assert not hindered.complaints


def test_what_was_measured_is_what_is_drawn(seen: Watched, app: Server) -> None:
    """The feature maps are those of the last move, also after the small pictures have used the same engine."""
    page = seen.page
    explorer = opened(page, app, "run=dcgan-stable")
    explorer.get_by_text("Inside the generator").click()
    page.wait_for_timeout(500)
    canvases = explorer.locator(".features canvas")
    assert canvases.count() == 3
    pixels = "c => Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data)"
    before = canvases.nth(0).evaluate(pixels)
    explorer.locator(".pad").focus()
    page.keyboard.press("b")
    page.wait_for_timeout(700)
    assert canvases.nth(0).evaluate(pixels) != before
    page.keyboard.press("a")
    page.wait_for_timeout(700)
    assert json.dumps(canvases.nth(0).evaluate(pixels)) == json.dumps(before)


def test_terms_are_explained_by_hand_and_by_keyboard(app: Server, seen: Watched) -> None:
    """In a text of the page and in the explorer, on a telephone: a tap opens, Escape closes, Enter opens."""
    from playwright.sync_api import expect

    page = seen.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app.address}/latent?run=gan-stable")
    for term, start in (("D", "discriminator: "), ("prior", "prior: ")):
        button = page.get_by_role("button", name=term, exact=True)
        card = page.get_by_role("note").filter(has_text=start)
        expect(button).to_be_visible(timeout=PATIENCE)
        expect(card).to_have_count(0)
        button.click()
        expect(card).to_be_in_viewport(ratio=1)
        page.keyboard.press("Escape")
        expect(card).to_have_count(0)
        button.focus()
        page.keyboard.press("Enter")
        expect(card).to_be_in_viewport(ratio=1)
        page.keyboard.press("Escape")
