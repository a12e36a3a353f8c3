"""A trained GAN: its latents."""

import pytest
import torch

from gan_core.gans.priors import Normal, Uniform
from gan_core.trained.model import load


@pytest.mark.parametrize("prior", [Normal(5), Normal(16), Normal(62), Normal(100), Uniform(10, -1.0, 1.0)], ids=str)
def test_latents_are_drawn_one_after_the_other(prior):
    """The numbers that every seed has had: as if each row were drawn alone. No rows are none, and not an error."""
    generator = torch.Generator().manual_seed(7)
    rows = [prior.sample(1, torch.device("cpu"), generator) for _ in range(40)]
    for n in (0, 1, 5, 40):
        drawn = prior.sample_in_order(n, torch.Generator().manual_seed(7))
        assert torch.equal(drawn, torch.cat(rows)[:n])


def test_no_latents_are_an_empty_block():
    model = load("gan")
    assert model.latents(0).shape == (0, model.prior.size)
    assert torch.equal(model.latents(20, seed=3)[:2], model.latents(2, seed=3))
