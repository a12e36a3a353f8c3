"""How fast a training goes: as fast as it can, at a pace, or held, taking single steps."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from gan_core.runs.pace import Turn

SLOW = 30.0  # steps a second; below, each step is shown by itself
GRID_EACH = 5.0  # steps a second up to which each step has a grid of samples
GRID_SECONDS = 0.25  # between two grids at a slow pace above that
MANY_GRIDS, GRID_LATER = 600, 1.0  # after so many slow ones in a row, this many seconds between two
NAP = 0.05  # seconds between two looks at what is asked for, while there is nothing to do
SLACK = 0.1  # seconds that may be caught up on


class Asked(NamedTuple):
    """What is asked of a training's pace."""

    rate: float | None = None
    "steps a second; 0: held; None: as fast as it can"
    singles: tuple[Turn, ...] = ()
    "single steps to be taken that were not asked for at the look before"


class Tempo:
    """Says when the next step is due, and what it updates. `asked` gives what is asked for now."""

    def __init__(self, asked: Callable[[], Asked]) -> None:
        self._asked = asked
        self.rate: float | None = None
        self._singles: deque[Turn] = deque()
        self._due = 0.0
        self._grids = 0

    def look(self) -> bool:
        """Takes over what is asked for. True if the pace is another one now."""
        before = self.rate
        self.rate, singles = self._asked()
        self._singles.extend(singles)
        if changed := self.rate != before:
            self._due, self._grids = time.perf_counter(), 0
        return changed

    @property
    def slow(self) -> bool:
        """Is each step to be seen by itself?"""
        return self.rate is not None and self.rate < SLOW

    @property
    def held(self) -> bool:
        """Does it take single steps alone?"""
        return self.rate == 0

    def next(self) -> Turn | None:
        """What the next step updates; None while it is not time for it."""
        if self._singles:
            return self._singles.popleft()
        if self.rate is None:
            return "both"
        now = time.perf_counter()
        if self.rate == 0 or now < self._due:
            return None
        self._due = max(self._due, now - SLACK) + 1 / self.rate
        return "both"

    def kept_by(self, rate: float | None) -> float | None:
        """A rate that was measured [steps/s], None while held; the first step after a change comes at once, and is no measure."""
        if rate is None or self.rate is None:
            return rate
        return None if self.held else min(rate, self.rate)

    @property
    def nap(self) -> float:
        """How long to do nothing before the next look [s], where it is not time for a step."""
        return NAP if self.rate == 0 else min(NAP, max(0.0, self._due - time.perf_counter()))

    def grid_due(self, since: float) -> bool:
        """Is it time for a grid of samples for the sake of the pace, so many seconds after the last one?"""
        if not self.slow:
            return False
        if self._grids < MANY_GRIDS or self.held:
            return (self.rate or 0.0) <= GRID_EACH or since >= GRID_SECONDS
        return since >= GRID_LATER

    def grid_done(self) -> None:
        """There was a grid."""
        self._grids += self.slow
