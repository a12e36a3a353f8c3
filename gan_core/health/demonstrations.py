"""Break it: trainings that fail instructively, each beside its cure, which differs from it in the one thing that is wrong.

Budgets are steps, so a preset does on any machine, slow or busy, what it did here: `python -m benchmarks.breaks` trains them all from
five seeds and prints what became of them. What else was tried, and from which seeds, is in docs/log.md (health). The texts are marked;
whoever shows them says `_(..)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from gan_core.gans import differences, objectives
from gan_core.gans.config import RunConfig, configure
from gan_core.gans.differences import Difference
from gan_core.gans.recipes import Recipe
from gan_core.gans.variants import VARIANTS
from gan_core.health.rules import Kind
from gan_core.runs import Run, folders
from gan_core.translation import N_

ROLES = ("broken", "cure")


class Prediction(NamedTuple):
    """What to ask a room before the answer is seen."""

    question: str
    answers: tuple[str, str, str]
    right: int
    "index of the answer that comes true"


@dataclass(frozen=True)
class Break:
    """A way to make a GAN fail."""

    name: str
    title: str
    idea: str
    "what will be seen, in one sentence"
    kinds: tuple[Kind, ...]
    "what health may say of it at its end"
    variant: str
    broken: Callable[[str, int], RunConfig]
    "(data, seed) -> the run that fails; data must be one that the variant can learn, see config.choices_of_data"
    cure: Callable[[str, int], RunConfig]
    "the same with what was wrong put right"
    prediction: Prediction
    "about the broken run"
    seconds: float
    "how long both take beside each other on two CPU cores, a thread each [s]"

    @property
    def data(self) -> str:
        """The data that both can be trained on without a download."""
        about = VARIANTS[self.variant]
        return about.data if about.kind == "curves" else "digits-5k"

    def changes(self) -> tuple[Difference, ...]:
        """What breaks it: the settings that differ, from the cure's value to the broken one's."""
        return differences.between(self.cure(self.data, 0), self.broken(self.data, 0))

    def recording(self) -> tuple[Run, Run] | None:
        """The broken run and its cure as they came with the project (`python -m gan_core record`); None where one is missing."""
        pair = tuple(Run(folders.recordings() / f"{self.name}-{role}") for role in ROLES)
        return (pair[0], pair[1]) if all(run.config_path.is_file() for run in pair) else None


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
        "saturating",
        title=N_("A loss that goes flat"),
        idea=N_("D learns much faster than G. With the minimax loss G's gradient then vanishes, and its curves stay flat."),
        kinds=("D too strong",),
        variant="sine-mlp",
        broken=_faster("sine-mlp", 600, 3, 0.3, objective=objectives.Saturating(), d_steps=5),
        cure=_faster("sine-mlp", 600, 3, 0.3, objective=_FREE, d_steps=5),
        prediction=Prediction(
            N_("D learns much faster than G. What will G do?"),
            (N_("Draw the sine"), N_("Stop learning"), N_("Draw a different curve for each z")),
            1,
        ),
        seconds=4,
    ),
    Break(
        "strong-d",
        title=N_("D too strong"),
        idea=N_("D gets five updates for each one of G. It is soon always right, G learns nothing, and the noise stays."),
        kinds=("D too strong",),
        variant="gan",
        broken=_run("gan", 1_000, SMALL, objective=objectives.Saturating(), d_steps=5),
        cure=_run("gan", 1_000, SMALL, objective=objectives.Saturating()),
        prediction=Prediction(
            N_("What will G draw?"),
            (N_("Good digits, sooner"), N_("The same digit everywhere"), N_("Noise, as at the start")),
            2,
        ),
        seconds=11,
    ),
    Break(
        "rate",
        title=N_("Learning rate × 30"),
        idea=N_("Each update overshoots. Losses rise into the thousands, and the digits become blots."),
        kinds=("diverged",),
        variant="acgan",
        broken=_faster("acgan", 500, 30, 30),
        cure=_run("acgan", 500),
        prediction=Prediction(
            N_("What will the losses do?"),
            (N_("Fall faster"), N_("Rise into the thousands"), N_("Stay at one value")),
            1,
        ),
        seconds=10,
    ),
    Break(
        "rate-sine",
        title=N_("Learning rate × 100, on a sine"),
        idea=N_("Large updates kill all units of D. From then on it answers 1/2 to every curve, and G learns nothing more."),
        kinds=("D gave up",),
        variant="sine-mlp",
        broken=_faster("sine-mlp", 2_000, 100, 100, objective=_FREE),
        cure=_run("sine-mlp", 2_000, objective=_FREE),
        prediction=Prediction(
            N_("What will D answer at the end?"),
            (N_("1/2 to every curve"), N_("1 to real curves, 0 to generated ones"), N_("0 to every curve")),
            0,
        ),
        seconds=5,
    ),
    Break(
        "collapse",
        title=N_("Mode collapse"),
        idea=N_("D hardly learns. G finds one picture that fools it, and draws it for every z."),
        kinds=("collapse", "G ahead"),
        variant="gan",
        broken=_faster("gan", 2_400, 0.001, 10, networks=SMALL, objective=_FREE),
        cure=_run("gan", 2_400, SMALL, objective=_FREE),
        prediction=Prediction(
            N_("What will the 64 samples be?"),
            (N_("64 different digits"), N_("64 different blots"), N_("The same picture, 64 times")),
            2,
        ),
        seconds=13,
    ),
    Break(
        "one-sine",
        title=N_("One sine for all"),
        idea=N_("Without a gradient penalty all curves become the same sine. With it they take all phases."),
        kinds=("collapse", "D too strong"),
        variant="sine-conv",
        broken=_run("sine-conv", 1_500, objective=_FREE),
        cure=_run("sine-conv", 1_500),
        prediction=Prediction(
            N_("What will the 16 curves be?"),
            (N_("The same sine, 16 times"), N_("Sines of every phase"), N_("Flat lines")),
            0,
        ),
        seconds=17,
    ),
    Break(
        "clip",
        title=N_("Clipped too tightly"),
        idea=N_("The critic's weights are kept below 0.0001. G's gradient shrinks to nothing, and the noise stays."),
        kinds=("stalled",),
        variant="wgan",
        broken=_run("wgan", 200, objective=objectives.Wasserstein(clip=1e-4)),
        cure=_run("wgan", 200),
        prediction=Prediction(
            N_("What will G draw?"),
            (N_("Noise, as at the start"), N_("Smoother digits"), N_("The same digit everywhere")),
            0,
        ),
        seconds=18,
    ),
)

BREAKS: Mapping[str, Break] = {each.name: each for each in _TABLE}
