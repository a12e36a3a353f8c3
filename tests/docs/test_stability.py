"""The page on how long recipes stay good against the command that prints it, and the command on a short training."""

from pathlib import Path

import pytest
import torch

from benchmarks import degeneration, stability
from gan_core import data
from gan_core.evaluation import protocol
from gan_core.metrics import judge
from tests.configs import small

PAGE = Path(__file__).parents[2] / "docs" / "stability.md"


def test_the_table_of_the_page_is_what_the_command_prints():
    lines = PAGE.read_text().splitlines()
    trainings = stability.read(stability.FOLDER)
    printed = stability.table(trainings)
    assert trainings
    assert [line for line in printed if line not in lines] == []
    assert len([line for line in lines if line.startswith("| `")]) == len(trainings)


@pytest.fixture
def real(monkeypatch):
    """Two hundred of the built-in digits in MNIST's place."""
    monkeypatch.setattr(degeneration, "SAMPLES", 200)
    x = data.to_range(torch.from_numpy(data.image_arrays("digits-5k")[0][:200]), (0.0, 1.0))
    features, labels = judge.look(x)
    return protocol.Real(features=features, test=x, labels=labels, train=x)


def test_a_training_is_measured_at_evenly_spaced_steps_up_to_its_last(tmp_path, real):
    config = small("acgan", steps=6)
    stability.measure(config.model_copy(update={"settings": stability.VARIANTS["acgan"].recipes["stable"]}), real, 3, tmp_path)
    (training,) = stability.read(tmp_path)
    assert list(training.distances) == [2, 4, 6]
    assert training.last == 6
    assert training.falls == training.distances[6] / min(training.distances.values()) >= 1
    assert training.current
    stability.draw([training], tmp_path / "drawn.svg")
    assert (tmp_path / "drawn.svg").stat().st_size > 5_000


def test_a_training_of_an_earlier_recipe_is_said_to_be_one(tmp_path, real):
    stability.measure(small("acgan", steps=2), real, 1, tmp_path)  # batches of 8: not the recipe
    assert not stability.read(tmp_path)[0].current
    assert stability.table(stability.read(tmp_path))[-1].endswith("| an earlier one |")


def test_a_training_that_was_cut_off_does_not_count(tmp_path, real):
    stability.measure(small("acgan", steps=2), real, 2, tmp_path)
    path = next(tmp_path.glob("*.jsonl"))
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    assert stability.read(tmp_path) == []
