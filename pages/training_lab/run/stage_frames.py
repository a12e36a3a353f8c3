"""The time machine of the stage: every sample grid of a run, and what is known of it, for one slider.

The moving is done by the browser (stage_frames.js). What it needs is sent once, some snapshots at a time: it says what it has, and is sent
what it lacks, while the training goes on and writes more.
"""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import Any

from gan_core import pictures
from gan_core.runs import LIVE, Run, SampleGrid, Status
from gan_core.translation import _
from pages.shared import charts, images
from pages.shared.history import History

FRAMES = 10  # sent at a time: some 300 kB
NUMBERS = ("n", "legible", "digits", "variety", "ink", "rmse", "amplitude", "phases")  # of a look, beneath its picture


def of(run: Run, kept: History, status: Status, have: set[int]) -> dict[str, Any]:
    """What the browser needs of the snapshots, having those of the steps `have`, and of the place that they are shown in."""
    grids, looks = run.samples, {look["step"]: look for look in kept.looks}
    if status.state in LIVE and grids and looks and grids[-1].step not in looks:
        grids = grids[:-1]  # its look is being written: picture and numbers come together
    frames = _missing(grids, have)
    for frame in frames:
        frame["scores"] = looks.get(frame["step"], {}).get("scores", {})
    about = run.config.about
    return {
        "run": run.id,
        "kind": about.kind,
        "grid": {"columns": about.classes or 8, "rows": 8, "cell": 28 + pictures.GAP, "x": [0, 6]},
        "waiting": _("The first samples come with the first step.") if status.state in LIVE else _("This run kept no samples."),
        "steps": [grid.step for grid in grids],
        "frames": frames,
        "known": [len(have), sum(have)],
        "looks": {step: {name: look[name] for name in NUMBERS if name in look} for step, look in looks.items()},
        "span": kept.once("span of scores", None, lambda: _span(kept.looks)),
        **(_scale(grids) if about.kind == "curves" else {}),
    }


def _missing(grids: list[SampleGrid], have: set[int]) -> list[dict[str, Any]]:
    """The next snapshots that the browser lacks: the newest first, then from the beginning."""
    missing = [grid for grid in grids if grid.step not in have]
    frames: list[dict[str, Any]] = []
    for grid in (missing[-1:] + missing[:-1])[:FRAMES]:
        try:
            if grid.drawn:
                frames.append({"step": grid.step, "png": _encoded(grid, grid.written)})
            else:
                frames.append({"step": grid.step, **images.read_curves(grid)})
        except (OSError, ValueError):
            continue  # being rewritten: the next look finds it
    return frames


@lru_cache(maxsize=256)
def _encoded(grid: SampleGrid, written: int) -> str:
    """A picture for the browser; many who watch one training ask for the same ones."""
    return base64.b64encode(grid.read()).decode()


def _span(looks: list[dict[str, Any]]) -> tuple[float, float]:
    """A range that holds what D gave the samples of all looks, so that its histogram stays in place."""
    low, high = charts.steady(v for look in looks for kind in ("real", "fake") for v in look.get("scores", {}).get(kind, []))
    return low, high if high > low else low + 1.0


def _scale(grids: list[SampleGrid]) -> dict[str, Any]:
    """The scale of the curves, held still by the real ones: {"range", "ticks"}."""
    try:
        low, high = pictures.ends(images.read_curves(grids[0])["real"]) if grids else (-1.0, 1.0)
    except (OSError, ValueError):
        low, high = pictures.ends([])
    pad = 0.3 * (high - low)
    return {"range": (low - pad, high + pad), "ticks": [round(v, 1) + 0.0 for v in (low, (low + high) / 2, high)]}
