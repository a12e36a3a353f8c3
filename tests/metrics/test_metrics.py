"""Every metric against a value worked out by other means."""

import math

import numpy as np
import pytest
import torch

from gan_core import data
from gan_core.metrics import classes, curves, frechet, gan_train, judge, judge_training, manifold, memorisation

GENERATOR = torch.Generator().manual_seed(0)


def exact_gaussian(mean: list[float], sds: list[float], n: int = 4000) -> torch.Tensor:
    """Points whose sample mean and covariance are exactly these (axes rotated by 0.3 rad, the same for every cloud)."""
    x = torch.randn(n, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    x = x - x.mean(0)
    x = x @ torch.linalg.inv(torch.linalg.cholesky(torch.cov(x.T))).T
    turn = torch.tensor([[math.cos(0.3), -math.sin(0.3)], [math.sin(0.3), math.cos(0.3)]], dtype=torch.float64)
    return (x * torch.tensor(sds, dtype=torch.float64)) @ turn.T + torch.tensor(mean, dtype=torch.float64)


def test_frechet_distance_of_two_known_gaussians():
    a, b = exact_gaussian([0, 0], [1, 2]), exact_gaussian([3, -4], [2, 5])
    # same axes: |m|^2 + sum (s_a - s_b)^2 = 25 + 1 + 9
    assert frechet.frechet_distance(a, b) == pytest.approx(35, rel=1e-9)
    assert frechet.frechet_distance(b, a) == pytest.approx(35, rel=1e-9)
    assert frechet.frechet_distance(a, a) == pytest.approx(0, abs=1e-9)


def test_frechet_distance_of_gaussians_that_do_not_commute_against_the_matrix_root():
    g = torch.Generator().manual_seed(3)
    a = torch.randn(500, 6, dtype=torch.float64, generator=g) @ torch.randn(6, 6, dtype=torch.float64, generator=g)
    b = torch.randn(400, 6, dtype=torch.float64, generator=g) + 0.5
    values = torch.linalg.eigvals(torch.cov(a.T) @ torch.cov(b.T))  # tr (S_a S_b)^1/2
    expected = (a.mean(0) - b.mean(0)).square().sum() + torch.cov(a.T).trace() + torch.cov(b.T).trace() - 2 * values.sqrt().real.sum()
    assert frechet.frechet_distance(a, b) == pytest.approx(expected.item(), rel=1e-9)


def test_kernel_distance_by_hand_and_unbiased():
    a, b = torch.tensor([[0.0], [1.0]]), torch.tensor([[2.0], [3.0]])
    # kernel (xy + 1)^3: within a: k(0,1) = 1; within b: k(2,3) = 343; between: (1 + 1 + 27 + 64) / 4
    assert frechet.kernel_distance(a, b) == pytest.approx(1 + 343 - 2 * 93 / 4)
    g = torch.Generator().manual_seed(0)
    draws = [frechet.kernel_distance(torch.randn(50, 8, generator=g), torch.randn(50, 8, generator=g)) for _ in range(200)]
    assert abs(np.mean(draws)) < 3 * np.std(draws) / math.sqrt(200)
    assert min(draws) < 0


def test_manifold_by_hand():
    real = torch.tensor([[0.0], [1.0], [2.0], [10.0]])
    fake = torch.tensor([[0.5], [0.6], [20.0]])
    # k = 1: radii real 1, 1, 1, 8; fake 0.1, 0.1, 19.4
    found = manifold.compare(real, fake, k=1)
    assert found.precision == pytest.approx(2 / 3)  # 0.5, 0.6 are in balls, 20 in none (10 reaches to 18)
    assert found.density == pytest.approx((2 + 2 + 0) / 3)  # 0.5 in the balls of 0 and 1, so is 0.6
    assert found.coverage == pytest.approx(2 / 4)  # the balls of 0 and 1 hold fakes; 2's (1..3) and 10's (2..18) hold none
    assert found.recall == pytest.approx(3 / 4)  # 1, 2 and 10 are in the ball of 20 (0.6 .. 39.4), 0 is in none


def test_a_collapsed_generator_has_precision_and_no_recall():
    g = torch.Generator().manual_seed(0)
    real = torch.randn(2000, 8, generator=g)
    collapsed = real[7] + 1e-4 * torch.randn(2000, 8, generator=g)
    found = manifold.compare(real, collapsed)
    assert found.precision > 0.99
    assert found.recall < 0.01
    assert found.coverage < 0.05
    other = manifold.compare(real, torch.randn(2000, 8, generator=g))
    assert other.precision > 0.8
    assert other.recall > 0.8
    assert other.coverage > 0.9
    assert other.density == pytest.approx(1, abs=0.1)


def test_the_histogram_and_its_figures():
    opinions = torch.tensor([0] * 50 + [1] * 50)
    shares = classes.histogram(opinions)
    assert shares == [0.5, 0.5] + [0.0] * 8
    assert classes.from_uniform(shares) == pytest.approx(0.8)
    assert classes.from_uniform([0.1] * 10) == pytest.approx(0)
    assert classes.covered(shares) == 2
    assert classes.entropy(shares) == pytest.approx(1)
    assert classes.entropy([0.1] * 10) == pytest.approx(math.log2(10))
    assert classes.agreement(torch.tensor([1, 2, 3, 4]), torch.tensor([1, 2, 0, 0])) == 0.5


def test_confusion_counts_asked_in_rows_and_read_in_columns():
    asked, read = torch.tensor([0, 0, 0, 1, 2, 2]), torch.tensor([0, 2, 2, 1, 2, 0])
    assert classes.confusion(read, asked, 3) == [[1, 0, 2], [0, 1, 0], [1, 0, 1]]


def test_the_nearest_row_is_found():
    among = torch.tensor([[0.0, 0.0], [3.0, 4.0], [10.0, 0.0]])
    assert memorisation.nearest_rows(torch.tensor([[9.0, 1.0], [3.0, 3.0], [-1.0, 0.0]]), among).tolist() == [2, 1, 0]
    assert memorisation.nearest(torch.tensor([[3.0, 3.0]]), among).tolist() == [1.0]


def test_the_judge_says_how_sure_it_is():
    pixels, labels = data.image_arrays("digits-5k")
    x = data.to_range(torch.from_numpy(pixels[::50]), (0.0, 1.0))
    sure = judge.probabilities(x)
    assert torch.allclose(sure.sum(1), torch.ones(len(x)))
    assert torch.equal(sure.argmax(1), judge.look(x)[1])
    assert (sure.argmax(1) == torch.from_numpy(labels[::50])).double().mean() > 0.95


def test_copies_are_found_and_real_images_are_not():
    g = torch.Generator().manual_seed(0)
    train, test = torch.rand(2000, 16, generator=g), torch.rand(1000, 16, generator=g)
    below = memorisation.limit(train, test)
    assert memorisation.memorised(train[:100] + 1e-4, train, below) == 1
    assert memorisation.memorised(torch.rand(1000, 16, generator=g), train, below) < 0.05


def test_sines_are_fitted_and_noise_is_not():
    x = np.arange(50) / 10
    rng = np.random.default_rng(0)
    amplitude, phase, frequency = rng.uniform(0.2, 1, 200), rng.uniform(0, 2 * np.pi, 200), rng.uniform(1, 2, 200)
    clean = 0.5 + amplitude[:, None] * np.sin(frequency[:, None] * x + phase[:, None])
    fit = curves.fit_sines(x, clean)
    assert fit.error.max() < 2e-3
    np.testing.assert_allclose(fit.amplitude, amplitude, atol=5e-3)
    np.testing.assert_allclose(fit.frequency, frequency, atol=2e-3)
    np.testing.assert_allclose(np.cos(fit.phase - phase), 1, atol=1e-3)
    noisy = curves.fit_sines(x, clean + 0.1 * rng.standard_normal(clean.shape))
    assert np.median(noisy.error) == pytest.approx(0.1 * math.sqrt(46 / 50), rel=0.1)


def test_the_judges_file_is_the_one_its_facts_name():
    facts = judge.facts()
    assert judge.sha256() == facts["sha256"]
    assert facts["test_accuracy"] >= 0.994
    assert {"fid10k", "kid1k", "precision10k", "recall10k", "density10k", "coverage10k", "nearest_training_image"} <= set(facts["floors"])


def test_the_judge_reads_the_built_in_digits():
    pixels, labels = data.image_arrays("digits-5k")
    features, opinions = judge.look(data.to_range(torch.from_numpy(pixels[::5]), (0.0, 1.0)))
    assert features.shape == (1000, 128)
    assert classes.agreement(opinions, torch.from_numpy(labels[::5]).long()) > 0.995


def test_the_judge_is_as_accurate_as_its_facts_say(mnist):
    assert judge_training.accuracy(judge.load()) == pytest.approx(judge.facts()["test_accuracy"], abs=2e-4)


def test_real_against_real_is_at_the_floor(mnist):
    from gan_core.evaluation import protocol

    real = protocol.real_digits()
    again = protocol.floors(real.train, real)
    for name in ("fid10k", "precision10k", "recall10k", "coverage10k"):
        assert again[name] == pytest.approx(judge.facts()["floors"][name], rel=1e-2), name


def test_gan_train_learns_from_real_digits_what_there_is_to_learn(monkeypatch):
    monkeypatch.setattr(gan_train, "STEPS", 100)  # 0.028 wrong, and 0.025 after 200
    pixels, labels = (torch.from_numpy(a) for a in data.image_arrays("digits-5k"))
    x, y = data.to_range(pixels, (0.0, 1.0)), labels.long()
    pupil = gan_train.train_on_samples(x[::2], y[::2])
    assert judge.error_on(pupil, x[1::2], y[1::2]) < 0.06
