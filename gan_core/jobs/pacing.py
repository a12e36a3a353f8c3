"""The pace that a run's folder asks for, as its training process looks it up; a run that nobody touches is paused. Needs no torch."""

from __future__ import annotations

import time
from contextlib import suppress

from pydantic import ValidationError

from gan_core.runs import Run
from gan_core.runs.pace import Pace
from gan_core.training.tempo import SLOW, Asked
from gan_core.translation import _

HELD_PATIENCE, SLOW_PATIENCE = 300.0, 1800.0  # seconds a run keeps its place, held or slow, though nobody touches it
Mark = tuple[int, int, int]


class Pacing:
    """Asked several times a second: what pace, and which new single steps, the run's folder asks for.

    A file that does not do is passed over, with a word in log.txt. One who holds a run, or slows it down, takes a place that others
    wait for: when nothing has been asked for a while, the run is asked to pause.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._mark: Mark | None = None
        self._pace = Pace()
        self._taken = run.pacing.before
        self._touched = time.monotonic()
        self.paused = False
        "was it paused because nobody touched it?"
        self.full_speed = True
        "has it been at full speed all the time?"

    def __call__(self) -> Asked:
        mark = self._mark_now()
        if mark != self._mark:
            self._mark, self._touched = mark, time.monotonic()
            self._read()
        singles = self._pace.singles_after(self._taken)
        self._taken = max(self._taken, self._pace.before + len(self._pace.singles))
        self.full_speed &= self._pace.rate is None
        self._pause_if_forgotten()
        return Asked(self._pace.rate, singles)

    @property
    def sentence(self) -> str | None:
        """Why it was paused, for people; None if somebody asked for it."""
        if not self.paused:
            return None
        if self._pace.rate == 0:
            return _("Paused: it was on hold, and nobody used it for {n} minutes.").format(n=round(HELD_PATIENCE / 60))
        return _("Paused: it was in slow motion, and nobody used it for {n} minutes.").format(n=round(SLOW_PATIENCE / 60))

    def _mark_now(self) -> Mark | None:
        try:
            found = self._run.pace_path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> None:
        try:
            self._pace = Pace.model_validate_json(self._run.pace_path.read_bytes())
        except FileNotFoundError:
            self._pace = Pace()
        except (OSError, ValidationError) as error:
            with suppress(OSError):
                self._run.log(f"pace.json is passed over: {type(error).__name__}: {str(error).splitlines()[0]}\n")

    def _pause_if_forgotten(self) -> None:
        rate = self._pace.rate
        if rate is None or rate >= SLOW or self.paused:
            return
        if time.monotonic() - self._touched > (HELD_PATIENCE if rate == 0 else SLOW_PATIENCE):
            with suppress(OSError):
                self._run.pause_path.touch()
                self.paused = True
