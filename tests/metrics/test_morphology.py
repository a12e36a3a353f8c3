"""Measures of digits on drawn shapes whose measures are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from gan_core.metrics import morphology

FINE = 16  # shapes are drawn this many times larger, then shrunk: smooth edges, as scanned digits have


def drawn(draw) -> torch.Tensor:
    """A picture [1, 1, 28, 28] of what `draw(pen, s)` paints in white; s scales lengths."""
    canvas = Image.new("L", (28 * FINE, 28 * FINE))
    draw(ImageDraw.Draw(canvas), FINE)
    small = canvas.resize((28, 28), Image.Resampling.BOX)
    return torch.from_numpy(np.asarray(small, dtype=np.float32) / 255)[None, None]


def bar(width: float, height: float, lean: float = 0.0) -> torch.Tensor:
    """An upright bar around the centre, sheared so that it leans to the right by `lean` degrees."""
    run = math.tan(math.radians(lean)) * height / 2

    def draw(pen, s):
        top, bottom = 14 - height / 2, 14 + height / 2
        corners = [(14 + run - width / 2, top), (14 + run + width / 2, top), (14 - run + width / 2, bottom), (14 - run - width / 2, bottom)]
        pen.polygon([(x * s, y * s) for x, y in corners], fill=255)

    return drawn(draw)


def ring(radius: float, thickness: float, x: float = 14, y: float = 14):
    def draw(pen, s):
        half = thickness / 2
        for r, grey in ((radius + half, 255), (radius - half, 0)):
            pen.ellipse([(x - r) * s, (y - r) * s, (x + r) * s, (y + r) * s], fill=grey)

    return draw


def of(x: torch.Tensor) -> dict[str, float]:
    return {name: float(values[0]) for name, values in morphology.measure(x)._asdict().items()}


@pytest.mark.parametrize("lean", [-30.0, -10.0, 0.0, 15.0, 35.0])
def test_a_sheared_bar_leans_as_it_was_sheared_and_keeps_its_width(lean):
    found = of(bar(4, 20, lean))
    assert found["slant"] == pytest.approx(lean, abs=1.0)
    assert found["width"] == pytest.approx(4, abs=0.4)
    assert found["height"] == pytest.approx(20, abs=0.4)


@pytest.mark.parametrize("thickness", [2.0, 3.0, 4.5])
def test_thickness_length_and_area_of_a_bar(thickness):
    found = of(bar(thickness, 20))
    assert found["thickness"] == pytest.approx(thickness, abs=0.3)
    assert found["length"] == pytest.approx(20 - thickness, abs=1.5)  # the skeleton ends half a thickness before the bar does
    assert found["area"] == pytest.approx(20 * thickness, rel=0.04)
    assert found["brightness"] == pytest.approx(20 * thickness / 28**2, rel=0.05)  # drawing counts the pixels on the border in
    assert found["loops"] == 0


def test_a_ring_has_one_hole_and_the_length_of_its_circle():
    found = of(drawn(ring(8, 3)))
    assert found["loops"] == 1
    assert found["thickness"] == pytest.approx(3, abs=0.4)
    assert found["length"] == pytest.approx(2 * math.pi * 8, rel=0.12)  # steps along pixels are up to a tenth longer than the curve
    assert found["width"] == pytest.approx(19, abs=1.0)
    assert found["slant"] == pytest.approx(0, abs=1)


def test_an_eight_has_two_holes_and_a_speck_counts_for_none():
    def eight(pen, s):
        ring(4.5, 2.5, y=8.5)(pen, s)
        ring(4.5, 2.5, y=19)(pen, s)

    assert of(drawn(eight))["loops"] == 2

    def pierced(pen, s):
        pen.rectangle([10 * s, 4 * s, 18 * s, 24 * s], fill=255)
        pen.rectangle([14 * s, 14 * s, 14.6 * s, 14.6 * s], fill=0)

    assert of(drawn(pierced))["loops"] == 0


def test_blank_images_measure_nothing_and_do_not_disturb_others():
    x = torch.cat([torch.zeros(1, 1, 28, 28), bar(3, 20, 20), torch.ones(1, 1, 28, 28), 0.5 + 0.01 * torch.rand(1, 1, 28, 28)])
    found = morphology.measure(x)
    assert all(np.isfinite(values).all() for values in found)
    assert [float(v[0]) for v in found] == [0] * 8
    assert found.area[2] == 0
    assert found.brightness[2] == 1
    assert found.slant[1] == pytest.approx(20, abs=1)


def test_the_skeleton_is_a_line_and_lies_in_its_shape():
    shape = morphology.binary(drawn(ring(8, 4)))
    line = morphology.skeleton(shape)
    assert not (line & ~shape).any()
    assert morphology.holes(line)[0] == 1
    squares = line[:, :-1, :-1] & line[:, 1:, :-1] & line[:, :-1, 1:] & line[:, 1:, 1:]
    assert not squares.any()


def test_contrast_does_not_change_the_shape():
    dim, bright = of(0.4 * bar(3, 20)), of(bar(3, 20))
    for name in ("slant", "thickness", "width", "height", "length", "area", "loops"):
        assert dim[name] == pytest.approx(bright[name], abs=0.1), name
    assert dim["brightness"] == pytest.approx(0.4 * bright["brightness"], rel=1e-3)
