"""Work on runs other than training: evaluations, and searches for directions, one at a time each. Does not import torch."""

from __future__ import annotations

import time
from pathlib import Path

import psutil

from gan_core import runs
from gan_core.data.registry import DATA_SETS, DIGITS
from gan_core.errors import AtelierError
from gan_core.jobs import launch, queue
from gan_core.runs import LIVE, Run
from gan_core.storage import atomic


def evaluating() -> list[Run]:
    """Runs, shipped or own, that are being evaluated in a process of their own."""
    return [run for run in (*runs.shipped(), *runs.own()) if run.evaluating]


def obstacle(run: Run) -> str | None:
    """Why this run cannot be evaluated now, as a sentence; None if it can."""
    config = run.config
    if run.weights is None:
        return f"{run.id} has no weights yet, so there is nothing to evaluate."
    if run.status.state in LIVE:
        return f"{run.id} is still training, or waits for it; it can be evaluated when it has ended."
    if config.about.kind == "images":
        if config.data not in DIGITS:
            return f"The judge reads digits only, and {run.id} learned {DATA_SETS[config.data].title}."
        if not DATA_SETS["mnist"].present:
            return (
                "Digits are measured against the full MNIST, which is not in the data folder; fetch it once with "
                "`python -m gan_core download mnist`."
            )
    if busy := evaluating():
        return f"{busy[0].id} is being evaluated; one at a time, for the memory it takes."
    return None


def evaluate(run: Run) -> None:
    """Evaluates a run in a child process; `run.evaluating` says whether it is at work. Raises AtelierError with what is in the way."""
    if reason := obstacle(run):
        raise AtelierError(reason)
    _ask_a_child(run, ("gan_core", "evaluate"), run.evaluation_log_path, run.evaluating_path, f"{run.id} cannot be evaluated")


def obstacle_to_finding(run: Run) -> str | None:
    """Why the directions of this run cannot be found now, as a sentence; None if they can."""
    if run.weights is None:
        return f"{run.id} has no weights yet, so it has no latent space to look for directions in."
    if run.status.state in LIVE:
        return f"{run.id} is still training, or waits for it; directions would fit its weights of now only."
    if run.finding:
        return f"Directions of {run.id} are being looked for already."
    if busy := [other for other in (*runs.shipped(), *runs.own()) if other.finding]:
        return f"Directions of {busy[0].id} are being looked for; one at a time."
    return None


def find_directions(run: Run) -> None:
    """Finds the directions of a run in a child process; `run.finding` says whether it is at work. Raises AtelierError."""
    if reason := obstacle_to_finding(run):
        raise AtelierError(reason)
    _ask_a_child(run, ("gan_core", "directions"), run.finding_log_path, run.finding_path, "no directions can be kept")


def _ask_a_child(run: Run, command: tuple[str, ...], log: Path, state: Path, loss: str) -> None:
    """Starts a command on a run, and keeps in `state` which process does it. Raises AtelierError, with what is lost, if it cannot."""
    asked = time.time()
    try:
        log.unlink(missing_ok=True)
        child = launch.start(run.folder, command, log, len(queue.training()) + 1)
        about = runs.Evaluating(pid=child.pid, process_started=psutil.Process(child.pid).create_time(), asked=asked)
        atomic.write(state, about.model_dump_json().encode())
    except OSError as error:
        raise AtelierError(f"Nothing can be written into {run.folder} ({error.strerror}), so {loss}.") from error
