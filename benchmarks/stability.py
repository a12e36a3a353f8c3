"""Does a stable recipe stay good when it goes on? Trains it three times as long as its recipe says, and prints how far it falls back.

    python -m benchmarks.stability [--seeds 0 1 2] [--times 3] [--points 12] [--precision bfloat16] [variant ...]

fid10k over its floor at evenly spaced steps of full MNIST; printed: the best, the last, and last over best (the aim: at most 1.2).
"""

from __future__ import annotations

import argparse

from benchmarks.degeneration import distance
from gan_core import configure, evaluation, heap
from gan_core.state import State
from gan_core.training import train_step
from gan_core.variants import VARIANTS

IMAGES = [name for name, variant in VARIANTS.items() if variant.kind == "images"]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("variants", nargs="*", default=IMAGES, choices=IMAGES, metavar="variant")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--times", type=float, default=3.0)
    parser.add_argument("--points", type=int, default=12)
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    arguments = parser.parse_args()
    heap.keep_freed_memory()
    real = evaluation.real_digits()
    print("| variant | seed | steps | best (at step) | last | last / best |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name in arguments.variants:
        for seed in arguments.seeds:
            steps = int(arguments.times * VARIANTS[name].recipes["stable"].steps)
            state = State.fresh(configure(name, "stable", data="mnist", seed=seed, steps=steps, precision=arguments.precision))
            found: dict[int, float] = {}
            for point in range(1, arguments.points + 1):
                while state.step < steps * point // arguments.points:
                    train_step(state)
                found[state.step] = distance(state, real, batch_norm=False)["fid"]
            best = min(found, key=found.__getitem__)
            last = found[state.step]
            print(
                f"| {name} | {seed} | {state.step:,} | {found[best]:.1f} ({best:,}) | {last:.1f} | {last / found[best]:.2f} |", flush=True
            )


if __name__ == "__main__":
    main()
