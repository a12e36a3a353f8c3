"""The loss of a D that is asked for a number, 1 for real and 0 for generated, instead of a probability."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from gan_core.gans.objectives.base import Batch, LossTerms, WithR1
from gan_core.translation import N_

if TYPE_CHECKING:
    from torch import nn


class LeastSquares(WithR1):
    """D: (1/2) E (D(x) - 1)^2 + (1/2) E D(G(z))^2 + (r1/2) E |grad D(x)|^2.  G: (1/2) E (D(G(z)) - 1)^2.  D's output is used as it is.

    The slope of G's loss grows with the distance from 1, so a sample that D is sure of is pulled hardest; a sample that D finds
    more than real is pulled back.
    Source: Mao et al. 2017, arXiv:1611.04076, Eq. 2 with a = 0, b = c = 1 (Eq. 9); the penalty, which it does not have, as in WithR1.
    """

    kind: Literal["least-squares"] = "least-squares"
    title: ClassVar[str] = N_("least squares (2017)")
    probabilistic: ClassVar[bool] = False
    score_scale: ClassVar[str] = N_("D learns to give 1 to real samples and 0 to generated ones.")
    separable: ClassVar[bool] = True

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> LossTerms:
        on_real, on_fake = D(real.x, real.y), D(fake.x, fake.y)
        terms = {"real": 0.5 * (on_real - 1).square().mean(), "fake": 0.5 * on_fake.square().mean()}
        return LossTerms(terms | self.r1_term(lambda x: D(x, real.y), real.x, step), on_real, on_fake)

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> LossTerms:
        on_fake = D(fake.x, fake.y)
        return LossTerms({"adversarial": 0.5 * (on_fake - 1).square().mean()}, None, on_fake)
