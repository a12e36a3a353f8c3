"""What to try against trouble: each remedy is a new run with one thing changed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gan_core.errors import AtelierError
from gan_core.gans import objectives
from gan_core.gans.config import MAX_STEPS, RunConfig, parse
from gan_core.gans.objectives.base import BaseObjective
from gan_core.translation import _, ngettext


@dataclass(frozen=True)
class Remedy:
    """Something to try: a new run with one thing changed."""

    title: str
    why: str
    apply: Callable[[RunConfig], RunConfig]
    "the config of a new run with the remedy applied"


Maker = Callable[[RunConfig], Remedy | None]


def offers(config: RunConfig, *makers: Maker, most: int = 4) -> tuple[Remedy, ...]:
    """Those of the remedies that fit this config and change it, no two giving the same run."""
    offered: list[Remedy] = []
    seen = [config]
    for remedy in filter(None, (make(config) for make in makers)):
        try:
            result = remedy.apply(config)
        except AtelierError:
            continue
        if result not in seen:
            seen.append(result)
            offered.append(remedy)
    return tuple(offered[:most])


def _with(config: RunConfig, **changes: Any) -> RunConfig:
    """The config with its recipe changed, validated."""
    settings = config.settings.model_copy(update=changes)
    return parse(config.model_dump() | {"settings": settings.model_dump()})


def _rates(config: RunConfig, d: float, g: float) -> RunConfig:
    s = config.settings
    return _with(config, D=s.D.model_copy(update={"lr": d}), G=s.G.model_copy(update={"lr": g}))


def stable(config: RunConfig) -> Remedy:
    stable = config.about.recipes["stable"]

    def apply(c: RunConfig) -> RunConfig:
        return parse(c.model_dump() | {"recipe": "stable", "networks": "stable", "settings": stable.model_dump()})

    why = _("It is tuned to train reliably. Among other things: {change}").format(change=_(config.about.stable[0]))
    return Remedy(_("The stable recipe"), why, apply)


def _penalised(config: RunConfig) -> BaseObjective | None:
    """The nearest objective whose D is kept smooth, as strongly as by the stable recipe, or ten times smoother; None without one."""
    given, usual = config.settings.objective, config.about.recipes["stable"].objective
    if given.penalty_strength:
        return given.with_penalty(10 * given.penalty_strength, given.period)
    smooth = given.with_penalty(0.1, 4)
    return given.with_penalty(usual.penalty_strength, usual.period) if type(smooth) is type(usual) and usual.penalty else smooth


def penalty(config: RunConfig) -> Remedy | None:
    if (objective := _penalised(config)) is None:
        return None
    return Remedy(
        _("Ten times the penalty on D's slope") if config.settings.objective.penalty_strength else _("A penalty on D's slope (R1)"),
        _("D cannot become arbitrarily steep around real samples, so its lessons stay usable (Mescheder et al. 2018)."),
        lambda c: _with(c, objective=objective),
    )


def alive(config: RunConfig) -> Remedy | None:
    if (objective := config.settings.objective.unsaturated()) is None:
        return None
    return Remedy(
        _("The non-saturating loss of G"),
        _("-log D(G(z)) is steepest where D is sure of a fake (Goodfellow et al. 2014, section 3)."),
        lambda c: _with(c, objective=objective),
    )


def lower_rates(config: RunConfig) -> Remedy:
    return Remedy(
        _("A tenth of both learning rates"),
        _("Smaller steps follow the gradient instead of overshooting it."),
        lambda c: _rates(c, c.settings.D.lr / 10, c.settings.G.lr / 10),
    )


def slower_D(config: RunConfig) -> Remedy:
    return Remedy(
        _("A quarter of D's learning rate"), _("G gets the time to answer."), lambda c: _rates(c, c.settings.D.lr / 4, c.settings.G.lr)
    )


def level_rates(config: RunConfig) -> Remedy | None:
    d, g = config.settings.D.lr, config.settings.G.lr
    if not (d > 0 and g > 2 * d):
        return None
    rate = float(f"{math.sqrt(d * g):.3g}")
    return Remedy(
        _("The same learning rate for both: {rate}").format(rate=f"{rate:g}"),
        _("G's rate is {times} times that of D now.").format(times=f"{g / d:.0f}"),
        lambda c: _rates(c, rate, rate),
    )


def fewer_D(config: RunConfig) -> Remedy | None:
    n = config.settings.d_steps
    if n <= 1:
        return None
    return Remedy(_("One update of D a step"), _("D has {n} for each of G's now.").format(n=n), lambda c: _with(c, d_steps=1))


def more_D(config: RunConfig) -> Remedy | None:
    n = config.settings.d_steps
    if config.settings.first == "G" or n >= 8:
        return None
    return Remedy(
        ngettext("{n} update of D a step", "{n} updates of D a step", 2 * n).format(n=2 * n),
        _("D keeps up with what G tries."),
        lambda c: _with(c, d_steps=2 * n),
    )


def pairing(config: RunConfig) -> Remedy | None:
    given = config.settings.objective
    if given.outputs > 1 or isinstance(given, objectives.Relativistic):
        return None
    return Remedy(
        _("The relativistic loss (R3GAN)"),
        _("Each real sample is compared with a generated one, so leaving some of them out costs G (Huang et al. 2024)."),
        lambda c: _with(c, objective=objectives.Relativistic(), labels="paired"),
    )


def wider_clip(config: RunConfig) -> Remedy | None:
    usual = objectives.Wasserstein()
    match config.settings.objective:
        case objectives.Wasserstein(clip=clip) if clip < usual.clip:
            return Remedy(
                _("Clip at {clip}").format(clip=f"{usual.clip:g}"),
                _("The critic's weights have {times} times the room.").format(times=f"{usual.clip / clip:.0f}"),
                lambda c: _with(c, objective=usual),
            )
    return None


def gp_for_clip(config: RunConfig) -> Remedy | None:
    if not isinstance(config.settings.objective, objectives.Wasserstein):
        return None
    return Remedy(
        _("A gradient penalty instead of clipping"),
        _("It bounds the critic's slope and not its weights (Gulrajani et al. 2017)."),
        lambda c: _with(c, objective=objectives.WassersteinGP()),
    )


def falling_rates(config: RunConfig) -> Remedy | None:
    if config.settings.final_rate <= 0.1 or config.seconds is not None or config.steps == MAX_STEPS:
        return None
    return Remedy(
        _("Learning rates that fall to a tenth"), _("It comes to rest where it is good."), lambda c: _with(c, final_rate=0.1, steps=c.steps)
    )


def average(config: RunConfig) -> Remedy | None:
    if config.settings.average is not None:
        return None
    return Remedy(
        _("Show a moving average of G"),
        _("G circles around the balance; its average lies in the middle."),
        lambda c: _with(c, average=0.998),
    )


def longer(config: RunConfig) -> Remedy | None:
    twice = {"steps": min(2 * config.steps, MAX_STEPS)} | ({"seconds": 2 * config.seconds} if config.seconds else {})
    return Remedy(_("Train twice as long"), _("It had hardly begun."), lambda c: parse(c.model_dump() | twice))


def other_seed(config: RunConfig) -> Remedy:
    return Remedy(
        _("Another seed"), _("It may have been bad luck. It may not."), lambda c: parse(c.model_dump() | {"seed": (c.seed + 1) % 2**32})
    )
