"""What two configurations differ in, a setting at a time, as a name and both values: "learning rate of G", "0.001", "0.01".

`RunConfig.changed` compares a run with its recipe, and names whole optimisers; this compares any two, and goes down to the number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from gan_core.gans.config import RunConfig
from gan_core.gans.objectives import OBJECTIVES
from gan_core.gans.variants import VARIANTS
from gan_core.translation import N_, _

NAMES: Mapping[str, str] = {
    "variant": N_("GAN"),
    "networks": N_("networks"),
    "recipe": N_("recipe"),
    "data": N_("data"),
    "seed": N_("seed"),
    "steps": N_("steps"),
    "objective.kind": N_("loss"),
    "objective.r1": N_("weight of the gradient penalty"),
    "objective.clip": N_("limit of the critic's weights"),
    "D.lr": N_("learning rate of D"),
    "G.lr": N_("learning rate of G"),
    "d_steps": N_("updates of D a step"),
    "batch": N_("batch size"),
    "average": N_("moving average of G"),
}
"what a setting is called; one that is not here goes by its name in config.json"
_BESIDES = ("recipe", "log_every", "tensorboard")  # says nothing about what is trained that `settings` does not say
_GONE = object()


class Difference(NamedTuple):
    """One setting that differs, in the language of whoever asked."""

    name: str
    before: str
    after: str

    def __str__(self) -> str:
        return _("{setting} {before} → {after}").format(setting=self.name, before=self.before, after=self.after)


def between(before: RunConfig, after: RunConfig) -> tuple[Difference, ...]:
    """All that must be changed in `before` to have `after`; empty if they train the same.

    Where the loss is another one, constants that only one of the two losses has are left out.
    """
    old, new = dict(_leaves(before)), dict(_leaves(after))
    same_loss = old["objective.kind"] == new["objective.kind"]
    found = []
    for name in dict.fromkeys((*NAMES, *old, *new)):
        was, now = old.get(name, _GONE), new.get(name, _GONE)
        foreign = not same_loss and name.startswith("objective.") and _GONE in (was, now)
        if was != now and not foreign:
            found.append(Difference(_(NAMES.get(name, name)), _in_words(name, was), _in_words(name, now)))
    return tuple(found)


def _leaves(config: RunConfig) -> Iterator[tuple[str, Any]]:
    """Every setting by its dotted name; those of `settings` without that word."""
    values = config.model_dump(exclude={"settings", *_BESIDES}) | config.settings.model_dump(exclude={"steps"})
    for name, value in values.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", each) for inner, each in value.items())
        else:
            yield name, value


def _in_words(name: str, value: object) -> str:
    if value is None or value is _GONE:
        return _("none")
    if name == "objective.kind":
        return _(OBJECTIVES[str(value)].title)
    if name == "variant":
        return _(VARIANTS[str(value)].title)
    if isinstance(value, float):
        return f"{value:.12f}".rstrip("0") if 0 < abs(value) < 1e-4 else f"{value:g}"  # nobody reads 1e-06 from the last row
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) and name != "seed" else str(value)
