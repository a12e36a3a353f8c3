"""Probes: cheap looks at a training. What they say of networks whose state is known, and that they change nothing."""

import json

import pytest
import torch
from torch import nn

from gan_core import runs
from gan_core.evaluation import ship
from gan_core.gans import objectives
from gan_core.jobs import recorder
from gan_core.runs import folders
from gan_core.training import clock
from gan_core.training import probe as probes
from gan_core.training.events import Probe
from gan_core.training.loop import train
from gan_core.training.probe import SCORED, Prober
from gan_core.training.state import State
from gan_core.training.step import train_step
from tests.configs import each_recipe, small

pytestmark = pytest.mark.whole_probes


class Fixed(nn.Module):
    """A generator that gives these images whatever it is asked."""

    pixels = (0.0, 1.0)

    def __init__(self, images: torch.Tensor) -> None:
        super().__init__()
        self.images = images

    def forward(self, z: torch.Tensor, y: torch.Tensor | None = None) -> torch.Tensor:
        return self.images[: len(z)]


class Sure(nn.Module):
    """A discriminator that gives every image the same logit."""

    def __init__(self, logit: float) -> None:
        super().__init__()
        self.logit = nn.Parameter(torch.tensor(logit))

    def forward(self, x: torch.Tensor, y: torch.Tensor | None = None) -> torch.Tensor:
        return self.logit.expand(len(x))


def state_of(objective: objectives.Objective) -> State:
    """A state on the built-in digits whose pixels are in [0, 1], without a moving average."""
    return State.fresh(small("dcgan", "published", objective=objective))


@each_recipe
def test_a_probe_changes_nothing(variant, recipe):
    plain, watched = State.fresh(small(variant, recipe)), State.fresh(small(variant, recipe))
    probe = Prober(watched)
    for _ in range(2):
        train_step(plain)
        seen = probe(watched)
        train_step(watched)
    for mine, its in ((plain.G, watched.G), (plain.D, watched.D), (plain.ema_or_G, watched.ema_or_G)):
        assert all(torch.equal(a, b) for a, b in zip(mine.state_dict().values(), its.state_dict().values(), strict=True))
        assert [m.training for m in mine.modules()] == [m.training for m in its.modules()]
    assert all(torch.isfinite(torch.tensor(v)) for v in seen.numbers.values())
    assert all(torch.isfinite(torch.tensor(v)).all() for v in seen.scores.values())


def test_real_images_look_real_and_black_ones_collapsed():
    state = state_of(objectives.ClippedLog())
    probe = Prober(state)
    state.G = Fixed(state.data.batch(probes.SAMPLES, (0.0, 1.0))[0])
    seen = probe(state).numbers
    assert seen["ink"] == pytest.approx(1, abs=0.05)
    assert seen["spread"] == pytest.approx(1, abs=0.05)
    assert abs(seen["kid1k"]) < 0.5
    assert seen["coverage1k"] > 0.85
    assert seen["digits_covered"] == 10
    state.G = Fixed(torch.zeros(probes.SAMPLES, 1, 28, 28))
    seen = probe(state).numbers
    assert seen["ink"] == seen["spread"] == 0
    assert seen["coverage1k"] < 0.01
    assert seen["digits_covered"] == 1
    assert seen["kid1k"] > 10


@pytest.mark.parametrize(
    ("objective", "logit", "pull"),
    [
        (objectives.NonSaturating(), -20.0, 1.0),  # D sure that it is fake: the whole gradient
        (objectives.NonSaturating(), 0.0, 0.5),
        (objectives.NonSaturating(), 20.0, 0.0),
        (objectives.ClippedLog(floor=1e-6), -20.0, 2.06e-3),  # sigmoid(-20) / floor
        (objectives.ClippedLog(floor=1e-6), 0.0, 0.5),
        (objectives.Saturating(), -20.0, 0.0),
        (objectives.Saturating(), 20.0, 1.0),
        (objectives.Wasserstein(), -20.0, 1.0),
    ],
)
def test_what_is_left_of_the_gradient_is_what_the_equations_say(objective, logit, pull):
    state = state_of(objective)
    probe = Prober(state)
    state.D = Sure(logit)
    seen = probe(state)
    assert seen.numbers["pull"] == pytest.approx(pull, abs=2e-5)
    assert seen.numbers["dead_share"] == float(pull < 0.05)
    assert seen.scores["real"] == [logit] * SCORED


def test_d_sees_images_it_never_trained_on_where_there_are_such(mnist):
    state = State.fresh(small("gan").model_copy(update={"data": "mnist"}))
    assert len(Prober(state)(state).scores["held_out"]) == SCORED
    state = State.fresh(small("gan"))
    assert "held_out" not in Prober(state)(state).scores


def test_a_training_is_probed_at_its_end_and_with_a_grid_when_there_is_time(monkeypatch):
    seen = [event for event in train(small("cgan", steps=3)) if isinstance(event, Probe)]
    assert [event.step for event in seen] == [3]
    monkeypatch.setattr(clock.Clock, "probe_due", lambda self, step: step > self.last_probe)
    seen = [event for event in train(small("cgan", steps=3)) if isinstance(event, Probe)]
    assert [event.step for event in seen] == [0, 1, 2, 3]
    assert {"class_accuracy", "kid1k", "dead_share"} <= seen[0].numbers.keys()


@pytest.fixture
def probed_with_every_grid(monkeypatch):
    monkeypatch.setattr(clock.Clock, "probe_due", lambda self, step: step > self.last_probe)
    monkeypatch.setattr(clock, "FETCH_STEPS", 1)  # it is asked to stop when its numbers were fetched


@pytest.mark.parametrize("variant", ["cgan", "sine-mlp"])
def test_a_training_that_was_stopped_is_probed_as_if_it_had_not_been(variant, probed_with_every_grid):
    """After a resume, the step of the last probe is not probed again, and the others give the same bit for bit."""
    straight = runs.new(small(variant, steps=4))
    for _ in recorder.work(straight):
        pass
    stopped = runs.new(small(variant, steps=4))
    *_, last = recorder.work(stopped, stop=lambda: bool(stopped.probes) and stopped.probes[-1]["step"] >= 2)
    assert last.step < 4
    for _ in recorder.work(stopped):
        pass

    def seen(run):
        return [{name: value for name, value in probe.items() if name != "seconds"} for probe in run.probes]

    assert [probe["step"] for probe in stopped.probes] == [0, 1, 2, 3, 4]
    assert seen(stopped) == seen(straight)


def test_the_real_images_of_a_probe_are_all_different():
    """A copy would be its own nearest neighbour: coverage of real by real would come out low."""
    real = Prober(State.fresh(small("gan"))).real.flatten(1)
    assert len(real) == probes.SAMPLES
    assert len(real.unique(dim=0)) == probes.SAMPLES


def test_probes_are_kept_in_the_run_and_shipped(monkeypatch, tmp_path):
    run = runs.new(small("sine-mlp", steps=3))
    for _ in recorder.work(run):
        pass
    (probe,) = run.probes
    assert probe["step"] == 3
    assert len(probe["scores"]["real"]) == 64
    for step in range(4, 400):
        run.append_probe(step, 0.1 * step, {"ink": 1.0}, {"real": [0.5], "fake": [0.25]})
    monkeypatch.setattr(folders, "SHIPPED", tmp_path / "shipped")
    (tmp_path / "shipped").mkdir()
    steps = [probe["step"] for probe in ship.ship(run).probes]
    assert len(steps) <= ship.SHIPPED.grids
    assert (steps[0], steps[-1]) == (3, 399)
    run.forget_after(10)
    assert max(probe["step"] for probe in run.probes) == 10
    assert json.loads(run.probes_path.read_text().splitlines()[-1])["scores"] == {"real": [0.5], "fake": [0.25]}
