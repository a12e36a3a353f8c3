"""Which z makes this image: found where it is known."""

from __future__ import annotations

import pytest
import torch

import gan_core
from gan_core.errors import AtelierError
from gan_core.gans.priors import LONGER, Normal, Uniform
from gan_core.trained import inversion


@pytest.mark.parametrize("name", ["gan", "gan-bn", "cgan"])
def test_images_that_it_made_itself_are_found_again(name):
    model = gan_core.load(name)
    y = torch.tensor([7, 2]) if model.variant.classes else None
    targets = inversion.unit(model, model.generate(model.latents(2, seed=99), y))
    way = list(inversion.search(model, targets, inversion.starts(model, 300)))
    assert way[0].step == 0
    assert way[-1].step == sum(steps for _, steps in inversion.ROUNDS)
    assert (way[-1].error < 0.4 * way[0].error).all()
    if y is not None:
        assert torch.equal(way[-1].y, y)
    last = way[-1]
    drawn = inversion.unit(model, model.generate(last.z, last.y))
    torch.testing.assert_close(drawn, last.x, atol=1e-5, rtol=0)
    torch.testing.assert_close((drawn - targets).flatten(1).pow(2).mean(1).sqrt(), last.error, atol=1e-5, rtol=0)
    assert torch.equal(model.prior.pull_in(last.z), last.z) or isinstance(model.prior, Normal)
    assert (last.z.norm(dim=1) < model.prior.size**0.5 + LONGER + 1e-3).all()


def test_a_search_does_not_touch_the_generator_and_is_the_same_again():
    model = gan_core.load("gan")
    before = {name: t.clone() for name, t in model.G.state_dict().items()}
    target = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    among = inversion.starts(model, 50)
    first, second = (list(inversion.search(model, target, among))[-1] for _ in range(2))
    assert torch.equal(first.z, second.z)
    assert all(torch.equal(t, before[name]) for name, t in model.G.state_dict().items())
    assert all(p.grad is None for p in model.G.parameters())


def test_images_are_found_one_by_one_as_they_are_together():
    model = gan_core.load("gan")
    targets = inversion.unit(model, model.generate(model.latents(3, seed=42)))
    among = inversion.starts(model, 60)
    together = list(inversion.search(model, targets, among))[-1]
    alone = list(inversion.search(model, targets[1:2], among))[-1]
    assert float(together.error[1]) == pytest.approx(float(alone.error[0]), rel=0.05)


def test_z_stays_where_the_prior_is():
    z = torch.tensor([[3.0, 4.0], [0.3, 0.4]])
    assert Uniform(2, -1.0, 1.0).pull_in(z).tolist() == [[1, 1], pytest.approx([0.3, 0.4])]
    kept = Normal(2).pull_in(z)
    assert float(kept[0].norm()) == pytest.approx(2**0.5 + LONGER)
    assert kept[0, 1] / kept[0, 0] == pytest.approx(4 / 3)
    assert torch.equal(kept[1], z[1])


def test_curves_are_refused():
    with pytest.raises(AtelierError, match="draws curves"):
        inversion.starts(gan_core.load("sine-mlp"))


def test_the_medians_of_a_few_test_images(mnist):
    found = inversion.medians(gan_core.load("cgan-mlp"), 4)
    assert found["rmse"] < found["nearest"]
    assert 0 <= found["digit"] <= 1
