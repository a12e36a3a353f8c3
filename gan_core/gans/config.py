"""RunConfig: everything a training needs to be repeated, validated before anything is spent on it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, model_validator

from gan_core.data.registry import CLASSES, DATA_SETS
from gan_core.errors import AtelierError
from gan_core.gans import compatibility
from gan_core.gans.architecture import Architecture
from gan_core.gans.recipes import Recipe
from gan_core.gans.variants import VARIANTS
from gan_core.gans.variants.entry import Variant

MAX_STEPS = 10_000_000
RECORDS = 2_000  # in metrics.jsonl, about, of a training by steps
OPENED = "opened"  # validation context of what a file says that was written earlier, by other rules perhaps: it may be looked at
MOST_NAMED = 3  # of what was changed, in a title
SETTINGS_IN_WORDS = {"D": "D's optimiser", "G": "G's optimiser", "d_steps": "D's updates a step", "average": "moving average"}

_SEMI_SUPERVISED = [name for name, variant in VARIANTS.items() if variant.recipes["stable"].objective.names_classes]
NO_USE_FOR_LABELS = (
    f"A label budget only works with a semi-supervised discriminator ({', '.join(_SEMI_SUPERVISED)}). "
    "This GAN uses either no labels or all of them."
)


class RunConfig(BaseModel):
    """One training: which variant, by which recipe, on which data, for how long, from which seed, where.

    `recipe` names what it started from; `settings` is the complete recipe in force and `networks` names the networks in force:
    both are the recipe's own unless they were changed (`changed`). What cannot work together is refused.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)

    variant: str
    recipe: str = "stable"
    networks: str
    "of the variant; where nothing is said, the recipe's own (runs from before there was a choice say nothing)"
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
    label_budget: Annotated[int, Field(ge=1)] | None = Field(None, alias="labels")
    "of how many training images, as many of each class, D is told the class; None: of all (`labels` in files of earlier runs)"
    tensorboard: bool = False
    "keep the curves and pictures as TensorBoard event files too"
    settings: Recipe

    @model_validator(mode="before")
    @classmethod
    def _networks_of_the_recipe(cls, values: Any) -> Any:
        if isinstance(values, dict) and values.get("networks") is None:
            return {**values, "networks": values.get("recipe", "stable")}
        return values

    @model_validator(mode="after")
    def _fits(self, info: ValidationInfo) -> Self:
        if self.variant not in VARIANTS:
            raise ValueError(f"There is no variant {self.variant!r}; choose one of {', '.join(VARIANTS)}.")
        variant = VARIANTS[self.variant]
        if self.recipe not in variant.recipes:
            raise ValueError(f"{variant.name} has no recipe {self.recipe!r}; choose one of {', '.join(variant.recipes)}.")
        if self.networks not in variant.networks:
            raise ValueError(f"{variant.name} has no networks {self.networks!r}; choose one of {', '.join(variant.networks)}.")
        if self.data not in choices_of_data(variant):
            raise ValueError(f"{variant.name} cannot learn {self.data!r}; choose one of {', '.join(choices_of_data(variant))}.")
        if info.context != OPENED and (reason := compatibility.incompatibility(variant, self.networks, self.settings)):
            raise ValueError(reason)
        if self.label_budget is not None:
            if not self.settings.objective.names_classes:
                raise ValueError(NO_USE_FOR_LABELS)
            if self.label_budget % CLASSES or self.label_budget > most_labels(self.data):
                raise ValueError(
                    f"labels = {self.label_budget} does not fit: as many of each of the {CLASSES} classes are drawn, so choose a multiple "
                    f"of {CLASSES} up to {most_labels(self.data):,}, or none for all."
                )
        return self

    @property
    def changed(self) -> tuple[str, ...]:
        """Names of what differs from the recipe: "networks", and fields of `settings`."""
        usual = self.about.recipes[self.recipe]
        return (*(["networks"] if self.networks != self.recipe else []), *self.settings.differences(usual))

    @property
    def recipe_title(self) -> str:
        """What it is trained by, for legends and tables: the recipe, and whether it was changed."""
        return self.recipe + (" (changed)" if self.changed else "")

    @property
    def changed_in_words(self) -> list[str]:
        """`changed` for people."""
        return [SETTINGS_IN_WORDS.get(name, name.replace("_", " ")) for name in self.changed]

    @property
    def changes(self) -> list[str]:
        """The same with the values: what it is, and what it is in the recipe."""
        usual = self.about.recipes[self.recipe]
        values = [
            (self.networks, self.recipe) if name == "networks" else (getattr(self.settings, name), getattr(usual, name))
            for name in self.changed
        ]
        return [f"{words} {_short(now)} instead of {_short(was)}" for words, (now, was) in zip(self.changed_in_words, values, strict=True)]

    @property
    def recipe_in_full(self) -> str:
        """What it is trained by, for titles: the recipe, and what was changed."""
        words = self.changed_in_words
        if len(words) > MOST_NAMED:
            words = [*words[: MOST_NAMED - 1], f"{len(words) - MOST_NAMED + 1} more"]
        return self.recipe + (f" (changed: {', '.join(words)})" if words else "")

    @property
    def architecture(self) -> Architecture:
        """The networks in force, to be built."""
        return self.about.networks[self.networks]

    @property
    def about(self) -> Variant:
        """The entry of the table this run belongs to."""
        return VARIANTS[self.variant]


def _short(value: object) -> str:
    """A setting for people: a number as it is, an objective or an optimiser by its kind and its constants."""
    if not isinstance(value, BaseModel):
        return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    constants = [f"{name} {_short(constant)}" for name, constant in value if name != "kind"]
    return f"{getattr(value, 'kind', '')} ({', '.join(constants)})" if constants else str(getattr(value, "kind", ""))


def most_labels(data: str) -> int:
    """The largest budget of labels with as many of each class that a data set has."""
    return CLASSES * DATA_SETS[data].smallest_class


def choices_of_data(variant: Variant) -> list[str]:
    """Names of the data sets the variant can be trained on."""
    if variant.kind == "curves":
        return [variant.data]
    return [name for name, data in DATA_SETS.items() if data.kind == "images"]


def configure(
    variant: str,
    recipe: str = "stable",
    *,
    networks: str | None = None,
    data: str | None = None,
    seed: int = 0,
    steps: int | None = None,
    seconds: float | None = None,
    device: str = "cpu",
    precision: str = "float32",
    log_every: int | None = None,
    label_budget: int | None = None,
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
    if settings is None:  # unknown variant or recipe: any recipe will do, the validator names what is wrong
        settings = next(iter(next(iter(VARIANTS.values())).recipes.values()))
    config = parse(
        {
            "variant": variant,
            "recipe": recipe,
            "networks": networks,
            "data": data or "",
            "seed": seed,
            "steps": steps,
            "seconds": seconds,
            "device": device,
            "precision": precision,
            "log_every": 1 if log_every is None else log_every,
            "labels": label_budget,  # what it is called on the command line, should it not fit
            "tensorboard": tensorboard,
            "settings": settings,
        }
    )
    if log_every is not None:
        return config
    # from the validated numbers: the command line gives words
    return config.model_copy(update={"log_every": 10 if config.seconds is not None else max(1, config.steps // RECORDS)})


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


def checked(config: RunConfig) -> RunConfig:
    """The same, validated anew: `model_copy` looks at nothing. Raises AtelierError with what does not fit."""
    return parse(config.model_dump())


def opened(content: str | bytes) -> RunConfig:
    """What a config.json says. Settings that are refused today may be looked at, but not trained by. Raises pydantic's ValidationError."""
    return RunConfig.model_validate_json(content, context=OPENED)


def sentence(error: ValidationError) -> str:
    """The first complaint of a pydantic error as one sentence."""
    first = error.errors(include_url=False)[0]
    if first["type"] == "value_error":
        return str(first["ctx"]["error"])
    where = ".".join(str(part) for part in first["loc"])
    given = repr(first["input"])
    return f"{where} = {given[:80]} does not fit: {first['msg'][0].lower()}{first['msg'][1:]}."
