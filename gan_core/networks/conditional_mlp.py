"""The dense conditional GAN of the Keras-GAN collection, which text 003 points to: an embedded class multiplies the input."""

from typing import Literal

from torch import nn

from gan_core.networks import AnyGenerator, Networks, keras_defaults
from gan_core.networks.fast.dropout import Dropout
from gan_core.types import Classes, Images, Labels, Latents, Logits


class Generator(AnyGenerator):
    """z * embedding(y) -> 256, 512, 1024, each LeakyReLU then BN -> 784 tanh."""

    pixels = (-1.0, 1.0)

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(10, 100)
        self.layers = nn.Sequential(
            nn.Linear(100, 256),  # [N, 256]
            nn.LeakyReLU(0.2),
            nn.BatchNorm1d(256, eps=keras_defaults.EPS, momentum=0.2),  # Keras' momentum 0.8
            nn.Linear(256, 512),  # [N, 512]
            nn.LeakyReLU(0.2),
            nn.BatchNorm1d(512, eps=keras_defaults.EPS, momentum=0.2),
            nn.Linear(512, 1024),  # [N, 1024]
            nn.LeakyReLU(0.2),
            nn.BatchNorm1d(1024, eps=keras_defaults.EPS, momentum=0.2),
            nn.Linear(1024, 784),  # [N, 784]
            nn.Tanh(),
        )

    def entry(self) -> Literal["z", "joined", "multiplied"]:
        return "multiplied"

    def chain(self) -> list[nn.Module]:
        return [*self.layers]

    def forward(self, z: Latents, y: Classes) -> Images:
        return self.layers(z * (self.embedding(y) if y.ndim == 1 else y @ self.embedding.weight)).unflatten(1, (1, 28, 28))


class Discriminator(nn.Module):
    """x * embedding(y) -> 512 -> 512 -> 512 -> 1 logit, LeakyReLU, dropout after the second and third."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(10, 784)
        self.layers = nn.Sequential(
            nn.Linear(784, 512),  # [N, 512]
            nn.LeakyReLU(0.2),
            nn.Linear(512, 512),  # [N, 512]
            nn.LeakyReLU(0.2),
            Dropout(dropout),
            nn.Linear(512, 512),  # [N, 512]
            nn.LeakyReLU(0.2),
            Dropout(dropout),
            nn.Linear(512, 1),  # [N, 1]
        )

    def forward(self, x: Images, y: Labels | None = None) -> Logits:
        return self.layers(x.flatten(1) * self.embedding(y)).squeeze(1)


def networks(dropout: float = 0.4, embedding: float | None = None) -> Networks:
    """G and D with Keras' initial weights; the rate of D's dropout, and the spread of G's embedding if it is not to be Keras' +-0.05.

    Source: the Keras-GAN collection's CGAN, named by text 003.
    """
    G = keras_defaults.initialise(Generator())
    if embedding is not None:
        nn.init.normal_(G.embedding.weight, std=embedding)
    return Networks(G, keras_defaults.initialise(Discriminator(dropout)))
