"""Networks for curves: the dense pair of text 002, the convolutional D of text 000, and the repair of the latter."""

from torch import nn

from gan_core.networks import AnyGenerator, Networks, keras_defaults
from gan_core.networks.fast.dropout import Dropout
from gan_core.types import Curves, Labels, Latents, Logits


class DenseGenerator(AnyGenerator):
    """z [N, 5] -> 64 ReLU -> 128 ReLU -> 16 points."""

    pixels = (-1.0, 1.0)

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(5, 64), nn.ReLU(), nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 16))

    def forward(self, z: Latents, y: Labels | None = None) -> Curves:
        return self.layers(z)


class DenseDiscriminator(nn.Module):
    """16 points -> 64 ReLU -> 256 ReLU -> 1 logit."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 1))

    def forward(self, x: Curves, y: Labels | None = None) -> Logits:
        return self.layers(x).squeeze(1)


class TanhGenerator(AnyGenerator):
    """z [N, 10] -> 200 tanh, `hidden` times -> 50 points, tanh."""

    pixels = (0.0, 1.0)

    def __init__(self, hidden: int = 1) -> None:
        super().__init__()
        more = [layer for _ in range(hidden - 1) for layer in (nn.Linear(200, 200), nn.Tanh())]
        self.layers = nn.Sequential(nn.Linear(10, 200), nn.Tanh(), *more, nn.Linear(200, 50), nn.Tanh())

    def forward(self, z: Latents, y: Labels | None = None) -> Curves:
        return self.layers(z)


class ConvolutionalDiscriminator(nn.Module):
    """50 points -> 50 channels of width 5, ReLU -> dropout 0.25 -> dense 50, no activation -> two logits."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Unflatten(1, (1, 50)),  # [N, 1, 50]
            nn.Conv1d(1, 50, 5),  # [N, 50, 46]
            nn.ReLU(),
            Dropout(0.25),
            nn.Flatten(),  # [N, 2300]
            nn.Linear(50 * 46, 50),  # [N, 50]
            nn.Linear(50, 2),  # [N, 2]
        )

    def forward(self, x: Curves, y: Labels | None = None) -> Logits:
        return self.layers(x)


class NonlinearDiscriminator(nn.Module):
    """50 points -> 50 channels of width 5, ReLU -> dense 50, LeakyReLU -> one logit."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Unflatten(1, (1, 50)),  # [N, 1, 50]
            nn.Conv1d(1, 50, 5),  # [N, 50, 46]
            nn.ReLU(),
            nn.Flatten(),  # [N, 2300]
            nn.Linear(50 * 46, 50),  # [N, 50]
            nn.LeakyReLU(0.2),
            nn.Linear(50, 1),  # [N, 1]
        )

    def forward(self, x: Curves, y: Labels | None = None) -> Logits:
        return self.layers(x).squeeze(1)


def dense_networks() -> Networks:
    """G and D with PyTorch's initial weights. Source: text 002."""
    return Networks(DenseGenerator(), DenseDiscriminator())


def convolutional_networks() -> Networks:
    """G and D with Keras' initial weights. Source: text 000."""
    return Networks(keras_defaults.initialise(TanhGenerator()), keras_defaults.initialise(ConvolutionalDiscriminator()))


def nonlinear_networks() -> Networks:
    """The same with one more layer in G, an activation after D's dense layer and no dropout; Keras' initial weights."""
    return Networks(keras_defaults.initialise(TanhGenerator(hidden=2)), keras_defaults.initialise(NonlinearDiscriminator()))
