"""RunConfig: everything a training needs to be repeated, validated before anything is spent on it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gan_core.data.registry import CLASSES, DATA_SETS
from gan_core.errors import AtelierError
from gan_core.gans.recipes import Recipe
from gan_core.gans.variants import VARIANTS
from gan_core.gans.variants.entry import Variant

MAX_STEPS = 10_000_000
NO_USE_FOR_LABELS = (
    "A budget of labels belongs to a D that learns to name digits and needs their names for nothing else: choose ssgan. "
    "This one either uses no labels, or uses all of them."
)


class RunConfig(BaseModel):
    """One training: which variant, by which recipe, on which data, for how long, from which seed, where.

    `settings` is the complete recipe in force. `recipe` names the one it started from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    variant: str
    recipe: str = "stable"
    data: str
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    steps: Annotated[int, Field(ge=1, le=MAX_STEPS)]
    "stop after this many steps"
    seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    "or after this much training time [s], whichever comes first"
    device: Literal["cpu", "cuda", "mps"] = "cpu"
    precision: Literal["float32", "bfloat16"] = "float32"
    "what layers compute in while they learn; weights, losses, averages and pictures are float32 either way"
    log_every: Annotated[int, Field(ge=1)]
    "steps averaged into one record of metrics.jsonl"
    labels: Annotated[int, Field(ge=1)] | None = None
    "of how many training images, as many of each class, D is told the class; None: of all"
    tensorboard: bool = False
    "keep the curves and pictures as TensorBoard event files too"
    settings: Recipe

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.variant not in VARIANTS:
            raise ValueError(f"There is no variant {self.variant!r}; choose one of {', '.join(VARIANTS)}.")
        variant = VARIANTS[self.variant]
        if self.recipe not in variant.recipes:
            raise ValueError(f"{variant.name} has no recipe {self.recipe!r}; choose one of {', '.join(variant.recipes)}.")
        if self.data not in choices_of_data(variant):
            raise ValueError(f"{variant.name} cannot learn {self.data!r}; choose one of {', '.join(choices_of_data(variant))}.")
        if self.settings.batch % self.settings.splits:
            raise ValueError(f"A batch of {self.settings.batch} cannot be cut into {self.settings.splits} equal mini-batches.")
        if self.labels is not None:
            if not self.settings.objective.names_classes:
                raise ValueError(NO_USE_FOR_LABELS)
            if self.labels % CLASSES or self.labels > most_labels(self.data):
                raise ValueError(
                    f"labels = {self.labels} does not fit: as many of each of the {CLASSES} classes are drawn, so choose a multiple of "
                    f"{CLASSES} up to {most_labels(self.data):,}, or none for all."
                )
        return self

    @property
    def about(self) -> Variant:
        """The entry of the table this run belongs to."""
        return VARIANTS[self.variant]


def most_labels(data: str) -> int:
    """The largest budget of labels with as many of each class that a data set has."""
    return CLASSES * DATA_SETS[data].rarest


def choices_of_data(variant: Variant) -> list[str]:
    """Names of the data sets the variant can be trained on."""
    if variant.kind == "curves":
        return [variant.data]
    return [name for name, data in DATA_SETS.items() if data.kind == "images"]


def configure(
    variant: str,
    recipe: str = "stable",
    *,
    data: str | None = None,
    seed: int = 0,
    steps: int | None = None,
    seconds: float | None = None,
    device: str = "cpu",
    precision: str = "float32",
    log_every: int | None = None,
    labels: int | None = None,
    tensorboard: bool = False,
    settings: Recipe | None = None,
) -> RunConfig:
    """A validated RunConfig; what is left out comes from the recipe. Raises AtelierError with a sentence for people.

    Without `data`, image variants learn the built-in digits. With `seconds` and no `steps`, time alone decides.
    """
    known = VARIANTS.get(variant)
    started_from = known.recipes.get(recipe) if known else None
    settings = settings or started_from
    if data is None and known:
        data = known.data if known.kind == "curves" else "digits-5k"
    if steps is None:
        steps = MAX_STEPS if seconds is not None else settings.steps if settings else 1
    if log_every is None:
        log_every = 10 if seconds is not None else max(1, steps // 2000) if isinstance(steps, int) else 1
    if settings is None:  # unknown variant or recipe: any recipe will do, the validator names what is wrong
        settings = next(iter(next(iter(VARIANTS.values())).recipes.values()))
    return parse(
        {
            "variant": variant,
            "recipe": recipe,
            "data": data or "",
            "seed": seed,
            "steps": steps,
            "seconds": seconds,
            "device": device,
            "precision": precision,
            "log_every": log_every,
            "labels": labels,
            "tensorboard": tensorboard,
            "settings": settings,
        }
    )


class _More(BaseModel):
    steps: Annotated[int, Field(ge=1, le=MAX_STEPS)] | None
    seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None


def longer(config: RunConfig, done: tuple[int, float], *, steps: int | None = None, seconds: float | None = None) -> RunConfig:
    """The same training, to end so many steps, or seconds, after those it has `done` (steps, seconds [s]).

    Raises AtelierError if that is not one positive number.
    """
    try:
        more = _More(steps=steps, seconds=seconds)
    except ValidationError as error:
        raise AtelierError(sentence(error)) from None
    if (more.steps is None) == (more.seconds is None):
        raise AtelierError("Say either for how many more steps it shall go on, or for how many more seconds.")
    if more.steps is not None:
        return parse(config.model_dump() | {"steps": done[0] + more.steps, "seconds": None})
    assert more.seconds is not None
    return parse(config.model_dump() | {"steps": MAX_STEPS, "seconds": done[1] + more.seconds})


def parse(values: dict[str, Any]) -> RunConfig:
    """RunConfig from plain values. Raises AtelierError naming the first value that does not fit."""
    try:
        return RunConfig.model_validate(values)
    except ValidationError as error:
        raise AtelierError(sentence(error)) from None


def sentence(error: ValidationError) -> str:
    """The first complaint of a pydantic error as one sentence."""
    first = error.errors(include_url=False)[0]
    if first["type"] == "value_error":
        return str(first["ctx"]["error"])
    where = ".".join(str(part) for part in first["loc"])
    given = repr(first["input"])
    return f"{where} = {given[:80]} does not fit: {first['msg'][0].lower()}{first['msg'][1:]}."
