"""A critic instead of a classifier: the Wasserstein distance, by clipping or by a penalty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_core.gans import objectives
from gan_core.gans.architecture import Architecture, DiscriminatorSpec
from gan_core.gans.priors import Uniform
from gan_core.gans.recipes import Adam, Recipe, RMSprop
from gan_core.gans.variants.entry import Variant
from gan_core.gans.variants.fragments import DECAY, FAST_ADAM, HIDDEN, OWN_STEPS, STRIDED
from gan_core.lazy import Lazy
from gan_core.translation import N_

if TYPE_CHECKING:
    from gan_core.networks import dcgan, strided
else:
    dcgan = Lazy("gan_core.networks.dcgan")
    strided = Lazy("gan_core.networks.strided")

AVERAGED = N_("The generator that is shown is a moving average of G.")

WGAN = Variant(
    name="wgan",
    title=N_("WGAN"),
    year=2017,
    idea=N_("The discriminator becomes a critic: it estimates a distance instead of a probability. Its weights are clipped."),
    source=N_("Recommended by the tutorial on GAN models in TensorFlow 2.1 (text 001); Arjovsky et al. 2017, arXiv:1701.07875"),
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
    differs=(N_("The networks are those of the DCGAN in the tutorial, without batch norm in D."), OWN_STEPS),
    stable=(
        STRIDED,
        HIDDEN,
        N_("Batch norm in the critic, as in the authors' code. With clipped weights alone the signal shrinks or blows up layer by layer."),
        N_("The critic learns 10 times as fast and G 80 times, with two critic updates a step instead of five."),
        DECAY,
        AVERAGED,
    ),
)

WGAN_GP = Variant(
    name="wgan-gp",
    title=N_("WGAN-GP"),
    year=2017,
    idea=N_("Like WGAN, with a gradient penalty on the critic instead of clipped weights."),
    source=N_("Gulrajani et al. 2017, arXiv:1704.00028"),
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
        N_("The networks are those of the DCGAN in the TensorFlow tutorial (text 001), without batch norm in D, not the paper's ResNet."),
        OWN_STEPS,
    ),
    stable=(
        STRIDED,
        HIDDEN,
        N_("One critic update a step instead of five, at 40 times the learning rate, with Adam's beta2 at 0.99 instead of 0.9."),
        DECAY,
        AVERAGED,
    ),
)
