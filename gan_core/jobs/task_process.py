"""The process of a Task: `python -m gan_core.jobs.task_process LOCK MODULE ARGUMENTS..` runs a module, and holds the lock meanwhile."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

from gan_core.storage import liveness
from gan_core.translation import _


def main(lock: str, module: str, *arguments: str) -> None:
    """What `python -m MODULE ARGUMENTS..` does, in a process that everybody sees to be at work. Does nothing if another one is."""
    if not liveness.hold(Path(lock)):
        raise SystemExit(_("Another process is working on this already."))
    sys.argv[1:] = arguments
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
