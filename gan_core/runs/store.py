"""The runs there are: made, listed, found, waited for."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from gan_core.errors import AtelierError
from gan_core.gans.config import RunConfig, checked
from gan_core.runs import folders
from gan_core.runs.folders import own_folder
from gan_core.runs.label import RunLabel
from gan_core.runs.run import Run
from gan_core.runs.status import ENDED, State, Status, now
from gan_core.storage import atomic
from gan_core.translation import _


def new(
    config: RunConfig,
    parent: Path | None = None,
    name: str | None = None,
    *,
    about: RunLabel | None = None,
    state: State = "stopped",
    queued: float | None = None,
) -> Run:
    """Makes the folder of a new run, complete from its first appearance. Its id cannot be guessed unless named.

    It rests until somebody trains it, unless `state` puts it into the queue. Raises AtelierError if the folder cannot be written,
    leaving nothing behind,
    or if its settings cannot work.
    """
    config = checked(config)
    parent = parent or own_folder()
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    name = name or f"{config.variant}-{config.recipe}-{stamp}-{secrets.token_hex(8)}"
    if not folders.NAME.fullmatch(name):
        words = _("{name!r} cannot name a run: use letters, digits, dots, dashes and underscores.")
        raise AtelierError(words.format(name=name))
    if (parent / name).exists():
        words = _("There is a run {name!r} already in {folder}; choose another name or remove it.")
        raise AtelierError(words.format(name=name, folder=parent))
    with folders.draft(parent) as draft:
        run = Run(draft / name)
        (run.folder / "samples").mkdir(parents=True)
        atomic.write(run.config_path, config.model_dump_json(indent=1).encode())
        if about and about != RunLabel():
            atomic.write(run.about_path, about.model_dump_json(indent=1).encode())
        status = Status(state=state, queued=queued, created=now(), updated=now())
        atomic.write(run.status_path, status.model_dump_json(indent=1).encode())
        run.folder.rename(parent / name)
    return Run(parent / name)


def shipped() -> list[Run]:
    """The runs that came with the project, in the order of the table of variants."""
    from gan_core.gans.variants import VARIANTS

    order = list(VARIANTS)
    return sorted(_in(folders.SHIPPED), key=lambda run: (order.index(run.config.variant), run.config.recipe != "stable"))


def own(owner: str | None = None) -> list[Run]:
    """The runs trained here, newest first; with an owner, only those."""
    found = (run for run in _in(own_folder()) if owner is None or run.owner == owner)
    return sorted(found, key=lambda run: run.status.created, reverse=True)


def own_in(states: tuple[State, ...]) -> list[tuple[Run, Status]]:
    """The runs trained here that are in one of these states, with their status, in no order. Quicker than asking `own`."""
    try:
        with os.scandir(own_folder()) as entries:
            found = [Run(entry.path) for entry in entries if folders.NAME.fullmatch(entry.name) and entry.is_dir()]
    except FileNotFoundError:
        return []
    return [(run, status) for run in found if (status := run.status).state in states and _is_run(run)]


def find(name: str | Path) -> Run:
    """A run by folder, by id (own, shipped or recorded), or by variant (its shipped one, stable before published). Raises AtelierError."""
    if isinstance(name, Path) or os.sep in name:
        run = Run(name)
        run.config  # noqa: B018  # is it one?
        return run
    if folders.NAME.fullmatch(name):
        for parent in (own_folder(), folders.SHIPPED, folders.recordings()):
            if (parent / name / "config.json").is_file():
                return Run(parent / name)
    for run in shipped():
        if run.config.variant == name:
            return run
    raise AtelierError(_("There is no run {name!r}; `python -m gan_core list` names those there are.").format(name=name))


def _in(parent: Path) -> Iterator[Run]:
    """The readable runs in a folder; what is no run, or was written by another version, is passed over."""
    for path in sorted(parent.glob("*/config.json")):
        run = Run(path.parent)
        if folders.NAME.fullmatch(run.id) and _is_run(run):  # else it may be one that is being deleted
            yield run


def _is_run(run: Run) -> bool:
    try:
        run.config  # noqa: B018
    except AtelierError:
        return False
    return True


def wait(run: Run, seconds: float, until: tuple[State, ...] = ENDED) -> Status:
    """Waits until the run is in one of these states, or the time is over; gives its status then."""
    end = time.monotonic() + seconds
    while (status := run.status).state not in until and time.monotonic() < end:
        time.sleep(0.1)
    return status
