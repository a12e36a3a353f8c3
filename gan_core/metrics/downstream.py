"""What generated digits teach: a classifier trained on samples only, to be tested on real digits."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from gan_core.metrics.judge import Judge, UnitImages
from gan_core.types import Labels

EPOCHS, BATCH, LR, SEED = 4, 128, 2e-3, 0


def train_on_samples(x: UnitImages, y: Labels) -> nn.Module:
    """A classifier (the judge's network, from a fixed seed) that has seen nothing but these samples and the classes asked of them.

    Source: GAN-train of Shmelkov et al. 2018, arXiv:1807.09499.
    """
    torch.manual_seed(SEED)
    net = Judge().to(memory_format=torch.channels_last)
    steps = EPOCHS * (len(x) // BATCH)
    optimizer = torch.optim.AdamW(net.parameters(), lr=LR, weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LR, total_steps=steps)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(x))[: len(x) // BATCH * BATCH].split(BATCH):
            loss = F.cross_entropy(net(x[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return net.eval()
