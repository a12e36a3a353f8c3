"""How the judge is trained: on full MNIST from a fixed seed, a quarter of an hour on one core.

`python -m gan_core judge` does it anew and writes judge.safetensors and judge.json.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan_core.data.images import image_arrays, to_range
from gan_core.metrics.judge import Judge, UnitImages, error_on
from gan_core.networks import ema

SEED, EPOCHS, BATCH, LR = 0, 20, 128, 3e-3


def shifted_and_turned(x: UnitImages, generator: torch.Generator) -> UnitImages:
    """Each image turned by up to 12 degrees, scaled by up to 8 % and moved by up to 2.5 pixels."""
    n = len(x)

    def uniform(limit: float) -> Tensor:
        return (2 * torch.rand(n, generator=generator) - 1) * limit

    angle, scale = uniform(12 * torch.pi / 180), 1 + uniform(0.08)
    cos, sin = angle.cos() * scale, angle.sin() * scale
    moves = torch.stack([cos, -sin, uniform(2.5 / 14), sin, cos, uniform(2.5 / 14)], 1).view(n, 2, 3)
    return F.grid_sample(x, F.affine_grid(moves, list(x.shape), align_corners=False), align_corners=False)


def train_judge(say: Callable[[str], None], epochs: int = EPOCHS) -> Judge:
    """A judge trained on full MNIST from the fixed seed, its weights averaged over the last steps; `say` hears of each epoch."""
    pixels, labels = (torch.from_numpy(a) for a in image_arrays("mnist"))
    torch.manual_seed(SEED)
    generator = torch.Generator().manual_seed(SEED)
    judge = Judge().to(memory_format=torch.channels_last)
    shown = ema.clone(judge)
    steps = epochs * (len(labels) // BATCH)
    optimizer = torch.optim.AdamW(judge.parameters(), lr=LR, weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LR, total_steps=steps, pct_start=0.2)
    step = 0
    for epoch in range(epochs):
        for rows in torch.randperm(len(labels), generator=generator)[: len(labels) // BATCH * BATCH].split(BATCH):
            x = shifted_and_turned(pixels[rows, None].float() / 255, generator)
            loss = F.cross_entropy(judge(x), labels[rows].long(), label_smoothing=0.02)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            ema.update(shown, judge, 0.998, step)
            step += 1
        shown.load_state_dict(dict(judge.named_buffers()), strict=False)  # running statistics as they are: the rate ends at zero
        say(f"epoch {epoch + 1} of {epochs}: test accuracy {100 * accuracy(shown):.2f} %")
    return shown


def accuracy(judge: nn.Module) -> float:
    """Share of the 10,000 test images it reads right."""
    pixels, labels = (torch.from_numpy(a) for a in image_arrays("mnist", train=False))
    return 1 - error_on(judge.eval(), to_range(pixels, (0.0, 1.0)), labels)
