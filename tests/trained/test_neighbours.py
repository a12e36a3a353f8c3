"""Nearest training images: those that are known to be the nearest."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from gan_core import data, settings
from gan_core.errors import AtelierError
from gan_core.trained import neighbours


def test_a_training_image_finds_itself_and_then_what_brute_force_finds():
    pixels, labels = data.image_arrays("digits-5k")
    x = torch.from_numpy(pixels[1234]).float().view(1, 1, 28, 28) / 255
    found = neighbours.nearest(x, "digits-5k", k=4)
    assert np.array_equal(found.images[0], pixels[1234])
    assert found.distances[0] == pytest.approx(0, abs=1e-5)
    far = np.sqrt(((pixels / 255 - pixels[1234] / 255) ** 2).sum((1, 2)))
    assert found.distances[1:] == pytest.approx(np.sort(far)[1:4], rel=1e-4)
    assert found.labels == labels[np.argsort(far)[:4]].tolist()
    assert found.size == 5000
    assert found.limit is None
    assert found.memorised is None


def test_digits_are_searched_in_full_mnist_where_it_is(mnist):
    assert neighbours.searched("digits-5k") == "mnist"
    pixels, _ = data.image_arrays("mnist")
    copied = neighbours.nearest(torch.from_numpy(pixels[7]).float().view(1, 1, 28, 28) / 255, "mnist")
    assert copied.memorised
    assert copied.size == 60_000
    blank = neighbours.nearest(torch.zeros(1, 1, 28, 28), "mnist")
    assert not blank.memorised
    assert blank.labels[0] == 1  # the least ink


def test_what_is_searched_where_data_sets_are_missing(monkeypatch, tmp_path):
    monkeypatch.setenv(settings.variable("data"), str(tmp_path))
    assert neighbours.searched("mnist") == "digits-5k"
    with pytest.raises(AtelierError, match="Fashion-MNIST is not on this machine"):
        neighbours.searched("fashion-mnist")
