"""A data set as training takes it, on the device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_core.data.curves import SAMPLERS, CurveData
from gan_core.data.images import ImageData, image_arrays

if TYPE_CHECKING:
    import torch

Data = ImageData | CurveData


def load(name: str, device: torch.device) -> Data:
    """The training part of a data set, on the device. Raises AtelierError if it is not there; never takes another instead."""
    if name in SAMPLERS:
        return CurveData(SAMPLERS[name], device)
    pixels, labels = image_arrays(name)
    return ImageData(pixels, labels, device)
