"""What a digit looks like in numbers: slant, thickness, width, height, length, loops, brightness.

Source: Castro et al. 2019, Morpho-MNIST, arXiv:1809.10780, section 2.2: the image is enlarged SCALE times, cut at half of its range, and
measured as a shape; what differs from it stands at each measure.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch.nn.functional as F
from jaxtyping import Float
from scipy import ndimage
from torch import Tensor

UnitImages = Float[Tensor, "N 1 28 28"]  # black 0, white 1
Binary = np.ndarray  # bool [N, H, W]

SCALE = 4  # times larger than the image is the grid on which shapes are measured
MARGIN = 0.02  # share of the ink that may lie outside the box on each side
BLOCK = 500  # images at a time
MANY = 1_000_000  # pairs of pixels whose distances are computed one by one
LEAST_RANGE = 0.1  # an image whose greys span less than this is blank


class Morphology(NamedTuple):
    """Each an array [N]; lengths in pixels of the original image. Of a blank image all are 0."""

    slant: np.ndarray
    "how far the stroke leans to the right, in degrees from upright; negative: to the left"
    thickness: np.ndarray
    "of the stroke, mean over its length"
    width: np.ndarray
    "of the box around the shape once its slant is taken out, but for MARGIN of the ink on each side"
    height: np.ndarray
    "of that box"
    length: np.ndarray
    "of the stroke"
    area: np.ndarray
    "of the shape, in pixels"
    loops: np.ndarray
    "holes of at least one pixel: none in a 1, one in a 0, two in an 8 (not in Morpho-MNIST)"
    brightness: np.ndarray
    "mean grey level of the whole image, 0 black, 1 white"


def measure(x: UnitImages) -> Morphology:
    """All measures of each image, about a millisecond an image."""
    parts = [_measure(block) for block in x.detach().cpu().split(BLOCK)]
    return Morphology(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _measure(x: UnitImages) -> Morphology:
    shape = binary(x)
    inked = shape.any((1, 2))
    slant, width, height = _box(shape)
    thickness, length = _stroke(shape)
    grey = x.double().mean((1, 2, 3)).numpy()
    area = shape.sum((1, 2)) / SCALE**2
    of_shape = [np.where(inked, m, 0.0) for m in (slant, thickness, width, height, length, area, holes(shape))]
    return Morphology._make([*of_shape, grey])


def binary(x: UnitImages) -> Binary:
    """The shape of each image on a grid SCALE times finer: enlarged (bicubic), cut at half of its range. Blank: nothing."""
    large = F.interpolate(x.float(), scale_factor=SCALE, mode="bicubic", align_corners=False).squeeze(1)
    low, high = large.amin((1, 2), keepdim=True), large.amax((1, 2), keepdim=True)
    return ((large >= (low + high) / 2) & (high - low > LEAST_RANGE)).numpy()


def _box(shape: Binary) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Slant [degrees], width and height [pixels].

    With the moments u of the shape, y downwards, a row at y is moved by s = u11 / u02 a pixel: the slant is -atan s. Width is measured
    on rows moved back, and both sides as quantiles of the ink, MARGIN and 1 - MARGIN.
    """
    n, rows, columns = shape.shape
    y, x = np.arange(rows, dtype=float), np.arange(columns, dtype=float)
    along_x, along_y = shape.sum(1, dtype=float), shape.sum(2, dtype=float)  # ink of each column, of each row
    mass = np.maximum(along_x.sum(1), 1)
    cx, cy = along_x @ x / mass, along_y @ y / mass
    u02 = along_y @ y**2 / mass - cy**2
    xs = (shape.reshape(n * rows, columns).astype(np.float32) @ x.astype(np.float32)).reshape(n, rows)  # sum of x in each row
    u11 = xs @ y / mass - cx * cy
    shear = u11 / np.maximum(u02, 1e-9)
    which, row, column = shape.nonzero()
    upright = np.rint(column - shear[which] * (row - cy[which])).astype(int) + rows  # a shear by more than the height is cut
    bins = columns + 2 * rows
    moved = np.bincount(which * bins + upright.clip(0, bins - 1), minlength=n * bins).reshape(n, bins)
    return -np.degrees(np.arctan(shear)), _side(moved.astype(float)) / SCALE, _side(along_y) / SCALE


def _side(ink: np.ndarray) -> np.ndarray:
    """The side of a box by the ink along it [N, L]: between its quantiles MARGIN and 1 - MARGIN, made up for what these leave out."""
    reached = ink.cumsum(1)
    reached /= np.maximum(reached[:, -1:], 1)
    ends = []
    for share in (MARGIN, 1 - MARGIN):
        at = (reached < share).sum(1).clip(0, ink.shape[1] - 1)  # the bin in which the quantile lies
        below = np.where(at > 0, np.take_along_axis(reached, np.maximum(at - 1, 0)[:, None], 1)[:, 0], 0.0)
        inside = np.take_along_axis(reached, at[:, None], 1)[:, 0] - below
        ends.append(at + np.where(inside > 0, (share - below) / np.maximum(inside, 1e-12), 0.0))
    return (ends[1] - ends[0]) / (1 - 2 * MARGIN)  # of an even bar this is the whole side


_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))  # clockwise, from above


def _table(first: bool) -> np.ndarray:
    """Which of the 256 neighbourhoods lets a pixel be taken away in a half-step of thinning, bool [256]."""
    codes = np.arange(256)
    p = [(codes >> k) & 1 for k in range(8)]
    count = sum(p)
    turns = sum((p[k] == 0) & (p[(k + 1) % 8] == 1) for k in range(8))
    up, right, down, left = p[0], p[2], p[4], p[6]
    sides = (up * right * down == 0) & (right * down * left == 0) if first else (up * right * left == 0) & (up * down * left == 0)
    return (count >= 2) & (count <= 6) & (turns == 1) & sides


_TABLES = _table(True), _table(False)


def skeleton(shape: Binary) -> Binary:
    """The line along the middle of each stroke, one pixel wide. Source: Zhang & Suen 1984, doi:10.1145/357994.358023."""
    padded = np.pad(shape, ((0, 0), (1, 1), (1, 1))).astype(np.uint8)
    flat, width = padded.reshape(-1), padded.shape[2]
    inked = flat.nonzero()[0]
    taken = True
    while taken:
        taken = False
        for table in _TABLES:
            code = np.zeros(len(inked), np.uint8)
            for k, (down, right) in enumerate(_AROUND):
                code |= flat[inked + down * width + right] << np.uint8(k)
            gone = table[code]
            flat[inked[gone]] = 0
            inked = inked[~gone]
            taken = taken or bool(gone.any())
    return padded[:, 1:-1, 1:-1].astype(bool)


def _stroke(shape: Binary) -> tuple[np.ndarray, np.ndarray]:
    """Thickness, twice the mean distance from the skeleton to the ground, and length of the skeleton, both in pixels.

    The skeleton ends about half a thickness before the stroke does, so an open stroke is measured about a thickness too short.
    """
    line = skeleton(shape)
    edge = ndimage.binary_dilation(shape, np.ones((1, 3, 3), bool)) & ~shape  # the ground nearest to any pixel is among these
    n = len(shape)
    thickness = np.zeros(n)
    of_line, of_edge = line.reshape(n, -1).sum(1), edge.reshape(n, -1).sum(1)
    at, ground = (np.stack(mask.nonzero()[1:], 1).astype(np.float32) for mask in (line, edge))
    for i, (a, g) in enumerate(zip(np.split(at, of_line.cumsum()[:-1]), np.split(ground, of_edge.cumsum()[:-1]), strict=True)):
        if len(a) * len(g) > MANY:  # noise: there the distance of every pixel is the cheaper way
            distance = ndimage.distance_transform_edt(shape[i])[line[i]]
        elif len(a) and len(g):
            distance = np.sqrt(np.maximum(((a**2).sum(1)[:, None] - 2 * a @ g.T + (g**2).sum(1)).min(1), 0))
        else:
            continue
        thickness[i] = 2 * distance.mean() / SCALE
    straight = (line[:, 1:] & line[:, :-1]).sum((1, 2)) + (line[:, :, 1:] & line[:, :, :-1]).sum((1, 2))
    falling = line[:, 1:, 1:] & line[:, :-1, :-1] & ~line[:, 1:, :-1] & ~line[:, :-1, 1:]
    rising = line[:, 1:, :-1] & line[:, :-1, 1:] & ~line[:, 1:, 1:] & ~line[:, :-1, :-1]
    diagonal = falling.sum((1, 2)) + rising.sum((1, 2))
    return thickness, (straight + np.sqrt(2) * diagonal) / SCALE


def holes(shape: Binary) -> np.ndarray:
    """Pieces of ground that the shape encloses and that are at least a pixel of the original large, [N].

    Shapes hold together by corners too, the ground by sides only, as the Euler number of an image asks.
    """
    ground = np.pad(~shape, ((0, 0), (1, 1), (1, 1)), constant_values=True)
    structure = np.zeros((3, 3, 3), bool)
    structure[1] = ndimage.generate_binary_structure(2, 1)
    labels, count = ndimage.label(ground, structure)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    first = np.zeros(count + 1, int)
    first[labels.reshape(-1)[::-1]] = np.arange(labels.size)[::-1]
    enclosed = sizes >= SCALE**2
    enclosed[0] = False
    enclosed[np.unique(labels[:, 0, 0])] = False  # what reaches the border
    return np.bincount(first[enclosed] // (labels.shape[1] * labels.shape[2]), minlength=len(shape)).astype(float)
