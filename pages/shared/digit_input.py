"""The digit that the discriminators are asked about: drawn, uploaded, or taken from the test set; and how it is made MNIST's."""

from __future__ import annotations

import random
from typing import NamedTuple

import numpy as np
import streamlit as st

from gan_core import data
from gan_core.digits import preprocess
from gan_core.digits.preprocess import Prepared
from gan_core.errors import AtelierError
from gan_core.translation import N_, _
from pages.shared import drawing_pad, images

DRAW, UPLOAD, TEST = N_("Draw"), N_("Upload"), N_("Test digit")
_MEGABYTES = preprocess.MAX_BYTES // 10**6


class Digits(NamedTuple):
    """Real labelled digits, and which they are."""

    pixels: np.ndarray
    labels: np.ndarray
    unseen: bool
    "are they MNIST's test images, on which no network here has trained? Else they are the built-in ones"


class Asked(NamedTuple):
    """A digit as the networks get it, uint8 [28, 28]."""

    digit: np.ndarray
    prepared: Prepared | None
    "how it came to be so; None for a test digit, which is so already"
    resting: bool
    "is it finished, as far as one can know? While somebody draws, only what is quick need follow"
    revision: int = 0
    "of the pad, if it was drawn"


@st.cache_resource(show_spinner=False)
def real_digits() -> Digits:
    """MNIST's test images, or the built-in digits where MNIST is not on this machine."""
    if data.DATA_SETS["mnist"].present:
        try:
            return Digits(*data.image_arrays("mnist", train=False), True)
        except AtelierError:
            pass  # only the training part is there
    return Digits(*data.image_arrays("digits-5k"), False)


def ask() -> Asked | None:
    """The controls, and the digit they stand at; None while there is none. Belongs into a fragment."""
    how = st.segmented_control(
        _("The digit"), [DRAW, UPLOAD, TEST], format_func=_, default=DRAW, key="digit_from", required=True, bind="query-params"
    )
    try:
        if how == UPLOAD:
            return _uploaded()
        return _of_test_set() if how == TEST else _drawn()
    except AtelierError as error:
        st.error(str(error), icon=":material/image_not_supported:")
        return None


def _drawn() -> Asked | None:
    drawn = drawing_pad.draw("judge-pad")
    if drawn is None:
        return None
    prepared = preprocess.prepare(drawn.grey)
    return Asked(prepared.digit, prepared, drawn.resting, drawn.revision)


def _uploaded() -> Asked | None:
    file = st.file_uploader(
        _("A picture of one digit: PNG, JPEG or WebP, up to {n} MB").format(n=_MEGABYTES),
        key="judge-upload",
        max_upload_size=_MEGABYTES,
        help=_("The picture is read once and not stored on this machine."),
    )
    if file is None:
        st.caption(_("A photograph of a digit on paper works too, dark on light or light on dark."))
        return None
    prepared = _prepared(file.getvalue())
    return Asked(prepared.digit, prepared, True)


@st.cache_data(max_entries=16, show_spinner=False, scope="session")
def _prepared(content: bytes) -> Prepared:
    return preprocess.prepare(preprocess.decode(content))


def _of_test_set() -> Asked:
    digits = real_digits()
    most = len(digits.labels) - 1
    number, button = st.columns([3, 2], vertical_alignment="bottom")
    row = number.number_input(_("Number of the image"), 0, most, step=1, key="image", bind="query-params")

    def another() -> None:
        st.session_state["image"] = random.randint(0, most)

    button.button(_("Another"), icon=":material/casino:", on_click=another, width="stretch")
    row = min(max(int(row), 0), most)
    label = digits.labels[row]
    images.array(digits.pixels[row], _("Real image {row}: a {label}").format(row=row, label=label), 196)
    if digits.unseen:
        st.caption(_("A {label}, from the 10,000 test images of MNIST.").format(label=label))
    else:
        st.caption(_("A {label}, from the 5,000 built-in digits. The networks have trained on some of these digits.").format(label=label))
    return Asked(digits.pixels[row], None, True)


def steps(prepared: Prepared) -> None:
    """The preparation step by step, a small picture and a sentence each."""
    with st.grid(columns=5, min_column_width=130, gap="small"):
        for number, (title, shown, said) in enumerate(prepared.steps, 1):
            with st.container():
                st.markdown(f"**{number}. {title}**")
                images.array(shown, f"{title}: {said}", 112)
                st.caption(said)
