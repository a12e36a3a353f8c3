"""Where a run stands: its states, the content of status.json, and when what that says cannot be true any more."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from gan_core.storage.process import alive

State = Literal["queued", "starting", "running", "paused", "stopped", "finished", "failed", "lost"]
LIVE: tuple[State, ...] = ("queued", "starting", "running")  # will change by themselves
TRAINING: tuple[State, ...] = ("starting", "running")  # have a process, and take a place
ENDED: tuple[State, ...] = ("paused", "stopped", "finished", "failed", "lost")
START_PATIENCE = 180.0  # seconds in which a process that was launched must be known; a machine may be busy


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
    device: str = ""
    "the device in use, in words"
    message: str = ""
    "one sentence for people: why it ended, what failed"
    queued: float | None = None
    "when it joined the queue [s since 1970], which orders the queue; None unless it waits there"
    gpu: int | None = None
    "which of several GPUs it is given, counted from 0"
    pid: int | None = None
    process_started: float | None = None
    "creation time of that process; pid and time together identify it"
    created: str = ""
    updated: str = ""


def lost(status: Status) -> str | None:
    """Why what a status says of its process cannot be true any more, as a sentence; None if it can."""
    if status.state == "queued" and status.queued is None:
        return "It never joined the queue; it can be resumed."
    if status.state not in TRAINING:
        return None
    if status.pid is None:
        return "The training process did not start; log.txt may say why." if _age(status.updated) > START_PATIENCE else None
    if alive(status.pid, status.process_started):
        return None
    if status.state == "starting":
        return "The training process ended before its first word; log.txt may say why. It can be resumed."
    return "The training process ended without a word: it was killed, perhaps for want of memory. It can be resumed."


def now() -> str:
    """The time in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _age(stamp: str) -> float:
    """Seconds since a time written by now()."""
    return (datetime.now(UTC) - datetime.fromisoformat(stamp)).total_seconds() if stamp else float("inf")
