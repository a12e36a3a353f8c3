"""Where a discriminator looks and where its scores stand: against values worked out by other means."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from gan_core import data, runs
from gan_core.digits import preprocess
from gan_core.gans.variants import VARIANTS
from gan_core.jobs.recorder import work
from gan_core.metrics import judge
from gan_core.trained import saliency, scores
from gan_core.trained.model import Trained, load
from tests.configs import small


class Linear(nn.Module):
    """ask(x) = sum of w x, so that every map is known."""

    def __init__(self) -> None:
        super().__init__()
        self.w = torch.randn(28, 28, generator=torch.Generator().manual_seed(3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x[:, 0] * self.w).sum((1, 2))


def some(row: int = 1234) -> np.ndarray:
    return data.image_arrays("digits-5k")[0][row]


@pytest.mark.parametrize("black", [0.0, -1.0])
def test_gradient_times_input_adds_up_for_a_linear_question(black: float) -> None:
    ask = Linear()
    x = data.to_range(torch.from_numpy(some())[None], (black, 1.0))
    heat = saliency.gradient_times_input(ask, x, black)
    assert heat.shape == (28, 28)
    np.testing.assert_allclose(heat, (ask.w * (x[0, 0] - black)).numpy(), rtol=1e-5)
    assert heat.sum() == pytest.approx(float(ask(x) - ask(torch.full_like(x, black))), rel=1e-4)
    assert (heat[some() == 0] == 0).all(), "where there is no ink nothing speaks"


@pytest.mark.parametrize("black", [0.0, -1.0])
def test_occlusion_is_the_fall_when_a_square_is_hidden(black: float) -> None:
    ask = Linear()
    x = data.to_range(torch.from_numpy(some())[None], (black, 1.0))
    heat = saliency.occlusion(ask, x, black)
    assert heat.shape == (28, 28)
    ink = (ask.w * (x[0, 0] - black)).numpy()
    for i, j in ((0, 0), (10, 14), (12, 8), (26, 26)):
        hidden = ink[max(0, i - 2) : i + 3, max(0, j - 2) : j + 3].sum()
        assert heat[i, j] == pytest.approx(hidden, abs=1e-3)
        assert heat[i + 1, j + 1] == heat[i, j]


IMAGES = [(name, recipe) for name, v in VARIANTS.items() if v.kind == "images" for recipe in v.recipes]


@pytest.mark.parametrize(("name", "recipe"), IMAGES)
def test_the_first_layer_of_every_image_discriminator_can_be_seen(name: str, recipe: str) -> None:
    _, D = VARIANTS[name].networks[recipe].build()
    what, maps = saliency.first_layer(D)
    assert maps.ndim == 3
    assert maps.shape[1] == maps.shape[2]
    assert str(maps.shape[1]) in what
    strength = (maps**2).sum((1, 2))
    assert (np.diff(strength) <= 1e-6).all(), "the strongest first"
    tiles = saliency.tiles(maps, 8, 2)
    assert tiles.dtype == np.uint8
    assert tiles.shape[2] == 3


def test_colours_say_which_way_a_place_speaks() -> None:
    heat = np.zeros((4, 4))
    heat[0, 0], heat[3, 3] = 2.0, -2.0
    colours = saliency.coloured(heat, np.full((4, 4), 200, np.uint8))
    assert tuple(colours[0, 0]) == saliency.FOR
    assert tuple(colours[3, 3]) == saliency.AGAINST
    assert colours[1, 1].tolist() == [70, 70, 70]
    assert not saliency.coloured(np.zeros((4, 4))).any()


@pytest.mark.parametrize(("value", "share"), [(0.0, 0.0), (1.0, 0.1), (3.0, 0.6), (2.5, 0.4), (9.0, 1.0)])
def test_below_counts_ties_half(value: float, share: float) -> None:
    assert scores.below(value, np.array([1.0, 2.0, 3.0, 3.0, 4.0])) == pytest.approx(share)


def trained(name: str) -> Trained:
    run = runs.new(small(name, steps=3))
    for _ in work(run):
        pass
    return load(run)


@pytest.mark.parametrize("name", ["ssgan", "cgan", "wgan"])
def test_scores_are_those_of_the_discriminator(name: str) -> None:
    model = trained(name)
    pixels, labels = data.image_arrays("digits-5k")
    known = scores.reference(model, pixels[::200], labels[::200])
    assert len(known.real) == len(known.fake) == 25
    assert (np.diff(known.real) >= 0).all()
    assert (np.diff(known.fake) >= 0).all()
    first = scores.score(model, pixels[0], int(labels[0]))
    assert np.abs(known.real - first).min() < 1e-4, "the first of them is among the scores"
    low, high = model.G.pixels
    y = torch.tensor([int(labels[0])]) if model.variant.classes else None
    x = torch.tensor(pixels[0][None, None] / 255 * (high - low) + low, dtype=torch.float32)
    assert first == pytest.approx(float(model.scores(x, y)), abs=1e-4)
    ask = scores.ask_real(model, int(labels[0]))
    assert float(ask(x)) == pytest.approx(first, abs=1e-4)
    assert saliency.gradient_times_input(ask, x, low).any()


def test_eleven_answers_and_a_reading_are_the_softmax_of_d() -> None:
    model = trained("ssgan")
    pixels, labels = data.image_arrays("digits-5k")
    pixels, labels = pixels[::50], labels[::50]
    p = scores.answers(model, pixels[3])
    logits = model.D(scores.image(pixels[3], model), None)[0].double()
    assert p == pytest.approx((logits.exp() / logits.exp().sum()).tolist(), rel=1e-4)
    reading = scores.read(model, pixels, labels, most=5)
    said = [int(model.D(scores.image(image, model), None)[0, :10].argmax()) for image in pixels]
    assert reading.error == pytest.approx(np.mean(np.array(said) != labels))
    assert reading.confusion.sum() == len(labels)
    assert reading.confusion.sum(1).tolist() == [10] * 10
    assert np.trace(reading.confusion) == sum(np.array(said) == labels)
    assert len(reading.worst) == 5
    for row, is_, names, _ in reading.worst:
        assert (labels[row], said[row]) == (is_, names)
        assert is_ != names
    assert [s for *_, s in reading.worst] == sorted((s for *_, s in reading.worst), reverse=True)
    question = saliency.asking(lambda x: model.D(x, None), 4)
    q = (logits[:10].exp() / logits[:10].exp().sum())[4].item()
    assert float(question(scores.image(pixels[3], model))[0]) == pytest.approx(np.log(q / (1 - q)), abs=1e-3)


def test_the_judge_reads_as_it_does_elsewhere() -> None:
    pixels, labels = data.image_arrays("digits-5k")
    rows = range(0, 5000, 250)
    read = [int(np.argmax(scores.judged(pixels[i]))) for i in rows]
    _, opinions = judge.look(data.to_range(torch.from_numpy(pixels[list(rows)]), (0.0, 1.0)))
    assert read == opinions.tolist()
    assert np.mean(np.array(read) == labels[list(rows)]) > 0.9
    assert sum(scores.judged(pixels[0])) == pytest.approx(1.0, abs=1e-4)


def test_a_prepared_digit_is_read_like_the_original() -> None:
    pixels = some(3300)
    again = preprocess.prepare(pixels.repeat(10, 0).repeat(10, 1)).digit
    assert np.argmax(scores.judged(again)) == np.argmax(scores.judged(pixels))
