"""What to expect of a training: how fast this variant was on this machine before, and what the run that ships had learned by then.

Only what was measured is said; where nothing was, that is said.
"""

from __future__ import annotations

import statistics
from typing import Any, NamedTuple

from gan_core import runs
from gan_core.data import DATA_SETS
from gan_core.runs import Run, SampleGrid
from gan_core.translation import _
from pages.shared import history
from pages.shared.run_status import duration
from pages.training_lab.form.address import Wanted

ENOUGH = 3.0  # seconds of training from which a run's pace counts


class Pace(NamedTuple):
    """Steps a second, and whether that was measured on this machine or is that of the shipped run where it was trained."""

    rate: float
    here: bool


def pace(wanted: Wanted, known: Run | None) -> Pace | None:
    """How fast it will be, from the median of earlier trainings here by the recipe's own settings; else from the shipped run."""
    measured = []
    for run in runs.own():
        config, status = run.config, run.status
        same = (config.variant, config.recipe, config.device, config.precision) == (
            wanted.variant,
            wanted.recipe,
            wanted.device,
            wanted.precision,
        )
        if same and status.seconds >= ENOUGH and status.step and config.label_budget is None and not config.changed:
            measured.append(status.step / status.seconds)
    if measured:
        return Pace(statistics.median(measured), True)
    there = known.status if known else None
    return Pace(there.step / there.seconds, False) if there and there.seconds and there.step else None


def shipped(wanted: Wanted) -> Run | None:
    """The run of this variant and recipe that came with the project."""
    same = (wanted.variant, wanted.recipe)
    return next((run for run in runs.shipped() if (run.config.variant, run.config.recipe) == same), None)


def size(run: Run | None) -> str:
    """How many numbers are trained, in words; empty if that is not known."""
    parameters = run.parameters if run else None
    if not parameters:
        return ""
    count = sum(parameters.values())
    return _("{n} weights").format(n=f"{count / 1e6:.1f} M" if count >= 1e6 else f"{count / 1e3:.0f} k")


def steps_of(wanted: Wanted, pace: Pace | None) -> int | None:
    """How many steps the budget gives; None if that is not known."""
    if wanted.steps is not None:
        return wanted.steps
    return int(wanted.seconds * pace.rate) if pace and wanted.seconds else None


def length(wanted: Wanted, pace: Pace | None) -> str:
    """A sentence: how many steps the seconds give, or how long the steps take."""
    if pace is None:
        return _("How fast it trains on this machine is not known yet.")
    if wanted.steps is not None:
        time = duration(wanted.steps / pace.rate)
        if pace.here:
            return _("About **{time}** on this machine.").format(time=time)
        return _("About **{time}**, if this machine is as fast as the one that trained the shipped run.").format(time=time)
    steps = f"{_round((wanted.seconds or 0) * pace.rate):,}"
    if pace.here:
        return _("About **{steps} steps** on this machine.").format(steps=steps)
    return _("About **{steps} steps**, if this machine is as fast as the one that trained the shipped run.").format(steps=steps)


def readable(known: Run | None, pace: Pace | None) -> str:
    """A sentence: when more than half of the shipped run's digits could be read. Empty where that was not measured."""
    looks = [look for look in (history.of(known).looks if known else []) if "legible" in look]
    if not looks:
        return ""
    first = next((look["step"] for look in looks if look["legible"] > look["n"] / 2), None)
    if first is None:
        best = max(looks, key=lambda look: look["legible"] / look["n"])
        words = _("Of the shipped run's {n} samples, at best {legible} could be read.")
        return words.format(n=best["n"], legible=_whole(best["legible"]))
    if pace is None:
        return _("More than half of the digits can be read after about {steps} steps.").format(steps=f"{_round(first):,}")
    words = _("More than half of the digits can be read after about **{time}** ({steps} steps).")
    return words.format(time=duration(first / pace.rate), steps=f"{_round(first):,}")


def picture(known: Run | None, steps: int | None) -> SampleGrid | None:
    """The snapshot of the shipped run that is nearest to that many steps."""
    grids = known.samples if known else []
    if not grids or steps is None:
        return None
    return min(grids, key=lambda grid: abs(grid.step - steps))


def caption(known: Run, grid: SampleGrid) -> str:
    """What the picture of that snapshot shows, in a sentence."""
    look: dict[str, Any] = next((look for look in history.of(known).looks if look["step"] == grid.step), {})
    said = {"data": _(DATA_SETS[known.config.data].title), "step": f"{grid.step:,}", "n": look.get("n")}
    if "legible" in look:
        words = _("The shipped run ({data}) after {step} steps: {legible} of {n} can be read.")
        return words.format(**said, legible=_whole(look["legible"]))
    if "rmse" in look:
        words = _("The shipped run after {step} steps: {rmse} off the best fitting sine.")
        return words.format(**said, rmse=f"{look['rmse']:.3f}")
    return _("The shipped run ({data}) after {step} steps.").format(**said)


def _whole(value: float) -> str:
    return f"{value:.0f}"


def _round(value: float) -> int:
    """Two digits that mean something."""
    return int(float(f"{value:.2g}"))
