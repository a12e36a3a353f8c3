"""Broken on purpose: each preset differs from its cure in just what it says, and fails as it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import breaks
from gan_core.gans.config import choices_of_data, configure, parse
from gan_core.gans.differences import between
from gan_core.gans.objectives import NonSaturating, Saturating
from gan_core.health.demonstrations import BREAKS, Break

SAID = {
    "saturating": ["loss non-saturating (2014) → minimax, saturating (2014)"],
    "strong-d": ["updates of D a step 1 → 5"],
    "rate": ["learning rate of D 0.004 → 0.12", "learning rate of G 0.008 → 0.24"],
    "rate-sine": ["learning rate of D 0.001 → 0.1", "learning rate of G 0.001 → 0.1"],
    "collapse": ["learning rate of D 0.001 → 0.000001", "learning rate of G 0.001 → 0.01"],
    "one-sine": ["weight of the gradient penalty 0.1 → 0"],
    "clip": ["limit of the critic's weights 0.01 → 0.0001"],
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_preset_differs_from_its_cure_in_what_it_says_alone(name: str) -> None:
    each = BREAKS[name]
    assert each.name == name
    assert [str(change) for change in each.changes()] == SAID[name]
    data = next(d for d in choices_of_data(configure(each.variant).about) if d != "mnist")
    broken, cure = each.broken(data, 7), each.cure(data, 7)
    assert broken.model_copy(update={"settings": cure.settings}) == cure, "no more than the settings differs"
    assert (broken.variant, broken.data, broken.seed) == (each.variant, data, 7)
    for config in (broken, cure):
        assert parse(config.model_dump()) == config


@pytest.mark.parametrize("name", BREAKS)
def test_its_texts_are_sentences_and_its_question_has_three_answers(name: str) -> None:
    each = BREAKS[name]
    assert each.idea.endswith(".")
    question, answers, right = each.prediction
    assert question.endswith("?")
    assert len(set(answers)) == 3
    assert 0 <= right < 3


def test_the_right_answer_is_not_always_in_the_same_place() -> None:
    assert {each.prediction.right for each in BREAKS.values()} == {0, 1, 2}


@pytest.mark.parametrize("name", ["rate", "rate-sine"])
def test_the_rates_are_as_many_times_the_usual_as_the_title_says(name: str) -> None:
    each = BREAKS[name]
    broken, cure = each.broken(each.data, 0).settings, each.cure(each.data, 0).settings
    times = int(each.title.partition("× ")[2].partition(",")[0])
    assert (broken.D.lr, broken.G.lr) == pytest.approx((times * cure.D.lr, times * cure.G.lr))


def test_what_trains_the_same_differs_in_nothing() -> None:
    config = configure("sine-mlp")
    assert between(config, config.model_copy(update={"log_every": 7, "tensorboard": True})) == ()


def test_any_two_runs_can_be_compared() -> None:
    changes = {change.name: change[1:] for change in between(configure("gan", seed=1234, steps=2000), configure("dcgan", steps=1000))}
    assert changes["GAN"] == ("GAN", "DCGAN")
    assert changes["seed"] == ("1234", "0")
    assert changes["steps"] == ("2,000", "1,000")
    assert changes["final_rate"] == ("1", "0.05"), "a setting without a name of its own goes by that in config.json"


def test_constants_of_one_loss_alone_are_no_difference_of_their_own() -> None:
    usual = configure("sine-mlp")
    other = usual.model_copy(update={"settings": usual.settings.model_copy(update={"objective": Saturating()})})
    assert [change.name for change in between(usual, other)] == ["loss"]
    free = usual.model_copy(update={"settings": usual.settings.model_copy(update={"objective": NonSaturating()})})
    assert [str(change) for change in between(free, usual)] == ["weight of the gradient penalty 0 → 0.1"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", ["rate-sine", "saturating"])
def test_a_sine_fails_as_it_says_and_its_cure_does_not(name: str, seed: int, tmp_path: Path) -> None:
    each: Break = BREAKS[name]
    broken, cure = breaks.pair(each, seed, tmp_path)
    assert breaks.faults(each, broken, cure) == []
    assert broken.numbers["off"] > 0.3, "what is seen: the curve is not the sine"
    assert cure.numbers["off"] < 0.1
