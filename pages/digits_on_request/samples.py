"""What conditional generators drew, and what the judge reads in it, kept for all visitors: asked for once more it is there at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from gan_core import data, pictures
from gan_core.runs import Run
from gan_core.translation import _
from pages.shared import models

if TYPE_CHECKING:
    import numpy as np
    import torch

    from gan_core.trained.model import Trained

SEED = 2  # of the digits counted for the table of asked and read; evaluations take others
BLOCK = 100  # images at a time: more are slower, for the memory they walk through


class Drawn(NamedTuple):
    """Images, and what the judge makes of them."""

    images: np.ndarray
    "grey levels [n, 28, 28]"
    read: tuple[int, ...]
    "the digit that the judge reads in each; empty where it cannot read, as it was taught digits only"
    sure: tuple[float, ...]
    "how sure it is of it, 0 to 1"


class Real(NamedTuple):
    """Real images, and where they are from."""

    images: np.ndarray
    "grey levels [n, 28, 28]"
    source: str
    "the name of their data set"


def digits(run: Run, seed: int, labels: tuple[int, ...], one_z: bool = False) -> Drawn:
    """An image of each class asked for: each from its own z drawn with the seed, or all from the first of these."""
    return _digits(*_of(run), seed, labels, one_z)


def styles(run: Run, seed: int, rows: int) -> Drawn:
    """All classes from one z a row; the z of row i is the one that seed + i draws, so that the explorer finds it by that seed."""
    return _styles(*_of(run), seed, rows)


def blends(run: Run, seed: int, first: int, second: int, steps: int) -> Drawn:
    """The z of the seed with shares of two classes, from the first alone to the second alone."""
    return _blends(*_of(run), seed, first, second, steps)


def real_ones(run: Run, seed: int, nearest: bool) -> Real | None:
    """A real image of each class: the one nearest in pixels to what G draws from the z of this seed, or any, drawn with the seed.

    From the data that G learned, or for digits from the built-in ones; None where there are none of its kind on this machine.
    """
    name = run.config.data
    if not data.DATA_SETS[name].present:
        if not judged(run):
            return None
        name = "digits-5k"
    return _real_ones(*_of(run), seed, nearest, name)


def confusion(run: Run, each: int) -> list[list[int]]:
    """How many of `each` images of every digit (row) the judge reads as every digit (column)."""
    return _confusion(*_of(run), each)


@st.cache_data(max_entries=256, show_spinner=False)
def mosaic(images: np.ndarray, columns: int) -> bytes:
    """Images as one PNG, `columns` in a row."""
    return pictures.mosaic(images, columns)


def judged(run: Run) -> bool:
    """Can the judge read what this run draws?"""
    return run.config.data in data.DIGITS


def reading(shown: Drawn, i: int) -> str:
    """What the judge says of one of them, as a sentence."""
    return _("The judge reads {read} and is {sure:.1%} sure.").format(read=shown.read[i], sure=shown.sure[i])


def named(label: int, read: int | None) -> str:
    """An image for those who cannot see it: the class that was asked for, and what the judge reads if it reads it."""
    if read is None:
        return _("class {label}").format(label=label)
    return _("class {label}, the judge reads {read}").format(label=label, read=read)


def misread(wrong: Sequence[str], n: int) -> str:
    """How many of n the judge reads as another digit than was asked for, as a sentence. `wrong` says it of each; three are named."""
    if not wrong:
        return _("All are read as requested.")
    more = ", …" if len(wrong) > 3 else ""
    return _("The judge misreads {wrong} of {n}: {which}.").format(wrong=len(wrong), n=n, which=", ".join(wrong[:3]) + more)


def _of(run: Run) -> tuple[str, str, bool]:
    """What the answers hang on: folder, weights, and whether the judge can read."""
    return str(run.folder), run.weights.name if run.weights else "", judged(run)


@st.cache_data(max_entries=256, show_spinner=False)
def _digits(folder: str, weights: str, readable: bool, seed: int, labels: tuple[int, ...], one_z: bool) -> Drawn:
    model = models.opened(Run(folder))
    n = len(labels)
    z = model.latents(1, seed).expand(n, -1) if one_z else model.latents(n, seed)
    return _drawn(model, z, models.classes(labels, n), readable)


@st.cache_data(max_entries=256, show_spinner=False)
def _styles(folder: str, weights: str, readable: bool, seed: int, rows: int) -> Drawn:
    import torch

    model = models.opened(Run(folder))
    k = model.variant.classes
    z = torch.cat([model.latents(1, seed + i) for i in range(rows)]).repeat_interleave(k, 0)
    return _drawn(model, z, torch.arange(k).repeat(rows), readable)


@st.cache_data(max_entries=256, show_spinner=False)
def _blends(folder: str, weights: str, readable: bool, seed: int, first: int, second: int, steps: int) -> Drawn:
    import torch

    model = models.opened(Run(folder))
    share = torch.linspace(0, 1, steps)
    y = torch.zeros(steps, model.variant.classes)
    y[:, first] += 1 - share
    y[:, second] += share
    return _drawn(model, model.latents(1, seed).expand(steps, -1), y, readable)


@st.cache_data(max_entries=256, show_spinner=False)
def _real_ones(folder: str, weights: str, readable: bool, seed: int, nearest: bool, name: str) -> Real:
    import numpy as np
    import torch

    from gan_core.metrics import memorisation

    pixels, labels = data.image_arrays(name)
    k = int(labels.max()) + 1
    groups = [np.flatnonzero(labels == c) for c in range(k)]
    if nearest:
        own = torch.from_numpy(_digits(folder, weights, readable, seed, tuple(range(k)), True).images).flatten(1).float()
        clouds = [torch.from_numpy(pixels[rows]).flatten(1).float() for rows in groups]
        chosen = [rows[int(memorisation.nearest_rows(own[c : c + 1], clouds[c])[0])] for c, rows in enumerate(groups)]
    else:
        random = np.random.default_rng(seed)
        chosen = [random.choice(rows) for rows in groups]
    return Real(pixels[chosen], name)


@st.cache_data(max_entries=64, show_spinner=False)
def _confusion(folder: str, weights: str, readable: bool, each: int) -> list[list[int]]:
    import torch

    from gan_core.metrics import classes
    from gan_core.networks import blocks

    model = models.opened(Run(folder))
    k = model.variant.classes
    labels = torch.arange(each * k) % k
    z = model.latents(len(labels), SEED)
    drawn = [_drawn(model, *block, readable).read for block in blocks(z, labels, BLOCK)]
    return classes.confusion(torch.tensor([read for block in drawn for read in block]), labels, k)


def _drawn(model: Trained, z: torch.Tensor, y: torch.Tensor | None, readable: bool) -> Drawn:
    import torch

    from gan_core.metrics import judge

    images = model.grey(model.generate(z, y))
    if not readable:
        return Drawn(images, (), ())
    sure, read = judge.probabilities(data.to_range(torch.from_numpy(images), (0.0, 1.0))).max(1)
    return Drawn(images, tuple(read.tolist()), tuple(sure.tolist()))
