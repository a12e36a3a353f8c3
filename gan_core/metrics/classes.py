"""What the judge reads: the histogram of digits, and whether asked digits were drawn."""

from __future__ import annotations

import torch

from gan_core.types import Labels

PRESENT = 0.01  # a digit counts as covered from this share of the samples on


def histogram(opinions: Labels, classes: int = 10) -> list[float]:
    """The share of each class."""
    return (torch.bincount(opinions, minlength=classes).double() / len(opinions)).tolist()


def from_uniform(shares: list[float]) -> float:
    """Total variation distance of a histogram from the uniform one: 0 all alike, 1 - 1/K all in one class."""
    return sum(abs(share - 1 / len(shares)) for share in shares) / 2


def covered(shares: list[float]) -> int:
    """How many classes hold at least one sample in a hundred."""
    return sum(share >= PRESENT for share in shares)


def entropy(shares: list[float]) -> float:
    """Entropy of the histogram in bits, at most log2 K."""
    p = torch.tensor(shares, dtype=torch.float64)
    return -torch.special.xlogy(p, p).sum().item() / torch.log(torch.tensor(2.0)).item() + 0.0


def agreement(opinions: Labels, asked: Labels) -> float:
    """Share of samples that the judge reads as the class asked for."""
    return (opinions == asked).double().mean().item()


def confusion(opinions: Labels, asked: Labels, classes: int = 10) -> list[list[int]]:
    """How many samples of each class asked for (row) the judge reads as each class (column)."""
    return torch.bincount(asked * classes + opinions, minlength=classes * classes).view(classes, classes).tolist()
