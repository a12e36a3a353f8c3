"""Convolutional networks with cross-entropy: DCGAN, and its relatives that know digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_core.gans import objectives
from gan_core.gans.architecture import Architecture, DiscriminatorSpec
from gan_core.gans.priors import Normal, Uniform
from gan_core.gans.recipes import Adam, Recipe
from gan_core.gans.variants.entry import Variant
from gan_core.gans.variants.fragments import CALM, DECAY, LIGHT, LOGITS, R1, STABLE_CONVOLUTIONS, TEXT_001, TEXT_001_LOOP, TEXT_001_RECIPE
from gan_core.lazy import Lazy

if TYPE_CHECKING:
    from gan_core.networks import dcgan, strided
else:
    dcgan = Lazy("gan_core.networks.dcgan")
    strided = Lazy("gan_core.networks.strided")

DCGAN = Variant(
    name="dcgan",
    title="DCGAN",
    year=2015,
    idea="Convolutions: strokes instead of loose pixels.",
    source=f"{TEXT_001}; Radford et al. 2015, arXiv:1511.06434",
    prior=Uniform(100, -1.0, 1.0),
    data="mnist",
    degenerates=True,
    recipes={"published": TEXT_001_RECIPE, "stable": STABLE_CONVOLUTIONS.model_copy(update={"steps": 12_000})},
    networks={
        "published": Architecture(lambda: dcgan.networks(), DiscriminatorSpec(batch_norm=True)),
        "stable": Architecture(lambda: strided.networks(z=100)),
    },
    differs=TEXT_001_LOOP,
    stable=(LOGITS, R1, CALM, LIGHT, DECAY),
)

SSGAN = Variant(
    name="ssgan",
    title="SSGAN",
    year=2016,
    idea="The discriminator also names the digit: eleven answers, the eleventh is 'fake'.",
    source=f"{TEXT_001}; Odena 2016, arXiv:1606.01583; Salimans et al. 2016, arXiv:1606.03498",
    prior=Uniform(100, -1.0, 1.0),
    data="mnist",
    degenerates=True,
    recipes={
        "published": TEXT_001_RECIPE.model_copy(update={"objective": objectives.ClippedSSGAN()}),
        "stable": STABLE_CONVOLUTIONS.model_copy(update={"objective": objectives.NonSaturatingSSGAN(r1=0.1, every=4, even=1.0)}),
    },
    networks={
        "published": Architecture(lambda: dcgan.networks(answers=11), DiscriminatorSpec(outputs=11, batch_norm=True)),
        "stable": Architecture(lambda: strided.networks(z=100, answers=11), DiscriminatorSpec(outputs=11)),
    },
    differs=TEXT_001_LOOP,
    stable=(
        "G's loss is the non-saturating one: its gradient lives when D wins",
        "G also loses where D, which can name digits, finds some drawn more often than others (Springenberg 2015, arXiv:1511.06390)",
        LOGITS,
        R1,
        CALM,
        LIGHT,
        DECAY,
    ),
)

CGAN = Variant(
    name="cgan",
    title="CGAN",
    year=2014,
    idea="Ask for a digit: the generator is told which one to draw.",
    source=f"{TEXT_001}; Mirza & Osindero 2014, arXiv:1411.1784",
    prior=Uniform(100, -1.0, 1.0),
    data="mnist",
    classes=10,
    degenerates=True,
    recipes={
        "published": TEXT_001_RECIPE.model_copy(update={"objective": objectives.ClippedCGAN(), "fakes_for_D": "eval"}),
        "stable": STABLE_CONVOLUTIONS.model_copy(update={"labels": "paired", "steps": 12_000}),
    },
    networks={
        "published": Architecture(lambda: dcgan.networks(classes=10, answers=11), DiscriminatorSpec(outputs=11, batch_norm=True)),
        "stable": Architecture(lambda: strided.networks(z=100, classes=10), DiscriminatorSpec(conditional=True)),
    },
    differs=(
        *TEXT_001_LOOP,
        "no difference, but not what the text says of itself: D learns from samples drawn with the running averages of G's batch norm, "
        "because the text's loop that is to prevent this looks at the layers of a model around G and never reaches G's",
    ),
    stable=(
        "D has one logit for 'real, given this digit' (projection, Miyato & Koyama 2018, arXiv:1802.05637): its judgement of real "
        "or fake no longer fights its naming of digits",
        LOGITS,
        R1,
        CALM,
        LIGHT,
        DECAY,
    ),
)

ACGAN = Variant(
    name="acgan",
    title="AC-GAN",
    year=2017,
    idea="Asked for a digit and rewarded for being read: the quickest one here, legible within seconds.",
    source="Odena et al. 2017, arXiv:1610.09585",
    prior=Normal(16),
    data="mnist",
    classes=10,
    recipes={
        "published": Recipe(
            objective=objectives.AuxiliaryClassifier(),
            D=Adam(lr=2e-4, beta1=0.5),
            G=Adam(lr=2e-4, beta1=0.5),
            batch=100,
            steps=10_000,
        ),
        "stable": Recipe(
            objective=objectives.AuxiliaryClassifier(r1=0.1, every=8, on_fakes=False, weight=0.2),
            D=Adam(lr=4e-3, beta1=0.0, beta2=0.95),
            G=Adam(lr=8e-3, beta1=0.0, beta2=0.95),
            batch=32,
            steps=1_200,
            final_rate=0.2,
            first="G",
            labels="paired",
            average=0.99,
        ),
    },
    networks={
        "published": Architecture(lambda: dcgan.networks(classes=10, answers=11, z=16), DiscriminatorSpec(outputs=11, batch_norm=True)),
        "stable": Architecture(
            lambda: strided.networks(z=16, classes=10, answers=11, hidden=0, channels=32), DiscriminatorSpec(outputs=11, conditional=True)
        ),
    },
    differs=(
        "the networks of text 001's CGAN instead of the paper's for CIFAR-10, with batch norm and without dropout or noise in D",
        "z has 16 numbers, the paper's 100 or 110: the fewer, the sooner the digits are legible",
        "10,000 steps are this project's choice",
    ),
    stable=(
        "made for the stage, to be legible after seconds: small strided networks, batches of 32, twenty- and fortyfold rates that "
        "fall to a fifth within 1,200 steps",
        "D learns the digits from real images alone, and is told which digit it judges (projection, Miyato & Koyama 2018, "
        "arXiv:1802.05637)",
        "the digit counts a fifth as much for G, which keeps more variety",
        "G moves first, and D learns from the samples that G was just corrected for: one drawing a step instead of two",
        R1,
        CALM,
    ),
)
