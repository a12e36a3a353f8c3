"""A data set as training takes it, on the device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_core.data.curves import CurveData, sine_family, sine_fixed
from gan_core.data.images import ImageData, image_arrays

if TYPE_CHECKING:
    import torch

Data = ImageData | CurveData


def load(name: str, device: torch.device) -> Data:
    """The training part of a data set, on the device. Raises AtelierError if it is not there; never takes another instead."""
    if name == "sine-fixed":
        return CurveData(sine_fixed, device)
    if name == "sine-family":
        return CurveData(sine_family, device)
    pixels, labels = image_arrays(name)
    return ImageData(pixels, labels, device)
