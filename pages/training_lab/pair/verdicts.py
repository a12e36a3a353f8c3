"""What was said of a run at each of its looks, so that a verdict moves with the pictures. Visitors share it; new looks alone are judged."""

from __future__ import annotations

import threading
from typing import Any

import streamlit as st

from gan_core.health import reading
from gan_core.health.reading import Health
from gan_core.runs import LIVE, Run, Status
from gan_core.translation import language
from pages.shared import history


class Verdicts:
    """The verdicts on one run so far."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._known: dict[int, Health] = {}
        self._end: tuple[Status, Health] | None = None
        self._lock = threading.Lock()

    def so_far(self, status: Status) -> list[tuple[int, Health]]:
        """By the step of each look (of each probe, where a run has no looks), oldest first; after the end, that on all of it last."""
        kept = history.of(self.run)
        config, records, probes, looks = self.run.config, kept.records, kept.probes, kept.looks
        steps = [line["step"] for line in (looks or probes)]
        with self._lock:
            if any(step not in steps for step in self._known):  # resumed: it rewrites what came after its checkpoint
                self._known.clear()
            for step in steps:
                if step not in self._known:
                    known, seen, looked = (_until(step, lines) for lines in (records, probes, looks))
                    self._known[step] = reading.read(config, known, seen, looked, Status(state="running", step=step))
            found = [(step, self._known[step]) for step in steps]
            if status.state in LIVE:
                return found
            if self._end is None or self._end[0] != status:
                self._end = (status, reading.read(config, records, probes, looks, status))
            return [*found, (max([status.step, *steps]), self._end[1])]


def _until(step: int, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["step"] <= step]


def of(run: Run, status: Status) -> list[tuple[int, Health]]:
    """What was said of it at each of its looks, oldest first."""
    return _shared(str(run.folder), language()).so_far(status)


@st.cache_resource(max_entries=32, show_spinner=False)
def _shared(folder: str, language: str) -> Verdicts:  # in whose words it is
    return Verdicts(Run(folder))
