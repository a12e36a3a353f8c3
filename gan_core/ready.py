"""A training process that waits with its imports done, so that a click trains at once. Does not import torch, but for that process.

Importing torch and what an optimiser asks of it takes seconds, as long as the quickest recipe needs for legible digits. A server keeps one
such process (`keep`); the queue hands it the next run instead of starting a cold one (`take`), and a new one is made ready a
while later. It is a child like every other, with niceness and session of its own; until it has a run it ends when the server does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

VARIABLE = "GAN_ATELIER_READY"  # 0: keep none
LATER = 20.0  # seconds until the next one is made ready: its imports would take the core from the training that has just begun
_lock = threading.Lock()
_waiting: subprocess.Popen[bytes] | None = None
_begin: Callable[[], subprocess.Popen[bytes]] | None = None  # how one is started; None: nobody asked for one


def keep(begin: Callable[[], subprocess.Popen[bytes]]) -> None:
    """From now on one process is kept ready; `begin` starts one, with a pipe for its input. Does nothing where $GAN_ATELIER_READY is 0."""
    global _begin
    if os.environ.get(VARIABLE) != "0":
        _begin = begin
        _fill()


def take(folder: Path, log: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes] | None:
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
    later = threading.Timer(LATER, _fill)
    later.daemon = True
    later.start()
    return child


def wait() -> Path | None:
    """In the process itself: imports, waits, takes the order's log, environment and threads over; gives the run's folder, None at the end.

    The environment is the launcher's of now, as a cold process would have it, not the one of the time when this process was made:
    a training that ends fills the queue's places, and asks the environment how many there are.
    """
    _import()
    line = sys.stdin.buffer.readline()
    if not line.strip():
        return None
    order = json.loads(line)
    os.environ.clear()
    os.environ.update(order["environment"])
    with suppress(OSError), Path(order["log"]).open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    import torch

    torch.set_num_threads(int(order["environment"]["OMP_NUM_THREADS"]))
    return Path(order["folder"])


def _fill() -> None:
    global _waiting
    with _lock:
        if _begin is None or (_waiting is not None and _waiting.poll() is None):
            return
        with suppress(OSError):  # then trainings start cold
            _waiting = _begin()


def _import() -> None:
    """What a training imports and reads before its first step."""
    import torch

    from gan_core import data, recorder  # noqa: F401
    from gan_core.metrics import judge

    torch.optim.Adam([torch.zeros(1, requires_grad=True)], fused=True)  # imports torch._dynamo
    data.image_arrays("digits-5k")
    judge.load()
