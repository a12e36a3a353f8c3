"""The lines of Python that draw an image again: run, and compared."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
import torch
from PIL import Image

import gan_core
from gan_core import runs, settings
from gan_core.export import snippet
from gan_core.jobs.recorder import work
from gan_core.runs import folders
from tests.configs import small


def drawn_by(code, tmp_path):
    """What a fresh interpreter that runs the lines leaves behind: the picture, 28 x 28."""
    (tmp_path / "lines.py").write_text(code)
    root = folders.SHIPPED.parent
    done = subprocess.run(
        [sys.executable, str(tmp_path / "lines.py")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_lines_draw_exactly_this_image_from_seed_and_moves(tmp_path):
    model = gan_core.load("cgan")
    z = model.latents(1, seed=11)
    z[0, 3], z[0, 40] = 0.1234567, -0.987654321
    y = torch.nn.functional.one_hot(torch.tensor([7]), 10).float()
    code = snippet.lines_of(model, z, y, seed=11)
    assert "seed=11" in code
    assert len(code.splitlines()) <= 14
    drawn_by(code, tmp_path)
    with Image.open(tmp_path / "sample.png") as image:
        picture = np.asarray(image)[::10, ::10]
    assert np.array_equal(picture, model.grey(model.generate(z, y))[0])


@pytest.mark.parametrize("name", ["gan", "cgan-mlp", "sine-conv"])
def test_the_lines_draw_exactly_any_z(name):
    model = gan_core.load(name)
    z = model.latents(2, seed=3).mean(0, keepdim=True)
    y = torch.tensor([[0.25, 0.75] + [0.0] * 8]) if model.variant.classes else None
    names = {}
    code = snippet.lines_of(model, z, y).replace('.save("sample.png")', "")
    exec(code, names)  # noqa: S102 # what visitors are invited to run
    assert torch.equal(names["x"], model.generate(z, y))


def test_rows_after_the_first_and_own_runs_are_said_as_they_are():
    run = runs.new(small("gan"))
    for _ in work(run):
        pass
    model = gan_core.load(run)
    z = model.latents(4, seed=2)[3:]
    code = snippet.lines_of(model, z, seed=2, row=3)
    assert "run.latents(4, seed=2)[3:]" in code
    assert settings.variable("runs") in code
    names = {}
    exec(code.replace('.save("sample.png")', ""), names)  # noqa: S102
    assert torch.equal(names["z"], z)
