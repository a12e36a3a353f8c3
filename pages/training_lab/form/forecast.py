"""What to expect of a training: how fast this variant was on this machine before, and what the run that ships had learned by then.

Only what was measured is said; where nothing was, that is said.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from typing import Any

from gan_core import runs
from gan_core.gans.variants.entry import Variant
from gan_core.runs import Run, SampleGrid
from pages.shared import history
from pages.shared.run_status import duration

ENOUGH = 3.0  # seconds of training from which a run's pace counts
Paces = dict[tuple[str, str, str, str], float]  # (variant, recipe, device, precision) -> steps per second


def paces() -> Paces:
    """The pace of earlier trainings on this machine by the recipe's own settings, the median where there are several."""
    measured: dict[tuple[str, str, str, str], list[float]] = defaultdict(list)
    for run in runs.own():
        config, status = run.config, run.status
        usual = config.label_budget is None and not config.changed
        if status.seconds >= ENOUGH and status.step and usual:
            measured[config.variant, config.recipe, config.device, config.precision].append(status.step / status.seconds)
    return {key: statistics.median(rates) for key, rates in measured.items()}


def shipped(variant: Variant, recipe: str) -> Run | None:
    """The run of this variant and recipe that came with the project."""
    return next((run for run in runs.shipped() if (run.config.variant, run.config.recipe) == (variant.name, recipe)), None)


def size(run: Run | None) -> str:
    """How many numbers are trained, in words; empty if that is not known."""
    parameters = run.parameters if run else None
    return f"{_short(sum(parameters.values()))} weights" if parameters else ""


def expected(rate: float | None, known: Run | None, budget: dict[str, Any], usual: bool) -> list[str]:
    """Sentences about a training of that budget. `rate` [steps/s] was measured here; `known` is the shipped run of the same recipe."""
    return [*_pace(rate, known, budget), *_milestones(known, steps_of(rate, budget), usual)]


def steps_of(rate: float | None, budget: dict[str, Any]) -> int | None:
    """How many steps the budget gives; None if that is not known."""
    if "steps" in budget:
        return int(budget["steps"])
    return int(budget["seconds"] * rate) if rate else None


def picture(known: Run | None, steps: int | None) -> SampleGrid | None:
    """The snapshot of the shipped run that is nearest to that many steps."""
    grids = known.samples if known else []
    if not grids or steps is None:
        return None
    return min(grids, key=lambda grid: abs(grid.step - steps))


def _pace(rate: float | None, known: Run | None, budget: dict[str, Any]) -> list[str]:
    if rate is None:
        there = known.status if known else None
        words = "How fast this one trains on this machine is not measured here yet."
        if there and there.seconds and there.step:
            words += f" Where the shipped run was trained ({there.device}) it made {there.step / there.seconds:,.0f} steps/s."
        return [words]
    if "steps" in budget:
        return [f"About {duration(budget['steps'] / rate)} at {rate:,.0f} steps/s, as measured here."]
    return [f"About {_round(budget['seconds'] * rate):,} steps, at {rate:,.0f} steps/s as measured here."]


def _milestones(known: Run | None, steps: int | None, usual: bool) -> list[str]:
    if known is None:
        return ["No run of this recipe comes with the project, so there is nothing to go by."]
    words = []
    kept = history.of(known)
    whose = f"The shipped run ({known.config.data})"
    covered = next((step for step, n in zip(*kept.probed("digits_covered"), strict=True) if n >= 10), None)
    if covered is not None:
        words.append(f"{whose} drew all ten digits from about step {_round(covered):,} on.")
    if steps is not None and (seen := [(s, v) for s, v in zip(*kept.probed("coverage1k"), strict=True) if s <= steps]):
        words.append(f"By step {seen[-1][0]:,} its samples covered {seen[-1][1]:.0%} of the real digits.")
    evaluation = known.evaluation or {}
    if "coverage10k" in evaluation:
        words.append(f"{whose} ended after {known.status.step:,} steps with a coverage of {evaluation['coverage10k']:.0%}.")
    if "sine_rmse" in evaluation:
        words.append(f"{whose} ended after {known.status.step:,} steps {evaluation['sine_rmse']:.3f} off the best fitting sine.")
    if not usual:
        words.append("Your settings differ from the recipe's, so expect something else.")
    return words


def _round(value: float) -> int:
    """Two digits that mean something."""
    return int(float(f"{value:.2g}"))


def _short(count: int) -> str:
    return f"{count / 1e6:.1f} M" if count >= 1e6 else f"{count / 1e3:.0f} k"
