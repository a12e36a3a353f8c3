"""The table of variants."""

from gan_core.gans.variants.convolutional import QUICK as QUICK
from gan_core.gans.variants.convolutional import VARIANTS as VARIANTS
from gan_core.gans.variants.convolutional import Variant as Variant
from gan_core.gans.variants.convolutional import variant_named as variant_named
