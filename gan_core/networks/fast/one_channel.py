"""Convolutions from and to pictures of one channel, for which a CPU's convolutions waste their width: as dense layers on patches.

Same weights, same function and derivatives as the layers they extend; elsewhere than on a CPU they are those.
"""

import torch.nn.functional as F
from torch import Tensor, nn


class FromOneChannel(nn.Conv2d):
    """A convolution of one channel: [N, 1, H, W] -> [N, C, H', W'].

    Where the gradient with respect to the picture is wanted, every pixel's patch goes through a dense layer: half the convolution's time.
    """

    def __init__(self, channels: int, kernel: int, stride: int = 1) -> None:
        super().__init__(1, channels, kernel, stride, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        if not (x.requires_grad and x.device.type == "cpu"):
            return super().forward(x)
        k, s = self.kernel_size[0], self.stride[0]
        h, w = ((n + 2 - k) // s + 1 for n in x.shape[2:])
        patches = F.unfold(x, k, padding=1, stride=s).transpose(1, 2).unflatten(1, (h, w))  # [N, H', W', k k]
        return F.linear(patches, self.weight.flatten(1), self.bias).permute(0, 3, 1, 2)  # [N, C, H', W']


def doubled_to_one_channel(x: Tensor, kernel: Tensor, bias: Tensor | None) -> Tensor:
    """The transposed convolution of stride 2 with a 4x4 kernel [C, 1, 4, 4]: [N, C, H, W] -> [N, 1, 2H, 2W].

    Every pixel's patch by a dense layer, then all patches laid down, overlapping: a quarter of the convolution's time on a CPU.
    """
    if x.device.type != "cpu":
        return F.conv_transpose2d(x, kernel, bias, stride=2, padding=1)
    patches = F.linear(x.permute(0, 2, 3, 1), kernel.flatten(1).t()).flatten(1, 2).transpose(1, 2)  # [N, 16, H W]
    pictures = F.fold(patches, (2 * x.shape[2], 2 * x.shape[3]), 4, stride=2, padding=1)
    return pictures if bias is None else pictures + bias


class ToOneChannel(nn.ConvTranspose2d):
    """A 4x4 transposed convolution of stride 2 to one channel: [N, C, H, W] -> [N, 1, 2H, 2W]."""

    def __init__(self, channels: int) -> None:
        super().__init__(channels, 1, 4, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        return doubled_to_one_channel(x, self.weight, self.bias)
