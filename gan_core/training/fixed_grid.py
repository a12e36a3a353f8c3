"""The grid of fixed latents: what a run's generator makes of the same z all through its training."""

from __future__ import annotations

import numpy as np
import torch

from gan_core.data.images import to_bytes
from gan_core.gans.config import RunConfig
from gan_core.seeding import seed_of
from gan_core.training.state import State
from gan_core.types import Labels, Latents, Samples


def grid(state: State) -> tuple[Samples, np.ndarray]:
    """What the shown generator makes of the run's fixed latents: its samples, and as they are kept.

    Kept are grey levels uint8 [n, 28, 28], or curves float32 [16, L]. Row by row; with classes, each row of ten holds one latent as the
    digits 0 to 9.
    """
    z, y = fixed_latents(state.config)
    shown = state.ema_or_G
    was_training = shown.training
    shown.eval()
    with torch.no_grad():
        x = shown(z.to(state.device), None if y is None else y.to(state.device))
    shown.train(was_training)
    return x, to_bytes(x, state.G.pixels) if state.config.about.kind == "images" else x.cpu().numpy()


def fixed_latents(config: RunConfig) -> tuple[Latents, Labels | None]:
    """The latents of a run's sample grid, from its seed: 64, or 8 x 10 with classes; 16 for curves."""
    variant = config.about
    generator = torch.Generator().manual_seed(seed_of(config.seed, "grid"))
    if variant.classes:
        z = variant.prior.sample(8, torch.device("cpu"), generator).repeat_interleave(variant.classes, 0)
        return z, torch.arange(variant.classes).repeat(8)
    return variant.prior.sample(16 if variant.kind == "curves" else 64, torch.device("cpu"), generator), None
