"""The training images nearest to a sample, by the distance of their pixels: did the generator memorise?"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from gan_core.data.images import image_arrays
from gan_core.data.registry import DATA_SETS, DIGITS
from gan_core.errors import AtelierError
from gan_core.metrics import judge
from gan_core.translation import _

ROWS = 10_000  # training images turned into pixels at a time


class Neighbours(NamedTuple):
    """The nearest training images, the nearest first."""

    images: np.ndarray
    "uint8 [k, 28, 28]"
    labels: list[int]
    distances: list[float]
    "Euclidean, of pixels between black 0 and white 1"
    data: str
    "name of the data set that was searched"
    size: int
    "images in it"
    limit: float | None
    """a sample nearer than this to a training image is called memorised: only 1 % of real test images are nearer to one. None where it
    is not known: it was measured on MNIST's 60,000"""

    @property
    def memorised(self) -> bool | None:
        """Is the nearest one below the limit? None where there is no limit to compare with."""
        return None if self.limit is None else self.distances[0] <= self.limit


def searched(name: str) -> str:
    """The data set that is searched for a run trained on this one: full MNIST for digits if it is here, else the built-in ones.

    Raises AtelierError where a run's own data set is not here.
    """
    if name in DIGITS:
        return "mnist" if DATA_SETS["mnist"].present else "digits-5k"
    if not DATA_SETS[name].present:
        raise AtelierError(_("{title} is not on this machine, so there is nothing to compare with.").format(title=_(DATA_SETS[name].title)))
    return name


def nearest(x: Tensor, name: str, k: int = 5) -> Neighbours:
    """The k images of this data set nearest to one image [1, 1, 28, 28] between black 0 and white 1. Some 50 ms among 60,000."""
    pixels, squares, labels = _haystack(name)
    needle = x.detach().reshape(-1).float()
    products = torch.cat([block.float() @ needle for block in pixels.split(ROWS)]) / 255
    distances = (squares - 2 * products + needle @ needle).clamp_min(0).sqrt()
    rows = distances.topk(k, largest=False).indices
    exact = (pixels[rows].float() / 255 - needle).norm(dim=1)  # the search itself cancels at small distances
    return Neighbours(
        images=pixels[rows].view(-1, 28, 28).numpy(),
        labels=labels[rows].tolist(),
        distances=exact.tolist(),
        data=name,
        size=len(pixels),
        limit=judge.facts()["floors"]["nearest_training_image"] if name == "mnist" else None,
    )


@lru_cache(maxsize=2)
def _haystack(name: str) -> tuple[Tensor, Tensor, Tensor]:
    """Training images as bytes [M, 784], the squares of their lengths [M], and their labels [M]."""
    pixels, labels = image_arrays(name)
    flat = torch.from_numpy(pixels).reshape(len(pixels), -1)
    squares = torch.cat([(block.float() / 255).pow(2).sum(1) for block in flat.split(ROWS)])
    return flat, squares, torch.from_numpy(labels.astype("int64"))
