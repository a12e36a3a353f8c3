"""A D that is asked for a number instead of a probability."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_core.gans import objectives
from gan_core.gans.architecture import Architecture, DiscriminatorSpec
from gan_core.gans.priors import Uniform
from gan_core.gans.recipes import Adam, Recipe
from gan_core.gans.variants.entry import Variant
from gan_core.gans.variants.fragments import CALM, DECAY, HIDDEN, OWN_STEPS, STABLE_ADAM, STABLE_CONVOLUTIONS
from gan_core.lazy import Lazy
from gan_core.translation import N_

if TYPE_CHECKING:
    from gan_core.networks import strided
else:
    strided = Lazy("gan_core.networks.strided")

LSGAN = Variant(
    name="lsgan",
    title=N_("LSGAN"),
    year=2017,
    idea=N_("D learns to output 1 for real and 0 for generated samples. The further a sample is from its target, the harder it is pulled."),
    source=N_("Mao et al. 2017, arXiv:1611.04076"),
    prior=Uniform(100, -1.0, 1.0),
    data="mnist",
    recipes={
        "published": Recipe(
            objective=objectives.LeastSquares(),
            D=Adam(lr=2e-4, beta1=0.5),
            G=Adam(lr=2e-4, beta1=0.5),
            steps=10_000,
        ),
        "stable": STABLE_CONVOLUTIONS.model_copy(
            update={"objective": objectives.LeastSquares(r1=0.05, every=4), "D": STABLE_ADAM, "steps": 12_000}
        ),
    },
    networks={
        "published": Architecture(lambda: strided.networks(z=100, hidden=0, norm_in_D=True), DiscriminatorSpec(batch_norm=True)),
        "stable": Architecture(lambda: strided.networks(z=100)),
    },
    differs=(
        N_(
            "Two strided convolutions in each network, with batch norm, instead of the paper's deeper networks for larger images. "
            "Prior and batch size are those of DCGAN here."
        ),
        N_("Adam's learning rate is the paper's for handwritten characters. For scenes the paper uses one five times as high."),
        OWN_STEPS,
    ),
    stable=(
        N_("Gradient penalty R1 on real samples (Mescheder et al. 2018): it keeps D smooth. A weight of 0.05 is enough here."),
        N_(
            "D learns half as fast as G. At the same rate D reaches its targets for all samples within a few hundred steps, and G "
            "stays behind."
        ),
        CALM,
        HIDDEN,
        N_("No batch norm in D: the penalty needs each sample's own score."),
        DECAY,
    ),
)
