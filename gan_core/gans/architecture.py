"""Architectures: a generator and a discriminator to be built, with what must be known of D before it is. Imports no torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gan_core.networks import Networks


@dataclass(frozen=True)
class DiscriminatorSpec:
    """What a discriminator returns, and what its scores depend on: it decides which objectives can train it."""

    outputs: int = 1
    "logits for a sample"
    batch_norm: bool = False
    "a sample's score depends on the others of its batch"
    conditional: bool = False
    "it depends on the class that the sample has, or was meant to have"


@dataclass(frozen=True)
class Architecture:
    """A pair of networks. Tests hold the spec against the networks that are built."""

    build: Callable[[], Networks]
    D: DiscriminatorSpec = DiscriminatorSpec()
