"""Run: a folder that holds one training, and the only truth about it.

    config.json               RunConfig: what was asked for
    about.json                RunLabel: whose it is, and the title people gave it
    status.json               Status: where it stands, rewritten as a whole about twice a second
    metrics.jsonl             one record (a JSON object) a line, each the mean of `log_every` steps, appended
    probes.jsonl              one probe a line, now and then: cheap metrics and D's scores, appended
    looks.jsonl               one look a sample grid: what these very samples are like, and what D says of them, appended
    samples/<step>.png|json   the grid of fixed latents at that step: a PNG mosaic, or curves
    samples.zip               the same of a shipped run, all in one file
    weights-<step>.safetensors    networks for sampling: G (its moving average, if the recipe keeps one) and D
    resume.safetensors        everything needed to go on, bit for bit
    evaluation.json, card.md  what it is worth, once it has been evaluated
    directions.safetensors    directions of the latent space that mean something, for the weights it names
    log.txt                   what the training process printed, tracebacks included
    <name>.task.json, .log    TaskState: the process that was last asked to evaluate it, or to find directions; what it printed
    stop, pause               present: somebody asked it to stop, or to pause
    pace.json                 Pace: how fast it is to train, and the single steps that were asked for
    .alive, .<name>.alive     locks that the processes at work on it hold for as long as they live
    tensorboard/              the same curves and pictures as event files, if the run was asked to keep them

Every file but the growing ones appears by rename, so a reader never sees half of one. Shipped and fresh runs have this one
layout. Nothing here imports torch: listing runs is instant.

Who may write status.json: while a run has a process, that process alone, from `claim` to `end`; otherwise whoever holds the lock of the
folder (`lock`). What others want of a training process they leave as a file (stop, pause, pace.json). `claim` and `end` hold the lock
too, so a request comes either before the end, and is honoured, or after it, when there is no process left that could write.
"""

from gan_core.runs.folders import cannot_write, check_writable, lock, own_folder
from gan_core.runs.label import RunLabel
from gan_core.runs.run import Run
from gan_core.runs.samples import SampleGrid
from gan_core.runs.status import ENDED, LIVE, OVER, RESUMABLE, TRAINING, State, Status
from gan_core.runs.store import find, new, own, own_in, shipped, wait
from gan_core.runs.task import Task

__all__ = [
    "ENDED",
    "LIVE",
    "OVER",
    "RESUMABLE",
    "TRAINING",
    "Run",
    "RunLabel",
    "SampleGrid",
    "State",
    "Status",
    "Task",
    "cannot_write",
    "check_writable",
    "find",
    "lock",
    "new",
    "own",
    "own_folder",
    "own_in",
    "shipped",
    "wait",
]
