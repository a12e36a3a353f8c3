"""The process that trains one run for the queue: `python -m gan_core.jobs.worker FOLDER`, or `--wait`: its run is named later."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gan_core import runs
from gan_core.errors import AtelierError
from gan_core.jobs import capacity, queue
from gan_core.storage import liveness
from gan_core.translation import _


def main(arguments: list[str]) -> None:
    """Trains the run in a folder without a word, then starts what waits. `--wait`: imports, then reads from stdin which run it is."""
    folder = wait() if arguments == ["--wait"] else Path(arguments[0])
    if folder is None:
        return
    stop_when_asked()
    with then_dispatch():
        run = runs.find(folder)
        if not liveness.hold(run.alive_path):
            raise AtelierError(_("{id} is training already.").format(id=run.id))
        with capacity.on_its_gpu(run):
            from gan_core.jobs import recorder

            try:
                for _event in recorder.work(run, stop=asked_to_stop):
                    pass
            except AtelierError:
                raise
            except Exception:
                raise SystemExit(1) from None  # log.txt has it


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


_STOP = {"asked": False}


def stop_when_asked() -> None:
    """From now on Ctrl-C and SIGTERM ask the training to stop, which then keeps a checkpoint; a second Ctrl-C ends it at once."""

    def ask(number: int, frame: object) -> None:
        if _STOP["asked"]:
            raise KeyboardInterrupt
        _STOP["asked"] = True

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)


@contextmanager
def then_dispatch() -> Iterator[None]:
    """At the end, however it comes, the place that a training took here goes to whoever waits."""
    try:
        yield
    finally:
        queue.dispatch()


def asked_to_stop() -> bool:
    """Has this process been asked to stop?"""
    return _STOP["asked"]


def _import() -> None:
    """What a training imports and reads before its first step."""
    import torch

    from gan_core.jobs import recorder  # noqa: F401
    from gan_core.metrics import legibility

    torch.optim.Adam([torch.zeros(1, requires_grad=True)], fused=True)  # imports torch._dynamo
    legibility.kept()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except AtelierError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
