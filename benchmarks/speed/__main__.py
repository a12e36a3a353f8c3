"""Steps per second of the same GANs: Keras as the sources have it, plain PyTorch, and this project, side by side.

    python -m benchmarks.speed [--variants gan dcgan] [--seconds 4] [--rounds 5] [--threads 1 2] [--keras PYTHON]

All sides run in processes of their own and take turns within every round, so that what else the machine does hits all alike; figures are
medians over the rounds, ratios medians of the ratios within a round. Every side is measured with each number of threads, and its best
counts: two threads that share small operations may be slower than one. Keras (tf_keras on TensorFlow) needs an interpreter of its own,
which `make bench` makes in .venv-keras; without one its columns stay empty.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from benchmarks.speed import VARIANTS
from benchmarks.speed.sides import KERAS, Side, sides
from benchmarks.speed.table import Rates, Work, best, table
from gan_core.data import DATA_SETS
from gan_core.errors import AtelierError

SIZE = 3072  # of the matrices whose product is the machine's limit
WAYS = (("keras", "text"), ("keras", "fastest"), ("plain", "tutorial"), ("ours", "published"), ("ours", "bfloat16"), ("ours", "stable"))
COUNTED = 4  # steps over which work is counted: stable recipes take their penalty every fourth


def load() -> str:
    """The load average in words."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def play(groups: dict[int, dict[str, Side]], variants: list[str], seconds: float, rounds: int) -> tuple[dict[int, Rates], list[float]]:
    """(rates of (variant, side, way) for each number of threads, a figure a round [steps/s]; the limit, a figure a round [FLOP/s]).

    `groups` has the sides for each number of threads; the limit is that of the most threads. Raises AtelierError if two sides' networks are
    not of the same size: then they do not play the same game.
    """
    rates: dict[int, Rates] = {threads: {} for threads in groups}
    limits: list[float] = []
    for n in range(rounds):
        limits.append(groups[max(groups)]["ours"].ask(product=SIZE)["rate"])
        for variant in variants:
            sizes: dict[str, list[int]] = {}
            for (side, way), (threads, there) in itertools.product(WAYS, groups.items()):
                if side not in there or (side == "keras" and variant == "wgan-gp"):
                    continue
                answer = there[side].ask(variant=variant, way=way, seconds=seconds, warm=1 if n else 3)
                rates[threads].setdefault((variant, side, way), []).append(answer["rate"])
                if way != "stable":
                    sizes[side] = answer["parameters"]
            if len({tuple(size) for size in sizes.values()}) > 1:
                raise AtelierError(f"The networks of {variant} differ, so that their rates cannot be compared: {sizes} numbers in G and D.")
        print(f"round {n + 1} of {rounds} done, load {load()}", file=sys.stderr, flush=True)
    return rates, limits


def count(there: dict[str, Side], variants: list[str]) -> Work:
    """Operations a step of (variant, side, way). Keras': the plain networks, each loss differentiated by its own network's weights."""
    work: Work = {}
    for variant in variants:
        for side, way in WAYS:
            if side == "keras":
                work[variant, side, way] = there["plain"].ask(variant=variant, way="own", count=1)["flop"]
            else:
                work[variant, side, way] = there[side].ask(variant=variant, way=way, count=COUNTED if way == "stable" else 1)["flop"]
    return work


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--variants", nargs="+", default=list(VARIANTS), choices=VARIANTS, metavar="VARIANT")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--threads", type=int, nargs="+", default=sorted({1, os.cpu_count() or 1}), help="of each side, in turn; its best counts"
    )
    parser.add_argument("--keras", type=Path, default=KERAS, help="an interpreter that has tf_keras; default: %(default)s")
    arguments = parser.parse_args()
    keras = arguments.keras if arguments.keras.exists() else None
    data = "mnist" if DATA_SETS["mnist"].present else "digits-5k"
    before = load()
    try:
        with ExitStack() as stack:
            groups = {threads: stack.enter_context(sides(data, threads, keras)) for threads in arguments.threads}
            first = groups[arguments.threads[0]]
            work = count(first, arguments.variants)
            rates, limits = play(groups, arguments.variants, arguments.seconds, arguments.rounds)
            abouts = {name: side.about for name, side in first.items()}
    except AtelierError as error:
        sys.exit(str(error))
    found, chosen = best(rates)
    print("\n".join(table(arguments.variants, found, work, median(limits), chosen if len(groups) > 1 else {})))
    print(
        f"\n{arguments.rounds} rounds of {arguments.seconds:g} s on {data}, threads tried {arguments.threads} on {os.cpu_count()} cores, "
        f"load {before} before and {load()} after. "
        f"Limit: a float32 product of two {SIZE} x {SIZE} matrices, {median(limits) / 1e9:.0f} GFLOP/s "
        f"({min(limits) / 1e9:.0f} to {max(limits) / 1e9:.0f})."
    )
    print(
        "; ".join(f"{name}: {about}" for name, about in abouts.items()) + ("" if keras else f". No Keras: {arguments.keras} is not there.")
    )


if __name__ == "__main__":
    main()
