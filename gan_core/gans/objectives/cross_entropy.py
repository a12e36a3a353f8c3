"""The losses of a D that answers real or generated, by cross-entropy."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import PositiveFloat

from gan_core.gans.objectives.base import BaseObjective, Batch, LossTerms, WithR1, clipped_log, cross_entropy
from gan_core.lazy import Lazy
from gan_core.translation import N_

if TYPE_CHECKING:
    import torch.nn.functional as F
    from torch import Tensor, nn

    from gan_core.types import Labels, Logits, Scores
else:
    F = Lazy("torch.nn.functional")

LN2 = math.log(2)


class ClippedLog(BaseObjective):
    """D: -log D(x) - log(1 - D(G(z))).  G: -log D(G(z)).  D is a sigmoid, log clipped from below at `floor`.

    The gradient with respect to the logit is min(1, p / floor) (1 - p): below the floor G's loss saturates.
    Source: text 001, GAN and DCGAN.
    """

    kind: Literal["clipped-log"] = "clipped-log"
    title: ClassVar[str] = N_("cross-entropy, clipped log (TensorFlow tutorial)")
    shows_class: ClassVar[bool] = False
    undecided_losses: ClassVar[tuple[float, float] | None] = (2 * LN2, LN2)
    separable: ClassVar[bool] = True
    floor: PositiveFloat = 1e-6

    def with_penalty(self, strength: float, every: int) -> BaseObjective | None:
        return NonSaturating(r1=strength, every=every)

    def unsaturated(self) -> BaseObjective | None:
        return NonSaturating()

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> LossTerms:
        on_real, on_fake = D(real.x), D(fake.x)
        terms = {
            "real": -clipped_log(on_real.sigmoid(), self.floor).mean(),
            "fake": -clipped_log(1.0 - on_fake.sigmoid(), self.floor).mean(),
        }
        return LossTerms(terms, on_real, on_fake)

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> LossTerms:
        on_fake = D(fake.x)
        return LossTerms({"adversarial": -clipped_log(on_fake.sigmoid(), self.floor).mean()}, None, on_fake)


class TwoSigmoids(BaseObjective):
    """Binary cross-entropy, averaged over D's two sigmoid outputs (fake, real), against one-hot targets.

    D: over the real and the generated half together. G: the same against the target "real".
    Source: text 000.
    """

    kind: Literal["two-sigmoids"] = "two-sigmoids"
    title: ClassVar[str] = N_("two sigmoids (Keras example)")
    outputs: ClassVar[int] = 2
    shows_class: ClassVar[bool] = False
    undecided_losses: ClassVar[tuple[float, float] | None] = (LN2, LN2)
    separable: ClassVar[bool] = True

    def scores(self, logits: Logits, y: Labels | None) -> Scores:
        return logits[:, 1]

    @staticmethod
    def _against(logits: Logits, target: int) -> Tensor:
        return (F.softplus(logits).sum() - logits[:, target].sum()) / logits.numel()

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> LossTerms:
        on_real, on_fake = D(real.x), D(fake.x)
        terms = {"real": 0.5 * self._against(on_real, 1), "fake": 0.5 * self._against(on_fake, 0)}
        return LossTerms(terms, on_real[:, 1], on_fake[:, 1])

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> LossTerms:
        on_fake = D(fake.x)
        return LossTerms({"adversarial": self._against(on_fake, 1)}, None, on_fake[:, 1])


class Saturating(BaseObjective):
    """D: -log D(x) - log(1 - D(G(z))).  G: log(1 - D(G(z))), the minimax game itself; computed on logits.

    Source: Goodfellow et al. 2014, arXiv:1406.2661, Eq. 1; text 002.
    """

    kind: Literal["saturating"] = "saturating"
    title: ClassVar[str] = N_("minimax, saturating (2014)")
    undecided_losses: ClassVar[tuple[float, float] | None] = (2 * LN2, -LN2)
    signed: ClassVar[bool] = True
    separable: ClassVar[bool] = True

    def with_penalty(self, strength: float, every: int) -> BaseObjective | None:
        return NonSaturating(r1=strength, every=every)

    def unsaturated(self) -> BaseObjective | None:
        return NonSaturating()

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> LossTerms:
        on_real, on_fake = D(real.x, real.y), D(fake.x, fake.y)
        return LossTerms(cross_entropy(on_real, on_fake), on_real, on_fake)

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> LossTerms:
        on_fake = D(fake.x, fake.y)
        return LossTerms({"adversarial": -F.softplus(on_fake).mean()}, None, on_fake)


class NonSaturating(WithR1):
    """D: -log D(x) - log(1 - D(G(z))) + (r1/2) E |grad D(x)|^2.  G: -log D(G(z)).  Computed on logits, softplus(-/+ logit).

    Source: Goodfellow et al. 2014, arXiv:1406.2661, section 3; the penalty as in WithR1.
    """

    kind: Literal["non-saturating"] = "non-saturating"
    title: ClassVar[str] = N_("non-saturating (2014)")
    undecided_losses: ClassVar[tuple[float, float] | None] = (2 * LN2, LN2)
    separable: ClassVar[bool] = True

    def d_terms(self, D: nn.Module, real: Batch, fake: Batch, step: int) -> LossTerms:
        on_real, on_fake = D(real.x, real.y), D(fake.x, fake.y)
        terms = cross_entropy(on_real, on_fake) | self.r1_term(lambda x: D(x, real.y), real.x, step)
        return LossTerms(terms, on_real, on_fake)

    def g_terms(self, D: nn.Module, real: Batch, fake: Batch) -> LossTerms:
        on_fake = D(fake.x, fake.y)
        return LossTerms({"adversarial": F.softplus(-on_fake).mean()}, None, on_fake)
