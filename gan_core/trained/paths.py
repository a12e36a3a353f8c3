"""Ways through a latent space: pure functions on latents z that never leave where the prior puts its mass.

How a prior is kept to (along great circles, or inside a cube) stands on the prior; what is made of it stands here.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from gan_core.gans.priors import Prior, as_column
from gan_core.types import Latents, Samples

Vector = Float[Tensor, " Z"]


def plane(prior: Prior, anchors: Latents, u: float | Tensor, v: float | Tensor) -> Latents:
    """The point (u, v) of the plane through three anchors [3, Z]: the first at (0, 0), the second at (1, 0), the third at (0, 1).

    u and v numbers, or [N] each: [N, Z]. See `Prior.combine` for what keeps it where the prior is. The page works it out in the browser
    (explorer/place.js); tests hold that against this.
    """
    u, v = (torch.as_tensor(value, dtype=anchors.dtype).reshape(-1) for value in (u, v))
    return prior.combine(anchors, torch.stack([1 - u - v, u, v], 1))


def arithmetic(prior: Prior, a: Latents, b: Latents, c: Latents) -> Latents:
    """a - b + c, each [N, Z], brought back to where the prior is (see `Prior.combine`): a - b + b is a.

    Source: Radford et al. 2015, arXiv:1511.06434, section 6.3.2.
    """
    weights = torch.tensor([[1.0, -1.0, 1.0]])
    return torch.cat([prior.combine(torch.stack(each), weights) for each in zip(a, b, c, strict=True)])


def truncate(prior: Prior, z: Latents, psi: float) -> Latents:
    """Towards the prior's centre, psi = 1: unchanged, 0: the centre itself. Less variety, more typical samples.

    psi z for a normal prior, centre + psi (z - centre) for a uniform one. Source: Brock et al. 2019, arXiv:1809.11096, section 3.1,
    who draw anew instead of scaling; scaling as in Karras et al. 2019, arXiv:1812.04948, section B, but in z.
    """
    return prior.centre + psi * (z - prior.centre)


def moved(prior: Prior, z: Latents, direction: Vector, amount: float | Tensor) -> Latents:
    """z + amount times direction, coordinates ending where a uniform prior does; amount a number, or [N]."""
    return prior.clamp(z + as_column(amount, z) * direction)


def loop(prior: Prior, stops: Latents, generate: Callable[[Latents], Samples], frames: int, fine: int = 24) -> Latents:
    """A closed way through the stops [M, Z] and back to the first, at constant visual speed: [frames, Z].

    Its length is measured in what is seen: root mean square difference of successive samples, `fine` pieces from one stop to the next.
    Where nothing changes on the whole way, in equal shares of t. The first frame is the first stop.
    """
    ways = [prior.interpolate(a, b, torch.arange(fine) / fine) for a, b in zip(stops, stops.roll(-1, 0), strict=True)]
    z = torch.cat([*ways, stops[:1]])
    return stops[:1].expand(frames, -1) if len(stops) < 2 else _evenly(prior, z, generate(z), frames + 1)[:-1]


def even(prior: Prior, a: Vector, b: Vector, generate: Callable[[Latents], Samples], frames: int, fine: int = 48) -> Latents:
    """From a to b at constant visual speed, both ends included: [frames, Z]. See `loop`."""
    z = prior.interpolate(a, b, torch.linspace(0, 1, fine + 1))
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
    return prior.interpolate(z[left], z[left + 1], share)
