"""Work on runs other than training: evaluations, and searches for directions, one at a time each. Does not import torch."""

from __future__ import annotations

from contextlib import suppress

from gan_core import runs
from gan_core.data.registry import DATA_SETS, DIGITS
from gan_core.errors import AtelierError
from gan_core.jobs import launch, places
from gan_core.runs import LIVE, Run, Task
from gan_core.translation import _


def evaluating() -> list[Run]:
    """Own runs that are being evaluated in a process of their own."""
    return [run for run in runs.own() if run.evaluation_task.at_work]


def why_not_evaluate(run: Run) -> str | None:
    """Why this run cannot be evaluated now, as a sentence; None if it can."""
    config = run.config
    if run.shipped:
        return _("{id} ships with the project. Only the command line can evaluate it again.").format(id=run.id)
    if run.weights is None:
        return _("{id} has no weights yet, so there is nothing to evaluate.").format(id=run.id)
    if run.status.state in LIVE:
        return _("{id} is waiting or training. It can be evaluated when it has ended.").format(id=run.id)
    if config.about.kind == "images":
        if config.data not in DIGITS:
            words = _("The judge reads digits only, but {id} was trained on {data}.")
            return words.format(id=run.id, data=_(DATA_SETS[config.data].title))
        if not DATA_SETS["mnist"].present:
            return _(
                "Digits are measured against the full MNIST, which is not in the data folder; fetch it once with "
                "`python -m gan_core download mnist`."
            )
    if busy := evaluating():
        return _("{id} is being evaluated. Only one evaluation runs at a time, because each needs much memory.").format(id=busy[0].id)
    return None


def evaluate(run: Run) -> None:
    """Evaluates a run in a child process; `run.evaluation_task` says how it goes. Raises AtelierError with what is in the way."""
    with runs.lock(runs.own_folder()):
        if reason := why_not_evaluate(run):
            raise AtelierError(reason)
        try:
            start(run.evaluation_task, ("gan_core", "evaluate"))
        except OSError as error:
            words = _("Nothing can be written into {folder} ({why}), so {id} cannot be evaluated.")
            raise AtelierError(words.format(folder=run.folder, why=error.strerror, id=run.id)) from error


def why_not_find_directions(run: Run) -> str | None:
    """Why the directions of this run cannot be found now, as a sentence; None if they can."""
    if run.shipped:
        return _("{id} ships with the project. Only the command line can find its directions again.").format(id=run.id)
    if run.weights is None:
        return _("{id} has no weights yet, so there are no directions to find.").format(id=run.id)
    if run.status.state in LIVE:
        return _("{id} is waiting or training. Its directions can be found when it has ended.").format(id=run.id)
    if run.directions_task.at_work:
        return _("The search for directions of {id} is running already.").format(id=run.id)
    if busy := [other for other in runs.own() if other.directions_task.at_work]:
        return _("The search for directions of {id} is running. Only one runs at a time.").format(id=busy[0].id)
    return None


def find_directions(run: Run) -> None:
    """Finds the directions of a run in a child process; `run.directions_task` says how it goes. Raises AtelierError."""
    with runs.lock(runs.own_folder()):
        if reason := why_not_find_directions(run):
            raise AtelierError(reason)
        try:
            start(run.directions_task, ("gan_core", "directions"))
        except OSError as error:
            words = _("Nothing can be written into {folder} ({why}), so no directions can be kept.")
            raise AtelierError(words.format(folder=run.folder, why=error.strerror)) from error


def start(task: Task, command: tuple[str, ...]) -> None:
    """Starts `python -m <command> <folder>` for a task. Raises OSError, and nothing has been asked for, if it cannot.

    Whoever calls it has made sure that nobody is at work on the task, and holds the lock of the folder of the runs, so that two who
    ask at once do not both find nobody.
    """
    try:
        task.prepare()
        held = ("gan_core.jobs.task_process", str(task.alive_path), *command)
        child = launch.start(task.folder, held, task.log_path, len(places.training()) + 1)
        task.started(child.pid)
    except OSError:
        with suppress(OSError):
            task.forget()
        raise
