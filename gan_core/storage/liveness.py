"""Is a process still at work on something? It holds a lock on a file for as long as it lives, and the kernel lets go of it.

A process number says nothing after a restart, and together with a time it depends on a clock that people set. A lock needs neither:
however its holder ends, it is free at that moment.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

HOLD_PATIENCE = 5.0  # seconds; whoever asks is in the way for microseconds
_mine: dict[Path, FileLock] = {}  # what this process holds


def hold(path: Path) -> bool:
    """From now on this process holds the file, until it ends or releases it. False if another process does. Raises OSError."""
    path = path.absolute()
    if path in _mine:
        return True
    lock = FileLock(path, thread_local=False)
    try:
        lock.acquire(timeout=HOLD_PATIENCE, poll_interval=0.01)
    except Timeout:
        return False
    _mine[path] = lock
    return True


def release(path: Path) -> None:
    """This process holds the file no longer. Does nothing if it did not."""
    if lock := _mine.pop(path.absolute(), None):
        lock.release()


if sys.platform == "win32":

    def held(path: Path) -> bool:
        """Does a process, this one or another, hold the file now?"""
        if path.absolute() in _mine:
            return True
        if not path.exists():
            return False
        try:
            with FileLock(path, timeout=0):
                return False
        except (Timeout, OSError):
            return True

else:
    import fcntl

    def held(path: Path) -> bool:
        """Does a process, this one or another, hold the file now? Takes microseconds, waits for nobody, and needs no right to write."""
        try:
            file = os.open(path, os.O_RDONLY)
        except OSError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared: those who ask are not in each other's way
            return False
        except OSError:
            return True
        finally:
            os.close(file)


def exists(pid: int) -> bool:
    """Is there a process of that number that has not ended? It may be another one than was meant."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
