"""What a run leaves for others: pictures of samples, a GIF of the training, its numbers as CSV, all of it as a zip. Needs no torch."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from gan_core import pictures
from gan_core.errors import AtelierError
from gan_core.lazy import Lazy
from gan_core.runs import Run, SampleGrid
from gan_core.translation import _

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image
else:
    np = Lazy("numpy")

GIF_FRAMES = 60  # at most; later ones are spread evenly over the snapshots
GIF_SECONDS = 8.0  # of the whole film; the last picture stands for two more
TRIES = 5  # to read weights that a training replaces; checkpoints are many seconds apart


def gif(run: Run) -> bytes:
    """The training as a film: the snapshots of its fixed latents one after the other. Raises AtelierError if there are none."""
    found = run.samples
    if not found:
        raise AtelierError(_("{run} has no samples yet, so there is nothing to film.").format(run=run.id))
    chosen = sorted({round(i * (len(found) - 1) / max(1, GIF_FRAMES - 1)) for i in range(GIF_FRAMES)}) if len(found) > GIF_FRAMES else None
    shown = found if chosen is None else [found[i] for i in chosen]
    frames = [pictures.titled(_picture(grid), _("step {step:,}").format(step=grid.step)) for grid in shown]
    each = round(1000 * GIF_SECONDS / len(frames) / 10) * 10
    buffer = io.BytesIO()
    durations = [each] * (len(frames) - 1) + [2000]
    frames[0].save(buffer, format="GIF", save_all=True, append_images=frames[1:], duration=durations, loop=0, optimize=False)
    return buffer.getvalue()


def png(run: Run) -> bytes:
    """The newest samples as one PNG. Raises AtelierError if there are none."""
    if not run.samples:
        raise AtelierError(_("{run} has no samples yet.").format(run=run.id))
    grid = run.samples[-1]
    return grid.read() if grid.drawn else pictures.to_png(_picture(grid))


def _picture(grid: SampleGrid) -> Image.Image:
    """A sample grid for people: a mosaic twice as large, or curves drawn. Raises AtelierError if it cannot be read."""
    try:
        return pictures.enlarged(grid.read()) if grid.drawn else pictures.curves(pictures.read_curves(grid.read()))
    except (OSError, ValueError) as error:
        raise AtelierError(_("The samples {file} cannot be read: {error}.").format(file=grid.name, error=error)) from error


def newest_weights(run: Run) -> tuple[str, bytes]:
    """Name and content of the newest weights as they are now. Raises AtelierError if there are none.

    A run that trains writes new ones now and then and removes the old: those that were the newest a moment ago may be gone.
    """
    for _attempt in range(TRIES):
        path = run.weights
        if path is None:
            break
        with suppress(FileNotFoundError):
            return path.name, path.read_bytes()
    raise AtelierError(_("{run} has no weights, or none that stay long enough to be read.").format(run=run.id))


def table(lines: list[dict[str, float]]) -> bytes:
    """Records (or probes, or looks, without D's scores) as CSV: a column for each number that any has, empty where one has it not."""
    names = list(dict.fromkeys(name for line in lines for name in line if name != "scores"))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode()


def archive(run: Run) -> bytes:
    """All of a run that others can use, as one zip: weights, settings, pictures, film, numbers, and the card if there is one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in _parts(run):
            bundle.writestr(f"{run.id}/{name}", content)
    return buffer.getvalue()


def _parts(run: Run) -> Iterator[tuple[str, bytes]]:
    yield "config.json", run.config_path.read_bytes()
    yield "metrics.csv", table(run.records()[0])
    if probes := run.probes:
        yield "probes.csv", table(probes)
    if looks := run.looks:
        yield "looks.csv", table(looks)
    if run.samples:
        yield "samples.png", png(run)
        yield "training.gif", gif(run)
    if run.has_weights:
        yield newest_weights(run)
    for path in (run.evaluation_path, run.card_path, run.directions_path):
        with suppress(FileNotFoundError):
            yield path.name, path.read_bytes()
