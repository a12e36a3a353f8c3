"""Starts processes: a child of its own for whatever takes long, with a share of the cores, and below the pages."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil

from gan_core import settings
from gan_core.jobs import warm
from gan_core.jobs.capacity import threads

WORKER = ("gan_core.jobs.worker",)  # the module that trains a run
NICENESS = 10  # niceness of what runs beside the server: a tenth of its weight where both want a core
_children: list[subprocess.Popen[bytes]] = []  # kept so that ended children are reaped


def start(folder: Path, command: tuple[str, ...], log: Path, sharing: int) -> subprocess.Popen[bytes]:
    """`python -m <command> <folder>` in a process of its own: a module, and arguments that come before the folder.

    It adds what it prints to `log`, shares the cores with `sharing` others, and yields them to whoever has something short to do:
    a page must not wait for a training.
    """
    environment = _environment({"OMP_NUM_THREADS": str(threads(sharing))})
    if command == WORKER and (child := warm.claim(folder, log, environment)):
        return child
    with log.open("ab") as output:
        return _child([*command, str(folder)], environment, stdin=subprocess.DEVNULL, stdout=output)


def keep_one_ready() -> None:
    """From now on a process waits, its imports done, for the next run that is launched here; for servers (gan_core/jobs/warm.py)."""
    environment = {"OMP_NUM_THREADS": str(threads())}
    warm.keep_warm(lambda: _child([*WORKER, "--wait"], _environment(environment), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL))


def _environment(more: dict[str, str]) -> dict[str, str]:
    """What a child process finds: what this one has, and more."""
    return {**os.environ, **settings.for_children(), "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8:backslashreplace", **more}


def _child(arguments: list[str], environment: dict[str, str], *, stdin: int, stdout: int | IO[bytes]) -> subprocess.Popen[bytes]:
    global _children
    _children = [child for child in _children if child.poll() is None]
    child = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        env=environment,
        cwd=settings.ROOT,
    )
    if os.name == "posix":
        with suppress(psutil.Error):  # before it has threads, which inherit this
            psutil.Process(child.pid).nice(max(NICENESS, psutil.Process().nice()))
    _children.append(child)
    return child
