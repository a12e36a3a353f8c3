"""Event files, read back with TensorBoard's own reader."""

import sys

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from gan_core import jobs, runs
from gan_core.errors import AtelierError
from gan_core.gans.config import configure
from gan_core.jobs import recorder
from gan_core.storage import atomic
from tests.configs import small


def read(run: runs.Run) -> EventAccumulator:
    board = EventAccumulator(str(run.tensorboard_path), size_guidance={"scalars": 0, "images": 0, "histograms": 0})
    board.Reload()
    return board


def with_board(variant: str, steps: int):
    return small(variant, steps=steps).model_copy(update={"tensorboard": True})


def test_event_files_hold_what_the_run_folder_holds():
    run = runs.new(with_board("cgan", 5))
    list(recorder.work(run))
    board = read(run)
    records = run.records()[0]
    for name in records[0].keys() - {"step", "seconds"}:
        points = {event.step: event.value for event in board.Scalars(name)}
        assert points == pytest.approx({record["step"]: record[name] for record in records if name in record}), name
    probed = [(probe["step"], pytest.approx(probe["kid1k"], rel=1e-4)) for probe in run.probes]
    assert [(event.step, event.value) for event in board.Scalars("probe/kid1k")] == probed
    assert [(event.step, event.value) for event in board.Scalars("look/legible")] == [(look["step"], look["legible"]) for look in run.looks]
    assert [e.step for e in board.Images("samples")] == [grid.step for grid in run.samples]
    assert board.Images("samples")[-1].encoded_image_string.startswith(b"\x89PNG")
    assert (board.Images("samples")[-1].width, board.Images("samples")[-1].height) == (298, 238)
    assert board.Histograms("scores/real")[-1].step == 5


def test_resuming_leaves_one_value_a_step():
    run = runs.new(with_board("gan", 4))
    list(recorder.work(run))
    kept = {path: path.read_bytes() for path in (run.resume_path, run.weights, run.config_path)}
    for steps in (9, 7):  # to step 9, killed after the checkpoint of step 4, and again from there
        for path, content in kept.items():
            path.write_bytes(content)
        atomic.write(run.config_path, with_board("gan", steps).model_dump_json().encode())
        list(recorder.work(run))
    board = read(run)
    assert [event.step for event in board.Scalars("D/loss")] == [1, 2, 3, 4, 5, 6, 7]
    values = [event.value for event in board.Scalars("D/loss")]
    assert values == pytest.approx([record["D/loss"] for record in run.records()[0]])


def test_curves_have_numbers_and_no_pictures():
    run = runs.new(with_board("sine-mlp", 2))
    list(recorder.work(run))
    tags = read(run).Tags()
    assert "D/loss" in tags["scalars"]
    assert tags["images"] == []


def test_without_the_option_there_is_no_folder():
    run = runs.new(small("gan", steps=1))
    list(recorder.work(run))
    assert not run.tensorboard_path.exists()


def test_without_the_package_it_is_said_before_anything_is_written(monkeypatch, runs_folder):
    monkeypatch.setattr(sys, "path", [])  # nothing more can be found
    monkeypatch.delitem(sys.modules, "tensorboard", raising=False)
    monkeypatch.setattr(sys, "path_importer_cache", {})
    config = configure("gan", steps=1, tensorboard=True)
    with pytest.raises(AtelierError, match="pip install tensorboard"):
        jobs.submit(config)
    assert not runs_folder.exists()
    assert runs.own() == []
