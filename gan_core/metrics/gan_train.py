"""What generated digits teach: a classifier trained on samples only, to be tested on real digits."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import nn

from gan_core.metrics.judge import Judge, UnitImages
from gan_core.types import Labels

EPOCHS, BATCH, LR, SEED = 4, 128, 2e-3, 0
STEPS = 600  # at least: of fewer than 19,200 samples it sees more epochs


def train_on_samples(x: UnitImages, y: Labels, say: Callable[[int, int], None] = lambda done, of: None) -> nn.Module:
    """A classifier (the judge's network, from a fixed seed) that has seen nothing but these samples and the classes asked of them.

    `say` hears after each step how many of how many are done.

    Source: GAN-train of Shmelkov et al. 2018, arXiv:1807.09499.
    """
    torch.manual_seed(SEED)
    net = Judge().to(memory_format=torch.channels_last)
    batch = min(BATCH, len(x))
    an_epoch = len(x) // batch
    epochs = max(EPOCHS, -(-STEPS // an_epoch))
    steps = epochs * an_epoch
    optimizer = torch.optim.AdamW(net.parameters(), lr=LR, weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LR, total_steps=steps)
    done = 0
    for _ in range(epochs):
        for rows in torch.randperm(len(x))[: an_epoch * batch].split(batch):
            loss = F.cross_entropy(net(x[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            done += 1
            say(done, steps)
    return net.eval()
