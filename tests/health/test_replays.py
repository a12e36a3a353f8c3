"""Runs replayed as if somebody had watched them: shipped ones from their files, others from recordings, look by look.

No healthy run is ever amber or red, none flips, none ends grey when most of its grid can be read; every preset of Break it is red in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import pytest

from benchmarks import thresholds as table
from benchmarks.recordings import Recording
from gan_core import runs
from gan_core.health import reading
from gan_core.health.reading import Health
from gan_core.runs import Status

SHIPPED = {run.id: run for run in runs.shipped()}
STABLE = [name for name, run in SHIPPED.items() if run.config.recipe == "stable"]
YOUNG, LEARNING = ("grey", "young"), ("green", "learning")
WATCH, TOO_STRONG, COLLAPSE = ("amber", "D too strong"), ("red", "D too strong"), ("red", "collapse")
PUBLISHED = {
    "gan-published": [YOUNG, TOO_STRONG, WATCH, LEARNING],
    "gan-bn-published": [YOUNG, LEARNING],
    "dcgan-published": [YOUNG, LEARNING],
    "ssgan-published": [YOUNG, LEARNING, WATCH],
    "cgan-published": [YOUNG, LEARNING, WATCH],
    "sine-conv-published": [YOUNG, WATCH, COLLAPSE],
    "sine-mlp-published": [YOUNG, LEARNING],
}
"what is said in turn of the shipped runs whose recipes are as published, and not made to learn every time"


def replay(run: Recording) -> Iterator[Health]:
    """What is said at each look and each probe of a run, while it trains, and at its end."""
    for step in run.steps:
        yield reading.read(run.config, *run.until(step), Status(state="running", step=step))
    yield reading.read(run.config, run.records, run.probes, run.looks, run.status)


def in_turn(said: list[Health]) -> list[tuple[str, str]]:
    """Levels and kinds, one after the other."""
    return [verdict for verdict, _ in groupby((health.level, health.kind) for health in said)]


def check_healthy(run: Recording) -> None:
    said = list(replay(run))
    assert in_turn(said) in ([YOUNG, LEARNING], [YOUNG], [LEARNING]), (run.name, in_turn(said))
    last = run.looks[-1] if run.looks else {}
    most = last.get("legible", 0) > last.get("n", 64) / 2
    assert not (most and said[-1].level == "grey"), run.name
    states = [state for state, _ in groupby(health.state for health in said)]
    assert len(states) <= 3, (run.name, states)


@pytest.mark.parametrize("name", STABLE)
def test_a_shipped_stable_run_is_young_then_learns_and_then_has_learned(name: str) -> None:
    run = table.as_recorded(SHIPPED[name])
    check_healthy(run)
    assert list(replay(run))[-1].state == "learned"
    if run.probes:
        check_healthy(table.without_looks(run))


@pytest.mark.parametrize("name", PUBLISHED)
def test_what_is_said_of_a_published_run_in_turn(name: str) -> None:
    assert in_turn(list(replay(table.as_recorded(SHIPPED[name])))) == PUBLISHED[name]


def test_a_published_run_whose_samples_are_poor_is_not_said_to_have_learned() -> None:
    """131 times the floor in its evaluation: of its last 64 samples about half can be read."""
    for name in ("gan-published", "gan-bn-published"):
        (*_, last) = replay(table.as_recorded(SHIPPED[name]))
        assert last.state == "learning"
        m = SHIPPED[name].looks[-1]["legible"]
        assert m < 40
        assert last.sentence.startswith(f"{m} of 64 digits can be read")


def test_every_shipped_run_is_replayed() -> None:
    assert {*STABLE, *PUBLISHED} == set(SHIPPED)
