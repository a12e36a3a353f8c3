"""Pictures of samples, shown as they are: pixels stay square and sharp, and every picture has a text for those who cannot see it."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import streamlit as st

from gan_core import pictures
from gan_core.runs import Run, SampleGrid

CELL, GAP = 30, 2  # pixels of a mosaic: from one image to the next, and between them
REAL, FAKE = "#8b919d", "#d9691e"  # readable on light and on dark ground; an SVG shown as a picture does not know the theme


def png(content: bytes, alt: str, width: int | None = None, pixelated: bool = True) -> None:
    """Shows a PNG as wide as its column, or `width` CSS pixels if there is room for them."""
    _picture("image/png", content, alt, width, pixelated)


def curves(content: dict[str, Any], alt: str, width: int | None = None) -> None:
    """Shows curves of a sample file ({"x", "real", "fake"}) as a small picture: generated ones over real ones."""
    _picture("image/svg+xml", svg(content["real"], content["fake"]).encode(), alt, width, False)


def newest(run: Run, alt: str) -> bool:
    """Shows the newest sample file of a run, small. False if it has none, or one that cannot be read."""
    if not run.samples:
        return False
    grid = run.samples[-1]
    try:
        if grid.drawn:
            png(grid.read(), alt, pixelated=False)
        else:
            curves(read_curves(grid), alt)
    except (OSError, ValueError):
        return False
    return True


def thumbnail(run: Run, alt: str) -> bool:
    """Shows a few of the newest samples of a run, small. False if it has none, or none that can be read."""
    return bool(run.samples) and corner(run.samples[-1], alt)


def corner(grid: SampleGrid, alt: str) -> bool:
    """Shows four by three of the images of a sample grid, or its curves, small. False if it cannot be read."""
    try:
        if grid.drawn:
            png(_corner(grid, grid.written), alt)
        else:
            curves(read_curves(grid), alt)
    except (OSError, ValueError):
        return False
    return True


@lru_cache(maxsize=256)
def _corner(grid: SampleGrid, written: int) -> bytes:
    """The first four by three cells of a mosaic."""
    from PIL import Image

    with Image.open(io.BytesIO(grid.read())) as image:
        return pictures.to_png(image.crop((0, 0, 4 * CELL - GAP, 3 * CELL - GAP)))


def read_curves(grid: SampleGrid) -> dict[str, Any]:
    """The content of a grid of curves: "x", "real" and "fake"."""
    return pictures.read_curves(grid.read())


def svg(real: Sequence[Sequence[float]], fake: Sequence[Sequence[float]]) -> str:
    """Curves as a square SVG, real ones grey beneath, at most eight generated ones orange above, on one scale."""
    lines = [(c, REAL, 1.4) for c in real] + [(c, FAKE, 1.6) for c in fake[:8]]
    low, high = pictures.ends([curve for curve, _, _ in lines])
    span = (high - low) or 1.0

    def polylines(curve: Sequence[float], colour: str, width: float) -> str:
        step = 188 / max(1, len(curve) - 1)
        drawn = [" ".join(f"{6 + i * step:.1f},{194 - 188 * (v - low) / span:.1f}" for i, v in piece) for piece in pictures.pieces(curve)]
        looks = f'fill="none" stroke="{colour}" stroke-width="{width}" stroke-opacity="0.8"'
        return "".join(f'<polyline points="{points}" {looks}/>' for points in drawn)

    drawn = "".join(polylines(*line) for line in lines)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200">{drawn}</svg>'


def _picture(kind: str, content: bytes, alt: str, width: int | None, pixelated: bool) -> None:
    # A data URI: no second request that could find the picture gone while the page is redrawn.
    size = f"width:100%;max-width:{width}px" if width else "width:100%"
    rendering = ";image-rendering:pixelated" if pixelated else ""
    st.html(
        f'<img src="data:{kind};base64,{base64.b64encode(content).decode()}" alt="{html.escape(alt)}" '
        f'style="{size};display:block;border-radius:4px{rendering}">'
    )
