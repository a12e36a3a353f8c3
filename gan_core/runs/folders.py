"""Where runs lie, who may decide on them, and whether they can be written there."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from gan_core import settings
from gan_core.errors import AtelierError
from gan_core.storage import atomic
from gan_core.translation import _

SHIPPED = settings.ROOT / "checkpoints"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
"what can name a run"
LOCK = ".lock"  # in the folder of the runs
LOCK_PATIENCE = 30.0  # seconds to wait for others who decide on a state; they need milliseconds


def recordings() -> Path:
    """Where the recorded runs of Break it lie: beside the shipped ones, and not among them, as no GAN is to be had from them."""
    return SHIPPED / "break-it"


def own_folder() -> Path:
    """Where runs trained here lie."""
    return settings.current().runs


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
        words = _("Another process has locked the runs in {folder} for {n:.0f} s. Try again.")
        raise AtelierError(words.format(folder=parent, n=LOCK_PATIENCE)) from None
    except OSError as error:
        raise AtelierError(cannot_write(parent, error)) from error
    try:
        yield
    finally:
        held.release()


def check_writable(parent: Path) -> None:
    """Raises AtelierError if no run can be written into this folder."""
    with draft(parent) as folder:
        atomic.write(folder / "probe", b"")


@contextmanager
def draft(parent: Path) -> Iterator[Path]:
    """A temporary folder inside `parent`, gone at the end whatever happens. Raises AtelierError where it cannot be written."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=parent) as folder:
            yield Path(folder)
    except OSError as error:
        raise AtelierError(cannot_write(parent, error)) from error


def cannot_write(folder: Path, error: OSError) -> str:
    """Why nothing can be written there and what to do, as a sentence."""
    if error.errno in atomic.FULL:
        words = _("The disk is full: nothing more can be written into {folder}. Make room, for instance by deleting runs, and try again.")
        return words.format(folder=folder)
    words = _("No run can be written into {folder} ({why}); make it writable or set {variable} to another folder.")
    return words.format(folder=folder, why=error.strerror, variable=settings.variable("runs"))
