"""Shipping: a finished run among those that come with the project, small, whole, or not at all."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import gan_core
from gan_core import pictures, runs
from gan_core.errors import AtelierError
from gan_core.evaluation import protocol, ship
from gan_core.jobs import recorder
from gan_core.metrics import judge, judge_training
from gan_core.runs import SampleGrid, folders
from gan_core.storage import atomic
from gan_core.storage import tensors as checkpoints
from tests.configs import small


def test_shipping_keeps_what_counts(monkeypatch, tmp_path):
    monkeypatch.setattr(folders, "SHIPPED", tmp_path / "checkpoints")
    run = runs.new(small("cgan", steps=5))
    with pytest.raises(AtelierError, match="only a finished run"):
        ship.ship(run)
    list(recorder.work(run))
    shipped = ship.ship(run)
    assert shipped.id == "cgan-stable"
    assert shipped.status.state == "finished"
    assert not shipped.resume_path.exists()
    for kept, record in zip(shipped.records()[0], run.records()[0], strict=True):
        assert kept == pytest.approx(record, rel=5e-4)
        assert (kept["step"], kept["seconds"]) == (record["step"], record["seconds"])
    assert [grid.step for grid in shipped.samples] == [grid.step for grid in run.samples]
    mine, its = gan_core.load(run), gan_core.load(shipped)
    assert (mine.sample(10) - its.sample(10)).abs().max() < 0.01  # half precision
    assert shipped.weights.stat().st_size < 0.55 * run.weights.stat().st_size
    assert its.G.layers[0].weight.dtype == torch.float32


def test_a_replay_in_fewer_shades_is_close_to_what_was_drawn(tmp_path):
    grey = np.random.default_rng(0).integers(0, 256, (64, 28, 28)).astype(np.uint8)
    (tmp_path / "0000001.png").write_bytes(pictures.mosaic(grey, 8))
    less = ship._fewer_shades(SampleGrid(1, tmp_path / "0000001.png"))
    before = np.asarray(Image.open(tmp_path / "0000001.png")).astype(int)
    after = np.asarray(Image.open(io.BytesIO(less))).astype(int)
    assert np.abs(before - after).max() <= 7
    assert len(np.unique(after)) <= pictures.SHADES
    assert len(less) < 0.75 * (tmp_path / "0000001.png").stat().st_size


def test_shipping_that_fails_keeps_what_was_shipped(monkeypatch, tmp_path):
    monkeypatch.setattr(folders, "SHIPPED", tmp_path / "checkpoints")
    run = runs.new(small("gan", steps=1))
    list(recorder.work(run))
    before = ship.ship(run).weights.read_bytes()
    trained = gan_core.load(run)
    trained.G.layers[0].weight[0, 0] = 1e6  # more than half precision holds
    run.weights.write_bytes(checkpoints.encode(checkpoints.weights_of(trained.G, trained.D)))
    with pytest.raises(AtelierError, match="half precision"):
        ship.ship(run)
    assert runs.Run(tmp_path / "checkpoints" / "gan-stable").weights.read_bytes() == before


@pytest.mark.parametrize("after", [1, 2, 4])
def test_a_disk_that_fills_up_leaves_what_was_shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, after: int) -> None:
    monkeypatch.setattr(folders, "SHIPPED", tmp_path / "checkpoints")
    run = runs.new(small("sine-mlp", steps=2))
    list(recorder.work(run))
    before = ship.ship(run)
    files = {path.name: path.read_bytes() for path in before.folder.rglob("*") if path.is_file()}
    written, write = 0, atomic.write

    def full(path: Path, content: bytes) -> None:
        nonlocal written
        written += 1
        if written > after:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(path, content)

    monkeypatch.setattr(atomic, "write", full)
    with pytest.raises(AtelierError, match="No space left|disk is full"):
        ship.ship(run)
    assert {path.name: path.read_bytes() for path in before.folder.rglob("*") if path.is_file()} == files
    assert [path.name for path in (tmp_path / "checkpoints").iterdir()] == ["sine-mlp-stable"], "no half of the new one is left"
    monkeypatch.setattr(atomic, "write", write)
    assert gan_core.load(ship.ship(run)).sample(2).shape == (2, 16)


def test_a_new_judge_is_the_judge_everywhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The copy on a GPU too; here one on the CPU stands for it."""
    cpu = torch.device("cpu")
    here, there = judge.load(), judge._on_gpu(cpu)
    monkeypatch.setattr(judge, "FILE", tmp_path / "judge.safetensors")
    monkeypatch.setattr(judge_training, "train_judge", lambda say: here)
    monkeypatch.setattr(protocol, "measure_judge", dict)
    protocol.judge_anew(print)
    try:
        assert judge.load() is not here
        assert judge._on_gpu(cpu) is not there
    finally:
        judge.forget()


def test_a_recording_opens_by_its_name_and_is_in_no_menu(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(folders, "SHIPPED", tmp_path / "checkpoints")
    run = runs.new(small("gan", steps=5))
    with pytest.raises(AtelierError, match="only a run that has ended"):
        ship.record(run, "wide-broken")
    list(recorder.work(run))
    kept = ship.record(run, "wide-broken")
    assert runs.find("wide-broken").folder == kept.folder
    assert kept.shipped, "nobody may change it"
    assert runs.shipped() == []
    assert not kept.has_weights
    assert kept.config == run.config
    assert [look["step"] for look in kept.looks] == [look["step"] for look in run.looks]
    assert {look["step"] for look in kept.looks if look["scores"]} == {grid.step for grid in kept.samples}
    assert kept.samples[-1].step == 5
    assert max(len(scores) for look in kept.looks for scores in look["scores"].values()) <= ship.RECORDED.scores


def test_a_picture_that_stays_is_recorded_once_and_at_its_end(tmp_path: Path) -> None:
    grey = np.random.default_rng(0).integers(0, 256, (64, 28, 28)).astype(np.uint8)
    for step, shift in enumerate((0, 0, 1, 9, 9)):
        (tmp_path / f"{step}.png").write_bytes(pictures.mosaic(np.roll(grey, shift, 0), 8))
    grids = [SampleGrid(step, tmp_path / f"{step}.png") for step in range(5)]
    assert [grid.step for grid in ship._moved(grids, 2.0)] == [0, 2, 3, 4]
    assert ship._moved(grids, 0.0) == grids
