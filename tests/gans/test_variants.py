"""The table of variants: complete, and its networks of the sizes the sources give."""

import pytest
import torch

from gan_core.gans.variants import VARIANTS
from gan_core.networks import count
from tests.configs import each_recipe

# all numbers of G and of D, by hand from the layers the texts list; like Keras, with the averages of batch norm
DCGAN_G = (100 * 3136 + 3136) + 4 * 3136 + (64 * 64 * 9 + 64) + 4 * 64 + (64 * 9 + 1)
CGAN_G = DCGAN_G + 10 * 3136
DCGAN_D = (9 * 64 + 64) + 4 * 64 + (64 * 64 * 9 + 64) + 4 * 64 + (3136 * 128 + 128) + 4 * 128 + (128 + 1)
SIZES = {
    "gan": ((100 * 128 + 128) + (128 * 784 + 784), (784 * 128 + 128) + (128 + 1)),
    "gan-bn": (562_704, 1_460_225),
    "dcgan": (DCGAN_G, DCGAN_D),
    "ssgan": (DCGAN_G, DCGAN_D + 10 * 129),
    "cgan": (CGAN_G, DCGAN_D + 10 * 129),
    "wgan": (DCGAN_G, DCGAN_D - 4 * (64 + 64 + 128)),
    "wgan-gp": (DCGAN_G, DCGAN_D - 4 * (64 + 64 + 128)),
    "sine-mlp": ((5 * 64 + 64) + (64 * 128 + 128) + (128 * 16 + 16), (16 * 64 + 64) + (64 * 256 + 256) + (256 + 1)),
    "sine-conv": ((10 * 200 + 200) + (200 * 50 + 50), (5 * 50 + 50) + (46 * 50 * 50 + 50) + (50 * 2 + 2)),
}


@pytest.mark.parametrize("name", SIZES)
def test_published_networks_have_the_sources_parameter_counts(name):
    G, D = VARIANTS[name].networks["published"].build()
    assert (count(G)[0], count(D)[0]) == SIZES[name]


def test_gan_bn_has_the_counts_printed_in_its_text():
    G, D = VARIANTS["gan-bn"].networks["published"].build()
    assert count(G) == (562_704, 561_168)
    assert count(D) == (1_460_225, 1_460_225)


def test_all_eleven_rows_of_the_sources_are_here_and_the_quick_one():
    assert set(VARIANTS) >= {
        "acgan",
        "gan", "gan-bn", "dcgan", "ssgan", "cgan", "cgan-mlp", "wgan", "wgan-gp", "r3gan", "sine-mlp", "sine-conv",
    }  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=lambda v: v.name)
def test_every_variant_says_where_it_comes_from_and_what_differs(variant):
    assert set(variant.recipes) == set(variant.networks) == {"published", "stable"}
    assert variant.source
    assert variant.differs
    assert variant.stable
    for sentence in (variant.idea, *variant.differs, *variant.stable):  # they are listed, or said one after the other
        assert not sentence[0].islower() or sentence.startswith(("log(", "z "))
        assert sentence.endswith(".")


@each_recipe
def test_networks_map_latents_to_samples_in_range_and_samples_to_raw_logits(variant, recipe):
    v = VARIANTS[variant]
    G, D = v.networks[recipe].build()
    z = v.prior.sample(6, torch.device("cpu"))
    y = torch.arange(6) if v.classes else None
    x = G(z, y)
    assert x.shape == ((6, 1, 28, 28) if v.kind == "images" else (6, 16 if variant == "sine-mlp" else 50))
    if v.kind == "images":
        assert G.pixels[0] <= x.min()
        assert x.max() <= G.pixels[1]
    logits = D(x, y)
    scores = v.recipes[recipe].objective.scores(logits, y)
    assert scores.shape == (6,)
    assert not any(isinstance(m, torch.nn.Sigmoid | torch.nn.Softmax) for m in D.modules())


@pytest.mark.parametrize("name", ["gan", "gan-bn", "dcgan", "cgan", "sine-conv"])
def test_published_networks_start_as_keras_starts_them(name):
    for network in VARIANTS[name].networks["published"].build():
        for layer in network.modules():
            if isinstance(layer, torch.nn.Linear) and layer.weight.numel() > 500:
                fan_out, fan_in = layer.weight.shape
                bound = (6 / (fan_in + fan_out)) ** 0.5
                assert layer.weight.abs().max() <= bound
                assert layer.weight.std().item() == pytest.approx(bound / 3**0.5, rel=0.1)
                assert (layer.bias == 0).all()
            if isinstance(layer, torch.nn.BatchNorm1d | torch.nn.BatchNorm2d):
                assert (layer.eps, layer.momentum) == (1e-3, 0.01)
            if isinstance(layer, torch.nn.LeakyReLU):
                assert layer.negative_slope == 0.3


def test_published_recipes_keep_the_sources_constants():
    recipes = {name: v.recipes["published"] for name, v in VARIANTS.items()}
    for name, steps, floor in (("gan", 20_000, 1e-6), ("dcgan", 10_000, 1e-6), ("ssgan", 10_000, 1e-3), ("cgan", 10_000, 1e-3)):
        r = recipes[name]
        assert (r.steps, r.batch, r.splits, r.objective.floor, r.fresh_z, r.average) == (steps, 64, 2, floor, False, None)
        assert r.G == r.D
        assert (r.G.lr, r.G.beta1, r.G.beta2, r.G.eps) == (1e-3, 0.9, 0.999, 1e-7)
    assert (recipes["gan-bn"].batch, recipes["gan-bn"].steps, recipes["gan-bn"].separate) == (200, 3_000, True)
    sine = recipes["sine-mlp"]
    assert (sine.first, sine.stop_within, sine.steps, sine.G.lr, sine.G.eps) == ("G", 1e-6, 10_000, 1e-4, 1e-8)
    conv = recipes["sine-conv"]
    assert (conv.G.kind, conv.G.lr, conv.D.lr, conv.batch, conv.steps) == ("sgd", 1e-3, 1e-3, 10_000, 500)
    wgan = recipes["wgan"]
    assert (wgan.objective.clip, wgan.D.kind, wgan.D.lr, wgan.d_steps) == (0.01, "rmsprop", 5e-5, 5)
    gp = recipes["wgan-gp"]
    assert (gp.objective.gp, gp.D.lr, gp.D.beta1, gp.D.beta2, gp.d_steps) == (10, 1e-4, 0, 0.9, 5)
