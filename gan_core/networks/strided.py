"""Small strided convolutional networks: made to learn legible digits within a minute on two CPU cores.

Transposed convolutions of stride 2 in G, convolutions of stride 2 in D (without batch norm, if not asked for), after Radford et al. 2015,
arXiv:1511.06434; classes enter D by projection, after Miyato & Koyama 2018, arXiv:1802.05637, Eq. 3.
"""

from typing import Literal

import torch
from torch import nn

from gan_core.networks import AnyGenerator, Networks, shares
from gan_core.networks.fast.one_channel import FromOneChannel, ToOneChannel
from gan_core.types import Classes, Images, Labels, Latents, Logits


class Generator(AnyGenerator):
    """z, with the one-hot class if there are classes -> dense `hidden` -> dense 7x7xC -> 4x4 stride 2 to C/2 -> 4x4 stride 2 -> tanh.

    The hidden dense layer (0: none) lets G bend z before it draws: digits are separate islands, and what is all but linear in z cannot be.
    It brings dcgan's distance to real digits down to a third of what it is without (docs/log.md).
    """

    pixels = (-1.0, 1.0)

    def __init__(self, z: int, classes: int, norm: bool, hidden: int, channels: int) -> None:
        super().__init__()
        self.classes = classes

        def dense(size: int, out: int) -> list[nn.Module]:
            batch_norm = nn.BatchNorm1d(out) if norm else nn.Identity()
            return [nn.Linear(size, out, bias=not norm), batch_norm, nn.ReLU() if norm else nn.LeakyReLU(0.2)]

        self.layers = nn.Sequential(
            *(dense(z + classes, hidden) if hidden else []),  # [N, hidden]
            *dense(hidden or z + classes, 7 * 7 * channels),  # [N, 49 C]
            nn.Unflatten(1, (channels, 7, 7)),  # [N, C, 7, 7]
            nn.ConvTranspose2d(channels, channels // 2, 4, stride=2, padding=1, bias=not norm),  # [N, C/2, 14, 14]
            nn.BatchNorm2d(channels // 2) if norm else nn.Identity(),
            nn.ReLU() if norm else nn.LeakyReLU(0.2),
            ToOneChannel(channels // 2),  # [N, 1, 28, 28]
            nn.Tanh(),
        )

    def entry(self) -> Literal["z", "joined", "multiplied"]:
        return "joined" if self.classes else "z"

    def forward(self, z: Latents, y: Classes | None = None) -> Images:
        if self.classes and y is not None:
            z = torch.cat([z, shares(y, self.classes, z)], dim=1)  # [N, Z + K]
        return self.layers(z)


class Discriminator(nn.Module):
    """4x4 stride 2 to C/2, 4x4 stride 2 to C, dense 4C -> `answers` logits; with classes, the last is projected on y as well.

    `norm` puts batch norm after all but the first layer and the last, as Radford et al. do.
    """

    def __init__(self, classes: int, answers: int, channels: int, norm: bool) -> None:
        super().__init__()
        self.features = nn.Sequential(
            FromOneChannel(channels // 2, 4, stride=2),  # [N, C/2, 14, 14]
            nn.LeakyReLU(0.2),
            nn.Conv2d(channels // 2, channels, 4, stride=2, padding=1),  # [N, C, 7, 7]
            *([nn.BatchNorm2d(channels)] if norm else []),
            nn.LeakyReLU(0.2),
            nn.Flatten(),  # [N, 49 C]
            nn.Linear(7 * 7 * channels, 4 * channels),  # [N, 4 C]
            *([nn.BatchNorm1d(4 * channels)] if norm else []),
            nn.LeakyReLU(0.2),
        )
        self.answer = nn.Linear(4 * channels, answers)
        rows = torch.randn(classes, 4 * channels) / (4 * channels) ** 0.5  # [K, 4 C], of length about 1
        self.of_class = nn.Parameter(rows) if classes else None

    def forward(self, x: Images, y: Labels | None = None) -> Logits:
        features = self.features(x)
        logits = self.answer(features)
        if self.of_class is not None:
            fit = (features * self.of_class[y]).sum(1, keepdim=True)
            logits = logits + fit if logits.shape[1] == 1 else torch.cat([logits[:, :-1], logits[:, -1:] + fit], dim=1)
        return logits.squeeze(1) if logits.shape[1] == 1 else logits


def networks(
    z: int, classes: int = 0, answers: int = 1, norm: bool = True, hidden: int = 256, channels: int = 64, norm_in_D: bool = False
) -> Networks:
    """G and D with PyTorch's initial weights.

    `norm` and `norm_in_D` put batch norm into G and D, `hidden` is the width of G's first dense layer (0: none).
    """
    return Networks(Generator(z, classes, norm, hidden, channels), Discriminator(classes, answers, channels, norm_in_D))
