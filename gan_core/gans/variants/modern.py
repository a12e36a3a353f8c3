"""Today's answers to instability."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_core.gans import objectives
from gan_core.gans.architecture import Architecture, DiscriminatorSpec
from gan_core.gans.priors import Normal
from gan_core.gans.recipes import Adam, Recipe
from gan_core.gans.variants.entry import Variant
from gan_core.gans.variants.fragments import DECAY, FAST_ADAM
from gan_core.lazy import Lazy

if TYPE_CHECKING:
    from gan_core.networks import strided
else:
    strided = Lazy("gan_core.networks.strided")

R3GAN = Variant(
    name="r3gan",
    title="R3GAN",
    year=2024,
    idea="Today's answer to instability: pair real with fake, and keep D smooth on both.",
    source="Huang et al. 2024, arXiv:2501.05441",
    prior=Normal(64),
    data="mnist",
    classes=10,
    recipes={
        "published": Recipe(
            objective=objectives.Relativistic(gamma=1.0),
            D=Adam(lr=2e-4, beta1=0.0, beta2=0.99),
            G=Adam(lr=2e-4, beta1=0.0, beta2=0.99),
            steps=10_000,
            labels="paired",
            average=0.999,
        ),
        "stable": Recipe(
            objective=objectives.Relativistic(gamma=0.05, every=4),
            D=FAST_ADAM,
            G=FAST_ADAM.model_copy(update={"lr": 6e-3}),
            steps=12_000,
            labels="paired",
            final_rate=0.05,
            average=0.998,
        ),
    },
    networks={
        "published": Architecture(lambda: strided.networks(z=64, classes=10, norm=False), DiscriminatorSpec(conditional=True)),
        "stable": Architecture(lambda: strided.networks(z=64, classes=10, norm=False), DiscriminatorSpec(conditional=True)),
    },
    differs=(
        "a network of five layers instead of the paper's modernised ResNet, PyTorch's initialisation instead of fix-up",
        "rate, gamma and beta2 constant instead of decayed, no augmentation, batch 64",
    ),
    stable=(
        "rates twenty times (D) and thirty times (G) as high: without batch norm these networks bear it, and G needs it",
        "gamma 0.05, the penalties every fourth step and four times as strong: a step costs little more than half",
        DECAY,
    ),
)
