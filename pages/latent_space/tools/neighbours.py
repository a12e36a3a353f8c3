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
        found = neighbours.nearest(inversion.unit(model, point.x), neighbours.searched(model.config.data))
    except AtelierError as error:
        st.info(str(error), icon=":material/info:")
        return
    with st.container(horizontal=True, gap="small"):
        _cell(model.grey(point.x)[0], "**this sample**", "The sample")
        for image, label, distance in zip(found.images, found.labels, found.distances, strict=True):
            _cell(image, f"{distance:.2f}", f"A training image of class {label} at distance {distance:.2f}")
    st.markdown(verdict(found))
    title = DATA_SETS[found.data].title
    of = f"{found.size:,} training images of {title}" if found.data == "mnist" else f"{found.size:,} images: {title}"
    own = "" if found.data == model.config.data else f" It was trained on {DATA_SETS[model.config.data].title}."
    st.caption(f"Euclidean distance of the pixels (black 0, white 1), the nearest of {of}.{own}")


def verdict(found: Neighbours) -> str:
    """Whether the nearest is suspiciously near, in words."""
    nearest = found.distances[0]
    if found.limit is None:
        return f"The nearest is at **{nearest:.2f}**. How near is too near is known for digits, and where the full MNIST is searched, only."
    if found.memorised:
        return (
            f":orange[**Suspiciously near**]: {nearest:.2f} is below {found.limit:.2f}, which only 1 % of real test digits come under. "
            "Thin ones and plain strokes do at times without having been copied."
        )
    usual = f"Of real test digits only 1 % are nearer to a training image than {found.limit:.2f}."
    return f"**Not memorised**: the nearest is at {nearest:.2f}. {usual}"


def _cell(picture: np.ndarray, words: str, alt: str) -> None:
    with st.container(width=SIDE, gap=None):
        images.array(picture, alt, SIDE)
        st.caption(words, text_alignment="center")
