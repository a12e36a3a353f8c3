"""Real trainings for the tests of this folder: started, awaited, killed, compared."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress

from gan_core import jobs, runs
from gan_core.gans.config import RunConfig, configure
from gan_core.runs import Run
from gan_core.storage import liveness

LONG = configure("sine-mlp", seconds=900)  # ends only when a test ends it


def until(condition: Callable[[], object], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def state(run: Run) -> str:
    return run.status.state


def resting(config: RunConfig = LONG, **how: object) -> Run:
    """A run of the folder that nobody trains."""
    return runs.new(config, **how)


def busy() -> Run:
    """A run that takes a place for as long as this test lives."""
    run = resting()
    run.claim()
    return run


def kill(run: Run) -> None:
    pid = run.status.pid
    assert pid is not None
    assert pid != os.getpid()
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    until(lambda: not liveness.exists(pid) and not liveness.held(run.alive_path))


def kill_all() -> None:
    for run in jobs.waiting():
        jobs.pause(run)  # or a process that is just ending may start it
    for run in runs.own():
        until(lambda run=run: state(run) != "starting" or run.status.pid)  # it is being launched
        if state(run) in runs.TRAINING and run.status.pid != os.getpid():
            kill(run)


def numbers(run: Run) -> list[dict[str, float]]:
    """Its records but for the time they took."""
    return [{name: value for name, value in record.items() if name != "seconds"} for record in run.records()[0]]


def same(run: Run, other: Run) -> None:
    """Bit for bit the same training."""
    assert run.weights
    assert other.weights
    assert run.weights.name == other.weights.name
    assert run.weights.read_bytes() == other.weights.read_bytes()
    assert numbers(run) == numbers(other)


def straight(config: RunConfig) -> Run:
    """The same training, never interrupted, in a process of its own."""
    run = jobs.submit(config)
    assert runs.wait(run, 240).state == "finished", run.status.message
    return run
