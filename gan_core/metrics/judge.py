"""The judge: a frozen digit classifier whose features and opinions the metrics use.

judge_training.py makes it; judge.safetensors and judge.json beside this file are what ships.
"""

from __future__ import annotations

import copy
import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from gan_core.storage import tensors
from gan_core.types import Labels

FILE = Path(__file__).with_name("judge.safetensors")
FACTS = FILE.with_suffix(".json")
BLOCK = 500  # images at a time
CPU = torch.device("cpu")

UnitImages = Float[Tensor, "N 1 28 28"]  # black 0, white 1
Features = Float[Tensor, "N 128"]


class Judge(nn.Module):
    """Three 3x3 convolutions with batch norm and pooling, dense 128 -> ten logits. 128 features after the last ReLU."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 24, 3, padding=1, bias=False),  # [N, 24, 28, 28]
            nn.MaxPool2d(2),
            nn.BatchNorm2d(24),
            nn.ReLU(),  # [N, 24, 14, 14]
            nn.Conv2d(24, 48, 3, padding=1, bias=False),
            nn.BatchNorm2d(48),
            nn.ReLU(),
            nn.Conv2d(48, 64, 3, padding=1, bias=False),
            nn.MaxPool2d(2),
            nn.BatchNorm2d(64),
            nn.ReLU(),  # [N, 64, 7, 7]
            nn.Flatten(),
            nn.Dropout(0.3),
            nn.Linear(64 * 7 * 7, 128),
            nn.ReLU(),  # [N, 128]
        )
        self.head = nn.Linear(128, 10)

    def features(self, x: UnitImages) -> Features:
        """What the distribution metrics compare."""
        return self.body((x - 0.1307) / 0.3081)  # MNIST's mean and standard deviation

    def forward(self, x: UnitImages) -> Float[Tensor, "N 10"]:
        return self.head(self.features(x))


@lru_cache(maxsize=1)
def load() -> Judge:
    """The shipped judge, on the CPU, frozen. Raises AtelierError if its file is damaged."""
    judge = Judge().eval().requires_grad_(False)
    judge.load_state_dict(tensors.read(FILE, tensors.layout_of(judge.state_dict())))
    return judge.to(memory_format=torch.channels_last)


def forget() -> None:
    """The file has been written anew: what was read of it, and what lies on a GPU, is the judge before."""
    load.cache_clear()
    _on_gpu.cache_clear()


@lru_cache(maxsize=1)
def _on_gpu(device: torch.device) -> Judge:
    """A copy of it there."""
    return copy.deepcopy(load()).to(device)


def facts() -> dict[str, Any]:
    """What is known of the shipped judge: sha256, test_accuracy, seed, floors."""
    return json.loads(FACTS.read_text(encoding="utf-8"))


def sha256() -> str:
    """The hash of the judge's file."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()


@torch.no_grad()
def look(x: UnitImages, device: torch.device = CPU) -> tuple[Features, Labels]:
    """The judge's features [N, 128] and opinion [N] of each image, on the CPU.

    It looks on that device if it is a GPU by CUDA, and there too in whole float32 and not in the shortened one of tensor cores.
    """
    there, judge = (device, _on_gpu(device)) if device.type == "cuda" else (CPU, load())
    with torch.backends.cudnn.flags(enabled=True, allow_tf32=False):
        features = torch.cat([judge.features(block.to(there)) for block in x.split(BLOCK)])
    return features.cpu(), judge.head(features).argmax(1).cpu()


@torch.no_grad()
def probabilities(x: UnitImages) -> Float[Tensor, "N 10"]:
    """How sure the judge is of each digit."""
    judge = load()
    return torch.cat([judge(block) for block in x.split(BLOCK)]).softmax(1)


@torch.no_grad()
def error_on(classify: nn.Module, x: Tensor, y: Labels, classes: int = 10) -> float:
    """Share of images whose greatest logit among the first `classes` is not their class."""
    opinions = torch.cat([classify(block)[:, :classes].argmax(1) for block in x.split(BLOCK)])
    return (opinions != y).double().mean().item()
