"""The table of variants: which GANs there are, where each comes from, and how it is trained.

A variant is data. A new GAN is one entry here, plus a class in objectives.py if its loss is new, plus a file under networks/ if
its networks are. Every variant has the recipe "published" (what its source does) and "stable" (the same idea with what the
field knows today: it learns every time). Networks are built by a function per recipe, so that reading this table does not import torch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gan_core.errors import AtelierError
from gan_core.gans import objectives
from gan_core.gans.priors import Normal, Prior, Uniform
from gan_core.gans.recipes import SGD, Adam, Recipe, RMSprop
from gan_core.lazy import Lazy

if TYPE_CHECKING:
    from gan_core.networks import Networks, batch_norm_mlp, conditional_mlp, dcgan, simple, sine, strided
else:
    batch_norm_mlp = Lazy("gan_core.networks.batch_norm_mlp")
    conditional_mlp = Lazy("gan_core.networks.conditional_mlp")
    dcgan = Lazy("gan_core.networks.dcgan")
    simple = Lazy("gan_core.networks.simple")
    sine = Lazy("gan_core.networks.sine")
    strided = Lazy("gan_core.networks.strided")


@dataclass(frozen=True)
class Variant:
    """One GAN: its networks, prior and recipes, its source, and where this implementation differs from it."""

    name: str
    title: str
    year: int
    idea: str
    "one sentence for the gallery: what is special about it"
    source: str
    prior: Prior
    data: str
    "data set it is shown with; image variants accept every image data set"
    recipes: Mapping[str, Recipe]
    networks: Mapping[str, Callable[[], Networks]]
    "recipe name -> builder of (G, D)"
    differs: tuple[str, ...]
    "where `published` differs from its source"
    stable: tuple[str, ...]
    "what `stable` changes in `published`, and why"
    classes: int = 0
    "K if G is asked for a class, else 0"

    @property
    def kind(self) -> Literal["images", "curves"]:
        """What it generates."""
        return "curves" if self.data.startswith("sine") else "images"


KERAS_ADAM = Adam(lr=1e-3, eps=1e-7)  # Keras' default optimiser
STABLE_ADAM = Adam(lr=1e-3, beta1=0.0, beta2=0.99)

_TEXT_001 = "text 001 (GAN models in TensorFlow 2.1)"
_TEXT_001_LOOP = (
    "the 64 samples of a step are cut into two mini-batches of 32, as Keras' fit does when no batch size is given: "
    "the text's loop calls it so",
    "batches are drawn with replacement",
)
_LOGITS = "losses on logits instead of the clipped log: no gradient dies when D is sure"
_R1 = "gradient penalty R1 on real images (Mescheder et al. 2018): D cannot become arbitrarily steep"
_CALM = "Adam with beta1 = 0, and a moving average of G is what is shown"
_STRIDED = "smaller networks with strided convolutions as in DCGAN's paper: a step costs less than half"
_LIGHT = (
    "smaller networks with strided convolutions as in DCGAN's paper, one dense layer more in G, no batch norm in D: "
    "a step costs less than half"
)
_HIDDEN = "one dense layer more in G"
_DECAY = "rates fall to a twentieth by the end"

_STABLE_IMAGES = Recipe(objective=objectives.NonSaturating(r1=0.1, every=4), D=STABLE_ADAM, G=STABLE_ADAM, steps=10_000, average=0.998)
_QUICK_ADAM = STABLE_ADAM.model_copy(update={"lr": 2e-3})
_FAST_ADAM = STABLE_ADAM.model_copy(update={"lr": 4e-3})
_STABLE_CONVOLUTIONS = _STABLE_IMAGES.model_copy(update={"D": _QUICK_ADAM, "G": _QUICK_ADAM, "steps": 8_000, "final_rate": 0.05})
_TEXT_001_RECIPE = Recipe(objective=objectives.ClippedLog(), D=KERAS_ADAM, G=KERAS_ADAM, steps=10_000, splits=2, fresh_z=False)

_TABLE = (
    Variant(
        name="gan",
        title="GAN",
        year=2014,
        idea="The first GAN: two small dense networks, nothing else.",
        source=f"{_TEXT_001}; Goodfellow et al. 2014, arXiv:1406.2661",
        prior=Uniform(100, -1.0, 1.0),
        data="mnist",
        recipes={
            "published": _TEXT_001_RECIPE.model_copy(update={"steps": 20_000}),
            "stable": _STABLE_IMAGES.model_copy(update={"steps": 20_000}),
        },
        networks={
            "published": lambda: simple.networks(),
            "stable": lambda: simple.networks(of_G=(256, 512), of_D=(512, 256)),
        },
        differs=_TEXT_001_LOOP,
        stable=(
            _LOGITS,
            _R1,
            _CALM,
            "two wider hidden layers in each network instead of one: with one, G draws digits unevenly and none of them well",
        ),
    ),
    Variant(
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
            "stable": _STABLE_IMAGES.model_copy(update={"objective": objectives.NonSaturating(r1=2.0, every=4)}),
        },
        networks={
            "published": lambda: batch_norm_mlp.networks(),
            "stable": lambda: batch_norm_mlp.networks(dropout=0.0),
        },
        differs=(
            "the text's listing of the layers is lost, only their table remains: ReLU before each batch norm and in D is read off "
            "the table (an activation inside each Dense, no layer of its own), the optimiser off the imports (Keras' default Adam), "
            "dropout 0.4 is ours: of 0.3, 0.4 and 0.5 the middle of what fits the printed losses",
        ),
        stable=(
            "one update of D on real and generated together, its fakes drawn with batch statistics",
            "no dropout in D: together with the penalty it made D give up (D(x) stood at 1/2 and G learned nothing more)",
            f"{_R1}: 2, not 0.1 as elsewhere, for this D is large",
            _CALM,
            "otherwise the same networks",
        ),
    ),
    Variant(
        name="dcgan",
        title="DCGAN",
        year=2015,
        idea="Convolutions: strokes instead of loose pixels.",
        source=f"{_TEXT_001}; Radford et al. 2015, arXiv:1511.06434",
        prior=Uniform(100, -1.0, 1.0),
        data="mnist",
        recipes={"published": _TEXT_001_RECIPE, "stable": _STABLE_CONVOLUTIONS.model_copy(update={"steps": 12_000})},
        networks={
            "published": lambda: dcgan.networks(),
            "stable": lambda: strided.networks(z=100),
        },
        differs=_TEXT_001_LOOP,
        stable=(_LOGITS, _R1, _CALM, _LIGHT, _DECAY),
    ),
    Variant(
        name="ssgan",
        title="SSGAN",
        year=2016,
        idea="The discriminator also names the digit: eleven answers, the eleventh is 'fake'.",
        source=f"{_TEXT_001}; Odena 2016, arXiv:1606.01583; Salimans et al. 2016, arXiv:1606.03498",
        prior=Uniform(100, -1.0, 1.0),
        data="mnist",
        recipes={
            "published": _TEXT_001_RECIPE.model_copy(update={"objective": objectives.ClippedSSGAN()}),
            "stable": _STABLE_CONVOLUTIONS.model_copy(update={"objective": objectives.NonSaturatingSSGAN(r1=0.1, every=4, even=1.0)}),
        },
        networks={
            "published": lambda: dcgan.networks(answers=11),
            "stable": lambda: strided.networks(z=100, answers=11),
        },
        differs=_TEXT_001_LOOP,
        stable=(
            "G's loss is the non-saturating one: its gradient lives when D wins",
            "G also loses where D, which can name digits, finds some drawn more often than others (Springenberg 2015, arXiv:1511.06390)",
            _LOGITS,
            _R1,
            _CALM,
            _LIGHT,
            _DECAY,
        ),
    ),
    Variant(
        name="cgan",
        title="CGAN",
        year=2014,
        idea="Ask for a digit: the generator is told which one to draw.",
        source=f"{_TEXT_001}; Mirza & Osindero 2014, arXiv:1411.1784",
        prior=Uniform(100, -1.0, 1.0),
        data="mnist",
        classes=10,
        recipes={
            "published": _TEXT_001_RECIPE.model_copy(update={"objective": objectives.ClippedCGAN(), "fakes_for_D": "eval"}),
            "stable": _STABLE_CONVOLUTIONS.model_copy(update={"labels": "paired", "steps": 12_000}),
        },
        networks={
            "published": lambda: dcgan.networks(classes=10, answers=11),
            "stable": lambda: strided.networks(z=100, classes=10),
        },
        differs=(
            *_TEXT_001_LOOP,
            "no difference, but not what the text says of itself: D learns from samples drawn with the running averages of G's batch norm, "
            "because the text's loop that is to prevent this looks at the layers of a model around G and never reaches G's",
        ),
        stable=(
            "D has one logit for 'real, given this digit' (projection, Miyato & Koyama 2018, arXiv:1802.05637): its judgement of real "
            "or fake no longer fights its naming of digits",
            _LOGITS,
            _R1,
            _CALM,
            _LIGHT,
            _DECAY,
        ),
    ),
    Variant(
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
            "published": lambda: dcgan.networks(classes=10, answers=11, z=16),
            "stable": lambda: strided.networks(z=16, classes=10, answers=11, hidden=0, channels=32),
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
            _R1,
            _CALM,
        ),
    ),
    Variant(
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
            "stable": _STABLE_IMAGES.model_copy(update={"labels": "paired"}),
        },
        networks={
            "published": lambda: conditional_mlp.networks(),
            "stable": lambda: conditional_mlp.networks(dropout=0.0, embedding=2.0),
        },
        differs=("D's generated batch carries uniformly drawn digits, not those of its real batch",),
        stable=(
            "one update of D on real and generated together, its fakes drawn with batch statistics",
            "G's embedding starts with a spread of 2: multiplied by Keras' numbers of at most 0.05 little of z gets through, and samples "
            "of a digit are too alike",
            "no dropout in D",
            _R1,
            _CALM,
            "otherwise the same networks",
        ),
    ),
    Variant(
        name="wgan",
        title="WGAN",
        year=2017,
        idea="A critic with clipped weights measures a distance instead of a probability.",
        source="text 001 recommends it; Arjovsky et al. 2017, arXiv:1701.07875",
        prior=Uniform(100, -1.0, 1.0),
        data="mnist",
        recipes={
            "published": Recipe(
                objective=objectives.Wasserstein(clip=0.01), D=RMSprop(lr=5e-5), G=RMSprop(lr=5e-5), steps=10_000, d_steps=5
            ),
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
            "published": lambda: dcgan.networks(norm_in_D=False),
            "stable": lambda: strided.networks(z=100, norm_in_D=True),
        },
        differs=("the networks of text 001's DCGAN, D without batch norm", "10,000 steps are this project's choice"),
        stable=(
            _STRIDED,
            _HIDDEN,
            "batch norm in the critic, as in its authors' code: clipped weights alone shrink or blow up the signal layer by layer",
            "the critic learns ten times as fast and G eighty times, two critic steps instead of five",
            _DECAY,
            "a moving average of G",
        ),
    ),
    Variant(
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
                D=_FAST_ADAM,
                G=_FAST_ADAM,
                steps=10_000,
                final_rate=0.05,
                average=0.998,
            ),
        },
        networks={
            "published": lambda: dcgan.networks(norm_in_D=False),
            "stable": lambda: strided.networks(z=100),
        },
        differs=(
            "the networks of text 001's DCGAN without batch norm in D, not the paper's ResNet",
            "10,000 steps are this project's choice",
        ),
        stable=(
            _STRIDED,
            _HIDDEN,
            "one critic step at forty times the rate, with Adam's longer memory of 0.99",
            _DECAY,
            "a moving average of G",
        ),
    ),
    Variant(
        name="r3gan",
        title="R3GAN",
        year=2024,
        idea="Today's answer to instability: pair real with fake, and keep D smooth on both.",
        source="Huang et al. 2024, arXiv:2501.05441",
        prior=Normal(64),
        data="mnist",
        classes=10,
        recipes={
            "published": Recipe(
                objective=objectives.Relativistic(gamma=1.0),
                D=Adam(lr=2e-4, beta1=0.0, beta2=0.99),
                G=Adam(lr=2e-4, beta1=0.0, beta2=0.99),
                steps=10_000,
                labels="paired",
                average=0.999,
            ),
            "stable": Recipe(
                objective=objectives.Relativistic(gamma=0.05, every=4),
                D=_FAST_ADAM,
                G=_FAST_ADAM.model_copy(update={"lr": 6e-3}),
                steps=12_000,
                labels="paired",
                final_rate=0.05,
                average=0.998,
            ),
        },
        networks={
            "published": lambda: strided.networks(z=64, classes=10, norm=False),
            "stable": lambda: strided.networks(z=64, classes=10, norm=False),
        },
        differs=(
            "a network of five layers instead of the paper's modernised ResNet, PyTorch's initialisation instead of fix-up",
            "rate, gamma and beta2 constant instead of decayed, no augmentation, batch 64",
        ),
        stable=(
            "rates twenty times (D) and thirty times (G) as high: without batch norm these networks bear it, and G needs it",
            "gamma 0.05, the penalties every fourth step and four times as strong: a step costs little more than half",
            _DECAY,
        ),
    ),
    Variant(
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
            "published": lambda: sine.dense_networks(),
            "stable": lambda: sine.dense_networks(),
        },
        differs=("log(1 - D) is computed on logits: the same function, without its infinities", "the year of the text is not stated in it"),
        stable=("non-saturating loss: G's gradient lives when D wins", _R1, _CALM, "D first; same networks"),
    ),
    Variant(
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
            "published": lambda: sine.convolutional_networks(),
            "stable": lambda: sine.nonlinear_networks(),
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
            _R1,
            _CALM,
        ),
    ),
)

QUICK = "acgan"  # by its stable recipe: what to train for those who want to see something now

VARIANTS: Mapping[str, Variant] = {variant.name: variant for variant in _TABLE}


def variant_named(name: str) -> Variant:
    """The variant of that name. Raises AtelierError with the names there are."""
    if name not in VARIANTS:
        raise AtelierError(f"There is no variant {name!r}; choose one of {', '.join(VARIANTS)}.")
    return VARIANTS[name]
