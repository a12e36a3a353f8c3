"""A pad to draw a digit on, with mouse, finger or pen, or with the keys of a keyboard; and the digit as grey levels for Python.

The strokes live in the browser (drawing_pad.js). What Python gets is a picture of SIDE x SIDE, while one draws a few times a second,
and when the pen is lifted. Python can put a picture onto the pad (`onto`), which can be drawn over.
"""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import NamedTuple

import numpy as np
import streamlit as st

from gan_core.digits import preprocess
from gan_core.errors import AtelierError
from gan_core.translation import _
from pages.shared import components, images

SIDE = 112  # pixels of what is sent: four for each pixel of a digit
MAX_SENT = 100_000  # characters; a drawing has some 4,000
_HERE = Path(__file__).parent
_HTML = (_HERE / "drawing_pad.html").read_text(encoding="utf-8").replace("{side}", str(SIDE))
_pad = components.declare("gan_atelier_pad", _HERE / "drawing_pad.js", html=_HTML, css=_HERE / "drawing_pad.css")


class Drawing(NamedTuple):
    """What is on the pad."""

    grey: np.ndarray
    "light ink on black, uint8 [SIDE, SIDE]"
    revision: int
    "grows with every stroke, and with what is drawn of one"
    resting: bool
    "has the pen been up for half a second? Until then only what is quick need follow it"


def draw(key: str, label: str | None = None, onto: tuple[np.ndarray, int] | None = None) -> Drawing | None:
    """The pad of that key, and what is on it; None while it is empty.

    Call it within a fragment: each change reruns what is around it. `label` says what to draw, to those who cannot see it too.
    `onto` is a picture (uint8 [H, W], light on black) and a number: a new number replaces what is on the pad by the picture.
    """
    data = {"pad": key, "label": label or _("Draw a digit here"), "picture": "", "put": 0}
    if onto is not None:
        data |= {"picture": images.encoded(onto[0]), "put": onto[1]}
    result = _pad(key=key, data=data, on_drawn_change=lambda: None)
    try:
        return _read(getattr(result, "drawn", None))
    except AtelierError as error:  # a browser that sends what no pad sends
        st.error(str(error), icon=":material/error:")
        return None


def _read(sent: object) -> Drawing | None:
    """What the browser sent, checked. Raises AtelierError if it is no drawing."""
    if not sent:
        return None
    said = sent if isinstance(sent, dict) else {}
    png, revision = said.get("png"), said.get("revision")
    if png == "":
        return None
    if not isinstance(png, str) or not isinstance(revision, int) or len(png) > MAX_SENT:
        raise AtelierError(_("The pad sent something that is no drawing. Clear it and draw again."))
    try:
        grey = preprocess.decode(base64.b64decode(png, validate=True))
    except binascii.Error:
        raise AtelierError(_("The pad sent something that is no drawing. Clear it and draw again.")) from None
    if grey.shape != (SIDE, SIDE):
        raise AtelierError(
            _("The pad sent a picture of {width} × {height} pixels instead of {side} × {side}. Reload the page.").format(
                width=grey.shape[1], height=grey.shape[0], side=SIDE
            )
        )
    return Drawing(grey, revision, said.get("resting") is not False) if grey.any() else None
