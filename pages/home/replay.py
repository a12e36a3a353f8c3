"""A training that ships with the app as a loop: from noise to digits, with its step and how many of its samples can be read."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import streamlit as st

from gan_core.runs import Run
from gan_core.translation import N_, _
from pages.shared import components

_HERE = Path(__file__)
_loop = components.declare(
    "gan_atelier_replay",
    _HERE.with_suffix(".js"),
    html='<div class="replay"><button type="button"><canvas></canvas><span class="sign"></span></button><div class="words"></div></div>',
    css=_HERE.with_suffix(".css"),
)


MISSING = N_("The recording that belongs here is missing or damaged.")


def about(run: Run) -> str:
    """What is shown, in a sentence."""
    status = run.status
    return _("Recorded: {name} on MNIST, {steps} steps in {seconds} s on {device}.").format(
        name=_(run.config.about.title), steps=f"{status.step:,}", seconds=f"{status.seconds:.0f}", device=status.device
    )


def draw(run: Run) -> None:
    """The loop of this run's sample grids. Where there are none, or they cannot be read, a sentence."""
    if frames := _frames(run):
        _loop(key="loop", data={"run": run.id, "frames": frames, "steps": run.status.step})
    else:
        st.info(_(MISSING), icon=":material/broken_image:")


def _frames(run: Run) -> list[dict[str, Any]]:
    """Each grid of images: its step, its PNG in base64, and how many of its n samples can be read, where that is known."""
    try:
        looks = {look["step"]: look for look in run.looks}
    except ValueError:
        looks = {}
    try:
        return [
            {
                "step": grid.step,
                "png": base64.b64encode(grid.read()).decode(),
                "readable": looks.get(grid.step, {}).get("legible"),
                "n": looks.get(grid.step, {}).get("n"),
            }
            for grid in run.samples
            if grid.drawn
        ]
    except OSError:
        return []
