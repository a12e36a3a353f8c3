"""Can it be read? Which pictures are digits that anybody reads, by the judge: it has an answer, and the picture lies near real digits.

The judge alone does not do: it was shown digits only, and names one for uniform noise with a probability of 0.98. Noise lies far from
every real digit in its features, though. How many real digits, and how much of what is none, pass: `python -m benchmarks.legibility`.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from jaxtyping import Bool
from torch import Tensor

from gan_core.data.images import image_arrays, to_range
from gan_core.data.registry import CLASSES
from gan_core.metrics import judge
from gan_core.types import Labels

SURE = 0.5  # the judge's probability of its answer, at least
KEPT = 100  # real digits of each class that others are compared with
NEAR = 10.0  # distance to the nearest of them, at most: 96.9 % of MNIST's test images lie nearer
NEAR_ASKED = 12.0  # where it must be the digit asked for: noise is that one time in ten at most, so rough strokes may count


def read(x: judge.UnitImages, device: torch.device = judge.CPU, asked: Labels | None = None) -> tuple[Bool[Tensor, " N"], Labels]:
    """Which of the images [N, 1, 28, 28] in [0, 1] can be read, and the digit that the judge names for each.

    Where digits were `asked` for, [N], it must be these that are read.
    """
    features, opinions = judge.look(x, device)
    sure = judge.load().head(features).softmax(1).amax(1) >= SURE
    near = torch.cdist(features, kept()).amin(1)
    if asked is None:
        return sure & (near <= NEAR), opinions
    return sure & (near <= NEAR_ASKED) & (opinions == asked), opinions


@lru_cache(maxsize=1)
def kept() -> judge.Features:
    """The judge's features of the real digits that others are compared with: the first KEPT of each class of the built-in ones."""
    pixels, labels = image_arrays("digits-5k")
    rows = np.concatenate([np.flatnonzero(labels == digit)[:KEPT] for digit in range(CLASSES)])
    return judge.look(to_range(torch.from_numpy(pixels[rows]), (0.0, 1.0)))[0]
