"""Who gets a place: the order of those who wait, the place that is kept for the presenter, and when it is a run's turn. Needs no torch."""

from __future__ import annotations

import heapq
import math
import time
from collections import Counter
from statistics import median

from gan_core import runs, settings
from gan_core.gans.config import RunConfig
from gan_core.jobs import capacity
from gan_core.runs import ENDED, TRAINING, Run, Status
from gan_core.runs.status import age

OVERHEAD = 4.0  # seconds that starting a process and ending it take, besides the training, where no run has told yet
ENDING = 1.0  # of them, after the last step
ASIDE = 1.1  # seconds that pass for each second of training: looks and probes do not count
LAST_RUNS = 5  # whose overhead is taken for that of the next ones


def training() -> list[Run]:
    """Own runs that have a process, and so a place."""
    return [run for run, _ in runs.own_in(TRAINING)]


def waiting() -> list[Run]:
    """Own runs that wait for a place, the next one first: the presenter's, then the others, each as they came."""
    found = runs.own_in(("queued",))
    return [run for run, _ in sorted(found, key=lambda pair: (not is_presenters(pair[0]), pair[1].queued or 0.0, pair[0].id))]


def is_presenters(run: Run) -> bool:
    """Does it go ahead of the others? Only where the setting names a presenter."""
    return bool(settings.current().presenter) and run.presenter


def visitor_slots(device: str = "cpu") -> int:
    """How many of the places visitors may take: with a presenter, and two places or more, one of them is kept."""
    most = capacity.slots(device)
    return most - 1 if settings.current().presenter and most > 1 else most


def position(run: Run) -> int | None:
    """Where it stands among those who wait for the same kind of place: 1 is next. None if it does not wait."""
    if run.status.state != "queued":
        return None
    return next((i for i, other in enumerate(_rivals(run), start=1) if other.id == run.id), None)


def next_ones() -> list[Run]:
    """The runs that wait and for which there is a place now, the next one first."""
    queue = waiting()
    if not queue:
        return []
    taken: Counter[tuple[str, bool]] = Counter((capacity.slot_kind(run), is_presenters(run)) for run in training())
    chosen = []
    for run in queue:
        pool, first = capacity.slot_kind(run), is_presenters(run)
        if _fits(run, taken[pool, False], taken[pool, True]):
            taken[pool, first] += 1
            chosen.append(run)
    return chosen


def estimate(run: Run) -> float | None:
    """In how many seconds it will probably start, if those that train and wait ahead take as long as they are asked to.

    None if it does not wait, or if nobody can know: a run ahead of it is held, or is asked for steps whose time nobody has measured.
    """
    if run.status.state != "queued":
        return None
    pool, queue = capacity.slot_kind(run), _rivals(run)
    busy = [(_left(other), is_presenters(other)) for other in training() if capacity.slot_kind(other) == pool]
    heapq.heapify(busy)
    now = 0.0
    while True:
        for other in list(queue):
            firsts = sum(first for _, first in busy)
            if _fits(other, len(busy) - firsts, firsts):
                if other.id == run.id:
                    return now
                queue.remove(other)
                heapq.heappush(busy, (now + _whole(other), is_presenters(other)))
        if not busy or busy[0][0] == math.inf:
            return None
        now, _ = heapq.heappop(busy)


def _rivals(run: Run) -> list[Run]:
    """Those who wait for the same kind of place, itself included."""
    pool = capacity.slot_kind(run)
    return [other for other in waiting() if capacity.slot_kind(other) == pool]


def _fits(run: Run, visitors: int, presenters: int) -> bool:
    """Is there a place for it, where so many of each take one?"""
    device = run.config.device
    if visitors + presenters >= capacity.slots(device):
        return False
    return is_presenters(run) or visitors < visitor_slots(device)


def _left(run: Run) -> float:
    """For how long a run will keep the place that it has [s]; infinite where nobody knows."""
    status = run.status
    if status.state == "running" and status.eta is not None:
        return max(0.0, status.eta - age(status.updated)) + ENDING
    return max(ENDING, _whole(run) - (time.time() - (status.launched or time.time())))


def _whole(run: Run) -> float:
    """For how long a run that has not begun, or has just begun, will keep its place [s]; infinite where nobody knows."""
    config, status, pace = run.config, run.status, run.pace
    if pace == 0:
        return math.inf
    each = _seconds_per_step(config, status)
    steps = float(config.steps - status.step)
    if config.seconds is not None:
        left = max(0.0, config.seconds - status.seconds)
        if pace is None:
            return _overhead() + ASIDE * min(left, math.inf if each is None else steps * each)
        steps = min(steps, math.inf if each is None else left / each)
        if each is None:
            return math.inf
    if pace is not None:
        return _overhead() + steps * max(1 / pace, each or 0.0)
    return math.inf if each is None else _overhead() + ASIDE * steps * each


def _overhead() -> float:
    """What starting and ending a process take on this machine as it is now [s]: the median of the last runs."""
    told = sorted(
        ((s.updated, s.overhead - (ASIDE - 1) * s.seconds) for _, s in runs.own_in(ENDED) if s.overhead is not None), reverse=True
    )
    return max(0.0, median(seconds for _, seconds in told[:LAST_RUNS])) if told else OVERHEAD


def _seconds_per_step(config: RunConfig, status: Status) -> float | None:
    """What a step of such a run takes [s]: measured in itself, or else in the last one of its kind; None where none has been trained."""
    if status.step and status.seconds:
        return status.seconds / status.step

    def kind(c: RunConfig) -> tuple[object, ...]:
        return c.variant, c.networks, c.settings, c.data, c.device, c.precision

    alike = [s for run, s in runs.own_in(ENDED) if s.step and s.seconds and kind(run.config) == kind(config)]
    newest = max(alike, key=lambda s: s.updated, default=None)
    return newest.seconds / newest.step if newest else None
