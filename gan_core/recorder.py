"""Writes the events of a training into its run folder."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from gan_core import checkpoints, data, export, runs, training
from gan_core.config import RunConfig
from gan_core.errors import AtelierError
from gan_core.events import Checkpoint, Event, Failed, Finished, Progress, Samples
from gan_core.runs import Run

STATUS_SECONDS = 0.5


def work(run: Run, stop: Callable[[], bool] = lambda: False) -> Iterator[Event]:
    """Trains a run from its last checkpoint to its end, keeping everything in its folder; passes the events on.

    `stop`, or a stop file in the folder, ends it with a checkpoint. What goes wrong is written into status.json, then raised.
    """
    config = run.config
    resume = run.resume_path if run.resume_path.is_file() else None
    run.write_status(state="running", message="", device=config.device, **runs.this_process())
    written = 0.0
    try:
        run.write_status(device=training.device_in_words(training.device_of(config)))
        run.forget_after(checkpoints.progress_of(resume)["step"] if resume else -1)
        for event in training.train(config, resume=resume, stop=lambda: stop() or run.stop_path.exists()):
            match event:
                case Progress():
                    run.append_records(event.records)
                    standing = _standing(event, config)
                    if time.monotonic() - written > STATUS_SECONDS:
                        run.write_status(**standing)
                        written = time.monotonic()
                case Samples():
                    _keep_samples(run, config, event)
                case Checkpoint():
                    _keep_checkpoint(run, config, event)
                case Finished():
                    state = "finished" if event.complete else "stopped"
                    run.write_status(**standing | {"state": state, "step": event.step, "message": event.message, "eta": None})
                case Failed():
                    run.write_status(**standing | {"state": "failed", "message": event.message, "eta": None})
            yield event
    except Exception as error:
        known = isinstance(error, AtelierError)
        run.write_status(state="failed", message=str(error) if known else f"{type(error).__name__}: {error}", eta=None)
        if not known:
            traceback.print_exc()
        raise
    finally:
        run.stop_path.unlink(missing_ok=True)


def _standing(event: Progress, config: RunConfig) -> dict[str, Any]:
    """The fields of Status that a Progress changes."""
    left = [(config.steps - event.step) / event.rate] if event.rate else []
    if config.seconds is not None:
        left.append(config.seconds - event.seconds)
    return {
        "step": event.step,
        "seconds": round(event.seconds, 2),
        "rate": event.rate,
        "eta": max(0.0, min(left)) if left else None,
        "images": event.images,
    }


def _keep_samples(run: Run, config: RunConfig, event: Samples) -> None:
    if config.about.kind == "images":
        run.write_sample(event.step, ".png", export.mosaic(event.array, config.about.classes or 8))
    else:
        run.write_sample(event.step, ".json", export.curves_json(*_real_curves(config), event.array))


def _real_curves(config: RunConfig) -> tuple[np.ndarray, np.ndarray]:
    """Abscissae [L] and eight real curves [8, L] to show beneath generated ones, the same for every step of a run."""
    device = torch.device("cpu")
    training.seed_everything(training.seed_of(config.seed, "real curves"), device)
    real, _ = data.load(config.data, device).batch(8, (0.0, 1.0))
    return data.sine_abscissae(config.data, device).numpy(), real.numpy()


def _keep_checkpoint(run: Run, config: RunConfig, event: Checkpoint) -> None:
    """Writes the resume file, then the weights, then removes older weights: a kill in between leaves a run that resumes."""
    runs.write_atomically(run.resume_path, checkpoints.encode(event.resume, progress=event.progress))
    about = {"variant": config.variant, "recipe": config.recipe, "data": config.data, "seed": config.seed, "step": event.step}
    newest = run.weights_path(event.step)
    runs.write_atomically(newest, checkpoints.encode(event.weights, about=json.dumps(about)))
    for path in run.folder.glob("weights-*.safetensors"):
        if path != newest:
            path.unlink()
