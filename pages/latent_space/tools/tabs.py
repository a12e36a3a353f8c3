"""What the server says around a sample, a tab each: nearest training images, verdict, find my digit, arithmetic, film, code."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from gan_core.translation import N_, _
from pages.latent_space.tools import arithmetic, code, interpolation, inversion, neighbours, score
from pages.shared.latent_point import Point

MORE = N_("More samples")
TITLES = (N_("Verdict"), N_("Nearest training images"), N_("Find my digit"), "A − B + C", N_("Film"), N_("Code"))


def draw(
    point: Point,
    seed: int | None = None,
    go: Callable[[Point], None] | None = None,
    marks: Sequence[tuple[str, Point]] = (),
    more: Callable[[], None] | None = None,
) -> None:
    """Only the open tab is worked out; the address names it. `seed` is what z was drawn with, `go` takes the explorer to a place, `marks`
    are the bookmarks; `more` shows other samples, in a tab in front of these."""
    tabs = st.tabs([_(title) for title in ([MORE, *TITLES] if more else TITLES)], key="around", bind="query-params")
    panels: tuple[Callable[[], None], ...] = (
        *((more,) if more else ()),
        lambda: score.draw(point),
        lambda: neighbours.draw(point),
        lambda: inversion.draw(point, go),
        lambda: arithmetic.draw(point, go, marks),
        lambda: interpolation.draw(point, marks),
        lambda: code.draw(point, seed),
    )
    for tab, panel in zip(tabs, panels, strict=True):
        if tab.open:
            with tab:
                panel()
