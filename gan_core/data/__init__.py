"""Data sets: real digits that are built in, the MNIST family in a folder, and samplers of sine curves."""

from gan_core.data.curves import CurveData, seeded_curves, sine_abscissae, sine_family, sine_fixed
from gan_core.data.download import download
from gan_core.data.images import ImageData, image_arrays, in_grey_levels, to_bytes, to_range, to_unit
from gan_core.data.loading import Data, load
from gan_core.data.registry import CLASSES, DATA_SETS, DIGITS, DataSet, data_folder

__all__ = [
    "CLASSES",
    "DATA_SETS",
    "DIGITS",
    "CurveData",
    "Data",
    "DataSet",
    "ImageData",
    "data_folder",
    "download",
    "image_arrays",
    "in_grey_levels",
    "load",
    "seeded_curves",
    "sine_abscissae",
    "sine_family",
    "sine_fixed",
    "to_bytes",
    "to_range",
    "to_unit",
]
