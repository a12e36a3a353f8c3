"""Dense networks: the first GAN, the classroom GAN, and the conditional one without convolutions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_core.gans import objectives
from gan_core.gans.architecture import Architecture, DiscriminatorSpec
from gan_core.gans.priors import Normal, Uniform
from gan_core.gans.recipes import Adam, Recipe
from gan_core.gans.variants.entry import Variant
from gan_core.gans.variants.fragments import CALM, KERAS_ADAM, LOGITS, R1, STABLE_IMAGES, TEXT_001, TEXT_001_LOOP, TEXT_001_RECIPE
from gan_core.lazy import Lazy

if TYPE_CHECKING:
    from gan_core.networks import batch_norm_mlp, conditional_mlp, simple
else:
    batch_norm_mlp = Lazy("gan_core.networks.batch_norm_mlp")
    conditional_mlp = Lazy("gan_core.networks.conditional_mlp")
    simple = Lazy("gan_core.networks.simple")

GAN = Variant(
    name="gan",
    title="GAN",
    year=2014,
    idea="The first GAN: two small dense networks, nothing else.",
    source=f"{TEXT_001}; Goodfellow et al. 2014, arXiv:1406.2661",
    prior=Uniform(100, -1.0, 1.0),
    data="mnist",
    recipes={
        "published": TEXT_001_RECIPE.model_copy(update={"steps": 20_000}),
        "stable": STABLE_IMAGES.model_copy(update={"steps": 20_000}),
    },
    networks={
        "published": Architecture(lambda: simple.networks()),
        "stable": Architecture(lambda: simple.networks(of_G=(256, 512), of_D=(512, 256))),
    },
    differs=TEXT_001_LOOP,
    stable=(
        LOGITS,
        R1,
        CALM,
        "two wider hidden layers in each network instead of one: with one, G draws digits unevenly and none of them well",
    ),
)

GAN_BN = Variant(
    name="gan-bn",
    title="GAN with batch norm",
    year=2018,
    idea="Batch norm in the generator, dropout in the discriminator: the classroom GAN.",
    source="text 003 (GAN Final, 2018); Ioffe & Szegedy 2015, arXiv:1502.03167",
    prior=Normal(100),
    data="mnist",
    recipes={
        "published": Recipe(
            objective=objectives.NonSaturating(),
            D=KERAS_ADAM,
            G=KERAS_ADAM,
            batch=200,
            steps=3_000,
            separate=True,
            fakes_for_D="eval",
        ),
        "stable": STABLE_IMAGES.model_copy(update={"objective": objectives.NonSaturating(r1=2.0, every=4)}),
    },
    networks={
        "published": Architecture(lambda: batch_norm_mlp.networks()),
        "stable": Architecture(lambda: batch_norm_mlp.networks(dropout=0.0)),
    },
    differs=(
        "the text's listing of the layers is lost, only their table remains: ReLU before each batch norm and in D is read off "
        "the table (an activation inside each Dense, no layer of its own), the optimiser off the imports (Keras' default Adam), "
        "dropout 0.4 is ours: of 0.3, 0.4 and 0.5 the middle of what fits the printed losses",
    ),
    stable=(
        "one update of D on real and generated together, its fakes drawn with batch statistics",
        "no dropout in D: together with the penalty it made D give up (D(x) stood at 1/2 and G learned nothing more)",
        f"{R1}: 2, not 0.1 as elsewhere, for this D is large",
        CALM,
        "otherwise the same networks",
    ),
)

CGAN_MLP = Variant(
    name="cgan-mlp",
    title="CGAN, dense",
    year=2014,
    idea="The conditional GAN without convolutions: an embedding of the digit multiplies the noise.",
    source="text 003 names it and refers to the Keras-GAN collection; Mirza & Osindero 2014, arXiv:1411.1784",
    prior=Normal(100),
    data="mnist",
    classes=10,
    recipes={
        "published": Recipe(
            objective=objectives.NonSaturating(),
            D=Adam(lr=2e-4, beta1=0.5, eps=1e-7),
            G=Adam(lr=2e-4, beta1=0.5, eps=1e-7),
            batch=32,
            steps=20_000,
            separate=True,
            fakes_for_D="eval",
        ),
        "stable": STABLE_IMAGES.model_copy(update={"labels": "paired"}),
    },
    networks={
        "published": Architecture(lambda: conditional_mlp.networks(), DiscriminatorSpec(conditional=True)),
        "stable": Architecture(lambda: conditional_mlp.networks(dropout=0.0, embedding=2.0), DiscriminatorSpec(conditional=True)),
    },
    differs=("D's generated batch carries uniformly drawn digits, not those of its real batch",),
    stable=(
        "one update of D on real and generated together, its fakes drawn with batch statistics",
        "G's embedding starts with a spread of 2: multiplied by Keras' numbers of at most 0.05 little of z gets through, and samples "
        "of a digit are too alike",
        "no dropout in D",
        R1,
        CALM,
        "otherwise the same networks",
    ),
)
