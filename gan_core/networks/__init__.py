"""Networks: one architecture family a file, generator and discriminator together.

Every G maps (z, y) to samples and says in `pixels` which two values its black and white are; y may be classes, or shares of
them. Every D maps (x, y) to raw logits: [N], or [N, K] where it answers per class. Networks without classes take y and leave it
alone, so that all are called alike.
"""

from collections.abc import Iterator
from typing import ClassVar, Literal, NamedTuple

import torch.nn.functional as F
from torch import nn

from gan_core.types import Classes, ClassWeights, Latents


class AnyGenerator(nn.Module):
    """Maps latents, and classes where it has them, to samples."""

    pixels: ClassVar[tuple[float, float]]
    "the values of black and white, the ends of its last activation"

    def entry(self) -> Literal["z", "joined", "multiplied"]:
        """What enters its first layer: z, z with the shares of the classes behind it, or z times the embedding of the class."""
        return "z"

    def chain(self) -> list[nn.Module]:
        """What it computes, one layer after the other: its `layers` if it has nothing else; else itself, unless it says more."""
        match list(self.named_children()):
            case [("layers", nn.Sequential() as layers)]:
                return [*layers]
        return [self]


class Networks(NamedTuple):
    """A generator and its discriminator."""

    G: AnyGenerator
    D: nn.Module


def shares(y: Classes, k: int, like: Latents) -> ClassWeights:
    """What is asked of G as shares of its k classes [N, k]: one-hot for classes, as they are for shares."""
    return F.one_hot(y, k).to(like.dtype) if y.ndim == 1 else y.to(like.dtype)


def blocks(z: Latents, y: Classes | None, size: int) -> Iterator[tuple[Latents, Classes | None]]:
    """What is asked of G, `size` samples at a time."""
    for i in range(0, len(z), size):
        yield z[i : i + size], None if y is None else y[i : i + size]


def count(network: nn.Module) -> tuple[int, int]:
    """(all, trainable) numbers of a network; like Keras, "all" includes the running averages of batch norm."""
    trainable = sum(p.numel() for p in network.parameters())
    averages = sum(b.numel() for name, b in network.named_buffers() if not name.endswith("num_batches_tracked"))
    return trainable + averages, trainable
