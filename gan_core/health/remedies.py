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


@dataclass(frozen=True)
class Remedy:
    """Something to try: a new run with one thing changed."""

    title: str
    why: str
    apply: Callable[[RunConfig], RunConfig]
    "the config of a new run with the remedy applied"


def offers(config: RunConfig, *makers: Callable[[RunConfig], Remedy | None], most: int = 4) -> tuple[Remedy, ...]:
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

    return Remedy("Train it by the stable recipe", f"It is tuned to train reliably. Among other things: {config.about.stable[0]}", apply)


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
        "A tenfold penalty on D's slope" if config.settings.objective.penalty_strength else "A penalty on D's slope (R1)",
        "D cannot become arbitrarily steep around real samples, so its lessons stay usable (Mescheder et al. 2018).",
        lambda c: _with(c, objective=objective),
    )


def alive(config: RunConfig) -> Remedy | None:
    if (objective := config.settings.objective.unsaturated()) is None:
        return None
    return Remedy(
        "The loss of G that does not saturate",
        "-log D(G(z)) has its steepest slope where D is sure of a fake (Goodfellow et al. 2014, section 3).",
        lambda c: _with(c, objective=objective),
    )


def lower_rates(config: RunConfig) -> Remedy:
    return Remedy(
        "A tenth of both learning rates",
        "Smaller steps follow the gradient instead of overshooting it.",
        lambda c: _rates(c, c.settings.D.lr / 10, c.settings.G.lr / 10),
    )


def slower_D(config: RunConfig) -> Remedy:
    return Remedy("A quarter of D's learning rate", "G gets the time to answer.", lambda c: _rates(c, c.settings.D.lr / 4, c.settings.G.lr))


def level_rates(config: RunConfig) -> Remedy | None:
    d, g = config.settings.D.lr, config.settings.G.lr
    if not (d > 0 and g > 2 * d):
        return None
    rate = float(f"{math.sqrt(d * g):.3g}")
    return Remedy(f"The same rate for both, {rate:g}", f"G moves {g / d:.0f} times as fast as D now.", lambda c: _rates(c, rate, rate))


def fewer_D(config: RunConfig) -> Remedy | None:
    n = config.settings.d_steps
    return Remedy("One update of D a step", f"D has {n} for each of G's now.", lambda c: _with(c, d_steps=1)) if n > 1 else None


def more_D(config: RunConfig) -> Remedy | None:
    n = config.settings.d_steps
    if config.settings.first == "G" or n >= 8:
        return None
    return Remedy(f"{2 * n} updates of D a step", "D keeps up with what G tries.", lambda c: _with(c, d_steps=2 * n))


def pairing(config: RunConfig) -> Remedy | None:
    given = config.settings.objective
    if given.outputs > 1 or isinstance(given, objectives.Relativistic):
        return None
    return Remedy(
        "Pair real with generated (relativistic, R1 and R2)",
        "Each real sample is compared with a generated one, so leaving some of them out costs G (Huang et al. 2024).",
        lambda c: _with(c, objective=objectives.Relativistic(), labels="paired"),
    )


def wider_clip(config: RunConfig) -> Remedy | None:
    usual = objectives.Wasserstein()
    match config.settings.objective:
        case objectives.Wasserstein(clip=clip) if clip < usual.clip:
            why = f"The critic's weights have {usual.clip / clip:.0f} times the room."
            return Remedy(f"Clip at {usual.clip}", why, lambda c: _with(c, objective=usual))
    return None


def gp_for_clip(config: RunConfig) -> Remedy | None:
    if not isinstance(config.settings.objective, objectives.Wasserstein):
        return None
    return Remedy(
        "A gradient penalty instead of clipping",
        "It bounds the critic's slope and not its weights (Gulrajani et al. 2017).",
        lambda c: _with(c, objective=objectives.WassersteinGP()),
    )


def falling_rates(config: RunConfig) -> Remedy | None:
    if config.settings.final_rate <= 0.1 or config.seconds is not None or config.steps == MAX_STEPS:
        return None
    return Remedy("Rates that fall to a tenth", "It comes to rest where it is good.", lambda c: _with(c, final_rate=0.1, steps=c.steps))


def average(config: RunConfig) -> Remedy | None:
    if config.settings.average is not None:
        return None
    return Remedy(
        "Show a moving average of G", "The average stands in the middle of the circle that G runs.", lambda c: _with(c, average=0.998)
    )


def longer(config: RunConfig) -> Remedy | None:
    twice = {"steps": min(2 * config.steps, MAX_STEPS)} | ({"seconds": 2 * config.seconds} if config.seconds else {})
    return Remedy("Train twice as long", "Enough steps to tell.", lambda c: parse(c.model_dump() | twice))


def other_seed(config: RunConfig) -> Remedy:
    return Remedy(
        "Another seed", "It may have been bad luck; it may not.", lambda c: parse(c.model_dump() | {"seed": (c.seed + 1) % 2**32})
    )
