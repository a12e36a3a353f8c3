"""Pictures of samples. Needs no torch."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from PIL import Image

from gan_core.lazy import Lazy

if TYPE_CHECKING:
    import numpy as np
else:
    np = Lazy("numpy")

GAP = 2  # pixels between the cells of a mosaic


def mosaic(grey: np.ndarray, columns: int) -> bytes:
    """One PNG of many images: grey levels uint8 [n, H, W], row by row, `columns` in a row, GAP dark pixels between."""
    n, height, width = grey.shape
    rows = -(-n // columns)
    canvas = np.full((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP), 40, dtype=np.uint8)
    for i, image in enumerate(grey):
        top, left = (i // columns) * (height + GAP), (i % columns) * (width + GAP)
        canvas[top : top + height, left : left + width] = image
    buffer = io.BytesIO()
    Image.fromarray(canvas).save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()


def curves_json(x: np.ndarray, real: np.ndarray, fake: np.ndarray) -> bytes:
    """A sample grid of curves: {"x": [L], "real": [[L] ...], "fake": [[L] ...]}, rounded to four digits."""
    parts = {"x": x, "real": real, "fake": fake}
    return json.dumps({name: np.round(array, 4).tolist() for name, array in parts.items()}, separators=(",", ":")).encode()
