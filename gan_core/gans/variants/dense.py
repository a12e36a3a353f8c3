"""Dense networks: the first GAN, the classroom GAN, and the conditional one without convolutions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_core.gans import objectives
from gan_core.gans.architecture import Architecture, DiscriminatorSpec
from gan_core.gans.priors import Normal, Uniform
from gan_core.gans.recipes import Adam, Recipe
from gan_core.gans.variants.entry import Variant
from gan_core.gans.variants.fragments import CALM, KERAS_ADAM, LOGITS, R1, STABLE_IMAGES, TEXT_001_LOOP, TEXT_001_RECIPE
from gan_core.lazy import Lazy
from gan_core.translation import N_

if TYPE_CHECKING:
    from gan_core.networks import batch_norm_mlp, conditional_mlp, simple
else:
    batch_norm_mlp = Lazy("gan_core.networks.batch_norm_mlp")
    conditional_mlp = Lazy("gan_core.networks.conditional_mlp")
    simple = Lazy("gan_core.networks.simple")

ONE_UPDATE = N_("One update of D on real and generated samples together. G's batch norm uses the batch itself when it draws for D.")
SAME_NETWORKS = N_("Otherwise the networks are the same.")

GAN = Variant(
    name="gan",
    title=N_("GAN"),
    year=2014,
    idea=N_("The first GAN: two small dense networks, and nothing else."),
    source=N_("Tutorial on GAN models in TensorFlow 2.1 (text 001); Goodfellow et al. 2014, arXiv:1406.2661"),
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
        N_(
            "Two wider hidden layers in each network instead of one. With one, G draws some digits more often than others, and none "
            "of them well."
        ),
    ),
)

GAN_BN = Variant(
    name="gan-bn",
    title=N_("GAN with batch norm"),
    year=2018,
    idea=N_("Dense networks, with batch norm in the generator and dropout in the discriminator."),
    source=N_("Course notes “GAN Final”, 2018 (text 003); Ioffe & Szegedy 2015, arXiv:1502.03167"),
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
        N_(
            "The text shows no code of the layers, only Keras' table of them. It lists no activations, so ReLU is taken to be part of each "
            "dense layer, before batch norm."
        ),
        N_("No optimiser is imported in the text, so Adam with Keras' defaults is assumed."),
        N_("A dropout rate of 0.4 is this project's choice: 0.3 and 0.5 fit the printed losses equally well, and 0.4 lies between."),
    ),
    stable=(
        ONE_UPDATE,
        N_("No dropout in D. Together with the penalty it stopped D from learning: D(x) stayed at 1/2, and G learned nothing more."),
        N_(
            "Gradient penalty R1 on real samples (Mescheder et al. 2018): it keeps D smooth. Its weight is 2, not 0.1, because this "
            "D is large."
        ),
        CALM,
        SAME_NETWORKS,
    ),
)

CGAN_MLP = Variant(
    name="cgan-mlp",
    title=N_("CGAN, dense"),
    year=2014,
    idea=N_("A conditional GAN without convolutions: the latent vector is multiplied by an embedding of the digit."),
    source=N_("Course notes “GAN Final”, 2018 (text 003), which point to the Keras-GAN collection; Mirza & Osindero 2014, arXiv:1411.1784"),
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
    differs=(N_("The digits of D's generated batch are drawn uniformly, not taken from its real batch."),),
    stable=(
        ONE_UPDATE,
        N_(
            "G's embedding starts with a standard deviation of 2. Keras starts it with numbers of at most 0.05: multiplied by these, "
            "little of z gets through, and samples of one digit are too alike."
        ),
        N_("No dropout in D."),
        R1,
        CALM,
        SAME_NETWORKS,
    ),
)
