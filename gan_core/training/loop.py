"""A training as an iterator of events: who runs it (this process, a child, a test) and who listens is not its business."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

from gan_core.gans.config import RunConfig, checked
from gan_core.training.clock import Clock
from gan_core.training.cuda_graph import Row
from gan_core.training.events import Event, Failed, Finished, Grid, Progress
from gan_core.training.fixed_grid import grid
from gan_core.training.look import Looker
from gan_core.training.probe import Prober
from gan_core.training.state import State, checkpoint
from gan_core.training.step import fetch, train_step


def train(config: RunConfig, *, resume: Path | None = None, stop: Callable[[], bool] = lambda: False) -> Iterator[Event]:
    """Trains, and says what happens. `resume` is the resume file of an earlier part; `stop` is asked several times a second.

    Sets torch's global random state. Raises AtelierError before the first event if data, device or resume file do not do.
    """
    config = checked(config)
    state = State.resumed(config, resume) if resume else State.fresh(config)
    probe, look, clock = Prober(state), Looker(config, state.G.pixels, state.device), Clock(state.step, state.seconds)
    rows: list[Row] = []

    while True:
        # Once in a while: the grid of fixed latents, a look at it, and with some of them a probe ...
        if clock.grid_due(state.step):
            samples, array = grid(state)
            yield Grid(state.step, array)
            clock.grid_done(state.step)
            state.seconds = clock.seconds
            with clock.aside():
                yield look(state, samples, array)
            if clock.probe_due(state.step):
                with clock.probing(state.step):
                    yield probe(state)

        # ... the numbers so far, and whether this is the end ...
        state.seconds = clock.seconds
        early = None
        over = state.step >= config.steps or (config.seconds is not None and state.seconds >= config.seconds)
        if rows and (over or clock.numbers_due(len(rows)) or config.settings.stop_within):
            numbers = fetch(rows)
            rows = []
            clock.numbers_done(state.step)
            yield Progress(state.step, state.seconds, clock.rate, state.images, _complete_records(state, numbers))
            if broken := _not_finite(numbers):
                yield Failed(state.step, f"{broken} is no longer a finite number near step {state.step:,}: the training diverged.")
                return
            early = _stopping_rule(config, numbers[-1], state.step)
        if over or early or (not rows and stop()):
            break

        # ... and a checkpoint.
        if not rows and clock.checkpoint_due():
            yield checkpoint(state)
            clock.checkpoint_done()

        rows.append(train_step(state))

    if state.step > clock.last_grid:
        samples, array = grid(state)
        yield Grid(state.step, array)
        yield look(state, samples, array)
    if state.step > clock.last_probe:
        yield probe(state)
    yield checkpoint(state)
    yield Finished(state.step, over or early is not None, early or f"{'Trained' if over else 'Stopped after'} {state.step:,} steps.")


def _complete_records(state: State, numbers: list[dict[str, float]]) -> list[dict[str, float]]:
    """Adds the numbers of some steps to the open record; gives the records that are complete now."""
    every = state.config.log_every
    complete = []
    for step, row in enumerate(numbers, start=state.step - len(numbers) + 1):
        state.open_record.append(row)
        if step % every == 0:
            complete.append({"step": step, "seconds": round(state.seconds, 3)} | _mean(state.open_record))
            state.open_record = []
    return complete


def _mean(rows: list[dict[str, float]]) -> dict[str, float]:
    """The mean of each number over the rows that have it (a lazy penalty is not in every row), and each network's summed loss."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    mean = {name: math.fsum(row[name] for row in rows if name in row) / sum(name in row for row in rows) for name in names}
    for network in ("D", "G"):
        terms = [m for name, m in mean.items() if name.startswith(f"{network}/") and not name.endswith("/gradient")]
        mean[f"{network}/loss"] = math.fsum(terms)
    return {name: float(f"{value:.6g}") for name, value in mean.items()}


def _not_finite(numbers: list[dict[str, float]]) -> str | None:
    return next((name for row in numbers for name, value in row.items() if not math.isfinite(value)), None)


def _stopping_rule(config: RunConfig, row: dict[str, float], step: int) -> str | None:
    within = config.settings.stop_within
    if within and abs(row["D(x)"] - 0.5) <= within:
        return f"Stopped by its own rule at step {step:,}: the mean of D(x) came within {within:g} of 1/2."
    return None
