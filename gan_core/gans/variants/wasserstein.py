"""A critic instead of a classifier: the Wasserstein distance, by clipping or by a penalty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_core.gans import objectives
from gan_core.gans.architecture import Architecture, DiscriminatorSpec
from gan_core.gans.priors import Uniform
from gan_core.gans.recipes import Adam, Recipe, RMSprop
from gan_core.gans.variants.entry import Variant
from gan_core.gans.variants.fragments import DECAY, FAST_ADAM, HIDDEN, STRIDED
from gan_core.lazy import Lazy

if TYPE_CHECKING:
    from gan_core.networks import dcgan, strided
else:
    dcgan = Lazy("gan_core.networks.dcgan")
    strided = Lazy("gan_core.networks.strided")

WGAN = Variant(
    name="wgan",
    title="WGAN",
    year=2017,
    idea="A critic with clipped weights measures a distance instead of a probability.",
    source="text 001 recommends it; Arjovsky et al. 2017, arXiv:1701.07875",
    prior=Uniform(100, -1.0, 1.0),
    data="mnist",
    recipes={
        "published": Recipe(objective=objectives.Wasserstein(clip=0.01), D=RMSprop(lr=5e-5), G=RMSprop(lr=5e-5), steps=10_000, d_steps=5),
        "stable": Recipe(
            objective=objectives.Wasserstein(clip=0.01),
            D=RMSprop(lr=5e-4),
            G=RMSprop(lr=4e-3),
            steps=10_000,
            d_steps=2,
            final_rate=0.05,
            average=0.998,
        ),
    },
    networks={
        "published": Architecture(lambda: dcgan.networks(norm_in_D=False)),
        "stable": Architecture(lambda: strided.networks(z=100, norm_in_D=True), DiscriminatorSpec(batch_norm=True)),
    },
    differs=("the networks of text 001's DCGAN, D without batch norm", "10,000 steps are this project's choice"),
    stable=(
        STRIDED,
        HIDDEN,
        "batch norm in the critic, as in its authors' code: clipped weights alone shrink or blow up the signal layer by layer",
        "the critic learns ten times as fast and G eighty times, two critic steps instead of five",
        DECAY,
        "a moving average of G",
    ),
)

WGAN_GP = Variant(
    name="wgan-gp",
    title="WGAN-GP",
    year=2017,
    idea="The clipping of WGAN replaced by a penalty on the critic's slope.",
    source="Gulrajani et al. 2017, arXiv:1704.00028",
    prior=Uniform(100, -1.0, 1.0),
    data="mnist",
    recipes={
        "published": Recipe(
            objective=objectives.WassersteinGP(gp=10.0),
            D=Adam(lr=1e-4, beta1=0.0, beta2=0.9),
            G=Adam(lr=1e-4, beta1=0.0, beta2=0.9),
            steps=10_000,
            d_steps=5,
        ),
        "stable": Recipe(
            objective=objectives.WassersteinGP(gp=10.0),
            D=FAST_ADAM,
            G=FAST_ADAM,
            steps=10_000,
            final_rate=0.05,
            average=0.998,
        ),
    },
    networks={
        "published": Architecture(lambda: dcgan.networks(norm_in_D=False)),
        "stable": Architecture(lambda: strided.networks(z=100)),
    },
    differs=(
        "the networks of text 001's DCGAN without batch norm in D, not the paper's ResNet",
        "10,000 steps are this project's choice",
    ),
    stable=(
        STRIDED,
        HIDDEN,
        "one critic step at forty times the rate, with Adam's longer memory of 0.99",
        DECAY,
        "a moving average of G",
    ),
)
