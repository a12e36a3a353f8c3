"""The losses of a D that names classes, too: SSGAN's, text 001's CGAN's and AC-GAN's."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from pydantic import Field, PositiveFloat

from gan_core.gans.objectives.base import BaseObjective, Batch, LossTerms, WithR1, clipped_log, cross_entropy
from gan_core.lazy import Lazy
from gan_core.translation import N_

if TYPE_CHECKING:
    import torch
    import torch.nn.functional as F
    from torch import Tensor, nn

    from gan_core.types import Labels, Logits, Samples, Scores
else:
    torch = Lazy("torch")
    F = Lazy("torch.nn.functional")


class ClippedSSGAN(BaseObjective):
    """D: -log(1 - P(n|x)) - log P(n|G(z)) - log P(y|x).  G: +log P(n|G(z)), which saturates.  Class n is "fake".

    P is an (n+1)-way softmax, each log clipped from below at `floor`.
    Source: text 001, SSGAN.
    """

    kind: Literal["clipped-ssgan"] = "clipped-ssgan"
    title: ClassVar[str] = N_("eleven classes, clipped log (TensorFlow tutorial)")
    outputs: ClassVar[int] = 11
    shows_class: ClassVar[bool] = False
    signed: ClassVar[bool] = True
    names_classes: ClassVar[bool] = True
    floor: PositiveFloat = 1e-3

    def with_penalty(self, strength: float, every: int) -> BaseObjective | None:
        return NonSaturatingSSGAN(r1=strength, every=every)

    def unsaturated(self) -> BaseObjective | None:
        return NonSaturatingSSGAN()

    def scores(self, logits: Logits, y: Labels | None) -> Scores:
        return real_logit(logits)

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> LossTerms:
        on_real, on_fake = D(real.x), D(fake.x)
        p_real, p_fake = on_real.softmax(1), on_fake.softmax(1)
        named, y = labelled_logits(D, real, on_real)
        terms = {
            "real": -clipped_log(1.0 - p_real[:, -1], self.floor).mean(),
            "fake": -clipped_log(p_fake[:, -1], self.floor).mean(),
            "class": -clipped_log(of_class(named.softmax(1), y), self.floor).mean(),
        }
        return LossTerms(terms, real_logit(on_real), real_logit(on_fake))

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> LossTerms:
        on_fake = D(fake.x)
        return LossTerms({"adversarial": clipped_log(on_fake.softmax(1)[:, -1], self.floor).mean()}, None, real_logit(on_fake))


class ClippedCGAN(BaseObjective):
    """D: -log P(y|x) - log(1 - P(g|G(z,g))).  G: -log P(g|G(z,g)).  P is an 11-way softmax, logs clipped at `floor`.

    The score of a sample is the logit of P(its class), log p_y / (1 - p_y).
    Source: text 001, CGAN.
    """

    kind: Literal["clipped-cgan"] = "clipped-cgan"
    title: ClassVar[str] = N_("the digit asked for, clipped log (TensorFlow tutorial)")
    outputs: ClassVar[int] = 11
    shows_class: ClassVar[bool] = False
    asks_class: ClassVar[str] = N_(
        "With this objective D checks whether a sample is the digit that was asked for, but this G is not told a digit."
    )
    floor: PositiveFloat = 1e-3

    def scores(self, logits: Logits, y: Labels | None) -> Scores:
        assert y is not None
        others = logits.scatter(1, y[:, None], -torch.inf)
        return of_class(logits, y) - others.logsumexp(1)

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> LossTerms:
        on_real, on_fake = D(real.x), D(fake.x)
        terms = {
            "real": -clipped_log(of_class(on_real.softmax(1), real.y), self.floor).mean(),
            "fake": -clipped_log(1.0 - of_class(on_fake.softmax(1), fake.y), self.floor).mean(),
        }
        return LossTerms(terms, self.scores(on_real, real.y), self.scores(on_fake, fake.y))

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> LossTerms:
        on_fake = D(fake.x)
        terms = {"adversarial": -clipped_log(of_class(on_fake.softmax(1), fake.y), self.floor).mean()}
        return LossTerms(terms, None, self.scores(on_fake, fake.y))


class _LogitSSGAN(WithR1):
    """SSGAN on logits: s = logsumexp(real-class logits) - fake logit.

    D: softplus(-s(x)) + softplus(s(G(z))) - log P(y | x, not fake) + (r1/2) E |grad s(x)|^2.
    Only differences of logits matter, so an eleventh that is free and one that is fixed at 0 are the same function.
    """

    outputs: ClassVar[int] = 11
    shows_class: ClassVar[bool] = False
    names_classes: ClassVar[bool] = True

    def scores(self, logits: Logits, y: Labels | None) -> Scores:
        return real_logit(logits)

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> LossTerms:
        on_real = D(real.x)
        s_real, s_fake = real_logit(on_real), real_logit(D(fake.x))
        named, y = labelled_logits(D, real, on_real)
        terms = cross_entropy(s_real, s_fake) | {"class": F.cross_entropy(named[:, :-1], y)}
        return LossTerms(terms | self.r1_term(lambda x: real_logit(D(x)), real.x, step), s_real, s_fake)


class NonSaturatingSSGAN(_LogitSSGAN):
    """D: softplus(-s(x)) + softplus(s(G(z))) - log P(y | x, not fake) + (r1/2) E |grad s(x)|^2.

    G: softplus(-s(G(z))) + even (log K - H).
    s is the logit of "not fake", see _LogitSSGAN. H is the entropy of the batch's mean P(y | G(z), not fake): all K classes equally often.
    Source: Odena 2016, arXiv:1606.01583; Salimans et al. 2016, arXiv:1606.03498, section 5; H after Springenberg 2015,
    arXiv:1511.06390; R1 as in WithR1.
    """

    kind: Literal["non-saturating-ssgan"] = "non-saturating-ssgan"
    title: ClassVar[str] = N_("eleven classes, non-saturating")
    even: float = Field(0.0, ge=0)

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> LossTerms:
        on_fake = D(fake.x)
        s_fake = real_logit(on_fake)
        terms = {"adversarial": F.softplus(-s_fake).mean()}
        if self.even:
            shares = on_fake[:, :-1].softmax(1).mean(0)
            terms["evenness"] = self.even * (math.log(len(shares)) + torch.xlogy(shares, shares).sum())
        return LossTerms(terms, None, s_fake)


class FeatureMatchingSSGAN(_LogitSSGAN):
    """D as in NonSaturatingSSGAN.  G: the mean square of E f(x) - E f(G(z)), f the activations before D's answers.

    G is not to fool D but to have D see the same on average: samples that are none too good, and teach D more where labels are few.
    Source: Salimans et al. 2016, arXiv:1606.03498, sections 3.1 and 5.
    """

    kind: Literal["feature-matching-ssgan"] = "feature-matching-ssgan"
    title: ClassVar[str] = N_("eleven classes, feature matching (2016)")

    @classmethod
    def usual(cls) -> Self:
        return cls(r1=0.1, every=4)

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> LossTerms:
        f: Callable[[Samples], Tensor] = D.features  # type: ignore[assignment]
        with torch.no_grad():
            wanted = f(real.x).float().mean(0)
        return LossTerms({"features": (f(fake.x).float().mean(0) - wanted).square().mean()}, None, real_logit(D(fake.x)))


class AuxiliaryClassifier(WithR1):
    """D answers twice: is it real (its last logit), and which class is it (the others).

    D: softplus(-D(x)) + softplus(D(G(z,g))) - log P(y|x) [- log P(g|G(z,g))] + (r1/2) E |grad D(x)|^2.
    G: softplus(-D(G(z,g))) - weight log P(g|G(z,g)).  With `on_fakes` D learns the class that generated samples were to be, too.
    A D that is told the class of what it judges is told it here.
    Source: Odena et al. 2017, arXiv:1610.09585, Eq. 2 and 3 (on_fakes, weight 1); R1 as in WithR1.
    """

    kind: Literal["auxiliary-classifier"] = "auxiliary-classifier"
    title: ClassVar[str] = N_("real or generated, and which digit (2017)")
    outputs: ClassVar[int] = 11
    asks_class: ClassVar[str] = N_("This objective rewards G for drawing the digit that was asked for, but this G is not told a digit.")
    on_fakes: bool = True
    weight: float = Field(1.0, ge=0)

    def scores(self, logits: Logits, y: Labels | None) -> Scores:
        return logits[:, -1]

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> LossTerms:
        on_real, on_fake = D(real.x, real.y), D(fake.x, fake.y)
        terms = cross_entropy(on_real[:, -1], on_fake[:, -1]) | {"class": class_cross_entropy(on_real, real.y)}
        if self.on_fakes:
            terms["class of fakes"] = class_cross_entropy(on_fake, fake.y)
        terms |= self.r1_term(lambda x: D(x, real.y)[:, -1], real.x, step)
        return LossTerms(terms, on_real[:, -1], on_fake[:, -1])

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> LossTerms:
        on_fake = D(fake.x, fake.y)
        terms = {"adversarial": F.softplus(-on_fake[:, -1]).mean(), "class": self.weight * class_cross_entropy(on_fake, fake.y)}
        return LossTerms(terms, None, on_fake[:, -1])


def labelled_logits(D: nn.Module, real: Batch, on_real: Logits) -> tuple[Logits, Labels]:
    """Logits and classes of the samples whose classes D is told: all real ones, or those of the budget."""
    told, logits = (real, on_real) if real.labelled is None else (real.labelled, D(real.labelled.x))
    assert told.y is not None
    return logits, told.y


def class_cross_entropy(logits: Logits, y: Labels | None) -> Tensor:
    """Cross-entropy of the classes that all logits but the last stand for."""
    assert y is not None
    return F.cross_entropy(logits[:, :-1], y)


def real_logit(logits: Logits) -> Scores:
    """The logit of "not the last class": logsumexp of the others minus the last."""
    return logits[:, :-1].logsumexp(1) - logits[:, -1]


def of_class(p: Tensor, y: Labels | None) -> Tensor:
    """p[n, y[n]] for each n."""
    assert y is not None
    return p.gather(1, y[:, None])[:, 0]
