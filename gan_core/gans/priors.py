"""Priors: the distributions from which latent vectors are drawn.

A prior also says what range a slider over one coordinate must have, so that no page shows what training never drew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gan_core.lazy import Lazy

if TYPE_CHECKING:
    import torch

    from gan_core.types import Latents
else:
    torch = Lazy("torch")


@dataclass(frozen=True)
class Normal:
    """Independent standard normal coordinates, N(0, 1)^size."""

    size: int

    def sample(self, n: int, device: torch.device, generator: torch.Generator | None = None) -> Latents:
        """[n, size] draws, from torch's global generator unless another is given."""
        return torch.randn(n, self.size, device=device, generator=generator)

    @property
    def bounds(self) -> tuple[float, float]:
        """What a slider spans: three standard deviations, 99.7 % of all draws."""
        return -3.0, 3.0

    def __str__(self) -> str:
        return f"N(0, 1)^{self.size}"


@dataclass(frozen=True)
class Uniform:
    """Independent uniform coordinates, U(low, high)^size."""

    size: int
    low: float
    high: float

    def sample(self, n: int, device: torch.device, generator: torch.Generator | None = None) -> Latents:
        """[n, size] draws, from torch's global generator unless another is given."""
        return torch.rand(n, self.size, device=device, generator=generator) * (self.high - self.low) + self.low

    @property
    def bounds(self) -> tuple[float, float]:
        """What a slider spans: the prior's own ends; beyond them training never went."""
        return self.low, self.high

    def __str__(self) -> str:
        return f"U({self.low:g}, {self.high:g})^{self.size}"


Prior = Normal | Uniform
