"""The curves of a run, read from its metrics as they grow and thinned to what a chart can show.

All visitors who watch a run share one history of it: thirty people in front of one training read and thin it once.
"""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st

from gan_core.runs import Run

POINTS = 300  # of a curve on a chart
KEPT = 2_400  # records of a run in memory, at most: beyond that, neighbours become their mean
SMOOTH = 0.05  # share of the steps so far over which the thick line is a mean
RAW = 100  # steps in which there is no thick line
T = TypeVar("T")
Curve = tuple[list[float], list[float]]  # steps (or seconds), values


class History:
    """What has been read of one run so far."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.records: list[dict[str, float]] = []
        self.probes: list[dict[str, Any]] = []
        self.looks: list[dict[str, Any]] = []
        self._offset = 0
        self._version = 0  # counts what was read
        self._seen = {"probes": (0, 0), "looks": (0, 0)}
        self._made: dict[str, tuple[object, Any]] = {}
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
            self.records = []
            new, offset = self.run.records(0)
        if new or shrunk or backwards:
            self.records = _bounded(self.records + new)  # a new list: another visitor may be reading the old one
            self._version += 1
        self._offset = offset
        for name, path in (("probes", self.run.probes_path), ("looks", self.run.looks_path)):
            with suppress(ValueError):  # a line that is none: what was read before stays
                if (stamp := _stamp(path)) != self._seen[name]:
                    setattr(self, name, getattr(self.run, name))
                    self._seen[name] = stamp
                    self._version += 1

    def names(self, prefix: str) -> list[str]:
        """The names of values with that prefix, in the order of the newest record that has any."""
        return list(dict.fromkeys(name for record in self.records[-50:] for name in record if name.startswith(prefix)))

    def curve(self, name: str, over: str = "step") -> Curve:
        """Steps (or seconds) and values of a curve: at most POINTS, each the mean over neighbouring records."""
        return self.once(f"curve {name} {over}", None, lambda: _thin(self.records, name, over))

    def smoothed(self, name: str) -> Curve:
        """Steps and trailing means of a curve: each over the last SMOOTH of the steps until then, so what was drawn stays as it is.

        Empty in the first RAW steps.
        """
        return self.once(f"smoothed {name}", None, lambda: _trailing(self.records, name))

    def once(self, name: str, also: object, make: Callable[[], T]) -> T:
        """What `make` gives, made anew only when something new was read, or `also` is another: all visitors share it."""
        mark = (self._version, also)
        known = self._made.get(name)
        if known is None or known[0] != mark:
            known = self._made[name] = (mark, make())
        return known[1]

    def probed(self, name: str) -> Curve:
        """Steps and values of what the probes saw."""
        pairs = [(p["step"], p[name]) for p in self.probes if p.get(name) is not None and math.isfinite(p[name])]
        return [step for step, _ in pairs], [value for _, value in pairs]


def _trailing(records: list[dict[str, float]], name: str) -> Curve:
    pairs = [(r["step"], r[name]) for r in records if r.get(name) is not None and math.isfinite(r[name])]
    sums = list(itertools.accumulate((value for _, value in pairs), initial=0.0))
    found: list[tuple[float, float]] = []
    first = 0
    for i, (step, _) in enumerate(pairs):
        while pairs[first][0] <= (1 - SMOOTH) * step and first < i:
            first += 1
        if step > RAW:
            found.append((step, _short((sums[i + 1] - sums[first]) / (i + 1 - first))))
    every = -(-len(found) // POINTS) or 1
    chosen = found[every - 1 :: every]  # each is true by itself: some are left out, none is changed
    if found and (not chosen or chosen[-1] != found[-1]):
        chosen.append(found[-1])
    return [step for step, _ in chosen], [value for _, value in chosen]


def of(run: Run) -> History:
    """The history of this run, up to date."""
    kept = _shared(str(run.folder))
    kept.read()
    return kept


@st.cache_resource(max_entries=32, show_spinner=False)
def _shared(folder: str) -> History:
    return History(Run(folder))


def _bounded(records: list[dict[str, float]]) -> list[dict[str, float]]:
    """At most KEPT records: where there are more, each two neighbours are replaced by their mean, which stands at the later one's step."""
    while len(records) > KEPT:
        records = [_mean(records[i : i + 2]) for i in range(0, len(records), 2)]
    return records


def _mean(records: list[dict[str, float]]) -> dict[str, float]:
    ends = {name: records[-1][name] for name in ("step", "seconds") if name in records[-1]}
    known = {name: [v for r in records if (v := r.get(name)) is not None] for name in dict.fromkeys(n for r in records for n in r)}
    return {name: sum(values) / len(values) for name, values in known.items() if values} | ends


def _thin(records: list[dict[str, float]], name: str, over: str) -> Curve:
    pairs = [(r[over], r[name]) for r in records if over in r and r.get(name) is not None and math.isfinite(r[name])]
    size = -(-len(pairs) // POINTS) or 1
    chunks = [pairs[i : i + size] for i in range(0, len(pairs), size)]
    return [c[-1][0] for c in chunks], [_short(sum(v for _, v in c) / len(c)) for c in chunks]


def _size(run: Run) -> int:
    return _stamp(run.metrics_path)[0]


def _stamp(path: Path) -> tuple[int, int]:
    """Size and time of a file; zeros where there is none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def _short(value: float) -> float:
    """Five digits are more than a pixel shows, and half of what JSON would send."""
    return float(f"{value:.5g}")
