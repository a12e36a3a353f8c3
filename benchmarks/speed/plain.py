"""The same GANs the way PyTorch tutorials write them: the networks as described, and a loop with no thought for speed.

A DataLoader that collates row by row, sigmoid and BCELoss (text 001's clipped logarithm where the text has it), zero_grad, backward
through everything that has a graph, Adam as it comes, the losses fetched by .item() each step. Same networks, losses and number of
updates as the `published` recipes: tests/test_speed.py holds the losses against those of gan_core.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

Loss = Callable[[nn.Module, Tensor, Tensor, Tensor, Tensor], Tensor]  # of D, x, y, fake, g


@dataclass
class Game:
    """A variant: its networks, losses, and order of updates."""

    G: nn.Module
    D: nn.Module
    d_loss: Loss
    g_loss: Loss
    noise: Callable[[int], Tensor]
    batch: int = 64
    splits: int = 1
    d_steps: int = 1
    separate: bool = False
    "D is updated on the real and the generated half one after the other (`d_loss` is then the sum of `halves`)"
    halves: tuple[Loss, ...] = ()
    averages: bool = False
    "D learns from samples that G draws with the running averages of its batch norm"
    conditional: bool = False
    pixels: tuple[float, float] = (0.0, 1.0)
    lr: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-7

    def generate(self, z: Tensor, g: Tensor) -> Tensor:
        """G's samples of z, and of the digits g where it takes such."""
        samples: Tensor = self.G(torch.cat([z, F.one_hot(g, 10).float()], 1) if self.conditional else z)
        return samples


def log_clip(p: Tensor, floor: float) -> Tensor:
    """log(max(p, floor)), its gradient passed straight through. Source: text 001."""
    return torch.log(p.detach().clamp(floor, 1.0) - p.detach() + p)


def of_class(p: Tensor, y: Tensor) -> Tensor:
    """p[n, y[n]] for each n."""
    return p.gather(1, y[:, None]).squeeze(1)


class View(nn.Module):
    """x.view(N, *shape), a layer."""

    def __init__(self, *shape: int) -> None:
        super().__init__()
        self.shape = shape

    def forward(self, x: Tensor) -> Tensor:
        return x.view(len(x), *self.shape)


def convolutional_generator(size: int) -> nn.Module:
    return nn.Sequential(
        nn.Linear(size, 7 * 7 * 64),
        nn.BatchNorm1d(7 * 7 * 64, eps=1e-3, momentum=0.01),
        nn.LeakyReLU(0.3),
        View(64, 7, 7),
        nn.Upsample(scale_factor=2),
        nn.ConvTranspose2d(64, 64, 3, padding=1),
        nn.BatchNorm2d(64, eps=1e-3, momentum=0.01),
        nn.LeakyReLU(0.3),
        nn.Upsample(scale_factor=2),
        nn.ConvTranspose2d(64, 1, 3, padding=1),
        nn.Sigmoid(),
    )


def convolutional_discriminator(answers: int, last: nn.Module, norm: bool = True) -> nn.Module:
    def norm_of(n: int, kind: type[nn.BatchNorm1d] | type[nn.BatchNorm2d]) -> list[nn.Module]:
        return [kind(n, eps=1e-3, momentum=0.01)] if norm else []

    layers: list[nn.Module] = []
    for channels in (1, 64):
        layers += [nn.Conv2d(channels, 64, 3, padding=1), *norm_of(64, nn.BatchNorm2d), nn.LeakyReLU(0.3), nn.MaxPool2d(2)]
    layers += [nn.Flatten(), nn.Linear(7 * 7 * 64, 128), *norm_of(128, nn.BatchNorm1d), nn.LeakyReLU(0.3), nn.Linear(128, answers), last]
    return nn.Sequential(*layers)


def uniform(n: int) -> Tensor:
    return torch.rand(n, 100) * 2 - 1


def normal(n: int) -> Tensor:
    return torch.randn(n, 100)


def bce(p: Tensor, target: float) -> Tensor:
    return nn.BCELoss()(p, torch.full_like(p, target))


def gradient_penalty(D: nn.Module, x: Tensor, fake: Tensor) -> Tensor:
    """10 E (|grad D| - 1)^2 on the lines between. Source: Gulrajani et al. 2017, arXiv:1704.00028, Eq. 3."""
    mix = torch.rand(len(x), 1, 1, 1)
    between = (x + mix * (fake - x)).requires_grad_(True)
    score = D(between)
    (gradient,) = torch.autograd.grad(score, between, grad_outputs=torch.ones_like(score), create_graph=True, retain_graph=True)
    penalty: Tensor = 10 * ((gradient.view(len(x), -1).norm(2, dim=1) - 1) ** 2).mean()
    return penalty


def game(variant: str) -> Game:
    """The variant as published."""
    match variant:
        case "gan" | "dcgan":
            G: nn.Module = convolutional_generator(100)
            D: nn.Module = convolutional_discriminator(1, nn.Sigmoid())
            if variant == "gan":
                G = nn.Sequential(nn.Linear(100, 128), nn.ReLU(), nn.Linear(128, 784), nn.Sigmoid(), View(1, 28, 28))
                D = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 1), nn.Sigmoid())
            return Game(
                G,
                D,
                lambda D, x, y, fake, g: -log_clip(D(x), 1e-6).mean() - log_clip(1 - D(fake), 1e-6).mean(),
                lambda D, x, y, fake, g: -log_clip(D(fake), 1e-6).mean(),
                uniform,
                splits=2,
            )
        case "ssgan":

            def ssgan_d(D: nn.Module, x: Tensor, y: Tensor, fake: Tensor, g: Tensor) -> Tensor:
                p_real, p_fake = D(x), D(fake)
                of_real = log_clip(1 - p_real[:, -1], 1e-3) + log_clip(of_class(p_real, y), 1e-3)
                return -of_real.mean() - log_clip(p_fake[:, -1], 1e-3).mean()

            return Game(
                convolutional_generator(100),
                convolutional_discriminator(11, nn.Softmax(1)),
                ssgan_d,
                lambda D, x, y, fake, g: log_clip(D(fake)[:, -1], 1e-3).mean(),
                uniform,
                splits=2,
            )
        case "cgan":
            return Game(
                convolutional_generator(110),
                convolutional_discriminator(11, nn.Softmax(1)),
                lambda D, x, y, fake, g: -log_clip(of_class(D(x), y), 1e-3).mean() - log_clip(1 - of_class(D(fake), g), 1e-3).mean(),
                lambda D, x, y, fake, g: -log_clip(of_class(D(fake), g), 1e-3).mean(),
                uniform,
                splits=2,
                averages=True,
                conditional=True,
            )
        case "gan-bn":
            G = nn.Sequential(nn.Linear(100, 256), nn.ReLU(), nn.BatchNorm1d(256, eps=1e-3, momentum=0.01))
            G.extend([nn.Linear(256, 512), nn.ReLU(), nn.BatchNorm1d(512, eps=1e-3, momentum=0.01)])
            G.extend([nn.Linear(512, 784), nn.Tanh(), View(1, 28, 28)])
            D = nn.Sequential(nn.Flatten(), nn.Linear(784, 1024), nn.ReLU(), nn.Dropout(0.4), nn.Linear(1024, 512), nn.ReLU())
            D.extend([nn.Dropout(0.4), nn.Linear(512, 256), nn.ReLU(), nn.Dropout(0.4), nn.Linear(256, 1), nn.Sigmoid()])
            return Game(
                G,
                D,
                lambda D, x, y, fake, g: bce(D(x), 1.0) + bce(D(fake), 0.0),
                lambda D, x, y, fake, g: bce(D(fake), 1.0),
                normal,
                batch=200,
                separate=True,
                averages=True,
                halves=(lambda D, x, y, fake, g: bce(D(x), 1.0), lambda D, x, y, fake, g: bce(D(fake), 0.0)),
                pixels=(-1.0, 1.0),
            )
        case "wgan-gp":
            return Game(
                convolutional_generator(100),
                convolutional_discriminator(1, nn.Identity(), norm=False),
                lambda D, x, y, fake, g: D(fake).mean() - D(x).mean() + gradient_penalty(D, x, fake),
                lambda D, x, y, fake, g: -D(fake).mean(),
                uniform,
                d_steps=5,
                lr=1e-4,
                betas=(0.0, 0.9),
                eps=1e-8,
            )
    raise ValueError(f"There is no plain {variant}.")


def endless(loader: DataLoader[tuple[Tensor, ...]]) -> Iterator[list[Tensor]]:
    """Its batches, epoch after epoch."""
    while True:
        yield from loader


def stepper(game: Game, pixels: Tensor, labels: Tensor, *, own_gradients_only: bool = False) -> Callable[[], None]:
    """A function that takes one step of the game. Pixels are bytes [M, 28, 28], labels [M].

    With `own_gradients_only` a loss is differentiated by the weights of its own network alone, as Keras does; tutorials do not.
    """
    G, D, low, high = game.G, game.D, *game.pixels
    images = pixels.unsqueeze(1).float() / 255 * (high - low) + low
    loader = endless(DataLoader(TensorDataset(images, labels), batch_size=game.batch, shuffle=True, drop_last=True))
    g_optimizer = torch.optim.Adam(G.parameters(), lr=game.lr, betas=game.betas, eps=game.eps)
    d_optimizer = torch.optim.Adam(D.parameters(), lr=game.lr, betas=game.betas, eps=game.eps)

    def descend(optimizer: torch.optim.Optimizer, network: nn.Module, loss: Tensor) -> float:
        optimizer.zero_grad()
        loss.backward(inputs=list(network.parameters()) if own_gradients_only else None)
        optimizer.step()
        return loss.item()

    def step() -> None:
        for _ in range(game.d_steps):
            x, y = next(loader)
            z, g = game.noise(game.batch), torch.randint(10, (game.batch,))
            parts = [tuple(t.chunk(game.splits)[i] for t in (x, y, z, g)) for i in range(game.splits)]
            for x, y, z, g in parts:
                G.train(not game.averages)
                fake = game.generate(z, g).detach()
                G.train()
                for loss in game.halves or (game.d_loss,):
                    descend(d_optimizer, D, loss(D, x, y, fake, g))
        if game.splits == 1:
            parts = [(x, y, game.noise(game.batch), torch.randint(10, (game.batch,)))]
        for x, y, z, g in parts:
            descend(g_optimizer, G, game.g_loss(D, x, y, game.generate(z, g), g))

    return step
