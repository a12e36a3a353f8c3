"""Events emitted by the training loop: who runs it and who listens need not know each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor


@dataclass(frozen=True)
class Progress:
    """Several times a second, after each step at a slow pace: how far it is, and the records completed since the last Progress."""

    step: int
    seconds: float
    "training time so far [s]"
    rate: float | None
    "steps per second over the last seconds; None at the very beginning"
    images: int
    "real samples shown to D so far"
    records: list[dict[str, float]]
    "mean of `log_every` steps each, or at a slow pace of one: step, seconds, D/..., G/..., D(x), D(G(z))"
    pace: float | None = None
    "steps a second that are asked for; 0: it is held; None: as fast as it can"
    share: float | None = None
    "of the last seconds, the share that was training and not waiting; None at the very beginning"
    single_d: int = 0
    "steps so far in which D alone was updated"
    single_g: int = 0
    "steps so far in which G alone was"


@dataclass(frozen=True)
class Grid:
    """The grid of fixed latents at this step: grey levels uint8 [64, 28, 28] (80 with classes), or curves float [16, L]."""

    step: int
    array: np.ndarray


@dataclass(frozen=True)
class Look:
    """What the grid of this step is like, right after it; see docs/run-folder.md for the numbers."""

    step: int
    seconds: float
    "training time so far [s]"
    numbers: dict[str, float]
    scores: dict[str, list[float]]
    "D's scores of the grid's own samples, `fake`, and of as many `real` ones; empty where they are not known"


@dataclass(frozen=True)
class Probe:
    """Cheap metrics of 1,000 samples (64 curves), and D's scores, now and then; see docs/run-folder.md for the numbers."""

    step: int
    seconds: float
    "training time so far [s]"
    numbers: dict[str, float]
    scores: dict[str, list[float]]
    "D's scores of up to 256 samples each: real, fake, and held_out if the data set has a part that D never sees"


@dataclass(frozen=True)
class Checkpoint:
    """The networks and all that resuming needs. The tensors are the live ones: write them before asking for the next event."""

    step: int
    weights: dict[str, Tensor]
    resume: dict[str, Tensor]
    progress: str
    "JSON that belongs into the metadata of the resume file"


@dataclass(frozen=True)
class Finished:
    """The last event of a training that ended well."""

    step: int
    complete: bool
    "reached its steps, its seconds or its stopping rule, as opposed to being stopped"
    message: str


@dataclass(frozen=True)
class Failed:
    """The last event of a training whose numbers broke."""

    step: int
    message: str


Event = Progress | Grid | Look | Probe | Checkpoint | Finished | Failed
