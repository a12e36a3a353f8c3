"""Runs replayed as if somebody had watched them: shipped ones from their files, others from recordings, look by look.

No healthy run is ever amber or red, none flips, none ends grey when most of its grid can be read; every preset of Break it is red in time.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from benchmarks import recordings
from benchmarks import thresholds as table
from benchmarks.recordings import Recording
from gan_core import configure, runs
from gan_core.gans.variants import VARIANTS
from gan_core.health import reading
from gan_core.health.demonstrations import BREAKS
from gan_core.health.reading import Health
from gan_core.runs import Status

SHIPPED = {run.id: run for run in runs.shipped()}
PAIRS = {
    f"{name} {role} as it ships": table.as_recorded(run)._replace(role=role)
    for name, each in BREAKS.items()
    for role, run in zip(("broken", "cure"), each.recording() or (), strict=False)
}
RECORDED = {each.name: each for each in recordings.open_all()} | PAIRS
STABLE = [name for name, run in SHIPPED.items() if run.config.recipe == "stable"]
YOUNG, LEARNING = ("grey", "young"), ("green", "learning")
WATCH, TOO_STRONG, COLLAPSE = ("amber", "D too strong"), ("red", "D too strong"), ("red", "collapse")
PUBLISHED = {
    "gan-published": [YOUNG, COLLAPSE, TOO_STRONG, WATCH, LEARNING],
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


@pytest.mark.parametrize("name", [name for name, each in RECORDED.items() if each.role == "healthy"])
def test_a_recorded_run_of_a_stable_recipe_is_never_in_trouble(name: str) -> None:
    check_healthy(RECORDED[name])


@pytest.mark.parametrize("name", [name for name, each in RECORDED.items() if each.role == "cure"])
def test_a_cure_is_never_in_trouble(name: str) -> None:
    run = RECORDED[name]
    assert {health.state for health in replay(run)} <= {"young", "learning", "learned"}


@pytest.mark.parametrize("name", [name for name, each in RECORDED.items() if each.role == "broken"])
def test_a_preset_is_red_for_good_before_two_thirds_of_its_steps(name: str) -> None:
    run = RECORDED[name]
    said = list(replay(run))
    preset = BREAKS[name.split()[0]]
    assert said[-1].level == "red"
    assert said[-1].kind in preset.kinds
    not_red = [step for step, health in zip(run.steps, said, strict=False) if health.level != "red"]
    after = next(step for step in run.steps if step > max(not_red))
    assert after <= 2 / 3 * run.config.steps


def test_the_recordings_are_of_every_stable_recipe_and_every_preset() -> None:
    variants = {each.config.variant for each in RECORDED.values() if each.role == "healthy"}
    assert variants == {name for name, variant in VARIANTS.items() if "stable" in variant.recipes}
    assert {name.split()[0] for name, each in RECORDED.items() if each.role == "broken"} == set(BREAKS)
    assert recordings.FILE.stat().st_size < 2**21


def test_what_is_recorded_is_read_as_it_was(tmp_path: Path) -> None:
    config = configure("sine-conv", steps=40, log_every=1)
    whole = recordings.trained(config, "sine-conv", "healthy")
    file = tmp_path / "one.jsonl.gz"
    file.write_bytes(gzip.compress((recordings.packed(whole) + "\n").encode()))
    (kept,) = recordings.open_all(file)
    assert (kept.config, kept.steps, kept.status.step) == (config, whole.steps, 40)
    assert [look["rmse"] for look in kept.looks] == pytest.approx([look["rmse"] for look in whole.looks], rel=1e-3)
    assert [r["D(x)"] for r in kept.records] == pytest.approx([r["D(x)"] for r in whole.records], rel=1e-3)
    assert in_turn(list(replay(kept))) == in_turn(list(replay(whole)))


def test_the_pair_of_each_preset_ships() -> None:
    assert len(PAIRS) == 2 * len(BREAKS)


def test_every_shipped_run_is_replayed() -> None:
    assert {*STABLE, *PUBLISHED} == set(SHIPPED)
