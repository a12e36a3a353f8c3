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
from gan_core.training.tempo import Asked, Tempo
from gan_core.translation import _


def train(
    config: RunConfig, *, resume: Path | None = None, stop: Callable[[], bool] = lambda: False, asked: Callable[[], Asked] = Asked
) -> Iterator[Event]:
    """Trains, and says what happens. `resume` is the resume file of an earlier part; `stop` is asked several times a second.

    So is `asked`: at what pace, and for which single steps. Waiting does not count as training time.

    Sets torch's global random state. Raises AtelierError before the first event if data, device or resume file do not do.
    """
    config = checked(config)
    state = State.resumed(config, resume) if resume else State.fresh(config)
    probe, look = Prober(state), Looker(config, state.G.pixels, state.device)
    clock, tempo = Clock(state.step, state.seconds, steps=config.steps, limit=config.seconds), Tempo(asked)
    rows: list[Row] = []

    while True:
        # Once in a while: the grid of fixed latents, a look at it, and with some of them a probe ...
        if state.step > clock.last_grid and (clock.grid_due(state.step) or tempo.grid_due(clock.since_grid)):
            samples, array = grid(state)
            yield Grid(state.step, array)
            clock.grid_done(state.step)
            tempo.grid_done()
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
        if rows and (over or clock.numbers_due(len(rows)) or tempo.slow or config.settings.stop_within):
            numbers = fetch(rows)
            rows = []
            clock.numbers_done(state.step)
            yield _progress(state, clock, tempo, numbers)
            if broken := _not_finite(numbers):
                words = _("{number} is no longer a finite number near step {step:,}: the training diverged.")
                yield Failed(state.step, words.format(number=broken, step=state.step))
                return
            early = _stopping_rule(config, numbers[-1], state.step)
        if over or early or (not rows and stop()):
            break

        # ... a checkpoint ...
        if not rows and clock.checkpoint_due(state.step):
            yield checkpoint(state)
            clock.checkpoint_done(state.step)

        # ... and at what pace it is to go on.
        if not rows and tempo.look():
            clock.pace_changed(state.step)
            yield _progress(state, clock, tempo, [])
        if turn := tempo.next():
            clock.go_on()
            rows.append(train_step(state, turn))
            if tempo.slow:  # then showing a step takes longer than the step: a budget of seconds is not spent on it
                clock.stand_still()
        else:
            clock.wait(tempo.nap)

    if state.step > clock.last_grid:
        samples, array = grid(state)
        yield Grid(state.step, array)
        yield look(state, samples, array)
    if state.step > clock.last_probe:
        yield probe(state)
    yield checkpoint(state)
    words = _("Trained {step:,} steps.") if over else _("Stopped after {step:,} steps.")
    yield Finished(state.step, over or early is not None, early or words.format(step=state.step))


def _progress(state: State, clock: Clock, tempo: Tempo, numbers: list[dict[str, float]]) -> Progress:
    """How far it is, with the numbers of the last steps; at a slow pace each of them is a record of its own."""
    records = _complete_records(state, numbers, 1 if tempo.slow else state.config.log_every)
    rate, share = tempo.kept_by(clock.rate), clock.share
    return Progress(state.step, state.seconds, rate, state.images, records, tempo.rate, share, state.single_d, state.single_g)


def _complete_records(state: State, numbers: list[dict[str, float]], every: int) -> list[dict[str, float]]:
    """Adds the numbers of some steps to the open record; gives the records that are complete now: at each step that `every` divides."""
    complete: list[dict[str, float]] = []

    def close(step: int) -> None:
        if state.open_record and step % every == 0:
            complete.append({"step": step, "seconds": round(state.seconds, 3)} | _mean(state.open_record))
            state.open_record = []

    before = state.step - len(numbers)
    close(before)  # there is something to close where the pace has just become slow
    for step, row in enumerate(numbers, start=before + 1):
        state.open_record.append(row)
        close(step)
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
        words = _("Stopped at step {step:,} by a rule of its recipe: the mean of D(x) came within {within:g} of 1/2.")
        return words.format(step=step, within=within)
    return None
