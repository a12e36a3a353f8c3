"""Small strided convolutional networks: made to learn legible digits within a minute on two CPU cores.

Transposed convolutions of stride 2 in G, convolutions of stride 2 and no batch norm in D, after Radford et al. 2015,
arXiv:1511.06434; classes enter D by projection, after Miyato & Koyama 2018, arXiv:1802.05637, Eq. 3.
"""

import torch
import torch.nn.functional as F
from torch import nn

from gan_core.networks import AnyGenerator, Networks
from gan_core.types import Images, Labels, Latents, Logits


class Generator(AnyGenerator):
    """z, with the one-hot class if there are classes -> dense 7x7x64 -> 4x4 stride 2 -> 4x4 stride 2 -> tanh."""

    pixels = (-1.0, 1.0)

    def __init__(self, z: int, classes: int, norm: bool) -> None:
        super().__init__()
        self.classes = classes
        self.layers = nn.Sequential(
            nn.Linear(z + classes, 7 * 7 * 64, bias=not norm),
            nn.BatchNorm1d(7 * 7 * 64) if norm else nn.Identity(),
            nn.ReLU() if norm else nn.LeakyReLU(0.2),
            nn.Unflatten(1, (64, 7, 7)),  # [N, 64, 7, 7]
            nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1, bias=not norm),  # [N, 32, 14, 14]
            nn.BatchNorm2d(32) if norm else nn.Identity(),
            nn.ReLU() if norm else nn.LeakyReLU(0.2),
            nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1),  # [N, 1, 28, 28]
            nn.Tanh(),
        )

    def forward(self, z: Latents, y: Labels | None = None) -> Images:
        if self.classes and y is not None:
            z = torch.cat([z, F.one_hot(y, self.classes).to(z.dtype)], dim=1)  # [N, Z + K]
        return self.layers(z)


class Discriminator(nn.Module):
    """4x4 stride 2 to 32, 4x4 stride 2 to 64, dense 256 -> one logit, or one a class; with classes, projected on y."""

    def __init__(self, classes: int, answers: int) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 32, 4, stride=2, padding=1),  # [N, 32, 14, 14]
            nn.LeakyReLU(0.2),
            nn.Conv2d(32, 64, 4, stride=2, padding=1),  # [N, 64, 7, 7]
            nn.LeakyReLU(0.2),
            nn.Flatten(),  # [N, 3136]
            nn.Linear(7 * 7 * 64, 256),  # [N, 256]
            nn.LeakyReLU(0.2),
        )
        self.answer = nn.Linear(256, answers)
        self.of_class = nn.Parameter(torch.randn(classes, 256) / 16) if classes else None  # [K, 256], rows of length about 1

    def forward(self, x: Images, y: Labels | None = None) -> Logits:
        features = self.features(x)
        logits = self.answer(features)
        if self.of_class is not None:
            logits = logits + (features * self.of_class[y]).sum(1, keepdim=True)
        return logits.squeeze(1) if logits.shape[1] == 1 else logits


def networks(z: int, classes: int = 0, answers: int = 1, norm: bool = True) -> Networks:
    """G and D with PyTorch's initial weights; `norm` puts batch norm into G."""
    return Networks(Generator(z, classes, norm), Discriminator(classes, answers))
