"""The queue of trainings: who waits, who trains, and what is asked of them. Does not import torch.

There is no queue but the folders: a run that waits says so, and since when, in its status.json. `dispatch` starts the oldest as
long as there are places. Whoever changes something calls it: those who submit, a worker that ends, a page that polls, a server
that starts (docs/decisions/0007-queue.md).
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from gan_core import runs, settings
from gan_core.errors import AtelierError
from gan_core.gans import config as configs
from gan_core.gans.config import RunConfig
from gan_core.jobs import capacity, launch, places, tensorboard
from gan_core.runs import LIVE, TRAINING, Run, RunLabel
from gan_core.runs.pace import Pace, Turn
from gan_core.storage import atomic
from gan_core.translation import _, ngettext


def submit(config: RunConfig, *, owner: str = "", title: str = "", pace: float | None = None, presenter: bool = False) -> Run:
    """Makes the run's folder, puts it at the back of the queue, and starts it at once if there is a place.

    It starts at the pace: steps a second, 0 to be held, None for full speed. The presenter's goes ahead of the queue, where the
    setting names one. An owner has `capacity.runs_per_visitor()` runs there at most; without an owner, and for the presenter, there is
    no such limit. Raises AtelierError if that is exceeded, if the pace does not fit, if something the run needs is missing, or if
    nothing can be written.
    """
    about = RunLabel.checked(owner, title, presenter=presenter and bool(settings.current().presenter))
    tempo = Pace().with_rate(pace)
    tensorboard.check(config)
    capacity.slots(config.device)
    with runs.lock(runs.own_folder()):
        _check_visitor_limit(about)
        run = runs.new(config, about=about, state="queued", queued=_back_of_the_queue())
        run.write_pace(tempo)
    dispatch()
    return run


def resume(run: Run) -> None:
    """Puts a run that was paused, stopped or lost, or has failed, at the back of the queue, to go on from its last checkpoint.

    Raises AtelierError if it cannot.
    """
    with _deciding_on(run):
        state = run.status.state
        if state in LIVE:
            words = _("{id} is waiting in the queue already.") if state == "queued" else _("{id} is training already.")
            raise AtelierError(words.format(id=run.id))
        if state == "finished":
            raise AtelierError(_("{id} is finished. You can extend it.").format(id=run.id))
        _enqueue(run)
    dispatch()


def extend(run: Run, steps: int | None = None, seconds: float | None = None, *, queue: bool = True) -> None:
    """Asks a finished or stopped run for so many more steps, or seconds, and puts it into the queue (unless the caller trains it).

    It becomes, bit for bit, the run that was asked for all of them from the beginning, unless it was stepped by hand.
    Raises AtelierError if it cannot go on.
    """
    with _deciding_on(run):
        if run.status.state not in ("finished", "stopped"):
            raise AtelierError(_("Only a run that is finished or was stopped can be extended; {id} is neither.").format(id=run.id))
        done = run.checkpoint
        if done is None:
            raise AtelierError(_("{id} has no checkpoint to continue from.").format(id=run.id))
        longer = configs.longer(run.config, done, steps=steps, seconds=seconds)
        if queue:
            _check_visitor_limit(run.about)
        atomic.write(run.config_path, longer.model_dump_json(indent=1).encode())
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


def set_pace(run: Run, rate: float | None) -> None:
    """From now on the run makes so many steps a second; 0 holds it, None lets it go as fast as it can. One at rest will, when it goes on.

    A hold ends with the process: one that was held, and is resumed, goes on. Raises AtelierError if the rate does not do.
    """
    with _deciding_on(run):
        run.write_pace(run.pacing.with_rate(rate))


def single(run: Run, turn: Turn) -> None:
    """Holds a run that trains or waits, and asks for one single step more: of both networks, or of "D" or "G" alone.

    Alone means all the updates that this network has in a step; the other one stays exactly as it is. Raises AtelierError.
    """
    with _deciding_on(run):
        if run.status.state not in LIVE:
            raise AtelierError(_("{id} is not training now, so it cannot take a single step.").format(id=run.id))
        run.write_pace(run.pacing.with_single(turn))


def delete(run: Run) -> None:
    """Removes an own run that neither waits nor trains, for good. A link goes, what it leads to stays. Raises AtelierError if it cannot."""
    with _deciding_on(run):
        if run.status.state in LIVE:
            raise AtelierError(_("{id} is waiting or training. Stop it first.").format(id=run.id))
        if run.evaluation_task.at_work:
            raise AtelierError(_("{id} is being evaluated; it can be deleted afterwards.").format(id=run.id))
        if run.directions_task.at_work:
            raise AtelierError(_("The search for directions of {id} is running; it can be deleted afterwards.").format(id=run.id))
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
        about = RunLabel.checked(run.owner, title, presenter=run.presenter)
        atomic.write(run.about_path, about.model_dump_json(indent=1).encode())


def dispatch() -> None:
    """Starts the oldest runs in the queue, as many as there are places. Cheap where there is nothing to start."""
    if not places.next_ones():
        return
    with runs.lock(runs.own_folder()):
        chosen = places.next_ones()
        sharing = len(places.training()) + len(chosen)
        for run in chosen:
            _launch(run, sharing)


def _check_visitor_limit(about: RunLabel) -> None:
    """Raises AtelierError if this owner may have no further run in the queue."""
    if not about.owner or (about.presenter and settings.current().presenter):
        return
    most = capacity.runs_per_visitor()
    if (busy := sum(run.status.state in LIVE for run in runs.own(about.owner))) >= most:
        words = ngettext(
            "You have {n} run waiting or training, and {most} is the limit for one visitor. Stop one, or wait.",
            "You have {n} runs waiting or training, and {most} is the limit for one visitor. Stop one, or wait.",
            busy,
        )
        raise AtelierError(words.format(n=busy, most=most))


def _back_of_the_queue() -> float:
    """A time after that of everyone who waits, whatever the clock does."""
    return max([time.time(), *((run.status.queued or 0.0) + 1e-3 for run in places.waiting())])


@contextmanager
def _deciding_on(run: Run) -> Iterator[None]:
    """Nobody else decides on the state of this run meanwhile. Raises AtelierError if it is not an own run, or cannot be written."""
    if run.folder.parent.resolve() != runs.own_folder().resolve():
        if run.shipped:
            raise AtelierError(_("{id} ships with the project; only runs trained here can be changed.").format(id=run.id))
        words = _("{id} does not lie in {folder}; only runs trained here can be changed.")
        raise AtelierError(words.format(id=run.id, folder=runs.own_folder()))
    with runs.lock(runs.own_folder()):
        run.config  # noqa: B018  # it may have been deleted
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
            words = _("Paused while it was waiting.") if wish == "paused" else _("Stopped while it was waiting.")
            run.write_status(state=wish, queued=None, message=words if state == "queued" else "")


def _enqueue(run: Run) -> None:
    _check_visitor_limit(run.about)
    capacity.slots(run.config.device)
    run.forget_requests()
    run.write_status(state="queued", queued=_back_of_the_queue(), pid=None, gpu=None, rate=None, eta=None, message="")


def _launch(run: Run, sharing: int) -> None:
    """Starts the training process of a run, which shares the cores; what is in the way becomes the run's state."""
    try:
        run.write_status(
            state="starting",
            queued=None,
            launched=time.time(),
            pid=None,
            gpu=capacity.free_gpu(run.status for run in places.training()) if run.config.device == "cuda" else None,
            message=_("The training process is starting."),
        )
        child = launch.start(run.folder, launch.WORKER, run.log_path, sharing)
        run.write_status(pid=child.pid)
    except OSError as error:
        with suppress(OSError):  # a full disk: then it waits, or is lost, as it stands
            words = _("The training process could not be started: {error}.")
            run.write_status(state="failed", message=words.format(error=error))
