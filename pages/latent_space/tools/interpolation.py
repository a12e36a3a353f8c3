"""From one sample to another, or round through several: a strip, a film and a contact sheet to take away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from gan_core import pictures
from gan_core.trained import paths
from gan_core.translation import N_, _
from pages.shared import images, latent_controls, models
from pages.shared.latent_point import Point

if TYPE_CHECKING:
    import numpy as np

TO, ROUND = N_("To another sample"), N_("Round trip")
STRIP, FRAMES = 12, 48  # pictures on the page, and of the film


def draw(point: Point, marks: Sequence[tuple[str, Point]] = ()) -> None:
    """The way from this sample to a bookmark's or a seed's, or round through bookmarks and seeds; downloads of it."""
    model = point.model
    kept = {name: mark for name, mark in marks if mark.model.run.id == model.run.id}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        how = st.segmented_control(_("Path"), [TO, ROUND], format_func=_, default=TO, key="film-way", required=True, persist_state="page")
        start = st.number_input(_("Seed"), 0, latent_controls.SEEDS, 1, key="film-seed", persist_state="page", width=160)
        if how == ROUND:
            count = st.number_input(
                _("Seeds"), 1, 8, 3, key="film-count", persist_state="page", width=120, help=_("How many seeds, one after the other.")
            )
        to = st.multiselect(_("Pins"), list(kept), list(kept), key="film-marks", width=320) if kept and how == ROUND else list(kept)
    seed = min(max(int(start), 0), latent_controls.SEEDS)
    if how == ROUND:
        stops = [point.z[0].tolist(), *(kept[name].z[0].tolist() for name in to)]
        stops += [model.latents(1, seed + i)[0].tolist() for i in range(min(max(int(count), 1), 8))]
        words = _("From this sample through {n} others and back").format(n=len(stops) - 1)
    else:
        stops = [point.z[0].tolist(), model.latents(1, seed)[0].tolist()]
        words = _("From this sample to that of seed {seed}").format(seed=seed)
    y = None if point.y is None else point.y[0].tolist()
    frames = _frames(str(model.run.folder), model.run.weights.name if model.run.weights else "", stops, y, how == ROUND)
    few = frames[:: FRAMES // STRIP]
    images.png(pictures.sheet(few, STRIP // 2), _("{path}, in {n} steps").format(path=words, n=len(few)), width=760)
    speed = _("The visual speed is constant: from one picture to the next the pixels change by the same amount.")
    st.caption(f"{words}. {speed} {model.prior.interpolation_reason}")
    with st.container(horizontal=True):
        for label, name, kind, make in (
            (_("Film (GIF)"), "film.gif", "image/gif", lambda: pictures.film(frames, 4.0, ping_pong=how == TO)),
            (_("Contact sheet (PNG)"), "sheet.png", "image/png", lambda: pictures.sheet(frames, 8)),
        ):
            st.download_button(
                label, make, f"{model.run.id}-{name}", kind, on_click="ignore", icon=":material/download:", key=f"film-{name}"
            )


@st.cache_data(max_entries=64, show_spinner=False)
def _frames(folder: str, weights: str, stops: list[list[float]], y: list[float] | None, closed: bool) -> np.ndarray:
    """What is seen on the way: grey levels [FRAMES, 28, 28], or curves [FRAMES, L]."""
    import torch

    model = models.loaded(folder, weights)
    z = torch.tensor(stops)

    def generate(z: torch.Tensor) -> torch.Tensor:
        return model.generate(z, None if y is None else torch.tensor([y]).expand(len(z), -1))

    way = paths.loop(model.prior, z, generate, FRAMES) if closed else paths.even(model.prior, z[0], z[1], generate, FRAMES)
    x = generate(way)
    return model.grey(x) if model.variant.kind == "images" else x.numpy()
