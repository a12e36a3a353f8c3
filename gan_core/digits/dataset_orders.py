"""Data sets that visitors ordered: each made in a process of its own, in a folder of its own, and gone after an hour. Needs no torch.

The folder is the only channel between the page and the process, as with runs. It lies beside the runs, hidden by its dot.
"""

from __future__ import annotations

import secrets
import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from gan_core import runs
from gan_core.digits import dataset
from gan_core.digits.dataset import Plan
from gan_core.errors import AtelierError
from gan_core.jobs import tasks
from gan_core.runs import Run, Task
from gan_core.storage import atomic
from gan_core.translation import N_, _

FOLDER = ".datasets"
KEPT = 3600.0  # seconds a data set is kept after it was last asked for something
EVERY = 0.2  # seconds between two words about progress
Work = Literal["make", "teach"]


class OrderRequest(BaseModel):
    """What was ordered, and by whom; the content of order.json."""

    run: str
    "the run's folder; the run may be gone, so what is said of it stands here"
    name: str
    title: str
    learned: str
    "the data set it learned"
    plan: Plan
    owner: str
    work: Work = "make"
    at: float
    "when that was asked for [s since 1970]"


class Progress(BaseModel):
    """How far the process is; the content of progress.json."""

    done: int = 0
    of: int = 1


class DatasetOrder:
    """A data set ordered, by its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.request_path, self.progress_path = folder / "order.json", folder / "progress.json"
        self.file, self.lesson_path = folder / "data.zip", folder / "lesson.json"
        self.tasks: dict[Work, Task] = {
            "make": Task(folder, "make", self.file, N_("Making the data set")),
            "teach": Task(folder, "teach", self.lesson_path, N_("Training a classifier")),
        }

    @property
    def request(self) -> OrderRequest:
        """What was ordered. Raises AtelierError where the folder is no order."""
        try:
            return OrderRequest.model_validate_json(self.request_path.read_bytes())
        except (OSError, ValidationError) as error:
            raise AtelierError(_("This data set is not here any more. Make it again.")) from error

    @property
    def ready(self) -> bool:
        """Can it be downloaded?"""
        return self.file.is_file()

    @property
    def at_work(self) -> bool:
        """Is a process making it, or learning from it?"""
        return any(task.at_work for task in self.tasks.values())

    @property
    def progress(self) -> Progress:
        """How far the process is."""
        try:
            return Progress.model_validate_json(self.progress_path.read_bytes())
        except (OSError, ValidationError):
            return Progress()

    @property
    def lesson(self) -> dataset.Lesson | None:
        """What it taught a classifier, None if none was asked to learn from it yet."""
        try:
            return dataset.Lesson(**_Lesson.model_validate_json(self.lesson_path.read_bytes()).model_dump())
        except (OSError, ValidationError):
            return None

    @property
    def failure(self) -> str | None:
        """Why what was asked for last has not come, as a sentence; None if it has, or is still being done."""
        return self.tasks[self.request.work].failure


def of(owner: str) -> DatasetOrder | None:
    """The newest order of this visitor that is still here."""
    return next((order for request, order in reversed(_all()) if request.owner == owner), None)


def make(run: Run, plan: Plan, owner: str) -> DatasetOrder:
    """Orders a data set and starts to make it; what this visitor ordered before is gone. Raises AtelierError with what is in the way."""
    if not run.config.about.classes:
        raise AtelierError(_("{run} has no classes, so its samples have no labels. Choose a conditional GAN.").format(run=run.id))
    parent = runs.own_folder()
    with runs.lock(parent):
        sweep()
        _make_sure_of_a_place()
        for request, former in _all():
            if request.owner == owner:
                shutil.rmtree(former.folder, ignore_errors=True)
        order = DatasetOrder(parent / FOLDER / secrets.token_hex(8))
        try:
            order.folder.mkdir(parents=True)
            _start(order, OrderRequest(**_told(run), plan=plan, owner=owner, at=time.time()))
        except OSError as error:
            shutil.rmtree(order.folder, ignore_errors=True)
            raise AtelierError(runs.cannot_write(parent, error)) from error
    return order


def train_classifier(order: DatasetOrder) -> None:
    """Lets a classifier learn from a data set that is ready, for its GAN-train score. Raises AtelierError with what is in the way."""
    if not order.ready:
        raise AtelierError(_("There is no data set to learn from yet."))
    if reason := dataset.tests_on(order.request.learned):
        raise AtelierError(reason)
    with runs.lock(runs.own_folder()):
        _make_sure_of_a_place()
        order.lesson_path.unlink(missing_ok=True)
        order.progress_path.unlink(missing_ok=True)
        try:
            _start(order, order.request.model_copy(update={"work": "teach", "at": time.time()}))
        except OSError as error:
            raise AtelierError(runs.cannot_write(order.folder, error)) from error


def cancel(order: DatasetOrder) -> None:
    """Ends the process at work on it. A data set that is ready stays; one that is not goes."""
    if not order.ready:
        remove(order)
        return
    _end(order)
    with suppress(AtelierError, OSError):
        request = order.request.model_copy(update={"work": "make"})
        atomic.write(order.request_path, request.model_dump_json().encode())


def remove(order: DatasetOrder) -> None:
    """Ends its process, if one is at work, and removes its files."""
    _end(order)
    shutil.rmtree(order.folder, ignore_errors=True)


def sweep() -> None:
    """Removes what nobody asked anything of for an hour, and what is no order. Others may sweep at the same time."""
    now = time.time()
    for folder in (runs.own_folder() / FOLDER).glob("*"):
        order = DatasetOrder(folder)
        with suppress(FileNotFoundError):
            if now - _asked_at(order) > KEPT and not order.at_work:
                shutil.rmtree(folder, ignore_errors=True)


def run_order(folder: Path) -> None:
    """Does what the order in this folder asks for, and says in it how far it is. Raises AtelierError with what is in the way."""
    order = DatasetOrder(folder)
    request = order.request
    spoken = 0.0

    def say(done: int, of: int) -> None:
        nonlocal spoken
        if time.monotonic() - spoken > EVERY or done == of:
            spoken = time.monotonic()
            atomic.write(order.progress_path, Progress(done=done, of=of).model_dump_json().encode())

    if request.work == "teach":
        lesson = dataset.teach(order.file, request.learned, say)
        atomic.write(order.lesson_path, _Lesson(**lesson._asdict()).model_dump_json().encode())
        return
    from gan_core.trained.model import load

    dataset.write(load(Run(request.run)), request.plan, order.file, say)


class _Lesson(BaseModel):
    accuracy: float
    learned_from: int
    tested_on: str
    tests: int


def _all() -> list[tuple[OrderRequest, DatasetOrder]]:
    """The orders there are, with what was ordered, the oldest first."""
    found: list[tuple[OrderRequest, DatasetOrder]] = []
    for folder in (runs.own_folder() / FOLDER).glob("*"):
        with suppress(AtelierError):
            found.append((DatasetOrder(folder).request, DatasetOrder(folder)))
    return sorted(found, key=lambda entry: (entry[0].at, entry[1].folder.name))


def _asked_at(order: DatasetOrder) -> float:
    """When something was last asked of it [s since 1970], or, where it is no order, of its folder. Raises FileNotFoundError."""
    try:
        return order.request.at
    except AtelierError:
        return order.folder.stat().st_mtime


def _told(run: Run) -> dict[str, str]:
    """What an order says of its run."""
    config = run.config
    return {"run": str(run.folder), "name": run.id, "title": f"{config.about.title}, {config.recipe_title}", "learned": config.data}


def _end(order: DatasetOrder) -> None:
    """Kills the process at work on an order, if there is one: it leaves nothing but its draft."""
    for task in order.tasks.values():
        task.kill()


def _make_sure_of_a_place() -> None:
    if any(order.at_work for _, order in _all()):
        raise AtelierError(_("Another data set is being made. Only one is made at a time. Try again in a moment."))


def _start(order: DatasetOrder, request: OrderRequest) -> None:
    atomic.write(order.request_path, request.model_dump_json().encode())
    tasks.start(order.tasks[request.work], ("gan_core.digits.dataset_orders",))


if __name__ == "__main__":
    try:
        run_order(Path(sys.argv[1]))
    except AtelierError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
