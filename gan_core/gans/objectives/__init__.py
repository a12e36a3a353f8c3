"""Objectives: what each network descends. One small final class per loss.

An objective is data (its constants, written into a run's config.json) and two functions of it. Both return named terms whose
sum is the loss and each of which becomes a curve, with the scores of the samples at hand: how real D finds them. Scores
are logits of "real" where D is a classifier, and plain values for the others (`probabilistic` says which).

D returns raw logits; the sigmoid, the softmax and the clipped logarithm are here, in the objective that asks for them.
A new objective is a class in one of the files beside this one and its name in the union below, whose order is that of the menus.
"""

from collections.abc import Mapping
from typing import Annotated, get_args

from pydantic import Field

from gan_core.gans.objectives.base import BaseObjective
from gan_core.gans.objectives.cross_entropy import ClippedLog, NonSaturating, Saturating, TwoSigmoids
from gan_core.gans.objectives.least_squares import LeastSquares
from gan_core.gans.objectives.relativistic import Relativistic
from gan_core.gans.objectives.wasserstein import Wasserstein, WassersteinGP
from gan_core.gans.objectives.with_classes import (
    AuxiliaryClassifier,
    ClippedCGAN,
    ClippedSSGAN,
    FeatureMatchingSSGAN,
    NonSaturatingSSGAN,
)

AnyObjective = (
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
    | Relativistic
    | LeastSquares
)
Objective = Annotated[AnyObjective, Field(discriminator="kind")]

OBJECTIVES: Mapping[str, type[BaseObjective]] = {kind.model_fields["kind"].default: kind for kind in get_args(AnyObjective)}
"by kind"
