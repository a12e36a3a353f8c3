"""Did it memorise? A sample beside the training images that are nearest to it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from gan_core.data import DATA_SETS
from gan_core.errors import AtelierError
from gan_core.trained import inversion, neighbours
from gan_core.trained.neighbours import Neighbours
from pages.shared import images
from pages.shared.latent_point import Point

SIDE = 104  # CSS pixels of a picture


def draw(point: Point) -> None:
    """The sample, its five neighbours among the training images, and whether the nearest is nearer than those of real test images are."""
    model = point.model
    if model.variant.kind != "images":
        st.caption("Curves are drawn afresh for every step of training: there is nothing that could have been memorised.")
        return
    try:
        nearest = neighbours.nearest(inversion.unit(model, point.x), neighbours.searched(model.config.data))
    except AtelierError as error:
        st.info(str(error), icon=":material/info:")
        return
    with st.container(horizontal=True, gap="small"):
        _cell(model.grey(point.x)[0], "**this sample**", "The sample")
        for image, label, distance in zip(nearest.images, nearest.labels, nearest.distances, strict=True):
            _cell(image, f"{distance:.2f}", f"A training image of class {label} at distance {distance:.2f}")
    st.markdown(verdict(nearest))
    title = DATA_SETS[nearest.data].title
    of = f"{nearest.size:,} training images of {title}" if nearest.data == "mnist" else f"{nearest.size:,} images: {title}"
    own = "" if nearest.data == model.config.data else f" It was trained on {DATA_SETS[model.config.data].title}."
    st.caption(f"Euclidean distance of the pixels (black 0, white 1), the nearest of {of}.{own}")


def verdict(nearest: Neighbours) -> str:
    """Whether the nearest is suspiciously near, in words."""
    distance = nearest.distances[0]
    if nearest.limit is None:
        known = "How near is too near is known for digits, and where the full MNIST is searched, only."
        return f"The nearest is at **{distance:.2f}**. {known}"
    if nearest.memorised:
        return (
            f":orange[**Suspiciously near**]: {distance:.2f} is below {nearest.limit:.2f}, which only 1 % of real test digits come under. "
            "Thin ones and plain strokes do at times without having been copied."
        )
    usual = f"Of real test digits only 1 % are nearer to a training image than {nearest.limit:.2f}."
    return f"**Not memorised**: the nearest is at {distance:.2f}. {usual}"


def _cell(picture: np.ndarray, words: str, alt: str) -> None:
    with st.container(width=SIDE, gap=None):
        images.array(picture, alt, SIDE)
        st.caption(words, text_alignment="center")
