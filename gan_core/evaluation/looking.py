"""Looks for the sample grids of a run that has none: runs of earlier versions. Trainings look by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gan_core import pictures
from gan_core.errors import AtelierError
from gan_core.runs import Run, SampleGrid
from gan_core.storage import atomic
from gan_core.trained.model import load
from gan_core.training.fixed_grid import fixed_latents
from gan_core.training.look import Looker
from gan_core.translation import _


def write(run: Run) -> None:
    """Looks at each grid that the run keeps, and keeps the looks instead of those there are. Raises AtelierError if it has no grids."""
    looks = list(of_grids(run))
    if not looks:
        raise AtelierError(_("{run} has no samples, so there is nothing to look at.").format(run=run.id))
    atomic.write(run.looks_path, b"")
    for look in looks:
        run.append_look(**look)


def of_grids(run: Run) -> Iterator[dict[str, Any]]:
    """A look at each grid that the run keeps, oldest first, as the arguments of `append_look`.

    Scores go with the grid of the step that the weights are of, if there is one: D of the others is gone. When a grid was drawn is worked
    out from the records beside it. Raises AtelierError if a grid cannot be read.
    """
    config, (records, _) = run.config, run.records()
    trained = load(run) if run.weights else None
    last = run.weights_step
    looker = Looker(config, trained.G.pixels if trained else (0.0, 1.0))
    steps, seconds = ([0, *(record[name] for record in records)] for name in ("step", "seconds"))
    for grid in run.samples:
        yield {
            "step": grid.step,
            "seconds": float(np.interp(grid.step, steps, seconds)),
            "numbers": looker.numbers(_array(grid)),
            "scores": looker.scores(trained.D, trained.generate(*fixed_latents(config))) if trained and grid.step == last else {},
        }


def _array(grid: SampleGrid) -> np.ndarray:
    """A kept grid as it was drawn. Raises AtelierError if it cannot be read."""
    try:
        return pictures.cells(pictures.grey_of(grid.read())) if grid.drawn else np.array(pictures.read_curves(grid.read())["fake"])
    except (OSError, ValueError) as error:
        raise AtelierError(_("The samples {name} cannot be read: {error}.").format(name=grid.name, error=error)) from error
