"""What discriminators and the judge say of one image, and where that stands among what they say of many."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch

from gan_core.data.images import to_range
from gan_core.metrics import judge
from gan_core.trained.model import Trained
from gan_core.trained.saliency import Ask
from gan_core.types import Images, Labels, Scores


class Reference(NamedTuple):
    """D's scores of many real and of many generated images, each sorted."""

    real: np.ndarray
    fake: np.ndarray


class Reading(NamedTuple):
    """How an SSGAN's D reads labelled images."""

    error: float
    "share that it names wrongly"
    confusion: np.ndarray
    "counts [10, 10]: rows what they are, columns what it says"
    worst: list[tuple[int, int, int, float]]
    "(row, what it is, what it says, its probability), the surest first"


def image(grey: np.ndarray, model: Trained) -> Images:
    """One image, uint8 [H, W], as the networks of this run expect it."""
    return to_range(torch.from_numpy(np.array(grey))[None], model.G.pixels)


def score(model: Trained, grey: np.ndarray, digit: int) -> float:
    """How real D finds an image; a conditional D is asked of it as that digit."""
    return float(model.scores(image(grey, model), _told(model, digit, 1))[0])


def reference(model: Trained, pixels: np.ndarray, labels: np.ndarray, seed: int = 0) -> Reference:
    """D's scores of these real images, and of as many of its own generator's."""
    n = len(pixels)
    y = torch.from_numpy(labels.astype("int64")) if model.variant.classes else None
    asked = torch.arange(n) % model.variant.classes if model.variant.classes else None
    real = model.scores(to_range(torch.from_numpy(np.array(pixels)), model.G.pixels), y)
    fake = model.scores(model.generate(model.latents(n, seed), asked), asked)
    return Reference(np.sort(real.numpy()), np.sort(fake.numpy()))


def below(value: float, scores: np.ndarray) -> float:
    """The share of sorted scores that are smaller, ties counted half: where the value stands among them, 0 to 1."""
    return float(np.searchsorted(scores, value, "left") + np.searchsorted(scores, value, "right")) / (2 * len(scores))


def answers(model: Trained, grey: np.ndarray) -> list[float]:
    """The eleven probabilities of an SSGAN's D: the digits, and last "fake"."""
    with torch.no_grad():
        return model.D(image(grey, model), None)[0].softmax(0).tolist()


def judged(grey: np.ndarray) -> list[float]:
    """The judge's ten probabilities."""
    with torch.no_grad():
        return judge.load()(to_range(torch.from_numpy(np.array(grey))[None], (0.0, 1.0)))[0].softmax(0).tolist()


def ask_real(model: Trained, digit: int) -> Ask:
    """The question "how real is it?" of D, with gradients; a conditional D is asked of the image as that digit."""

    def ask(x: Images) -> Scores:
        y = _told(model, digit, len(x))
        return model.config.settings.objective.scores(model.D(x, y), y)

    return ask


def read(model: Trained, pixels: np.ndarray, labels: np.ndarray, most: int = 24) -> Reading:
    """How an SSGAN's D names labelled images [N, 28, 28], and the mistakes it was surest of."""
    x = to_range(torch.from_numpy(np.array(pixels)), model.G.pixels)
    with torch.no_grad():
        p = torch.cat([model.D(block, None)[:, :10].softmax(1) for block in x.split(500)])
    sure, said = p.max(1)
    y = torch.from_numpy(labels.astype("int64"))
    wrong = torch.nonzero(said != y).flatten()
    worst = wrong[sure[wrong].argsort(descending=True)][:most]
    confusion = torch.bincount(10 * y + said, minlength=100).reshape(10, 10).numpy()
    return Reading(len(wrong) / len(y), confusion, [(int(i), int(y[i]), int(said[i]), float(sure[i])) for i in worst])


def _told(model: Trained, digit: int, n: int) -> Labels | None:
    return torch.full((n,), digit) if model.variant.classes else None
