"""Pictures of samples, shown as they are: pixels stay square and sharp, and every picture has a text for those who cannot see it."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from gan_core import pictures
from gan_core.runs import SampleGrid
from pages.shared import html
from pages.shared.html import Markup

if TYPE_CHECKING:
    import numpy as np

CELL, GAP = 30, 2  # pixels of a mosaic: from one image to the next, and between them
REAL, FAKE = "#868c98", "#d9691e"  # readable on light and on dark ground; an SVG shown as a picture does not know the theme


def png(content: bytes, alt: str, width: int | None = None, pixelated: bool = True) -> None:
    """Shows a PNG as wide as its column, or `width` CSS pixels if there is room for them."""
    _show(content, alt, width, pixelated)


def curves(content: dict[str, Any], alt: str, width: int | None = None) -> None:
    """Shows curves of a sample file ({"x", "real", "fake"}) as a small picture: generated ones over real ones."""
    _show(svg(content["real"], content["fake"]), alt, width, False)


def corner(grid: SampleGrid, alt: str) -> bool:
    """Shows four by three of the images of a sample grid, or its curves, small. False if it cannot be read."""
    try:
        content = _small(grid)
    except (OSError, ValueError):
        return False
    _show(content, alt, None, pixelated=grid.drawn)
    return True


def small(grid: SampleGrid) -> str:
    """The same as a data URI, for a component; empty if it cannot be read."""
    try:
        return html.source(_small(grid))
    except (OSError, ValueError):
        return ""


def _small(grid: SampleGrid) -> bytes | Markup:
    if grid.drawn:
        return _corner(grid, grid.written)
    content = read_curves(grid)
    return svg(content["real"], content["fake"])


@lru_cache(maxsize=256)
def _corner(grid: SampleGrid, written: int) -> bytes:
    """The first four by three cells of a mosaic."""
    from PIL import Image

    with Image.open(io.BytesIO(grid.read())) as image:
        return pictures.to_png(image.crop((0, 0, 4 * CELL - GAP, 3 * CELL - GAP)))


def read_curves(grid: SampleGrid) -> dict[str, Any]:
    """The content of a grid of curves: "x", "real" and "fake"."""
    return pictures.read_curves(grid.read())


def svg(real: Sequence[Sequence[float]], fake: Sequence[Sequence[float]], still: bool = False) -> Markup:
    """Curves as a square SVG, real ones grey beneath, at most eight generated ones orange above, on one scale.

    With `still` the real ones alone make the scale, so that it is the same in every picture of a training; what lies far off is cut.
    """
    lines = [(c, REAL, 1.4) for c in real] + [(c, FAKE, 1.6) for c in fake[:8]]
    low, high = pictures.ends(real if still else [curve for curve, _, _ in lines])
    if still:
        low, high = low - 0.25 * (high - low), high + 0.25 * (high - low)
    span = (high - low) or 1.0

    def polylines(curve: Sequence[float], colour: str, width: float) -> Iterator[Markup]:
        step = 188 / max(1, len(curve) - 1)
        for piece in pictures.pieces(curve):
            points = " ".join(f"{6 + i * step:.1f},{194 - 188 * (v - low) / span:.1f}" for i, v in piece)
            yield html.element("polyline", points=points, fill="none", stroke=colour, stroke_width=width, stroke_opacity=0.8)

    return html.svg(200, 200, *(each for line in lines for each in polylines(*line)))


def array(grey: np.ndarray, alt: str, side: int) -> None:
    """Shows grey levels [H, W] or colours [H, W, 3] within a square of `side` CSS pixels, in a frame, pixels kept sharp."""
    tall = grey.shape[0] >= grey.shape[1]
    size = f"height:{side}px" if tall else f"width:min(100%,{side}px)"
    rendering = ";image-rendering:pixelated" if max(grey.shape[:2]) <= side else ""
    frame = "border:1px solid rgba(128,128,128,.45);border-radius:4px"
    html.show(html.img(pictures.to_png(grey), alt, f"{size};display:block;max-width:100%;{frame}{rendering}"))


@st.cache_data(max_entries=256, show_spinner=False)
def sprite(images: np.ndarray, columns: int) -> str:
    """Images [n, H, W] beside and below each other without gaps, as a PNG in base64, for a component."""
    n, height, width = images.shape
    sheet = images.reshape(n // columns, columns, height, width).swapaxes(1, 2).reshape(n // columns * height, columns * width)
    return encoded(sheet)


def encoded(grey: np.ndarray) -> str:
    """Grey levels [H, W] as a PNG in base64, for a component."""
    return base64.b64encode(pictures.to_png(grey)).decode()


def _show(content: bytes | Markup, alt: str, width: int | None, pixelated: bool) -> None:
    size = f"width:100%;max-width:{width}px" if width else "width:100%"
    rendering = ";image-rendering:pixelated" if pixelated else ""
    html.show(html.img(content, alt, f"{size};display:block;border-radius:4px{rendering}"))
