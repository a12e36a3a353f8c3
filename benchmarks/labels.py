"""How well does SSGAN name digits when few of them have labels? Trains it under several budgets and writes checkpoints/few-labels.json.

    python -m benchmarks.labels [--steps 2000] [--seeds 1] [--objective feature-matching-ssgan] [--to FILE] [budget ...]

Full MNIST; a budget is a number of labelled images, or `all`. Beside each error on the 10,000 test images stands that of the same network
trained alone, with the labelled images and nothing else. What FILE holds already, from the same settings, is not trained again.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from gan_core import configure, data
from gan_core.data import ImageData
from gan_core.gans import compatibility
from gan_core.gans.config import RunConfig
from gan_core.metrics import judge
from gan_core.runs import folders
from gan_core.seeding import seed_everything, seed_of
from gan_core.storage import atomic
from gan_core.training.optimizers import descend
from gan_core.training.state import State
from gan_core.training.step import train_step

BUDGETS = ("20", "50", "100", "1000", "all")
OBJECTIVE = "feature-matching-ssgan"
BATCH = 32
LOOK, LOOK_AT = 500, 2_000  # steps between two prints; test images they look at


def configured(labels: int | None, seed: int, steps: int, objective: str) -> RunConfig:
    """SSGAN's stable recipe with this objective and budget, its rates falling to the end of these steps."""
    config = configure("ssgan", "stable", data="mnist", label_budget=labels, seed=seed, steps=steps)
    settings = compatibility.with_objective(config.settings, objective).model_copy(update={"steps": steps, "batch": BATCH})
    return config.model_copy(update={"settings": settings})


def error(D: nn.Module, pixels: tuple[float, float], n: int = 10_000) -> float:
    """Share of the first n test images that D names wrongly."""
    images, labels = (a[:n] for a in data.image_arrays("mnist", train=False))
    training = D.training
    found = judge.error_on(D.eval(), data.to_range(torch.from_numpy(images), pixels), torch.from_numpy(labels).long())
    D.train(training)
    return found


def together(config: RunConfig) -> float:
    """The error of D after the whole training."""
    state, began = State.fresh(config), time.perf_counter()
    for step in range(1, config.steps + 1):
        train_step(state)
        if step % LOOK == 0:
            found = error(state.D, state.G.pixels, LOOK_AT)
            print(f"  {config.label_budget} labels, step {step}: {found:.2%} ({time.perf_counter() - began:.0f} s)", flush=True)
    return error(state.D, state.G.pixels)


def alone(config: RunConfig) -> float:
    """The error of the same D when it learns from the labelled images only, for as many steps and at the same rates."""
    state = State.fresh(config)
    assert isinstance(state.data, ImageData)
    if config.label_budget is None:
        state.data.labelled_rows = torch.arange(len(state.data))
    for _ in range(config.steps):
        seed_everything(seed_of(config.seed, state.step), state.device)
        state.set_rates()
        x, y = state.data.labelled_batch(config.settings.batch, state.G.pixels)
        descend(state.d_optimizer, {"class": F.cross_entropy(state.D(x)[:, :-1], y)})
        state.step += 1
    return error(state.D, state.G.pixels)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("budgets", nargs="*", default=list(BUDGETS))
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--objective", default=OBJECTIVE)
    parser.add_argument("--to", type=Path, default=folders.SHIPPED / "few-labels.json")
    arguments = parser.parse_args()
    kept: list[dict[str, Any]] = json.loads(arguments.to.read_text()) if arguments.to.is_file() else []
    for seed in range(arguments.seeds):
        for budget in arguments.budgets:
            config = configured(None if budget == "all" else int(budget), seed, arguments.steps, arguments.objective)
            entry: dict[str, Any] = {"labels": config.label_budget, "seed": seed, "steps": config.steps}
            entry |= {"objective": arguments.objective, "data": config.data, "batch": BATCH}
            if any(entry.items() <= done.items() for done in kept):
                continue
            entry |= {"error": together(config), "alone": alone(config)}
            same = (config.label_budget, seed, arguments.objective)
            kept = [k for k in kept if (k["labels"], k["seed"], k["objective"]) != same] + [entry]
            atomic.write(arguments.to, json.dumps(kept, indent=1).encode())
            print(f"{budget} labels, seed {seed}: error {entry['error']:.2%}, alone {entry['alone']:.2%}", flush=True)


if __name__ == "__main__":
    main()
