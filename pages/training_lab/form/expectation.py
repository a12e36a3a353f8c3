"""What to expect of the training that the form describes: two numbers that matter, and a picture."""

from __future__ import annotations

import streamlit as st

from gan_core.gans import differences
from gan_core.gans.config import RunConfig
from gan_core.translation import _
from pages.shared import images
from pages.training_lab.form import forecast
from pages.training_lab.form.address import Wanted


def draw(wanted: Wanted, config: RunConfig | None) -> None:
    """How long it will be and when digits can be read, and how the shipped run's samples looked by then."""
    known = forecast.shipped(wanted)
    pace = forecast.pace(wanted, known)
    grid = forecast.picture(known, forecast.steps_of(wanted, pace))
    words, drawn = st.columns([3, 2], gap="small") if grid else (st.container(), st.empty())
    with words:
        if known is None:
            said = _("No run of this recipe comes with the project, so there is nothing to go by.")
        else:
            said = forecast.readable(known, pace)
        st.markdown("  \n".join(line for line in (forecast.length(wanted, pace), said) if line))
        if config and (changes := differences.between(wanted.by(wanted.recipe).config(), config)):
            lines = [_("Changed from the recipe, so expect something else:"), *(f"- {change}" for change in changes)]
            st.caption("\n".join(lines))
    if grid and known:
        with drawn:
            alt = _("Samples of the shipped {title} after {step} steps")
            images.corner(grid, alt.format(title=_(wanted.about.title), step=f"{grid.step:,}"))
            st.caption(forecast.caption(known, grid))
