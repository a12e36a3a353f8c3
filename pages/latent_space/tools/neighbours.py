"""Did it memorise? A sample beside the training images that are nearest to it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from gan_core.data import DATA_SETS
from gan_core.errors import AtelierError
from gan_core.trained import inversion, neighbours
from gan_core.trained.neighbours import Neighbours
from gan_core.translation import _
from pages.shared import images
from pages.shared.latent_point import Point

SIDE = 104  # CSS pixels of a picture


def draw(point: Point) -> None:
    """The sample, its five neighbours among the training images, and whether the nearest is nearer than those of real test images are."""
    model = point.model
    if model.variant.kind != "images":
        st.caption(_("Every training step uses new curves, so there is nothing to memorise."))
        return
    try:
        nearest = neighbours.nearest(inversion.unit(model, point.x), neighbours.searched(model.config.data))
    except AtelierError as error:
        st.info(str(error), icon=":material/info:")
        return
    with st.container(horizontal=True, gap="small"):
        _cell(model.grey(point.x)[0], _("**this sample**"), _("This sample"))
        alt = _("A training image of class {label} at distance {distance:.2f}")
        for image, label, distance in zip(nearest.images, nearest.labels, nearest.distances, strict=True):
            _cell(image, f"{distance:.2f}", alt.format(label=label, distance=distance))
    st.markdown(verdict(nearest))
    told = _("The number is the Euclidean distance of the pixels (black 0, white 1). Searched: {data}, {n:,} images.")
    sentences = [told.format(n=nearest.size, data=_(DATA_SETS[nearest.data].title))]
    if nearest.data != model.config.data:
        sentences.append(_("This GAN was trained on: {data}.").format(data=_(DATA_SETS[model.config.data].title)))
    st.caption(" ".join(sentences))


def verdict(nearest: Neighbours) -> str:
    """Whether the nearest is suspiciously near, in words."""
    distance = nearest.distances[0]
    if nearest.limit is None:
        return _(
            "The nearest is at **{distance:.2f}**. What is too near is known for digits only, and only where the full MNIST is searched."
        ).format(distance=distance)
    if nearest.memorised:
        return _(
            "**Suspiciously near**: {distance:.2f} is below {limit:.2f}. Only 1 % of real test digits are so near to a training image. "
            "Thin digits and plain strokes can be so near without being copies."
        ).format(distance=distance, limit=nearest.limit)
    return _(
        "**Not memorised**: the nearest is at {distance:.2f}. Only 1 % of real test digits are nearer to a training image than {limit:.2f}."
    ).format(distance=distance, limit=nearest.limit)


def _cell(picture: np.ndarray, words: str, alt: str) -> None:
    with st.container(width=SIDE, gap=None):
        images.array(picture, alt, SIDE)
        st.caption(words, text_alignment="center")
