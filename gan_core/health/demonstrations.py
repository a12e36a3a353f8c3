"""Break it: trainings that fail instructively, each beside its cure, which differs from it in the one thing that is wrong.

Budgets are steps, so a preset does on any machine, slow or busy, what it did here: `python -m benchmarks.breaks` trains them all and
prints what their health says. What else was tried, and from which seeds, is in docs/log.md (health).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gan_core.gans import objectives
from gan_core.gans.config import RunConfig, configure
from gan_core.gans.recipes import Recipe
from gan_core.gans.variants import VARIANTS
from gan_core.health.rules import Kind


@dataclass(frozen=True)
class Break:
    """A way to make a GAN fail."""

    name: str
    title: str
    idea: str
    "what will be seen, in one sentence"
    kind: Kind
    "what health says of it at its end"
    variant: str
    broken: Callable[[str, int], RunConfig]
    "(data, seed) -> the run that fails; data must be one that the variant can learn, see config.choices_of_data"
    cure: Callable[[str, int], RunConfig]
    "the same with what was wrong put right"
    seconds: float
    "how long the broken run takes on one CPU core [s]"


def _run(variant: str, steps: int, networks: str = "stable", **changes: Any) -> Callable[[str, int], RunConfig]:
    """The variant's stable recipe with these changes, for so many steps, and the networks of this recipe."""
    settings: Recipe = VARIANTS[variant].recipes["stable"].model_copy(update=changes)

    def configured(data: str, seed: int) -> RunConfig:
        return configure(variant, networks=networks, data=data, seed=seed, steps=steps, settings=settings)

    return configured


def _faster(variant: str, steps: int, d: float, g: float, **changes: Any) -> Callable[[str, int], RunConfig]:
    """The same with both rates multiplied."""
    stable = VARIANTS[variant].recipes["stable"]
    rates: dict[str, Any] = {
        "D": stable.D.model_copy(update={"lr": d * stable.D.lr}),
        "G": stable.G.model_copy(update={"lr": g * stable.G.lr}),
    }
    return _run(variant, steps, **rates, **changes)


SMALL = "published"  # whose networks fail sooner, a hidden layer each
_FREE = objectives.NonSaturating()  # no penalty

_TABLE = (
    Break(
        name="saturating",
        title="A loss that goes flat",
        idea="With the minimax loss G's slope is gone as soon as D is sure: it freezes, and the curve it happened to draw with it.",
        kind="D too strong",
        variant="sine-mlp",
        broken=_run("sine-mlp", 2_000, objective=objectives.Saturating(), d_steps=5),
        cure=_run("sine-mlp", 2_000, objective=_FREE, d_steps=5),
        seconds=10,
    ),
    Break(
        name="strong-d",
        title="D too strong",
        idea="Five updates of D for each of G's: in seconds D is never wrong again, and the noise that G began with stays.",
        kind="D too strong",
        variant="gan",
        broken=_run("gan", 1_500, SMALL, objective=objectives.Saturating(), d_steps=5),
        cure=_run("gan", 1_500, SMALL, objective=objectives.Saturating()),
        seconds=20,
    ),
    Break(
        name="rate",
        title="Learning rate x 30",
        idea="Both networks overshoot: losses jump into the hundreds, and the samples to blots.",
        kind="diverged",
        variant="dcgan",
        broken=_faster("dcgan", 720, 30, 30),
        cure=_run("dcgan", 720),
        seconds=45,
    ),
    Break(
        name="rate-sine",
        title="Learning rate x 30, on a sine",
        idea="D's units are thrown out of reach and never fire again: D(x) and D(G(z)) stand at exactly 1/2, and the curve drifts off.",
        kind="D gave up",
        variant="sine-mlp",
        broken=_faster("sine-mlp", 2_000, 30, 30),
        cure=_run("sine-mlp", 2_000),
        seconds=6,
    ),
    Break(
        name="collapse",
        title="Mode collapse",
        idea="G at ten times the rate and D at a tenth: G runs from one shape to the next, and all its samples with it.",
        kind="collapse",
        variant="gan",
        broken=_faster("gan", 3_000, 0.1, 10, networks=SMALL, objective=_FREE),
        cure=_run("gan", 3_000, SMALL, objective=_FREE),
        seconds=15,
    ),
    Break(
        name="one-sine",
        title="One sine for all",
        idea="Without a penalty on D's slope every curve becomes the same good sine; with it they take all phases.",
        kind="collapse",
        variant="sine-conv",
        broken=_run("sine-conv", 1_000, objective=_FREE),
        cure=_run("sine-conv", 1_000),
        seconds=12,
    ),
    Break(
        name="clip",
        title="Clipped too tightly",
        idea="The critic's weights may not exceed 0.0001: through its layers G's gradient shrinks to nothing, and noise stays noise.",
        kind="stalled",
        variant="wgan",
        broken=_run("wgan", 540, objective=objectives.Wasserstein(clip=1e-4)),
        cure=_run("wgan", 540),
        seconds=50,
    ),
)

BREAKS: Mapping[str, Break] = {each.name: each for each in _TABLE}
