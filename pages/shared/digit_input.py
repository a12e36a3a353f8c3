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
from pages.shared import drawing_pad, images

DRAW, UPLOAD, TEST = "Draw", "Upload", "Test digit"
_MEGABYTES = preprocess.MAX_BYTES // 10**6


class Digits(NamedTuple):
    """Real labelled digits, and which they are."""

    pixels: np.ndarray
    labels: np.ndarray
    words: str
    unseen: bool
    "did no network here train on them?"


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
            return Digits(*data.image_arrays("mnist", train=False), "MNIST's 10,000 test images", True)
        except AtelierError:
            pass  # only the training part is there
    return Digits(*data.image_arrays("digits-5k"), "the 5,000 built-in digits", False)


def ask() -> Asked | None:
    """The controls, and the digit they stand at; None while there is none. Belongs into a fragment."""
    how = st.segmented_control("The digit", [DRAW, UPLOAD, TEST], default=DRAW, key="digit_from", required=True, bind="query-params")
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
        f"A picture of one digit: PNG, JPEG or WebP, up to {_MEGABYTES} MB",
        key="judge-upload",
        max_upload_size=_MEGABYTES,
        help="It is read, asked about, and forgotten: nothing of it is kept on this machine.",
    )
    if file is None:
        st.caption("A photograph of a digit on paper will do, dark on light or light on dark.")
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
    row = number.number_input("Number of the image", 0, most, step=1, key="image", bind="query-params")

    def another() -> None:
        st.session_state["image"] = random.randint(0, most)

    button.button("Another", icon=":material/casino:", on_click=another, width="stretch")
    row = min(max(int(row), 0), most)
    images.array(digits.pixels[row], f"Image {row} of {digits.words}: a {digits.labels[row]}", 196)
    st.caption(f"A {digits.labels[row]}, of {digits.words}" + ("." if digits.unseen else ", some of which the networks have trained on."))
    return Asked(digits.pixels[row], None, True)


def steps(prepared: Prepared) -> None:
    """The preparation step by step, a small picture and a sentence each."""
    with st.grid(columns=5, min_column_width=130, gap="small"):
        for number, (title, shown, said) in enumerate(prepared.steps, 1):
            with st.container():
                st.markdown(f"**{number}. {title}**")
                images.array(shown, f"{title}: {said}", 112)
                st.caption(said)
