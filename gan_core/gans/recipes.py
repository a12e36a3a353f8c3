"""A recipe: how a variant is trained, as plain data that goes into a run's config.json whole."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt

from gan_core.gans.objectives import Objective

Fraction = Annotated[float, Field(ge=0, lt=1)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", revalidate_instances="always")  # a model_copy has looked at nothing


class Adam(_Frozen):
    """Adam. Source: Kingma & Ba 2015, arXiv:1412.6980. Keras' eps is 1e-7, PyTorch's 1e-8."""

    kind: Literal["adam"] = "adam"
    lr: PositiveFloat
    beta1: Fraction = 0.9
    beta2: Fraction = 0.999
    eps: PositiveFloat = 1e-8


class SGD(_Frozen):
    """Gradient descent without momentum."""

    kind: Literal["sgd"] = "sgd"
    lr: PositiveFloat


class RMSprop(_Frozen):
    """RMSprop with PyTorch's constants (smoothing 0.99, eps 1e-8), as in the WGAN authors' code."""

    kind: Literal["rmsprop"] = "rmsprop"
    lr: PositiveFloat


Optimizer = Annotated[Adam | SGD | RMSprop, Field(discriminator="kind")]


class Recipe(_Frozen):
    """Objective, optimisers and the order of things within one step. A step is one round of D's updates, then G's."""

    objective: Objective
    D: Optimizer
    G: Optimizer
    batch: PositiveInt = 64
    "samples drawn for one update of D (before `splits`)"
    steps: PositiveInt
    "steps of a full training"
    final_rate: float = Field(1.0, gt=0, le=1)
    "both rates fall along a line to this share of themselves at the full training's last step, and then stay there"
    d_steps: PositiveInt = 1
    "rounds of D's updates a step, each on fresh samples"
    splits: PositiveInt = 1
    "a draw is cut into this many mini-batches: D is updated on each in turn, then G on each (Keras' `fit` does so)"
    first: Literal["D", "G"] = "D"
    'which network moves first; with "G", D then judges the samples that G was just corrected for'
    separate: bool = False
    "D is updated on real and on generated samples separately, one after the other, not on the sum"
    fakes_for_D: Literal["train", "eval"] = "train"
    "does the batch norm of G use the batch (train) or its running averages (eval) when it draws what D learns from?"
    fresh_z: bool = True
    "G's update draws new latents; otherwise it reuses those of D's last update"
    labels: Literal["uniform", "paired"] = "uniform"
    "classes asked of G: drawn uniformly, or those of the real samples beside them"
    average: Fraction | None = None
    "decay of the moving average of G that is shown; None shows G itself"
    stop_within: PositiveFloat | None = None
    "stop early once the mean of D(x) is this close to 1/2"

    def differences(self, other: Recipe) -> tuple[str, ...]:
        """Names of the settings in which it differs from another."""
        return tuple(name for name in type(self).model_fields if getattr(self, name) != getattr(other, name))
