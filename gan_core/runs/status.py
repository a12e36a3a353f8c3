"""Where a run stands: its states, the content of status.json, and when what that says cannot be true any more."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from gan_core.storage import liveness
from gan_core.translation import _

State = Literal["queued", "starting", "running", "paused", "stopped", "finished", "failed", "lost"]
LIVE: tuple[State, ...] = ("queued", "starting", "running")  # will change by themselves
TRAINING: tuple[State, ...] = ("starting", "running")  # have a process, and take a place
ENDED: tuple[State, ...] = ("paused", "stopped", "finished", "failed", "lost")
OVER: tuple[State, ...] = ("finished", "stopped", "failed", "lost")  # nothing more comes unless somebody asks
RESUMABLE: tuple[State, ...] = ("paused", "stopped", "lost", "failed")  # can go on from a checkpoint, or begin anew
START_PATIENCE = 180.0  # seconds in which a process that was launched must have begun; a machine may be busy


class Status(BaseModel):
    """Where a run stands; the content of status.json."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    state: State = "stopped"
    step: int = 0
    "steps done"
    seconds: float = 0.0
    "training time so far, over all sessions [s]"
    rate: float | None = None
    "steps per second over the last seconds"
    eta: float | None = None
    "seconds left at this rate"
    images: int = 0
    "real samples shown to D so far"
    single_d: int = 0
    "steps in which D alone was updated, by hand"
    single_g: int = 0
    "steps in which G alone was"
    device: str = ""
    "the device in use, in words"
    message: str = ""
    "one sentence for people: why it ended, what failed"
    queued: float | None = None
    "when it joined the queue [s since 1970], which orders the queue; None unless it waits there"
    launched: float | None = None
    "when its process was launched [s since 1970]"
    overhead: float | None = None
    "seconds that its last process took besides the training, starting and ending it included; None where it was not at full speed"
    gpu: int | None = None
    "which of several GPUs it is given, counted from 0"
    pid: int | None = None
    "its process; whether that is at work says the lock it holds (RunFiles.alive_path)"
    created: str = ""
    updated: str = ""

    @property
    def by_hand(self) -> bool:
        """Was one network updated alone? Then the same configuration does not give this training again."""
        return self.single_d + self.single_g > 0


def lost(status: Status, alive: Path) -> str | None:
    """Why what a status says of its process cannot be true any more, as a sentence; None if it can. That process holds `alive`."""
    if status.state == "queued" and status.queued is None:
        return _("This run never joined the queue. You can resume it.")
    if status.state not in TRAINING or liveness.held(alive):
        return None
    if status.state == "running":
        return _("The training process stopped unexpectedly; it may have run out of memory. You can resume it.")
    if coming(status.pid, age(status.updated)):
        return None
    if status.pid is None:
        return _("The training process did not start; log.txt may say why.")
    return _("The training process stopped before the training began; log.txt may say why. You can resume it.")


def coming(pid: int | None, seconds: float) -> bool:
    """May a process that was launched so many seconds ago still take its lock? Its number, if it is known, must be in use."""
    return seconds <= START_PATIENCE and (pid is None or liveness.exists(pid))


def now() -> str:
    """The time in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def age(stamp: str) -> float:
    """Seconds since a time written by now()."""
    return (datetime.now(UTC) - datetime.fromisoformat(stamp)).total_seconds() if stamp else float("inf")
