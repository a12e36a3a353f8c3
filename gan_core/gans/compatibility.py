"""Which networks, objectives and recipes can be combined, with the reason as a sentence where they cannot.

Comparisons only: the facts stand on the discriminator's spec and on the objective. Builds no network and does not import torch.
"""

from __future__ import annotations

from collections.abc import Iterator

from gan_core.gans.architecture import DiscriminatorSpec
from gan_core.gans.objectives import OBJECTIVES, Objective
from gan_core.gans.recipes import Recipe
from gan_core.gans.variants.entry import Variant
from gan_core.translation import _


def incompatibility(variant: Variant, networks: str, settings: Recipe) -> str | None:
    """Why these settings cannot train these networks of the variant, as a sentence; None if they can."""
    return next(_objections(variant, networks, settings), None)


def reasons(variant: Variant, networks: str, settings: Recipe) -> dict[str, str | None]:
    """For each objective why it cannot take the place of these settings' own, None where it can."""
    return {kind: incompatibility(variant, networks, with_objective(settings, kind)) for kind in OBJECTIVES}


def with_objective(settings: Recipe, kind: str) -> Recipe:
    """The recipe with another objective: its usual constants, or those of the recipe if it is the recipe's own kind."""
    return settings if settings.objective.kind == kind else settings.model_copy(update={"objective": OBJECTIVES[kind].usual()})


def _objections(variant: Variant, networks: str, settings: Recipe) -> Iterator[str]:
    objective, D = settings.objective, variant.networks[networks].D
    yield from _of_objective(objective, D, variant)
    if penalty := objective.penalty:
        if D.batch_norm:
            without = networks != "stable" and not variant.networks["stable"].D.batch_norm
            reason = _(
                "The gradient penalty ({penalty}) does not work with batch norm in D: it needs the gradient of each sample's own "
                "score, and batch norm mixes the samples of a batch."
            ).format(penalty=penalty)
            yield f"{reason} {_('The stable networks have no batch norm in D.')}" if without else reason
        if settings.separate:
            yield _(
                "The gradient penalty ({penalty}) cannot be used here: this recipe updates D on real and on generated samples "
                "separately, and leaves the penalty out."
            ).format(penalty=penalty)
    if settings.separate and not objective.separable:
        yield _(
            "This recipe updates D on real and on generated samples separately, but D's loss in this objective is not a sum of one "
            "part for each. The stable recipe updates D on both together."
        )
    if settings.first == "G" and settings.d_steps > 1:
        yield _("This recipe updates G first and then D once. More updates of D per step only work in a recipe that updates D first.")
    if settings.batch % settings.splits:
        yield _("A batch of {batch} cannot be split into {parts} equal mini-batches, as this recipe does.").format(
            batch=settings.batch, parts=settings.splits
        )
    if settings.batch // settings.splits < 2:
        yield _("Batch norm cannot learn from a batch of one sample. Use two samples or more.")
    if settings.stop_within is not None and objective.undecided is None:
        yield _("This recipe stops when D(x) is close to 1/2. With this objective D gives no probabilities, so it would never stop.")


def _of_objective(objective: Objective, D: DiscriminatorSpec, variant: Variant) -> Iterator[str]:
    if D.outputs != objective.outputs:
        if objective.outputs == 11 and variant.kind == "curves":
            yield _("Curves have no classes, but this objective needs a D that names one of ten.")
        else:
            yield _("The outputs of D do not match: this objective needs {needed}, these networks have {given}.").format(
                needed=objective.outputs, given=D.outputs
            )
    elif D.conditional and not objective.shows_class:
        yield _("This D is told the class of each sample, but this objective shows D the sample alone.")
    elif objective.asks_class and not variant.classes:
        yield _(objective.asks_class)
    elif variant.classes and not D.conditional and not objective.asks_class:
        yield _("With this objective D is not told which digit was asked for, so it would accept any digit.")
