"""The convolutional networks of text 001, shared by its DCGAN, SSGAN and CGAN, and by WGAN without batch norm in D."""

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan_core.networks import AnyGenerator, Networks, keras_defaults, shares
from gan_core.networks.fast.one_channel import FromOneChannel, doubled_to_one_channel
from gan_core.networks.fast.pooled_batch_norm import NormalisedMaximum
from gan_core.types import Classes, Images, Labels, Latents, Logits


class UpsampledConv(nn.ConvTranspose2d):
    """Each pixel doubled both ways, then a 3x3 transposed convolution: [N, C, H, W] -> [N, C', 2H, 2W].

    Computed as the one 4x4 transposed convolution of stride 2 that is the same function, with 4/9 of the multiplications:
    doubling is itself a transposed convolution of stride 2, with a 2x2 kernel of ones, and kernels of successive ones convolve.
    """

    def __init__(self, channels: int, out: int) -> None:
        super().__init__(channels, out, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        w = self.weight
        kernel = F.pad(w, (0, 1, 0, 1)) + F.pad(w, (1, 0, 0, 1)) + F.pad(w, (0, 1, 1, 0)) + F.pad(w, (1, 0, 1, 0))  # [C, C', 4, 4]
        if kernel.shape[1] == 1:
            return doubled_to_one_channel(x, kernel, self.bias)
        return F.conv_transpose2d(x, kernel, self.bias, stride=2, padding=1)


class Generator(AnyGenerator):
    """z, with the one-hot class if there are classes -> dense 7x7x64 -> upsample, 3x3 -> upsample, 3x3 -> sigmoid."""

    pixels = (0.0, 1.0)

    def __init__(self, classes: int, channels: int = 64, z: int = 100) -> None:
        super().__init__()
        self.classes = classes
        self.dense = nn.Linear(z + classes, 7 * 7 * channels)
        self.layers = nn.Sequential(
            nn.BatchNorm1d(7 * 7 * channels, eps=keras_defaults.EPS, momentum=keras_defaults.MOMENTUM),
            nn.LeakyReLU(keras_defaults.LEAK),
            nn.Unflatten(1, (channels, 7, 7)),  # [N, 64, 7, 7]
            UpsampledConv(channels, channels),  # [N, 64, 14, 14]
            nn.BatchNorm2d(channels, eps=keras_defaults.EPS, momentum=keras_defaults.MOMENTUM),
            nn.LeakyReLU(keras_defaults.LEAK),
            UpsampledConv(channels, 1),  # [N, 1, 28, 28]
            nn.Sigmoid(),
        )

    def entry(self) -> Literal["z", "joined", "multiplied"]:
        return "joined" if self.classes else "z"

    def chain(self) -> list[nn.Module]:
        return [self.dense, *self.layers]

    def forward(self, z: Latents, y: Classes | None = None) -> Images:
        if self.classes and y is not None:
            z = torch.cat([z, shares(y, self.classes, z)], dim=1)  # [N, Z + K]
        return self.layers(self.dense(z))


class Discriminator(nn.Module):
    """Twice (3x3 convolution to 64 channels, leaky ReLU, max-pool), dense 128, then one logit or one a class.

    The maximum is taken before the leaky ReLU, which is increasing, and before batch norm (NormalisedMaximum): the same function on a
    quarter of the pixels.
    """

    def __init__(self, answers: int, norm: bool, channels: int = 64) -> None:
        super().__init__()

        def maximum() -> list[nn.Module]:  # two layers either way, so that the names of weights do not depend on it
            if norm:
                return [NormalisedMaximum(channels, eps=keras_defaults.EPS, momentum=keras_defaults.MOMENTUM), nn.Identity()]
            return [nn.Identity(), nn.MaxPool2d(2)]

        self.layers = nn.Sequential(
            FromOneChannel(channels, 3),  # [N, 64, 28, 28]
            *maximum(),  # [N, 64, 14, 14]
            nn.LeakyReLU(keras_defaults.LEAK),
            nn.Conv2d(channels, channels, 3, padding=1),  # [N, 64, 14, 14]
            *maximum(),  # [N, 64, 7, 7]
            nn.LeakyReLU(keras_defaults.LEAK),
            nn.Flatten(),  # [N, 3136]
            nn.Linear(7 * 7 * channels, 128),  # [N, 128]
            nn.BatchNorm1d(128, eps=keras_defaults.EPS, momentum=keras_defaults.MOMENTUM) if norm else nn.Identity(),
            nn.LeakyReLU(keras_defaults.LEAK),
            nn.Linear(128, answers),  # [N, answers]
        )

    def features(self, x: Images) -> Tensor:
        """The activations before the answers, [N, 128]."""
        return self.layers[:-1](x)

    def forward(self, x: Images, y: Labels | None = None) -> Logits:
        logits = self.layers(x)
        return logits.squeeze(1) if logits.shape[1] == 1 else logits


def networks(classes: int = 0, answers: int = 1, norm_in_D: bool = True, channels: int = 64, z: int = 100) -> Networks:
    """G and D with Keras' initial weights; the text has 64 channels and z of 100. Source: text 001."""
    return Networks(
        keras_defaults.initialise(Generator(classes, channels, z)), keras_defaults.initialise(Discriminator(answers, norm_in_D, channels))
    )
