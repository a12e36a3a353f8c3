"""How soon are the digits legible? Trains one recipe from several seeds and prints when 90 % and 95 % of its grid can be read.

    python -m benchmarks.first_seconds [--seeds 5] [--threads 2] [--seconds 15] [--data digits-5k] [--variant acgan] [--recipe stable]

Training time counts, as the app's clock does: looking does not. Looked at are the 80 samples of the run's grid, as a training does by
itself (gan_core/training/look.py) and as `benchmarks.click` finds it on the page, but every quarter of a second. At the end the class
accuracy of 10,000 samples, fid10k as a multiple of its floor and coverage10k, against MNIST's 10,000 test images (with GAN_ATELIER_DATA
set; else they are left out). A seed that never gets there counts as missed.
"""

from __future__ import annotations

import argparse
import os
import time
from statistics import mean

import torch
from torch import Tensor

from benchmarks.samples import unit_samples
from gan_core import configure
from gan_core.errors import AtelierError
from gan_core.evaluation import protocol
from gan_core.jobs import malloc
from gan_core.metrics import classes, frechet, judge, manifold
from gan_core.training.fixed_grid import grid
from gan_core.training.look import Looker
from gan_core.training.state import State
from gan_core.training.step import train_step
from gan_core.types import Labels

LOOK = 0.25  # seconds of training between looks
MARKS = (0.90, 0.95)


def samples(state: State, n: int) -> tuple[Tensor, Labels]:
    """n images of the shown generator in [0, 1], and the digits that were asked for."""
    x, y = unit_samples(state, state.ema_or_G.eval(), n)
    state.G.train()
    assert y is not None
    return x, y


def accuracy(state: State, n: int) -> float:
    """Share of n samples that the judge reads as what was asked for."""
    x, y = samples(state, n)
    return classes.agreement(judge.look(x)[1], y)


def real_features() -> Tensor | None:
    """The judge's features of MNIST's test images; None where MNIST is not there."""
    try:
        return protocol.real_digits().features
    except AtelierError:
        return None


def run(state: State, seconds: float) -> tuple[list[float | None], float]:
    """Trains for so long; seconds until each of MARKS, and the class accuracy at the end."""
    look = Looker(state.config, state.G.pixels)
    passed: list[float | None] = [None] * len(MARKS)
    spent = looked = 0.0
    while spent < seconds:
        began = time.perf_counter()
        train_step(state)
        spent += time.perf_counter() - began
        if None in passed and spent - looked >= LOOK:
            looked, seen = spent, look.numbers(grid(state)[1])
            now = seen["legible"] / seen["n"]
            passed = [at if at is not None else (spent if now >= mark else None) for at, mark in zip(passed, MARKS, strict=True)]
    return passed, accuracy(state, 10_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--variant", default="acgan")
    parser.add_argument("--recipe", default="stable")
    parser.add_argument("--data", default="digits-5k")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seconds", type=float, default=15.0)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    malloc.keep_freed_memory()
    real, floor = real_features(), judge.facts()["floors"]["fid10k"]
    print(
        f"{arguments.variant} {arguments.recipe} on {arguments.data}, {arguments.threads} threads, load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    reached: list[list[float]] = [[] for _ in MARKS]
    ends: list[tuple[float, float, float]] = []
    for seed in range(arguments.seeds):
        state = State.fresh(configure(arguments.variant, arguments.recipe, data=arguments.data, seed=seed, seconds=arguments.seconds))
        passed, end = run(state, arguments.seconds)
        for found, at in zip(reached, passed, strict=True):
            found.append(at if at is not None else float("inf"))
        words = [f"{mark:.0%} after {at:.1f} s" if at else f"{mark:.0%} never" for mark, at in zip(MARKS, passed, strict=True)]
        line = f"seed {seed}: {', '.join(words)}; {state.step:,} steps in {arguments.seconds:g} s, class accuracy {end:.1%}"
        if real is not None:
            fake = judge.look(samples(state, 10_000)[0])[0]
            ends.append((frechet.frechet_distance(fake, real) / floor, manifold.compare(real, fake).coverage, end))
            line += f", fid10k {ends[-1][0]:.1f} x floor, coverage {ends[-1][1]:.3f}"
        print(line, flush=True)
    print("mean: " + ", ".join(f"{mark:.0%} after {mean(found):.1f} s" for mark, found in zip(MARKS, reached, strict=True)))
    if ends:
        fid, coverage, end = (mean(column) for column in zip(*ends, strict=True))
        print(f"mean at {arguments.seconds:g} s: fid10k {fid:.1f} x floor, coverage {coverage:.3f}, class accuracy {end:.1%}")


if __name__ == "__main__":
    main()
