"""Trainings in processes of their own: start one, stop it. Does not import torch.

A child process, never a thread and never multiprocessing: training must not take the interpreter from the pages, and closing the
browser or the server must stop nothing. The run folder is the only channel between the two.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from gan_core import runs
from gan_core.config import RunConfig
from gan_core.errors import AtelierError

LIMIT_VARIABLE = "GAN_ATELIER_MAX_RUNS"
_children: list[subprocess.Popen[bytes]] = []  # kept so that ended children are reaped


def limit() -> int:
    """How many runs may train at once: $GAN_ATELIER_MAX_RUNS, by default one per core."""
    return int(os.environ.get(LIMIT_VARIABLE) or os.cpu_count() or 1)


def training() -> list[runs.Run]:
    """Own runs that are queued or running."""
    return [run for run in runs.own() if run.status.state in runs.LIVE]


def start(config: RunConfig) -> runs.Run:
    """Makes the run's folder and trains it in a child process. Raises AtelierError if too many train, or nothing can be written."""
    busy = len(training())
    if busy >= limit():
        raise AtelierError(
            f"{busy} runs are training and this machine takes {limit()} at a time; stop one, or wait until one has finished."
        )
    run = runs.new(config)
    _launch(run)
    return run


def resume(run: runs.Run) -> None:
    """Goes on with a run that is not training, from its last checkpoint, in a child process."""
    if run.status.state in runs.LIVE:
        raise AtelierError(f"{run.id} is training already.")
    _launch(run)


def stop(run: runs.Run, patience: float = 20.0) -> runs.Status:
    """Asks a run to stop and waits until it has; it keeps a checkpoint. Without an answer within `patience` [s] it stays as it is."""
    if run.status.state in runs.LIVE:
        run.ask_to_stop()
    return runs.wait(run, patience)


def _launch(run: runs.Run) -> None:
    global _children
    _children = [child for child in _children if child.poll() is None]
    threads = str(max(1, (os.cpu_count() or 1) // max(1, len(training()))))
    environment = os.environ | {"OMP_NUM_THREADS": threads, "PYTHONUNBUFFERED": "1"}
    run.stop_path.unlink(missing_ok=True)
    run.write_status(state="queued", pid=None, process_started=None, message="The training process is starting.")
    with run.log_path.open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "gan_core", "work", str(run.folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=environment,
            cwd=Path(__file__).parent.parent,
        )
    _children.append(child)
