"""Who trains next? The queue, and whatever else runs in a process of its own. Does not import torch.

A child process, never a thread and never multiprocessing: training must not take the interpreter from the pages, and closing the
browser or the server must stop nothing. The run folder is the only channel between the two.
"""

from gan_core.jobs.capacity import GPUS_VARIABLE, on_its_gpu, runs_per_visitor, slots, threads
from gan_core.jobs.launch import NICENESS, keep_one_ready, start
from gan_core.jobs.places import estimate, position, training, visitor_slots, waiting
from gan_core.jobs.queue import delete, dispatch, extend, pause, rename, resume, set_pace, single, stop, submit
from gan_core.jobs.tasks import evaluate, evaluating, find_directions, why_not_evaluate, why_not_find_directions

__all__ = [
    "GPUS_VARIABLE",
    "NICENESS",
    "delete",
    "dispatch",
    "estimate",
    "evaluate",
    "evaluating",
    "extend",
    "find_directions",
    "keep_one_ready",
    "on_its_gpu",
    "pause",
    "position",
    "rename",
    "resume",
    "runs_per_visitor",
    "set_pace",
    "single",
    "slots",
    "start",
    "stop",
    "submit",
    "threads",
    "training",
    "visitor_slots",
    "waiting",
    "why_not_evaluate",
    "why_not_find_directions",
]
