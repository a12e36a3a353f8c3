"""Ways through a latent space, against values worked out by hand."""

from __future__ import annotations

import math

import pytest
import torch

from gan_core.gans.priors import Normal, Uniform, lerp, slerp
from gan_core.trained import paths

CUBE, BALL = Uniform(2, -1.0, 1.0), Normal(2)
RIGHT, UP = torch.tensor([[2.0, 0.0]]), torch.tensor([[0.0, 4.0]])


def close(a, b, tolerance=1e-6):
    torch.testing.assert_close(a, torch.as_tensor(b, dtype=a.dtype), atol=tolerance, rtol=0)


def test_lerp_is_the_straight_line():
    close(lerp(RIGHT, UP, 0.25), [[1.5, 1.0]])
    close(lerp(RIGHT[0], UP[0], torch.tensor([0.0, 0.5, 1.0])), [[2, 0], [1, 2], [0, 4]])


def test_slerp_turns_evenly_and_goes_evenly_from_one_length_to_the_other():
    third = slerp(RIGHT, UP, 1 / 3)  # 30 of 90 degrees, length 2 + 2/3
    close(third, [[8 / 3 * math.cos(math.pi / 6), 8 / 3 * math.sin(math.pi / 6)]])
    close(slerp(RIGHT, UP, 0.0), RIGHT)
    close(slerp(RIGHT, UP, 1.0), UP)


@pytest.mark.parametrize("other", [RIGHT, -RIGHT, 0 * RIGHT, RIGHT + 1e-7], ids=["same", "opposite", "zero", "all but the same"])
def test_slerp_without_a_great_circle_takes_the_straight_line(other):
    close(slerp(RIGHT, other, 0.25), 0.75 * RIGHT + 0.25 * other, 1e-5)


def test_normal_draws_keep_their_length_on_the_way_and_uniform_ones_their_cube():
    torch.manual_seed(0)
    a, b = torch.randn(2, 100)
    t = torch.linspace(0, 1, 11)
    lengths = Normal(100).interpolate(a, b, t).norm(dim=1)
    assert lengths.min() > 0.99 * min(a.norm(), b.norm())
    assert lerp(a, b, t).norm(dim=1).min() < 0.8 * lengths.min()
    corner = torch.ones(100)
    assert torch.equal(Uniform(100, -1, 1).interpolate(corner, -corner, 0.5), 0 * corner)
    assert "slerp" in BALL.interpolation_reason
    assert "lerp" in CUBE.interpolation_reason


def test_the_plane_has_its_anchors_at_the_origin_and_at_one():
    anchors = torch.tensor([[1.0, 0.0], [0.0, 1.0], [-0.5, -0.5]])
    for prior in (CUBE, BALL):
        close(paths.plane(prior, anchors, torch.tensor([0.0, 1.0, 0.0]), torch.tensor([0.0, 0.0, 1.0])), anchors)
    close(paths.plane(CUBE, anchors, 0.5, 0.5), [[-0.25, 0.25]])
    close(paths.plane(CUBE, anchors, 2.0, 0.0), [[-1.0, 1.0]])  # (-1, 2), cut at the cube's side
    close(paths.plane(BALL, anchors, 0.5, 0.0), [[math.sqrt(0.5), math.sqrt(0.5)]])  # halfway, as long as both


def test_arithmetic_gives_back_what_it_should():
    torch.manual_seed(1)
    for prior in (Normal(30), Uniform(30, 0.0, 1.0)):
        a, b = prior.sample(2, torch.device("cpu")).split(1)
        close(paths.arithmetic(prior, a, b, b), a, 1e-5)
        close(paths.arithmetic(prior, a, a, b), b, 1e-5)
    close(paths.arithmetic(CUBE, torch.tensor([[0.5, 1.0]]), torch.tensor([[0.25, -1.0]]), torch.tensor([[0.5, 0.0]])), [[0.75, 1.0]])
    # lengths 2 - 1 + 2 = 3, direction (2, 0) - (1, 0) + (0, 2) = (1, 2)
    of_length_3 = paths.arithmetic(BALL, RIGHT, torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 2.0]]))
    close(of_length_3, [[3 / math.sqrt(5), 6 / math.sqrt(5)]])


def test_truncation_goes_to_the_centre_of_the_prior():
    close(paths.truncate(BALL, RIGHT, 0.5), [[1.0, 0.0]])
    close(paths.truncate(Uniform(2, 0.0, 1.0), torch.tensor([[1.0, 0.2]]), 0.5), [[0.75, 0.35]])
    close(paths.truncate(Uniform(2, 0.0, 1.0), torch.tensor([[1.0, 0.2]]), 0.0), [[0.5, 0.5]])


def test_moving_ends_where_a_uniform_prior_does():
    up = torch.tensor([0.0, 1.0])
    close(paths.moved(CUBE, torch.tensor([[0.5, 0.5]]), up, 2.0), [[0.5, 1.0]])
    close(paths.moved(BALL, torch.tensor([[0.5, 0.5]]), up, torch.tensor([2.0, -1.0])), [[0.5, 2.5], [0.5, -0.5]])


def cubed(z):
    """Curves that change fast far from the middle and slowly near it."""
    return z**3


def test_a_loop_goes_through_its_stops_at_constant_visual_speed():
    line = Uniform(1, -1.0, 1.0)
    stops = torch.tensor([[-1.0], [1.0]])
    z = paths.loop(line, stops, cubed, frames=40, fine=400)
    seen = cubed(torch.cat([z, z[:1]]))
    steps = (seen[1:] - seen[:-1]).abs()
    assert z.shape == (40, 1)
    close(z[0], stops[0])
    close(z[20], stops[1], 1e-2)
    assert steps.max() < 1.05 * steps.min()
    at_constant_t = cubed(lerp(stops[0], stops[1], torch.linspace(0, 1, 21))).diff(dim=0).abs()
    assert at_constant_t.max() > 50 * at_constant_t.min()


def test_a_way_from_a_to_b_has_both_ends_and_even_steps():
    z = paths.even(Uniform(1, -1.0, 1.0), torch.tensor([-1.0]), torch.tensor([1.0]), cubed, frames=9, fine=800)
    close(z[[0, -1]], [[-1.0], [1.0]], 1e-4)
    close(cubed(z), torch.linspace(-1, 1, 9)[:, None], 1e-2)


def test_a_loop_of_one_stop_or_of_pictures_that_do_not_change_stands_on_its_stops():
    one = paths.loop(BALL, RIGHT, cubed, frames=5)
    assert torch.equal(one, RIGHT.expand(5, 2))
    flat = paths.loop(CUBE, torch.tensor([[0.0, 0.0], [1.0, 0.0]]), lambda z: 0 * z, frames=4, fine=8)
    close(flat, [[0, 0], [0.5, 0], [1, 0], [0.5, 0]])
