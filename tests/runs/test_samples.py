"""Sample grids: files of a run that trains, one file of a shipped one, read alike."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_core import pictures
from gan_core.evaluation import ship
from gan_core.jobs import recorder
from gan_core.runs import Run, folders, new
from gan_core.runs.samples import bundled
from gan_core.settings import ROOT
from tests.configs import small


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)))


@pytest.mark.parametrize("variant", ["gan", "sine-mlp"])
def test_one_file_gives_what_many_gave(variant: str, tmp_path: Path) -> None:
    run = new(small(variant))
    list(recorder.work(run))
    before = [(grid.step, grid.name, grid.drawn, grid.read()) for grid in run.samples]
    assert len(before) == 5
    (tmp_path / "samples.zip").write_bytes(bundled((name, content) for _, name, _, content in before))
    shipped = Run(tmp_path)
    assert [(grid.step, grid.name, grid.drawn, grid.read()) for grid in shipped.samples] == before


def test_shipping_keeps_the_replay_in_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "SHIPPED", tmp_path / "checkpoints")
    run = new(small("gan"))
    list(recorder.work(run))
    shipped = ship.ship(run)
    assert not shipped.samples_path.exists()
    assert [grid.file for grid in shipped.samples] == [shipped.bundle_path] * len(run.samples)
    for mine, its in zip(run.samples, shipped.samples, strict=True):
        newest = mine == run.samples[-1]
        expected = pixels(mine.read()) if newest else pictures.in_shades(pixels(mine.read()))
        assert np.array_equal(pixels(its.read()), expected)
    first = shipped.bundle_path.read_bytes()
    assert ship.ship(run).bundle_path.read_bytes() == first, "the same grids make the same file"


def test_a_damaged_file_is_no_replay(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.bundle_path.write_bytes(b"no zip")
    assert run.samples == []
    good = bundled([("0000001.png", b"one"), ("notes.txt", b""), ("0000002.png", b"two")])
    run.bundle_path.write_bytes(good)
    first, second = run.samples
    assert (first.step, second.step) == (1, 2)
    run.bundle_path.write_bytes(bundled([("0000001.png", b"one")]))
    with pytest.raises(OSError, match="damaged"):
        second.read()
    assert [grid.step for grid in run.samples] == [1], "a file that was replaced is listed anew"


def test_every_shipped_run_has_its_replay_in_one_file() -> None:
    for config in (ROOT / "checkpoints").glob("*/config.json"):
        run = Run(config.parent)
        assert {grid.file for grid in run.samples} == {run.bundle_path}
        assert len(run.samples) >= 30
        assert all(len(grid.read()) > 100 for grid in run.samples)
