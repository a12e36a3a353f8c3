"""Did the generator memorise? Distances to the training images, against those of real test images."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

Cloud = Float[Tensor, "N D"]
ROWS = 500
QUANTILE = 0.01  # a generated image nearer to a training image than all but this share of the real test images is called memorised


def nearest(x: Cloud, among: Cloud) -> Tensor:
    """Euclidean distance of each row to the nearest row of `among`, [N]."""
    return torch.cat([torch.cdist(rows, among).min(1).values for rows in x.split(ROWS)])


def nearest_rows(x: Cloud, among: Cloud) -> Tensor:
    """Which row of `among` is nearest to each row, [N]."""
    return torch.cat([torch.cdist(rows, among).argmin(1) for rows in x.split(ROWS)])


def limit(train: Cloud, test: Cloud) -> float:
    """The distance to the nearest training image that only 1 % of the real test images fall below."""
    return nearest(test, train).quantile(QUANTILE).item()


def memorised(fake: Cloud, train: Cloud, below: float) -> float:
    """Share of generated images nearer to a training image than `below`, see `limit`; about 0.01 if nothing was copied.

    In pixels: a copy is a copy of pixels.
    """
    return (nearest(fake, train) <= below).double().mean().item()
