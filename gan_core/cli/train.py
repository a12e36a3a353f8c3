"""Commands that train: train, resume, extend."""

from __future__ import annotations

import os
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from gan_core import data, jobs, runs
from gan_core.cli.terminal import RunName, VariantName, out
from gan_core.errors import AtelierError
from gan_core.gans.config import MAX_STEPS, RunConfig, configure
from gan_core.jobs import tensorboard as board
from gan_core.jobs import worker
from gan_core.training import events


def train(
    variant: VariantName,
    recipe: Annotated[str, typer.Option(help="published (as its source) or stable (tuned to train reliably).")] = "stable",
    networks: Annotated[str | None, typer.Option(help="Those of the other recipe; default: the recipe's own.")] = None,
    data: Annotated[str | None, typer.Option(help="Data set; digits-5k is built in.")] = None,
    steps: Annotated[str | None, typer.Option(help="Stop after this many steps.")] = None,
    seconds: Annotated[str | None, typer.Option(help="Or after this much training time.")] = None,
    seed: Annotated[str, typer.Option(help="A whole number; the same seed gives the same run.")] = "0",
    device: Annotated[str, typer.Option(help="cpu, cuda or mps.")] = "cpu",
    precision: Annotated[
        str, typer.Option(help="float32, or bfloat16: wide networks learn faster where the processor has it.")
    ] = "float32",
    labels: Annotated[str | None, typer.Option(help="Tell D the class of so many images only (ssgan); default: of all.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the run's folder.")] = None,
    tensorboard: Annotated[bool, typer.Option("--tensorboard", help="Write TensorBoard event files too.")] = False,
) -> None:
    """Train a variant, with a progress bar; Ctrl-C stops it and keeps a checkpoint."""
    config = configure(
        variant,
        recipe,
        networks=networks,
        data=data,
        seed=seed,  # type: ignore[arg-type]  # words, which are validated
        steps=steps,  # type: ignore[arg-type]
        seconds=seconds,  # type: ignore[arg-type]
        device=device,
        precision=precision,
        label_budget=labels,  # type: ignore[arg-type]
        tensorboard=tensorboard,
    )
    check_ready(config)
    work(runs.new(config, name=name))


def resume(run: RunName) -> None:
    """Go on with a run from its last checkpoint."""
    found = runs.find(run)
    state = found.status.state
    if state in runs.LIVE:
        raise AtelierError(f"{found.id} {'waits for a place' if state == 'queued' else 'is training'} already.")
    if state == "finished":
        raise AtelierError(f"{found.id} is finished: it has done what it was asked for. `extend` asks it for more.")
    work(found)


def extend(
    run: RunName,
    steps: Annotated[str | None, typer.Option(help="This many more steps.")] = None,
    seconds: Annotated[str | None, typer.Option(help="Or this much more training time.")] = None,
) -> None:
    """Go on with a finished or stopped run beyond what it was asked for, bit for bit as if asked for it from the beginning."""
    found = runs.find(run)
    jobs.extend(found, steps=steps, seconds=seconds, queue=False)  # type: ignore[arg-type]  # words, which are validated
    work(found)


def check_ready(config: RunConfig) -> None:
    """Raises AtelierError while nothing is written yet, if device, data or a package are not there."""
    from gan_core.training.state import device_of

    board.check(config)
    device = device_of(config)
    data.load(config.data, device)


def work(run: runs.Run) -> None:
    """Trains a run in this process with a progress bar. Who sets OMP_NUM_THREADS decides on the threads."""
    import torch

    from gan_core.jobs import recorder

    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(jobs.threads())
    worker.stop_when_asked()
    config = run.config
    by_time = config.seconds is not None and config.steps == MAX_STEPS
    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[words]}"), TimeRemainingColumn()
    last: events.Event | None = None
    with worker.then_dispatch(), Progress(*columns, console=out) as bar:
        task = bar.add_task(f"{config.variant} {config.recipe_title}", total=config.seconds if by_time else config.steps, words="starting")
        for event in recorder.work(run, stop=worker.asked_to_stop):
            if isinstance(event, events.Progress):
                rate = f"{event.rate:.1f} steps/s" if event.rate else ""
                loss = "  ".join(f"{k} {event.records[-1][k]:.3f}" for k in ("D/loss", "G/loss")) if event.records else ""
                words = f"step {event.step:,}  {rate}  {loss or bar.tasks[task].fields['words'].partition('  D/loss')[1]}"
                bar.update(task, completed=event.seconds if by_time else event.step, words=words)
            last = event
    if isinstance(last, events.Finished | events.Failed):
        out.print(f"{last.message}  Run: {run.folder}", highlight=False)
    if isinstance(last, events.Failed):
        raise typer.Exit(1)
