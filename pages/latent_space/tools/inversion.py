"""Find my digit: draw one or upload it, and watch a generator be bent until it draws the same; then go on from there."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from gan_core.data import DIGITS
from gan_core.trained import inversion
from pages.shared import digit_input, images, models
from pages.shared.latent_point import Point

if TYPE_CHECKING:
    from gan_core.trained.inversion import Starts
    from gan_core.trained.model import Trained

FRAME, MOST = 84, 10  # CSS pixels of a picture of the strip, and how many at most
_FOUND = "found digits"  # session state: what was found for which run and digit


class Way(NamedTuple):
    """A search that has ended."""

    frames: list[tuple[int, float, np.ndarray]]
    "step, error, and the picture then"
    z: list[float]
    y: int | None
    seconds: float


def draw(point: Point, go: Callable[[Point], None] | None = None) -> None:
    """The pad, how the digit is prepared, the search step by step, and a button that hands the result to `go`."""
    model = point.model
    if model.variant.kind != "images":
        st.caption("This one draws curves; a GAN of digits can be asked to find yours.")
        return
    if model.config.data not in DIGITS:
        st.caption("This one has not learned digits: it will come as near to yours as it can.")
    left, right = st.columns([2, 3], gap="large")
    with left:
        digit = digit_input.ask()
    with right:
        if digit is None:
            st.caption("Draw a digit: the generator is then searched for a z that draws the same.")
            return
        if digit.prepared is not None:
            with st.expander("How it is prepared", icon=":material/crop:"):
                digit_input.steps(digit.prepared)
        if not digit.resting:
            images.array(digit.digit, "Your digit as the networks get it", 2 * FRAME)
            st.caption("The search begins when the pen is lifted.")
            return
        way = _known(model, digit.digit) or _search(model, digit.digit)
        _result(point, digit.digit, way, go)
    _strip(digit.digit, way.frames)


def _known(model: Trained, digit: np.ndarray) -> Way | None:
    return st.session_state.get(_FOUND, {}).get(_mark(model, digit))


def _mark(model: Trained, digit: np.ndarray) -> str:
    return f"{model.run.id} {model.run.weights} {hashlib.sha256(digit.tobytes()).hexdigest()}"


def _search(model: Trained, digit: np.ndarray) -> Way:
    """Searches, showing each step as it comes."""
    import torch

    begun = time.perf_counter()
    shown = st.empty()
    frames: list[tuple[int, float, np.ndarray]] = []
    target = torch.from_numpy(digit).float().view(1, 1, 28, 28) / 255
    for progress in inversion.search(model, target, _starts(str(model.run.folder), model.run.weights.name if model.run.weights else "")):
        grey = (progress.x[0, 0].clamp(0, 1) * 255).round().to(torch.uint8).numpy()
        frames.append((progress.step, float(progress.error[0]), grey))
        with shown.container():
            images.array(np.concatenate([digit, grey], 1), "Your digit, and what the generator has come to", 4 * FRAME)
            st.caption(f"Step {progress.step}: root mean square error of a pixel {progress.error[0]:.3f}")
    shown.empty()
    way = Way(frames, progress.z[0].tolist(), None if progress.y is None else int(progress.y[0]), time.perf_counter() - begun)
    kept = st.session_state.setdefault(_FOUND, {})
    while len(kept) >= 20:
        kept.pop(next(iter(kept)))
    kept[_mark(model, digit)] = way
    return way


@st.cache_resource(max_entries=16, show_spinner="A thousand samples to start from, once for each generator …")
def _starts(folder: str, weights: str) -> Starts:
    return inversion.starts(models.loaded(folder, weights))


def _result(point: Point, digit: np.ndarray, way: Way, go: Callable[[Point], None] | None) -> None:
    """Both digits side by side, how near they are, and the way on."""
    import torch

    first, (_, error, last) = way.frames[0], way.frames[-1]
    images.array(np.concatenate([digit, last], 1), "Your digit, and the nearest that the generator can draw", 4 * FRAME)
    what = f", asked for a **{way.y}**" if way.y is not None else ""
    st.markdown(
        f"Left yours, right the generator's{what}. Root mean square error of a pixel **{error:.3f}**; the nearest of "
        f"{inversion.STARTS:,} random samples was at {first[1]:.3f}. Found in {way.seconds:.1f} s."
    )
    if go is not None:
        k = point.model.variant.classes
        y = torch.nn.functional.one_hot(torch.tensor([way.y]), k).float() if k and way.y is not None else None
        there = Point(point.model, torch.tensor([way.z]), y)
        st.button("Explore from here", icon=":material/arrow_outward:", type="primary", on_click=go, args=(there,), key="find-go")


def _strip(digit: np.ndarray, frames: list[tuple[int, float, np.ndarray]]) -> None:
    """The steps as a filmstrip."""
    picked = [frames[round(i * (len(frames) - 1) / (min(MOST, len(frames)) - 1))] for i in range(min(MOST, len(frames)))]
    with st.container(horizontal=True, gap="small"):
        for step, error, picture in picked:
            with st.container(width=FRAME, gap=None):
                images.array(picture, f"After {step} steps, error {error:.3f}", FRAME)
                st.caption(f"{step} · {error:.2f}" if step else f"start · {error:.2f}", text_alignment="center")
    st.caption("Steps of the descent, and the error of a pixel after each: first many starts are followed, then the best of them.")
