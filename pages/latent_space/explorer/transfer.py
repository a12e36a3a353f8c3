"""Generators handed to the browser, each once: their bytes wait in the page for whatever runs them there."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from gan_core.export import browser
from gan_core.trained.model import Trained
from pages.shared import components, models

_generator = components.declare("gan_atelier_generator", Path(__file__).with_suffix(".js"))


def send(model: Trained) -> str:
    """Sends a generator; gives the name under which the page's engine finds it. Raises AtelierError if it cannot run there.

    To be called outside of fragments: then it travels once a visit. Streamlit's browser side keeps what it has had.
    """
    weights = model.run.weights
    name = f"{model.run.id}/{weights.name if weights else ''}"
    _generator(key=f"generator-{name}", data=_described(str(model.run.folder), weights.name if weights else "", name))
    return name


@st.cache_resource(max_entries=32, show_spinner=False)
def _described(folder: str, weights: str, name: str) -> bytes:
    model = models.loaded(folder, weights)
    return browser.describe(model.G, model.variant, name)
