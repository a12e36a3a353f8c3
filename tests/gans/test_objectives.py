"""Every objective against its formula, worked in float64 by other means."""

import math

import pytest
import torch
import torch.nn.functional as F
from pydantic import TypeAdapter, ValidationError
from torch import nn

from gan_core.gans import objectives, penalties
from gan_core.gans.objectives import base
from gan_core.gans.objectives.base import Batch

N, K = 5, 11


class Linear(nn.Module):
    """A discriminator whose logits and gradients are known: D(x) = x w (+ 0.1 y)."""

    def __init__(self, answers: int = 1) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.randn(4, answers, dtype=torch.float64, generator=torch.Generator().manual_seed(1)))

    def forward(self, x, y=None):
        logits = x @ self.w
        if y is not None:
            logits = logits + 0.1 * y[:, None]
        return logits.squeeze(1) if logits.shape[1] == 1 else logits


@pytest.fixture
def batches() -> tuple[Batch, Batch]:
    generator = torch.Generator().manual_seed(0)
    real, fake = torch.randn(2, N, 4, dtype=torch.float64, generator=generator)
    return Batch(real, torch.tensor([0, 3, 9, 3, 1])), Batch(fake, torch.tensor([5, 3, 0, 8, 1]))


def unlabelled(*batches: Batch) -> tuple[Batch, ...]:
    return tuple(Batch(b.x, None) for b in batches)


def probability(logits: torch.Tensor) -> list[float]:
    return [1 / (1 + math.exp(-v)) for v in logits.tolist()]


def mean(values) -> float:
    values = list(values)
    return sum(values) / len(values)


@pytest.mark.parametrize("floor", [1e-3, 1e-6])
@pytest.mark.parametrize("logit", [-20.0, -10.0, -3.0, 0.0, 4.0])
def test_clipped_log_has_the_clipped_value_and_the_gradient_passed_straight_through(floor, logit):
    x = torch.tensor(logit, dtype=torch.float64, requires_grad=True)
    p = 1 / (1 + math.exp(-logit))
    value = base.clipped_log(x.sigmoid(), floor)
    value.backward()
    assert value.item() == pytest.approx(math.log(max(p, floor)), rel=1e-12)
    # d/dlogit log_clip = 1/max(p, floor) * p (1 - p) = min(1, p / floor) (1 - p)
    assert x.grad.item() == pytest.approx(min(1, p / floor) * (1 - p), rel=1e-9)


def test_clipped_log_gan(batches):
    real, fake = unlabelled(*batches)
    D, objective = Linear(), objectives.ClippedLog()
    d = objective.d_terms(D, real, fake, 0).terms
    assert d["real"].item() == pytest.approx(mean(-math.log(p) for p in probability(D(real.x))))
    assert d["fake"].item() == pytest.approx(mean(-math.log(1 - p) for p in probability(D(fake.x))))
    g = objective.g_terms(D, real, fake).terms
    assert g["adversarial"].item() == pytest.approx(mean(-math.log(p) for p in probability(D(fake.x))))


def test_clipped_ssgan(batches):
    real, fake = batches
    D, objective = Linear(K), objectives.ClippedSSGAN()
    on_real, on_fake = D(real.x).softmax(1), D(fake.x).softmax(1)
    terms, s_real, s_fake = objective.d_terms(D, real, fake, 0)
    assert terms["real"].item() == pytest.approx(mean(-math.log(1 - p[-1]) for p in on_real.tolist()))
    assert terms["fake"].item() == pytest.approx(mean(-math.log(max(p[-1], 1e-3)) for p in on_fake.tolist()))
    assert terms["class"].item() == pytest.approx(
        mean(-math.log(max(p[y], 1e-3)) for p, y in zip(on_real.tolist(), real.y.tolist(), strict=True))
    )
    assert objective.g_terms(D, real, fake).terms["adversarial"].item() == pytest.approx(
        mean(math.log(max(p[-1], 1e-3)) for p in on_fake.tolist())
    )
    torch.testing.assert_close(s_real.sigmoid(), 1 - on_real[:, -1])
    torch.testing.assert_close(s_fake.sigmoid(), 1 - on_fake[:, -1])


def test_clipped_cgan(batches):
    real, fake = batches
    D, objective = Linear(K), objectives.ClippedCGAN()
    own = [p[y] for p, y in zip(D(real.x).softmax(1).tolist(), real.y.tolist(), strict=True)]
    asked = [p[y] for p, y in zip(D(fake.x).softmax(1).tolist(), fake.y.tolist(), strict=True)]
    terms, s_real, s_fake = objective.d_terms(D, real, fake, 0)
    assert terms["real"].item() == pytest.approx(mean(-math.log(max(p, 1e-3)) for p in own))
    assert terms["fake"].item() == pytest.approx(mean(-math.log(1 - p) for p in asked))
    assert objective.g_terms(D, real, fake).terms["adversarial"].item() == pytest.approx(mean(-math.log(max(p, 1e-3)) for p in asked))
    assert s_real.sigmoid().tolist() == pytest.approx(own)
    assert s_fake.sigmoid().tolist() == pytest.approx(asked)


def test_two_sigmoids_is_keras_cross_entropy_over_both_halves(batches):
    real, fake = unlabelled(*batches)
    D, objective = Linear(2), objectives.TwoSigmoids()
    outputs = torch.cat([D(real.x), D(fake.x)]).sigmoid()
    targets = torch.tensor([[0.0, 1.0]] * N + [[1.0, 0.0]] * N, dtype=torch.float64)
    verdict = objective.d_terms(D, real, fake, 0)
    assert sum(verdict.terms.values()).item() == pytest.approx(F.binary_cross_entropy(outputs, targets).item())
    assert objective.g_terms(D, real, fake).terms["adversarial"].item() == pytest.approx(
        F.binary_cross_entropy(outputs[N:], targets[:N]).item()
    )
    torch.testing.assert_close(verdict.real_scores.sigmoid(), outputs[:N, 1])


@pytest.mark.parametrize("on_fakes", [True, False])
def test_auxiliary_classifier(batches, on_fakes):
    real, fake = batches
    D, objective = Linear(K), objectives.AuxiliaryClassifier(r1=0.4, every=2, on_fakes=on_fakes, weight=0.5)
    on_real, on_fake = D(real.x, real.y), D(fake.x, fake.y)
    terms, s_real, s_fake = objective.d_terms(D, real, fake, 2)
    own = [row[:-1].softmax(0)[y].item() for row, y in zip(on_real, real.y, strict=True)]
    asked = [row[:-1].softmax(0)[y].item() for row, y in zip(on_fake, fake.y, strict=True)]
    assert terms["real"].item() == pytest.approx(mean(-math.log(p) for p in probability(on_real[:, -1])))
    assert terms["fake"].item() == pytest.approx(mean(-math.log(1 - p) for p in probability(on_fake[:, -1])))
    assert terms["class"].item() == pytest.approx(mean(-math.log(p) for p in own))
    assert terms["penalty"].item() == pytest.approx(0.2 * 2 * D.w[:, -1].square().sum().item())
    assert ("class of fakes" in terms) == on_fakes
    if on_fakes:
        assert terms["class of fakes"].item() == pytest.approx(mean(-math.log(p) for p in asked))
    assert "penalty" not in objective.d_terms(D, real, fake, 1).terms
    g = objective.g_terms(D, real, fake).terms
    assert g["adversarial"].item() == pytest.approx(mean(-math.log(p) for p in probability(on_fake[:, -1])))
    assert g["class"].item() == pytest.approx(0.5 * mean(-math.log(p) for p in asked))
    torch.testing.assert_close(s_real, on_real[:, -1])
    torch.testing.assert_close(s_fake, on_fake[:, -1])


def test_saturating_and_non_saturating(batches):
    real, fake = batches
    D = Linear()
    p_real, p_fake = probability(D(real.x, real.y)), probability(D(fake.x, fake.y))
    for objective in (objectives.Saturating(), objectives.NonSaturating()):
        terms = objective.d_terms(D, real, fake, 0).terms
        assert set(terms) == {"real", "fake"}
        assert terms["real"].item() == pytest.approx(mean(-math.log(p) for p in p_real))
        assert terms["fake"].item() == pytest.approx(mean(-math.log(1 - p) for p in p_fake))
    saturating = objectives.Saturating().g_terms(D, real, fake).terms["adversarial"].item()
    assert saturating == pytest.approx(mean(math.log(1 - p) for p in p_fake))
    non_saturating = objectives.NonSaturating().g_terms(D, real, fake).terms["adversarial"].item()
    assert non_saturating == pytest.approx(mean(-math.log(p) for p in p_fake))


def test_r1_of_a_linear_discriminator_is_the_square_of_its_weights(batches):
    real, fake = batches
    D = Linear()
    for every in (1, 4):
        objective = objectives.NonSaturating(r1=0.5, every=every)
        penalty = objective.d_terms(D, real, fake, 8).terms["penalty"]
        assert penalty.item() == pytest.approx(every * 0.25 * D.w.square().sum().item())
    assert "penalty" not in objectives.NonSaturating(r1=0.5, every=4).d_terms(D, real, fake, 9).terms
    (gradient,) = torch.autograd.grad(penalty, D.w)
    torch.testing.assert_close(gradient, 4 * 0.5 * D.w.detach())


def test_non_saturating_ssgan(batches):
    real, fake = batches
    D = Linear(K)
    terms, s_real, s_fake = objectives.NonSaturatingSSGAN(r1=0.1).d_terms(D, real, fake, 0)
    p_real, p_fake = D(real.x).softmax(1), D(fake.x).softmax(1)
    assert terms["real"].item() == pytest.approx(-(1 - p_real[:, -1]).log().mean().item())
    assert terms["fake"].item() == pytest.approx(-p_fake[:, -1].log().mean().item())
    conditional = p_real[:, :-1] / p_real[:, :-1].sum(1, keepdim=True)
    assert terms["class"].item() == pytest.approx(-conditional[torch.arange(N), real.y].log().mean().item())
    assert terms["penalty"].item() > 0
    g = objectives.NonSaturatingSSGAN().g_terms(D, real, fake).terms["adversarial"].item()
    assert g == pytest.approx(-(1 - p_fake[:, -1]).log().mean().item())


def test_evenness_is_what_the_mean_of_a_batch_lacks_of_the_greatest_entropy(batches):
    real, fake = unlabelled(*batches)
    D, objective = Linear(K), objectives.NonSaturatingSSGAN(even=0.5)
    p = torch.softmax((fake.x @ D.w)[:, :-1], 1).mean(0)
    entropy = -sum(share * math.log(share) for share in p.tolist())
    terms = objective.g_terms(D, real, fake).terms
    assert terms["evenness"].item() == pytest.approx(0.5 * (math.log(K - 1) - entropy), abs=1e-12)
    assert "evenness" not in objectives.NonSaturatingSSGAN().g_terms(D, real, fake).terms

    class Sure(nn.Module):
        """D names the class that x says."""

        def forward(self, x, y=None):
            return 1e3 * F.one_hot(x[:, 0].long(), K).double()

    each, one = torch.arange(K - 1).double()[:, None], torch.zeros(K - 1, 1).double()
    assert objective.g_terms(Sure(), real, Batch(each, None)).terms["evenness"].item() == pytest.approx(0.0, abs=1e-12)
    assert objective.g_terms(Sure(), real, Batch(one, None)).terms["evenness"].item() == pytest.approx(0.5 * math.log(K - 1), abs=1e-12)


def test_wasserstein_and_its_clipping(batches):
    real, fake = batches
    D, objective = Linear(), objectives.Wasserstein(clip=0.3)
    verdict = objective.d_terms(D, real, fake, 0)
    assert verdict.terms["wasserstein"].item() == pytest.approx(mean(verdict.fake_scores.tolist()) - mean(verdict.real_scores.tolist()))
    assert objective.g_terms(D, real, fake).terms["wasserstein"].item() == pytest.approx(-mean(verdict.fake_scores.tolist()))
    before = D.w.detach().clone()
    objective.project(D)
    torch.testing.assert_close(D.w.detach(), before.clamp(-0.3, 0.3))
    assert (before.abs() > 0.3).any()


def test_wasserstein_gp_of_a_linear_discriminator(batches):
    real, fake = batches
    D = Linear()
    terms = objectives.WassersteinGP(gp=10).d_terms(D, real, fake, 0).terms
    norm = D.w.norm().item()  # the gradient of a linear critic is w wherever it is taken
    assert terms["penalty"].item() == pytest.approx(10 * (norm - 1) ** 2)


def test_the_gp_points_lie_on_the_lines_between_pairs():
    real, fake = torch.zeros(64, 2, dtype=torch.float64), torch.ones(64, 2, dtype=torch.float64)
    seen = []
    penalties.one_centred(lambda x: (seen.append(x.detach()), x.square().sum(1))[1], real, fake, 1.0)
    assert torch.equal(seen[0][:, 0], seen[0][:, 1])  # one mix for the whole sample
    assert 0 <= seen[0].min() < 0.2
    assert 0.8 < seen[0].max() <= 1


def test_relativistic_pairing(batches):
    real, fake = batches
    D = Linear()
    objective = objectives.Relativistic(gamma=0.2)
    verdict = objective.d_terms(D, real, fake, 0)
    d = [r - f for r, f in zip(D(real.x, real.y).tolist(), D(fake.x, fake.y).tolist(), strict=True)]
    assert verdict.terms["pairing"].item() == pytest.approx(mean(math.log1p(math.exp(-v)) for v in d))
    assert verdict.terms["R1"].item() == pytest.approx(0.1 * D.w.square().sum().item())
    assert verdict.terms["R2"].item() == pytest.approx(0.1 * D.w.square().sum().item())
    g = objective.g_terms(D, real, fake).terms["pairing"].item()
    assert g == pytest.approx(mean(math.log1p(math.exp(v)) for v in d))
    lazy = objectives.Relativistic(gamma=0.2, every=4)
    assert set(lazy.d_terms(D, real, fake, 5).terms) == {"pairing"}
    assert lazy.d_terms(D, real, fake, 8).terms["R2"].item() == pytest.approx(0.4 * D.w.square().sum().item())


def test_least_squares(batches):
    real, fake = batches
    D = Linear()
    objective = objectives.LeastSquares(r1=0.5, every=4)
    on_real, on_fake = D(real.x, real.y).tolist(), D(fake.x, fake.y).tolist()
    terms, s_real, s_fake = objective.d_terms(D, real, fake, 8)
    assert terms["real"].item() == pytest.approx(mean((v - 1) ** 2 for v in on_real) / 2)
    assert terms["fake"].item() == pytest.approx(mean(v**2 for v in on_fake) / 2)
    assert terms["penalty"].item() == pytest.approx(4 * 0.25 * D.w.square().sum().item())
    assert set(objective.d_terms(D, real, fake, 9).terms) == {"real", "fake"}
    assert set(objectives.LeastSquares().d_terms(D, real, fake, 0).terms) == {"real", "fake"}
    assert (s_real.tolist(), s_fake.tolist()) == (on_real, on_fake), "D's output as it is"
    assert objective.g_terms(D, real, fake).terms["adversarial"].item() == pytest.approx(mean((v - 1) ** 2 for v in on_fake) / 2)


def test_the_slope_of_least_squares_grows_with_the_distance_from_the_mark():
    x = torch.tensor([[-2.0], [0.0], [1.0], [3.0]], dtype=torch.float64, requires_grad=True)
    loss = objectives.LeastSquares().g_terms(lambda x, y: x[:, 0], None, Batch(x, None)).terms["adversarial"]
    (slope,) = torch.autograd.grad(loss, x)
    assert (4 * slope[:, 0]).tolist() == [-3, -1, 0, 2]


def test_objectives_survive_json_and_refuse_what_they_do_not_know():
    adapter = TypeAdapter(objectives.Objective)
    for objective in (objectives.ClippedSSGAN(), objectives.WassersteinGP(gp=3), objectives.NonSaturating(r1=0.1, every=4)):
        assert adapter.validate_json(adapter.dump_json(objective)) == objective
    with pytest.raises(ValidationError):
        adapter.validate_python({"kind": "wasserstein-gp", "gp_wieght": 3})
