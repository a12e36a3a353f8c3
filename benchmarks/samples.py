"""Samples of a training that is still in memory, for benchmarks that look at it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gan_core.data.images import in_grey_levels
from gan_core.networks import blocks
from gan_core.training.state import State
from gan_core.types import Labels

BLOCK = 500


@torch.no_grad()
def unit_samples(state: State, G: nn.Module, n: int) -> tuple[Tensor, Labels | None]:
    """n images [n, 1, 28, 28] in [0, 1] that G draws, in the mode it is in, from latents of seed 0; and the classes it was asked for."""
    variant = state.config.about
    z = variant.prior.sample(n, torch.device("cpu"), torch.Generator().manual_seed(0)).to(state.device)
    y = torch.arange(n) % variant.classes if variant.classes else None
    x = torch.cat([G(*block) for block in blocks(z, None if y is None else y.to(state.device), BLOCK)])
    return in_grey_levels(x, state.G.pixels), y
