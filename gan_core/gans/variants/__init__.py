"""The table of variants: which GANs there are, where each comes from, and how it is trained.

A variant is data: an entry in one of the files beside this one, its name in the ordered list below. A new GAN is that, plus a class
in objectives.py if its loss is new, plus a file under networks/ if its networks are, and nothing else. Every variant has the recipe
"published" (what its source does) and "stable" (the same idea with what the field knows today: it learned from every seed that was tried).
"""

from collections.abc import Mapping

from gan_core.errors import AtelierError
from gan_core.gans.variants.convolutional import ACGAN, CGAN, DCGAN, SSGAN
from gan_core.gans.variants.curves import SINE_CONV, SINE_MLP
from gan_core.gans.variants.dense import CGAN_MLP, GAN, GAN_BN
from gan_core.gans.variants.entry import Variant
from gan_core.gans.variants.least_squares import LSGAN
from gan_core.gans.variants.modern import R3GAN
from gan_core.gans.variants.wasserstein import WGAN, WGAN_GP
from gan_core.translation import _

_TABLE = (
    GAN,
    GAN_BN,
    DCGAN,
    SSGAN,
    CGAN,
    ACGAN,
    CGAN_MLP,
    LSGAN,
    WGAN,
    WGAN_GP,
    R3GAN,
    SINE_MLP,
    SINE_CONV,
)

QUICK = "acgan"  # by its stable recipe: what to train for those who want to see something now

VARIANTS: Mapping[str, Variant] = {variant.name: variant for variant in _TABLE}
CONDITIONAL = tuple(name for name, variant in VARIANTS.items() if variant.classes)  # those whose G can be asked for a class


def no_variant(name: str) -> str:
    """That there is none of that name, and which there are, as a sentence."""
    return _("There is no variant {name}; choose one of {names}.").format(name=repr(name), names=", ".join(VARIANTS))


def variant_named(name: str) -> Variant:
    """The variant of that name. Raises AtelierError with the names there are."""
    if name not in VARIANTS:
        raise AtelierError(no_variant(name))
    return VARIANTS[name]
