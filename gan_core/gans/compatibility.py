"""Which networks, objectives and recipes can be combined, with the reason as a sentence where they cannot.

Comparisons only: the facts stand on the discriminator's spec and on the objective. Builds no network and does not import torch.
"""

from __future__ import annotations

from collections.abc import Iterator

from gan_core.gans.architecture import DiscriminatorSpec
from gan_core.gans.objectives import OBJECTIVES, Objective
from gan_core.gans.recipes import Recipe
from gan_core.gans.variants.entry import Variant

_OUTPUTS = {1: "one answer", 2: "two answers", 11: "eleven answers"}


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
            yield (
                f"{penalty} cannot go with the batch norm in this D: it needs the slope of each sample's own score, and batch norm "
                f"mixes the samples of a batch.{' The stable recipe has a D without it.' if without else ''}"
            )
        if settings.separate:
            yield f"{penalty} cannot be added here: this recipe updates D on real and on generated samples separately, which leaves it out."
    if settings.separate and not objective.separable:
        yield (
            "This recipe updates D on real and on generated samples separately, and this objective is no sum of a part for each. "
            "The stable recipe updates D on both together."
        )
    if settings.first == "G" and settings.d_steps > 1:
        yield "This recipe moves G first and D once after it; more updates of D a step belong to a recipe that moves D first."
    if settings.batch % settings.splits:
        yield f"A batch of {settings.batch} cannot be cut into {settings.splits} equal mini-batches, as this recipe does."
    if settings.batch // settings.splits < 2:
        yield "A batch of one tells batch norm nothing; take two samples or more."
    if settings.stop_within is not None and objective.undecided is None:
        yield "This recipe stops when D(x) is near 1/2; with this objective D gives no probabilities, so there is no such point."


def _of_objective(objective: Objective, D: DiscriminatorSpec, variant: Variant) -> Iterator[str]:
    if D.outputs != objective.outputs:
        if objective.outputs == 11 and variant.kind == "curves":
            yield "Curves have no classes, and this objective needs a D that names one of ten."
        else:
            yield f"This objective needs a D with {_OUTPUTS[objective.outputs]}, and the D of this recipe gives {_OUTPUTS[D.outputs]}."
    elif D.conditional and not objective.shows_class:
        yield "This D is told which class a sample is meant to be, and this objective shows it the sample alone."
    elif objective.asks_class and not variant.classes:
        yield f"This objective {objective.asks_class}, and this G cannot be asked for one."
    elif variant.classes and not D.conditional and not objective.asks_class:
        yield "With this objective nothing ties a picture to the digit that was asked for: D is not told it, and would let any digit pass."
