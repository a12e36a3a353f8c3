"""What the server says around a sample, a tab each: nearest training images, verdict, find my digit, arithmetic, film, code."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from pages.parts import arithmetic, film, find, nearest, snippet, verdict
from pages.parts.point import Point

MORE = "More samples"
TITLES = ("Verdict", "Nearest training images", "Find my digit", "A − B + C", "Film", "Code")


def draw(
    point: Point,
    seed: int | None = None,
    go: Callable[[Point], None] | None = None,
    marks: Sequence[tuple[str, Point]] = (),
    more: Callable[[], None] | None = None,
) -> None:
    """Only the open tab is worked out; the address names it. `seed` is what z was drawn with, `go` takes the explorer to a place, `marks`
    are the bookmarks; `more` shows other samples, in a tab in front of these."""
    tabs = st.tabs([MORE, *TITLES] if more else list(TITLES), key="around", bind="query-params")
    panels: tuple[Callable[[], None], ...] = (
        *((more,) if more else ()),
        lambda: verdict.draw(point),
        lambda: nearest.draw(point),
        lambda: find.draw(point, go),
        lambda: arithmetic.draw(point, go, marks),
        lambda: film.draw(point, marks),
        lambda: snippet.draw(point, seed),
    )
    for tab, panel in zip(tabs, panels, strict=True):
        if tab.open:
            with tab:
                panel()
