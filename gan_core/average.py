"""Moving average of a generator: what is shown of a training that averages."""

import copy
from typing import TypeVar

import torch
from torch import nn

Network = TypeVar("Network", bound=nn.Module)


def clone(G: Network) -> Network:
    """The average before the first step: a copy of G that carries no gradients."""
    return copy.deepcopy(G).requires_grad_(False).eval()


@torch.no_grad()
def update(average: nn.Module, G: nn.Module, decay: float, step: int) -> None:
    """average <- d average + (1 - d) G over the weights, d = min(decay, (1 + step) / (10 + step)); buffers are copied.

    The warm-up keeps the random first weights from lingering.
    Source: Yazici et al. 2019, arXiv:1806.04498; warm-up as in TensorFlow's ExponentialMovingAverage.
    """
    d = min(decay, (1 + step) / (10 + step))
    torch._foreach_lerp_(list(average.parameters()), list(G.parameters()), 1 - d)
    for mine, its in zip(average.buffers(), G.buffers(), strict=True):
        mine.copy_(its)
