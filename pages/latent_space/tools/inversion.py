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
from gan_core.translation import _, ngettext
from pages.shared import digit_input, images, models
from pages.shared.latent_point import Point

if TYPE_CHECKING:
    from gan_core.trained.inversion import Starts
    from gan_core.trained.model import Trained

FRAME, MOST = 84, 10  # CSS pixels of a picture of the strip, and how many at most
_FOUND = "found_digits"  # session state: what was found for which run and digit


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
        st.caption(_("This GAN draws curves. Choose a GAN of digits to find your digit."))
        return
    if model.config.data not in DIGITS:
        st.caption(_("This GAN has not learned digits. The search comes as near to your digit as it can."))
    left, right = st.columns([2, 3], gap="large")
    with left:
        digit = digit_input.ask()
    with right:
        if digit is None:
            st.caption(_("Draw a digit. Then the search looks for a z from which G draws the same."))
            return
        if digit.prepared is not None:
            with st.expander(_("How it is prepared"), icon=":material/crop:"):
                digit_input.steps(digit.prepared)
        if not digit.resting:
            images.array(digit.digit, _("Your digit as the networks see it"), 2 * FRAME)
            st.caption(_("The search begins when the pen is lifted."))
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
    with st.spinner(_("Drawing {n:,} samples to start from. This is done once for each generator.").format(n=inversion.STARTS)):
        starts = _starts(str(model.run.folder), model.run.weights.name if model.run.weights else "")
    for progress in inversion.search(model, target, starts):
        grey = (progress.x[0, 0].clamp(0, 1) * 255).round().to(torch.uint8).numpy()
        frames.append((progress.step, float(progress.error[0]), grey))
        with shown.container():
            images.array(np.concatenate([digit, grey], 1), _("Your digit, and the digit found so far"), 4 * FRAME)
            told = _("Step {step}: root mean square error per pixel {error:.3f}")
            st.caption(told.format(step=progress.step, error=progress.error[0]))
    shown.empty()
    way = Way(frames, progress.z[0].tolist(), None if progress.y is None else int(progress.y[0]), time.perf_counter() - begun)
    kept = st.session_state.setdefault(_FOUND, {})
    while len(kept) >= 20:
        kept.pop(next(iter(kept)))
    kept[_mark(model, digit)] = way
    return way


@st.cache_resource(max_entries=16, show_spinner=False)
def _starts(folder: str, weights: str) -> Starts:
    return inversion.starts(models.loaded(folder, weights))


def _result(point: Point, digit: np.ndarray, way: Way, go: Callable[[Point], None] | None) -> None:
    """Both digits side by side, how near they are, and the way on."""
    import torch

    first, (_step, error, last) = way.frames[0], way.frames[-1]
    images.array(np.concatenate([digit, last], 1), _("Your digit, and the nearest digit that was found"), 4 * FRAME)
    sentences = [
        _("Left: your digit. Right: the generator's.")
        if way.y is None
        else _("Left: your digit. Right: the generator's, asked for class **{digit}**.").format(digit=way.y),
        _("The root mean square error per pixel is **{error:.3f}**. The best of {n:,} random samples had {start:.3f}.").format(
            error=error, n=inversion.STARTS, start=first[1]
        ),
        _("The search took {seconds:.1f} s.").format(seconds=way.seconds),
    ]
    st.markdown(" ".join(sentences))
    if go is not None:
        k = point.model.variant.classes
        y = torch.nn.functional.one_hot(torch.tensor([way.y]), k).float() if k and way.y is not None else None
        there = Point(point.model, torch.tensor([way.z]), y)
        st.button(_("Explore from here"), icon=":material/arrow_outward:", type="primary", on_click=go, args=(there,), key="find-go")


def _strip(digit: np.ndarray, frames: list[tuple[int, float, np.ndarray]]) -> None:
    """The steps as a filmstrip."""
    picked = [frames[round(i * (len(frames) - 1) / (min(MOST, len(frames)) - 1))] for i in range(min(MOST, len(frames)))]
    with st.container(horizontal=True, gap="small"):
        for step, error, picture in picked:
            with st.container(width=FRAME, gap=None):
                alt = ngettext("After {n} step, error {error:.3f}", "After {n} steps, error {error:.3f}", step)
                images.array(picture, alt.format(n=step, error=error), FRAME)
                st.caption(f"{step} · {error:.2f}" if step else _("start · {error:.2f}").format(error=error), text_alignment="center")
    st.caption(_("Step of the search and error per pixel. The search follows many starts first, then the best of them."))
