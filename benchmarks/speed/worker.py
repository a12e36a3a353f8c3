"""One side of the comparison in a process of its own, so that no side's settings help or hinder another's.

    python -m benchmarks.speed.worker plain|ours THREADS DATA

Reads a question a line and writes an answer a line, both JSON. It first says what it is: {"about": ...}. Then
{"variant", "way", "seconds", "warm"} -> {"rate" [steps/s], "steps", "parameters": [of G, of D]}: `warm` steps, then as many as fit;
{"variant", "way", "count": n} -> {"flop": floating-point operations a step, mean of n steps};
{"product": n} -> {"rate": of a float32 product of two n x n matrices, the best of a few [FLOP/s]}.
Ways of `ours` are recipes, or "bfloat16": published in that precision; ways of `plain` are "tutorial", and "own" gradients only (which
Keras computes; it is only counted).
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from benchmarks.speed import plain
from gan_core import configure
from gan_core.data import image_arrays
from gan_core.jobs import malloc
from gan_core.networks import count
from gan_core.training.state import State
from gan_core.training.step import train_step

Step = Callable[[], object]


def timed(step: Step, seconds: float, warm: int) -> tuple[float, int]:
    """(steps per second, steps) after `warm` steps that do not count."""
    for _ in range(warm):
        step()
    steps, began = 0, time.perf_counter()
    while (took := time.perf_counter() - began) < seconds:
        step()
        steps += 1
    return steps / took, steps


class Counter(TorchDispatchMode):
    """Adds up the operations of what runs under it, by torch's own table (FlopCounterMode itself trips over a gradient penalty)."""

    flop = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        if func._overloadpacket in flop_registry:
            self.flop += flop_registry[func._overloadpacket](*args, **(kwargs or {}), out_val=out)
        return out


def flop(step: Step, steps: int) -> float:
    """Floating-point operations of matrix products and convolutions a step, forward and backward; a multiply-add counts as two."""
    with Counter() as counter:
        for _ in range(steps):
            step()
    return counter.flop / steps


def product(n: int) -> float:
    """Operations per second of a large float32 product of matrices, the best of a few [FLOP/s]: what this machine can do at all."""
    a, b, out = torch.randn(n, n), torch.randn(n, n), torch.empty(n, n)
    rates = []
    for _ in range(6):
        began = time.perf_counter()
        torch.mm(a, b, out=out)
        rates.append(2 * n**3 / (time.perf_counter() - began))
    return max(rates)


def ours(variant: str, way: str, data: str) -> tuple[Step, list[int]]:
    """The step of a recipe, by the function that every training calls, and the sizes of its networks."""
    recipe, precision = ("published", way) if way == "bfloat16" else (way, "float32")
    state = State.fresh(configure(variant, recipe, data=data, precision=precision))
    return lambda: train_step(state), [count(state.G)[0], count(state.D)[0]]


def tutorial(variant: str, way: str, data: str) -> tuple[Step, list[int]]:
    """The plain step, and the sizes of its networks."""
    pixels, labels = image_arrays(data)
    torch.manual_seed(0)
    game = plain.game(variant)
    step = plain.stepper(game, torch.from_numpy(pixels), torch.from_numpy(labels.astype("int64")), own_gradients_only=way == "own")
    return step, [count(game.G)[0], count(game.D)[0]]


def main() -> None:
    side, threads, data = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    torch.set_num_threads(threads)
    if side == "ours":
        malloc.keep_freed_memory()  # as every training of ours does
    build = cache(ours if side == "ours" else tutorial)
    print(json.dumps({"about": f"torch {torch.__version__}, {torch.get_num_threads()} threads"}), flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        if "product" in question:
            answer: dict[str, object] = {"rate": product(question["product"])}
        else:
            step, parameters = build(question["variant"], question["way"], data)
            if "count" in question:
                answer = {"flop": flop(step, question["count"])}
            else:
                rate, steps = timed(step, question["seconds"], question["warm"])
                answer = {"rate": rate, "steps": steps, "parameters": parameters}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
