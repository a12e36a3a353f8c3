"""A look at a sample grid: what these very samples are like, and what D says of them. One goes with every grid.

It costs little (`python -m benchmarks.legibility`), and changes nothing that the training carries. It is a function of the networks and
the run's seed.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from gan_core.data.curves import seeded_curves, sine_abscissae
from gan_core.data.images import image_arrays, to_range
from gan_core.data.registry import CLASSES, DIGITS
from gan_core.errors import AtelierError
from gan_core.gans.config import RunConfig
from gan_core.metrics import curves, judge, legibility
from gan_core.seeding import seed_everything, seed_of
from gan_core.training.events import Look
from gan_core.training.fixed_grid import fixed_latents
from gan_core.training.state import State, preserved
from gan_core.types import Samples

SECTORS = 8  # of the circle of phases
A_SINE = 0.5  # a curve is a sine if what its best sine leaves of it is at most this share of that sine's amplitude


class Looker:
    """The fixed material of a run's looks: as many real samples as its grid has, of the same digits where the grid asks for digits."""

    def __init__(self, config: RunConfig, pixels: tuple[float, float], device: torch.device = judge.CPU) -> None:
        """`pixels`: black and white as the run's networks have them. Without the run's data a look says less."""
        self.config, self.device = config, device
        z, self.asked = fixed_latents(config)
        self.n = len(z)
        self.real: Samples | None
        self.labels = self.asked
        self.grey: np.ndarray | None = None
        try:
            if config.about.kind == "curves":
                self.real = seeded_curves(config.data, self.n, seed_of(config.seed, "look")).to(device)
            else:
                self.grey, self.labels = self._real_images()
                self.real = to_range(torch.from_numpy(self.grey), pixels).to(device)
        except AtelierError:
            self.real = None

    def _real_images(self) -> tuple[np.ndarray, Tensor]:
        """Grey levels and classes of some training images: of the classes that the grid asks for, in its order, or any."""
        pixels, labels = image_arrays(self.config.data)
        order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed_of(self.config.seed, "look"))).numpy()
        if self.asked is None:
            rows = order[: self.n]
        else:
            of_class = [order[labels[order] == k] for k in range(CLASSES)]
            rows = np.array([of_class[k][i // CLASSES] for i, k in enumerate(self.asked.tolist())])
        return np.ascontiguousarray(pixels[rows]), torch.from_numpy(labels[rows].astype("int64"))

    def __call__(self, state: State, x: Samples, array: np.ndarray) -> Look:
        """The look that goes with a grid: its samples as the generator gives them, and as the grid keeps them."""
        return Look(state.step, state.seconds, self.numbers(array), self.scores(state.D, x))

    def numbers(self, array: np.ndarray) -> dict[str, float]:
        """What the samples of a grid are like: grey levels uint8 [n, 28, 28], or curves [n, L]. See docs/run-folder.md for the names."""
        if self.config.about.kind == "curves":
            return {"n": len(array)} | self._fitted(array)
        found: dict[str, float] = {"n": len(array)}
        if self.config.data in DIGITS:
            readable, opinions = legibility.read(to_range(torch.from_numpy(array), (0.0, 1.0)), self.device, self.asked)
            found |= {"legible": int(readable.sum()), "digits": len(opinions[readable].unique())}
        if self.grey is not None:
            found |= {"variety": _spread(array) / _spread(self.grey), "ink": float(array.mean() / self.grey.mean())}
        return found

    def _fitted(self, array: np.ndarray) -> dict[str, float]:
        """The sines that fit the curves best; nothing if a curve is not finite."""
        if not np.isfinite(array).all():
            return {}
        x = sine_abscissae(self.config.data, judge.CPU).numpy().astype(np.float64)
        fit = curves.fit_sines(x, array.astype(np.float64))
        found: dict[str, float] = {"rmse": float(np.median(fit.error)), "amplitude": float(fit.amplitude.mean())}
        if self.config.data == "sine-family":
            sines = fit.phase[fit.error <= A_SINE * fit.amplitude]
            found["phases"] = len(np.unique((sines / (2 * np.pi) * SECTORS).astype(int) % SECTORS))
        return found

    @torch.no_grad()
    def scores(self, D: nn.Module, x: Samples) -> dict[str, list[float]]:
        """What D gives the real samples and these, as in training: `real`, `fake`. Empty without real ones, or where one is not finite.

        Batch norm takes its means from the samples at hand, and dropout drops, always the same. These are the answers of one step: D swings
        as a whole from step to step (`gan` at steps 329 and 330: 0.55 and 0.96 for the same real digits), of which a record is the mean of
        `log_every` steps.
        """
        if self.real is None:
            return {}
        objective = self.config.settings.objective
        with preserved(D):
            D.train()
            seed_everything(seed_of(self.config.seed, "look"), self.device)
            found = {}
            for name, samples, classes in (("real", self.real, self.labels), ("fake", x, self.asked)):
                y = None if classes is None else classes.to(self.device)
                found[name] = objective.scores(D(samples, y), y).cpu()
        if not all(torch.isfinite(scores).all() for scores in found.values()):
            return {}
        return {name: [float(f"{score:.4g}") for score in scores.tolist()] for name, scores in found.items()}


def _spread(grey: np.ndarray) -> float:
    """Standard deviation of a pixel over the images, mean over pixels."""
    return float(grey.std(0, ddof=1).mean())
