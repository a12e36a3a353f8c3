"""A run's curves and pictures as TensorBoard event files, for people who live there."""

from __future__ import annotations

import importlib.util
import io
import logging
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gan_core import pictures
from gan_core.errors import AtelierError
from gan_core.gans.config import RunConfig
from gan_core.lazy import Lazy
from gan_core.training.events import Checkpoint, Event, Grid, Look, Probe, Progress
from gan_core.translation import _

if TYPE_CHECKING:
    import numpy as np
    from torch.utils.tensorboard import SummaryWriter
else:
    np = Lazy("numpy")


def check(config: RunConfig) -> None:
    """Raises AtelierError if the run is to write event files and the package for it is not installed."""
    if config.tensorboard and importlib.util.find_spec("tensorboard") is None:
        raise AtelierError(
            _("Event files need the package tensorboard, which is not installed: `pip install tensorboard`, or leave them out.")
        )


class Board:
    """Writes events into event files, next to those of earlier parts of the run."""

    def __init__(self, folder: Path, kept: int | None) -> None:
        """`kept` is the step that the training goes on from; TensorBoard forgets what was written past it. None: from the beginning."""
        logging.getLogger("tensorboard").setLevel(logging.ERROR)
        from torch.utils.tensorboard import SummaryWriter

        self._to: SummaryWriter = SummaryWriter(str(folder), purge_step=0 if kept is None else kept + 1)

    def write(self, event: Event, config: RunConfig) -> None:
        """Keeps what an event says. What came before a checkpoint is on the disk before the checkpoint is."""
        match event:
            case Progress():
                for record in event.records:
                    self._numbers(record, int(record["step"]))
            case Look():
                self._numbers({f"look/{name}": value for name, value in event.numbers.items() if name != "n"}, event.step)
            case Probe():
                self._numbers({f"probe/{name}": value for name, value in event.numbers.items()}, event.step)
                for name, scores in event.scores.items():
                    self._to.add_histogram(f"scores/{name}", np.asarray(scores), event.step)
            case Grid() if config.about.kind == "images":
                from PIL import Image

                mosaic = Image.open(io.BytesIO(pictures.mosaic(event.array, config.about.classes or 8)))
                self._to.add_image("samples", np.asarray(mosaic.convert("L")), event.step, dataformats="HW")
            case Checkpoint():
                self._to.flush()

    def close(self) -> None:
        """Lets go of the files; what counts was written with the last checkpoint."""
        with suppress(OSError):  # a full disk, which has been told
            self._to.close()

    def _numbers(self, numbers: dict[str, float], step: int) -> None:
        for name, value in numbers.items():
            if name not in ("step", "seconds"):
                self._to.add_scalar(name, value, step)
