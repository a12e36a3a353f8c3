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

if TYPE_CHECKING:
    from gan_core.networks import sine
else:
    sine = Lazy("gan_core.networks.sine")

SINE_MLP = Variant(
    name="sine-mlp",
    title="Sine, dense",
    year=2020,
    idea="Learn one sine curve: the smallest GAN one can watch think.",
    source="text 002 (a simple GAN in PyTorch)",
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
    differs=("log(1 - D) is computed on logits: the same function, without its infinities", "the year of the text is not stated in it"),
    stable=("non-saturating loss: G's gradient lives when D wins", R1, CALM, "D first; same networks"),
)

SINE_CONV = Variant(
    name="sine-conv",
    title="Sine, convolutional D",
    year=2017,
    idea="Learn a family of sine curves of any phase and frequency.",
    source="text 000 (generative adversarial nets in Keras)",
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
        "the text leaves its sampler of curves out: sin(offset + mul x) / 2 + 1/2, offset U(0, 100), mul U(1, 2), "
        "by which its example is known",
        "cross-entropy on logits: Keras clips the probability at 1e-7 first",
        "the year of the text is not stated in it",
    ),
    stable=(
        "an activation after D's dense layer and no dropout: without it D is all but linear in what its filters see, and G found a "
        "flat line that such a D cannot tell from a sine",
        "one more layer in G: phase and frequency are no near-linear function of z",
        "one logit instead of two sigmoids; Adam for G instead of slow gradient descent, batch 128",
        R1,
        CALM,
    ),
)
