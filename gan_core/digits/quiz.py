"""Real or fake? Ten images to be told apart, the same for everybody who plays the same seed, and what D says of them.

The generated ones are cut from a run's replay, at three ages of its generator. A replay has few shades of grey (export.SHADES), so the
real ones are given the same: nobody shall tell them apart by that. Imports torch only when D is asked.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gan_core import pictures
from gan_core.data.images import to_range
from gan_core.data.registry import DIGITS
from gan_core.errors import AtelierError
from gan_core.gans.config import RunConfig
from gan_core.runs import Run, SampleGrid
from gan_core.translation import N_, _

if TYPE_CHECKING:
    from gan_core.trained.model import Trained

QUESTIONS = 10
AGES = (
    (N_("generated early in the training (step {step:,})"), 0.03),
    (N_("generated a little later (step {step:,})"), 0.12),
    (N_("generated at the end of the training (step {step:,})"), 1.0),
)
"of the generated ones: in words, and the share of the training done"
SEEDS = 1_000_000
_SIDE = 28


class Question(NamedTuple):
    """One image, and what it is."""

    picture: np.ndarray
    "uint8 [28, 28], in few shades"
    real: bool
    age: str = ""
    "of a generated one, in English, as in AGES"
    step: int = 0
    "the step at which it was generated"

    @property
    def origin(self) -> str:
        """What it is, in words."""
        return _("a real digit") if self.real else _(self.age).format(step=self.step)


def painter(candidates: list[Run]) -> Run | None:
    """The run whose generator draws the quiz: of these one with a replay of digits; None if there is none.

    Its D says how probable it is that an image is real, of the image alone. Best are a D that does nothing else and a G that draws well.
    """
    fit = [run for run in candidates if _judges_alone(run.config) and run.config.data in DIGITS and run.has_weights]
    fit = [run for run in fit if len([grid for grid in run.samples if grid.drawn]) >= len(AGES)]
    return min(fit, key=_preference, default=None)


def _judges_alone(config: RunConfig) -> bool:
    return not config.about.classes and config.settings.objective.probabilistic


def _preference(run: Run) -> tuple[bool, float, bool]:
    distance = (run.evaluation or {}).get("fid10k", math.inf)
    return run.config.settings.objective.names_classes, distance, run.config.recipe != "stable"


def questions(run: Run, real: np.ndarray, seed: int) -> list[Question]:
    """The ten images of a seed: four to six of them real, the others by generators of all ages. `real`: uint8 [n, 28, 28].

    Raises AtelierError if the run has no replay that can be read.
    """
    dice = np.random.default_rng(seed)
    count = int(dice.integers(4, 7))
    asked = [Question(pictures.in_shades(real[i]), True) for i in dice.choice(len(real), count, replace=False)]
    found = [grid for grid in run.samples if grid.drawn]
    if not found:
        raise AtelierError(_("{run} has no pictures of its training, so there is no quiz about it.").format(run=run.id))
    cells = dice.permutation(cells_of(found[-1]).shape[0])
    for n in range(QUESTIONS - count):
        age, share = AGES[n % len(AGES)]
        grid = min(found, key=lambda grid: abs(grid.step - share * found[-1].step))
        drawn = cells_of(grid)
        asked.append(Question(pictures.in_shades(drawn[cells[n] % len(drawn)]), False, age, grid.step))
    return [asked[i] for i in dice.permutation(QUESTIONS)]


def cells_of(mosaic: SampleGrid) -> np.ndarray:
    """The images of a mosaic, uint8 [n, 28, 28]. Raises AtelierError if it cannot be read."""
    try:
        grey = pictures.grey_of(mosaic.read())
    except (OSError, ValueError, SyntaxError) as error:
        raise AtelierError(_("{file} cannot be read as a picture of samples.").format(file=mosaic.name)) from error
    each = _SIDE + pictures.GAP
    rows, columns = ((length + pictures.GAP) // each for length in grey.shape)
    if not rows or not columns:
        raise AtelierError(_("{file} is too small for a picture of samples.").format(file=mosaic.name))
    return np.stack([grey[r * each : r * each + _SIDE, c * each : c * each + _SIDE] for r in range(rows) for c in range(columns)])


def verdicts(model: Trained, asked: list[Question]) -> list[float]:
    """D's probability of “real” for each image."""
    import torch

    x = to_range(torch.from_numpy(np.stack([q.picture for q in asked])), model.G.pixels)
    return model.scores(x).sigmoid().tolist()


def right(asked: list[Question], said: list[bool]) -> int:
    """How many of these answers (True: real) are right."""
    return sum(q.real == answer for q, answer in zip(asked, said, strict=True))
