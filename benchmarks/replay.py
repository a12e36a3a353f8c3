"""Steps per second on a CUDA device: as Python asks for each kernel, and replayed as a recorded graph (gan_core/training/cuda_graph.py).

    python -m benchmarks.replay dcgan cgan --recipe published

Both in turn, on the built-in digits, the median of several rounds.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import torch

from benchmarks.plots import markdown
from gan_core import configure
from gan_core.gans.variants import VARIANTS
from gan_core.training.state import State
from gan_core.training.step import train_step


def rate(state: State, steps: int) -> float:
    """Steps per second over so many steps."""
    torch.cuda.synchronize()
    began = time.perf_counter()
    for _ in range(steps):
        train_step(state)
    torch.cuda.synchronize()
    return steps / (time.perf_counter() - began)


def measured(variant: str, recipe: str, precision: str, rounds: int, steps: int) -> tuple[float, float]:
    """(plain, replayed): median steps per second."""
    plain, replayed = (State.fresh(configure(variant, recipe, device="cuda", precision=precision)) for _ in range(2))
    plain.cuda_graph = None
    for state in (plain, replayed):
        rate(state, 40)
    rates = [(rate(plain, steps), rate(replayed, steps)) for _ in range(rounds)]
    return float(np.median([p for p, _ in rates])), float(np.median([r for _, r in rates]))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("variants", nargs="*", default=list(VARIANTS), choices=list(VARIANTS), metavar="variant")
    parser.add_argument("--recipe", default="stable")
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=200)
    a = parser.parse_args()
    rows = []
    for name in a.variants:
        if a.recipe in VARIANTS[name].recipes:
            plain, replayed = measured(name, a.recipe, a.precision, a.rounds, a.steps)
            rows.append((f"`{name}`", a.recipe, f"{plain:,.0f}", f"{replayed:,.0f}", f"{replayed / plain:.1f}"))
            print(*rows[-1], flush=True)
    print(torch.cuda.get_device_name(), a.precision)
    print("\n".join(markdown(("variant", "recipe", "as Python asks [steps/s]", "replayed [steps/s]", "times"), rows)))


if __name__ == "__main__":
    main()
