"""Evaluating a run: the files it leaves, and numbers that mean what their names say."""

import json

import pytest

from gan_core import runs, settings
from gan_core.errors import AtelierError
from gan_core.evaluation import protocol
from gan_core.gans.config import configure
from gan_core.jobs import recorder
from gan_core.metrics import gan_train, judge
from gan_core.storage import atomic
from tests.configs import small


def trained(variant: str, steps: int = 2) -> runs.Run:
    run = runs.new(small(variant, steps=steps))
    list(recorder.work(run))
    return run


def test_curves_are_measured_without_any_data():
    run = trained("sine-mlp")
    result = protocol.evaluate(run)
    assert run.evaluation == json.loads(json.dumps(result))
    assert result["real_sine_rmse"] < 1e-3
    assert result["real_amplitude"] == pytest.approx(1, abs=1e-3)
    assert result["sine_rmse"] > 0.02
    card = run.card_path.read_text()
    assert "| sine_rmse |" in card
    assert "text 002" in card
    assert "Stepped by hand" not in card
    run.write_status(single_d=3)
    protocol.evaluate(run)
    assert "in 3 of its steps D alone learned, in 0 G alone. The same settings and the same seed do not" in run.card_path.read_text()


def test_an_untrained_gan_is_far_from_the_floor(mnist):
    result = protocol.evaluate(trained("gan"))
    assert result["judge"] == judge.facts()["sha256"]
    assert result["fid10k_over_floor"] > 100
    assert result["recall10k"] < 0.05
    assert sum(result["digits"]) == pytest.approx(1, abs=1e-3)
    assert "class_accuracy" not in result


def test_a_conditional_gan_is_also_asked_and_taught_from(mnist, monkeypatch):
    monkeypatch.setattr(protocol, "TRAIN_SAMPLES", 2000)
    monkeypatch.setattr(protocol, "SAMPLES", 2000)
    monkeypatch.setattr(gan_train, "STEPS", 100)
    run = trained("cgan")
    said: list[str] = []
    result = protocol.evaluate(run, said.append)
    assert 0 <= result["class_accuracy"] <= 0.5
    assert 0 < result["gan_train_accuracy"] < 0.9
    assert len(said) >= 3


def test_the_ssgan_is_judged_as_a_classifier_too(mnist):
    result = protocol.evaluate(trained("ssgan"))
    assert 0.5 < result["ssgan_test_error"] < 0.98  # two steps of eight images teach it little


def test_what_the_judge_cannot_read_is_refused(tmp_path, monkeypatch):
    run = trained("gan")
    config = run.config.model_copy(update={"data": "kmnist"})
    atomic.write(run.config_path, config.model_dump_json().encode())
    with pytest.raises(AtelierError, match="reads digits only"):
        protocol.evaluate(run)
    assert run.evaluation is None


def test_without_mnist_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv(settings.variable("data"), str(tmp_path))
    protocol.real_digits.cache_clear()
    with pytest.raises(AtelierError, match="MNIST is not in the data folder"):
        protocol.evaluate(trained("gan"))


def test_a_run_without_weights_is_refused():
    with pytest.raises(AtelierError, match="no weights yet"):
        protocol.evaluate(runs.new(configure("gan")))
