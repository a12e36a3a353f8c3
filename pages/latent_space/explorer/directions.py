"""The ways to move in a latent space that are known of a run: its directions, with how well each holds, and which coordinates matter."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gan_core.errors import AtelierError
from gan_core.export import browser
from gan_core.runs import Run
from gan_core.trained import directions
from gan_core.trained.directions import Direction
from pages.latent_space.explorer import codec
from pages.shared import models

FAR = 3.0  # steps to either side that a slider reaches
GROUPS = {
    "measured": "",
    "factorised": "Strongest directions of the first layer (SeFa, arXiv:2007.06600)",
    "principal": "Main axes of the first activations (PCA, GANSpace, arXiv:2004.02546)",
}
NAMES = {"measured": "{}", "factorised": "SeFa {}", "principal": "PCA {}"}


def known(run: Run) -> dict[str, Any]:
    """For the explorer: "directions", "about_directions", the "order" of the coordinates, and in words what it is ("ordered")."""
    path = run.directions_path
    written = path.stat().st_mtime_ns if path.is_file() else 0
    return _known(str(run.folder), run.weights.name if run.weights else "", written)


@st.cache_data(max_entries=64, show_spinner=False)
def _known(folder: str, weights: str, written: int) -> dict[str, Any]:
    run = Run(folder)
    try:
        measured = directions.of(run)
        trouble = ""
    except AtelierError as error:
        measured, trouble = None, str(error)
    if measured is None:
        influence = browser.influence(models.loaded(folder, weights))
        order = sorted(range(len(influence)), key=lambda i: -influence[i])
        return {"directions": [], "about_directions": trouble, "order": order, "ordered": "moved a little, around four draws"}
    return {
        "directions": [_said(d) for d in measured.all if d.about.step is not None],
        "about_directions": (
            "A step of a measured direction changes its measure by one standard deviation of the samples, or by less where that would "
            f"take z too far from what training drew. How well each holds was measured on {measured.held_out} draws that it was not made "
            "from: the correlation of what was asked and what came, and what it moves besides."
        ),
        "order": measured.order,
        "ordered": "drawn anew",
    }


def _said(direction: Direction) -> dict[str, Any]:
    """A direction as the explorer takes it: its vector is one step."""
    about, vector = direction
    step = about.step or 0.0
    leak = about.leakage
    if about.kind == "measured":
        quality = f"{about.quality}, correlation {about.holds:.2f}" + (f"; also {leak[0]} {leak[1]:+.2f} a step" if leak else "")
    else:
        name, value = max(about.effects.items(), key=lambda item: abs(item[1]), default=("nothing", 0.0))
        quality = f"mostly {name} {value:+.2f} a step, correlation {about.holds:.2f}"
    return {
        "name": NAMES[about.kind].format(about.name),
        "group": GROUPS[about.kind],
        "vector": codec.packed((vector * step).numpy()),
        "low": -FAR,
        "high": FAR,
        "quality": quality,
        "weak": about.weak,
    }
