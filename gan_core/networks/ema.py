"""Moving average of a generator: what is shown of a training that averages."""

import copy
from typing import TypeVar

import torch
from torch import Tensor, nn

Network = TypeVar("Network", bound=nn.Module)


def clone(G: Network) -> Network:
    """The average before the first step: a copy of G that carries no gradients."""
    return copy.deepcopy(G).requires_grad_(False).eval()


@torch.no_grad()
def update(average: nn.Module, G: nn.Module, decay: float, step: int) -> None:
    """average <- d average + (1 - d) G over weights and batch norm's running statistics, d = min(decay, (1 + step) / (10 + step)).

    The warm-up keeps the random first weights from lingering. Statistics that were copied instead would be those of G's last batches,
    and not of the averaged weights (docs/decisions/0017-averaged-statistics.md).
    Source: Yazici et al. 2019, arXiv:1806.04498; warm-up as in TensorFlow's ExponentialMovingAverage.
    """
    d = min(decay, (1 + step) / (10 + step))
    torch._foreach_lerp_(_numbers(average), _numbers(G), 1 - d)


def _numbers(network: nn.Module) -> list[Tensor]:
    """Parameters and buffers, without counters such as batch norm's num_batches_tracked."""
    return [*network.parameters(), *(buffer for buffer in network.buffers() if buffer.is_floating_point())]
