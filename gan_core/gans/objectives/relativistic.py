"""The loss of a D that compares real with generated instead of judging each alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, PositiveInt

from gan_core.gans import penalties
from gan_core.gans.objectives.base import BaseObjective, Batch, LossTerms
from gan_core.lazy import Lazy
from gan_core.translation import N_

if TYPE_CHECKING:
    import torch
    import torch.nn.functional as F
    from torch import nn
else:
    torch = Lazy("torch")
    F = Lazy("torch.nn.functional")


class Relativistic(BaseObjective):
    """Relativistic pairing: d = D(x) - D(G(z)), each real sample paired with a generated one (of its class, if there is one).

    D: softplus(-d) + (gamma/2) E |grad D(x)|^2 + (gamma/2) E |grad D(G(z))|^2 (R1 and R2).  G: softplus(d).
    The penalties are taken every `every`-th step, `every` times as strong, as in WithR1. Only differences of scores mean anything.
    Source: Huang et al. 2024, arXiv:2501.05441, Eq. 2 to 4; Jolicoeur-Martineau 2018, arXiv:1807.00734.
    """

    kind: Literal["relativistic"] = "relativistic"
    title: ClassVar[str] = N_("relativistic pairing, R1 and R2 (2024)")
    probabilistic: ClassVar[bool] = False
    undecided: ClassVar[float | None] = None
    gamma: float = Field(0.1, ge=0)
    every: PositiveInt = 1

    @property
    def penalty(self) -> str | None:
        return "R1 + R2" if self.gamma else None

    @property
    def penalty_strength(self) -> float:
        return self.gamma

    def with_penalty(self, strength: float, every: int) -> BaseObjective | None:
        return self.model_copy(update={"gamma": strength, "every": every})

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> LossTerms:
        on_real, on_fake = D(real.x, real.y), D(fake.x, fake.y)
        terms = {"pairing": F.softplus(on_fake - on_real).mean()}
        if self.gamma and step % self.every == 0:
            terms["R1"] = penalties.zero_centred(lambda x: D(x, real.y), real.x, self.gamma * self.every)
            terms["R2"] = penalties.zero_centred(lambda x: D(x, fake.y), fake.x, self.gamma * self.every)
        return LossTerms(terms, on_real, on_fake)

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> LossTerms:
        with torch.no_grad():
            on_real = D(real.x, real.y)
        on_fake = D(fake.x, fake.y)
        return LossTerms({"pairing": F.softplus(on_real - on_fake).mean()}, on_real, on_fake)
