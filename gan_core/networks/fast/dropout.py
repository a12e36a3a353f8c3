"""Dropout whose draws are cheap on a CPU."""

import torch
from torch import Tensor, nn


class Dropout(nn.Dropout):
    """Each number is dropped with probability p and the others grow by 1 / (1 - p), as in nn.Dropout.

    On a CPU torch draws a number of the Bernoulli distribution at a time, a fifth of a training of text 003's GAN. Here every 64 random
    bits decide about four numbers: p is met to within 1/65,536.
    """

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.p == 0 or x.device.type != "cpu":
            return super().forward(x)
        bits = torch.empty(-(-x.numel() // 4), dtype=torch.int64).random_(-(2**63), None).view(torch.int16)
        kept = bits[: x.numel()].view(x.shape) >= round(65536 * self.p) - 32768
        return x * kept.to(x.dtype).mul_(1 / (1 - self.p))
