"""A D that is asked for a number instead of a probability."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_core.gans import objectives
from gan_core.gans.architecture import Architecture, DiscriminatorSpec
from gan_core.gans.priors import Uniform
from gan_core.gans.recipes import Adam, Recipe
from gan_core.gans.variants.entry import Variant
from gan_core.gans.variants.fragments import CALM, DECAY, HIDDEN, R1, STABLE_ADAM, STABLE_CONVOLUTIONS
from gan_core.lazy import Lazy

if TYPE_CHECKING:
    from gan_core.networks import strided
else:
    strided = Lazy("gan_core.networks.strided")

LSGAN = Variant(
    name="lsgan",
    title="LSGAN",
    year=2017,
    idea="D gives marks instead of a verdict, 1 for real and 0 for fake: a sample is pulled the harder, the further off its mark.",
    source="Mao et al. 2017, arXiv:1611.04076",
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
        "two strided convolutions in each network, with batch norm, instead of the paper's deeper ones for larger pictures; "
        "prior and batch are those of DCGAN here",
        "Adam's rate is the one that the paper takes for handwritten characters; for scenes it takes five times as much",
        "10,000 steps are this project's choice",
    ),
    stable=(
        f"{R1}: 0.05 is enough here",
        "D learns half as fast as G: at the same rate it gives every sample its mark within a few hundred steps, and G stays behind",
        CALM,
        HIDDEN,
        "no batch norm in D, whose penalty needs each sample's own score",
        DECAY,
    ),
)
