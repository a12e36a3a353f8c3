"""Convolutional networks with cross-entropy: DCGAN, and its relatives that know digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_core.gans import objectives
from gan_core.gans.architecture import Architecture, DiscriminatorSpec
from gan_core.gans.priors import Normal, Uniform
from gan_core.gans.recipes import Adam, Recipe
from gan_core.gans.variants.entry import Variant
from gan_core.gans.variants.fragments import CALM, DECAY, LIGHT, LOGITS, OWN_STEPS, R1, STABLE_CONVOLUTIONS, TEXT_001_LOOP, TEXT_001_RECIPE
from gan_core.lazy import Lazy
from gan_core.translation import N_

if TYPE_CHECKING:
    from gan_core.networks import dcgan, strided
else:
    dcgan = Lazy("gan_core.networks.dcgan")
    strided = Lazy("gan_core.networks.strided")

DCGAN = Variant(
    name="dcgan",
    title=N_("DCGAN"),
    year=2015,
    idea=N_("Both networks are convolutional, so neighbouring pixels are drawn together."),
    source=N_("Tutorial on GAN models in TensorFlow 2.1 (text 001); Radford et al. 2015, arXiv:1511.06434"),
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
    title=N_("SSGAN"),
    year=2016,
    idea=N_("The discriminator also names the digit: it chooses among eleven classes, ten digits and “generated”."),
    source=N_("Tutorial on GAN models in TensorFlow 2.1 (text 001); Odena 2016, arXiv:1606.01583; Salimans et al. 2016, arXiv:1606.03498"),
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
        N_("G's loss is non-saturating: its gradient does not vanish when D wins."),
        N_(
            "G's loss has one more term: it grows when D finds some digits drawn more often than others (Springenberg 2015, "
            "arXiv:1511.06390)."
        ),
        LOGITS,
        R1,
        CALM,
        LIGHT,
        DECAY,
    ),
)

CGAN = Variant(
    name="cgan",
    title=N_("CGAN"),
    year=2014,
    idea=N_("You choose the digit: the generator is told which one to draw."),
    source=N_("Tutorial on GAN models in TensorFlow 2.1 (text 001); Mirza & Osindero 2014, arXiv:1411.1784"),
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
        N_(
            "As in the tutorial's code, but not as its text says: D learns from samples that are drawn with the running averages of "
            "G's batch norm. The loop that should prevent this changes the layers of a model around G and never reaches G's own."
        ),
    ),
    stable=(
        N_(
            "D has one logit, for “real, given this digit” (projection, Miyato & Koyama 2018, arXiv:1802.05637): telling real from "
            "generated no longer competes with naming digits."
        ),
        LOGITS,
        R1,
        CALM,
        LIGHT,
        DECAY,
    ),
)

ACGAN = Variant(
    name="acgan",
    title=N_("AC-GAN"),
    year=2017,
    idea=N_("The generator is told which digit to draw, and rewarded when D recognises it. The quickest one here: legible within seconds."),
    source=N_("Odena et al. 2017, arXiv:1610.09585"),
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
        N_(
            "The networks are those of the CGAN in the TensorFlow tutorial (text 001), not the paper's for CIFAR-10: with batch "
            "norm, and without dropout or noise in D."
        ),
        N_("z has 16 numbers, the paper's has 100 or 110: with fewer numbers, digits are legible sooner."),
        OWN_STEPS,
    ),
    stable=(
        N_(
            "Tuned to be legible within seconds: small strided networks, batches of 32, and learning rates 20 times (D) and 40 times "
            "(G) as high, which fall to a fifth within 1,200 steps."
        ),
        N_(
            "D learns the digits from real images only, and is told which digit it judges (projection, Miyato & Koyama 2018, "
            "arXiv:1802.05637)."
        ),
        N_("The digit counts a fifth as much in G's loss: this keeps more variety."),
        N_("G moves first, and D then learns from the same samples: a step draws samples once instead of twice."),
        R1,
        CALM,
    ),
)
