"""What can go with what: the facts against the networks themselves, and every combination of a recipe with an objective tried."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest
import torch
from torch import nn

from gan_core.gans import compatibility
from gan_core.gans.config import RunConfig, configure
from gan_core.gans.objectives import OBJECTIVES, NonSaturating, Relativistic
from gan_core.gans.variants import VARIANTS
from gan_core.training.state import State
from gan_core.training.step import train_step
from tests.configs import RECIPES, each_recipe, small


def changed(config: RunConfig, **changes: object) -> RunConfig:
    return config.model_copy(update={"settings": config.settings.model_copy(update=changes)})


def incompatible(config: RunConfig) -> str | None:
    return compatibility.incompatibility(config.about, config.networks, config.settings)


def reasons(config: RunConfig) -> dict[str, str | None]:
    return compatibility.reasons(config.about, config.networks, config.settings)


@each_recipe
def test_the_facts_are_those_of_the_networks(variant: str, recipe: str) -> None:
    about = VARIANTS[variant]
    G, D = about.networks[recipe].build()
    spec = about.networks[recipe].D
    y = torch.zeros(4, dtype=torch.long)
    x = G.eval()(about.prior.sample(4, torch.device("cpu")), y if about.classes else None)
    logits = D.eval()(x, y)
    assert (logits.shape[1] if logits.ndim == 2 else 1) == spec.outputs
    assert any(isinstance(m, nn.modules.batchnorm._BatchNorm) for m in D.modules()) == spec.batch_norm
    told = len({tuple(D(x, torch.full((4,), k)).flatten().tolist()) for k in range(3)}) > 1
    assert told == spec.conditional


@each_recipe
def test_no_recipe_is_objected_to(variant: str, recipe: str) -> None:
    config = configure(variant, recipe)
    assert incompatible(config) is None
    assert reasons(config)[config.settings.objective.kind] is None
    assert config.changed == ()


@pytest.mark.parametrize("kind", OBJECTIVES)
@each_recipe
def test_what_is_not_objected_to_trains(variant: str, recipe: str, kind: str) -> None:
    config = small(variant, recipe, steps=2)
    config = config.model_copy(update={"settings": compatibility.with_objective(config.settings, kind)})
    reason = incompatible(config)
    if reason is not None:
        assert reason[0].isupper()
        assert reason.endswith(".")
        return
    state = State.fresh(config)
    row = {name: value.item() for name, value in train_step(state).items()}
    assert all(math.isfinite(v) for v in row.values()), row
    assert row["D/gradient"] > 0


def test_something_is_possible_and_something_is_not() -> None:
    everywhere = [reasons(configure(*r)).values() for r in RECIPES]
    assert all(None in found for found in everywhere)
    assert all(any(found) for found in everywhere)


@pytest.mark.parametrize(
    ("config", "word"),
    [
        (changed(configure("dcgan", "published"), objective=NonSaturating(r1=0.1)), "batch norm"),
        (changed(configure("dcgan", "published"), objective=Relativistic()), "batch norm"),
        (changed(configure("gan-bn", "published"), objective=NonSaturating(r1=0.1)), "separately"),
        (changed(configure("ssgan", "stable"), objective=NonSaturating()), "needs 1, these networks have 11"),
        (changed(configure("cgan", "stable"), objective=OBJECTIVES["clipped-log"].usual()), "told"),
        (changed(configure("cgan", "published"), objective=OBJECTIVES["non-saturating-ssgan"].usual()), "accept any digit"),
        (changed(configure("sine-mlp"), objective=OBJECTIVES["clipped-ssgan"].usual()), "Curves have no classes"),
        (changed(configure("sine-mlp", "published"), d_steps=3), "updates G first"),
        (changed(configure("sine-mlp", "published"), objective=OBJECTIVES["wasserstein"].usual()), "no probabilities"),
        (changed(configure("gan", "published"), batch=33), "mini-batches"),
        (changed(configure("gan", "published"), batch=2), "batch of one sample"),
    ],
)
def test_the_reason_names_what_is_in_the_way(config: RunConfig, word: str) -> None:
    assert word in (incompatible(config) or "")


def test_an_unpenalised_objective_goes_with_batch_norm() -> None:
    assert incompatible(changed(configure("dcgan", "published"), objective=NonSaturating())) is None
    assert incompatible(changed(configure("dcgan", "published"), objective=Relativistic(gamma=0.0))) is None


def test_the_recipes_own_constants_are_kept() -> None:
    settings = configure("gan", "stable").settings
    assert compatibility.with_objective(settings, "non-saturating") == settings
    assert compatibility.with_objective(settings, "wasserstein").objective == OBJECTIVES["wasserstein"].usual()


def test_it_does_not_import_torch() -> None:
    code = "import sys; from gan_core.gans import compatibility, config; r = config.configure('gan')\n"
    code += "compatibility.reasons(r.about, r.networks, r.settings)\n"
    code += "assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
