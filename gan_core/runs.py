"""Run: a folder that holds one training, and the only truth about it.

    config.json               RunConfig: what was asked for
    status.json               Status: where it stands, rewritten as a whole about twice a second
    metrics.jsonl             one record (a JSON object) a line, each the mean of `log_every` steps, appended
    samples/<step>.png|json   the grid of fixed latents at that step: a PNG mosaic, or curves
    weights-<step>.safetensors    networks for sampling: G (its moving average, if the recipe keeps one) and D
    resume.safetensors        everything needed to go on, bit for bit
    evaluation.json, card.md  what it is worth, once it has been evaluated
    evaluating.json           Evaluating: the process that was last asked to evaluate it, and when
    evaluation.log            what that process printed
    log.txt                   what the training process printed, tracebacks included
    stop                      present: somebody asked it to stop

Every file but the two growing ones appears by rename, so a reader never sees half of one. Shipped and fresh runs have this one
layout. This module does not import torch: listing runs is instant.
"""

from __future__ import annotations

import json
import math
import os
import re
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import psutil
from pydantic import BaseModel, ConfigDict, ValidationError

from gan_core.config import RunConfig, sentence
from gan_core.errors import AtelierError

SHIPPED = Path(__file__).parent.parent / "checkpoints"
FOLDER_VARIABLE = "GAN_ATELIER_RUNS"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")

State = Literal["queued", "running", "finished", "stopped", "failed", "lost"]
START_PATIENCE = 180.0  # seconds in which a started process must report; importing torch on a busy machine takes its time
LIVE: tuple[State, ...] = ("queued", "running")
MAX_HEADER = 2**20  # bytes of a weights file's header that are read
_NOT_MOVED = (".running_mean", ".running_var", ".num_batches_tracked")  # batch norm's averages: in the file, but not trained


class Status(BaseModel):
    """Where a run stands; the content of status.json."""

    model_config = ConfigDict(extra="ignore")

    state: State = "queued"
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
    pid: int | None = None
    process_started: float | None = None
    "creation time of that process; pid and time together identify it"
    created: str = ""
    updated: str = ""


class Evaluating(BaseModel):
    """An evaluation in a process of its own; the content of evaluating.json. It has ended when its process has."""

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
            return RunConfig.model_validate_json(self.config_path.read_bytes())
        except FileNotFoundError:
            raise AtelierError(f"{self.folder} is no run: it holds no config.json.") from None
        except ValidationError as error:
            raise AtelierError(f"{self.config_path} does not describe a run: {sentence(error)}") from None

    @property
    def title(self) -> str:
        """One line for pickers."""
        config, status = self.config, self.status
        origin = "shipped" if self.shipped else f"seed {config.seed}, {self.id[-4:]}"
        return f"{config.about.title} · {config.recipe} · {status.step:,} steps · {origin}"

    @property
    def status(self) -> Status:
        """Where it stands now; a run whose process is gone without a word is 'lost'."""
        try:
            status = Status.model_validate_json(self.status_path.read_bytes())
        except (FileNotFoundError, ValidationError):
            return Status(state="lost", message="This run has no readable status.")
        if status.state in LIVE:
            if status.pid and not _alive(status.pid, status.process_started):
                return status.model_copy(
                    update={"state": "lost", "message": "The training process ended without a word; it can be resumed."}
                )
            if not status.pid and _age(status.updated) > START_PATIENCE:
                return status.model_copy(update={"state": "lost", "message": "The training process did not start; log.txt may say why."})
        return status

    @property
    def has_weights(self) -> bool:
        """Is there something to sample from?"""
        return self.weights is not None

    # its files

    @property
    def config_path(self) -> Path:
        return self.folder / "config.json"

    @property
    def status_path(self) -> Path:
        return self.folder / "status.json"

    @property
    def metrics_path(self) -> Path:
        return self.folder / "metrics.jsonl"

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
        return asked if asked and _alive(asked.pid, asked.process_started) else None

    @property
    def evaluation_failure(self) -> str | None:
        """Why the last evaluation in a process of its own has no result, as a sentence; None if it has one, or is still at work."""
        asked = self._evaluation_asked()
        if asked is None or _alive(asked.pid, asked.process_started):
            return None
        if self.evaluation_path.is_file() and self.evaluation_path.stat().st_mtime >= asked.asked:
            return None
        if not self.evaluation_words:
            return "The evaluation ended without a word: its process was killed, perhaps for want of memory."
        return f"The evaluation ended without a result. It printed last: {self.evaluation_words}"

    @property
    def evaluation_words(self) -> str:
        """The last line that evaluating it printed; empty if it has not printed any."""
        try:
            lines = self.evaluation_log_path.read_text(errors="replace").split("\n")
        except FileNotFoundError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def _evaluation_asked(self) -> Evaluating | None:
        try:
            return Evaluating.model_validate_json(self.evaluating_path.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    @property
    def log_path(self) -> Path:
        return self.folder / "log.txt"

    @property
    def stop_path(self) -> Path:
        return self.folder / "stop"

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
            with weights.open("rb") as file:
                header = json.loads(file.read(min(int.from_bytes(file.read(8), "little"), MAX_HEADER)))
            shapes = {name: entry["shape"] for name, entry in header.items() if name != "__metadata__" and not name.endswith(_NOT_MOVED)}
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
        try:
            with self.metrics_path.open("rb") as file:
                file.seek(offset)
                whole, _, _ = file.read().rpartition(b"\n")
        except FileNotFoundError:
            return [], offset
        if not whole:
            return [], offset
        return [json.loads(line) for line in whole.splitlines()], offset + len(whole) + 1

    # writing

    def write_status(self, **changes: Any) -> Status:
        """Rewrites status.json with these changes."""
        status = self.status.model_copy(update=changes | {"updated": now()})
        write_atomically(self.status_path, status.model_dump_json(indent=1).encode())
        return status

    def append_records(self, records: list[dict[str, float]]) -> None:
        """Adds lines to metrics.jsonl."""
        with self.metrics_path.open("a") as file:
            file.write("".join(json.dumps(r, separators=(",", ":")) + "\n" for r in records))

    def forget_after(self, step: int) -> None:
        """Drops records and samples past `step`: what a resumed training will write again."""
        kept = [r for r in self.records()[0] if r["step"] <= step]
        write_atomically(self.metrics_path, "".join(json.dumps(r, separators=(",", ":")) + "\n" for r in kept).encode())
        for at, path in self.samples:
            if at > step:
                path.unlink()

    def write_sample(self, step: int, suffix: str, content: bytes) -> None:
        """Keeps the sample grid of a step."""
        write_atomically(self.folder / "samples" / f"{step:07d}{suffix}", content)

    def ask_to_stop(self) -> None:
        """Leaves the request to stop; the training ends at its next look, within about a second, and keeps a checkpoint."""
        self.stop_path.touch()


def new(config: RunConfig, parent: Path | None = None, name: str | None = None) -> Run:
    """Makes the folder of a new run, complete from its first appearance. Its id cannot be guessed unless named.

    Raises AtelierError if the folder cannot be written, leaving nothing behind.
    """
    parent = parent or own_folder()
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    name = name or f"{config.variant}-{config.recipe}-{stamp}-{secrets.token_hex(4)}"
    if not _NAME.fullmatch(name):
        raise AtelierError(f"{name!r} cannot name a run: use letters, digits, dots, dashes and underscores.")
    if (parent / name).exists():
        raise AtelierError(f"There is a run {name!r} already in {parent}; choose another name or remove it.")
    with _draft(parent) as draft:
        run = Run(draft / name)
        (run.folder / "samples").mkdir(parents=True)
        write_atomically(run.config_path, config.model_dump_json(indent=1).encode())
        write_atomically(run.status_path, Status(created=now(), updated=now()).model_dump_json(indent=1).encode())
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
        raise AtelierError(
            f"No run can be written into {parent} ({error.strerror}); make it writable or set {FOLDER_VARIABLE} to another folder."
        ) from error


def own_folder() -> Path:
    """Where runs trained here lie: $GAN_ATELIER_RUNS, or runs/ beside the package."""
    return Path(os.environ.get(FOLDER_VARIABLE) or Path(__file__).parent.parent / "runs")


def shipped() -> list[Run]:
    """The runs that came with the project, in the order of the table of variants."""
    from gan_core.variants import VARIANTS

    order = list(VARIANTS)
    return sorted(_in(SHIPPED), key=lambda run: (order.index(run.config.variant), run.config.recipe != "stable"))


def own() -> list[Run]:
    """The runs trained here, newest first."""
    return sorted(_in(own_folder()), key=lambda run: run.status.created, reverse=True)


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
        try:
            _ = run.config
        except AtelierError:
            continue
        yield run


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


def _alive(pid: int, started: float | None) -> bool:
    try:
        process = psutil.Process(pid)
        same = started is None or abs(process.create_time() - started) < 2.0
        return same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def wait(run: Run, seconds: float, until: tuple[State, ...] = ("finished", "stopped", "failed", "lost")) -> Status:
    """Waits until the run is in one of these states, or the time is over; gives its status then."""
    end = time.monotonic() + seconds
    while (status := run.status).state not in until and time.monotonic() < end:
        time.sleep(0.1)
    return status
