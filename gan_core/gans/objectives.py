"""Objectives: what each network descends. One small final class per loss.

An objective is data (its constants, written into a run's config.json) and two functions of it. Both return named terms whose
sum is the loss and each of which becomes a curve, with the scores of the samples at hand: how real D finds them. Scores
are logits of "real" where D is a classifier, and plain critic values for the Wasserstein objectives.

D returns raw logits; the sigmoid, the softmax and the clipped logarithm are here, in the objective that asks for them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt

from gan_core.gans import penalties
from gan_core.lazy import Lazy

if TYPE_CHECKING:
    import torch
    import torch.nn.functional as F
    from torch import Tensor, nn

    from gan_core.types import Labels, Logits, Samples, Scores
else:
    torch = Lazy("torch")
    F = Lazy("torch.nn.functional")

Terms = dict[str, "Tensor"]


class Batch(NamedTuple):
    """Samples and their classes; y is None where the data have none, or D is not to be told them."""

    x: Samples
    y: Labels | None
    labelled: Batch | None = None
    "under a budget of labels: other real samples, the only ones whose classes D is told"


class Verdict(NamedTuple):
    """What an objective makes of a batch: the terms to descend, and D's scores of the samples it looked at."""

    terms: Terms
    real: Scores | None
    fake: Scores


class _Objective(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    probabilistic: ClassVar[bool] = True  # is sigmoid(score) D's probability of "real"?
    names_classes: ClassVar[bool] = False  # does D learn to name the class of real samples, and nothing else need it?

    @property
    def rhythm(self) -> int:
        """Whatever an objective does at some steps only, it does at each that this divides."""
        return getattr(self, "every", 1)

    def scores(self, logits: Logits, y: Labels | None) -> Scores:
        """How real D finds each sample, [N]; by default D's only logit."""
        return logits

    def project(self, D: nn.Module) -> None:
        """Brings D back into the set the objective allows, after each of D's updates; by default everything is allowed."""


def _clipped_log(p: Tensor, floor: float) -> Tensor:
    """log(max(p, floor)), with gradient 1 / max(p, floor) passed to p even where it is clipped.

    Source: text 001's log_clip.
    """
    return torch.log(p.detach().clamp(floor, 1.0) - p.detach() + p)


class ClippedLog(_Objective):
    """D: -log D(x) - log(1 - D(G(z))).  G: -log D(G(z)).  D is a sigmoid, log clipped from below at `floor`.

    The gradient with respect to the logit is min(1, p / floor) (1 - p): below the floor G's loss saturates.
    Source: text 001, GAN and DCGAN.
    """

    kind: Literal["clipped-log"] = "clipped-log"
    floor: PositiveFloat = 1e-6

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> Verdict:
        on_real, on_fake = D(real.x), D(fake.x)
        terms = {
            "real": -_clipped_log(on_real.sigmoid(), self.floor).mean(),
            "fake": -_clipped_log(1.0 - on_fake.sigmoid(), self.floor).mean(),
        }
        return Verdict(terms, on_real, on_fake)

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> Verdict:
        on_fake = D(fake.x)
        return Verdict({"adversarial": -_clipped_log(on_fake.sigmoid(), self.floor).mean()}, None, on_fake)


class ClippedSSGAN(_Objective):
    """D: -log(1 - P(n|x)) - log P(n|G(z)) - log P(y|x).  G: +log P(n|G(z)), which saturates.  Class n is "fake".

    P is an (n+1)-way softmax, each log clipped from below at `floor`.
    Source: text 001, SSGAN.
    """

    kind: Literal["clipped-ssgan"] = "clipped-ssgan"
    names_classes: ClassVar[bool] = True
    floor: PositiveFloat = 1e-3

    def scores(self, logits: Logits, y: Labels | None) -> Scores:
        return _not_fake(logits)

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> Verdict:
        on_real, on_fake = D(real.x), D(fake.x)
        p_real, p_fake = on_real.softmax(1), on_fake.softmax(1)
        named, y = _named(D, real, on_real)
        terms = {
            "real": -_clipped_log(1.0 - p_real[:, -1], self.floor).mean(),
            "fake": -_clipped_log(p_fake[:, -1], self.floor).mean(),
            "class": -_clipped_log(_of_class(named.softmax(1), y), self.floor).mean(),
        }
        return Verdict(terms, _not_fake(on_real), _not_fake(on_fake))

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> Verdict:
        on_fake = D(fake.x)
        return Verdict({"adversarial": _clipped_log(on_fake.softmax(1)[:, -1], self.floor).mean()}, None, _not_fake(on_fake))


class ClippedCGAN(_Objective):
    """D: -log P(y|x) - log(1 - P(g|G(z,g))).  G: -log P(g|G(z,g)).  P is an 11-way softmax, logs clipped at `floor`.

    The score of a sample is the logit of P(its class), log p_y / (1 - p_y).
    Source: text 001, CGAN.
    """

    kind: Literal["clipped-cgan"] = "clipped-cgan"
    floor: PositiveFloat = 1e-3

    def scores(self, logits: Logits, y: Labels | None) -> Scores:
        assert y is not None
        others = logits.scatter(1, y[:, None], -torch.inf)
        return _of_class(logits, y) - others.logsumexp(1)

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> Verdict:
        on_real, on_fake = D(real.x), D(fake.x)
        terms = {
            "real": -_clipped_log(_of_class(on_real.softmax(1), real.y), self.floor).mean(),
            "fake": -_clipped_log(1.0 - _of_class(on_fake.softmax(1), fake.y), self.floor).mean(),
        }
        return Verdict(terms, self.scores(on_real, real.y), self.scores(on_fake, fake.y))

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> Verdict:
        on_fake = D(fake.x)
        terms = {"adversarial": -_clipped_log(_of_class(on_fake.softmax(1), fake.y), self.floor).mean()}
        return Verdict(terms, None, self.scores(on_fake, fake.y))


class TwoSigmoids(_Objective):
    """Binary cross-entropy, averaged over D's two sigmoid outputs (fake, real), against one-hot targets.

    D: over the real and the generated half together. G: the same against the target "real".
    Source: text 000.
    """

    kind: Literal["two-sigmoids"] = "two-sigmoids"

    def scores(self, logits: Logits, y: Labels | None) -> Scores:
        return logits[:, 1]

    @staticmethod
    def _against(logits: Logits, target: int) -> Tensor:
        return (F.softplus(logits).sum() - logits[:, target].sum()) / logits.numel()

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> Verdict:
        on_real, on_fake = D(real.x), D(fake.x)
        terms = {"real": 0.5 * self._against(on_real, 1), "fake": 0.5 * self._against(on_fake, 0)}
        return Verdict(terms, on_real[:, 1], on_fake[:, 1])

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> Verdict:
        on_fake = D(fake.x)
        return Verdict({"adversarial": self._against(on_fake, 1)}, None, on_fake[:, 1])


class Saturating(_Objective):
    """D: -log D(x) - log(1 - D(G(z))).  G: log(1 - D(G(z))), the minimax game itself; computed on logits.

    Source: Goodfellow et al. 2014, arXiv:1406.2661, Eq. 1; text 002.
    """

    kind: Literal["saturating"] = "saturating"

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> Verdict:
        on_real, on_fake = D(real.x, real.y), D(fake.x, fake.y)
        return Verdict(_cross_entropy(on_real, on_fake), on_real, on_fake)

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> Verdict:
        on_fake = D(fake.x, fake.y)
        return Verdict({"adversarial": -F.softplus(on_fake).mean()}, None, on_fake)


class NonSaturating(_Objective):
    """D: -log D(x) - log(1 - D(G(z))) + (r1/2) E |grad D(x)|^2.  G: -log D(G(z)).  Computed on logits, softplus(-/+ logit).

    The penalty is taken every `every`-th step, `every` times as strong (lazy regularisation, Karras et al. 2020,
    arXiv:1912.04958, Appendix B). r1 = 0 leaves it out.
    Source: Goodfellow et al. 2014, arXiv:1406.2661, section 3; Mescheder et al. 2018, arXiv:1801.04406, Eq. 9.
    """

    kind: Literal["non-saturating"] = "non-saturating"
    r1: float = Field(0.0, ge=0)
    every: PositiveInt = 1

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> Verdict:
        on_real, on_fake = D(real.x, real.y), D(fake.x, fake.y)
        terms = _cross_entropy(on_real, on_fake)
        if self.r1 and step % self.every == 0:
            terms["penalty"] = penalties.zero_centred(lambda x: D(x, real.y), real.x, self.r1 * self.every)
        return Verdict(terms, on_real, on_fake)

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> Verdict:
        on_fake = D(fake.x, fake.y)
        return Verdict({"adversarial": F.softplus(-on_fake).mean()}, None, on_fake)


class _LogitSSGAN(_Objective):
    """SSGAN on logits: s = logsumexp(real-class logits) - fake logit.

    D: softplus(-s(x)) + softplus(s(G(z))) - log P(y | x, not fake) + (r1/2) E |grad s(x)|^2.
    Only differences of logits matter, so an eleventh that is free and one that is fixed at 0 are the same function.
    """

    names_classes: ClassVar[bool] = True
    r1: float = Field(0.0, ge=0)
    every: PositiveInt = 1

    def scores(self, logits: Logits, y: Labels | None) -> Scores:
        return _not_fake(logits)

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> Verdict:
        on_real = D(real.x)
        s_real, s_fake = _not_fake(on_real), _not_fake(D(fake.x))
        named, y = _named(D, real, on_real)
        terms = _cross_entropy(s_real, s_fake) | {"class": F.cross_entropy(named[:, :-1], y)}
        if self.r1 and step % self.every == 0:
            terms["penalty"] = penalties.zero_centred(lambda x: _not_fake(D(x)), real.x, self.r1 * self.every)
        return Verdict(terms, s_real, s_fake)


class NonSaturatingSSGAN(_LogitSSGAN):
    """D: softplus(-s(x)) + softplus(s(G(z))) - log P(y | x, not fake) + (r1/2) E |grad s(x)|^2.

    G: softplus(-s(G(z))) + even (log K - H).
    s is the logit of "not fake", see _LogitSSGAN. H is the entropy of the batch's mean P(y | G(z), not fake): all K classes equally often.
    Source: Odena 2016, arXiv:1606.01583; Salimans et al. 2016, arXiv:1606.03498, section 5; H after Springenberg 2015,
    arXiv:1511.06390; R1 as in NonSaturating.
    """

    kind: Literal["non-saturating-ssgan"] = "non-saturating-ssgan"
    even: float = Field(0.0, ge=0)

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> Verdict:
        on_fake = D(fake.x)
        s_fake = _not_fake(on_fake)
        terms = {"adversarial": F.softplus(-s_fake).mean()}
        if self.even:
            shares = on_fake[:, :-1].softmax(1).mean(0)
            terms["evenness"] = self.even * (math.log(len(shares)) + torch.xlogy(shares, shares).sum())
        return Verdict(terms, None, s_fake)


class FeatureMatchingSSGAN(_LogitSSGAN):
    """D as in NonSaturatingSSGAN.  G: the mean square of E f(x) - E f(G(z)), f the activations before D's answers.

    G is not to fool D but to have D see the same on average: samples that are none too good, and teach D more where labels are few.
    Source: Salimans et al. 2016, arXiv:1606.03498, sections 3.1 and 5.
    """

    kind: Literal["feature-matching-ssgan"] = "feature-matching-ssgan"

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> Verdict:
        f: Callable[[Samples], Tensor] = D.features  # type: ignore[assignment]
        with torch.no_grad():
            wanted = f(real.x).float().mean(0)
        return Verdict({"features": (f(fake.x).float().mean(0) - wanted).square().mean()}, None, _not_fake(D(fake.x)))


class AuxiliaryClassifier(_Objective):
    """D answers twice: is it real (its last logit), and which class is it (the others).

    D: softplus(-D(x)) + softplus(D(G(z,g))) - log P(y|x) [- log P(g|G(z,g))] + (r1/2) E |grad D(x)|^2.
    G: softplus(-D(G(z,g))) - weight log P(g|G(z,g)).  With `on_fakes` D learns the class that generated samples were to be, too.
    A D that is told the class of what it judges is told it here.
    Source: Odena et al. 2017, arXiv:1610.09585, Eq. 2 and 3 (on_fakes, weight 1); R1 as in NonSaturating.
    """

    kind: Literal["auxiliary-classifier"] = "auxiliary-classifier"
    r1: float = Field(0.0, ge=0)
    every: PositiveInt = 1
    on_fakes: bool = True
    weight: float = Field(1.0, ge=0)

    def scores(self, logits: Logits, y: Labels | None) -> Scores:
        return logits[:, -1]

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> Verdict:
        on_real, on_fake = D(real.x, real.y), D(fake.x, fake.y)
        terms = _cross_entropy(on_real[:, -1], on_fake[:, -1]) | {"class": _misread(on_real, real.y)}
        if self.on_fakes:
            terms["class of fakes"] = _misread(on_fake, fake.y)
        if self.r1 and step % self.every == 0:
            terms["penalty"] = penalties.zero_centred(lambda x: D(x, real.y)[:, -1], real.x, self.r1 * self.every)
        return Verdict(terms, on_real[:, -1], on_fake[:, -1])

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> Verdict:
        on_fake = D(fake.x, fake.y)
        terms = {"adversarial": F.softplus(-on_fake[:, -1]).mean(), "class": self.weight * _misread(on_fake, fake.y)}
        return Verdict(terms, None, on_fake[:, -1])


class Wasserstein(_Objective):
    """D: E D(G(z)) - E D(x), its weights clipped to [-clip, clip] after each update.  G: -E D(G(z)).

    Source: Arjovsky et al. 2017, arXiv:1701.07875, Algorithm 1.
    """

    kind: Literal["wasserstein"] = "wasserstein"
    probabilistic: ClassVar[bool] = False
    clip: PositiveFloat = 0.01

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> Verdict:
        on_real, on_fake = D(real.x, real.y), D(fake.x, fake.y)
        return Verdict({"wasserstein": on_fake.mean() - on_real.mean()}, on_real, on_fake)

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> Verdict:
        on_fake = D(fake.x, fake.y)
        return Verdict({"wasserstein": -on_fake.mean()}, None, on_fake)

    def project(self, D: nn.Module) -> None:
        """Clips D's weights."""
        penalties.clip_weights(D, self.clip)


class WassersteinGP(_Objective):
    """D: E D(G(z)) - E D(x) + gp E (|grad D(x^)| - 1)^2, x^ on lines between real and generated.  G: -E D(G(z)).

    Source: Gulrajani et al. 2017, arXiv:1704.00028, Eq. 3.
    """

    kind: Literal["wasserstein-gp"] = "wasserstein-gp"
    probabilistic: ClassVar[bool] = False
    gp: PositiveFloat = 10.0

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> Verdict:
        on_real, on_fake = D(real.x, real.y), D(fake.x, fake.y)
        terms = {
            "wasserstein": on_fake.mean() - on_real.mean(),
            "penalty": penalties.one_centred(lambda x: D(x, real.y), real.x, fake.x, self.gp),
        }
        return Verdict(terms, on_real, on_fake)

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> Verdict:
        on_fake = D(fake.x, fake.y)
        return Verdict({"wasserstein": -on_fake.mean()}, None, on_fake)


class Relativistic(_Objective):
    """Relativistic pairing: d = D(x) - D(G(z)), each real sample paired with a generated one (of its class, if there is one).

    D: softplus(-d) + (gamma/2) E |grad D(x)|^2 + (gamma/2) E |grad D(G(z))|^2 (R1 and R2).  G: softplus(d).
    The penalties are taken every `every`-th step, `every` times as strong, as in NonSaturating. Only differences of scores mean anything.
    Source: Huang et al. 2024, arXiv:2501.05441, Eq. 2 to 4; Jolicoeur-Martineau 2018, arXiv:1807.00734.
    """

    kind: Literal["relativistic"] = "relativistic"
    probabilistic: ClassVar[bool] = False
    gamma: float = Field(0.1, ge=0)
    every: PositiveInt = 1

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> Verdict:
        on_real, on_fake = D(real.x, real.y), D(fake.x, fake.y)
        terms = {"pairing": F.softplus(on_fake - on_real).mean()}
        if self.gamma and step % self.every == 0:
            terms["R1"] = penalties.zero_centred(lambda x: D(x, real.y), real.x, self.gamma * self.every)
            terms["R2"] = penalties.zero_centred(lambda x: D(x, fake.y), fake.x, self.gamma * self.every)
        return Verdict(terms, on_real, on_fake)

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> Verdict:
        with torch.no_grad():
            on_real = D(real.x, real.y)
        on_fake = D(fake.x, fake.y)
        return Verdict({"pairing": F.softplus(on_real - on_fake).mean()}, on_real, on_fake)


Objective = Annotated[
    ClippedLog
    | ClippedSSGAN
    | ClippedCGAN
    | TwoSigmoids
    | Saturating
    | NonSaturating
    | NonSaturatingSSGAN
    | FeatureMatchingSSGAN
    | AuxiliaryClassifier
    | Wasserstein
    | WassersteinGP
    | Relativistic,
    Field(discriminator="kind"),
]


def _cross_entropy(on_real: Logits, on_fake: Logits) -> Terms:
    return {"real": F.softplus(-on_real).mean(), "fake": F.softplus(on_fake).mean()}


def _named(D: nn.Module, real: Batch, on_real: Logits) -> tuple[Logits, Labels]:
    """Logits and classes of the samples whose classes D is told: all real ones, or those of the budget."""
    told, logits = (real, on_real) if real.labelled is None else (real.labelled, D(real.labelled.x))
    assert told.y is not None
    return logits, told.y


def _misread(logits: Logits, y: Labels | None) -> Tensor:
    """Cross-entropy of the classes that all logits but the last stand for."""
    assert y is not None
    return F.cross_entropy(logits[:, :-1], y)


def _not_fake(logits: Logits) -> Scores:
    """The logit of "not the last class": logsumexp of the others minus the last."""
    return logits[:, :-1].logsumexp(1) - logits[:, -1]


def _of_class(p: Tensor, y: Labels | None) -> Tensor:
    """p[n, y[n]] for each n."""
    assert y is not None
    return p.gather(1, y[:, None])[:, 0]
