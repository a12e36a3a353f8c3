"""The convolutional networks of text 001, shared by its DCGAN, SSGAN and CGAN, and by WGAN without batch norm in D."""

import torch
import torch.nn.functional as F
from torch import nn

from gan_core.networks import AnyGenerator, Networks, keras
from gan_core.types import Images, Labels, Latents, Logits


class Generator(AnyGenerator):
    """z, with the one-hot class if there are classes -> dense 7x7x64 -> upsample, 3x3 -> upsample, 3x3 -> sigmoid."""

    pixels = (0.0, 1.0)

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.classes = classes
        self.dense = nn.Linear(100 + classes, 7 * 7 * 64)
        self.layers = nn.Sequential(
            nn.BatchNorm1d(7 * 7 * 64, eps=keras.EPS, momentum=keras.MOMENTUM),
            nn.LeakyReLU(keras.LEAK),
            nn.Unflatten(1, (64, 7, 7)),  # [N, 64, 7, 7]
            nn.Upsample(scale_factor=2),  # [N, 64, 14, 14]
            nn.ConvTranspose2d(64, 64, 3, padding=1),  # [N, 64, 14, 14]
            nn.BatchNorm2d(64, eps=keras.EPS, momentum=keras.MOMENTUM),
            nn.LeakyReLU(keras.LEAK),
            nn.Upsample(scale_factor=2),  # [N, 64, 28, 28]
            nn.ConvTranspose2d(64, 1, 3, padding=1),  # [N, 1, 28, 28]
            nn.Sigmoid(),
        )

    def forward(self, z: Latents, y: Labels | None = None) -> Images:
        if self.classes and y is not None:
            z = torch.cat([z, F.one_hot(y, self.classes).to(z.dtype)], dim=1)  # [N, Z + K]
        return self.layers(self.dense(z))


class Discriminator(nn.Module):
    """Twice (3x3 convolution to 64 channels, max-pool), dense 128, then one logit or one a class."""

    def __init__(self, answers: int, norm: bool) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 64, 3, padding=1),  # [N, 64, 28, 28]
            nn.BatchNorm2d(64, eps=keras.EPS, momentum=keras.MOMENTUM) if norm else nn.Identity(),
            nn.LeakyReLU(keras.LEAK),
            nn.MaxPool2d(2),  # [N, 64, 14, 14]
            nn.Conv2d(64, 64, 3, padding=1),  # [N, 64, 14, 14]
            nn.BatchNorm2d(64, eps=keras.EPS, momentum=keras.MOMENTUM) if norm else nn.Identity(),
            nn.LeakyReLU(keras.LEAK),
            nn.MaxPool2d(2),  # [N, 64, 7, 7]
            nn.Flatten(),  # [N, 3136]
            nn.Linear(7 * 7 * 64, 128),  # [N, 128]
            nn.BatchNorm1d(128, eps=keras.EPS, momentum=keras.MOMENTUM) if norm else nn.Identity(),
            nn.LeakyReLU(keras.LEAK),
            nn.Linear(128, answers),  # [N, answers]
        )

    def forward(self, x: Images, y: Labels | None = None) -> Logits:
        logits = self.layers(x)
        return logits.squeeze(1) if logits.shape[1] == 1 else logits


def networks(classes: int = 0, answers: int = 1, norm_in_D: bool = True) -> Networks:
    """G and D with Keras' initial weights. Source: text 001."""
    return Networks(keras.initialise(Generator(classes)), keras.initialise(Discriminator(answers, norm_in_D)))
