"""Ways through a latent space: pure functions on latents z that never leave where the prior puts its mass.

N(0, 1)^Z has its mass near a sphere: the length of a draw is about sqrt(Z), within one or so. The straight line between two draws
dives into the inside of it, where training never was; so lengths are kept (`slerp`). U(low, high)^Z fills a cube, which
contains the straight line between any two of its points; beyond its sides training never was, so coordinates end there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from gan_core.gans.priors import Normal, Prior
from gan_core.types import Latents, Samples

Vector = Float[Tensor, " Z"]
NEARLY_PARALLEL = 1e-4  # radians; below it a great circle is not to be told from the straight line


def lerp(a: Latents, b: Latents, t: float | Tensor) -> Latents:
    """(1 - t) a + t b. a and b [Z] or [N, Z]; t a number, or [N] for N points on the way: [N, Z]."""
    t = _column(t, a)
    return (1 - t) * a + t * b


def slerp(a: Latents, b: Latents, t: float | Tensor) -> Latents:
    """The same along the great circle: the direction turns at constant speed, the length goes evenly from |a| to |b|.

    sin((1-t) w) / sin w a/|a| + sin(t w) / sin w b/|b|, w the angle between them, times (1-t) |a| + t |b|.
    Opposite or zero vectors have no great circle between them: there the straight line is taken.
    Source: Shoemake 1985, doi:10.1145/325165.325242; for latents White 2016, arXiv:1609.04468.
    """
    t = _column(t, a)
    length_a, length_b = a.norm(dim=-1, keepdim=True), b.norm(dim=-1, keepdim=True)
    unit_a, unit_b = a / length_a.clamp_min(1e-12), b / length_b.clamp_min(1e-12)
    # atan2 of chord and sum: exact for small angles, where acos of the cosine is not
    w = 2 * torch.atan2((unit_a - unit_b).norm(dim=-1, keepdim=True), (unit_a + unit_b).norm(dim=-1, keepdim=True))
    straight = (w < NEARLY_PARALLEL) | (w > torch.pi - NEARLY_PARALLEL) | (length_a < 1e-12) | (length_b < 1e-12)
    sin = torch.where(straight, torch.ones_like(w), w.sin())
    turned = (((1 - t) * w).sin() / sin * unit_a + (t * w).sin() / sin * unit_b) * ((1 - t) * length_a + t * length_b)
    return torch.where(straight, (1 - t) * a + t * b, turned)


def interpolate(prior: Prior, a: Latents, b: Latents, t: float | Tensor) -> Latents:
    """From a (t = 0) to b (t = 1) the way that suits the prior: `slerp` for a normal, `lerp` for a uniform one."""
    return slerp(a, b, t) if isinstance(prior, Normal) else lerp(a, b, t)


def why(prior: Prior) -> str:
    """Which way `interpolate` takes and why, in a sentence."""
    if isinstance(prior, Normal):
        return (
            f"Spherical (slerp): draws from {prior} have lengths near √{prior.size} ≈ {prior.size**0.5:.1f}; "
            "a straight line would pass through short z, which training never saw."
        )
    return f"Straight (lerp): {prior} fills a cube, and the straight line between two of its points stays in it."


def combine(prior: Prior, points: Latents, weights: Tensor) -> Latents:
    """The sum of weight times point, brought back to where the prior is: points [M, Z], weights [N, M] that sum to 1 give [N, Z].

    Normal: the sum keeps its direction and takes the same sum of the points' lengths. Uniform: coordinates end at the cube's sides.
    A weight of 1 gives that point itself.
    """
    total = weights.to(points.dtype) @ points
    if not isinstance(prior, Normal):
        return total.clamp(prior.low, prior.high)
    lengths = (weights.to(points.dtype) @ points.norm(dim=1)).clamp_min(0.0)
    return total / total.norm(dim=1, keepdim=True).clamp_min(1e-12) * lengths[:, None]


def plane(prior: Prior, anchors: Latents, u: float | Tensor, v: float | Tensor) -> Latents:
    """The point (u, v) of the plane through three anchors [3, Z]: the first at (0, 0), the second at (1, 0), the third at (0, 1).

    u and v numbers, or [N] each: [N, Z]. See `combine` for what keeps it where the prior is.
    """
    u, v = (torch.as_tensor(value, dtype=anchors.dtype).reshape(-1) for value in (u, v))
    return combine(prior, anchors, torch.stack([1 - u - v, u, v], 1))


def arithmetic(prior: Prior, a: Latents, b: Latents, c: Latents) -> Latents:
    """a - b + c, each [N, Z], brought back to where the prior is (see `combine`): a - b + b is a.

    Source: Radford et al. 2015, arXiv:1511.06434, section 6.3.2.
    """
    weights = torch.tensor([[1.0, -1.0, 1.0]])
    return torch.cat([combine(prior, torch.stack(each), weights) for each in zip(a, b, c, strict=True)])


def truncate(prior: Prior, z: Latents, psi: float) -> Latents:
    """Towards the prior's centre, psi = 1: unchanged, 0: the centre itself. Less variety, more typical samples.

    psi z for a normal prior, centre + psi (z - centre) for a uniform one. Source: Brock et al. 2019, arXiv:1809.11096, section 3.1,
    who draw anew instead of scaling; scaling as in Karras et al. 2019, arXiv:1812.04948, section B, but in z.
    """
    centre = 0.0 if isinstance(prior, Normal) else (prior.low + prior.high) / 2
    return centre + psi * (z - centre)


def moved(prior: Prior, z: Latents, direction: Vector, amount: float | Tensor) -> Latents:
    """z + amount times direction, coordinates ending where a uniform prior does; amount a number, or [N]."""
    there = z + _column(amount, z) * direction
    return there if isinstance(prior, Normal) else there.clamp(prior.low, prior.high)


def loop(prior: Prior, stops: Latents, generate: Callable[[Latents], Samples], frames: int, fine: int = 24) -> Latents:
    """A closed way through the stops [M, Z] and back to the first, at constant visual speed: [frames, Z].

    Its length is measured in what is seen: root mean square difference of successive samples, `fine` pieces from one stop to the next.
    Where nothing changes on the whole way, in equal shares of t. The first frame is the first stop.
    """
    ways = [interpolate(prior, a, b, torch.arange(fine) / fine) for a, b in zip(stops, stops.roll(-1, 0), strict=True)]
    z = torch.cat([*ways, stops[:1]])
    return stops[:1].expand(frames, -1) if len(stops) < 2 else _evenly(prior, z, generate(z), frames + 1)[:-1]


def even(prior: Prior, a: Vector, b: Vector, generate: Callable[[Latents], Samples], frames: int, fine: int = 48) -> Latents:
    """From a to b at constant visual speed, both ends included: [frames, Z]. See `loop`."""
    z = interpolate(prior, a, b, torch.linspace(0, 1, fine + 1))
    return _evenly(prior, z, generate(z), frames)


def _evenly(prior: Prior, z: Latents, x: Samples, frames: int) -> Latents:
    """Points on the way z [M, Z], equally far apart in x [M, ...], its two ends among them."""
    steps = (x[1:] - x[:-1]).flatten(1).double().pow(2).mean(1).sqrt()
    if steps.sum() < 1e-9:
        steps = torch.ones_like(steps)
    at = torch.cat([steps.new_zeros(1), steps.cumsum(0)])
    wanted = torch.linspace(0, 1, frames, dtype=at.dtype) * at[-1]
    left = (torch.searchsorted(at, wanted, right=True) - 1).clamp(0, len(z) - 2)
    share = ((wanted - at[left]) / (at[left + 1] - at[left]).clamp_min(1e-12)).clamp(0, 1).to(z.dtype)
    return interpolate(prior, z[left], z[left + 1], share)


def _column(t: float | Tensor | Sequence[float], like: Tensor) -> Tensor:
    """t as a factor of rows: [] or [N, 1]."""
    t = torch.as_tensor(t, dtype=like.dtype)
    return t.unsqueeze(-1) if t.ndim else t
