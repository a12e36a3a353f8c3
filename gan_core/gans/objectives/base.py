"""What every objective is: its facts, and the pieces that several are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from gan_core.gans import penalties
from gan_core.lazy import Lazy

if TYPE_CHECKING:
    import torch.nn.functional as F
    from torch import Tensor, nn

    from gan_core.types import Labels, Logits, Samples, Scores
else:
    F = Lazy("torch.nn.functional")

Terms = dict[str, "Tensor"]


class Batch(NamedTuple):
    """Samples and their classes; y is None where the data have none, or D is not to be told them."""

    x: Samples
    y: Labels | None
    labelled: Batch | None = None
    "under a budget of labels: other real samples, the only ones whose classes D is told"


class LossTerms(NamedTuple):
    """What an objective makes of a batch: the terms to descend, and D's scores of the samples it looked at."""

    terms: Terms
    real_scores: Scores | None
    fake_scores: Scores


class BaseObjective(BaseModel):
    """The facts of an objective, which stand nowhere else: who asks what goes with what, what a chart shows or what may be tried asks here.

    The defaults are those of a D with one logit whose sigmoid is the probability of "real".
    """

    model_config = ConfigDict(frozen=True, extra="forbid", revalidate_instances="always")

    title: ClassVar[str]
    "what menus call it (its texts are marked, and translated where they are shown)"
    outputs: ClassVar[int] = 1
    "how many logits D must give a sample"
    shows_class: ClassVar[bool] = True
    "does D see the class that a sample has or was meant to have? (A D that has no use for it leaves it alone.)"
    asks_class: ClassVar[str] = ""
    "why it cannot train a G that is not told a class, as a sentence; empty where it makes nothing of the class that G was asked for"
    names_classes: ClassVar[bool] = False
    "does D learn to name the class of real samples, and nothing else need it?"
    probabilistic: ClassVar[bool] = True
    'is sigmoid(score) D\'s probability of "real"?'
    score_scale: ClassVar[str] = ""
    "what such a score is near to, in a sentence; empty where only differences mean something"
    undecided: ClassVar[float | None] = 0.5
    "what is shown where D can no longer tell real from generated; None where that has no value of its own"
    undecided_losses: ClassVar[tuple[float, float] | None] = None
    "D's and G's loss where D says 1/2 to everything, which is where theory ends; None where that is no fixed pair of numbers"
    signed: ClassVar[bool] = False
    "can one of its losses be below 0?"
    separable: ClassVar[bool] = False
    "is D's loss a term of real samples alone, `real`, plus one of generated samples alone, `fake`?"

    @classmethod
    def usual(cls) -> Self:
        """It with its usual constants."""
        return cls()

    @property
    def period(self) -> int:
        """Whatever an objective does at some steps only, it does at each that this divides."""
        return getattr(self, "every", 1)

    @property
    def penalty(self) -> str | None:
        """The short name of the gradient penalty that is in force, None without one."""
        return None

    @property
    def penalty_strength(self) -> float:
        """The weight of a penalty that can be made stronger with `with_penalty`; 0 without one."""
        return 0.0

    def with_penalty(self, strength: float, every: int) -> BaseObjective | None:
        """The nearest objective with a gradient penalty of that strength, every so many steps; None where there is none."""
        return None

    def unsaturated(self) -> BaseObjective | None:
        """The nearest objective whose G has its steepest slope where D is sure of a fake; None where this one's has, or there is none."""
        return None

    def scores(self, logits: Logits, y: Labels | None) -> Scores:
        """How real D finds each sample, [N]; by default D's only logit."""
        return logits

    def project(self, D: nn.Module) -> None:
        """Brings D back into the set the objective allows, after each of D's updates; by default everything is allowed."""


class WithR1(BaseObjective):
    """An objective of D that can carry (r1/2) E |grad D(x)|^2 on real samples.

    The penalty is taken every `every`-th step, `every` times as strong (lazy regularisation, Karras et al. 2020,
    arXiv:1912.04958, Appendix B). r1 = 0 leaves it out.
    Source: Mescheder et al. 2018, arXiv:1801.04406, Eq. 9.
    """

    r1: float = Field(0.0, ge=0)
    every: PositiveInt = 1

    @property
    def penalty(self) -> str | None:
        return "R1" if self.r1 else None

    @property
    def penalty_strength(self) -> float:
        return self.r1

    def with_penalty(self, strength: float, every: int) -> BaseObjective | None:
        return self.model_copy(update={"r1": strength, "every": every})

    def r1_term(self, score: Callable[[Samples], Scores], x: Samples, step: int) -> Terms:
        """{"penalty": ..} at the steps at which it is taken, else nothing."""
        if self.r1 and step % self.every == 0:
            return {"penalty": penalties.zero_centred(score, x, self.r1 * self.every)}
        return {}


def cross_entropy(on_real: Logits, on_fake: Logits) -> Terms:
    """D's terms: -log sigmoid(on_real) and -log(1 - sigmoid(on_fake)), on logits."""
    return {"real": F.softplus(-on_real).mean(), "fake": F.softplus(on_fake).mean()}


def clipped_log(p: Tensor, floor: float) -> Tensor:
    """log(max(p, floor)), with gradient 1 / max(p, floor) passed to p even where it is clipped.

    Source: text 001's log_clip.
    """
    return (p.detach().clamp(floor, 1.0) - p.detach() + p).log()
