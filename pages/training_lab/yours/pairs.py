"""Which runs belong together: a training that was broken on purpose, and its cure. Known by what they train, whatever they are called."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from gan_core.errors import AtelierError
from gan_core.gans.config import RunConfig
from gan_core.health.demonstrations import BREAKS, Break
from gan_core.runs import Run

TOGETHER = 60.0  # seconds between the starts of the two


class Entry(NamedTuple):
    """A run by itself, or a preset's broken run and its cure."""

    run: Run
    cure: Run | None = None
    preset: Break | None = None


def grouped(runs: Iterable[Run]) -> list[Entry]:
    """The runs in their order, each pair as one, at the place of the first of its two."""
    rest = list(runs)
    found = []
    while rest:
        run = rest.pop(0)
        entry = next((each for other in rest if (each := _pair(run, other))), None)
        if entry is None:
            found.append(Entry(run))
            continue
        rest = [other for other in rest if other.id not in (entry.run.id, entry.cure.id if entry.cure else "")]
        found.append(entry)
    return found


def _pair(one: Run, other: Run) -> Entry | None:
    if one.owner != other.owner or not _together(one, other):
        return None
    for preset in BREAKS.values():
        for broken, cure in ((one, other), (other, one)):
            if _configs(preset.name, broken.config.data, broken.config.seed) == (broken.config, cure.config):
                return Entry(broken, cure, preset)
    return None


def _together(one: Run, other: Run) -> bool:
    try:
        apart = datetime.fromisoformat(one.status.created) - datetime.fromisoformat(other.status.created)
    except ValueError:
        return False
    return abs(apart.total_seconds()) <= TOGETHER


@lru_cache(maxsize=256)
def _configs(name: str, data: str, seed: int) -> tuple[RunConfig, RunConfig] | None:
    """What the two of a preset train; None where it cannot learn that data."""
    preset = BREAKS[name]
    try:
        return preset.broken(data, seed), preset.cure(data, seed)
    except AtelierError:
        return None
