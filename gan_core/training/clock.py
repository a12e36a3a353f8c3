"""When a training stops to look at itself: ever more rarely at its samples, at a steady beat at its numbers and its checkpoints."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

FETCH_SECONDS = 0.25  # how often the numbers on the device are fetched
FETCH_STEPS = 256
CHECKPOINT_SECONDS = 30.0
GRID_RATIO = 1.3  # a grid at steps 0, 1, 2 .. and then at each 1.3-fold
GRID_EARLY, GRID_SECONDS = 30.0, 0.5  # and in its first seconds at least this often ..
GRID_SHARE = 0.03  # .. after them each time 3 % more time has passed
PROBE_FROM = 1.0  # seconds of training before the first probe
PROBES = 5  # of a training, at least
PROBE_SHARE = 0.05  # seconds for probes per second of training, on top of it, unless that allows for fewer than these


class Clock:
    """How long a training has trained, and what is due now; `last_grid` and `last_probe` are the steps of the last ones.

    Looks and probes do not count as training: they must not shorten one that has a limit of seconds. One that goes on from a step has been
    probed there, at its end, and is probed no more often after it than if it had never stopped.
    """

    def __init__(self, step: int, seconds: float, *, steps: int, limit: float | None) -> None:
        """`step` and `seconds`: where it goes on from. It ends after `steps`, or after `limit` seconds, whichever comes first."""
        now = time.perf_counter()
        self._steps, self._limit = steps, math.inf if limit is None else limit
        self._began = now - seconds  # when it would have begun, had it trained without a pause
        self._fetched_at = self._saved_at = self._grid_at = now
        self._next_grid, self.last_grid = step, -1
        self._last_saved = step
        self._probed_at, self.last_probe = seconds, step if seconds else -1  # seconds of training
        self._probe_cost = 0.0  # seconds of the last one
        self._waits: float | None = None  # since when it waits for its next step
        self._pace: deque[tuple[float, int, float]] = deque([(now, step, seconds)], maxlen=40)  # about ten seconds

    @property
    def seconds(self) -> float:
        """Training time so far [s], without what was waited."""
        return (self._waits or time.perf_counter()) - self._began

    def stand_still(self) -> None:
        """Until `go_on` no time counts as training."""
        self._waits = self._waits or time.perf_counter()

    def wait(self, seconds: float) -> None:
        """Waits [s], which is no training either."""
        self.stand_still()
        time.sleep(seconds)

    def go_on(self) -> None:
        """It trains again."""
        if self._waits is not None:
            self._began += time.perf_counter() - self._waits
            self._waits = None

    def grid_due(self, step: int) -> bool:
        """Is it time for a grid of samples?"""
        seconds = self.seconds
        often = GRID_SECONDS if seconds < GRID_EARLY else GRID_SHARE * seconds
        return step >= self._next_grid or time.perf_counter() - self._grid_at > often

    def grid_done(self, step: int) -> None:
        """There was a grid at this step."""
        self._grid_at, self.last_grid = time.perf_counter(), step
        self._next_grid = math.ceil(max(step + 1, step * GRID_RATIO))

    def probe_due(self, step: int) -> bool:
        """Is it time for a probe, to go with a grid? Not shortly before the end, at which there is one anyway."""
        seconds, whole = self.seconds, self.whole(step)
        due = next_probe(self._probed_at, whole, self._probe_cost)
        return step > self.last_probe and seconds >= due and whole - seconds > (due - self._probed_at) / 2

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Around what does not count as training."""
        before = time.perf_counter()
        yield
        if self._waits is None:  # else the clock stands still anyway
            self._began += time.perf_counter() - before

    @contextmanager
    def probing(self, step: int) -> Iterator[None]:
        """Around a probe, and what is done with it."""
        self.last_probe, self._probed_at = step, self.seconds
        before = time.perf_counter()
        with self.aside():
            yield
        self._probe_cost = time.perf_counter() - before

    def numbers_due(self, rows: int) -> bool:
        """Is it time to fetch the numbers of the last steps, so many of them?"""
        return rows >= FETCH_STEPS or time.perf_counter() - self._fetched_at > FETCH_SECONDS

    def numbers_done(self, step: int) -> None:
        """They were fetched after this step."""
        self._fetched_at = time.perf_counter()
        self._pace.append((self._fetched_at, step, self.seconds))

    def pace_changed(self, step: int) -> None:
        """From now on it trains at another pace: what it made before says nothing any more."""
        self._pace.clear()
        self._pace.append((time.perf_counter(), step, self.seconds))

    @property
    def since_grid(self) -> float:
        """Seconds since the last grid, waiting or not."""
        return time.perf_counter() - self._grid_at

    @property
    def rate(self) -> float | None:
        """Steps per second over the last seconds, None at the very beginning."""
        (t0, s0, _), (t1, s1, _) = self._pace[0], self._pace[-1]
        return (s1 - s0) / (t1 - t0) if s1 > s0 else None

    @property
    def share(self) -> float | None:
        """Of the last seconds, the share that was training and not waiting or looking; None at the very beginning."""
        (t0, step0, s0), (t1, step1, s1) = self._pace[0], self._pace[-1]
        return (s1 - s0) / (t1 - t0) if step1 > step0 and s1 > s0 else None

    def whole(self, step: int) -> float:
        """How long the training will have trained at its end [s], as far as its limit or its last steps say so; else infinity."""
        (_, step0, s0), (_, step1, s1) = self._pace[0], self._pace[-1]
        left = (self._steps - step) * (s1 - s0) / (step1 - step0) if step1 > step0 else math.inf
        return min(self._limit, self.seconds + left)

    def checkpoint_due(self, step: int) -> bool:
        """Is it time for a checkpoint?"""
        return step > self._last_saved and time.perf_counter() - self._saved_at > CHECKPOINT_SECONDS

    def checkpoint_done(self, step: int) -> None:
        """There was one at this step."""
        self._saved_at, self._last_saved = time.perf_counter(), step


def next_probe(last: float, whole: float, cost: float) -> float:
    """When a probe is due [s], the last one having been at `last` [s] (0: none yet) and having cost so many seconds.

    The k-th of n is due at whole (k/n)^2, ever more rarely. n is about the square root of the seconds in all: 5 in 20 seconds, 25 in ten
    minutes; fewer where probes are dear.
    """
    if math.isinf(whole):
        stride = 1.0
    else:
        allowed = PROBE_SHARE * whole / cost if cost else math.inf
        stride = math.sqrt(whole) / max(PROBES, math.floor(min(math.ceil(math.sqrt(whole)), allowed)))
    return max(last + PROBE_FROM, (math.sqrt(last) + stride) ** 2)
