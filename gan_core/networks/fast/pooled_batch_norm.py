"""Batch norm and then the maximum of every 2x2 pixels, computed the other way round: the same function with less to move about."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.autograd.function import once_differentiable


class NormalisedMaximum(nn.BatchNorm2d):
    """Batch norm, then the maximum of every 2x2 pixels: [N, C, H, W] -> [N, C, H/2, W/2].

    What batch norm does to a channel is increasing where its gain is not negative, so the maximum may be taken first: the full picture is
    then read for its mean, variance and maxima, and never written; nor is its gradient, but once. On a CPU the layer is memory that moves,
    and this takes a fifth off its time (docs/log.md). Elsewhere, while evaluating and with a negative gain it does as it is described.
    """

    def forward(self, x: Tensor) -> Tensor:
        quick = self.training and x.device.type == "cpu" and x.dtype == self.weight.dtype and not bool((self.weight < 0).any())
        if not quick:
            return F.max_pool2d(super().forward(x), 2)
        assert self.num_batches_tracked is not None
        self.num_batches_tracked.add_(1)
        y: Tensor = _MaximumFirst.apply(x, self.weight, self.bias, self.running_mean, self.running_var, self.momentum, self.eps)
        return y


class _MaximumFirst(torch.autograd.Function):
    """y = gain (m - mean) / sd + bias, m the maxima of x. Its gradient in x is sparse, at the maxima, but for what mean and sd carry:

    dx = gain / sd (dy at the maxima - mean dy - x^ mean(dy x^)), x^ = (x - mean) / sd, the means over all N H W pixels of a channel.
    Source: Ioffe & Szegedy 2015, arXiv:1502.03167, section 3.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, gain: Tensor, bias: Tensor, mean_of: Tensor, var_of: Tensor, momentum: float, eps: float) -> Tensor:
        mean, var = torch.batch_norm_update_stats(x, mean_of, var_of, momentum)
        top, at = F.max_pool2d_with_indices(x, [2, 2])
        rsd = (var + eps).rsqrt()
        ctx.save_for_backward(x, top, at, mean, rsd, gain)
        scale = gain * rsd
        return torch.addcmul(_wide(bias - mean * scale), top, _wide(scale))

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor | None, ...]:
        x, top, at, mean, rsd, gain = ctx.saved_tensors
        n, scale = x.numel() // x.shape[1], gain * rsd
        of_bias = dy.sum((0, 2, 3))
        of_gain = ((dy * top).sum((0, 2, 3)) - mean * of_bias) * rsd
        slope = -scale * rsd * of_gain / n
        level = -scale * of_bias / n - slope * mean
        dx = torch.addcmul(_wide(level), x, _wide(slope))
        at_maxima = torch.addcmul(torch.addcmul(_wide(level), top, _wide(slope)), dy, _wide(scale))
        _rows(dx).scatter_(1, _rows(at), _rows(at_maxima))
        return dx, of_gain, of_bias, None, None, None, None


def _wide(per_channel: Tensor) -> Tensor:
    return per_channel[None, :, None, None]


def _rows(x: Tensor) -> Tensor:
    """[N, C, H, W] as [N, H W, C]: a view where channels lie last in memory."""
    return x.permute(0, 2, 3, 1).flatten(1, 2)
