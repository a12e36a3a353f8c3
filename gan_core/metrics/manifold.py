"""How two clouds of features lie over each other: precision, recall, density, coverage, at k nearest neighbours."""

from __future__ import annotations

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

Cloud = Float[Tensor, "N D"]
K = 5
ROWS = 1000  # rows of the distance matrix at a time


class Manifold(NamedTuple):
    """Shares between 0 and 1; density may be above 1."""

    precision: float
    "share of generated samples within a real sample's neighbourhood"
    recall: float
    "share of real samples within a generated sample's neighbourhood"
    density: float
    "how many real neighbourhoods a generated sample is in, over k"
    coverage: float
    "share of real samples with a generated sample in their neighbourhood"


def compare(real: Cloud, fake: Cloud, k: int = K) -> Manifold:
    """Precision and recall after Kynkaanniemi et al. 2019, arXiv:1904.06991; density and coverage after Naeem et al. 2020,
    arXiv:2002.09797. A sample's neighbourhood is the ball that reaches to its k-th nearest neighbour of its own kind.
    """
    real_radius, fake_radius = _radius(real, k), _radius(fake, k)
    in_real = torch.zeros(len(fake), dtype=torch.long, device=fake.device)  # real balls around each generated sample
    covered, recalled = [], []
    for rows, radius in zip(real.split(ROWS), real_radius.split(ROWS), strict=True):
        distance = torch.cdist(rows, fake)
        inside = distance <= radius[:, None]
        in_real += inside.sum(0)
        covered.append(inside.any(1))
        recalled.append((distance <= fake_radius).any(1))
    return Manifold(
        precision=(in_real > 0).double().mean().item(),
        recall=torch.cat(recalled).double().mean().item(),
        density=in_real.double().mean().item() / k,
        coverage=torch.cat(covered).double().mean().item(),
    )


def _radius(x: Cloud, k: int) -> Tensor:
    """Distance of each sample to its k-th nearest neighbour, itself not counted."""
    return torch.cat([torch.cdist(rows, x).kthvalue(k + 1, dim=1).values for rows in x.split(ROWS)])
