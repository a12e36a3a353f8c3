"""The ways to move in a latent space that are known of a run: its directions, with how well each holds, and which coordinates matter."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gan_core.errors import AtelierError
from gan_core.export import browser
from gan_core.runs import Run
from gan_core.trained import directions
from gan_core.trained.directions import Direction
from gan_core.translation import N_, _, language
from pages.latent_space.explorer import codec
from pages.shared import models

FAR = 3.0  # steps to either side that a slider reaches
GROUPS = {
    "measured": "",
    "factorised": N_("Strongest directions of the first layer (SeFa, arXiv:2007.06600)"),
    "principal": N_("Main axes of the first activations (PCA, GANSpace, arXiv:2004.02546)"),
}
PREFIXES = {"measured": "", "factorised": "SeFa ", "principal": "PCA "}


def known(run: Run) -> dict[str, Any]:
    """For the explorer: "directions", "about_directions", the "order" of the coordinates, and in a sentence what it is ("ordered")."""
    path = run.directions_path
    written = path.stat().st_mtime_ns if path.is_file() else 0
    return _known(str(run.folder), run.weights.name if run.weights else "", written, language())


@st.cache_data(max_entries=64, show_spinner=False)
def _known(folder: str, weights: str, written: int, spoken: str) -> dict[str, Any]:
    # The language is part of the key: sentences are kept.
    run = Run(folder)
    try:
        measured = directions.of(run)
        trouble = ""
    except AtelierError as error:
        measured, trouble = None, str(error)
    if measured is None:
        influence = browser.influence(models.loaded(folder, weights))
        order = sorted(range(len(influence)), key=lambda i: -influence[i])
        ordered = _("The first coordinates change the sample most (root mean square, one alone moved a little, around four draws).")
        return {"directions": [], "about_directions": trouble, "order": order, "ordered": ordered}
    return {
        "directions": [_said(d) for d in measured.all if d.about.step is not None],
        "about_directions": _(
            "One step along a measured direction changes its measure by one standard deviation of the samples, or by less where z would "
            "move too far from the prior. Each was tested on {n} draws that it was not made from. The correlation is that between the "
            "change asked for and the change that came; behind it stands what else changes."
        ).format(n=measured.held_out),
        "order": measured.order,
        "ordered": _("The first coordinates change the sample most (root mean square, one alone drawn anew)."),
    }


def _said(direction: Direction) -> dict[str, Any]:
    """A direction as the explorer takes it: its vector is one step."""
    about, vector = direction
    step = about.step or 0.0
    leak = about.leakage
    if about.kind == "measured":
        quality = _("{quality}, correlation {r:.2f}").format(quality=_(about.quality), r=about.holds)
        if leak:
            quality += " · " + _("also {measure} {value:+.2f} per step").format(measure=_(leak[0]), value=leak[1])
    else:
        name, value = max(about.effects.items(), key=lambda item: abs(item[1]), default=(N_("nothing"), 0.0))
        quality = _("mostly {measure} {value:+.2f} per step, correlation {r:.2f}").format(measure=_(name), value=value, r=about.holds)
    return {
        "name": PREFIXES[about.kind] + about.name,
        "title": PREFIXES[about.kind] + _(about.name),
        "group": _(GROUPS[about.kind]) if GROUPS[about.kind] else "",
        "vector": codec.packed((vector * step).numpy()),
        "low": -FAR,
        "high": FAR,
        "quality": quality,
        "weak": about.weak,
    }
