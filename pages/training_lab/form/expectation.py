"""What to expect of the training that the form describes, in words and a picture."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gan_core.gans.config import RunConfig
from pages.shared import images
from pages.training_lab.form import forecast


def draw(config: RunConfig, rate: float | None, budget: dict[str, Any]) -> None:
    """Sentences about the pace and about what the shipped run had learned by then, and how its samples looked."""
    known = forecast.shipped(config.about, config.recipe)
    other = config.changed_in_words
    with st.container(border=True):
        st.markdown("**What to expect**")
        grid = forecast.picture(known, forecast.steps_of(rate, budget))
        words, drawn = st.columns([3, 2], gap="small") if grid else (st.container(), st.empty())
        with words:
            st.markdown("  \n".join(forecast.expected(rate, known, budget, not other)))
            if other:
                st.caption(f"Changed: {', '.join(other)}.")
        if grid:
            with drawn:
                images.corner(grid, f"Samples of the shipped {config.about.title} after {grid.step:,} steps")
                st.caption(f"The shipped run after {grid.step:,} steps")
