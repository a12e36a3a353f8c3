"""A training process that waits with its imports done, so that a click trains at once. Does not import torch.

Importing torch and what an optimiser asks of it takes seconds, as long as the quickest recipe needs for legible digits. A server keeps one
such process (`keep_warm`); the queue hands it the next run instead of starting a cold one (`claim`), and a new one is made ready a
while later. It is a child like every other, with niceness and session of its own; until it has a run it ends when the server does.
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from gan_core import settings

LATER = 20.0  # seconds until the next one is made ready: its imports would take the core from the training that has just begun
_lock = threading.Lock()
_waiting: subprocess.Popen[bytes] | None = None
_spawn: Callable[[], subprocess.Popen[bytes]] | None = None  # how one is started; None: nobody asked for one


def keep_warm(spawn: Callable[[], subprocess.Popen[bytes]]) -> None:
    """From now on one process is kept ready; `spawn` starts one, with a pipe for its input. Does nothing where the setting is off."""
    global _spawn
    if settings.current().ready:
        _spawn = spawn
        _refill()


def claim(folder: Path, log: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes] | None:
    """Hands the waiting process the run in `folder`: it prints into `log` and has this environment. None if none waits."""
    global _waiting
    with _lock:
        child, _waiting = _waiting, None
    if child is None or child.poll() is not None or child.stdin is None:
        return None
    order = json.dumps({"folder": str(folder), "log": str(log), "environment": dict(environment)})
    try:
        child.stdin.write(order.encode() + b"\n")
        child.stdin.close()
    except OSError:  # it has just died
        return None
    later = threading.Timer(LATER, _refill)
    later.daemon = True
    later.start()
    return child


def _refill() -> None:
    global _waiting
    with _lock:
        if _spawn is None or (_waiting is not None and _waiting.poll() is None):
            return
        with suppress(OSError):  # then trainings start cold
            _waiting = _spawn()
