"""Places in latent space between the page and Python: what the page says of them, checked, and what the page is to open."""

from __future__ import annotations

import base64
import math
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from gan_core.trained.model import Trained
from gan_core.translation import _
from pages.shared.latent_point import Point

PINS = 12  # of a run, at most
STEPS = 4096  # a vector in an address has so many steps a unit
_STANDING = "standing"  # session state: Standing


class Standing(NamedTuple):
    """What the explorer was opened with."""

    run: str
    seed: int
    prior: str
    place: str
    turn: int
    "counts the places that Python has sent"


def opened_at(model: Trained, seed: int, last: Any) -> dict[str, Any]:
    """The "place" the explorer is to open, and its "turn": the address's; for another run where one stood, if its z mean the same there.

    `last` is what the page said last; None on a page that has just been opened.
    """
    kept = st.session_state.get(_STANDING)
    if last is None or kept is None or (kept.run, kept.seed) != (model.run.id, seed):
        place = st.query_params.get("place", "")[:4000]
        if last is not None and kept is not None:
            same = kept.seed == seed and kept.prior == str(model.prior) and isinstance(last, dict)
            place = str(last.get("code", ""))[:4000] if same else ""
        kept = st.session_state[_STANDING] = Standing(model.run.id, seed, str(model.prior), place, kept.turn + 1 if kept else 0)
    return {"place": kept.place, "turn": kept.turn}


def go(point: Point) -> None:
    """Has the explorer go to this z: it becomes the anchor A. For callbacks."""
    kept = st.session_state.get(_STANDING)
    if kept is not None and kept.run == point.model.run.id:
        place = f"a{code(point.z[0].numpy())}.{kept.seed + 1}.{kept.seed + 2}"
        if point.y is not None:
            first, second = (int(c) for c in point.y[0].argsort(descending=True)[:2])
            place += f"_c{first}.{second}.{round(100 * float(point.y[0, second]))}"
        st.session_state[_STANDING] = kept._replace(place=place, turn=kept.turn + 1)


def code(z: np.ndarray) -> str:
    """A vector as the address says it: "Z" and base64 of int16, with - and * for the characters that addresses escape."""
    ints = np.clip(np.round(z * STEPS), -32767, 32767).astype("<i2")
    return "Z" + base64.b64encode(ints.tobytes(), altchars=b"-*").decode().rstrip("=")


def packed(values: np.ndarray) -> str:
    """Numbers for the page: base64 of float32. As JSON they would cost milliseconds at every rest of the hand."""
    return base64.b64encode(values.astype("<f4").tobytes()).decode()


def rested(model: Trained, owner: str, said: Any) -> Point | None:
    """Where the hand rested, if the page speaks of this run and seed, and says what G can take."""
    return _point(model, said) if isinstance(said, dict) and said.get("owner") == owner else None


def pinned(model: Trained, said: Any) -> list[tuple[str, Point]]:
    """What is pinned in the page of this run, by name."""
    if not isinstance(said, dict) or said.get("run") != model.run.id or not isinstance(said.get("pins"), list):
        return []
    pins = [(_("pin {n}").format(n=i + 1), _point(model, pin)) for i, pin in enumerate(said["pins"][:PINS]) if isinstance(pin, dict)]
    return [(name, point) for name, point in pins if point is not None]


def _point(model: Trained, said: dict[str, Any]) -> Point | None:
    """{"z", "y"} of the page as a point; None if G cannot take them."""
    import torch

    z, k = _numbers(said.get("z"), model.prior.size), model.variant.classes
    if z is None:
        return None
    y = None
    if k:
        shares = _numbers(said.get("y"), k)
        if shares is None or min(shares) < 0 or not 0.99 < sum(shares) < 1.01:
            return None
        y = torch.tensor([shares])
    return Point(model, torch.tensor([z]).clamp(*model.prior.limits), y)


def _numbers(values: Any, n: int) -> list[float] | None:
    """n finite numbers; None if it is anything else."""
    if not isinstance(values, list) or len(values) != n:
        return None
    if not all(isinstance(v, int | float) and math.isfinite(v) for v in values):
        return None
    return [float(v) for v in values]
