"""Where a visitor stands in a latent space: the networks of a run, one z, and what is asked of G."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gan_core.trained.model import Trained
    from gan_core.types import ClassWeights, Latents, Samples


@dataclass(frozen=True)
class Point:
    """One z [1, Z] of a trained GAN and, if it has classes, the shares of its classes [1, K]."""

    model: Trained
    z: Latents
    y: ClassWeights | None = None

    @property
    def x(self) -> Samples:
        """What G makes of it."""
        return self.model.generate(self.z, self.y)

    @property
    def digit(self) -> int | None:
        """The class with the largest share; None for a GAN without classes."""
        return None if self.y is None else int(self.y.argmax())
