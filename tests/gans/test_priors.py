"""Priors: what is said of a distribution, held against draws from it."""

import pytest
import torch

from gan_core.gans.priors import LONGER, Normal, Prior, Uniform

PRIORS = [Normal(5), Uniform(100, -1.0, 1.0), Uniform(10, 0.0, 1.0)]
each_prior = pytest.mark.parametrize("prior", PRIORS, ids=str)


def draws(prior: Prior, n: int = 20_000) -> torch.Tensor:
    return prior.sample(n, torch.device("cpu"), torch.Generator().manual_seed(0))


@each_prior
def test_its_mean_deviation_and_bounds_are_those_of_its_draws(prior: Prior) -> None:
    z = draws(prior)
    assert z.mean().item() == pytest.approx(prior.centre, abs=0.01)
    assert z.std().item() == pytest.approx(prior.std, rel=0.01)
    low, high = prior.bounds
    assert ((z >= low) & (z <= high)).double().mean() > 0.996
    assert prior.limits[0] <= z.min()
    assert z.max() <= prior.limits[1]


@each_prior
def test_draws_stay_as_they_are_and_what_lies_outside_comes_back(prior: Prior) -> None:
    z = draws(prior, 2_000)
    assert torch.equal(prior.clamp(z), z)
    kept = prior.pull_in(z)
    assert (kept == z).all(dim=1).double().mean() > 0.995
    far = prior.pull_in(100 * torch.ones(1, prior.size))
    assert far.norm() <= max(z.norm(dim=1).max().item(), prior.size**0.5 + LONGER + 1e-3)


@each_prior
def test_a_point_alone_is_its_own_combination_and_the_ends_of_a_way_are_its_ends(prior: Prior) -> None:
    z = draws(prior, 3)
    torch.testing.assert_close(prior.combine(z, torch.eye(3)), z)
    torch.testing.assert_close(prior.interpolate(z[0], z[1], torch.tensor([0.0, 1.0])), z[:2])
    assert str(prior) in prior.interpolation_reason
