"""The losses of a critic, whose values are a distance and no probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import PositiveFloat

from gan_core.gans import penalties
from gan_core.gans.objectives.base import BaseObjective, Batch, LossTerms
from gan_core.translation import N_

if TYPE_CHECKING:
    from torch import nn


class Wasserstein(BaseObjective):
    """D: E D(G(z)) - E D(x), its weights clipped to [-clip, clip] after each update.  G: -E D(G(z)).

    Source: Arjovsky et al. 2017, arXiv:1701.07875, Algorithm 1.
    """

    kind: Literal["wasserstein"] = "wasserstein"
    title: ClassVar[str] = N_("Wasserstein, clipped weights (2017)")
    probabilistic: ClassVar[bool] = False
    undecided: ClassVar[float | None] = None
    signed: ClassVar[bool] = True
    clip: PositiveFloat = 0.01

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> LossTerms:
        on_real, on_fake = D(real.x, real.y), D(fake.x, fake.y)
        return LossTerms({"wasserstein": on_fake.mean() - on_real.mean()}, on_real, on_fake)

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> LossTerms:
        on_fake = D(fake.x, fake.y)
        return LossTerms({"wasserstein": -on_fake.mean()}, None, on_fake)

    def project(self, D: nn.Module) -> None:
        """Clips D's weights."""
        penalties.clip_weights(D, self.clip)


class WassersteinGP(BaseObjective):
    """D: E D(G(z)) - E D(x) + gp E (|grad D(x^)| - 1)^2, x^ on lines between real and generated.  G: -E D(G(z)).

    Source: Gulrajani et al. 2017, arXiv:1704.00028, Eq. 3.
    """

    kind: Literal["wasserstein-gp"] = "wasserstein-gp"
    title: ClassVar[str] = N_("Wasserstein, gradient penalty (2017)")
    probabilistic: ClassVar[bool] = False
    undecided: ClassVar[float | None] = None
    signed: ClassVar[bool] = True
    gp: PositiveFloat = 10.0

    @property
    def penalty(self) -> str | None:
        return "WGAN-GP"

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> LossTerms:
        on_real, on_fake = D(real.x, real.y), D(fake.x, fake.y)
        terms = {
            "wasserstein": on_fake.mean() - on_real.mean(),
            "penalty": penalties.one_centred(lambda x: D(x, real.y), real.x, fake.x, self.gp),
        }
        return LossTerms(terms, on_real, on_fake)

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> LossTerms:
        on_fake = D(fake.x, fake.y)
        return LossTerms({"wasserstein": -on_fake.mean()}, None, on_fake)
