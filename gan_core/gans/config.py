"""RunConfig: everything a training needs to be repeated, validated before anything is spent on it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, model_validator

from gan_core.data.registry import CLASSES, DATA_SETS
from gan_core.errors import AtelierError
from gan_core.gans import compatibility
from gan_core.gans.architecture import Architecture
from gan_core.gans.recipes import Recipe
from gan_core.gans.variants import VARIANTS, no_variant
from gan_core.gans.variants.entry import Variant
from gan_core.translation import N_, _, ngettext

MAX_STEPS = 10_000_000
RECORDS = 2_000  # in metrics.jsonl, about, of a training by steps
OPENED = "opened"  # validation context of what a file says that was written earlier, by other rules perhaps: it may be looked at
MOST_NAMED = 3  # of what was changed, in a title
SETTINGS_IN_WORDS = {
    "networks": N_("networks"),
    "objective": N_("objective"),
    "D": N_("optimiser of D"),
    "G": N_("optimiser of G"),
    "batch": N_("batch size"),
    "steps": N_("steps"),
    "final_rate": N_("learning rate at the end"),
    "d_steps": N_("updates of D per step"),
    "splits": N_("mini-batches per update"),
    "first": N_("which network moves first"),
    "separate": N_("separate updates of D on real and generated samples"),
    "fakes_for_D": N_("batch norm of G while D learns"),
    "fresh_z": N_("new latents for the update of G"),
    "labels": N_("classes asked of G"),
    "average": N_("moving average of G"),
    "stop_within": N_("early stopping"),
}
"what can differ from a recipe, marked for translation"
_CHOICES = {
    "uniform": N_("drawn uniformly"),
    "paired": N_("those of the real samples"),
    "train": N_("statistics of the batch"),
    "eval": N_("running averages"),
}
"values of settings for people; names (of networks, objectives, optimisers) stay what they are"

NO_USE_FOR_LABELS = N_(
    "A label budget only works with a semi-supervised discriminator, as in SSGAN. This GAN uses either no labels or all of them."
)
"why a label budget is refused where D does not learn to name classes"

# What pydantic says of a number that does not fit, by its kind of error; what it says of anything else stays as it is, in English.
_EXPECTED = {
    "greater_than": N_("choose a number greater than {gt}."),
    "greater_than_equal": N_("choose {ge} or more."),
    "less_than": N_("choose a number less than {lt}."),
    "less_than_equal": N_("choose {le} or less."),
    "finite_number": N_("choose a finite number."),
    "int_type": N_("choose a whole number."),
    "int_parsing": N_("choose a whole number."),
    "int_from_float": N_("choose a whole number."),
    "float_type": N_("choose a number."),
    "float_parsing": N_("choose a number."),
    "literal_error": N_("choose one of {expected}."),
}


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
            raise ValueError(no_variant(self.variant))
        variant = VARIANTS[self.variant]
        if self.recipe not in variant.recipes:
            text = _("{variant} has no recipe {name}; choose one of {names}.")
            raise ValueError(text.format(variant=variant.name, name=repr(self.recipe), names=", ".join(variant.recipes)))
        if self.networks not in variant.networks:
            text = _("{variant} has no networks {name}; choose one of {names}.")
            raise ValueError(text.format(variant=variant.name, name=repr(self.networks), names=", ".join(variant.networks)))
        if self.data not in choices_of_data(variant):
            text = _("{variant} cannot be trained on {name}; choose one of {names}.")
            raise ValueError(text.format(variant=variant.name, name=repr(self.data), names=", ".join(choices_of_data(variant))))
        if info.context != OPENED and (reason := compatibility.incompatibility(variant, self.networks, self.settings)):
            raise ValueError(reason)
        if self.label_budget is not None:
            if not self.settings.objective.names_classes:
                raise ValueError(_(NO_USE_FOR_LABELS))
            if self.label_budget % CLASSES or self.label_budget > most_labels(self.data):
                text = _(
                    "labels = {given} does not fit: each of the {classes} classes gets the same number of labels, so choose a multiple of "
                    "{classes} up to {most}, or leave it out for all labels."
                )
                raise ValueError(text.format(given=self.label_budget, classes=CLASSES, most=f"{most_labels(self.data):,}"))
        return self

    @property
    def changed(self) -> tuple[str, ...]:
        """Names of what differs from the recipe: "networks", and fields of `settings`."""
        usual = self.about.recipes[self.recipe]
        return (*(["networks"] if self.networks != self.recipe else []), *self.settings.differences(usual))

    @property
    def recipe_title(self) -> str:
        """What it is trained by, for legends and tables: the recipe, and whether it was changed."""
        return _("{recipe} (changed)").format(recipe=self.recipe) if self.changed else self.recipe

    @property
    def changed_in_words(self) -> list[str]:
        """`changed` for people."""
        return [_(SETTINGS_IN_WORDS[name]) for name in self.changed]

    @property
    def changes(self) -> list[str]:
        """The same with the values: what it is, and what it is in the recipe, a line each."""
        usual = self.about.recipes[self.recipe]
        values = [
            (self.networks, self.recipe) if name == "networks" else (getattr(self.settings, name), getattr(usual, name))
            for name in self.changed
        ]
        return [
            _("{setting}: {now} instead of {usual}").format(setting=words, now=_short(now), usual=_short(was))
            for words, (now, was) in zip(self.changed_in_words, values, strict=True)
        ]

    @property
    def recipe_in_full(self) -> str:
        """What it is trained by, for titles: the recipe, and what was changed."""
        words = self.changed_in_words
        if len(words) > MOST_NAMED:
            left = len(words) - MOST_NAMED + 1
            words = [*words[: MOST_NAMED - 1], ngettext("{n} more", "{n} more", left).format(n=left)]
        return _("{recipe} (changed: {settings})").format(recipe=self.recipe, settings=", ".join(words)) if words else self.recipe

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
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if not isinstance(value, BaseModel):
        if value is None:
            return _("none")
        return f"{value:g}" if isinstance(value, float) else _(_CHOICES.get(str(value), str(value)))
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
        raise AtelierError(_("Give either a number of steps or a number of seconds."))
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
    expected = f"{first['msg']}."
    if first["type"] in _EXPECTED:
        expected = _(_EXPECTED[first["type"]]).format(**{name: _limit(value) for name, value in first.get("ctx", {}).items()})
    return _("{setting} = {given} does not fit: {expected}").format(setting=where, given=repr(first["input"])[:80], expected=expected)


def _limit(value: object) -> str:
    """A bound that pydantic names, as people write it; a list of choices without its English "or"."""
    if isinstance(value, float):
        return f"{value:,g}"
    return f"{value:,}" if isinstance(value, int) else str(value).replace(" or ", ", ")
