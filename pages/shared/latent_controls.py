"""The controls of a latent vector: a seed that draws it, sliders that move it, a class that goes with it."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Any

import streamlit as st

from gan_core.translation import _
from pages.shared import images, models, run_status
from pages.shared.latent_point import Point

if TYPE_CHECKING:
    import torch

    from gan_core.trained.model import Trained

SHOWN = 8  # sliders on the screen
SEEDS = 2**31 - 1
_MOVES = "moves"  # session state: what the hand changed, by run and seed
_RESETS = "resets"  # session state: counts resets, so that the sliders start afresh


def seed_picker() -> int:
    """The seed of z, in the address (?seed=...), and a button that draws another."""
    number, button = st.columns([3, 2], vertical_alignment="bottom")
    seed = number.number_input(_("Seed"), 0, SEEDS, step=1, key="seed", bind="query-params", help=_("The same seed draws the same z."))

    def another() -> None:
        st.session_state["seed"] = random.randrange(10_000)

    button.button(_("New seed"), icon=":material/casino:", on_click=another, width="stretch")
    return min(max(int(seed), 0), SEEDS)


def class_picker(model: Trained) -> int:
    """Which class to ask for, in the address (?digit=...)."""
    options = list(range(model.variant.classes))
    chosen = st.segmented_control(class_word(model), options, default=0, key="digit", required=True, bind="query-params", wrap=True)
    return chosen if chosen in options else 0


def class_word(model: Trained) -> str:
    """What the classes of its data are called."""
    return _("Digit") if model.config.data in ("mnist", "digits-5k") else _("Class")


def sliders(model: Trained, seed: int) -> torch.Tensor:
    """z [1, Z]: drawn by the seed, then moved by hand. Sliders for SHOWN coordinates at a time, over the range of the prior."""
    size = model.prior.size
    z = model.latents(1, seed)
    owner = (model.run.id, seed)
    kept = st.session_state.get(_MOVES)
    if not kept or kept[0] != owner:
        kept = st.session_state[_MOVES] = (owner, {})
    moves: dict[int, float] = kept[1]

    first = 0
    if size > SHOWN:
        starts = list(range(0, size, SHOWN))
        first = st.selectbox(
            _("Coordinates of z"),
            starts,
            format_func=lambda s: _("{first} to {last} of {n}").format(first=s + 1, last=min(s + SHOWN, size), n=size),
            key=f"page-{model.run.id}",
        )
    resets = st.session_state.setdefault(_RESETS, 0)
    grid = st.grid(columns=2, min_column_width=200, gap="small")
    for i in range(first, min(first + SHOWN, size)):
        drawn = round(float(z[0, i]), 2)
        low, high = model.prior.bounds
        low, high = min(low, math.floor(drawn)), max(high, math.ceil(drawn))  # a rare draw beyond three sigma keeps its place
        value = grid.slider(
            f"z{i + 1}", float(low), float(high), moves.get(i, drawn), step=0.01, key=f"z-{model.run.id}-{seed}-{resets}-{i}"
        )
        value = min(max(value, low), high)
        if value != drawn:
            moves[i] = value
        else:
            moves.pop(i, None)
    for i, value in moves.items():
        z[0, i] = value

    st.button(_("Reset"), icon=":material/restart_alt:", on_click=_reset, disabled=not moves, help=_("Back to the z of the seed."))
    st.caption(_("z is drawn from {prior}.").format(prior=model.prior) + " " + model.prior.bounds_in_words)
    return z


def point(model: Trained, seed: int) -> Point:
    """Where the sliders below stand, and the picture of it: the way to explore where G cannot run in the browser."""
    digit = class_picker(model) if model.variant.classes else None
    left, right = st.columns(2, gap="large")
    with right:
        z = sliders(model, seed)
    here = Point(model, z, models.one_hot(model, digit))
    with left:
        if model.variant.kind == "images":
            alt = _("Image by {title} from this z.").format(title=model.variant.title)
            images.png(models.mosaic(model, here.x, 1), alt, width=448)
        else:
            alt = _("Curve by {title} from this z.").format(title=model.variant.title)
            run_status.sampled_curves(curve(model, here.x), key=f"curve-{model.run.id}", alt=alt)
    return here


def curve(model: Trained, x: torch.Tensor) -> dict[str, Any]:
    """One generated curve, as the content of a sample file, over the real ones of the run's newest samples."""
    return {"x": model.abscissae.tolist(), "fake": x.tolist(), "real": real_curves(model)}


def many_curves(model: Trained, seed: int) -> dict[str, Any]:
    """Sixteen generated curves over real ones."""
    return curve(model, model.sample(16, seed=seed))


def real_curves(model: Trained) -> list[list[float]]:
    """The real curves of the run's newest samples; none where it keeps none."""
    newest = [grid for grid in model.run.samples if not grid.drawn][-1:]
    try:
        return images.read_curves(newest[0])["real"] if newest else []
    except (OSError, ValueError):
        return []


def _reset() -> None:
    st.session_state[_MOVES] = None
    st.session_state[_RESETS] = st.session_state.get(_RESETS, 0) + 1
