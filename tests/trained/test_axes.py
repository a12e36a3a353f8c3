"""Directions from weights, activations and measures, where it is known what they must be."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from gan_core.trained import axes


class Toy(nn.Module):
    """An affine map by a known matrix, scaled by an evaluated batch norm, then ReLU."""

    def __init__(self) -> None:
        super().__init__()
        self.linear, self.norm, self.act = nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU()
        with torch.no_grad():
            self.linear.weight.copy_(torch.tensor([[1.0, 0, 0], [0, 2, 0], [0, 0, 3], [0, 0, 0]]))
            self.norm.weight.copy_(torch.tensor([9.0, 1, 1, 1]))
        self.norm.eps = 0.0
        self.eval()

    def forward(self, z, y=None):
        return self.act(self.norm(self.linear(z)))


class Asked(nn.Module):
    """z times a vector of its class, as the dense conditional GAN does."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding, self.act = nn.Embedding(2, 2), nn.ReLU()
        with torch.no_grad():
            self.embedding.weight.copy_(torch.tensor([[1.0, 1.0], [1.0, 5.0]]))

    def forward(self, z, y):
        return self.act(z * self.embedding(y))


def test_factorisation_finds_the_columns_that_the_first_layer_and_its_batch_norm_enlarge_most():
    a = axes.slope(Toy(), 3, None)
    torch.testing.assert_close(a, torch.tensor([[9.0, 0, 0], [0, 2, 0], [0, 0, 3], [0, 0, 0]], dtype=torch.float64))
    torch.testing.assert_close(axes.factorised([a], 3), torch.tensor([[1.0, 0, 0], [0, 0, 1], [0, 1, 0]]))


def test_where_the_map_depends_on_the_class_all_classes_count():
    slopes = [axes.slope(Asked(), 2, y) for y in (0, 1)]
    assert [s.diagonal().tolist() for s in slopes] == [[1, 1], [1, 5]]
    assert axes.factorised(slopes, 1).abs().argmax() == 1


def test_principal_components_of_activations_lead_back_to_z():
    torch.manual_seed(0)
    z = torch.randn(4000, 3)
    h = z @ torch.diag(torch.tensor([1.0, 5.0, 2.0])) @ torch.linalg.qr(torch.randn(3, 3)).Q  # turned, so no coordinate stands out in h
    found = axes.principal(h, z, None, 2)
    torch.testing.assert_close(found, torch.tensor([[0.0, 1, 0], [0, 0, 1]]), atol=0.05, rtol=0)


def test_regression_finds_the_direction_of_a_measure_and_zero_for_one_that_never_changes():
    torch.manual_seed(0)
    z = torch.rand(2000, 5) * 2 - 1
    w = torch.tensor([3.0, 0, -4, 0, 0])
    values = torch.stack([z @ w + 0.1 * torch.randn(2000), torch.full((2000,), 7.0)], 1)
    found = axes.regressed(values, z, None)
    torch.testing.assert_close(found, torch.stack([w / 5, 0 * w]), atol=0.01, rtol=0)


def test_with_classes_what_the_classes_differ_in_does_not_count():
    torch.manual_seed(0)
    y = torch.arange(2000) % 2
    z = torch.randn(2000, 2)
    z[:, 1] += 3.0 * y  # a class has its own mean of z and, far more, of the measure
    values = (z[:, 0] + 100.0 * y)[:, None]
    torch.testing.assert_close(axes.regressed(values, z, y), torch.tensor([[1.0, 0.0]]), atol=0.01, rtol=0)
    assert axes.regressed(values, z, None)[0, 1] > 0.9  # else it would


def test_values_within_their_class():
    x = torch.tensor([[1.0], [10], [3], [20]])
    assert axes.within(x, torch.tensor([0, 1, 0, 1])).tolist() == [[-1], [-5], [1], [5]]
    assert axes.within(x, torch.tensor([0, 2, 0, 2])).tolist() == [[-1], [-5], [1], [5]]  # a class that is not there
    assert axes.within(x, None).flatten().tolist() == [-7.5, 1.5, -5.5, 11.5]


def test_an_effect_is_a_slope_and_a_correlation():
    a = torch.tensor([-1.0, 0, 1, 2])
    assert axes.effect(a, 3 * a) == pytest.approx((3.0, 1.0))
    assert axes.effect(a, -a) == pytest.approx((-1.0, -1.0))
    assert axes.effect(a, 0 * a) == (0.0, 0.0)
