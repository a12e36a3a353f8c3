"""Numbers written in generated digits: what a text asks for, digits set beside each other, and the line as a picture. Needs no torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from gan_core import pictures
from gan_core.errors import AtelierError
from gan_core.lazy import Lazy
from gan_core.translation import _

if TYPE_CHECKING:
    import numpy as np
else:
    np = Lazy("numpy")

MOST = 24  # characters: a phone number or a date and a time, and still large on a screen
GAPS = " .-/"  # kept as gaps, for nobody taught G to draw them
INK = 48  # grey level from which on a pixel is ink; fainter ones are the haze around a stroke
GAP = 12  # pixels of a gap, besides the spacing
SCALE = 8  # pixels of a picture a pixel of a digit
LIGHT, DARK = (255, 255, 255), (20, 22, 27)  # colours of ink

Token = int | None  # a digit, or a gap


class Line(NamedTuple):
    """Digits beside each other."""

    ink: np.ndarray
    "uint8 [28, W]: 0 paper, 255 ink"
    places: tuple[tuple[int, int], ...]
    "first column of each digit, and the one after its last"


def read(text: str) -> tuple[Token, ...]:
    """The digits and gaps of a text; gaps at its ends are dropped, and of several in a row one is kept.

    Raises AtelierError for other characters, for too long a text, and for one without a digit.
    """
    text = text.strip(GAPS)
    if len(text) > MOST:
        raise AtelierError(_("{n} characters are too many for one line. Write at most {most}.").format(n=len(text), most=MOST))
    if strange := next((c for c in text if c not in GAPS and c not in "0123456789"), None):
        name = f"“{strange}”" if strange.isprintable() else f"U+{ord(strange):04X}"
        raise AtelierError(
            _("G learned the digits 0 to 9 only, so it cannot write {name}. Spaces, dots, dashes and slashes make gaps.").format(name=name)
        )
    tokens: list[Token] = []
    for c in text:
        token = None if c in GAPS else int(c)
        if token is not None or tokens[-1] is not None:
            tokens.append(token)
    if not tokens:
        raise AtelierError(_("There is no digit to write yet: type a number, a date or a phone number."))
    return tuple(tokens)


def digits(tokens: Sequence[Token]) -> tuple[int, ...]:
    """The digits among the tokens, in order."""
    return tuple(token for token in tokens if token is not None)


def compose(images: np.ndarray, tokens: Sequence[Token], spacing: int | None = None) -> Line:
    """Images [n, 28, 28] (grey levels, ink bright) of the n digits among the tokens, set into a line.

    With `spacing` each is cropped to the columns that hold ink, and so many pixels stand between two; without, whole cells touch. A gap is
    GAP pixels wide besides. A digit without ink keeps its cell. Heights are never cropped: all stand on one line.
    """
    parts: list[np.ndarray] = []
    places: list[tuple[int, int]] = []
    left = 0

    def paper(width: int) -> None:
        nonlocal left
        parts.append(np.zeros((images.shape[1], width), np.uint8))
        left += width

    waiting = iter(images)
    for token in tokens:
        if token is None:
            paper(GAP)
            continue
        if spacing and places:
            paper(spacing)
        image = next(waiting)
        begin, end = (0, image.shape[1]) if spacing is None else extent(image)
        parts.append(image[:, begin:end])
        places.append((left, left + end - begin))
        left += end - begin
    return Line(np.concatenate(parts, axis=1), tuple(places))


def extent(image: np.ndarray) -> tuple[int, int]:
    """The first column that holds ink, and the one after the last; the whole image if none does."""
    inked = np.flatnonzero((image >= INK).any(axis=0))
    return (int(inked[0]), int(inked[-1]) + 1) if len(inked) else (0, image.shape[1])


def png(ink: np.ndarray, scale: int = SCALE, smooth: bool = False) -> bytes:
    """Light ink on black, as the network draws, `scale` times as large."""
    return pictures.to_png(_enlarged(ink, scale, smooth))


def transparent(ink: np.ndarray, colour: tuple[int, int, int] = DARK, scale: int = SCALE, smooth: bool = False) -> bytes:
    """Ink of one colour whose opacity is the ink: a PNG to lay over anything."""
    opacity = _enlarged(ink, scale, smooth)
    picture = Image.new("RGBA", opacity.size, (*colour, 0))
    picture.putalpha(opacity)
    return pictures.to_png(picture)


def _enlarged(ink: np.ndarray, scale: int, smooth: bool) -> Image.Image:
    height, width = ink.shape
    how = Image.Resampling.BICUBIC if smooth else Image.Resampling.NEAREST
    return Image.fromarray(np.ascontiguousarray(ink)).resize((width * scale, height * scale), how)
