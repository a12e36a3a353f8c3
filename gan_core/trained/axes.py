"""Directions in a latent space found from a generator's weights, from its activations, and from measures of its samples.

Pure functions on tensors; directions.py puts them to work on a run. Directions are rows of unit length; their sign is such that
the largest coordinate is positive, unless a measure gives it a meaning.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from gan_core.types import Classes, Labels, Latents

Rows = Float[Tensor, "D Z"]
Values = Float[Tensor, "N M"]

ACTIVATIONS = (nn.ReLU, nn.LeakyReLU, nn.Tanh, nn.Sigmoid)
OVERSAMPLED = 10  # columns more than asked for in the randomised PCA


class FirstLayer(NamedTuple):
    """What stands on both sides of the first activation of G: before it G is affine in z."""

    before: Float[Tensor, "N H"]
    after: Float[Tensor, "N H"]


def first_layer(G: nn.Module, z: Latents, y: Classes | None) -> FirstLayer:
    """What comes into G's first activation, batch norm before it included, and what comes out."""
    seen: list[FirstLayer] = []

    def keep(_: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        if not seen:
            seen.append(FirstLayer(inputs[0].detach().flatten(1), output.detach().flatten(1).clone()))

    hooks = [module.register_forward_hook(keep) for module in G.modules() if isinstance(module, ACTIVATIONS)]
    try:
        with torch.no_grad():
            G(z, y)
    finally:
        for hook in hooks:
            hook.remove()
    return seen[0]


def slope(G: nn.Module, size: int, y: int | None) -> Float[Tensor, "H Z"]:
    """The matrix A of the affine map A z + b before G's first activation, for one class where there are classes."""
    z = torch.cat([torch.eye(size), torch.zeros(1, size)])
    before = first_layer(G, z, None if y is None else torch.full((size + 1,), y)).before.double()
    return (before[:-1] - before[-1]).T


def factorised(slopes: list[Tensor], n: int) -> Rows:
    """The n directions along which the first layer moves most: eigenvectors of A^T A, the mean over classes where A depends on the class.

    Source: Shen & Zhou 2021, closed-form factorization (SeFa), arXiv:2007.06600, Eq. 6.
    """
    gram = torch.stack([a.T @ a for a in slopes]).mean(0)
    return upright(torch.linalg.eigh(gram).eigenvectors.T.flip(0)[:n]).float()


def principal(h: Float[Tensor, "N H"], z: Latents, y: Labels | None, n: int) -> Rows:
    """The n directions of z that go with the principal components of activations h: each component's scores regressed on z.

    With classes, within the classes. Source: Härkönen et al. 2020, GANSpace, arXiv:2004.02546, section 3.2, Eq. 2, whose regression gives,
    for components that are uncorrelated, the mean of score times z.
    """
    h, z = within(h, y), within(z, y)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        _, _, basis = torch.pca_lowrank(h, min(n + OVERSAMPLED, *h.shape), center=False, niter=3)
    return upright(_unit((h @ basis[:, :n]).T @ z))


def regressed(values: Values, z: Latents, y: Labels | None) -> Rows:
    """For each measure the direction of z along which it grows fastest by linear regression, within classes where there are classes.

    A measure that never changes has the zero vector.
    """
    z, values = within(z, y).double(), within(values.to(z.dtype), y).double()
    solution = torch.linalg.lstsq(z, values).solution.T  # [M, Z]
    flat = values.std(0) < 1e-9
    return torch.where(flat[:, None], torch.zeros_like(solution), _unit(solution)).float()


class Effect(NamedTuple):
    """How a measure answers to a direction."""

    slope: float
    "change of the measure for one unit of z, least squares through the origin"
    correlation: float
    "of the amount moved and the change measured; 0 where nothing changes"


def effect(amounts: Float[Tensor, " N"], changes: Float[Tensor, " N"]) -> Effect:
    """Slope and correlation of measured changes over the amounts by which latents were moved."""
    a, c = amounts.double(), changes.double()
    slope = (a @ c / (a @ a).clamp_min(1e-12)).item()
    spread = (a - a.mean()).norm() * (c - c.mean()).norm()
    return Effect(slope, ((a - a.mean()) @ (c - c.mean()) / spread).item() if spread > 1e-12 else 0.0)


def within(values: Tensor, y: Labels | None) -> Tensor:
    """Values [N, ...] less the mean of their class, or of all where there are no classes."""
    if y is None:
        return values - values.mean(0)
    return torch.stack([values[y == k].mean(0) if (y == k).any() else values[0] * 0 for k in range(int(y.max()) + 1)])[y].neg() + values


def upright(rows: Rows) -> Rows:
    """The same directions, each with the sign that makes its largest coordinate positive."""
    return rows * rows.gather(1, rows.abs().argmax(1, keepdim=True)).sign()


def _unit(rows: Rows) -> Rows:
    return rows / rows.norm(dim=1, keepdim=True).clamp_min(1e-12)
