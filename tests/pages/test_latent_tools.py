"""The panels around a sample, run without a browser on shipped generators."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from streamlit.testing.v1 import AppTest

import gan_core
from gan_core import data, pictures, runs, settings
from gan_core.export import onnx
from gan_core.jobs.recorder import work
from gan_core.runs import folders
from gan_core.trained import paths
from pages.latent_space.tools import code, inversion, neighbours, score
from tests.configs import small

SCRIPT = """
import streamlit as st, torch
from gan_core import runs
from pages.latent_space.tools import arithmetic, code, interpolation, inversion, neighbours, score, tabs
from pages.shared import models
from pages.shared.latent_point import Point

model = models.load(runs.find(st.session_state["run"]))
y = torch.eye(10)[3:4] if model.variant.classes else None
point = Point(model, model.latents(1, 4), y)
other = Point(model, model.latents(1, 50), y)

def go(place):
    st.session_state["gone"] = place

panel = st.session_state["panel"]
if panel in ("arithmetic", "around"):
    {"arithmetic": lambda: arithmetic.draw(point, go, [("mine", other)]), "around": lambda: tabs.draw(point, 4, go)}[panel]()
elif panel == "film":
    interpolation.draw(point, [("mine", other)])
elif panel == "find":
    inversion.draw(point, go)
elif panel == "snippet":
    code.draw(point, 4)
else:
    {"nearest": neighbours, "verdict": score}[panel].draw(point)
"""


@pytest.fixture(autouse=True)
def shipped_folder() -> None:
    """The shipped runs themselves: it is their generators that are drawn here."""


@pytest.fixture
def shown(tmp_path: Path):
    """A panel on a generator, as a page of its own."""
    path = tmp_path / "page.py"
    path.write_text(SCRIPT)

    def run(panel: str, name: str = "cgan-stable", **state) -> AppTest:
        app = AppTest.from_file(str(path), default_timeout=120)
        for key, value in {"panel": panel, "run": name, **state}.items():
            app.session_state[key] = value
        app.run()
        assert not app.exception
        return app

    return run


def said(app: AppTest) -> str:
    return "\n".join(e.value for kind in (app.markdown, app.caption, app.info, app.error) for e in kind)


def pictures_of(app: AppTest) -> list[str]:
    return [element.proto.body for element in app.get("html")]


@pytest.mark.parametrize("panel", ["nearest", "verdict", "film", "snippet", "arithmetic", "find", "around"])
@pytest.mark.parametrize("name", ["gan-stable", "cgan-mlp-stable", "wgan-stable", "sine-conv-stable"])
def test_every_panel_draws_every_kind_of_generator(shown, panel, name):
    app = shown(panel, name)
    assert not app.error
    assert said(app)


def test_nearest_shows_five_neighbours_and_says_where_it_searched(shown, monkeypatch, tmp_path):
    monkeypatch.setenv(settings.variable("data"), str(tmp_path))  # no full MNIST: the built-in digits are searched, and that is said
    app = shown("nearest")
    assert len(pictures_of(app)) == 6
    assert "5,000" in said(app)
    assert "This GAN was trained on: MNIST." in said(app)
    assert "What is too near is known" in said(app)


def test_a_copy_is_called_suspicious(mnist):
    from gan_core.trained.neighbours import nearest

    pixels, _ = data.image_arrays("mnist")
    copy = nearest(torch.from_numpy(pixels[5]).float().view(1, 1, 28, 28) / 255, "mnist")
    assert "Suspiciously near" in neighbours.verdict(copy)
    assert "Not memorised" in neighbours.verdict(nearest(torch.rand(1, 1, 28, 28), "mnist"))


def test_the_verdict_says_what_d_and_the_judge_say(shown):
    words = said(shown("verdict"))
    assert ":blue[**D**] gives it **" in words
    assert "its own samples." in words
    assert "The **judge** reads a **3**" in words
    assert score.words(0.5, [0.0, 1.0, 0.5, 0.4], []) == "D scores it above 62% of its own samples."
    assert "judge" not in said(shown("verdict", "sine-mlp-stable"))


def test_arithmetic_hands_its_result_over(shown):
    app = shown("arithmetic")
    model = gan_core.load("cgan-stable")
    app.selectbox(key="arithmetic-1").select("mine")
    app.number_input(key="arithmetic-seed-2").set_value(9).run()
    app.button(key="arithmetic-go").click().run()
    gone = app.session_state["gone"]
    wanted = paths.arithmetic(model.prior, model.latents(1, 4), model.latents(1, 50), model.latents(1, 9))
    assert torch.equal(gone.z, wanted)
    assert gone.digit == 3
    assert len(pictures_of(app)) == 4


def test_a_film_goes_to_a_seed_or_round(shown):
    app = shown("film")
    assert "to that of seed 1" in said(app)
    app.segmented_control(key="film-way").set_value("Round trip").run()
    assert not app.exception
    assert "through 4 others and back" in said(app)  # this one, the bookmark, three seeds


def test_a_test_digit_is_found_and_handed_over(shown, mnist):
    app = shown("find", digit_from="Test digit", image=7)
    words = said(app)
    assert "Left: your digit. Right: the generator's" in words
    assert "The search took" in words
    (mark,) = app.session_state[inversion._FOUND]
    way = app.session_state[inversion._FOUND][mark]
    assert way.frames[-1][1] < way.frames[0][1]
    app.button(key="find-go").click().run()
    assert app.session_state["gone"].z[0].tolist() == way.z
    assert app.session_state["gone"].digit == way.y
    assert len(app.session_state[inversion._FOUND]) == 1  # not searched again


def test_an_upload_that_is_no_picture_gets_a_sentence(shown):
    app = shown("find", digit_from="Upload")
    app.file_uploader(key="judge-upload").upload("digit.png", b"no picture", "image/png").run()
    assert "no readable PNG, JPEG or WebP" in app.error[0].value


def test_an_uploaded_digit_is_prepared_and_found(shown):
    pixels, _ = data.image_arrays("digits-5k")
    large = 255 - pixels[2600].repeat(8, 0).repeat(8, 1)
    app = shown("find", "gan-stable", digit_from="Upload")
    app.file_uploader(key="judge-upload").upload("digit.png", pictures.to_png(large), "image/png").run()
    assert not app.error
    assert not app.exception
    assert "root mean square error" in said(app)


def test_a_run_of_clothes_says_so(shown, monkeypatch):
    run = runs.new(small("gan").model_copy(update={"data": "digits-5k"}))
    for _ in work(run):
        pass
    content = run.config_path.read_text().replace('"digits-5k"', '"fashion-mnist"')
    clothes = Path(shutil.copytree(run.folder, run.folder.with_name("clothes")))
    (clothes / "config.json").write_text(content)
    monkeypatch.setenv(settings.variable("data"), str(clothes))
    assert "is not on this machine" in said(shown("nearest", "clothes"))
    assert "has not learned digits" in said(shown("find", "clothes"))
    assert "judge" not in said(shown("verdict", "clothes"))


def test_films_and_sheets_of_images_and_of_curves():
    grey = np.arange(5, dtype=np.uint8)[:, None, None] * np.full((5, 28, 28), 50, np.uint8)
    curves = np.sin(np.linspace(0, 6, 50)[None] + np.arange(5)[:, None])
    for samples, size in ((grey, (224, 224)), (curves, pictures.CURVE_SIZE)):
        with Image.open(io.BytesIO(pictures.film(samples, 1.0, ping_pong=True))) as film:
            assert film.n_frames == 8  # 0 1 2 3 4 3 2 1
            assert film.size == size
            assert film.info["loop"] == 0
        with Image.open(io.BytesIO(pictures.film(samples, 1.0, ping_pong=False))) as film:
            assert film.n_frames == 5
    with Image.open(io.BytesIO(pictures.sheet(grey, 3))) as sheet:
        assert sheet.size == (3 * 120 + 8, 2 * 120 + 8)
        assert [sheet.getpixel((60 + 120 * i, 60)) for i in range(3)] == [0, 50, 100]
    with Image.open(io.BytesIO(pictures.sheet(curves, 3))) as sheet:
        assert sheet.size == (3 * 168 + 8, 2 * 108 + 8)


def test_an_onnx_file_that_cannot_be_made_is_no_download_but_a_sentence(shown, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not shown("snippet").get("download_button")[0].proto.disabled
    monkeypatch.setattr(onnx, "why_not", lambda: "ONNX files are written with the package onnx, which is not installed.")
    app = shown("snippet")
    assert app.get("download_button")[0].proto.disabled
    assert "which is not installed" in app.info[0].value


def test_an_onnx_file_is_made_once_and_not_by_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(onnx, "encode_apart", lambda run: made.append(run.id) or b"onnx")
    monkeypatch.setattr(onnx, "encode", lambda model: pytest.fail("made in the server"))
    code._onnx.clear()
    for _ in range(2):
        assert code._onnx(str(folders.SHIPPED / "cgan-stable"), "weights-0010000.safetensors") == b"onnx"
    assert made == ["cgan-stable"]
    code._onnx.clear()
