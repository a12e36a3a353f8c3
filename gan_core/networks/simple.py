"""The simple GAN of text 001: one hidden layer each."""

from torch import nn

from gan_core.networks import AnyGenerator, Networks, keras
from gan_core.types import Images, Labels, Latents, Logits


class Generator(AnyGenerator):
    """z [N, 100] -> 128 ReLU -> 784 sigmoid."""

    pixels = (0.0, 1.0)

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(100, 128),  # [N, 128]
            nn.ReLU(),
            nn.Linear(128, 784),  # [N, 784]
            nn.Sigmoid(),
        )

    def forward(self, z: Latents, y: Labels | None = None) -> Images:
        return self.layers(z).unflatten(1, (1, 28, 28))


class Discriminator(nn.Module):
    """784 -> 128 ReLU -> 1 logit."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),  # [N, 784]
            nn.Linear(784, 128),  # [N, 128]
            nn.ReLU(),
            nn.Linear(128, 1),  # [N, 1]
        )

    def forward(self, x: Images, y: Labels | None = None) -> Logits:
        return self.layers(x).squeeze(1)


def networks() -> Networks:
    """G and D with Keras' initial weights. Source: text 001."""
    return Networks(keras.initialise(Generator()), keras.initialise(Discriminator()))
