"""Training on a CUDA device: steps replayed as a graph, runs that stop and go on, and what is left of them on a machine without a GPU."""

import pytest
import torch

from gan_core import runs
from gan_core.gans.config import RunConfig
from gan_core.jobs import recorder
from gan_core.metrics import judge
from gan_core.trained.model import load
from gan_core.training.cuda_graph import WARM_UP
from gan_core.training.loop import train
from gan_core.training.probe import Prober
from gan_core.training.state import State
from gan_core.training.step import fetch, train_step
from tests.configs import each_recipe, small

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device on this machine")]


def on_gpu(variant: str, recipe: str = "stable", steps: int = 4, **changes: object) -> RunConfig:
    return small(variant, recipe, steps, **changes).model_copy(update={"device": "cuda"})


@each_recipe
def test_every_recipe_takes_a_step(variant, recipe):
    *_, finished = train(on_gpu(variant, recipe, steps=2))
    assert finished.complete


@each_recipe
def test_a_replayed_step_is_the_step_it_stands_for(variant, recipe):
    """The same numbers, up to the order in which a GPU adds: with other draws than the plain step's they would be quite others."""
    replayed, plain = (State.fresh(on_gpu(variant, recipe)) for _ in range(2))
    plain.cuda_graph = None
    kinds = {step % replayed.config.settings.objective.period == 0 for step in range(100)}
    with torch.backends.cudnn.flags(enabled=True, deterministic=True, benchmark=False, allow_tf32=False):
        while len(replayed.cuda_graph._recorded) < len(kinds) and replayed.step < 100:
            assert fetch([train_step(replayed)])[0] == pytest.approx(fetch([train_step(plain)])[0], rel=0.02, abs=2e-3)
    assert len(replayed.cuda_graph._recorded) == len(kinds), "every kind of step has been replayed"
    assert replayed.step > WARM_UP


@pytest.mark.parametrize("variant", ["gan", "wgan", "acgan"])
def test_single_steps_between_replayed_ones_are_the_plain_ones(variant):
    replayed, plain = (State.fresh(on_gpu(variant)) for _ in range(2))
    plain.cuda_graph = None
    with torch.backends.cudnn.flags(enabled=True, deterministic=True, benchmark=False, allow_tf32=False):
        for turn in (*["both"] * (WARM_UP + 2), "D", "G", "D", "both", "both"):
            assert fetch([train_step(replayed, turn)])[0] == pytest.approx(fetch([train_step(plain, turn)])[0], rel=0.02, abs=2e-3)
    assert (replayed.single_d, replayed.single_g) == (2, 1)


@pytest.mark.parametrize("variant", ["dcgan", "wgan", "r3gan"])
def test_falling_rates_reach_replayed_steps(variant):
    state = State.fresh(on_gpu(variant, steps=20))
    state.config = state.config.model_copy(update={"settings": state.config.settings.model_copy(update={"steps": 20, "final_rate": 1e-9})})
    for _ in range(20):
        train_step(state)
    before = [p.detach().clone() for p in state.G.parameters()]
    train_step(state)  # its rate is all but zero
    assert all(torch.allclose(a, b, atol=1e-7) for a, b in zip(before, state.G.parameters(), strict=True))


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("variant", ["cgan", "wgan", "sine-conv"])
def test_a_training_stops_and_goes_on(variant, precision):
    config = on_gpu(variant, steps=8).model_copy(update={"precision": precision})
    run = runs.new(config)
    list(recorder.work(run))
    assert run.status.step == 8
    assert torch.cuda.get_device_name() in run.status.device
    longer = config.model_copy(update={"steps": 16})
    *_, finished = train(longer, resume=run.resume_path)
    assert finished.step == 16


@pytest.mark.parametrize("variant", ["acgan", "sine-mlp"])
def test_what_was_trained_on_a_gpu_opens_on_a_cpu(variant):
    run = runs.new(on_gpu(variant, steps=6))
    list(recorder.work(run))
    trained = load(run)
    x = trained.generate(trained.latents(4, 0), torch.arange(4) if trained.variant.classes else None)
    assert x.device.type == "cpu"
    assert torch.isfinite(x).all()


def test_the_judge_sees_on_a_gpu_what_it_sees_on_a_cpu():
    x = torch.rand(600, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    there, here = judge.look(x, torch.device("cuda")), judge.look(x)
    torch.testing.assert_close(there[0], here[0], rtol=1e-3, atol=1e-3)
    assert (there[1] == here[1]).double().mean() > 0.99


def test_a_probe_changes_nothing_of_a_replayed_training():
    watched, alone = (State.fresh(on_gpu("cgan")) for _ in range(2))
    look = Prober(watched)
    with torch.backends.cudnn.flags(enabled=True, deterministic=True, benchmark=False, allow_tf32=False):
        for _ in range(14):
            seen = look(watched)
            assert fetch([train_step(watched)])[0] == pytest.approx(fetch([train_step(alone)])[0], rel=0.02, abs=2e-3)
    assert 0 <= seen.numbers["coverage1k"] <= 1
