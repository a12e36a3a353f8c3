"""gan_core: GANs of every kind, trained, kept and asked through one front door.

    import gan_core
    run = gan_core.load("cgan")
    run.sample(16, digit=7, seed=0)          # [16, 1, 28, 28]
    for event in gan_core.train(gan_core.configure("gan", seconds=20)): ...

Glossary: N samples, C channels, H height, W width, Z latent size, K classes, L points of a curve. G generator, D discriminator,
z latent vector, x sample, y class. A variant is which GAN, a recipe how it is trained, a run one training (a folder), a step one
round of updates, a prior the distribution of z.

`load` and `train` import torch when they are first asked for; everything else here does not.
"""

from typing import TYPE_CHECKING, Any

from gan_core.errors import AtelierError
from gan_core.gans.config import configure
from gan_core.gans.variants import VARIANTS

if TYPE_CHECKING:
    from gan_core.trained.model import load
    from gan_core.training.loop import train

__all__ = ["VARIANTS", "AtelierError", "configure", "load", "train"]


def __getattr__(name: str) -> Any:
    if name == "load":
        from gan_core.trained.model import load

        return load
    if name == "train":
        from gan_core.training.loop import train

        return train
    raise AttributeError(f"module 'gan_core' has no attribute {name!r}")
