"""Samples as pictures: mosaics, contact sheets, films, curves drawn. Needs no torch."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw

from gan_core.lazy import Lazy

if TYPE_CHECKING:
    import numpy as np
else:
    np = Lazy("numpy")

GAP = 2  # pixels between the cells of a mosaic
SHADES = 20  # of the pictures of a shipped replay, its last one excepted
CURVE_SIZE = (640, 400)  # pixels of a picture of curves
_GREY, _ORANGE = (139, 145, 157), (217, 105, 30)


def mosaic(grey: np.ndarray, columns: int) -> bytes:
    """One PNG of many images: grey levels uint8 [n, H, W], row by row, `columns` in a row, GAP dark pixels between."""
    n, height, width = grey.shape
    rows = -(-n // columns)
    canvas = np.full((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP), 40, dtype=np.uint8)
    for i, image in enumerate(grey):
        top, left = (i // columns) * (height + GAP), (i % columns) * (width + GAP)
        canvas[top : top + height, left : left + width] = image
    return to_png(canvas)


def cells(grey: np.ndarray, size: int = 28) -> np.ndarray:
    """The images of a mosaic, uint8 [n, size, size], row by row: what `mosaic` was given."""
    step = size + GAP
    rows, columns = ((length + GAP) // step for length in grey.shape)
    return np.stack([grey[i * step : i * step + size, j * step : j * step + size] for i in range(rows) for j in range(columns)])


def in_shades(grey: np.ndarray, shades: int = SHADES) -> np.ndarray:
    """Grey levels uint8 in fewer shades; in SHADES at most 7 of 255 levels off: two thirds of the space as a PNG."""
    step = 255 / (shades - 1)
    return (np.round(grey.astype(np.float64) / step) * step).round().astype(np.uint8)


def sheet(samples: np.ndarray, columns: int) -> bytes:
    """A contact sheet, PNG: images uint8 [n, 28, 28] four times as large, or curves [n, L] drawn small, row by row."""
    frames = _frames(samples, 4 * 28, (160, 100), 7)
    width, height = frames[0].size
    rows, gap = -(-len(frames) // columns), 8
    canvas = Image.new(
        frames[0].mode, (columns * (width + gap) + gap, rows * (height + gap) + gap), 40 if frames[0].mode == "L" else "#888"
    )
    for i, frame in enumerate(frames):
        canvas.paste(frame, (gap + i % columns * (width + gap), gap + i // columns * (height + gap)))
    return to_png(canvas)


def film(samples: np.ndarray, seconds: float, ping_pong: bool) -> bytes:
    """Samples one after the other as an endless GIF: images uint8 [n, 28, 28], or curves [n, L]; `ping_pong`: there and back again."""
    frames = _frames(samples, 8 * 28, CURVE_SIZE, 3)
    if ping_pong:
        frames = frames + frames[-2:0:-1]
    each = max(20, round(1000 * seconds / len(frames) / 10) * 10)  # browsers slow down what is quicker than 20 ms
    buffer = io.BytesIO()
    frames[0].save(buffer, format="GIF", save_all=True, append_images=frames[1:], duration=each, loop=0, optimize=False)
    return buffer.getvalue()


def curves_json(x: np.ndarray, real: np.ndarray, fake: np.ndarray) -> bytes:
    """A sample grid of curves: {"x": [L], "real": [[L] ...], "fake": [[L] ...]}, rounded to four digits.

    Of a training that diverged, what is not finite is null: JSON has no NaN, and a browser reads none of a file that holds one.
    """
    parts = {}
    for name, array in (("x", x), ("real", real), ("fake", fake)):
        rounded = array.astype(np.float64).round(4)
        parts[name] = np.where(np.isfinite(rounded), rounded, None).tolist()  # type: ignore[call-overload]
    return json.dumps(parts, separators=(",", ":"), allow_nan=False).encode()


def read_curves(content: bytes) -> dict[str, Any]:
    """What curves_json wrote, with NaN for null. Files from before there were nulls hold NaN themselves. Raises ValueError."""
    parts = json.loads(content)
    try:
        return {"x": parts["x"], "real": [_or_nan(y) for y in parts["real"]], "fake": [_or_nan(y) for y in parts["fake"]]}
    except (KeyError, TypeError) as error:
        raise ValueError(f"no sample grid of curves: {error!r}") from error


def _or_nan(curve: list[float | None]) -> list[float]:
    return [v if v is not None and math.isfinite(v) else math.nan for v in curve]


def ends(curves: Sequence[Sequence[float]]) -> tuple[float, float]:
    """The least and the greatest finite value of some curves; -1 and 1 where there is none."""
    values = [v for curve in curves for v in curve if math.isfinite(v)]
    return (min(values), max(values)) if values else (-1.0, 1.0)


def pieces(curve: Sequence[float]) -> list[list[tuple[int, float]]]:
    """The stretches of a curve that are finite, as (index, value): a line is drawn along each, and none between them."""
    found: list[list[tuple[int, float]]] = [[]]
    for i, v in enumerate(curve):
        if math.isfinite(v):
            found[-1].append((i, v))
        elif found[-1]:
            found.append([])
    return [piece for piece in found if piece]


def grey_of(png: bytes) -> np.ndarray:
    """The grey levels of a PNG, uint8 [H, W]. Raises OSError or ValueError if it is none."""
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        return np.asarray(image.convert("L"))


def enlarged(png: bytes) -> Image.Image:
    """A grey picture twice as large. Raises OSError or ValueError if it is none."""
    grey = grey_of(png)
    return Image.fromarray(grey).resize((2 * grey.shape[1], 2 * grey.shape[0]), Image.Resampling.NEAREST)


def titled(image: Image.Image, words: str) -> Image.Image:
    """The picture with these words beneath."""
    grey = image.mode == "L"
    if grey:
        image = image.point(lambda v: v // 16 * 17)  # sixteen greys: half the bytes
    canvas = Image.new(image.mode, (image.width, image.height + 18), 40 if grey else "white")
    canvas.paste(image, (0, 0))
    ImageDraw.Draw(canvas).text((6, image.height + 3), words, fill=230 if grey else "black")
    return canvas


def _frames(samples: np.ndarray, side: int, curve: tuple[int, int], pen: int) -> list[Image.Image]:
    """Each sample as a picture; curves over all others of the way, in grey."""
    if samples.ndim == 3:
        return [Image.fromarray(each).resize((side, side), Image.Resampling.NEAREST) for each in samples]
    everything = samples.tolist()
    return [curves({"real": everything[::4], "fake": [each]}, pen).resize(curve, Image.Resampling.LANCZOS) for each in everything]


def curves(content: dict[str, list[list[float]]], thick: int = 2) -> Image.Image:
    """Curves of a sample file, real ones grey beneath, generated ones orange, on the scale of the real ones."""
    width, height = CURVE_SIZE
    canvas = Image.new("RGB", CURVE_SIZE, "white")
    pen = ImageDraw.Draw(canvas)
    low, high = ends(content["real"] or content["fake"])
    pad = 0.3 * (high - low) or 1.0
    for kind, colour in (("real", _GREY), ("fake", _ORANGE)):
        for y in content[kind]:
            for piece in pieces(y):
                line = [(10 + (width - 20) * i / max(1, len(y) - 1), height * (high + pad - v) / (high - low + 2 * pad)) for i, v in piece]
                pen.line(line, fill=colour, width=thick if kind == "fake" else 2)
    return canvas


def to_png(picture: Image.Image | np.ndarray, small: bool = True) -> bytes:
    """A picture as a PNG: grey levels uint8 [H, W], colours uint8 [H, W, 3], or an image; `small` takes longer and less space."""
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(np.ascontiguousarray(picture))
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", optimize=small)
    return buffer.getvalue()
