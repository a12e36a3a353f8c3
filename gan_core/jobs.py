"""Trainings and evaluations in processes of their own: start one, stop it. Does not import torch.

A child process, never a thread and never multiprocessing: training must not take the interpreter from the pages, and closing the
browser or the server must stop nothing. The run folder is the only channel between the two.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

from gan_core import runs
from gan_core.config import RunConfig
from gan_core.data import DATA_SETS, DIGITS
from gan_core.errors import AtelierError

LIMIT_VARIABLE = "GAN_ATELIER_MAX_RUNS"
_children: list[subprocess.Popen[bytes]] = []  # kept so that ended children are reaped


def limit() -> int:
    """How many runs may train at once: $GAN_ATELIER_MAX_RUNS, by default one per core. Raises AtelierError if that is no number."""
    setting = os.environ.get(LIMIT_VARIABLE) or str(os.cpu_count() or 1)
    if not setting.isdecimal() or int(setting) < 1:
        raise AtelierError(f"{LIMIT_VARIABLE} = {setting!r} does not fit: set it to a whole number from 1 on.")
    return int(setting)


def threads(sharing: int = 1) -> int:
    """torch threads for each of `sharing` processes: one core stays free for everybody else.

    Two threads that wait for each other on a core that a third process wants run up to 260 times slower than one
    (docs/decisions/0005-threads.md).
    """
    return max(1, ((os.cpu_count() or 1) - 1) // max(1, sharing))


def training() -> list[runs.Run]:
    """Own runs that are queued or running."""
    return [run for run in runs.own() if run.status.state in runs.LIVE]


def start(config: RunConfig) -> runs.Run:
    """Makes the run's folder and trains it in a child process. Raises AtelierError if too many train, or nothing can be written."""
    _make_sure_of_a_place()
    run = runs.new(config)
    _launch(run)
    return run


def resume(run: runs.Run) -> None:
    """Goes on with a run that is not training, from its last checkpoint, in a child process. Raises AtelierError if it cannot."""
    if run.status.state in runs.LIVE:
        raise AtelierError(f"{run.id} is training already.")
    _make_sure_of_a_place()
    _launch(run)


def stop(run: runs.Run, patience: float = 20.0) -> runs.Status:
    """Asks a run to stop and waits until it has; it keeps a checkpoint. Without an answer within `patience` [s] it stays as it is."""
    if run.status.state in runs.LIVE:
        run.ask_to_stop()
    return runs.wait(run, patience)


def evaluating() -> list[runs.Run]:
    """Runs, shipped or own, that are being evaluated in a process of their own."""
    return [run for run in (*runs.shipped(), *runs.own()) if run.evaluating]


def obstacle(run: runs.Run) -> str | None:
    """Why this run cannot be evaluated now, as a sentence; None if it can."""
    config = run.config
    if run.weights is None:
        return f"{run.id} has no weights yet, so there is nothing to evaluate."
    if run.status.state in runs.LIVE:
        return f"{run.id} is still training; it can be evaluated when it has ended."
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


def evaluate(run: runs.Run) -> None:
    """Evaluates a run in a child process; `run.evaluating` says whether it is at work. Raises AtelierError with what is in the way."""
    if reason := obstacle(run):
        raise AtelierError(reason)
    asked = time.time()
    try:
        run.evaluation_log_path.unlink(missing_ok=True)
        child = _child(run, "evaluate", run.evaluation_log_path, len(training()) + 1)
        state = runs.Evaluating(pid=child.pid, process_started=psutil.Process(child.pid).create_time(), asked=asked)
        runs.write_atomically(run.evaluating_path, state.model_dump_json().encode())
    except OSError as error:
        raise AtelierError(f"Nothing can be written into {run.folder} ({error.strerror}), so {run.id} cannot be evaluated.") from error


def _make_sure_of_a_place() -> None:
    if (busy := len(training())) >= limit():
        raise AtelierError(
            f"{busy} runs are training and this machine takes {limit()} at a time; stop one, or wait until one has finished."
        )


def _launch(run: runs.Run) -> None:
    run.stop_path.unlink(missing_ok=True)
    run.write_status(state="queued", pid=None, process_started=None, message="The training process is starting.")
    _child(run, "work", run.log_path, len(training()))


def _child(run: runs.Run, command: str, log: Path, sharing: int) -> subprocess.Popen[bytes]:
    """`python -m gan_core <command> <folder of the run>`, which adds what it prints to `log` and shares the cores with `sharing` others."""
    global _children
    _children = [child for child in _children if child.poll() is None]
    with log.open("ab") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "gan_core", command, str(run.folder)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=os.environ | {"OMP_NUM_THREADS": str(threads(sharing)), "PYTHONUNBUFFERED": "1"},
            cwd=Path(__file__).parent.parent,
        )
    _children.append(child)
    return child
