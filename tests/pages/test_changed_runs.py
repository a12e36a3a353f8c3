"""A run whose settings were changed says so wherever it is named."""

from __future__ import annotations

import pytest

from gan_core import runs
from gan_core.evaluation import card
from gan_core.gans.config import configure
from gan_core.gans.objectives import Saturating
from gan_core.gans.variants import VARIANTS
from gan_core.health.demonstrations import BREAKS
from pages.compare import results
from pages.shared import run_picker
from tests.pages.app import opened, said

RESULT = {"samples": 100, "seed": 0, "sine_rmse": 0.1, "real_sine_rmse": 0.0}


def test_it_says_so_in_its_title_legend_table_and_card() -> None:
    usual = runs.new(configure("sine-mlp"))
    settings = VARIANTS["sine-mlp"].recipes["stable"].model_copy(update={"objective": Saturating(), "d_steps": 5})
    changed = runs.new(configure("sine-mlp", settings=settings))
    assert "· stable (changed: objective, updates of D per step) ·" in changed.title
    assert run_picker.brief(changed).startswith("Sine, dense, stable (changed), ")
    assert results._row(changed)["recipe"] == "stable (changed)"
    words = card.card(changed, RESULT)
    assert words.startswith("# Sine, dense, stable (changed)\n")
    assert "\n- Changed for this run: objective: saturating instead of non-saturating (r1 0.1, every 1); " in words
    assert "; updates of D per step: 5 instead of 1.\n" in words
    for words in (usual.title, run_picker.brief(usual), str(results._row(usual)["recipe"]), card.card(usual, RESULT)):
        assert "hanged" not in words


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_broken_on_purpose_is_never_called_by_its_recipe_alone(name: str) -> None:
    preset = BREAKS[name]
    broken = preset.broken("digits-5k" if VARIANTS[preset.variant].kind == "images" else VARIANTS[preset.variant].data, 0)
    assert broken.recipe == "stable", "what it started from"
    assert broken.changed


def test_its_page_says_what_was_changed() -> None:
    settings = VARIANTS["sine-mlp"].recipes["stable"].model_copy(update={"d_steps": 5})
    run = runs.new(configure("sine-mlp", settings=settings))
    app = opened("lab", run=run.id)
    assert "#### Sine, dense, stable (changed)" in said(app)
    assert "stable (changed: updates of D per step) recipe" in said(app), "in its menu"
