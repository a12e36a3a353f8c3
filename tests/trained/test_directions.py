"""Directions of runs: found, kept, read back, and those that ship."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
import torch
from streamlit.testing.v1 import AppTest

import gan_core
from gan_core import jobs, runs
from gan_core.errors import AtelierError
from gan_core.jobs.recorder import work
from gan_core.runs import Run, folders
from gan_core.storage import atomic, header
from gan_core.storage import tensors as checkpoints
from gan_core.trained import directions, paths
from tests.configs import small

SHIPPED = [run.id for run in runs.shipped()]


def trained(variant: str) -> Run:
    run = runs.new(small(variant))
    for _ in work(run):
        pass
    return run


@pytest.mark.parametrize("variant", ["gan", "cgan-mlp", "r3gan", "sine-conv"])
def test_directions_are_kept_and_read_back(variant):
    run = trained(variant)
    assert directions.of(run) is None
    found = directions.write(run, fitted=80)
    again = directions.of(run)
    assert again is not None
    assert [d.about for d in again.all] == [d.about for d in found.all]
    assert torch.equal(torch.stack([d.vector for d in again.all]), torch.stack([d.vector for d in found.all]))
    model = gan_core.load(run)
    assert [d.about.name for d in again.of("measured")] == list(directions.MEASURES[model.variant.kind])
    assert len(again.of("factorised")) == len(again.of("principal")) == 10
    for about, vector in again.all:
        assert vector.shape == (model.prior.size,)
        assert float(vector.norm()) == pytest.approx(1, abs=1e-5) or not vector.any(), about
        assert 0 <= about.holds <= 1
    assert sorted(again.order) == list(range(model.prior.size))
    assert run.directions_path.stat().st_size <= 100_000


def test_directions_of_other_weights_count_for_nothing():
    run = trained("gan")
    directions.write(run, fitted=40)
    run.weights.rename(run.weights_path(9))
    assert directions.of(run) is not None  # the same weights by another name
    tensors = {name: t + 1 for name, t in checkpoints.read(run.weights, _layout(run)).items()}
    atomic.write(run.weights, checkpoints.encode(tensors))
    assert directions.of(run) is None


def _layout(run):
    model = gan_core.load(run)
    return checkpoints.layout_of(checkpoints.weights_of(model.G, model.D))


def test_a_damaged_file_is_said_to_be_so():
    run = trained("gan")
    directions.write(run, fitted=40)
    whole = run.directions_path.read_bytes()
    for content, words in (
        (whole[:-9], "cut off"),
        (b"nonsense" * 9, "not a safetensors file"),
        (checkpoints.encode({"vectors": torch.zeros(1, 1)}), "does not say what it holds"),
        (checkpoints.encode({"vectors": torch.zeros(26, 100)}, about=_about(run)), "influence is missing"),
        (checkpoints.encode({"vectors": torch.zeros(26, 7), "influence": torch.zeros(100)}, about=_about(run)), "shape"),
    ):
        run.directions_path.write_bytes(content)
        with pytest.raises(AtelierError, match=words):
            directions.of(run)
        run.directions_path.write_bytes(whole)


def _about(run):
    return header.metadata_of(run.directions_path)["about"]


def test_a_run_without_weights_has_none():
    run = runs.new(small("gan"))
    assert directions.of(run) is None
    with pytest.raises(AtelierError, match="no weights yet"):
        directions.write(run)


class Slanted(torch.nn.Module):
    """A bar that leans by the first coordinate of z and is as thick as the second says; the others do nothing."""

    pixels = (0.0, 1.0)

    def __init__(self) -> None:
        super().__init__()
        self.act = torch.nn.ReLU()

    def forward(self, z, y=None):
        self.act(z)
        rows, columns = torch.meshgrid(torch.arange(28.0), torch.arange(28.0), indexing="ij")
        lean = z[:, 0, None, None] * 0.4 * (14 - rows)
        half = 1.6 + 0.6 * z[:, 1, None, None]
        inside = half - (columns - 14 - lean).abs() + 0.5
        return (inside.clamp(0, 1) * ((rows > 3) & (rows < 24))).unsqueeze(1)


def test_measured_directions_are_the_true_ones_where_these_are_known():
    model = gan_core.load(trained("gan"))
    model.G = Slanted()
    found = directions.find(model, fitted=800)
    slant, thick, loops = found.named("slant"), found.named("thickness"), found.named("loops")
    assert slant.vector[0] > 0.98
    assert thick.vector[1] > 0.98
    assert slant.about.holds > 0.85  # the lean is bounded, the amount moved is not
    assert slant.about.quality == "reliable"
    assert abs(slant.about.effects["thickness"]) < 0.2
    assert loops.about.step is None  # a bar has none, so no way leads to one
    assert loops.about.weak
    assert found.order[:2] == [0, 1]
    with pytest.raises(AtelierError, match="no direction 'beauty'"):
        found.named("beauty")

    z = model.latents(100, 7)
    left, right = (directions.morphology.measure(model.generate(paths.moved(model.prior, z, slant.vector, by))).slant for by in (-1.0, 1.0))
    assert ((right - left) / 2 / found.measures["slant"].sd).mean() == pytest.approx(1 / slant.about.step, rel=0.15)


def test_a_process_of_its_own_finds_them(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    run = trained("sine-mlp")  # curves: seconds
    jobs.find_directions(run)
    assert run.directions_task.at_work
    with pytest.raises(AtelierError, match="is running already"):
        jobs.find_directions(run)
    with pytest.raises(AtelierError, match="can be deleted afterwards"):
        jobs.delete(run)
    end = time.monotonic() + 240
    while run.directions_task.at_work and time.monotonic() < end:
        time.sleep(0.2)
    assert not run.directions_task.at_work
    assert run.directions_task.failure is None, run.directions_task.log_path.read_text()
    found = directions.of(run)
    assert found is not None
    assert found.fitted == directions.FITTED


def test_the_page_offers_to_find_them_and_then_does_not(tmp_path):
    run = trained("sine-mlp")
    script = tmp_path / "page.py"
    script.write_text(
        f"from gan_core import runs\nfrom pages.latent_space.tools import directions_job\ndirections_job.offer(runs.find({run.id!r}))\n"
    )
    app = AppTest.from_file(str(script), default_timeout=60).run()
    assert not app.exception
    assert app.button[0].label == "Find interpretable directions"
    assert not app.button[0].disabled
    run.directions_path.write_bytes(b"nonsense")
    assert "not a safetensors file" in app.run().warning[0].value
    directions.write(run, fitted=40)
    assert not app.run().button


def test_a_search_that_was_killed_says_so():
    run = trained("gan")
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    child.wait()
    task = run.directions_task
    task.prepare()
    assert task.at_work, "it may still begin"
    task.started(child.pid)
    assert not task.at_work
    assert "stopped unexpectedly" in task.failure
    task.log_path.write_text("first layer\n")
    assert "It printed last: first layer" in task.failure
    assert jobs.why_not_find_directions(run) is None
    assert "no weights yet" in jobs.why_not_find_directions(runs.new(small("gan")))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_run_has_directions_that_fit_its_weights(name):
    run = runs.find(folders.SHIPPED / name)
    found = directions.of(run)
    assert found is not None
    assert (found.fitted, found.held_out) == (directions.FITTED, directions.HELD_OUT)
    assert run.directions_path.stat().st_size <= 100_000
    about = json.loads(_about(run))
    assert about["weights"] == directions.fingerprint(run.weights)
