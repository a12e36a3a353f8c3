"""Priors: the distributions from which latent vectors are drawn, and how to move without leaving where they put their mass.

N(0, 1)^Z has its mass near a sphere: the length of a draw is about sqrt(Z), within one or so. The straight line between two draws
dives into the inside of it, where training never was; so lengths are kept (`slerp`). U(low, high)^Z fills a cube, which
contains the straight line between any two of its points; beyond its sides training never was, so coordinates end there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from gan_core.lazy import Lazy
from gan_core.translation import _

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from gan_core.types import Latents
else:
    torch = Lazy("torch")

NEARLY_PARALLEL = 1e-4  # radians; below it a great circle is not to be told from the straight line
LONGER = 2.0  # by how much more than sqrt(Z) a normal z may be long: three draws in a thousand are longer, whatever Z
FARTHEST = 10.0  # standard deviations: no normal z that somebody hands us has a coordinate beyond it


@dataclass(frozen=True)
class Normal:
    """Independent standard normal coordinates, N(0, 1)^size."""

    size: int
    kind: ClassVar[str] = "normal"
    std: ClassVar[float] = 1.0
    "standard deviation of a coordinate, and so of z along any unit vector"
    centre: ClassVar[float] = 0.0
    bounds: ClassVar[tuple[float, float]] = (-3.0, 3.0)
    "what a slider over a coordinate spans: three standard deviations, 99.7 % of all draws"
    limits: ClassVar[tuple[float, float]] = (-FARTHEST, FARTHEST)
    "what a coordinate may be when it comes from outside"

    def sample(self, n: int, device: torch.device, generator: torch.Generator | None = None) -> Latents:
        """[n, size] draws, from torch's global generator unless another is given."""
        return torch.randn(n, self.size, device=device, generator=generator)

    def sample_in_order(self, n: int, generator: torch.Generator) -> Latents:
        """[n, size] draws on the CPU, one after the other: what the first rows are does not depend on n, as it does for a block."""
        z = torch.empty(n, self.size)
        for row in z:
            row.normal_(generator=generator)
        return z

    def clamp(self, z: Latents) -> Latents:
        """z where the prior is anything but zero: everywhere, so z itself."""
        return z

    def pull_in(self, z: Latents) -> Latents:
        """z where draws are found: shortened to LONGER more than the length draws have, sqrt(Z), if it is longer."""
        longest = self.size**0.5 + LONGER
        return z * (longest / z.norm(dim=1, keepdim=True).clamp_min(1e-9)).clamp(max=1.0)

    def interpolate(self, a: Latents, b: Latents, t: float | Tensor) -> Latents:
        """From a (t = 0) to b (t = 1) along the great circle, see `slerp`."""
        return slerp(a, b, t)

    @property
    def interpolation_reason(self) -> str:
        """Which way `interpolate` takes and why, in sentences."""
        return _(
            "Spherical interpolation (slerp): draws from {prior} have lengths near √{size} ≈ {length}. A straight line would pass through "
            "shorter z, which training hardly ever saw."
        ).format(prior=self, size=self.size, length=f"{self.size**0.5:.1f}")

    @property
    def bounds_in_words(self) -> str:
        """What `bounds` are, in a sentence."""
        return _("Each slider spans three standard deviations to either side.")

    @property
    def combination_in_words(self) -> str:
        """What `combine` does to A - B + C, in a sentence."""
        return _("Its length is set to |z(A)| − |z(B)| + |z(C)|, so it is about as long as a draw.")

    def combine(self, points: Latents, weights: Tensor) -> Latents:
        """The sum of weight times point, with the same sum of the points' lengths as its length; [M, Z] and [N, M] give [N, Z].

        The weights of a row sum to 1. A weight of 1 gives that point itself.
        """
        weights = weights.to(points.dtype)
        total, lengths = weights @ points, (weights @ points.norm(dim=1)).clamp_min(0.0)
        return total / total.norm(dim=1, keepdim=True).clamp_min(1e-12) * lengths[:, None]

    def __str__(self) -> str:
        return f"N(0, 1)^{self.size}"


@dataclass(frozen=True)
class Uniform:
    """Independent uniform coordinates, U(low, high)^size."""

    size: int
    low: float
    high: float
    kind: ClassVar[str] = "uniform"

    @property
    def std(self) -> float:
        """Standard deviation of a coordinate, and so of z along any unit vector."""
        return (self.high - self.low) / 12**0.5

    @property
    def centre(self) -> float:
        """The mean of a coordinate."""
        return (self.low + self.high) / 2

    @property
    def bounds(self) -> tuple[float, float]:
        """What a slider over a coordinate spans: the prior's own ends; beyond them training never went."""
        return self.low, self.high

    @property
    def bounds_in_words(self) -> str:
        """What `bounds` are, in a sentence."""
        return _("Each slider spans the whole range, from {low} to {high}.").format(low=f"{self.low:g}", high=f"{self.high:g}")

    @property
    def combination_in_words(self) -> str:
        """What `combine` does to A - B + C, in a sentence."""
        return _("Its coordinates are kept between {low} and {high}.").format(low=f"{self.low:g}", high=f"{self.high:g}")

    @property
    def limits(self) -> tuple[float, float]:
        """What a coordinate may be when it comes from outside: the prior's own ends."""
        return self.bounds

    def sample(self, n: int, device: torch.device, generator: torch.Generator | None = None) -> Latents:
        """[n, size] draws, from torch's global generator unless another is given."""
        return torch.rand(n, self.size, device=device, generator=generator) * (self.high - self.low) + self.low

    def sample_in_order(self, n: int, generator: torch.Generator) -> Latents:
        """[n, size] draws on the CPU; what the first rows are does not depend on n."""
        return self.sample(n, torch.device("cpu"), generator)

    def clamp(self, z: Latents) -> Latents:
        """z where the prior is anything but zero: its coordinates end at the cube's sides."""
        return z.clamp(self.low, self.high)

    def pull_in(self, z: Latents) -> Latents:
        """z where draws are found: in the cube."""
        return self.clamp(z)

    def interpolate(self, a: Latents, b: Latents, t: float | Tensor) -> Latents:
        """From a (t = 0) to b (t = 1) along the straight line."""
        return lerp(a, b, t)

    @property
    def interpolation_reason(self) -> str:
        """Which way `interpolate` takes and why, in a sentence."""
        return _("Linear interpolation (lerp): {prior} fills a cube, and a straight line between two of its points stays inside.").format(
            prior=self
        )

    def combine(self, points: Latents, weights: Tensor) -> Latents:
        """The sum of weight times point, ending at the cube's sides; [M, Z] and [N, M], rows of weights that sum to 1, give [N, Z]."""
        return self.clamp(weights.to(points.dtype) @ points)

    def __str__(self) -> str:
        return f"U({self.low:g}, {self.high:g})^{self.size}"


Prior = Normal | Uniform


def lerp(a: Latents, b: Latents, t: float | Tensor) -> Latents:
    """(1 - t) a + t b. a and b [Z] or [N, Z]; t a number, or [N] for N points on the way: [N, Z]."""
    t = as_column(t, a)
    return (1 - t) * a + t * b


def slerp(a: Latents, b: Latents, t: float | Tensor) -> Latents:
    """The same along the great circle: the direction turns at constant speed, the length goes evenly from |a| to |b|.

    sin((1-t) w) / sin w a/|a| + sin(t w) / sin w b/|b|, w the angle between them, times (1-t) |a| + t |b|.
    Opposite or zero vectors have no great circle between them: there the straight line is taken.
    Source: Shoemake 1985, doi:10.1145/325165.325242; for latents White 2016, arXiv:1609.04468.
    """
    t = as_column(t, a)
    length_a, length_b = a.norm(dim=-1, keepdim=True), b.norm(dim=-1, keepdim=True)
    unit_a, unit_b = a / length_a.clamp_min(1e-12), b / length_b.clamp_min(1e-12)
    # atan2 of chord and sum: exact for small angles, where acos of the cosine is not
    w = 2 * torch.atan2((unit_a - unit_b).norm(dim=-1, keepdim=True), (unit_a + unit_b).norm(dim=-1, keepdim=True))
    straight = (w < NEARLY_PARALLEL) | (w > torch.pi - NEARLY_PARALLEL) | (length_a < 1e-12) | (length_b < 1e-12)
    sin = torch.where(straight, torch.ones_like(w), w.sin())
    turned = (((1 - t) * w).sin() / sin * unit_a + (t * w).sin() / sin * unit_b) * ((1 - t) * length_a + t * length_b)
    return torch.where(straight, (1 - t) * a + t * b, turned)


def as_column(t: float | Tensor, like: Tensor) -> Tensor:
    """t as a factor of rows: [] or [N, 1]."""
    t = torch.as_tensor(t, dtype=like.dtype)
    return t.unsqueeze(-1) if t.ndim else t
