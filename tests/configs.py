"""Configurations for tests: every recipe there is, and real recipes made small."""

import pytest

from gan_core.gans.config import RunConfig, configure
from gan_core.gans.variants import VARIANTS

RECIPES = [(variant.name, recipe) for variant in VARIANTS.values() for recipe in variant.recipes]
each_recipe = pytest.mark.parametrize(("variant", "recipe"), RECIPES, ids=["-".join(r) for r in RECIPES])


def small(variant: str, recipe: str = "stable", steps: int = 4, **changes: object) -> RunConfig:
    """The real recipe with a small batch, so that a step costs milliseconds."""
    config = configure(variant, recipe, steps=steps, log_every=1)
    settings = config.settings.model_copy(update={"batch": 8, **changes})
    return config.model_copy(update={"settings": settings})


def diverging(name: str, **changes: object) -> RunConfig:
    """A training whose rates make NaN of everything by its second step."""
    config = configure(name, **{"steps": 40, "log_every": 1} | changes)  # type: ignore[arg-type]
    rates = {side: getattr(config.settings, side).model_copy(update={"lr": 1e30}) for side in ("D", "G")}
    return config.model_copy(update={"settings": config.settings.model_copy(update=rates)})
