"""GANs that draw sine curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_core.gans import objectives
from gan_core.gans.architecture import Architecture, DiscriminatorSpec
from gan_core.gans.priors import Normal, Uniform
from gan_core.gans.recipes import SGD, Adam, Recipe
from gan_core.gans.variants.entry import Variant
from gan_core.gans.variants.fragments import CALM, KERAS_ADAM, R1, STABLE_ADAM
from gan_core.lazy import Lazy
from gan_core.translation import N_

if TYPE_CHECKING:
    from gan_core.networks import sine
else:
    sine = Lazy("gan_core.networks.sine")

NO_YEAR = N_("The text states no year; the one shown here is assumed.")

SINE_MLP = Variant(
    name="sine-mlp",
    title=N_("Sine, dense"),
    year=2020,
    idea=N_("Learns a single sine curve: the smallest GAN here."),
    source=N_("Tutorial on a simple GAN in PyTorch (text 002)"),
    prior=Normal(5),
    data="sine-fixed",
    recipes={
        "published": Recipe(
            objective=objectives.Saturating(),
            D=Adam(lr=1e-4),
            G=Adam(lr=1e-4),
            steps=10_000,
            first="G",
            stop_within=1e-6,
        ),
        "stable": Recipe(
            objective=objectives.NonSaturating(r1=0.1),
            D=STABLE_ADAM,
            G=STABLE_ADAM,
            steps=3_000,
            average=0.99,
        ),
    },
    networks={
        "published": Architecture(lambda: sine.dense_networks()),
        "stable": Architecture(lambda: sine.dense_networks()),
    },
    differs=(N_("log(1 - D) is computed on logits: the same function, but never infinite."), NO_YEAR),
    stable=(
        N_("Non-saturating loss: G's gradient does not vanish when D wins."),
        R1,
        CALM,
        N_("D moves first. The networks are the same."),
    ),
)

SINE_CONV = Variant(
    name="sine-conv",
    title=N_("Sine, convolutional D"),
    year=2017,
    idea=N_("Learns a family of sine curves, of any phase and of many frequencies."),
    source=N_("Introduction to GANs with an example in Keras (text 000)"),
    prior=Uniform(10, 0.0, 1.0),
    data="sine-family",
    recipes={
        "published": Recipe(objective=objectives.TwoSigmoids(), D=KERAS_ADAM, G=SGD(lr=1e-3), batch=10_000, steps=500),
        "stable": Recipe(
            objective=objectives.NonSaturating(r1=0.1),
            D=Adam(lr=2e-3, beta1=0.0, beta2=0.99),
            G=Adam(lr=2e-3, beta1=0.0, beta2=0.99),
            batch=128,
            steps=10_000,
            average=0.995,
        ),
    },
    networks={
        "published": Architecture(lambda: sine.convolutional_networks(), DiscriminatorSpec(outputs=2)),
        "stable": Architecture(lambda: sine.nonlinear_networks()),
    },
    differs=(
        N_(
            "The text leaves out how it draws its curves. Here they are sin(offset + mul x) / 2 + 1/2 with offset U(0, 100) and mul "
            "U(1, 2), by which this example is known."
        ),
        N_("The cross-entropy is computed on logits; Keras first clips the probability at 1e-7."),
        NO_YEAR,
    ),
    stable=(
        N_(
            "An activation after D's dense layer, and no dropout. Without the activation D is almost linear in what its filters see, and G "
            "found a flat line that such a D cannot tell from a sine."
        ),
        N_("One more layer in G: phase and frequency are far from linear in z."),
        N_("One logit instead of two sigmoids, Adam for G instead of slow gradient descent, and batches of 128."),
        R1,
        CALM,
    ),
)
