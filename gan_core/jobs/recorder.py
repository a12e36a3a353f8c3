"""Writes the events of a training into its run folder."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import numpy as np
import torch

from gan_core import pictures, runs
from gan_core.data.curves import seeded_curves, sine_abscissae
from gan_core.errors import AtelierError
from gan_core.gans.config import RunConfig
from gan_core.jobs import malloc, tensorboard
from gan_core.jobs.pacing import Pacing
from gan_core.jobs.tensorboard import Board
from gan_core.runs import Run, RunLabel
from gan_core.seeding import seed_of
from gan_core.storage import atomic, header, tensors
from gan_core.training import loop
from gan_core.training.events import Checkpoint, Event, Failed, Finished, Grid, Look, Probe, Progress
from gan_core.training.state import device_in_words
from gan_core.training.tempo import SLOW
from gan_core.translation import _

STATUS_SECONDS, SLOW_STATUS_SECONDS = 0.5, 0.1  # between two rewrites of status.json; at a slow pace


def work(run: Run, stop: Callable[[], bool] = lambda: False) -> Iterator[Event]:
    """Trains a run from its last checkpoint to its end, keeping everything in its folder; passes the events on.

    `stop`, or a request in the folder, ends it with a checkpoint. What goes wrong is written into status.json, its traceback into
    log.txt, then it is raised. Raises AtelierError, and changes nothing, if another process trains this run.
    """
    config = run.config
    launched, before = run.status.launched or time.time(), 0.0
    run.claim(device=config.device)
    written, kept, ended = 0.0, None, False
    pacing = Pacing(run)
    progress: dict[str, Any] = {}
    events: Board | None = None
    try:
        malloc.keep_freed_memory()
        tensorboard.check(config)
        resume = run.resume_path if run.resume_path.is_file() else None
        kept, single_d, single_g = _last_steps(run)
        run.write_status(device=device_in_words(config), step=kept or 0, single_d=single_d, single_g=single_g)
        before = run.checkpoint[1] if run.checkpoint else 0.0
        run.forget_after(-1 if kept is None else kept)
        if config.tensorboard:
            events = Board(run.tensorboard_path, kept)
        for event in loop.train(config, resume=resume, stop=lambda: stop() or run.asked is not None, asked=pacing):
            if events:
                events.write(event, config)
            match event:
                case Progress():
                    run.append_records(event.records)
                    progress = _progress_fields(event, config)
                    slow = event.pace is not None and event.pace < SLOW
                    if event.pace == 0 or time.monotonic() - written > (SLOW_STATUS_SECONDS if slow else STATUS_SECONDS):
                        run.write_status(**progress)
                        written = time.monotonic()
                case Grid():
                    _keep_samples(run, config, event)
                case Look():
                    run.append_look(event.step, event.seconds, event.numbers, event.scores)
                case Probe():
                    run.append_probe(event.step, event.seconds, event.numbers, event.scores)
                case Checkpoint():
                    _keep_checkpoint(run, config, event)
                    kept = event.step
                case Finished():
                    ended = True
                    if_paused = pacing.sentence or _("Paused after {step:,} steps.").format(step=event.step)
                    overhead = time.time() - launched - (progress.get("seconds", before) - before) if pacing.full_speed else None
                    last = progress | {"step": event.step, "message": event.message, "launched": None, "overhead": overhead}
                    run.end("finished" if event.complete else "stopped", if_paused=if_paused, **last)
                case Failed():
                    ended = True
                    run.end("failed", **progress | {"message": f"{event.message} {_what_was_saved(kept)}"})
            yield event
    except Exception as error:
        words = "" if isinstance(error, AtelierError) else traceback.format_exc()
        with suppress(OSError):  # the disk may be full ...
            run.log(words)
            words = ""
        with suppress(OSError):  # ... even for the last word: then readers see that this process is gone
            run.end("failed", message=_sentence(error, kept))
            run.log(words)
        raise
    except (KeyboardInterrupt, GeneratorExit):
        if not ended:
            run.end("stopped", message=_("Interrupted. {saved}").format(saved=_what_was_saved(kept)))
        raise
    finally:
        if events:
            events.close()


def fit(config: RunConfig, *, title: str = "") -> Run:
    """The run that this training became: trained here, from its beginning to its end, and kept in a folder among the own runs.

    Raises AtelierError, with what is kept of it, if it failed.
    """
    run = runs.new(config, about=RunLabel.checked("", title))
    for event in work(run):
        if isinstance(event, Failed):
            raise AtelierError(_("{what} The run is {id}.").format(what=event.message, id=run.id))
    return run


def _last_steps(run: Run) -> tuple[int | None, int, int]:
    """The step of the last checkpoint, None if there is none, and in how many steps D alone and G alone was updated.

    Raises AtelierError if there is one that is damaged.
    """
    if not run.resume_path.is_file():
        return None, 0, 0
    try:
        progress = header.progress_of(run.resume_path)
    except AtelierError as error:
        raise AtelierError(_("Cannot resume: {why} The saved weights can still be explored.").format(why=error)) from error
    return progress["step"], progress["single_d"], progress["single_g"]


def _what_was_saved(kept: int | None) -> str:
    """What a training that ended badly leaves, as a sentence."""
    if kept is None:
        return _("Nothing was saved yet.")
    return _("The checkpoint of step {step:,} is saved.").format(step=kept)


def _sentence(error: Exception, kept: int | None) -> str:
    """What went wrong, for people."""
    said = str(error).strip().encode(errors="backslashreplace").decode()  # a name of a file may hold what UTF-8 has no place for
    if isinstance(error, AtelierError):
        return said
    if isinstance(error, OSError) and error.errno in atomic.FULL:
        return _("The disk is full. {saved} Make room, then resume it.").format(saved=_what_was_saved(kept))
    if isinstance(error, MemoryError | torch.OutOfMemoryError) or "can't allocate memory" in str(error):
        return _("There is not enough memory. {saved} Stop other trainings, then resume it.").format(saved=_what_was_saved(kept))
    first = (said or _("no reason given")).splitlines()[0]
    return f"{type(error).__name__}: {first[:200]}"


def _progress_fields(event: Progress, config: RunConfig) -> dict[str, Any]:
    """The fields of Status that a Progress changes."""
    left = [(config.steps - event.step) / event.rate] if event.rate else []
    if config.seconds is not None and event.pace != 0:
        left.append((config.seconds - event.seconds) / (event.share or 1))
    return {
        "step": event.step,
        "seconds": round(event.seconds, 2),
        "rate": event.rate,
        "eta": max(0.0, min(left)) if left else None,
        "images": event.images,
        "single_d": event.single_d,
        "single_g": event.single_g,
    }


def _keep_samples(run: Run, config: RunConfig, event: Grid) -> None:
    if config.about.kind == "images":
        run.write_sample(event.step, ".png", pictures.mosaic(event.array, config.about.classes or 8))
    else:
        run.write_sample(event.step, ".json", pictures.curves_json(*_real_curves(config), event.array))


def _real_curves(config: RunConfig) -> tuple[np.ndarray, np.ndarray]:
    """Abscissae [L] and eight real curves [8, L] to show beneath generated ones, the same for every step of a run."""
    real = seeded_curves(config.data, 8, seed_of(config.seed, "real curves"))
    return sine_abscissae(config.data, torch.device("cpu")).numpy(), real.numpy()


def _keep_checkpoint(run: Run, config: RunConfig, event: Checkpoint) -> None:
    """Writes the resume file, then the weights, then removes older weights: a kill in between leaves a run that resumes.

    Raises AtelierError, and leaves the checkpoint before as it is, if a number is no longer finite: nobody could go on from it.
    """
    broken = [name for name, t in (event.resume | event.weights).items() if t.is_floating_point() and not torch.isfinite(t).all()]
    if broken:
        words = _("{number} is no longer finite near step {step:,}: the training diverged.").format(number=broken[0], step=event.step)
        raise AtelierError(f"{words} {_what_was_saved(_last_steps(run)[0])}")
    atomic.write(run.resume_path, tensors.encode(event.resume, progress=event.progress))
    about = {"variant": config.variant, "recipe": config.recipe, "data": config.data, "seed": config.seed, "step": event.step}
    newest = run.weights_path(event.step)
    atomic.write(newest, tensors.encode(event.weights, about=json.dumps(about)))
    for path in run.folder.glob("weights-*.safetensors"):
        if path != newest:
            path.unlink()
