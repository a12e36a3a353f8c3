"""Does the rule for legible digits let real ones pass, and nothing else? And what does a look at a sample grid cost?

    python -m benchmarks.legibility [--threads 1]

The share of pictures that pass, of MNIST's test images (with GAN_ATELIER_DATA set), of the built-in digits that the rule does not compare
with, and of what is no digit. Then milliseconds of processor time for a grid and a look at it, by variant, median of some.
"""

from __future__ import annotations

import argparse
import time
from statistics import median

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from benchmarks.plots import markdown
from gan_core import configure
from gan_core.data.images import image_arrays, in_grey_levels, to_range
from gan_core.errors import AtelierError
from gan_core.gans.variants import VARIANTS
from gan_core.metrics import legibility
from gan_core.training.fixed_grid import grid
from gan_core.training.look import Looker
from gan_core.training.state import State

N = 500  # of each kind of what is no digit


def real_ones() -> dict[str, tuple[Tensor, Tensor]]:
    """Real digits [M, 1, 28, 28] in [0, 1] that the rule does not know, with their classes, by what they are."""
    pixels, labels = image_arrays("digits-5k")
    held_out = np.concatenate([np.flatnonzero(labels == k)[legibility.KEPT :] for k in range(10)])
    found = {"built-in digits, not those compared with": (pixels[held_out], labels[held_out])}
    try:
        found = {"MNIST's test images": image_arrays("mnist", train=False)} | found
    except AtelierError:
        print("MNIST is not there: its test images are left out.")
    return {name: (to_range(torch.from_numpy(x), (0.0, 1.0)), torch.from_numpy(y).long()) for name, (x, y) in found.items()}


def others(real: Tensor) -> dict[str, Tensor]:
    """Pictures [M, 1, 28, 28] in [0, 1] that are no digits, by what they are."""
    torch.manual_seed(0)
    rough = F.avg_pool2d(torch.randn(N, 1, 32, 32), 5, stride=1)
    y, x = torch.meshgrid(torch.arange(28.0), torch.arange(28.0), indexing="ij")
    centre, width = 8 * torch.rand(N, 2, 1, 1) + 10, 5 * torch.rand(N, 1, 1, 1) + 2
    return {
        "uniform noise": torch.rand(N, 1, 28, 28),
        "grey noise": (0.5 + 0.2 * torch.randn(N, 1, 28, 28)).clamp(0, 1),
        "as many white pixels as a digit has, anywhere": (torch.rand(N, 1, 28, 28) < real.mean()).float(),
        "blobs, black and white": (rough > 0.25).float(),
        "one soft blob": torch.exp(-((x - centre[:, :1]) ** 2 + (y - centre[:, 1:]) ** 2) / (2 * width**2)),
        "real digits, their pixels shuffled": real[:N].flatten(2)[:, :, torch.randperm(784)].view(-1, 1, 28, 28),
        "the mean of real digits": real.mean(0, keepdim=True),
        "black": torch.zeros(1, 1, 28, 28),
        "untrained generators": untrained(),
        "real digits, lower half black": torch.cat([real[:N, :, :14], torch.zeros(N, 1, 14, 28)], 2),
        "two real digits over one another": torch.maximum(real[:N], real[N : 2 * N]),
    }


def untrained() -> Tensor:
    """What the generators of all variants draw before their first step."""
    found = []
    for name, variant in VARIANTS.items():
        if variant.kind == "images":
            state = State.fresh(configure(name, "stable" if "stable" in variant.recipes else "published"))
            found.append(in_grey_levels(grid(state)[0], state.G.pixels))
    return torch.cat(found)


def cost(name: str, repeats: int = 20) -> tuple[float, float]:
    """Milliseconds of processor time for the grid of a fresh training, and for a look at it."""
    state = State.fresh(configure(name, "stable" if "stable" in VARIANTS[name].recipes else "published"))
    look, drawn, seen = Looker(state.config, state.G.pixels), [], []
    for _ in range(repeats):
        began = time.process_time()
        samples, array = grid(state)
        between = time.process_time()
        look(state, samples, array)
        drawn.append(1e3 * (between - began))
        seen.append(1e3 * (time.process_time() - between))
    return median(drawn), median(seen)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    torch.set_num_threads(parser.parse_args().threads)
    real, rows = real_ones(), []
    for name, (x, y) in real.items():
        readable, opinions = legibility.read(x)
        right = (readable & (opinions == y)).double().mean().item()
        rows.append((name, f"{len(x):,}", f"{readable.double().mean().item():.1%}", f"{right:.1%}"))
    for name, x in others(next(iter(real.values()))[0]).items():
        rows.append((name, f"{len(x):,}", f"{legibility.read(x)[0].double().mean().item():.1%}", ""))
    print("\n".join(markdown(("pictures", "how many", "pass", "and are read rightly"), rows)))
    costs = [(f"`{name}`", *(f"{each:.0f}" for each in cost(name))) for name in VARIANTS]
    print("\n".join(markdown(("variant", "a grid [ms]", "a look at it [ms]"), costs)))


if __name__ == "__main__":
    main()
