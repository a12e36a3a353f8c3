"""The queue of trainings, and evaluations: each in a process of its own. Does not import torch.

A child process, never a thread and never multiprocessing: training must not take the interpreter from the pages, and closing the
browser or the server must stop nothing. The run folder is the only channel between the two.

There is no queue but the folders: a run that waits says so, and since when, in its status.json. `dispatch` starts the oldest as
long as there are places. Whoever changes something calls it: those who submit, a worker that ends, a page that polls, a server
that starts (docs/decisions/0007-queue.md).
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psutil

from gan_core import runs, settings
from gan_core.data.registry import DATA_SETS, DIGITS
from gan_core.errors import AtelierError
from gan_core.gans import config as configs
from gan_core.gans.config import RunConfig
from gan_core.jobs import tensorboard, warm
from gan_core.runs import LIVE, TRAINING, About, Run

GPUS_VARIABLE = "CUDA_VISIBLE_DEVICES"  # CUDA's own
WORKER = ("gan_core.jobs.worker",)  # the module that trains a run
BELOW_PAGES = 10  # niceness of what runs beside the server: a tenth of its weight where both want a core
_children: list[subprocess.Popen[bytes]] = []  # kept so that ended children are reaped


def limit(device: str = "cpu") -> int:
    """How many runs may train at once: by the setting, on whatever device; without it one per core, and besides one per GPU.

    Raises AtelierError if the setting is no number.
    """
    if most := settings.current().max_runs:
        return most
    return (os.cpu_count() or 1) if device == "cpu" else len(_gpus())


def cap() -> int:
    """How many runs one owner may have in the queue and in training together. Raises AtelierError if the setting is no number."""
    return settings.current().max_per_visitor


def threads(sharing: int = 1) -> int:
    """torch threads for each of `sharing` processes: one core stays free for everybody else.

    Two threads that wait for each other on a core that a third process wants run up to 260 times slower than one
    (docs/decisions/0005-threads.md).
    """
    return max(1, ((os.cpu_count() or 1) - 1) // max(1, sharing))


# the queue


def training() -> list[Run]:
    """Own runs that have a process, and so a place."""
    return [run for run, _ in runs.own_in(TRAINING)]


def waiting() -> list[Run]:
    """Own runs that wait for a place, the next one first."""
    return [run for run, _ in sorted(runs.own_in(("queued",)), key=lambda found: (found[1].queued or 0.0, found[0].id))]


def position(run: Run) -> int | None:
    """Where it stands among those who wait for the same kind of place: 1 is next. None if it does not wait."""
    if run.status.state != "queued":
        return None
    pool = _pool(run)
    return next((i for i, other in enumerate((w for w in waiting() if _pool(w) == pool), start=1) if other.id == run.id), None)


def submit(config: RunConfig, *, owner: str = "", title: str = "") -> Run:
    """Makes the run's folder, puts it at the back of the queue, and starts it at once if there is a place.

    An owner has `cap()` runs there at most; without an owner there is no such cap. Raises AtelierError if that is exceeded, if
    something the run needs is missing, or if nothing can be written.
    """
    about = About.checked(owner, title)
    tensorboard.check(config)
    limit(config.device)
    with runs.lock(runs.own_folder()):
        _make_sure_of_the_cap(owner)
        run = runs.new(config, about=about, state="queued", queued=_back_of_the_queue())
    dispatch()
    return run


def resume(run: Run) -> None:
    """Puts a run that was paused, stopped or lost, or has failed, at the back of the queue, to go on from its last checkpoint.

    Raises AtelierError if it cannot.
    """
    with _deciding_on(run):
        state = run.status.state
        if state in LIVE:
            raise AtelierError(f"{run.id} {'waits for a place' if state == 'queued' else 'is training'} already.")
        if state == "finished":
            raise AtelierError(f"{run.id} is finished: it has done what it was asked for. It can be extended.")
        _enqueue(run)
    dispatch()


def extend(run: Run, steps: int | None = None, seconds: float | None = None, *, queue: bool = True) -> None:
    """Asks a finished or stopped run for so many more steps, or seconds, and puts it into the queue (unless the caller trains it).

    It becomes, bit for bit, the run that was asked for all of them from the beginning. Raises AtelierError if it cannot go on.
    """
    with _deciding_on(run):
        if (state := run.status.state) not in ("finished", "stopped"):
            raise AtelierError(f"{run.id} is {state}: only a run that is finished or was stopped can be extended.")
        done = run.checkpoint
        if done is None:
            raise AtelierError(f"{run.id} has no checkpoint to go on from.")
        longer = configs.longer(run.config, done, steps=steps, seconds=seconds)
        if queue:
            _make_sure_of_the_cap(run.owner)
        runs.write_atomically(run.config_path, longer.model_dump_json(indent=1).encode())
        if queue:
            _enqueue(run)
    if queue:
        dispatch()


def pause(run: Run) -> None:
    """Takes a run out of the queue, or asks its process to keep a checkpoint and end. Does nothing to a run that is neither."""
    _ask(run, "paused")


def stop(run: Run, patience: float = 20.0) -> runs.Status:
    """Asks a run to stop and waits until it has; it keeps a checkpoint. One that waits or is paused is stopped at once.

    Without an answer within `patience` [s] it stays as it is.
    """
    _ask(run, "stopped")
    return runs.wait(run, patience)


def delete(run: Run) -> None:
    """Removes an own run that neither waits nor trains, for good. A link goes, what it leads to stays. Raises AtelierError if it cannot."""
    with _deciding_on(run):
        if run.status.state in LIVE:
            raise AtelierError(f"{run.id} is not at rest; stop it first.")
        if run.evaluating:
            raise AtelierError(f"{run.id} is being evaluated; it can be deleted afterwards.")
        if run.finding:
            raise AtelierError(f"Directions of {run.id} are being looked for; it can be deleted afterwards.")
        if run.folder.is_symlink():
            run.folder.unlink()
            return
        gone = run.folder.with_name(f".deleted-{secrets.token_hex(8)}")  # at once and whole, for all who list the runs
        run.folder.rename(gone)
        for left in gone.parent.glob(".deleted-*"):
            shutil.rmtree(left, ignore_errors=left != gone)


def rename(run: Run, title: str) -> None:
    """Gives an own run a title; an empty one takes it away. Raises AtelierError if it does not do."""
    with _deciding_on(run):
        about = About.checked(run.owner, title)
        runs.write_atomically(run.about_path, about.model_dump_json(indent=1).encode())


def dispatch() -> None:
    """Starts the oldest runs in the queue, as many as there are places. Cheap where there is nothing to start."""
    if not _next():
        return
    with runs.lock(runs.own_folder()):
        chosen = _next()
        sharing = len(training()) + len(chosen)
        for run in chosen:
            _launch(run, sharing)


def _next() -> list[Run]:
    """The runs in the queue for which there is a place now, the oldest first."""
    queue = waiting()
    if not queue:
        return []
    taken = Counter(_pool(run) for run in training())
    chosen = []
    for run in queue:
        if taken[_pool(run)] < limit(run.config.device):
            taken[_pool(run)] += 1
            chosen.append(run)
    return chosen


def _pool(run: Run) -> str:
    """Runs with the same answer compete for the same places."""
    return "all" if settings.current().max_runs else run.config.device


def _make_sure_of_the_cap(owner: str) -> None:
    """Raises AtelierError if this owner may have no further run in the queue."""
    if owner and (busy := sum(run.status.state in LIVE for run in runs.own(owner))) >= cap():
        raise AtelierError(f"You have {busy} runs waiting or training, and {cap()} is the most for one visitor; stop one, or wait.")


def _back_of_the_queue() -> float:
    """A time after that of everyone who waits, whatever the clock does."""
    return max([time.time(), *((run.status.queued or 0.0) + 1e-3 for run in waiting())])


@contextmanager
def _deciding_on(run: Run) -> Iterator[None]:
    """Nobody else decides on the state of this run meanwhile. Raises AtelierError if it is not an own run, or cannot be written."""
    if run.folder.parent.resolve() != runs.own_folder().resolve():
        what = "came with the project" if run.shipped else f"does not lie in {runs.own_folder()}"
        raise AtelierError(f"{run.id} {what}; only runs trained here can be changed.")
    with runs.lock(runs.own_folder()):
        _ = run.config  # it may have been deleted
        try:
            yield
        except OSError as error:
            raise AtelierError(runs.cannot_write(run.folder, error)) from error


def _ask(run: Run, wish: runs.State) -> None:
    """Leaves word for a training process to become what is wished; who has none becomes it at once, if he waits or is paused."""
    with _deciding_on(run):
        state = run.status.state
        if state in TRAINING:
            (run.pause_path if wish == "paused" else run.stop_path).touch()
        elif state == "queued" or (state, wish) == ("paused", "stopped"):
            run.write_status(state=wish, queued=None, message=f"{wish.capitalize()} while it was waiting." if state == "queued" else "")


def _enqueue(run: Run) -> None:
    _make_sure_of_the_cap(run.owner)
    limit(run.config.device)
    run.forget_requests()
    run.write_status(state="queued", queued=_back_of_the_queue(), pid=None, process_started=None, gpu=None, rate=None, eta=None, message="")


def _launch(run: Run, sharing: int) -> None:
    """Starts the training process of a run, which shares the cores; what is in the way becomes the run's state."""
    try:
        run.write_status(
            state="starting",
            queued=None,
            pid=None,
            process_started=None,
            gpu=_free_gpu() if run.config.device == "cuda" else None,
            message="The training process is starting.",
        )
        child = start(run.folder, WORKER, run.log_path, sharing)
        run.write_status(pid=child.pid, process_started=psutil.Process(child.pid).create_time())
    except (OSError, psutil.NoSuchProcess) as error:
        with suppress(OSError):  # a full disk: then it waits, or is lost, as it stands
            run.write_status(state="failed", message=f"The training process could not be started: {error}.")


def _gpus() -> list[str]:
    """The GPUs that CUDA would show, by its names for them; one at least."""
    if visible := os.environ.get(GPUS_VARIABLE):
        return visible.split(",")
    return [str(i) for i in range(len(list(Path("/dev").glob("nvidia[0-9]*"))) or 1)]


def _free_gpu() -> int | None:
    """The number of the GPU with the fewest trainings; None where there is but one."""
    taken = Counter(run.status.gpu for run in training())
    return min(range(len(_gpus())), key=lambda i: taken[i]) if len(_gpus()) > 1 else None


@contextmanager
def on_its_gpu(run: Run) -> Iterator[None]:
    """CUDA, if it is not in use yet, sees only the GPU this run was given."""
    given, before = run.status.gpu, os.environ.get(GPUS_VARIABLE)
    if given is None or given >= len(_gpus()):
        yield
        return
    os.environ[GPUS_VARIABLE] = _gpus()[given]
    try:
        yield
    finally:
        os.environ.pop(GPUS_VARIABLE)
        if before is not None:
            os.environ[GPUS_VARIABLE] = before


# evaluations


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
        child = start(run.folder, command, log, len(training()) + 1)
        about = runs.Evaluating(pid=child.pid, process_started=psutil.Process(child.pid).create_time(), asked=asked)
        runs.write_atomically(state, about.model_dump_json().encode())
    except OSError as error:
        raise AtelierError(f"Nothing can be written into {run.folder} ({error.strerror}), so {loss}.") from error


def start(folder: Path, command: tuple[str, ...], log: Path, sharing: int) -> subprocess.Popen[bytes]:
    """`python -m <command> <folder>` in a process of its own: a module, and arguments that come before the folder.

    It adds what it prints to `log`, shares the cores with `sharing` others, and yields them to whoever has something short to do:
    a page must not wait for a training.
    """
    environment = _environment({"OMP_NUM_THREADS": str(threads(sharing))})
    if command == WORKER and (child := warm.take(folder, log, environment)):
        return child
    with log.open("ab") as output:
        return _child([*command, str(folder)], environment, stdin=subprocess.DEVNULL, stdout=output)


def keep_one_ready() -> None:
    """From now on a process waits, its imports done, for the next run that is launched here; for servers (gan_core/jobs/warm.py)."""
    environment = {"OMP_NUM_THREADS": str(threads())}
    warm.keep(lambda: _child([*WORKER, "--wait"], _environment(environment), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL))


def _environment(more: dict[str, str]) -> dict[str, str]:
    """What a child process finds: what this one has, and more."""
    return {**os.environ, **settings.for_children(), "PYTHONUNBUFFERED": "1", **more}


def _child(arguments: list[str], environment: dict[str, str], *, stdin: int, stdout: int | IO[bytes]) -> subprocess.Popen[bytes]:
    global _children
    _children = [child for child in _children if child.poll() is None]
    child = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        env=environment,
        cwd=settings.ROOT,
    )
    if os.name == "posix":
        with suppress(psutil.Error):  # before it has threads, which inherit this
            psutil.Process(child.pid).nice(max(BELOW_PAGES, psutil.Process().nice()))
    _children.append(child)
    return child
