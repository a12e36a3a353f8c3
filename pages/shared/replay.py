"""A training that ships with the app as a loop: from noise to digits, with its step and how many of its samples can be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from gan_core.data import DATA_SETS
from gan_core.runs import Run, SampleGrid
from gan_core.translation import N_, _
from pages.shared import components, html, images

_HERE = Path(__file__)
_loop = components.declare(
    "gan_atelier_replay",
    _HERE.with_suffix(".js"),
    html='<div class="replay"><button type="button"><canvas></canvas><span class="sign"></span></button><div class="words"></div></div>',
    css=_HERE.with_suffix(".css"),
)

WIDE, SQUARE = "298 / 238", "1 / 1"  # as CSS has it: a grid with a column for each digit, the others

MISSING = N_("The recording that belongs here is missing or damaged.")


def about(run: Run) -> str:
    """What is shown, in a sentence."""
    status = run.status
    return _("Recorded: {name} on {data}, {steps} steps in {seconds} s on {device}.").format(
        name=_(run.config.about.title),
        data=_(DATA_SETS[run.config.data].title),
        steps=f"{status.step:,}",
        seconds=f"{status.seconds:.0f}",
        device=status.device,
    )


def is_wide(run: Run) -> bool:
    """Has its grid a column for each digit? All others are square."""
    return bool(run.config.about.classes)


def draw(run: Run) -> None:
    """The loop of this run's sample grids. Where there are none, or they cannot be read, a sentence."""
    if frames := _frames(run):
        aspect = WIDE if is_wide(run) else SQUARE
        _loop(key="loop", data={"run": run.id, "frames": frames, "steps": run.status.step, "aspect": aspect})
    else:
        st.info(_(MISSING), icon=":material/broken_image:")


def _frames(run: Run) -> list[dict[str, Any]]:
    """Each grid: its step, its picture as a data URI, and how many of its n samples can be read, where that is known."""
    try:
        looks = {look["step"]: look for look in run.looks}
    except ValueError:
        looks = {}
    try:
        return [
            {
                "step": grid.step,
                "source": html.source(grid.read() if grid.drawn else _curves(grid)),
                "readable": looks.get(grid.step, {}).get("legible"),
                "n": looks.get(grid.step, {}).get("n"),
            }
            for grid in run.samples
        ]
    except (OSError, ValueError):
        return []


def _curves(grid: SampleGrid) -> html.Markup:
    """Generated curves over real ones; the real ones hold the scale still."""
    content = images.read_curves(grid)
    return images.svg(content["real"], content["fake"], still=True)
