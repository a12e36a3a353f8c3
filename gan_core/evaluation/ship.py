"""Turns a run into a shipped one: the same layout, small enough to live in the repository."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file

from gan_core import pictures, runs
from gan_core.errors import AtelierError
from gan_core.evaluation import looking
from gan_core.runs import Run, SampleGrid, folders, samples
from gan_core.storage import atomic, tensors
from gan_core.translation import _

NOISE = 64  # .. plus this: the first steps are noise, which hardly changes and takes the most space


class Amounts(NamedTuple):
    """How much of a run is kept."""

    records: int
    "lines of metrics.jsonl, evenly spaced"
    grids: int
    "sample grids, and probes, evenly spaced in the logarithm of the step (plus NOISE)"
    shades: int
    "of grey, of all grids but the last one"
    scores: int
    "D's scores of each kind, in a probe or look"
    every_look: bool = False
    "looks at grids that are not kept, too, without their scores: health asks whether two in a row agree"
    moved: float = 0.0
    "grey levels by which the pixels of a grid must differ on average from those of the grid kept before it; the last one is kept anyway"


SHIPPED = Amounts(records=400, grids=60, shades=pictures.SHADES, scores=256)
RECORDED = Amounts(records=150, grids=16, shades=12, scores=40, every_look=True, moved=2.0)


def ship(run: Run) -> Run:
    """Copies a finished run to checkpoints/<variant>-<recipe>, without its resume file and with its records and grids thinned out.

    Takes the place of what is there, once it is whole. Raises AtelierError if the run is not finished, or nothing can be written.
    """
    config, status = run.config, run.status
    if status.state != "finished" or run.weights is None:
        raise AtelierError(_("{run} is {state}: only a finished run with weights can be shipped.").format(run=run.id, state=status.state))
    weights = _halved(run.weights, run.id)  # before anything is replaced: this can fail
    target = folders.SHIPPED / f"{config.variant}-{config.recipe}"
    try:
        with _replacing(target) as draft:
            shipped = runs.new(config, parent=draft.parent, name=draft.name)
            atomic.write(shipped.weights_path(status.step), weights)
            _fill(shipped, run, SHIPPED)
    except OSError as error:
        raise AtelierError(
            _("{target} cannot be written ({why}); what was shipped before is as it was.").format(target=target, why=error.strerror)
        ) from error
    return Run(target)


def record(run: Run, name: str) -> Run:
    """Copies a run that ended, well or not, to checkpoints/break-it/<name>: to be looked at, so without weights, and with fewer grids.

    Takes the place of what is there, once it is whole. Raises AtelierError if the run has not ended, or nothing can be written.
    """
    if run.status.state not in ("finished", "failed"):
        raise AtelierError(_("{run} is {state}: only a run that has ended can be recorded.").format(run=run.id, state=run.status.state))
    target = folders.recordings() / name
    try:
        with _replacing(target) as draft:
            _fill(runs.new(run.config, parent=draft.parent, name=draft.name), run, RECORDED)
    except OSError as error:
        raise AtelierError(
            _("{target} cannot be written ({why}); what was recorded before is as it was.").format(target=target, why=error.strerror)
        ) from error
    return Run(target)


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """A folder to be made, which takes the target's place once it is whole; what stood there stays if anything goes wrong."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".shipping-", dir=target.parent) as room:
        draft, before = Path(room) / target.name, Path(room) / f"before-{target.name}"
        yield draft
        if target.exists():
            target.rename(before)
        try:
            draft.rename(target)
        except OSError:
            if before.exists():
                before.rename(target)
            raise


def _fill(shipped: Run, run: Run, amounts: Amounts) -> None:
    """Puts into a new run what is kept of another one, but for its weights."""
    status = run.status
    shipped.append_records([_in_four_digits(record) for record in _evenly(run.records()[0], amounts.records)])
    grids = run.samples
    chosen = _moved([grids[i] for i in _by_logarithm([grid.step for grid in grids], amounts.grids)], amounts.moved)
    bundle = samples.bundled(
        (grid.name, grid.read() if grid == grids[-1] or not grid.drawn else _fewer_shades(grid, amounts.shades)) for grid in chosen
    )
    atomic.write(shipped.bundle_path, bundle)
    shipped.samples_path.rmdir()
    probes = run.probes
    for i in _by_logarithm([probe["step"] for probe in probes], amounts.grids):
        shipped.append_probe(**_parted(probes[i], amounts.scores))
    kept_steps = {grid.step for grid in chosen}
    for look in [_parted(look, amounts.scores) for look in run.looks] or looking.of_grids(run):
        if look["step"] in kept_steps:
            shipped.append_look(**look)
        elif amounts.every_look:
            shipped.append_look(**look | {"scores": {}})
    kept = status.model_dump(exclude={"pid", "updated"})
    shipped.write_status(**kept)


def _halved(weights: Path, origin: str) -> bytes:
    """A weights file with its numbers in half precision, which halves its size and moves a pixel by about half a grey level at most."""
    half = {name: t.half() if t.dtype == torch.float32 else t for name, t in load_file(weights).items()}
    if not all(torch.isfinite(t).all() for t in half.values()):
        raise AtelierError(_("The weights of {origin} do not fit into half precision.").format(origin=origin))
    return tensors.encode(half, about=json.dumps({"run": origin}))


def _fewer_shades(mosaic: SampleGrid, shades: int = SHIPPED.shades) -> bytes:
    """A mosaic in few shades of grey, see `pictures.in_shades`."""
    return pictures.to_png(Image.fromarray(pictures.in_shades(pictures.grey_of(mosaic.read()), shades)))


def _moved(grids: list[SampleGrid], least: float) -> list[SampleGrid]:
    """Those that differ enough from the one kept before them: noise that stays takes the most space, and shows nothing new."""
    kept: list[SampleGrid] = []
    before: np.ndarray | None = None
    for grid in grids:
        now = pictures.grey_of(grid.read()).astype(float) if grid.drawn and least else None
        if now is None or before is None or grid == grids[-1] or np.abs(now - before).mean() >= least:
            kept.append(grid)
            before = now
    return kept


def _evenly(records: list[dict[str, float]], n: int) -> list[dict[str, float]]:
    """At most n of the records, the last one among them."""
    return [records[i] for i in np.unique(np.linspace(0, len(records) - 1, n).round().astype(int))] if records else []


def _in_four_digits(record: dict[str, float]) -> dict[str, float]:
    """A record with what a curve needs of its numbers; step and seconds are left whole."""
    return {name: value if name in ("step", "seconds") else float(f"{value:.4g}") for name, value in record.items()}


def _by_logarithm(steps: list[int], most: int = SHIPPED.grids) -> list[int]:
    """Indices of at most so many of the steps, evenly spaced in the logarithm of step + NOISE, the first and the last among them."""
    if not steps:
        return []
    logs = np.log(np.array(steps) + NOISE)
    wanted = np.linspace(logs[0], logs[-1], most)
    return np.unique(np.abs(logs[:, None] - wanted).argmin(0)).tolist()


def _parted(probe: dict[str, Any], most: int = SHIPPED.scores) -> dict[str, Any]:
    """A line of probes.jsonl or looks.jsonl as the arguments of append_probe or append_look."""
    numbers = {name: value for name, value in probe.items() if name not in ("step", "seconds", "scores")}
    scores = {of: [float(f"{score:.3g}") for score in several[:most]] for of, several in probe["scores"].items()}  # enough for a histogram
    return {"step": probe["step"], "seconds": probe["seconds"], "numbers": numbers, "scores": scores}
