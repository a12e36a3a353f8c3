"""The command line: python -m gan_core list, train, resume, sample, bench, doctor, download, evaluate, table, judge, build, ship."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from gan_core import data, events, jobs, runs
from gan_core.config import MAX_STEPS, RunConfig, configure
from gan_core.errors import AtelierError
from gan_core.variants import VARIANTS

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help="GANs, trained and asked.")
out = Console(soft_wrap=True)

VariantName = Annotated[str, typer.Argument(help=f"One of {', '.join(VARIANTS)}.")]
RunName = Annotated[str, typer.Argument(help="A run id, a folder, or a variant (its shipped run).")]


@app.command("list")
def list_() -> None:
    """Variants, data sets and runs."""
    variants = Table("variant", "year", "recipes", "source", title="Variants", title_justify="left")
    for variant in VARIANTS.values():
        variants.add_row(variant.name, str(variant.year), ", ".join(variant.recipes), variant.source)
    out.print(variants)
    sets = Table("data set", "there", "about", title="Data sets", title_justify="left")
    for entry in data.DATA_SETS.values():
        sets.add_row(entry.name, "yes" if entry.present else "no", entry.about)
    out.print(sets)
    table = Table("run", "variant", "recipe", "data", "steps", "state", title="Runs", title_justify="left")
    for run in [*runs.shipped(), *runs.own()]:
        config, status = run.config, run.status
        state = "shipped" if run.shipped else status.state
        table.add_row(run.id, config.variant, config.recipe, config.data, f"{status.step:,}", state)
    out.print(table)


@app.command()
def train(
    variant: VariantName,
    recipe: Annotated[str, typer.Option(help="published (as its source) or stable (learns every time).")] = "stable",
    data: Annotated[str | None, typer.Option(help="Data set; digits-5k is built in.")] = None,
    steps: Annotated[str | None, typer.Option(help="Stop after this many steps.")] = None,
    seconds: Annotated[str | None, typer.Option(help="Or after this much training time.")] = None,
    seed: Annotated[str, typer.Option(help="A whole number; the same seed gives the same run.")] = "0",
    device: Annotated[str, typer.Option(help="cpu, cuda or mps.")] = "cpu",
    name: Annotated[str | None, typer.Option(help="Name of the run's folder.")] = None,
) -> None:
    """Train a variant, with a progress bar; Ctrl-C stops it and keeps a checkpoint."""
    config = configure(variant, recipe, data=data, seed=seed, steps=steps, seconds=seconds, device=device)  # type: ignore[arg-type]
    _ready(config)
    _work(runs.new(config, name=name))


@app.command()
def resume(run: RunName) -> None:
    """Go on with a run from its last checkpoint."""
    found = runs.find(run)
    if found.status.state in runs.LIVE:
        raise AtelierError(f"{found.id} is training already.")
    if found.status.state == "finished":
        raise AtelierError(f"{found.id} is finished: it has done what it was asked for.")
    _work(found)


@app.command()
def sample(
    run: RunName,
    n: Annotated[int, typer.Option("-n", help="How many.")] = 64,
    digit: Annotated[int | None, typer.Option(help="Class asked of a conditional GAN.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the latents.")] = 0,
    to: Annotated[Path | None, typer.Option(help="File to write: .png for images, .json for curves.")] = None,
) -> None:
    """Draw samples from a trained run into a file."""
    from gan_core import export
    from gan_core.trained import load

    trained = load(run)
    x = trained.sample(n, digit=digit, seed=seed)
    images = trained.variant.kind == "images"
    target = to or Path(f"{trained.variant.name}-seed{seed}{'.png' if images else '.json'}")
    content = (
        export.mosaic(trained.grey(x), columns=min(n, trained.variant.classes or 8))
        if images
        else json.dumps({"x": trained.abscissae.tolist(), "curves": x.tolist()}).encode()
    )
    try:
        runs.write_atomically(target, content)
    except OSError as error:
        raise AtelierError(f"{target} cannot be written: {error.strerror}.") from error
    out.print(f"{n} samples of {trained.run.id} in {target}")


@app.command()
def bench(
    variant: VariantName,
    recipe: Annotated[str, typer.Option(help="published or stable.")] = "published",
    seconds: Annotated[float, typer.Option(help="How long each repetition trains.")] = 5.0,
    repeats: Annotated[int, typer.Option(help="Repetitions; the median counts.")] = 5,
    device: Annotated[str, typer.Option(help="cpu, cuda or mps.")] = "cpu",
    threads: Annotated[int | None, typer.Option(help="torch threads; default: torch's own choice.")] = None,
) -> None:
    """Measure steps per second of real training (events and all, no files), median of several repetitions."""
    from statistics import median

    import torch

    if threads:
        torch.set_num_threads(threads)
    config = configure(variant, recipe, seconds=seconds, device=device)
    load = f", load before {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores" if hasattr(os, "getloadavg") else ""
    rates = []
    for _ in range(repeats):
        seen = [event for event in _training(config) if isinstance(event, events.Progress)]
        rates.append(seen[-1].step / seen[-1].seconds)
        out.print(f"{variant} {recipe}: {rates[-1]:.1f} steps/s over {seen[-1].step:,} steps")
    batch = config.settings.batch
    out.print(
        f"median {median(rates):.1f} steps/s (min {min(rates):.1f}, max {max(rates):.1f}; {repeats} x {seconds:g} s, batch {batch}, "
        f"{torch.get_num_threads()} threads, {device}, torch {torch.__version__}{load})",
        highlight=False,
    )


@app.command()
def doctor() -> None:
    """Check device, data, shipped checkpoints and speed; say whether all works without a network."""
    import torch

    from gan_core.trained import load

    table = Table("what", "answer", title="Doctor", title_justify="left")
    devices = ["cpu", *(["cuda"] if torch.cuda.is_available() else []), *(["mps"] if torch.backends.mps.is_available() else [])]
    table.add_row("torch", f"{torch.__version__}, {torch.get_num_threads()} threads")
    table.add_row("devices", ", ".join(devices))
    if "cuda" in devices:
        table.add_row("GPU", torch.cuda.get_device_name())
    problems = []
    for entry in data.DATA_SETS.values():
        table.add_row(f"data: {entry.name}", "there" if entry.present else f"not in {data.data_folder()}")
    try:
        data.image_arrays("digits-5k")
    except AtelierError as error:
        problems.append(str(error))
    parent = runs.own_folder()
    try:
        runs.check_writable(parent)
        table.add_row("runs folder", f"{parent}, writable")
    except AtelierError as error:
        problems.append(str(error))
    for run in runs.shipped():
        try:
            load(run).sample(1)
            table.add_row(f"checkpoint: {run.id}", "loads and samples")
        except AtelierError as error:
            problems.append(str(error))
            table.add_row(f"checkpoint: {run.id}", f"broken: {error}")
    if not runs.shipped():
        problems.append("No shipped checkpoints were found.")
    for device in devices:
        progress = [e for e in _training(configure("gan", "stable", seconds=2, device=device)) if isinstance(e, events.Progress)]
        table.add_row(f"speed on {device}", f"{progress[-1].step / progress[-1].seconds:.0f} steps/s (gan, stable)")
    table.add_row("works offline", "no" if problems else "yes: data, checkpoints and training need no network")
    out.print(table)
    if problems:
        raise AtelierError(" ".join(problems))


@app.command()
def evaluate(run: RunName) -> None:
    """Measure a run against real data (full MNIST for digits) and write evaluation.json and card.md into its folder."""
    from gan_core import evaluation

    found = runs.find(run)
    with out.status("evaluating") as status:
        say = (lambda what: status.update(f"evaluating: {what}")) if out.is_terminal else print
        evaluation.evaluate(found, say)
    out.print(found.card_path.read_text(), highlight=False, markup=False)


@app.command()
def table() -> None:
    """The table of the shipped runs and what they are worth, as Markdown; the README holds it."""
    print(evaluation_table())


COLUMNS = {  # of the table: heading -> (field of evaluation.json, format)
    "steps": ("step", "{:,}"),
    "fid10k / floor": ("fid10k_over_floor", "{:.1f}"),
    "precision": ("precision10k", "{:.3f}"),
    "recall": ("recall10k", "{:.3f}"),
    "coverage": ("coverage10k", "{:.3f}"),
    "digits": ("digits_covered", "{}"),
    "class accuracy": ("class_accuracy", "{:.1%}"),
    "GAN-train": ("gan_train_accuracy", "{:.1%}"),
    "memorised": ("memorised", "{:.1%}"),
    "SSGAN error": ("ssgan_test_error", "{:.2%}"),
    "sine RMSE": ("sine_rmse", "{:.4f}"),
}


def evaluation_table() -> str:
    """One Markdown row per shipped run that has been evaluated."""
    lines = ["| run | " + " | ".join(COLUMNS) + " |", "| --- " * (len(COLUMNS) + 1) + "|"]
    for run in runs.shipped():
        if found := run.evaluation:
            cells = [form.format(found[field]) if field in found else "" for field, form in COLUMNS.values()]
            lines.append(f"| `{run.id}` | " + " | ".join(cells) + " |")
    return "\n".join(lines)


@app.command()
def judge() -> None:
    """Train the judge anew on full MNIST and ship it with its floors; every evaluation before it is void."""
    from gan_core import evaluation

    facts = evaluation.judge_anew(out.print)
    out.print(f"test accuracy {100 * facts['test_accuracy']:.2f} %, fid10k floor {facts['floors']['fid10k']:.3f}, sha256 {facts['sha256']}")


@app.command()
def download(name: Annotated[str, typer.Argument(help="mnist, fashion-mnist or kmnist.")]) -> None:
    """Fetch a data set into the data folder, with a progress bar."""
    data.download(name)
    out.print(f"{name} is in {data.data_folder()}")


@app.command()
def ship(run: RunName) -> None:
    """Put a finished run among the shipped checkpoints: weights, and its records and grids thinned out."""
    from gan_core import shipping

    out.print(f"shipped as {shipping.ship(runs.find(run)).folder.name}")


@app.command()
def build(
    variant: VariantName,
    recipe: Annotated[str, typer.Option(help="published or stable.")] = "stable",
    seed: Annotated[int, typer.Option(help="Seed of the training.")] = 0,
) -> None:
    """Train a variant at full length on its own data set (full MNIST for images) and ship the result."""
    from gan_core import shipping

    config = configure(variant, recipe, data=variant_named(variant).data, seed=seed)
    _ready(config)
    run = runs.new(config)
    _work(run)
    out.print(f"shipped as {shipping.ship(run).folder.name}")


@app.command(hidden=True)
def work(folder: Path) -> None:
    """Train the run in a folder without a word; what the app starts."""
    _asked_to_stop()
    run = runs.find(folder)
    from gan_core import recorder

    for _ in recorder.work(run, stop=lambda: _STOP["asked"]):
        pass


_STOP = {"asked": False}


def _asked_to_stop() -> None:
    """From now on Ctrl-C and SIGTERM ask the training to stop, which then keeps a checkpoint; a second Ctrl-C ends it at once."""

    def ask(number: int, _: object) -> None:
        if _STOP["asked"]:
            raise KeyboardInterrupt
        _STOP["asked"] = True

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)


def _ready(config: RunConfig) -> None:
    """Raises AtelierError while nothing is written yet, if device or data are not there."""
    from gan_core import training

    device = training.device_of(config)
    data.load(config.data, device)


def _training(config: RunConfig) -> Iterator[events.Event]:
    from gan_core.training import train as events_of

    return events_of(config)


def _work(run: runs.Run) -> None:
    """Trains a run in this process with a progress bar. Who sets OMP_NUM_THREADS decides on the threads."""
    import torch

    from gan_core import recorder

    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(jobs.threads())
    _asked_to_stop()
    config = run.config
    by_time = config.seconds is not None and config.steps == MAX_STEPS
    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[words]}"), TimeRemainingColumn()
    last: events.Event | None = None
    with Progress(*columns, console=out) as bar:
        task = bar.add_task(f"{config.variant} {config.recipe}", total=config.seconds if by_time else config.steps, words="starting")
        for event in recorder.work(run, stop=lambda: _STOP["asked"]):
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


def main() -> None:
    """Runs the command line; what the user can mend is one sentence on stderr and exit code 2."""
    try:
        app()
    except AtelierError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
