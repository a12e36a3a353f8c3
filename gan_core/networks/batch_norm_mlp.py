"""The dense GAN of text 003: batch norm in G, dropout in D. 562,704 (561,168 trainable) and 1,460,225 numbers."""

from torch import nn

from gan_core.networks import AnyGenerator, Networks, keras_defaults
from gan_core.networks.fast.dropout import Dropout
from gan_core.types import Images, Labels, Latents, Logits


class Generator(AnyGenerator):
    """z [N, 100] -> 256 ReLU, BN -> 512 ReLU, BN -> 784 tanh."""

    pixels = (-1.0, 1.0)

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(100, 256),  # [N, 256]
            nn.ReLU(),
            nn.BatchNorm1d(256, eps=keras_defaults.EPS, momentum=keras_defaults.MOMENTUM),
            nn.Linear(256, 512),  # [N, 512]
            nn.ReLU(),
            nn.BatchNorm1d(512, eps=keras_defaults.EPS, momentum=keras_defaults.MOMENTUM),
            nn.Linear(512, 784),  # [N, 784]
            nn.Tanh(),
        )

    def forward(self, z: Latents, y: Labels | None = None) -> Images:
        return self.layers(z).unflatten(1, (1, 28, 28))


class Discriminator(nn.Module):
    """784 -> 1024 -> 512 -> 256 -> 1 logit, ReLU and dropout between."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),  # [N, 784]
            nn.Linear(784, 1024),  # [N, 1024]
            nn.ReLU(),
            Dropout(dropout),
            nn.Linear(1024, 512),  # [N, 512]
            nn.ReLU(),
            Dropout(dropout),
            nn.Linear(512, 256),  # [N, 256]
            nn.ReLU(),
            Dropout(dropout),
            nn.Linear(256, 1),  # [N, 1]
        )

    def forward(self, x: Images, y: Labels | None = None) -> Logits:
        return self.layers(x).squeeze(1)


def networks(dropout: float = 0.4) -> Networks:
    """G and D with Keras' initial weights; the rate of D's dropout. Source: text 003."""
    return Networks(keras_defaults.initialise(Generator()), keras_defaults.initialise(Discriminator(dropout)))
