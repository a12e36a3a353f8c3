"""What the thresholds claim, on the runs that come with the project: each is replayed as if it had been read at every look."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from itertools import groupby

import pytest

from benchmarks import thresholds as table
from gan_core import runs
from gan_core.health.thresholds import THRESHOLDS, Thresholds
from gan_core.runs import Run

SHIPPED = {run.id: run for run in runs.shipped()}
STABLE = [name for name, run in SHIPPED.items() if run.config.recipe == "stable"]
EARLY, LEARNING, TOO_STRONG = ("grey", "early"), ("green", "learning"), ("amber", "D too strong")
PUBLISHED = {
    "gan-published": [EARLY, ("red", "D too strong"), TOO_STRONG, LEARNING],
    "gan-bn-published": [EARLY, LEARNING],
    "dcgan-published": [EARLY, LEARNING, TOO_STRONG],
    "ssgan-published": [EARLY, LEARNING, TOO_STRONG],
    "cgan-published": [EARLY, LEARNING, TOO_STRONG],
    "sine-mlp-published": [LEARNING],  # it kept no probes: read once, by its game
}
"what health says of them in turn; sine-conv, as published, is in trouble from its warm-up to its end"
NEAREST = {
    "improving": "acgan-stable",
    "worse": "gan-bn-stable",
    "bad_kid": "wgan-stable",
    "bad_accuracy": "cgan-stable",
    "low_spread": "gan-stable",
    "few_digits": "gan-bn-stable",
    "low_recall": "gan-stable",
    "most_dead": "ssgan-stable",
    "sure_real": "gan-stable",
    "sure_fake": "gan-stable",
    "sure_pair": "r3gan-stable",
    "fooled": "sine-mlp-stable",
    "undecided": "acgan-stable",
    "no_gradient": "wgan-stable",
    "huge_loss": "cgan-stable",
    "huge_value": "wgan-gp-stable",
    "sure_memory": "cgan-stable",
}
"the shipped stable run that came nearest to each threshold: with the threshold on the other side of it, health could call this run broken"


def verdicts(run: Run) -> list[tuple[str, str]]:
    return [(reading.level, reading.kind) for _, reading in table.replayed(run)]


@lru_cache(maxsize=1)
def nearest() -> dict[str, table.Nearest]:
    return table.nearest(table.stable())


@pytest.mark.parametrize("name", STABLE)
def test_a_stable_run_is_never_called_broken(name: str) -> None:
    said = verdicts(SHIPPED[name])
    assert set(said) <= {EARLY, LEARNING}
    assert said[-1] == LEARNING
    assert said == sorted(said, reverse=True), "grey first, green from then on"


@pytest.mark.parametrize("name", PUBLISHED)
def test_what_is_said_of_a_published_run_in_turn(name: str) -> None:
    assert [verdict for verdict, _ in groupby(verdicts(SHIPPED[name]))] == PUBLISHED[name]


def test_the_published_conv_of_curves_is_in_trouble_all_along() -> None:
    said = verdicts(SHIPPED["sine-conv-published"])
    grown = [verdict for verdict in said if verdict != EARLY]
    assert len(grown) > 20
    assert LEARNING not in grown
    assert said[-1] == ("red", "collapse")


def test_every_shipped_run_is_replayed() -> None:
    assert {*STABLE, *PUBLISHED, "sine-conv-published"} == set(SHIPPED)


def test_the_run_behind_each_threshold() -> None:
    assert {name: found.run for name, found in nearest().items()} == NEAREST


def test_shipped_stable_runs_lie_on_the_healthy_side_of_each_threshold() -> None:
    assert not {name: found for name, found in nearest().items() if found.margin <= 1}


def test_each_threshold_says_what_it_is_compared_with() -> None:
    assert {field.name for field in fields(Thresholds)} == set(table.notes())
    assert set(table.MEASURES) <= set(table.notes())


@pytest.mark.parametrize("name", ["bad_kid", "bad_accuracy", "low_spread", "sure_memory"])
def test_a_threshold_on_the_wrong_side_of_its_run_is_noticed(name: str) -> None:
    found, measure = nearest()[name], table.MEASURES[name]
    assert measure.margin(found.value, getattr(THRESHOLDS, name)) > 1
    beyond = found.value * (1.01 if measure.healthy_above else 0.99)
    assert measure.margin(found.value, beyond) < 1
