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
from gan_core.translation import N_

if TYPE_CHECKING:
    from gan_core.networks import strided
else:
    strided = Lazy("gan_core.networks.strided")

R3GAN = Variant(
    name="r3gan",
    title=N_("R3GAN"),
    year=2024,
    idea=N_("D compares each generated sample with a real one, and two penalties keep it smooth: a modern answer to instability."),
    source=N_("Huang et al. 2024, arXiv:2501.05441"),
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
        N_("Networks of five layers instead of the paper's modernised ResNet, and PyTorch's initialisation instead of fix-up."),
        N_("Learning rate, gamma and beta2 stay constant, where the paper changes them; no augmentation; batches of 64."),
    ),
    stable=(
        N_("Learning rates 20 times (D) and 30 times (G) as high. Without batch norm these networks tolerate it, and G needs it."),
        N_(
            "Gamma is 0.05. The penalties are computed every fourth step, four times as strong: a step costs little more than half as much."
        ),
        DECAY,
    ),
)
