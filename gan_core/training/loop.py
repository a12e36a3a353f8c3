"""A training as an iterator of events: who runs it (this process, a child, a test) and who listens is not its business."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

from gan_core.gans.config import RunConfig
from gan_core.training.cuda_graph import Row
from gan_core.training.events import Event, Failed, Finished, Progress, Samples
from gan_core.training.fixed_grid import grid
from gan_core.training.probe import Probe
from gan_core.training.state import State, checkpoint
from gan_core.training.step import fetch, train_step

FLUSH_SECONDS = 0.25  # how often the numbers on the device are fetched
FLUSH_STEPS = 256
CHECKPOINT_SECONDS = 30.0
SAMPLE_RATIO = 1.2  # a grid at steps 0, 1, 2 .. and then at each 1.2-fold
SAMPLE_SECONDS = 2.0  # and at least this often, or each time 3 % more time has passed
PROBE_FROM = 1.0  # seconds of training before the first probe
PROBE_EARLY, PROBE_RATIO = 15.0, 1.7  # seconds of training in which a probe also comes each time that 70 % more time has passed
PROBE_SHARE = 0.05  # seconds for probes per second of training, on top of it; one goes with a grid when that allows it


def train(config: RunConfig, *, resume: Path | None = None, stop: Callable[[], bool] = lambda: False) -> Iterator[Event]:
    """Trains, and says what happens. `resume` is the resume file of an earlier part; `stop` is asked several times a second.

    Sets torch's global random state. Raises AtelierError before the first event if data, device or resume file do not do.
    """
    state = State.resumed(config, resume) if resume else State.fresh(config)
    probe, probed, last_probe, next_probe = Probe(state), 0.0, -1, PROBE_FROM
    last_grid, next_grid = -1, state.step
    flushed = sampled = saved = time.perf_counter()
    began = flushed - state.seconds
    pace: deque[tuple[float, int]] = deque([(flushed, state.step)], maxlen=40)  # about ten seconds
    rows: list[Row] = []

    while True:
        # Once in a while: the grid of fixed latents ...
        now = time.perf_counter()
        if state.step >= next_grid or now - sampled > max(SAMPLE_SECONDS, 0.03 * state.seconds):
            yield Samples(state.step, grid(state))
            last_grid, next_grid, sampled = state.step, math.ceil(max(state.step + 1, state.step * SAMPLE_RATIO)), time.perf_counter()
            state.seconds = now - began
            early_on = next_probe <= state.seconds < PROBE_EARLY
            if early_on or (state.seconds > PROBE_FROM and probed <= PROBE_SHARE * state.seconds):
                next_probe = PROBE_RATIO * state.seconds
                yield probe(state)
                last_probe, cost = state.step, time.perf_counter() - sampled
                probed, began = probed + cost, began + cost  # looking is no training
            now = time.perf_counter()

        # ... the numbers so far, and whether this is the end ...
        state.seconds = now - began
        early = None
        over = state.step >= config.steps or (config.seconds is not None and state.seconds >= config.seconds)
        if rows and (over or len(rows) >= FLUSH_STEPS or now - flushed > FLUSH_SECONDS or config.settings.stop_within):
            numbers = fetch(rows)
            rows, flushed = [], time.perf_counter()
            pace.append((flushed, state.step))
            yield Progress(state.step, state.seconds, _rate(pace), state.images, _complete_records(state, numbers))
            if broken := _not_finite(numbers):
                yield Failed(state.step, f"{broken} is no longer a finite number near step {state.step:,}: the training diverged.")
                return
            early = _stopping_rule(config, numbers[-1], state.step)
        if over or early or (not rows and stop()):
            break

        # ... and a checkpoint.
        if not rows and now - saved > CHECKPOINT_SECONDS:
            yield checkpoint(state)
            saved = time.perf_counter()

        rows.append(train_step(state))

    if state.step > last_grid:
        yield Samples(state.step, grid(state))
    if state.step > last_probe:
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


def _rate(pace: deque[tuple[float, int]]) -> float | None:
    (t0, s0), (t1, s1) = pace[0], pace[-1]
    return (s1 - s0) / (t1 - t0) if s1 > s0 else None


def _not_finite(numbers: list[dict[str, float]]) -> str | None:
    return next((name for row in numbers for name, value in row.items() if not math.isfinite(value)), None)


def _stopping_rule(config: RunConfig, row: dict[str, float], step: int) -> str | None:
    within = config.settings.stop_within
    if within and abs(row["D(x)"] - 0.5) <= within:
        return f"Stopped by its own rule at step {step:,}: the mean of D(x) came within {within:g} of 1/2."
    return None
