"""What the thresholds claim, on the runs that come with the project and on recorded ones."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache

import pytest

from benchmarks import thresholds as table
from gan_core.health.thresholds import Thresholds

NEAREST = {
    "illegible": "wgan-stable",
    "curve": "sine-conv-stable",
    "kid": "wgan-stable, no looks",
    "worse": "gan-bn-stable",
    "low_variety": "gan-stable, no looks",
    "few_digits": "gan-stable",
    "low_recall": "cgan-mlp-stable",
    "few_phases": "sine-conv-stable",
    "most_dead": "ssgan-stable",
    "sure_pair": "r3gan-stable",
    "no_gradient": "wgan-stable",
    "huge_loss": "cgan-stable",
    "huge_value": "wgan-gp-stable",
    "sure_memory": "cgan-mlp-stable",
}
"the shipped stable run that came nearest to each threshold: with the threshold on the other side of it, health could call this run broken"


@lru_cache(maxsize=1)
def shipped() -> dict[str, table.Nearest]:
    return table.nearest([*table.shipped(), *(table.without_looks(run) for run in table.shipped() if run.probes)])


@lru_cache(maxsize=1)
def healthy() -> dict[str, table.Nearest]:
    return table.nearest(table.healthy())


def test_the_shipped_run_behind_each_threshold() -> None:
    assert {name: found.run for name, found in shipped().items()} == NEAREST


def test_healthy_runs_lie_on_the_healthy_side_of_each_threshold() -> None:
    """But for those that are asked of samples only which do not get better, or together with others: there the replays tell."""
    assert not {name: found for name, found in healthy().items() if found.margin <= 1}


@pytest.mark.parametrize("name", ["no_gradient", "huge_loss", "few_phases", "one_shape", "low_variety", "illegible"])
def test_runs_made_to_fail_lie_beyond_the_threshold_that_knows_them(name: str) -> None:
    assert table.nearest(broken(name), beyond=True)[name].margin < 1


def broken(name: str) -> list[table.Recording]:
    """The presets that this threshold is for."""
    presets = {"no_gradient": "clip", "huge_loss": "rate ", "few_phases": "one-sine", "illegible": "strong-d"}
    return [recording for recording in table.broken() if recording.name.startswith(presets.get(name, "collapse"))]


def test_each_threshold_says_what_it_is_compared_with() -> None:
    assert {field.name for field in fields(Thresholds)} == set(table.notes())
    assert set(table.MEASURES) <= {*table.notes(), *table.SCALES}


@pytest.mark.parametrize("name", ["illegible", "curve", "kid", "low_variety", "few_phases", "sure_memory"])
def test_a_threshold_on_the_wrong_side_of_its_run_is_noticed(name: str) -> None:
    found, measure = shipped()[name], table.MEASURES[name]
    assert measure.margin(found.value, table.limit(name)) > 1
    beyond = found.value * (1.01 if measure.healthy_above else 0.99)
    assert measure.margin(found.value, beyond) < 1
