"""Looks: what they say of grids whose content is known, and that they change nothing of a training."""

import numpy as np
import pytest
import torch

from gan_core import runs
from gan_core.data.curves import seeded_curves
from gan_core.data.images import image_arrays, to_range
from gan_core.evaluation import looking
from gan_core.gans.config import configure
from gan_core.jobs import recorder
from gan_core.metrics import legibility
from gan_core.storage import atomic
from gan_core.training.events import Grid, Look
from gan_core.training.fixed_grid import grid
from gan_core.training.look import Looker
from gan_core.training.loop import train
from gan_core.training.state import State
from gan_core.training.step import train_step
from tests.configs import each_recipe, small


def of(variant: str, **changes: object) -> Looker:
    return Looker(configure(variant, **changes), (0.0, 1.0))


def noise(n: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (n, 28, 28)).astype(np.uint8)


def held_out() -> tuple[np.ndarray, np.ndarray]:
    """The built-in digits that legibility does not compare with."""
    pixels, labels = image_arrays("digits-5k")
    rows = np.concatenate([np.flatnonzero(labels == k)[legibility.KEPT :] for k in range(10)])
    return pixels[rows], labels[rows]


def share(x: np.ndarray) -> float:
    return legibility.read(to_range(torch.from_numpy(np.ascontiguousarray(x)), (0.0, 1.0)))[0].double().mean().item()


def test_real_digits_can_be_read():
    x, y = held_out()
    readable, opinions = legibility.read(to_range(torch.from_numpy(x[::4]), (0.0, 1.0)))
    assert (readable & (opinions == torch.from_numpy(y[::4].astype("int64")))).double().mean() > 0.95


def test_images_of_mnist_that_the_judge_never_saw_can_be_read(mnist):
    assert share(image_arrays("mnist", train=False)[0][:2_000]) > 0.95


@pytest.mark.parametrize("kind", ["noise", "black", "sparse", "blob", "untrained", "shuffled"])
def test_what_is_no_digit_cannot(kind):
    random = np.random.default_rng(1)
    y, x = np.mgrid[:28, :28] - 13.5
    pictures = {
        "noise": lambda: noise(200),
        "black": lambda: np.zeros((5, 28, 28), np.uint8),
        "sparse": lambda: (255 * (random.random((200, 28, 28)) < 0.13)).astype(np.uint8),
        "blob": lambda: np.stack([(255 * np.exp(-(x**2 + y**2) / (2 * width**2))).astype(np.uint8) for width in np.linspace(1, 9, 50)]),
        "untrained": lambda: np.concatenate([grid(State.fresh(small(name)))[1] for name in ("gan", "dcgan", "acgan", "wgan", "r3gan")]),
        "shuffled": lambda: held_out()[0][:200].reshape(-1, 784)[:, random.permutation(784)].reshape(-1, 28, 28),
    }
    assert share(pictures[kind]()) <= 0.02
    images = to_range(torch.from_numpy(np.ascontiguousarray(pictures[kind]())), (0.0, 1.0))
    asked = torch.arange(len(images)) % 10
    assert legibility.read(images, asked=asked)[0].double().mean() <= 0.1, "nor, but by chance, as what was asked for"


def test_a_grid_of_real_digits_is_read_as_what_it_is():
    x, y = held_out()
    look, asked = of("acgan"), np.tile(np.arange(10), 8)
    rows = [np.flatnonzero(y == k)[i] for i, k in enumerate(asked)]
    seen = look.numbers(x[rows])
    assert seen["n"] == 80
    assert seen["legible"] >= 72
    assert seen["digits"] == 10
    assert seen["variety"] == pytest.approx(1, abs=0.1)
    assert seen["ink"] == pytest.approx(1, abs=0.1)
    wrong = look.numbers(x[np.roll(rows, 1)])  # every digit is another one than was asked for
    assert wrong["legible"] <= 2
    ones = x[np.flatnonzero(y == 1)[:64]]
    seen = of("gan").numbers(ones)  # a GAN that cannot be asked: any digit counts
    assert seen["n"] == 64
    assert seen["legible"] >= 58
    assert seen["digits"] == 1
    assert seen["variety"] < 0.6
    seen = of("gan").numbers(np.repeat(ones[:1], 64, 0))
    assert seen["variety"] == 0
    assert of("gan").numbers(noise(64)).items() >= {"legible": 0, "digits": 0}.items()


def test_images_that_the_judge_cannot_read_are_not_read(monkeypatch):
    monkeypatch.setattr("gan_core.training.look.image_arrays", lambda name: (noise(500), np.arange(500) % 10))
    seen = of("gan", data="fashion-mnist").numbers(noise(64))
    assert seen.keys() == {"n", "variety", "ink"}
    assert seen["ink"] == pytest.approx(1, abs=0.02)


def test_without_its_data_a_look_says_less(monkeypatch, tmp_path):
    monkeypatch.setenv("GAN_ATELIER_DATA", str(tmp_path))
    look = of("gan", data="mnist")
    assert look.numbers(noise(64)) == {"n": 64, "legible": 0, "digits": 0}
    state = State.fresh(small("gan"))
    assert look.scores(state.D, grid(state)[0]) == {}


def test_curves_are_fitted():
    look = of("sine-conv")
    family = seeded_curves("sine-family", 16, 3).numpy()
    seen = look.numbers(family)
    assert seen["n"] == 16
    assert seen["rmse"] < 1e-3
    assert seen["amplitude"] == pytest.approx(0.5, abs=1e-3)
    assert 5 <= seen["phases"] <= 8
    assert look.numbers(np.repeat(family[:1], 16, 0))["phases"] == 1
    seen = look.numbers(np.random.default_rng(0).normal(size=(16, 50)))
    assert seen["rmse"] > 0.5
    assert seen["phases"] <= 1
    one = of("sine-mlp").numbers(seeded_curves("sine-fixed", 16, 3).numpy())
    assert one.keys() == {"n", "rmse", "amplitude"}
    assert one["amplitude"] == pytest.approx(1, abs=1e-3)
    assert look.numbers(np.full((16, 50), np.nan)) == {"n": 16}


@each_recipe
def test_a_look_changes_nothing_and_its_scores_are_those_of_d(variant, recipe):
    plain, watched = State.fresh(small(variant, recipe)), State.fresh(small(variant, recipe))
    look = Looker(watched.config, watched.G.pixels)
    for _ in range(2):
        train_step(plain)
        seen, again = (look(watched, *grid(watched)) for _ in range(2))
        train_step(watched)
    for mine, its in ((plain.G, watched.G), (plain.D, watched.D), (plain.ema_or_G, watched.ema_or_G)):
        assert all(torch.equal(a, b) for a, b in zip(mine.state_dict().values(), its.state_dict().values(), strict=True))
        assert [m.training for m in mine.modules()] == [m.training for m in its.modules()]
    assert seen == again
    assert {name: len(scores) for name, scores in seen.scores.items()} == {"real": seen.numbers["n"], "fake": seen.numbers["n"]}


def test_d_scores_these_very_samples():
    """A D that gives the sum of the pixels gives the sums of the grid's pixels."""

    class Sum(torch.nn.Module):
        def forward(self, x, y=None):
            return x.flatten(1).sum(1)

    state = State.fresh(small("gan"))
    state.D = Sum()
    x, array = grid(state)
    seen = Looker(state.config, state.G.pixels)(state, x, array)
    assert seen.scores["fake"] == pytest.approx(array.reshape(64, -1).sum(1) / 255, abs=2)
    assert seen.scores["fake"] == pytest.approx(x.flatten(1).sum(1).tolist(), rel=1e-3)


@pytest.mark.parametrize("variant", ["cgan", "gan", "sine-mlp", "sine-conv"])
def test_every_grid_has_its_look(variant):
    events = [event for event in train(small(variant, steps=3)) if isinstance(event, Grid | Look)]
    assert [type(event) for event in events] == [Grid, Look] * 4
    assert [event.step for event in events] == [0, 0, 1, 1, 2, 2, 3, 3]


def test_looks_are_kept_one_a_grid_even_of_a_run_that_was_stopped():
    straight, stopped = runs.new(small("cgan", steps=4)), runs.new(small("cgan", steps=2))
    for run in (straight, stopped):
        list(recorder.work(run))
    atomic.write(stopped.config_path, straight.config_path.read_bytes())
    list(recorder.work(stopped))

    def seen(run):
        return [{name: value for name, value in look.items() if name != "seconds"} for look in run.looks]

    assert [look["step"] for look in straight.looks] == [grid.step for grid in straight.samples] == [0, 1, 2, 3, 4]
    assert seen(stopped) == seen(straight)


@pytest.mark.parametrize("variant", ["acgan", "sine-conv"])
def test_a_run_without_looks_gets_the_same_from_its_pictures(variant):
    run = runs.new(small(variant, steps=3))
    list(recorder.work(run))
    before = run.looks
    run.looks_path.unlink()
    looking.write(run)
    assert [look["step"] for look in run.looks] == [look["step"] for look in before]
    for mine, its in zip(run.looks, before, strict=True):
        names = mine.keys() - {"seconds", "scores"}
        assert names == its.keys() - {"seconds", "scores"}
        assert [mine[name] for name in names] == pytest.approx([its[name] for name in names], rel=1e-2, abs=1e-3)
        assert mine["seconds"] == pytest.approx(its["seconds"], abs=1.0)
    assert all(look["scores"] == {} for look in run.looks[:-1])
    for of_whom in ("real", "fake"):
        assert run.looks[-1]["scores"][of_whom] == pytest.approx(before[-1]["scores"][of_whom], rel=1e-2, abs=1e-3)


def test_shipped_runs_have_a_look_for_each_grid():
    for run in runs.shipped():
        looks = run.looks
        assert [look["step"] for look in looks] == [grid.step for grid in run.samples], run.id
        assert len(looks[-1]["scores"]["fake"]) == looks[-1]["n"], run.id
