"""What the form in front of a training starts from: a recipe, or a configuration that somebody wants to change."""

from __future__ import annotations

import streamlit as st

from gan_core.gans.config import RunConfig, configure
from gan_core.gans.variants.entry import Variant
from pages.shared import run_picker
from pages.training_lab.form import variant_cards

RECIPE = "recipe"  # the query parameter
_DRAFT = "draft"  # session state: (number of the draft, the configuration)


def fill(config: RunConfig) -> None:
    """Opens the form with this configuration in it."""
    run_picker.forget()
    st.query_params[variant_cards.VARIANT] = config.variant
    st.query_params[RECIPE] = config.recipe
    st.session_state[_DRAFT] = (kept()[0] + 1, config)


def kept() -> tuple[int, RunConfig | None]:
    """Number and content of what the form was last filled with; its fields are new ones with every number."""
    return st.session_state.get(_DRAFT, (0, None))


def base(chosen: Variant, recipe_name: str) -> tuple[str, RunConfig]:
    """What the fields' keys end with, and what they start from: the draft if it is of this recipe, else the recipe."""
    number, config = kept()
    key = f"{chosen.name}-{recipe_name}" + (f"-{number}" if number else "")
    if config and (config.variant, config.recipe) == (chosen.name, recipe_name):
        return key, config
    return key, configure(chosen.name, recipe_name)
