"""Which process is at work on something, and whether it still is."""

from __future__ import annotations

import os
from typing import Any

import psutil


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
