"""The page Home, run without a browser: every variant, samples of what is shipped, and what is missing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from streamlit.testing.v1 import AppTest

from gan_core.gans.variants import VARIANTS
from gan_core.runs import Run
from tests.pages.app import ROOT, page_links, pictures, said


def test_home_shows_every_variant_and_imports_no_torch() -> None:
    code = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=60).run()
assert not app.exception, app.exception
assert "torch" not in sys.modules, "torch was imported"
print(*(m.value for m in app.markdown), sep="\\n")
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    for variant in VARIANTS.values():
        assert f"#### {variant.title} " in done.stdout
        assert variant.idea in done.stdout


def test_home_draws_shipped_samples_and_admits_what_is_missing(trained: dict[str, Path], shipped_folder: Path) -> None:
    for name in ("gan", "sine-mlp"):
        shutil.copytree(trained[name], shipped_folder / f"{name}-stable")
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    drawn = pictures(app)
    assert len(drawn) == 2
    assert "data:image/png" in drawn[0]
    assert 'alt="Samples of GAN after 6 steps"' in drawn[0]
    assert "data:image/svg+xml" in drawn[1]
    assert len(app.info) == len(VARIANTS) - 2
    there = page_links(app)
    assert ("Explore", "run=gan-stable") in there
    assert {f"variant={name}" for name in VARIANTS} == {query for label, query in there if label == "Train it"}
    assert app.get("latex") or "\\min" in said(app)


def test_a_damaged_sample_leaves_the_gallery_standing(trained: dict[str, Path], shipped_folder: Path) -> None:
    shutil.copytree(trained["sine-mlp"], shipped_folder / "sine-mlp-stable")
    Run(shipped_folder / "sine-mlp-stable").samples[-1].file.write_text("not JSON")
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    assert len(app.info) == len(VARIANTS)
