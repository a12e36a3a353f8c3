"""What of a training can go with what, and if not, why: the reasons as sentences. Builds no network and does not import torch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gan_core.gans import objectives
from gan_core.gans.config import NO_USE_FOR_LABELS, RunConfig
from gan_core.gans.objectives import Objective
from gan_core.gans.recipes import Recipe
from gan_core.gans.variants import VARIANTS


@dataclass(frozen=True)
class Judge:
    """What matters of a discriminator."""

    answers: int = 1
    "logits for a sample"
    norm: bool = False
    "batch norm: a sample's score depends on the others of its batch"
    told: bool = False
    "is it told the class of the sample it judges?"


JUDGES = {
    ("dcgan", "published"): Judge(norm=True),
    ("ssgan", "published"): Judge(answers=11, norm=True),
    ("ssgan", "stable"): Judge(answers=11),
    ("cgan", "published"): Judge(answers=11, norm=True),
    ("cgan", "stable"): Judge(told=True),
    ("acgan", "published"): Judge(answers=11, norm=True),
    ("acgan", "stable"): Judge(answers=11, told=True),
    ("cgan-mlp", "published"): Judge(told=True),
    ("cgan-mlp", "stable"): Judge(told=True),
    ("wgan", "stable"): Judge(norm=True),
    ("r3gan", "published"): Judge(told=True),
    ("r3gan", "stable"): Judge(told=True),
    ("sine-conv", "published"): Judge(answers=2),
}
"the discriminators that are not a plain Judge(); tests hold this against the networks themselves"

OBJECTIVES: dict[str, tuple[str, Objective]] = {
    "clipped-log": ("cross-entropy, clipped log (text 001)", objectives.ClippedLog()),
    "clipped-ssgan": ("eleven answers, clipped log (text 001)", objectives.ClippedSSGAN()),
    "clipped-cgan": ("the digit asked for, clipped log (text 001)", objectives.ClippedCGAN()),
    "two-sigmoids": ("two sigmoids (text 000)", objectives.TwoSigmoids()),
    "saturating": ("minimax, saturating (2014)", objectives.Saturating()),
    "non-saturating": ("non-saturating (2014)", objectives.NonSaturating()),
    "non-saturating-ssgan": ("eleven answers, non-saturating", objectives.NonSaturatingSSGAN()),
    "feature-matching-ssgan": ("eleven answers, feature matching (2016)", objectives.FeatureMatchingSSGAN(r1=0.1, every=4)),
    "auxiliary-classifier": ("real or not, and which digit (2017)", objectives.AuxiliaryClassifier()),
    "wasserstein": ("Wasserstein, clipped weights (2017)", objectives.Wasserstein()),
    "wasserstein-gp": ("Wasserstein, gradient penalty (2017)", objectives.WassersteinGP()),
    "relativistic": ("relativistic pairing, R1 and R2 (2024)", objectives.Relativistic()),
}
"kind -> (title, with its usual constants)"

_SHOWS_NO_CLASS = ("clipped-log", "clipped-ssgan", "clipped-cgan", "two-sigmoids", "non-saturating-ssgan", "feature-matching-ssgan")
_ANSWERS = {
    "clipped-ssgan": 11,
    "non-saturating-ssgan": 11,
    "feature-matching-ssgan": 11,
    "clipped-cgan": 11,
    "auxiliary-classifier": 11,
    "two-sigmoids": 2,
}  # the others: 1
_WITH_R1 = (
    objectives.NonSaturating,
    objectives.NonSaturatingSSGAN,
    objectives.FeatureMatchingSSGAN,
    objectives.AuxiliaryClassifier,
)
_IN_WORDS = {1: "one answer", 2: "two answers", 11: "eleven answers"}


def judge(variant: str, recipe: str) -> Judge:
    """What matters of the discriminator of this recipe."""
    return JUDGES.get((variant, recipe), Judge())


def with_objective(settings: Recipe, kind: str) -> Recipe:
    """The recipe with another objective: its usual constants, or those of the recipe if it is the recipe's own kind."""
    return settings if settings.objective.kind == kind else settings.model_copy(update={"objective": OBJECTIVES[kind][1]})


def objection(config: RunConfig) -> str | None:
    """Why these settings cannot work together, as a sentence; None if they can."""
    return next(_objections(config), None)


def reasons(config: RunConfig, kinds: Iterable[str] = tuple(OBJECTIVES)) -> dict[str, str | None]:
    """For each objective why it cannot take the place of this configuration's, None where it can."""
    return {kind: objection(config.model_copy(update={"settings": with_objective(config.settings, kind)})) for kind in kinds}


def no_budget_of_labels(config: RunConfig) -> str | None:
    """Why a budget of labels cannot be kept by this training, as a sentence; None if it can, or if none is asked for."""
    return None if config.labels is None or config.settings.objective.names_classes else NO_USE_FOR_LABELS


def _objections(config: RunConfig) -> Iterator[str]:
    settings, about = config.settings, VARIANTS[config.variant]
    objective, D = settings.objective, judge(config.variant, config.recipe)
    kind = objective.kind
    if reason := no_budget_of_labels(config):
        yield reason
    yield from _of_objective(kind, D, bool(about.classes), about.kind == "curves")
    if penalty := _penalty(objective):
        if D.norm:
            yield (
                f"{penalty} cannot go with the batch norm in this D: it needs the slope of each sample's own score, and batch norm "
                f"mixes the samples of a batch.{'' if judge(config.variant, 'stable').norm else ' The stable recipe has a D without it.'}"
            )
        if settings.separate:
            yield f"{penalty} cannot be added here: this recipe updates D on real and on generated samples separately, which leaves it out."
    if settings.separate and kind not in ("clipped-log", "non-saturating", "saturating", "two-sigmoids"):
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
    if settings.stop_within is not None and not objective.probabilistic:
        yield "This recipe stops when D(x) is near 1/2, and a critic's values are no probabilities: there is no such point."


def _of_objective(kind: str, D: Judge, classes: bool, curves: bool) -> Iterator[str]:
    needed = _ANSWERS.get(kind, 1)
    if D.answers != needed:
        if needed == 11 and curves:
            yield "Curves have no classes, and this objective needs a D that names one of ten."
        else:
            yield f"This objective needs a D with {_IN_WORDS[needed]}, and the D of this recipe gives {_IN_WORDS[D.answers]}."
    elif D.told and kind in _SHOWS_NO_CLASS:
        yield "This D is told which class a sample is meant to be, and this objective shows it the sample alone."
    elif kind == "clipped-cgan" and not classes:
        yield "This objective asks whether a picture is the digit that was asked for, and this G cannot be asked for one."
    elif kind == "auxiliary-classifier" and not classes:
        yield "This objective rewards G for drawing the digit that was asked for, and this G cannot be asked for one."
    elif classes and not D.told and kind not in ("clipped-cgan", "auxiliary-classifier"):
        yield "With this objective nothing ties a picture to the digit that was asked for: D is not told it, and would let any digit pass."


def _penalty(objective: Objective) -> str | None:
    """The name of the gradient penalty that is in force, None without one."""
    if isinstance(objective, objectives.WassersteinGP):
        return "The gradient penalty"
    if isinstance(objective, objectives.Relativistic):
        return "The penalty R1 + R2" if objective.gamma else None
    if isinstance(objective, _WITH_R1):
        return "The penalty R1" if objective.r1 else None
    return None
