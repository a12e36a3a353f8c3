"""What may be in use at once: places for trainings, threads, GPUs."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gan_core import settings
from gan_core.runs import Run, Status

CGROUPS, OWN_CGROUPS = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")  # Linux: what a container may use
GPUS_VARIABLE = "CUDA_VISIBLE_DEVICES"  # CUDA's own


def cores() -> int:
    """How many cores this process may use at once: those of the machine, less what its affinity and its container take away.

    With more threads than that each waits for others that are not running, and is up to 260 times slower (docs/decisions/0005-threads.md).
    """
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([usable, *(int(share) for share in _quotas())]))


def _quotas() -> Iterator[float]:
    """The cores that each control group this process is in, or one above it, grants it; both versions of Linux' control groups."""
    with suppress(OSError):
        for line in OWN_CGROUPS.read_text(encoding="utf-8").splitlines():
            _, controllers, path = line.split(":", 2)
            if controllers and "cpu" not in controllers.split(","):
                continue
            group = CGROUPS / ("cpu" if controllers else "") / path.strip("/")
            for folder in (group, *group.parents):
                if folder.is_relative_to(CGROUPS):
                    yield from _quota(folder)


def _quota(folder: Path) -> Iterator[float]:
    """What one control group grants, in cores; nothing if it sets no limit."""
    with suppress(OSError, ValueError, ZeroDivisionError):
        if (file := folder / "cpu.max").is_file():
            granted, period = file.read_text(encoding="utf-8").split()
        else:
            granted, period = ((folder / f"cpu.cfs_{name}_us").read_text(encoding="utf-8") for name in ("quota", "period"))
        if float(granted) > 0:  # "max" and -1: no limit
            yield float(granted) / float(period)


def slots(device: str = "cpu") -> int:
    """How many runs may train at once: by the setting, on whatever device; without it one per core, and besides one per GPU.

    Raises AtelierError if the setting is no number.
    """
    if most := settings.current().max_runs:
        return most
    return cores() if device == "cpu" else len(gpus())


def runs_per_visitor() -> int:
    """How many runs one owner may have in the queue and in training together. Raises AtelierError if the setting is no number."""
    return settings.current().max_per_visitor


def threads(sharing: int = 1) -> int:
    """torch threads for each of `sharing` processes: one core stays free for everybody else.

    Two threads that wait for each other on a core that a third process wants run up to 260 times slower than one
    (docs/decisions/0005-threads.md).
    """
    return max(1, (cores() - 1) // max(1, sharing))


def gpus() -> list[str]:
    """The GPUs that CUDA would show, by its names for them; one at least."""
    if visible := os.environ.get(GPUS_VARIABLE):
        return visible.split(",")
    return [str(i) for i in range(len(list(Path("/dev").glob("nvidia[0-9]*"))) or 1)]


def free_gpu(training: Iterable[Status]) -> int | None:
    """The number of the GPU with the fewest of these trainings; None where there is but one."""
    taken = Counter(status.gpu for status in training)
    return min(range(len(gpus())), key=lambda i: taken[i]) if len(gpus()) > 1 else None


@contextmanager
def on_its_gpu(run: Run) -> Iterator[None]:
    """CUDA, if it is not in use yet, sees only the GPU this run was given."""
    given, before = run.status.gpu, os.environ.get(GPUS_VARIABLE)
    if given is None or given >= len(gpus()):
        yield
        return
    os.environ[GPUS_VARIABLE] = gpus()[given]
    try:
        yield
    finally:
        os.environ.pop(GPUS_VARIABLE)
        if before is not None:
            os.environ[GPUS_VARIABLE] = before


def slot_kind(run: Run) -> str:
    """Runs with the same answer compete for the same places."""
    return "all" if "max_runs" in settings.current().model_fields_set else run.config.device  # set, if perhaps to what does not fit
