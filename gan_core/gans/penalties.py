"""Gradient penalties on a discriminator, and the projection of its weights.

Every penalty takes D's score of each sample and differentiates the sum of the scores: a sample's score depends on that
sample alone, so row n of the gradient is the gradient of score n. That is why no network with batch norm in D may carry one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gan_core.lazy import Lazy

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from gan_core.types import Samples, Scores
else:
    torch = Lazy("torch")

ScoreOf = Callable[["Samples"], "Scores"]


def squared_gradient_norm(score: ScoreOf, x: Samples) -> Scores:
    """|grad_x score(x)|^2 of each sample, [N], with a graph so that it can be descended."""
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(score(x).sum(), x, create_graph=True)
    return gradient.flatten(1).square().sum(1)


def zero_centred(score: ScoreOf, x: Samples, gamma: float) -> Tensor:
    """(gamma / 2) E |grad_x D(x)|^2: R1 on real samples, R2 on generated ones.

    Source: Mescheder et al. 2018, arXiv:1801.04406, Eq. 9 (R1) and Eq. 10 (R2).
    """
    return 0.5 * gamma * squared_gradient_norm(score, x).mean()


def one_centred(score: ScoreOf, real: Samples, fake: Samples, weight: float) -> Tensor:
    """weight E (|grad_x D(x)| - 1)^2 at points drawn uniformly on the lines between pairs of a real and a generated sample.

    Source: Gulrajani et al. 2017, arXiv:1704.00028, Eq. 3.
    """
    mix = torch.rand(len(real), *[1] * (real.ndim - 1), device=real.device, dtype=real.dtype)
    norm = squared_gradient_norm(score, torch.lerp(real.detach(), fake.detach(), mix)).clamp_min(1e-12).sqrt()
    return weight * (norm - 1).square().mean()


def clip_weights(D: nn.Module, limit: float) -> None:
    """Moves every weight of D into [-limit, limit].

    Source: Arjovsky et al. 2017, arXiv:1701.07875, Algorithm 1, line 7.
    """
    with torch.no_grad():
        for parameter in D.parameters():
            parameter.clamp_(-limit, limit)
