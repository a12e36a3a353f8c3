"""Loaded networks, shared by all visitors, and what they say in words. Imports torch when first asked for a network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from gan_core import data, pictures
from gan_core.errors import AtelierError
from gan_core.runs import Run
from gan_core.translation import _

if TYPE_CHECKING:
    import torch

    from gan_core.trained.model import Trained


def opened(run: Run) -> Trained:
    """The networks of a run, as of its newest weights. Raises AtelierError where they cannot be loaded."""
    weights = run.weights
    if weights is None:
        raise AtelierError(_("This run has no weights yet: its first checkpoint comes after half a minute, or when it stops."))
    return loaded(str(run.folder), weights.name)


def load(run: Run) -> Trained:
    """The networks of a run, as of its newest weights. Where they cannot be loaded the page ends with the reason."""
    try:
        with st.spinner(_("Loading the network. The first one after the server's start takes some seconds …")):
            return opened(run)
    except AtelierError as error:
        st.error(str(error), icon=":material/error:")
        st.stop()


@st.cache_resource(max_entries=32, show_spinner=False)
def loaded(folder: str, weights: str) -> Trained:
    # The name of the weights is part of the key: a run that trains on is loaded anew.
    import torch

    import gan_core

    torch.set_num_threads(1)
    return gan_core.load(Run(folder))


def classes(y: int | Sequence[int] | None, n: int) -> torch.Tensor | None:
    """The classes asked of G for n samples: one for all, or one each; None for a GAN without classes."""
    if y is None:
        return None
    import torch

    return torch.full((n,), y) if isinstance(y, int) else torch.tensor(y)


def one_hot(model: Trained, y: int | None) -> torch.Tensor | None:
    """All of class y, as shares [1, K]; None for a GAN without classes."""
    if not model.variant.classes:
        return None
    import torch

    return torch.eye(model.variant.classes)[[y or 0]]


def mosaic(model: Trained, x: torch.Tensor, columns: int) -> bytes:
    """Images as one PNG."""
    return pictures.mosaic(model.grey(x), columns)


def grid(run: Run, seed: int, n: int, columns: int, y: int | tuple[int, ...] | None) -> bytes:
    """A mosaic of n images drawn with this seed; if the GAN has classes, all of class y, or of a class each."""
    return _grid(str(run.folder), run.weights.name if run.weights else "", seed, n, columns, y)


@st.cache_data(max_entries=256, show_spinner=False)
def _grid(folder: str, weights: str, seed: int, n: int, columns: int, y: int | tuple[int, ...] | None) -> bytes:
    model = loaded(folder, weights)
    return mosaic(model, model.generate(model.latents(n, seed), classes(y, n)), columns)


def opinion(model: Trained, x: torch.Tensor, y: int | None) -> str:
    """What D says of one sample, in words, with its terms marked."""
    (score,) = said(model, x, classes(y, 1))
    if model.probabilistic:
        return _(":blue[**[[D|discriminator]]**] gives it a probability of **{p:.1%}** of being real.").format(p=score)
    return _(
        ":blue[**[[D|discriminator]]**] gives it a score of **{value:+.4g}**. A higher score looks more real. It is not a probability."
    ).format(value=score)


class Verdicts(NamedTuple):
    """What D says of samples: probabilities of "real" if it gives such, else the critic's values."""

    own: list[float]
    "of its own generator's samples"
    real: list[float]
    "of what it was trained on, or of the built-in digits where MNIST is not on this machine; empty where neither will do"
    data: str
    "the data set that the real ones are from; empty where there are none"


def verdicts(run: Run, seed: int, n: int) -> Verdicts:
    """D's scores of n samples of its own G, drawn with this seed, and of n real samples. Raises AtelierError."""
    return _verdicts(str(run.folder), run.weights.name if run.weights else "", seed, n, _at_hand(run.config.data))


@st.cache_data(max_entries=256, show_spinner=False)
def _verdicts(folder: str, weights: str, seed: int, n: int, real: str) -> Verdicts:
    model = loaded(folder, weights)
    k = model.variant.classes
    y = classes([i % k for i in range(n)], n) if k else None
    own = said(model, model.generate(model.latents(n, seed), y), y)
    return Verdicts(own, said(model, *_real(model, n, real)) if real else [], real)


def _at_hand(name: str) -> str:
    """The data set, or the built-in digits for MNIST, of which they are a part; empty where nothing of it is on this machine."""
    if data.DATA_SETS[name].present:
        return name
    return "digits-5k" if name == "mnist" else ""


def said(model: Trained, x: torch.Tensor, y: torch.Tensor | None) -> list[float]:
    """What D says of each sample: a probability of "real" if it gives such, else the critic's value."""
    scores = model.scores(x, y)
    return (scores.sigmoid() if model.probabilistic else scores).tolist()


def _real(model: Trained, n: int, name: str) -> tuple[torch.Tensor, torch.Tensor | None]:
    """n samples of this data set, always the same ones, and their classes if it has classes."""
    import numpy as np
    import torch

    if model.variant.kind == "curves":
        return data.seeded_curves(name, n, seed=0), None
    pixels, labels = data.image_arrays(name)
    rows = np.linspace(0, len(pixels) - 1, n).astype(int)
    x = data.to_range(torch.from_numpy(pixels[rows]), model.G.pixels)
    return x, torch.from_numpy(labels[rows].astype("int64")) if model.variant.classes else None
