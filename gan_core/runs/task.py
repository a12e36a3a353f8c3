"""Task: work in a process of its own other than training, kept in a folder: an evaluation, a search for directions, a data set to make.

Three files in the folder belong to it: `<name>.task.json` says which process was asked last, `<name>.log` what it prints, and
`.<name>.alive` is the lock that it holds for as long as it lives. What it is to give is a file of its own.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from pydantic import BaseModel, ValidationError

from gan_core.runs import log
from gan_core.runs.status import coming
from gan_core.storage import atomic, liveness
from gan_core.translation import _

Mark = tuple[int, int]  # of a file: when it was written [ns], and its number; another one after every rewrite


class TaskState(BaseModel):
    """Which process was asked, when, and what there was before; the content of <name>.task.json."""

    pid: int | None = None
    asked: float
    "when it was asked for [s since 1970]"
    before: Mark | None = None
    "the result of then: another one is its result"


@dataclass(frozen=True)
class Task:
    """Work in a process of its own, by the folder it is done in and its name there. Reads a file when asked."""

    folder: Path
    name: str
    result_path: Path
    title: str
    'subject of a sentence: "The evaluation"'

    @property
    def state_path(self) -> Path:
        return self.folder / f"{self.name}.task.json"

    @property
    def log_path(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def alive_path(self) -> Path:
        return self.folder / f".{self.name}.alive"

    @property
    def at_work(self) -> bool:
        """Is its process at work, or about to begin?"""
        if self.alive_path.exists():  # its process has begun
            return liveness.held(self.alive_path)
        state = self._state
        return state is not None and coming(state.pid, time.time() - state.asked)

    @property
    def seconds(self) -> float:
        """How long ago it was asked for [s]; 0 if it never was."""
        state = self._state
        return max(0.0, time.time() - state.asked) if state else 0.0

    @property
    def pid(self) -> int | None:
        """Its process, if one is at work."""
        state = self._state
        return state.pid if state and self.at_work else None

    @property
    def last_line(self) -> str:
        """The last line it printed; empty if it has not printed any."""
        return log.last_line(self.log_path)

    @property
    def failure(self) -> str | None:
        """Why it has no result, as a sentence; None if it has one, is still at work, or was never asked for."""
        state = self._state
        if state is None or self.at_work or _mark(self.result_path) not in (None, state.before):
            return None
        last = self.last_line
        if last:
            return _("{task} ended without a result. It printed last: {last}").format(task=_(self.title), last=last)
        return _("{task} ended without a result. Its process stopped unexpectedly; it may have run out of memory.").format(
            task=_(self.title)
        )

    # for whoever starts it; they hold the lock of the folder of the runs

    def prepare(self) -> None:
        """Makes room for a process that is about to be started: nothing is left of the one before but its result. Raises OSError."""
        for path in (self.log_path, self.alive_path):
            path.unlink(missing_ok=True)
        self._write(TaskState(asked=time.time(), before=_mark(self.result_path)))

    def started(self, pid: int) -> None:
        """Keeps which process it is. Raises OSError."""
        if state := self._state:
            self._write(state.model_copy(update={"pid": pid}))

    def forget(self) -> None:
        """It was never asked for."""
        self.state_path.unlink(missing_ok=True)

    def kill(self) -> None:
        """Ends its process at once, if one is at work; it leaves what it has half written."""
        pid = self.pid
        if pid is not None:
            try:
                process = psutil.Process(pid)
                process.kill()
                process.wait(5)
            except psutil.Error:
                pass  # it has ended by itself

    @property
    def _state(self) -> TaskState | None:
        try:
            return TaskState.model_validate_json(self.state_path.read_bytes())
        except (OSError, ValidationError):
            return None

    def _write(self, state: TaskState) -> None:
        atomic.write(self.state_path, state.model_dump_json().encode())


def _mark(path: Path) -> Mark | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino
