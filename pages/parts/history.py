"""The curves of a run, read from its metrics as they grow and thinned to what a chart can show.

All visitors who watch a run share one history of it: thirty people in front of one training read and thin it once.
"""

from __future__ import annotations

import math
import threading

import streamlit as st

from gan_core.runs import Run

POINTS = 400
Curve = tuple[list[float], list[float]]  # steps (or seconds), values


class History:
    """What has been read of one run so far."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.records: list[dict[str, float]] = []
        self._offset = 0
        self._thinned: dict[tuple[str, str], tuple[int, Curve]] = {}
        self._lock = threading.Lock()

    def read(self) -> None:
        """Reads what was written since. A resumed run rewrites its records from its checkpoint on: then all is read again."""
        with self._lock:
            self._read()

    def _read(self) -> None:
        try:
            new, offset = self.run.records(self._offset)
        except ValueError:  # the file was rewritten, and the old offset lies within a line
            new, offset = [], -1
        shrunk = self._offset > _size(self.run)
        backwards = bool(new and self.records and new[0]["step"] <= self.records[-1]["step"])
        if shrunk or backwards or offset < 0:
            self.records, self._thinned = [], {}
            new, offset = self.run.records(0)
        self.records = self.records + new if new else self.records  # a new list: another visitor may be reading the old one
        self._offset = offset

    def names(self, prefix: str) -> list[str]:
        """The names of values with that prefix, in the order of the newest record that has any."""
        return list(dict.fromkeys(name for record in self.records[-50:] for name in record if name.startswith(prefix)))

    def curve(self, name: str, over: str = "step") -> Curve:
        """Steps (or seconds) and values of a curve: at most POINTS, each the mean over equally many neighbouring records."""
        records = self.records
        count, thinned = self._thinned.get((name, over), (-1, ([], [])))
        if count != len(records):
            thinned = _thin(records, name, over)
            self._thinned[name, over] = len(records), thinned
        return thinned


def of(run: Run) -> History:
    """The history of this run, up to date."""
    kept = _shared(str(run.folder))
    kept.read()
    return kept


@st.cache_resource(max_entries=32, show_spinner=False)
def _shared(folder: str) -> History:
    return History(Run(folder))


def _thin(records: list[dict[str, float]], name: str, over: str) -> Curve:
    pairs = [(r[over], r[name]) for r in records if over in r and r.get(name) is not None and math.isfinite(r[name])]
    size = -(-len(pairs) // POINTS) or 1
    chunks = [pairs[i : i + size] for i in range(0, len(pairs), size)]
    return [c[-1][0] for c in chunks], [_short(sum(v for _, v in c) / len(c)) for c in chunks]


def _size(run: Run) -> int:
    try:
        return run.metrics_path.stat().st_size
    except OSError:
        return 0


def _short(value: float) -> float:
    """Five digits are more than a pixel shows, and half of what JSON would send."""
    return float(f"{value:.5g}")
