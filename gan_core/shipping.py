"""Turns a run into a shipped one: the same layout, small enough to live in the repository."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from gan_core import runs
from gan_core.errors import AtelierError
from gan_core.runs import Run

RECORDS = 400  # lines of metrics.jsonl kept, evenly spaced
GRIDS = 24  # sample grids kept, evenly spaced in the logarithm of the step


def ship(run: Run) -> Run:
    """Copies a finished run to checkpoints/<variant>-<recipe>, without its resume file and with its records and grids thinned out.

    Replaces what is there. Raises AtelierError if the run is not finished.
    """
    config, status = run.config, run.status
    if status.state != "finished" or run.weights is None:
        raise AtelierError(f"{run.id} is {status.state}: only a finished run with weights can be shipped.")
    target = runs.SHIPPED / f"{config.variant}-{config.recipe}"
    shutil.rmtree(target, ignore_errors=True)
    shipped = runs.new(config, parent=runs.SHIPPED, name=target.name)
    shutil.copy(run.weights, shipped.weights_path(status.step))
    shipped.append_records(_evenly(run.records()[0], RECORDS))
    for step, path in _by_logarithm(run.samples):
        shipped.write_sample(step, path.suffix, path.read_bytes())
    kept = status.model_dump(exclude={"pid", "process_started", "updated"})
    shipped.write_status(**kept)
    return shipped


def _evenly(records: list[dict[str, float]], n: int) -> list[dict[str, float]]:
    """At most n of the records, the last one among them."""
    return [records[i] for i in np.unique(np.linspace(0, len(records) - 1, n).round().astype(int))] if records else []


def _by_logarithm(grids: list[tuple[int, Path]]) -> list[tuple[int, Path]]:
    """At most GRIDS of the grids, evenly spaced in log(step), the first and the last among them."""
    logs = np.log1p([step for step, _ in grids])
    wanted = np.linspace(logs[0], logs[-1], GRIDS)
    return [grids[i] for i in np.unique(np.abs(logs[:, None] - wanted).argmin(0))]
