"""Samplers of sine curves: every batch is fresh."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gan_core.lazy import Lazy

if TYPE_CHECKING:
    import torch

    from gan_core.types import Curves
else:
    torch = Lazy("torch")


class CurveData:
    """A sampler of curves [N, L]; every batch is fresh."""

    def __init__(self, sampler: Callable[[int, torch.device], Curves], device: torch.device) -> None:
        self._sampler, self._device = sampler, device

    def batch(self, n: int, pixels: tuple[float, float]) -> tuple[Curves, None]:
        """n curves, a function of torch's global random state; curves have no classes, and no range of pixels."""
        return self._sampler(n, self._device), None

    distinct = batch


def sine_fixed(n: int, device: torch.device, generator: torch.Generator | None = None) -> Curves:
    """sin x at 16 points from 0 to 2 pi, n times the same row: [n, 16]. Source: text 002."""
    return sine_abscissae("sine-fixed", device).sin().expand(n, -1)


def sine_family(n: int, device: torch.device, generator: torch.Generator | None = None) -> Curves:
    """sin(offset + mul x) / 2 + 1/2 at x = 0, 0.1 .. 4.9: [n, 50], offset U(0, 100), mul U(1, 2). Source: text 000."""
    offset = 100 * torch.rand(n, 1, device=device, generator=generator)
    mul = 1 + torch.rand(n, 1, device=device, generator=generator)
    return (offset + mul * sine_abscissae("sine-family", device)).sin() / 2 + 0.5


SAMPLERS = {"sine-fixed": sine_fixed, "sine-family": sine_family}


def seeded_curves(name: str, n: int, seed: int) -> Curves:
    """The n curves [n, L] of a data set that belong to a seed, on the CPU.

    The global random state is neither read nor set: beside this thread others may draw.
    """
    return SAMPLERS[name](n, torch.device("cpu"), torch.Generator().manual_seed(seed))


def sine_abscissae(name: str, device: torch.device) -> torch.Tensor:
    """The points [L] at which the curves of a data set are taken."""
    if name == "sine-fixed":
        return torch.linspace(0, 2 * torch.pi, 16, device=device)
    return torch.arange(50, device=device) / 10
