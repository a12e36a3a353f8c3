"""Run: a folder that holds one training, and the only truth about it.

    config.json               RunConfig: what was asked for
    about.json                About: whose it is, and the title people gave it
    status.json               Status: where it stands, rewritten as a whole about twice a second
    metrics.jsonl             one record (a JSON object) a line, each the mean of `log_every` steps, appended
    probes.jsonl              one probe a line, now and then: cheap metrics and D's scores, appended
    samples/<step>.png|json   the grid of fixed latents at that step: a PNG mosaic, or curves
    weights-<step>.safetensors    networks for sampling: G (its moving average, if the recipe keeps one) and D
    resume.safetensors        everything needed to go on, bit for bit
    evaluation.json, card.md  what it is worth, once it has been evaluated
    evaluating.json           Evaluating: the process that was last asked to evaluate it, and when
    evaluation.log            what that process printed
    finding.json, .log        the same of the process that was last asked to find directions
    directions.safetensors    directions of the latent space that mean something, for the weights it names
    log.txt                   what the training process printed, tracebacks included
    stop, pause               present: somebody asked it to stop, or to pause
    tensorboard/              the same curves and pictures as event files, if the run was asked to keep them

Every file but the growing ones appears by rename, so a reader never sees half of one. Shipped and fresh runs have this one
layout. This module does not import torch: listing runs is instant.

Who may write status.json: while a run has a process, that process alone, from `claim` to `end`; otherwise whoever holds the lock of
the folder (`lock`). What others want of a training process they leave as a file (stop, pause). `claim` and `end` hold the lock too,
so a request comes either before the end, and is honoured, or after it, when there is no process left that could write.
"""

from __future__ import annotations

import errno
import json
import math
import os
import re
import secrets
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

import psutil
from filelock import FileLock, Timeout
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from gan_core import settings
from gan_core.errors import AtelierError
from gan_core.gans.config import RunConfig, sentence
from gan_core.settings import ROOT

SHIPPED = ROOT / "checkpoints"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")

State = Literal["queued", "starting", "running", "paused", "stopped", "finished", "failed", "lost"]
LIVE: tuple[State, ...] = ("queued", "starting", "running")  # will change by themselves
TRAINING: tuple[State, ...] = ("starting", "running")  # have a process, and take a place
ENDED: tuple[State, ...] = ("paused", "stopped", "finished", "failed", "lost")
START_PATIENCE = 180.0  # seconds in which a process that was launched must be known; a machine may be busy
LOCK = ".lock"  # in the folder of the runs
LOCK_PATIENCE = 30.0  # seconds to wait for others who decide on a state; they need milliseconds
RESERVE = ".reserve"  # in a run's folder while it trains: room for its last words, should the disk be full
RESERVED = 2**15  # bytes of it
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # no room on the disk, in the quota, or under the limit for one file
MAX_TITLE = 80
MAX_HEADER = 2**20  # bytes of a weights file's header that are read
_NOT_MOVED = (".running_mean", ".running_var", ".num_batches_tracked")  # batch norm's averages: in the file, but not trained


_TURNING = ("LR", "RL", "PD", "FS")  # marks that set the direction of writing: LRE LRO LRI RLE RLO RLI PDF PDI FSI


def _printable(text: str) -> str:
    """The text without spaces around it. Refuses what would not be seen, or would turn what stands beside it around."""
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(c)[:2] in _TURNING for c in text):
        raise ValueError("A title or an owner holds no control characters, line breaks or the like.")
    return text.strip()


class About(BaseModel):
    """What people say of a run, apart from what is trained; the content of about.json. Written under the lock."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    owner: Annotated[str, AfterValidator(_printable)] = ""
    "whoever asked for it; empty: nobody in particular, as on the command line"
    title: Annotated[str, AfterValidator(_printable)] = ""
    "given by people; empty: none"

    @classmethod
    def checked(cls, owner: str, title: str) -> Self:
        """About, of values from people. Raises AtelierError with a sentence about what does not fit."""
        if len(title.strip()) > MAX_TITLE:
            raise AtelierError(f"A title has at most {MAX_TITLE} characters; this one has {len(title.strip())}.")
        try:
            return cls(owner=owner, title=title)
        except ValidationError as error:
            raise AtelierError(sentence(error)) from None


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


class Evaluating(BaseModel):
    """An evaluation, or a search for directions, in a process of its own; the content of evaluating.json and finding.json.

    It has ended when its process has.
    """

    pid: int
    process_started: float
    asked: float
    "when it was asked for [s since 1970]; a result is its result if it was written since"


class Run:
    """One training, by its folder. Cheap to make; reads a file when asked for what is in it."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def __repr__(self) -> str:
        return f"Run({self.folder.name!r})"

    # what it is

    @property
    def id(self) -> str:
        """Name of the folder, unique among shipped and own runs."""
        return self.folder.name

    @property
    def shipped(self) -> bool:
        """Came with the project (checkpoints/), as opposed to trained here."""
        return self.folder.parent == SHIPPED

    @property
    def config(self) -> RunConfig:
        """What was asked for. Raises AtelierError where the folder is no run."""
        try:
            return _read(self.config_path, RunConfig)
        except (FileNotFoundError, NotADirectoryError):
            raise AtelierError(f"{self.folder} is no run: it holds no config.json.") from None
        except OSError as error:
            raise AtelierError(f"{self.config_path} cannot be read: {error.strerror}.") from None
        except ValidationError as error:
            raise AtelierError(f"{self.config_path} does not describe a run: {sentence(error)}") from None

    @property
    def owner(self) -> str:
        """Whoever asked for it; empty if nobody in particular."""
        return self._about.owner

    @property
    def name(self) -> str:
        """The title people gave it; empty if none."""
        return self._about.title

    @property
    def _about(self) -> About:
        try:
            return _read(self.about_path, About)
        except (OSError, ValidationError):
            return About()

    @property
    def title(self) -> str:
        """One line for pickers."""
        config, status = self.config, self.status
        origin = "shipped" if self.shipped else self.name or f"seed {config.seed}, {self.id[-4:]}"
        return f"{config.about.title} · {config.recipe} · {status.step:,} steps · {origin}"

    @property
    def status(self) -> Status:
        """Where it stands now; a run whose process is gone without a word is 'lost'."""
        while True:
            status = self._stored
            if status is None:
                return Status(state="lost", message="This run has no readable status.")
            reason = _lost(status)
            if reason is None:
                return status
            if self._stored == status:  # else it ended in good order between the two looks
                full = " The disk is full: make room first." if _no_room(self.folder) else ""
                return status.model_copy(update={"state": "lost", "message": reason + full, "rate": None, "eta": None})

    @property
    def _stored(self) -> Status | None:
        """The content of status.json, None where it cannot be read."""
        try:
            return _read(self.status_path, Status)
        except (OSError, ValidationError):
            return None

    @property
    def asked(self) -> Literal["stop", "pause"] | None:
        """What the training process was asked for and has not done yet."""
        return "stop" if self.stop_path.exists() else "pause" if self.pause_path.exists() else None

    @property
    def checkpoint(self) -> tuple[int, float] | None:
        """How far the checkpoint is that resuming goes on from: steps and seconds [s]; None if there is none that says so."""
        try:
            progress = json.loads(_header(self.resume_path)["__metadata__"]["progress"])
            return int(progress["step"]), float(progress["seconds"])
        except (OSError, ValueError, TypeError, KeyError):
            return None

    @property
    def traceback(self) -> str | None:
        """The last traceback in log.txt, with those it grew out of; None if there is none."""
        return _last_traceback(self._log_tail)

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

    # its files

    @property
    def config_path(self) -> Path:
        return self.folder / "config.json"

    @property
    def about_path(self) -> Path:
        return self.folder / "about.json"

    @property
    def status_path(self) -> Path:
        return self.folder / "status.json"

    @property
    def metrics_path(self) -> Path:
        return self.folder / "metrics.jsonl"

    @property
    def probes_path(self) -> Path:
        return self.folder / "probes.jsonl"

    @property
    def resume_path(self) -> Path:
        return self.folder / "resume.safetensors"

    @property
    def evaluation_path(self) -> Path:
        return self.folder / "evaluation.json"

    @property
    def card_path(self) -> Path:
        return self.folder / "card.md"

    @property
    def directions_path(self) -> Path:
        return self.folder / "directions.safetensors"

    @property
    def finding_path(self) -> Path:
        return self.folder / "finding.json"

    @property
    def finding_log_path(self) -> Path:
        return self.folder / "finding.log"

    @property
    def finding(self) -> Evaluating | None:
        """The search for directions that is at work on this run now, None if none is."""
        asked = _asked_in(self.finding_path)
        return asked if asked and alive(asked.pid, asked.process_started) else None

    @property
    def finding_failure(self) -> str | None:
        """Why the last search for directions in a process of its own has no result, as a sentence; None if it has, or is at work."""
        asked = _asked_in(self.finding_path)
        if asked is None or alive(asked.pid, asked.process_started):
            return None
        if self.directions_path.is_file() and self.directions_path.stat().st_mtime >= asked.asked:
            return None
        words = _last_line(self.finding_log_path)
        return f"The search for directions ended without a result. {f'It printed last: {words}' if words else 'Its process was killed.'}"

    @property
    def evaluation(self) -> dict[str, Any] | None:
        """What evaluating it gave, None if it was not evaluated."""
        try:
            return json.loads(self.evaluation_path.read_bytes())
        except (FileNotFoundError, ValueError):
            return None

    @property
    def evaluating_path(self) -> Path:
        return self.folder / "evaluating.json"

    @property
    def evaluation_log_path(self) -> Path:
        return self.folder / "evaluation.log"

    @property
    def evaluating(self) -> Evaluating | None:
        """The evaluation that is at work on this run now, None if none is."""
        asked = self._evaluation_asked()
        return asked if asked and alive(asked.pid, asked.process_started) else None

    @property
    def evaluation_failure(self) -> str | None:
        """Why the last evaluation in a process of its own has no result, as a sentence; None if it has one, or is still at work."""
        asked = self._evaluation_asked()
        if asked is None or alive(asked.pid, asked.process_started):
            return None
        if self.evaluation_path.is_file() and self.evaluation_path.stat().st_mtime >= asked.asked:
            return None
        if not self.evaluation_words:
            return "The evaluation ended without a word: its process was killed, perhaps for want of memory."
        return f"The evaluation ended without a result. It printed last: {self.evaluation_words}"

    @property
    def evaluation_words(self) -> str:
        """The last line that evaluating it printed; empty if it has not printed any."""
        return _last_line(self.evaluation_log_path)

    def _evaluation_asked(self) -> Evaluating | None:
        return _asked_in(self.evaluating_path)

    @property
    def log_path(self) -> Path:
        return self.folder / "log.txt"

    @property
    def stop_path(self) -> Path:
        return self.folder / "stop"

    @property
    def pause_path(self) -> Path:
        return self.folder / "pause"

    @property
    def tensorboard_path(self) -> Path:
        return self.folder / "tensorboard"

    def weights_path(self, step: int) -> Path:
        return self.folder / f"weights-{step:07d}.safetensors"

    @property
    def weights(self) -> Path | None:
        """The newest weights, None if there are none yet."""
        return max(self.folder.glob("weights-*.safetensors"), default=None)

    @property
    def parameters(self) -> dict[str, int] | None:
        """How many numbers training moves, by network ("G", "D"), from the header of the newest weights alone; None without weights."""
        weights = self.weights
        try:
            if weights is None:
                return None
            shapes = {
                name: entry["shape"] for name, entry in _header(weights).items() if name != "__metadata__" and not name.endswith(_NOT_MOVED)
            }
            return {network: sum(math.prod(shape) for name, shape in shapes.items() if name.startswith(f"{network}.")) for network in "GD"}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None  # damaged: whoever loads it says so

    @property
    def samples(self) -> list[tuple[int, Path]]:
        """(step, file) of every sample grid, oldest first."""
        found = ((int(p.stem), p) for p in (self.folder / "samples").glob("*") if p.stem.isdigit() and p.suffix in {".png", ".json"})
        return sorted(found)

    def records(self, offset: int = 0) -> tuple[list[dict[str, float]], int]:
        """Records of metrics.jsonl from byte `offset` on, and the offset after the last whole line."""
        return _whole_lines(self.metrics_path, offset)

    @property
    def probes(self) -> list[dict[str, Any]]:
        """What was seen now and then: step, seconds, the cheap metrics, and `scores`, oldest first."""
        return _whole_lines(self.probes_path, 0)[0]

    # writing

    def write_status(self, **changes: Any) -> Status:
        """Rewrites status.json with these changes. For the process that has claimed the run, and for who holds the lock."""
        status = self._changed(**changes)
        write_atomically(self.status_path, status.model_dump_json(indent=1).encode())
        return status

    def _changed(self, **changes: Any) -> Status:
        return (self._stored or Status(created=now())).model_copy(update=changes | {"updated": now()})

    def claim(self, **changes: Any) -> None:
        """Makes the calling process the one that trains this run, and clears away what a killed one left half written.

        Raises AtelierError if another process trains it, or nothing can be written.
        """
        try:
            with lock(self.folder.parent):
                status = self.status
                if status.state in TRAINING and status.pid not in (None, os.getpid()):
                    raise AtelierError(f"{self.id} is training already.")
                if status.state not in LIVE:
                    self.forget_requests()
                for path in self.folder.rglob(".*"):
                    if _HALF_WRITTEN.fullmatch(path.name):
                        path.unlink(missing_ok=True)
                self.write_status(**{"state": "running", "message": "", "queued": None} | changes | this_process())
                with suppress(OSError):  # a full disk shows soon enough
                    (self.folder / RESERVE).write_bytes(bytes(RESERVED))
        except OSError as error:
            raise AtelierError(cannot_write(self.folder, error)) from error

    def end(self, state: State, **changes: Any) -> Status:
        """The last word of the process that trains this run. On a full disk it takes the place of the reserve.

        Raises OSError if even that fails.
        """
        with suppress(AtelierError), lock(self.folder.parent):
            return self._end(state, **changes)
        return self._end(state, **changes)  # better without the lock than never

    def _end(self, state: State, **changes: Any) -> Status:
        asked = self.asked
        self.forget_requests()
        if state == "stopped" and asked == "pause":
            state, changes["message"] = "paused", changes["message"].replace("Stopped after", "Paused after")
        changes |= {"state": state, "eta": None}
        reserve = self.folder / RESERVE
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
        """Nobody asks it to stop or to pause any more."""
        self.stop_path.unlink(missing_ok=True)
        self.pause_path.unlink(missing_ok=True)

    def append_records(self, records: list[dict[str, float]]) -> None:
        """Adds lines to metrics.jsonl."""
        with self.metrics_path.open("a") as file:
            file.write(_lines(records))

    def append_probe(self, step: int, seconds: float, numbers: dict[str, float], scores: dict[str, list[float]]) -> None:
        """Adds a line to probes.jsonl."""
        short = {name: float(f"{value:.5g}") for name, value in numbers.items()}
        with self.probes_path.open("a") as file:
            file.write(_lines([{"step": step, "seconds": round(seconds, 3)} | short | {"scores": scores}]))

    def forget_after(self, step: int) -> None:
        """Drops records, probes and samples past `step`: what a resumed training will write again."""
        for path, lines in ((self.metrics_path, self.records()[0]), (self.probes_path, self.probes)):
            write_atomically(path, _lines([line for line in lines if line["step"] <= step]).encode())
        for at, path in self.samples:
            if at > step:
                path.unlink()

    def write_sample(self, step: int, suffix: str, content: bytes) -> None:
        """Keeps the sample grid of a step."""
        write_atomically(self.folder / "samples" / f"{step:07d}{suffix}", content)

    def log(self, text: str) -> None:
        """Adds to log.txt."""
        if not text:
            return
        with self.log_path.open("a") as file:
            file.write(text)


def new(
    config: RunConfig,
    parent: Path | None = None,
    name: str | None = None,
    *,
    about: About | None = None,
    state: State = "stopped",
    queued: float | None = None,
) -> Run:
    """Makes the folder of a new run, complete from its first appearance. Its id cannot be guessed unless named.

    It rests until somebody trains it, unless `state` puts it into the queue. Raises AtelierError if the folder cannot be written,
    leaving nothing behind.
    """
    parent = parent or own_folder()
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    name = name or f"{config.variant}-{config.recipe}-{stamp}-{secrets.token_hex(8)}"
    if not _NAME.fullmatch(name):
        raise AtelierError(f"{name!r} cannot name a run: use letters, digits, dots, dashes and underscores.")
    if (parent / name).exists():
        raise AtelierError(f"There is a run {name!r} already in {parent}; choose another name or remove it.")
    with _draft(parent) as draft:
        run = Run(draft / name)
        (run.folder / "samples").mkdir(parents=True)
        write_atomically(run.config_path, config.model_dump_json(indent=1).encode())
        if about and about != About():
            write_atomically(run.about_path, about.model_dump_json(indent=1).encode())
        status = Status(state=state, queued=queued, created=now(), updated=now())
        write_atomically(run.status_path, status.model_dump_json(indent=1).encode())
        run.folder.rename(parent / name)
    return Run(parent / name)


def check_writable(parent: Path) -> None:
    """Raises AtelierError if no run can be written into this folder."""
    with _draft(parent) as draft:
        write_atomically(draft / "probe", b"")


@contextmanager
def _draft(parent: Path) -> Iterator[Path]:
    """A temporary folder inside `parent`, gone at the end whatever happens. Raises AtelierError where it cannot be written."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=parent) as draft:
            yield Path(draft)
    except OSError as error:
        raise AtelierError(cannot_write(parent, error)) from error


def cannot_write(folder: Path, error: OSError) -> str:
    """Why nothing can be written there and what to do, as a sentence."""
    if error.errno in FULL:
        return f"The disk is full: nothing more can be written into {folder}. Make room, for instance by deleting runs, and try again."
    return f"No run can be written into {folder} ({error.strerror}); make it writable or set {settings.variable('runs')} to another folder."


@contextmanager
def lock(parent: Path) -> Iterator[None]:
    """While it is held nobody else, in this process or another, decides on the states of the runs in this folder.

    Hold it for milliseconds, and not twice. A process that dies lets go of it. Raises AtelierError if it cannot be had.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(parent / LOCK)
        held.acquire(timeout=LOCK_PATIENCE)
    except Timeout:
        raise AtelierError(f"Another process has been deciding on the runs in {parent} for {LOCK_PATIENCE:.0f} s; try again.") from None
    except OSError as error:
        raise AtelierError(cannot_write(parent, error)) from error
    try:
        yield
    finally:
        held.release()


def own_folder() -> Path:
    """Where runs trained here lie."""
    return settings.current().runs


def shipped() -> list[Run]:
    """The runs that came with the project, in the order of the table of variants."""
    from gan_core.gans.variants import VARIANTS

    order = list(VARIANTS)
    return sorted(_in(SHIPPED), key=lambda run: (order.index(run.config.variant), run.config.recipe != "stable"))


def own(owner: str | None = None) -> list[Run]:
    """The runs trained here, newest first; with an owner, only those."""
    found = (run for run in _in(own_folder()) if owner is None or run.owner == owner)
    return sorted(found, key=lambda run: run.status.created, reverse=True)


def own_in(states: tuple[State, ...]) -> list[tuple[Run, Status]]:
    """The runs trained here that are in one of these states, with their status, in no order. Quicker than asking `own`."""
    try:
        with os.scandir(own_folder()) as entries:
            found = [Run(entry.path) for entry in entries if _NAME.fullmatch(entry.name) and entry.is_dir()]
    except FileNotFoundError:
        return []
    return [(run, status) for run in found if (status := run.status).state in states and _is_run(run)]


def find(name: str | Path) -> Run:
    """A run by folder, by id, or by variant (then its shipped one, stable before published). Raises AtelierError."""
    if isinstance(name, Path) or os.sep in name:
        run = Run(name)
        _ = run.config
        return run
    if _NAME.fullmatch(name):
        for parent in (own_folder(), SHIPPED):
            if (parent / name / "config.json").is_file():
                return Run(parent / name)
    for run in shipped():
        if run.config.variant == name:
            return run
    raise AtelierError(f"There is no run {name!r}; `python -m gan_core list` names those there are.")


def _in(parent: Path) -> Iterator[Run]:
    """The readable runs in a folder; what is no run, or was written by another version, is passed over."""
    for path in sorted(parent.glob("*/config.json")):
        run = Run(path.parent)
        if _NAME.fullmatch(run.id) and _is_run(run):  # else it may be one that is being deleted
            yield run


def _is_run(run: Run) -> bool:
    try:
        _ = run.config
    except AtelierError:
        return False
    return True


M = TypeVar("M", bound=BaseModel)
SETTLED = 1.0  # seconds after which a file that is written anew is sure to have another time stamp
_parsed: dict[tuple[Path, type[BaseModel]], tuple[tuple[int, int, int], BaseModel]] = {}


def _read(path: Path, model: type[M]) -> M:
    """What a file holds, parsed only once while the file stays as it is. Raises OSError, ValidationError."""
    found = path.stat()
    mark = (found.st_mtime_ns, found.st_size, found.st_ino)
    known = _parsed.get((path, model))
    if known and known[0] == mark and isinstance(known[1], model):
        return known[1]
    value = model.model_validate_json(path.read_bytes())
    if time.time() - found.st_mtime > SETTLED:
        if len(_parsed) > 4096:
            _parsed.clear()
        _parsed[path, model] = mark, value
    return value


def _asked_in(path: Path) -> Evaluating | None:
    try:
        return Evaluating.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _last_line(log: Path) -> str:
    """The last line of a log that is not empty; empty if there is none."""
    try:
        lines = log.read_text(errors="replace").split("\n")
    except FileNotFoundError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _header(file: Path) -> dict[str, Any]:
    """The header of a safetensors file. Raises OSError, ValueError."""
    with file.open("rb") as stream:
        return json.loads(stream.read(min(int.from_bytes(stream.read(8), "little"), MAX_HEADER)))


def _lost(status: Status) -> str | None:
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


def _no_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < 2**20
    except OSError:
        return False


_HALF_WRITTEN = re.compile(r"\.(?!evaluat|card|directions|finding).+\.[0-9a-f]{8}|" + re.escape(RESERVE))
_HEADING = "Traceback (most recent call last):"
_BETWEEN = ("The above exception was the direct cause", "During handling of the above exception")


def _last_traceback(log: str) -> str | None:
    """The last traceback in a log, with those it grew out of."""
    lines = log.splitlines()
    headings = [i for i, line in enumerate(lines) if line == _HEADING]
    if not headings:
        return None
    first = headings.pop()
    stack_ends = next((i for i in range(first + 1, len(lines)) if not lines[i].startswith(" ")), len(lines))
    last = next((i for i in range(stack_ends, len(lines)) if not lines[i].strip()), len(lines))
    while headings and any(line.startswith(_BETWEEN) for line in lines[max(0, first - 3) : first]):
        first = headings.pop()
    return "\n".join(lines[first:last])


def _whole_lines(path: Path, offset: int) -> tuple[list[dict[str, Any]], int]:
    """The objects on the lines from byte `offset` on, null as NaN, and the offset after the last whole line.

    Read from its beginning, a file gives all that can be understood; ValueError if `offset` does not lie between two lines.
    """
    try:
        with path.open("rb") as file:
            file.seek(offset)
            whole, _, _ = file.read().rpartition(b"\n")
    except FileNotFoundError:
        return [], offset
    if not whole:
        return [], offset
    objects = []
    for line in whole.splitlines():
        try:
            objects.append({name: _or_nan(value) for name, value in json.loads(line).items()})
        except (ValueError, AttributeError):
            if offset:
                raise ValueError(f"byte {offset} of {path} is not where a line begins") from None
    return objects, offset + len(whole) + 1


def _lines(objects: list[dict[str, Any]]) -> str:
    """One JSON object a line; a number that is not finite becomes null, for JSON knows no others."""
    finite = ({name: _or_null(value) for name, value in each.items()} for each in objects)
    return "".join(json.dumps(each, separators=(",", ":"), allow_nan=False) + "\n" for each in finite)


def _or_null(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _or_null(each) for name, each in value.items()}
    return [_or_null(each) for each in value] if isinstance(value, list) else value


def _or_nan(value: Any) -> Any:
    if value is None:
        return math.nan
    if isinstance(value, dict):
        return {name: _or_nan(each) for name, each in value.items()}
    return [_or_nan(each) for each in value] if isinstance(value, list) else value


def write_atomically(path: Path, content: bytes) -> None:
    """The file appears whole or not at all: temporary name, fsync, rename."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def now() -> str:
    """The time in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _age(stamp: str) -> float:
    """Seconds since a time written by now()."""
    return (datetime.now(UTC) - datetime.fromisoformat(stamp)).total_seconds() if stamp else float("inf")


def this_process() -> dict[str, Any]:
    """The fields of Status that identify the calling process."""
    return {"pid": os.getpid(), "process_started": psutil.Process().create_time()}


def alive(pid: int, started: float | None) -> bool:
    """Is the process of that id, created then [s since 1970], still at work?"""
    try:
        process = psutil.Process(pid)
        same = started is None or abs(process.create_time() - started) < 2.0
        return same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def wait(run: Run, seconds: float, until: tuple[State, ...] = ENDED) -> Status:
    """Waits until the run is in one of these states, or the time is over; gives its status then."""
    end = time.monotonic() + seconds
    while (status := run.status).state not in until and time.monotonic() < end:
        time.sleep(0.1)
    return status
