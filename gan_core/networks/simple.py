"""The simple GAN of text 001: one hidden layer each; more of them on request."""

from torch import nn

from gan_core.networks import AnyGenerator, Networks, keras_defaults
from gan_core.types import Images, Labels, Latents, Logits


class Generator(AnyGenerator):
    """z [N, 100] -> ReLU layers of the given widths -> 784 sigmoid."""

    pixels = (0.0, 1.0)

    def __init__(self, widths: tuple[int, ...]) -> None:
        super().__init__()
        self.layers = nn.Sequential(*_hidden(100, widths), nn.Linear(widths[-1], 784), nn.Sigmoid())

    def forward(self, z: Latents, y: Labels | None = None) -> Images:
        return self.layers(z).unflatten(1, (1, 28, 28))


class Discriminator(nn.Module):
    """784 -> ReLU layers of the given widths -> 1 logit."""

    def __init__(self, widths: tuple[int, ...]) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Flatten(), *_hidden(784, widths), nn.Linear(widths[-1], 1))

    def forward(self, x: Images, y: Labels | None = None) -> Logits:
        return self.layers(x).squeeze(1)


def networks(of_G: tuple[int, ...] = (128,), of_D: tuple[int, ...] = (128,)) -> Networks:
    """G and D with Keras' initial weights, and the widths of their hidden layers; the text has one of 128 each. Source: text 001."""
    return Networks(keras_defaults.initialise(Generator(of_G)), keras_defaults.initialise(Discriminator(of_D)))


def _hidden(size: int, widths: tuple[int, ...]) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for before, width in zip((size, *widths), widths, strict=False):
        layers += [nn.Linear(before, width), nn.ReLU()]
    return layers
