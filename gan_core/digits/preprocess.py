"""Drawings and uploads as MNIST would have them: safe decoding, then MNIST's own preparation, step by step.

Pure numpy and Pillow: no torch, no files. What comes from people is bytes that nobody can trust; every refusal is a sentence.
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from gan_core.errors import AtelierError
from gan_core.translation import _

MAX_BYTES = 10_000_000
MAX_PIXELS = 25_000_000  # a photograph of a good telephone; 100 MB while it is decoded
MAX_SIDE = 1024  # larger pictures are made smaller first: a digit needs 28 pixels
FORMATS = ("PNG", "JPEG", "WEBP")
SIZE, BOX = 28, 20  # pixels of an MNIST image, and of the box in it that holds the digit
CENTRE = 13.5  # the centre of mass of an MNIST digit lies from here to one pixel further (all 10,000 test images do)
FAINT = 20  # of 255: what counts as ink for the crop
CONTRAST = 24  # of 255: less than this between ink and ground is no drawing

# What Pillow's readers raise on broken files, besides their own errors, which are OSErrors.
_BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, AttributeError, OverflowError, ArithmeticError,
    AssertionError, NotImplementedError, RuntimeError, MemoryError, struct.error, zlib.error,
)  # fmt: skip
_SIXTEEN_BIT = ("I", "I;16", "I;16B", "I;16L", "I;16N")


class Prepared(NamedTuple):
    """A picture on its way to MNIST's form, every step of it; all are grey levels, uint8."""

    grey: np.ndarray
    "as it came [H, W]"
    light: np.ndarray
    "light ink on black ground, from 0 to 255 [H, W]"
    inverted: bool
    "was it dark on light?"
    ink: np.ndarray
    "cropped to the ink [h, w]"
    boxed: np.ndarray
    "scaled so that its longer side is 20 [20, w] or [h, 20]"
    digit: np.ndarray
    "its centre of mass in the middle [28, 28]"

    @property
    def steps(self) -> list[tuple[str, np.ndarray, str]]:
        """Title, picture and a sentence about each step."""
        if self.inverted:
            light = _("It was dark on light, so it is inverted. The background becomes black, the ink white.")
        else:
            light = _("It is light on dark already, as in MNIST. The background becomes black, the ink white.")
        height, width = self.ink.shape
        h, w = self.boxed.shape
        return [
            (_("Grey"), self.grey, _("{w} × {h} pixels in grey levels.").format(w=self.grey.shape[1], h=self.grey.shape[0])),
            (_("Light on dark"), self.light, light),
            (_("Cropped"), self.ink, _("The part with ink: {w} × {h} pixels.").format(w=width, h=height)),
            (_("In a box of 20"), self.boxed, _("Scaled to {w} × {h}. Each pixel is the mean of what it covers.").format(w=w, h=h)),
            (_("Centred"), self.digit, _("The centre of mass is in the middle of 28 × 28. This is what the networks see.")),
        ]


def decode(content: bytes) -> np.ndarray:
    """The grey levels of an uploaded PNG, JPEG or WebP, uint8 [H, W], at most MAX_SIDE a side.

    Raises AtelierError with a sentence if it is too large, no such picture, broken, or not a single still one.
    """
    if not content:
        raise AtelierError(_("The file is empty: choose a PNG, JPEG or WebP picture."))
    if len(content) > MAX_BYTES:
        raise AtelierError(
            _("The file has {size:.1f} MB. Choose a picture of at most {most} MB.").format(size=len(content) / 1e6, most=MAX_BYTES // 10**6)
        )
    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except Image.UnidentifiedImageError:
        raise AtelierError(_("This is no readable PNG, JPEG or WebP picture, whatever its name says. Export it as one of these.")) from None
    except _BROKEN:
        raise AtelierError(_("The picture is broken at its beginning and cannot be opened. Export it again.")) from None
    with image:
        _check_shape(image)
        try:
            if image.format == "PNG":
                with Image.open(io.BytesIO(content), formats=("PNG",)) as again:
                    again.verify()  # checksums, which reading pixels skips
            image.draft("L", (MAX_SIDE, MAX_SIDE))  # a large JPEG is decoded at a fraction of its size
            image.load()
            return _grey(image)
        except AtelierError:
            raise
        except Image.DecompressionBombError:
            raise _too_many_pixels() from None
        except _BROKEN:
            raise AtelierError(_("The picture is broken or cut off. Export or send it again.")) from None


def _check_shape(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise _too_many_pixels(width, height)
    if min(width, height) < 1:
        raise AtelierError(_("The picture has no pixels: its width or height is 0."))
    try:
        # MPO is a JPEG from a telephone that carries previews or depth maps behind the photograph, which is its first picture
        several = image.format != "MPO" and getattr(image, "n_frames", 1) > 1
    except _BROKEN:
        raise AtelierError(_("The picture is broken and cannot be read. Export it again.")) from None
    if several or (image.format != "MPO" and getattr(image, "is_animated", False)):
        raise AtelierError(_("This file holds several pictures (an animation). Choose a single picture."))


def _too_many_pixels(width: int = 0, height: int = 0) -> AtelierError:
    if width:
        told = _("The picture has {width:,} × {height:,} pixels. At most {most} million are accepted. A digit needs 28 × 28.")
    else:
        told = _("The picture has far too many pixels. At most {most} million are accepted. A digit needs 28 × 28.")
    return AtelierError(told.format(width=width, height=height, most=MAX_PIXELS // 10**6))


def _grey(image: Image.Image) -> np.ndarray:
    """Grey levels of a picture of any mode, turned as its EXIF says, on a ground that shows its ink where it is transparent."""
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.BOX) if image.mode not in ("1", "P", *_SIXTEEN_BIT) else None
    image = ImageOps.exif_transpose(image)
    if image.mode in _SIXTEEN_BIT:
        image = Image.fromarray(np.clip(np.asarray(image, dtype=np.float64) / 257, 0, 255).astype(np.uint8))
    if image.has_transparency_data:
        grey, alpha = (np.asarray(band, dtype=np.float64) for band in image.convert("LA").split())
        if not alpha.any():
            raise AtelierError(_("The picture is transparent everywhere: there is nothing to see in it."))
        ground = 0.0 if (grey * alpha).sum() / alpha.sum() > 127 else 255.0
        image = Image.fromarray((ground + (grey - ground) * alpha / 255).round().astype(np.uint8))
    if image.mode != "L":
        image = image.convert("RGB").convert("L")
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.BOX)
    return np.asarray(image)


def prepare(grey: np.ndarray) -> Prepared:
    """MNIST's preparation of a picture of one digit, uint8 [H, W]; ink and ground are told apart by the picture's edge.

    Crop to the ink; scale its longer side to 20 pixels, antialiased, keeping the proportions; centre of mass to the middle of 28 x 28.
    Raises AtelierError if there is no ink.
    Source: LeCun, Cortes & Burges, the MNIST database; LeCun et al. 1998, section III.A.
    """
    light, inverted = _light_on_dark(grey)
    rows, columns = (np.flatnonzero((light > FAINT).any(axis)) for axis in (1, 0))
    ink = light[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    boxed = _into_box(ink)
    return Prepared(grey, light, inverted, ink, boxed, _centred(boxed))


def _light_on_dark(grey: np.ndarray) -> tuple[np.ndarray, bool]:
    """Ink stretched to white on black ground, and whether the picture had to be turned around.

    The ground is the median of the edge; what the edge varies by (paper, shadow) is taken for ground elsewhere too.
    """
    x = grey.astype(np.float64)
    edge = np.concatenate([x[0], x[-1], x[:, 0], x[:, -1]])
    ground = float(np.median(edge))
    lighter, darker = np.maximum(x - ground, 0), np.maximum(ground - x, 0)
    inverted = bool((darker**2).sum() > (lighter**2).sum())
    ink, beside = (darker, np.maximum(ground - edge, 0)) if inverted else (lighter, np.maximum(edge - ground, 0))
    if ink.max() < CONTRAST:
        raise AtelierError(_("There is nothing drawn in the picture: it has the same shade everywhere."))
    noise = min(1.5 * float(np.percentile(beside, 98)), 0.5 * float(ink.max()))
    if noise > 2:  # a photograph or a scan: specks of dust are no ink either
        ink = np.asarray(Image.fromarray(ink.round().astype(np.uint8)).filter(ImageFilter.MedianFilter(3)), dtype=np.float64)
    else:
        noise = 0.0
    span = float(ink.max()) - noise
    if span < CONTRAST / 2:
        raise AtelierError(_("No drawing stands out from the background. Draw thicker lines, or use better light."))
    return np.clip((ink - noise) * (255 / span), 0, 255).round().astype(np.uint8), inverted


def _into_box(ink: np.ndarray) -> np.ndarray:
    """Ink scaled so that its longer side is BOX; thin strokes, which the mean makes pale, are brightened up to threefold."""
    height, width = ink.shape
    scale = BOX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    how = Image.Resampling.BOX if scale <= 1 else Image.Resampling.BILINEAR
    small = np.asarray(Image.fromarray(np.ascontiguousarray(ink)).resize(size, how), dtype=np.float64)
    return np.clip(small * min(3.0, 255 / max(1.0, small.max())), 0, 255).round().astype(np.uint8)


def _centred(boxed: np.ndarray) -> np.ndarray:
    """The box moved by whole pixels so that its centre of mass is the middle of SIZE x SIZE, as far as it stays within."""
    mass = boxed.astype(np.float64)
    corner = []
    for axis, length in enumerate(boxed.shape):
        profile = mass.sum(1 - axis)
        centre = float(profile @ np.arange(length)) / profile.sum()
        corner.append(min(max(0, int(np.ceil(CENTRE - centre))), SIZE - length))
    digit = np.zeros((SIZE, SIZE), dtype=np.uint8)
    digit[corner[0] : corner[0] + boxed.shape[0], corner[1] : corner[1] + boxed.shape[1]] = boxed
    return digit
