"""The page Home, run without a browser: the way to a training, the doors, every variant, and what is missing."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from gan_core.gans.variants import QUICK, VARIANTS
from gan_core.runs import Run
from pages.home import gallery
from pages.shared import images
from tests.pages.app import ROOT, charts, opened, page_links, pictures, said

SHIPPED = ROOT / "checkpoints"


def test_home_shows_every_variant_and_imports_no_torch() -> None:
    code = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=60).run()
assert not app.exception, app.exception
assert "torch" not in sys.modules, "torch was imported"
print(*(link.proto.label for link in app.get("page_link")), *(h.proto.body for h in app.get("html")), sep="\\n")
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    for variant in VARIANTS.values():
        assert f"**{variant.title}**" in done.stdout
        assert variant.idea.replace("'", "&#x27;") in done.stdout


def test_cards_draw_shipped_samples_lead_to_the_form_and_admit_what_is_missing(trained: dict[str, Path], shipped_folder: Path) -> None:
    for name in ("gan", "sine-mlp"):
        shutil.copytree(trained[name], shipped_folder / f"{name}-stable")
    app = opened("home")
    drawn = [picture for picture in pictures(app) if "<img" in picture]
    assert len(drawn) == 2
    assert "data:image/png" in drawn[0]
    assert 'alt="Samples of GAN after 6 steps"' in drawn[0]
    assert "data:image/svg+xml" in drawn[1]
    assert sum("No trained network ships" in picture for picture in pictures(app)) == len(VARIANTS) - 2
    there = page_links(app)
    assert [query for label, query in there if label == "Explore"] == ["run=gan-stable", "run=sine-mlp-stable"]
    for variant in VARIANTS.values():
        assert (f"**{variant.title}**", f"variant={variant.name}") in there
    assert app.get("latex") or "\\min" in said(app)


def test_a_damaged_sample_leaves_the_gallery_standing(trained: dict[str, Path], shipped_folder: Path) -> None:
    shutil.copytree(trained["sine-mlp"], shipped_folder / "sine-mlp-stable")
    Run(shipped_folder / "sine-mlp-stable").samples[-1].file.write_text("not JSON")
    app = opened("home")
    assert sum("missing or damaged" in picture for picture in pictures(app)) == 1
    assert sum("No trained network ships" in picture for picture in pictures(app)) == len(VARIANTS) - 1


@pytest.mark.parametrize("name", ["gan-stable", "acgan-stable"])  # eight images in a row, and ten
def test_a_card_shows_the_first_sixteen_images_of_the_grid(name: str) -> None:
    grid = Run(SHIPPED / name).samples[-1]
    whole, square = (Image.open(io.BytesIO(content)) for content in (grid.read(), gallery.large(grid, grid.written)))
    cell, columns = images.CELL, (whole.width + images.GAP) // images.CELL
    assert square.size == (4 * cell - images.GAP, 4 * cell - images.GAP)

    def image(of: Image.Image, x: int, y: int) -> bytes:
        return of.crop((x * cell, y * cell, x * cell + 28, y * cell + 28)).tobytes()

    for i in range(16):
        assert image(square, i % 4, i // 4) == image(whole, i % columns, i // columns), i


def test_the_doors_stand_in_the_order_of_learning() -> None:
    doors = [(label, query) for label, query in page_links(opened("home")) if label.startswith(("**1", "**2", "**3", "**4", "**5"))]
    assert doors == [
        ("**1 · Watch them fight**", f"variant={QUICK}"),
        ("**2 · Be the discriminator**", ""),
        ("**3 · Walk through latent space**", ""),
        ("**4 · Break one, and cure it**", "tab=break"),
        ("**5 · Compare**", ""),
    ]


def test_the_filled_button_goes_to_a_training_that_starts() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    asked = app.button(key="train-now").click().run().query_params
    assert {name: asked[name] for name in ("variant", "seconds", "start")} == {"variant": QUICK, "seconds": "20", "start": "1"}


def test_the_loop_holds_every_grid_of_the_shipped_run_with_what_is_known_of_it(shipped_folder: Path) -> None:
    run = Run(shutil.copytree(SHIPPED / "acgan-stable", shipped_folder / "acgan-stable"))
    run.looks_path.write_text("")
    run.append_look(run.samples[3].step, 1.0, {"n": 80, "legible": 7}, {})
    app = opened("home")
    sent = json.loads(next(c for c in charts(app) if "frames" in c))
    assert [frame["step"] for frame in sent["frames"]] == [grid.step for grid in run.samples]
    assert [(f["readable"], f["n"]) for f in sent["frames"][2:5]] == [(None, None), (7, 80), (None, None)]
    assert "Recorded: AC-GAN on MNIST, 1,200 steps in 53 s on CPU, 1 thread." in said(app)


def test_without_its_recording_home_says_so(shipped_folder: Path) -> None:
    assert "The recording that belongs here is missing or damaged." in said(opened("home"))
    run = Run(shutil.copytree(SHIPPED / "acgan-stable", shipped_folder / "acgan-stable"))
    run.bundle_path.write_bytes(b"no zip")
    assert "missing or damaged" in opened("home").info[0].value
