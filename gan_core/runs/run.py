"""One training, by its folder: what it was asked for, where it stands, what it has kept; and what its process writes."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from gan_core.errors import AtelierError
from gan_core.gans.config import OPENED, RunConfig, sentence
from gan_core.runs import folders, log
from gan_core.runs.files import RunFiles
from gan_core.runs.label import RunLabel
from gan_core.runs.pace import Pace
from gan_core.runs.status import LIVE, TRAINING, State, Status, lost, now
from gan_core.runs.task import Task
from gan_core.storage import atomic, header, jsonl, liveness, parsed
from gan_core.translation import N_, _, ngettext

RESERVED = 2**15  # bytes of .reserve: room for the last words of a training, should the disk be full
_NOT_MOVED = (".running_mean", ".running_var", ".num_batches_tracked")  # batch norm's averages: in the file, but not trained
_HALF_WRITTEN = re.compile(r"\.(?!evaluat|card|directions).+\.[0-9a-f]{8}|\.reserve")


class Run(RunFiles):
    """One training, by its folder. Cheap to make; reads a file when asked for what is in it."""

    def __repr__(self) -> str:
        return f"Run({self.folder.name!r})"

    # what it is

    @property
    def id(self) -> str:
        """Name of the folder, unique among shipped and own runs."""
        return self.folder.name

    @property
    def shipped(self) -> bool:
        """Came with the project (checkpoints/), as opposed to trained here; a recorded one, too."""
        return self.folder.parent.resolve() in (folders.SHIPPED.resolve(), folders.recordings().resolve())

    @property
    def config(self) -> RunConfig:
        """What was asked for. Raises AtelierError where the folder is no run."""
        try:
            return parsed.read(self.config_path, RunConfig, OPENED)
        except (FileNotFoundError, NotADirectoryError):
            raise AtelierError(_("{folder} is not a run: it has no config.json.").format(folder=self.folder)) from None
        except OSError as error:
            raise AtelierError(_("{file} cannot be read: {why}.").format(file=self.config_path, why=error.strerror)) from None
        except ValidationError as error:
            words = _("{file} does not describe a run: {why}")
            raise AtelierError(words.format(file=self.config_path, why=sentence(error))) from None

    @property
    def owner(self) -> str:
        """Whoever asked for it; empty if nobody in particular."""
        return self.about.owner

    @property
    def name(self) -> str:
        """The title people gave it; empty if none."""
        return self.about.title

    @property
    def presenter(self) -> bool:
        """Did the presenter ask for it?"""
        return self.about.presenter

    @property
    def about(self) -> RunLabel:
        """What people say of it: whose it is, its title."""
        try:
            return parsed.read(self.about_path, RunLabel)
        except (OSError, ValidationError):
            return RunLabel()

    @property
    def title(self) -> str:
        """One line for pickers."""
        config, status = self.config, self.status
        mark = self.name or _("seed {seed}, {id}").format(seed=config.seed, id=self.id[-4:])
        words = ngettext("{gan} · {recipe} · {n:,} step · {origin}", "{gan} · {recipe} · {n:,} steps · {origin}", status.step)
        origin = _("shipped") if self.shipped else mark
        return words.format(gan=_(config.about.title), recipe=config.recipe_in_full, n=status.step, origin=origin)

    @property
    def status(self) -> Status:
        """Where it stands now; a run whose process is gone without a word is 'lost'."""
        while True:
            status = self._stored
            if status is None:
                return Status(state="lost", message=_("This run has no readable status."))
            reason = lost(status, self.alive_path)
            if reason is None:
                return status
            if self._stored == status:  # else it ended in good order between the two looks
                words = _("{why} The disk is full: make room first.").format(why=reason) if _no_room(self.folder) else reason
                return status.model_copy(update={"state": "lost", "message": words, "rate": None, "eta": None})

    @property
    def _stored(self) -> Status | None:
        """The content of status.json, None where it cannot be read."""
        try:
            return parsed.read(self.status_path, Status)
        except (OSError, ValidationError):
            return None

    @property
    def asked(self) -> Literal["stop", "pause"] | None:
        """What the training process was asked for and has not done yet."""
        return "stop" if self.stop_path.exists() else "pause" if self.pause_path.exists() else None

    @property
    def pace(self) -> float | None:
        """The pace that is set, for now or for when it trains: steps a second, 0 held, None full speed."""
        return self.pacing.rate

    @property
    def pacing(self) -> Pace:
        """The pace that is set, with the single steps that were asked for; full speed where nothing that can be read says otherwise."""
        try:
            return parsed.read(self.pace_path, Pace)
        except (OSError, ValidationError):
            return Pace()

    @property
    def checkpoint(self) -> tuple[int, float] | None:
        """How far the checkpoint is that resuming goes on from: steps and seconds [s]; None if there is none that says so."""
        try:
            progress = header.progress_of(self.resume_path)
            return progress["step"], progress["seconds"]
        except AtelierError:
            return None

    @property
    def traceback(self) -> str | None:
        """The last traceback in log.txt, with those it grew out of; None if there is none."""
        return log.last_traceback(self._log_tail)

    @property
    def _log_tail(self) -> str:
        try:
            with self.log_path.open("rb") as file:
                file.seek(max(0, self.log_path.stat().st_size - 2**16))
                return file.read().decode(errors="replace")
        except OSError:
            return ""

    @property
    def has_weights(self) -> bool:
        """Is there something to sample from?"""
        return self.weights is not None

    @property
    def parameters(self) -> dict[str, int] | None:
        """How many numbers training moves, by network ("G", "D"), from the header of the newest weights alone; None without weights."""
        weights = self.weights
        try:
            if weights is None:
                return None
            entries = header.read(weights)
            shapes = {name: entry["shape"] for name, entry in entries.items() if name != "__metadata__" and not name.endswith(_NOT_MOVED)}
            return {network: sum(math.prod(shape) for name, shape in shapes.items() if name.startswith(f"{network}.")) for network in "GD"}
        except (AtelierError, TypeError, KeyError, AttributeError):
            return None  # damaged: whoever loads it says so

    def records(self, offset: int = 0) -> tuple[list[dict[str, float]], int]:
        """Records of metrics.jsonl from byte `offset` on, and the offset after the last whole line."""
        return jsonl.read(self.metrics_path, offset)

    @property
    def probes(self) -> list[dict[str, Any]]:
        """What was seen now and then: step, seconds, the cheap metrics, and `scores`, oldest first."""
        return jsonl.read(self.probes_path, 0)[0]

    @property
    def looks(self) -> list[dict[str, Any]]:
        """What each sample grid is like, one look a grid: step, seconds, n, its numbers, and `scores`, oldest first."""
        return jsonl.read(self.looks_path, 0)[0]

    # work on it in processes of their own

    @property
    def evaluation(self) -> dict[str, Any] | None:
        """What evaluating it gave, None if it was not evaluated."""
        try:
            return json.loads(self.evaluation_path.read_bytes())
        except (FileNotFoundError, ValueError):
            return None

    @property
    def evaluation_task(self) -> Task:
        """The evaluation in a process of its own that was asked for last."""
        return Task(self.folder, "evaluation", self.evaluation_path, N_("The evaluation"))

    @property
    def directions_task(self) -> Task:
        """The search for directions in a process of its own that was asked for last."""
        return Task(self.folder, "directions", self.directions_path, N_("The search for directions"))

    # writing

    def write_status(self, **changes: Any) -> Status:
        """Rewrites status.json with these changes. For the process that has claimed the run, and for who holds the lock."""
        status = self._changed(**changes)
        atomic.write(self.status_path, status.model_dump_json(indent=1).encode())
        return status

    def write_pace(self, pace: Pace) -> None:
        """Sets the pace. For who holds the lock."""
        if pace != self.pacing:
            atomic.write(self.pace_path, pace.model_dump_json().encode())

    def _changed(self, **changes: Any) -> Status:
        return (self._stored or Status(created=now())).model_copy(update=changes | {"updated": now()})

    def claim(self, **changes: Any) -> None:
        """Makes the calling process the one that trains this run, and clears away what a killed one left half written.

        Raises AtelierError if another process trains it, or nothing can be written.
        """
        try:
            with folders.lock(self.folder.parent):
                status = self.status
                theirs = status.state in TRAINING and status.pid not in (None, os.getpid())
                if theirs or not liveness.hold(self.alive_path):
                    raise AtelierError(_("{id} is training already.").format(id=self.id))
                if status.state not in LIVE:
                    self.forget_requests()
                for path in self.folder.rglob(".*"):
                    if _HALF_WRITTEN.fullmatch(path.name):
                        path.unlink(missing_ok=True)
                self.write_status(**{"state": "running", "message": "", "queued": None} | changes, pid=os.getpid())
                with suppress(OSError):  # a full disk shows soon enough
                    self.reserve_path.write_bytes(bytes(RESERVED))
        except OSError as error:
            liveness.release(self.alive_path)
            raise AtelierError(folders.cannot_write(self.folder, error)) from error

    def end(self, state: State, *, if_paused: str | None = None, **changes: Any) -> Status:
        """The last word of the process that trains this run. On a full disk it takes the place of the reserve.

        One that stopped because it was asked to pause is paused, with the message `if_paused`.

        Raises OSError if even that fails; readers then see that nobody is at work on it.
        """
        try:
            with suppress(AtelierError), folders.lock(self.folder.parent):
                return self._end(state, if_paused, **changes)
            return self._end(state, if_paused, **changes)  # better without the lock than never
        finally:
            liveness.release(self.alive_path)

    def _end(self, state: State, if_paused: str | None, **changes: Any) -> Status:
        asked = self.asked
        with suppress(OSError):  # a full disk is no reason to lose the last word
            self.forget_requests()
        if state == "stopped" and asked == "pause":
            state, changes["message"] = "paused", if_paused or changes["message"]
        changes |= {"state": state, "eta": None}
        reserve = self.reserve_path
        try:
            return self.write_status(**changes)
        except OSError:
            status = self._changed(**changes)
            with reserve.open("r+b") as file:  # its blocks are there already
                file.write(status.model_dump_json(indent=1).encode())
                file.truncate()
                os.fsync(file.fileno())
            reserve.replace(self.status_path)
            return status
        finally:
            reserve.unlink(missing_ok=True)

    def forget_requests(self) -> None:
        """Nobody asks it to stop or to pause any more, holds it, or wants single steps of it."""
        self.stop_path.unlink(missing_ok=True)
        self.pause_path.unlink(missing_ok=True)
        self.write_pace(self.pacing.at_rest())

    def append_records(self, records: list[dict[str, float]]) -> None:
        """Adds lines to metrics.jsonl."""
        with self.metrics_path.open("a", encoding="utf-8") as file:
            file.write(jsonl.encode(records))

    def append_probe(self, step: int, seconds: float, numbers: dict[str, float], scores: dict[str, list[float]]) -> None:
        """Adds a line to probes.jsonl."""
        _append(self.probes_path, step, seconds, numbers, scores)

    def append_look(self, step: int, seconds: float, numbers: dict[str, float], scores: dict[str, list[float]]) -> None:
        """Adds a line to looks.jsonl."""
        _append(self.looks_path, step, seconds, numbers, scores)

    def forget_after(self, step: int) -> None:
        """Drops records, probes, looks and samples past `step`: a resumed training writes them again. It begins with a look at `step`."""
        for path, lines, last in (
            (self.metrics_path, self.records()[0], step),
            (self.probes_path, self.probes, step),
            (self.looks_path, self.looks, step - 1),
        ):
            atomic.write(path, jsonl.encode([line for line in lines if line["step"] <= last]).encode())
        for grid in self.samples:
            if grid.step > step and not grid.member:
                grid.file.unlink()

    def write_sample(self, step: int, suffix: str, content: bytes) -> None:
        """Keeps the sample grid of a step."""
        atomic.write(self.samples_path / f"{step:07d}{suffix}", content)

    def log(self, text: str) -> None:
        """Adds to log.txt."""
        if not text:
            return
        with self.log_path.open("a", encoding="utf-8", errors="backslashreplace") as file:  # a traceback may hold anything
            file.write(text)


def _append(path: Path, step: int, seconds: float, numbers: dict[str, float], scores: dict[str, list[float]]) -> None:
    short = {name: value if isinstance(value, int) else float(f"{value:.5g}") for name, value in numbers.items()}
    with path.open("a", encoding="utf-8") as file:
        file.write(jsonl.encode([{"step": step, "seconds": round(seconds, 3)} | short | {"scores": scores}]))


def _no_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < 2**20
    except OSError:
        return False
