"""Data sets: what they hold, what happens where they are not, and that a batch is a function of (seed, step)."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from gan_core import data, settings
from gan_core.errors import AtelierError
from gan_core.seeding import seed_everything, seed_of
from gan_core.training.state import State
from tests.configs import small

CPU = torch.device("cpu")


def test_the_built_in_digits_are_real_and_balanced():
    pixels, labels = data.image_arrays("digits-5k")
    assert pixels.shape == (5000, 28, 28)
    assert pixels.dtype == np.uint8
    assert np.bincount(labels).tolist() == [500] * 10
    assert 0.12 < pixels.mean() / 255 < 0.14  # MNIST's mean ink is 0.1307


def test_the_built_in_digits_are_mnist_digits(mnist):
    mine = {image.tobytes() for image in data.image_arrays("digits-5k")[0]}
    full = {image.tobytes() for image in data.image_arrays("mnist")[0]} | {i.tobytes() for i in data.image_arrays("mnist", train=False)[0]}
    assert len(mine & full) == len(mine)


def test_full_mnist_is_complete(mnist):
    pixels, labels = data.image_arrays("mnist")
    assert pixels.shape == (60_000, 28, 28)
    assert np.bincount(labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]


@pytest.mark.parametrize("ends", [(0.0, 1.0), (-1.0, 1.0)])
def test_black_and_white_land_on_the_ends_of_the_range(ends):
    x = data.to_range(torch.tensor([[[0, 255, 51]]], dtype=torch.uint8), ends)
    low, high = ends
    torch.testing.assert_close(x.flatten(), torch.tensor([low, high, low + 0.2 * (high - low)]))
    assert x.shape == (1, 1, 1, 3)


def test_a_batch_is_a_function_of_seed_and_step():
    state = State.fresh(small("gan"))

    def batch(seed, step):
        seed_everything(seed_of(seed, step), CPU)
        return state.data.batch(32, (0.0, 1.0))

    x, y = batch(1, 7)
    torch.manual_seed(0)
    again, y_again = batch(1, 7)
    assert torch.equal(x, again)
    assert torch.equal(y, y_again)
    assert not torch.equal(x, batch(1, 8)[0])
    assert not torch.equal(x, batch(2, 7)[0])


def test_the_fixed_sine_is_one_sine_in_every_row():
    curves = data.sine_fixed(5, CPU)
    assert curves.shape == (5, 16)
    np.testing.assert_allclose(curves[3].numpy(), np.sin(np.linspace(0, 2 * np.pi, 16)), atol=1e-6)


def test_the_sine_family_is_the_formula_with_its_distribution():
    torch.manual_seed(0)
    curves = data.sine_family(20_000, CPU)
    assert curves.shape == (20_000, 50)
    assert 0 <= curves.min() < 0.001
    assert 0.999 < curves.max() <= 1
    # every row solves y'' = -mul^2 (y - 1/2): the second difference gives mul, uniform on [1, 2]
    y = curves.double() - 0.5
    middle = y[:, 1:-1]
    cosine = ((y[:, 2:] + y[:, :-2]) * middle).sum(1) / (2 * middle.square().sum(1))  # cos(0.1 mul)
    mul = cosine.clamp(-1, 1).acos() / 0.1
    assert mul.min() > 0.99
    assert mul.max() < 2.01
    assert mul.mean().item() == pytest.approx(1.5, abs=0.01)
    assert mul.var().item() == pytest.approx(1 / 12, abs=0.003)


@pytest.mark.parametrize("name", ["sine-fixed", "sine-family"])
def test_the_curves_of_a_seed_are_the_same_whatever_other_threads_draw(name):
    """A server of many threads shares torch's global generator."""
    torch.manual_seed(11)
    state = torch.get_rng_state()
    expected = data.load(name, CPU).batch(16, (0.0, 1.0))[0]
    torch.set_rng_state(state)

    def draw(_):
        torch.rand(3)
        return data.seeded_curves(name, 16, seed=11)

    with ThreadPoolExecutor(4) as threads:
        assert all(torch.equal(found, expected) for found in threads.map(draw, range(400)))


def test_a_seeded_draw_leaves_the_global_generator_alone():
    before = torch.get_rng_state()
    data.seeded_curves("sine-family", 16, seed=11)
    assert torch.equal(torch.get_rng_state(), before)


def test_missing_data_is_named_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv(settings.variable("data"), str(tmp_path))
    for name in ("mnist", "fashion-mnist", "kmnist"):
        assert not data.DATA_SETS[name].present
        with pytest.raises(AtelierError, match="is not in the data folder.*download.*digits-5k"):
            data.load(name, CPU)
    with pytest.raises(AtelierError, match="no image data set"):
        data.image_arrays("cifar")
    with pytest.raises(AtelierError, match="nothing to download"):
        data.download("digits-5k")


def test_a_failed_download_says_what_to_do(tmp_path, monkeypatch):
    """Real torchvision, real refusal: its mirrors are replaced by an address on which nothing listens."""
    from torchvision import datasets

    monkeypatch.setenv(settings.variable("data"), str(tmp_path))
    monkeypatch.setattr(datasets.MNIST, "mirrors", ["http://127.0.0.1:9/"])
    with pytest.raises(AtelierError, match="could not be downloaded.*Check the network"):
        data.download("mnist")
    assert not data.DATA_SETS["mnist"].present
