"""Turns a run into a shipped one: the same layout, small enough to live in the repository."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from gan_core import checkpoints, runs
from gan_core.errors import AtelierError
from gan_core.runs import Run

RECORDS = 400  # lines of metrics.jsonl kept, evenly spaced
GRIDS = 60  # sample grids kept, evenly spaced in the logarithm of the step


def ship(run: Run) -> Run:
    """Copies a finished run to checkpoints/<variant>-<recipe>, without its resume file and with its records and grids thinned out.

    Replaces what is there. Raises AtelierError if the run is not finished.
    """
    config, status = run.config, run.status
    if status.state != "finished" or run.weights is None:
        raise AtelierError(f"{run.id} is {status.state}: only a finished run with weights can be shipped.")
    weights = _halved(run.weights, run.id)  # before anything is replaced: this can fail
    target = runs.SHIPPED / f"{config.variant}-{config.recipe}"
    shutil.rmtree(target, ignore_errors=True)
    shipped = runs.new(config, parent=runs.SHIPPED, name=target.name)
    runs.write_atomically(shipped.weights_path(status.step), weights)
    shipped.append_records(_evenly(run.records()[0], RECORDS))
    for step, path in _by_logarithm(run.samples):
        shipped.write_sample(step, path.suffix, path.read_bytes())
    kept = status.model_dump(exclude={"pid", "process_started", "updated"})
    shipped.write_status(**kept)
    return shipped


def _halved(weights: Path, origin: str) -> bytes:
    """A weights file with its numbers in half precision, which halves its size and moves a pixel by about half a grey level at most."""
    half = {name: t.half() if t.dtype == torch.float32 else t for name, t in load_file(weights).items()}
    if not all(torch.isfinite(t).all() for t in half.values()):
        raise AtelierError(f"The weights of {origin} do not fit into half precision.")
    return checkpoints.encode(half, about=json.dumps({"run": origin}))


def _evenly(records: list[dict[str, float]], n: int) -> list[dict[str, float]]:
    """At most n of the records, the last one among them."""
    return [records[i] for i in np.unique(np.linspace(0, len(records) - 1, n).round().astype(int))] if records else []


def _by_logarithm(grids: list[tuple[int, Path]]) -> list[tuple[int, Path]]:
    """At most GRIDS of the grids, evenly spaced in log(step), the first and the last among them."""
    logs = np.log1p([step for step, _ in grids])
    wanted = np.linspace(logs[0], logs[-1], GRIDS)
    return [grids[i] for i in np.unique(np.abs(logs[:, None] - wanted).argmin(0))]
