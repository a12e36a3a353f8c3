"""The seeds that all randomness of the package comes from."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from gan_core.lazy import Lazy

if TYPE_CHECKING:
    import torch
else:
    torch = Lazy("torch")


def seed_of(*parts: int | str) -> int:
    """A 32-bit seed for the stream of random numbers named by these parts."""
    return int.from_bytes(hashlib.blake2b(repr(parts).encode(), digest_size=4).digest())


def seed_everything(seed: int, device: torch.device) -> None:
    """Sets the global generators that draws on this device use (torch.manual_seed does more, and takes far longer)."""
    torch.default_generator.manual_seed(seed)
    if device.type == "cuda":
        torch.cuda.default_generators[device.index or 0].manual_seed(seed)
    elif device.type == "mps":
        torch.mps.manual_seed(seed)
