"""The command line: python -m gan_core list, train, resume, extend, pause, stop, delete, sample, bench, doctor ..; --help names all."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Column, Table

from gan_core import __version__, data, jobs, pictures, runs, settings
from gan_core.errors import AtelierError
from gan_core.gans.config import MAX_STEPS, RunConfig, configure
from gan_core.gans.variants import VARIANTS, variant_named
from gan_core.jobs import tensorboard as board
from gan_core.jobs import worker
from gan_core.storage import atomic
from gan_core.training import events

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
    table = Table("run", "variant", "recipe", "data", "steps", Column("state", no_wrap=True), title="Runs", title_justify="left")
    for run in [*runs.shipped(), *runs.own()]:
        config, status = run.config, run.status
        place = jobs.position(run)
        state = "shipped" if run.shipped else f"queued, number {place}" if place else status.state
        name = f"{run.id}\n{escape(run.name)}" if run.name else run.id
        table.add_row(name, config.variant, config.recipe_title, config.data, f"{status.step:,}", state)
    out.print(table)


@app.command()
def train(
    variant: VariantName,
    recipe: Annotated[str, typer.Option(help="published (as its source) or stable (learns every time).")] = "stable",
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
    _ready(config)
    _work(runs.new(config, name=name))


@app.command()
def resume(run: RunName) -> None:
    """Go on with a run from its last checkpoint."""
    found = runs.find(run)
    state = found.status.state
    if state in runs.LIVE:
        raise AtelierError(f"{found.id} {'waits for a place' if state == 'queued' else 'is training'} already.")
    if state == "finished":
        raise AtelierError(f"{found.id} is finished: it has done what it was asked for. `extend` asks it for more.")
    _work(found)


@app.command()
def extend(
    run: RunName,
    steps: Annotated[str | None, typer.Option(help="This many more steps.")] = None,
    seconds: Annotated[str | None, typer.Option(help="Or this much more training time.")] = None,
) -> None:
    """Go on with a finished or stopped run beyond what it was asked for, bit for bit as if asked for it from the beginning."""
    found = runs.find(run)
    jobs.extend(found, steps=steps, seconds=seconds, queue=False)  # type: ignore[arg-type]  # words, which are validated
    _work(found)


@app.command()
def pause(run: RunName) -> None:
    """Take a run out of the queue, or out of training with a checkpoint; `resume` or the app goes on with it."""
    found = runs.find(run)
    jobs.pause(found)
    _say(runs.wait(found, PATIENCE), found)


@app.command()
def stop(run: RunName) -> None:
    """Stop a run that waits or trains elsewhere; it keeps a checkpoint."""
    found = runs.find(run)
    _say(jobs.stop(found, PATIENCE), found)


@app.command()
def delete(run: RunName, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Remove a run that was trained here, for good."""
    found = runs.find(run)
    if yes or typer.confirm(f"Delete {found.title} ({found.folder}) for good?"):
        jobs.delete(found)
        out.print(f"{found.id} is deleted.", highlight=False)


PATIENCE = 60.0  # seconds in which a training must answer


def _say(status: runs.Status, run: runs.Run) -> None:
    words = f"{status.message} " if status.message else ""
    out.print(f"{run.id}: {status.state}. {words}{status.step:,} steps.", highlight=False, markup=False)


@app.command()
def sample(
    run: RunName,
    n: Annotated[int, typer.Option("-n", help="How many.")] = 64,
    digit: Annotated[int | None, typer.Option(help="Class asked of a conditional GAN.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the latents.")] = 0,
    to: Annotated[Path | None, typer.Option(help="File to write: .png for images, .json for curves.")] = None,
) -> None:
    """Draw samples from a trained run into a file."""
    from gan_core.trained.model import load

    trained = load(run)
    x = trained.sample(n, digit=digit, seed=seed)
    images = trained.variant.kind == "images"
    target = to or Path(f"{trained.variant.name}-seed{seed}{'.png' if images else '.json'}")
    content = (
        pictures.mosaic(trained.grey(x), columns=min(n, trained.variant.classes or 8))
        if images
        else json.dumps({"x": trained.abscissae.tolist(), "curves": x.tolist()}).encode()
    )
    try:
        atomic.write(target, content)
    except OSError as error:
        raise AtelierError(f"{target} cannot be written: {error.strerror}.") from error
    out.print(f"{n} samples of {trained.run.id} in {target}")


@app.command()
def dataset(
    run: RunName,
    per_class: Annotated[int, typer.Option(help="Training images of each class; a sixth as many test images come on top.")] = 1_000,
    form: Annotated[str, typer.Option("--format", help="idx (MNIST's own four files), idx-gz, or png (with labels.csv).")] = "idx",
    seed: Annotated[int, typer.Option(help="Seed of the latents.")] = 0,
    to: Annotated[Path | None, typer.Option("--out", help="The zip to write.")] = None,
    score: Annotated[bool, typer.Option("--score", help="Let a classifier learn from it alone and test it on real digits.")] = False,
) -> None:
    """Make a labelled data set of a conditional run, as a zip; with --score, say what it teaches (GAN-train)."""
    from gan_core.digits import dataset as synthetic
    from gan_core.trained.model import load

    plan = synthetic.Plan.checked(per_class=per_class, form=form, seed=seed)
    trained = load(run)
    target = to or Path(f"{trained.run.id}-{per_class}-a-class-{form}.zip")
    with _bar("images") as say:
        synthetic.write(trained, plan, target, say)
    sizes = plan.sizes(trained.variant.classes)
    out.print(f"{sizes['train']:,} images to train on and {sizes['t10k']:,} to test on in {target} ({target.stat().st_size / 1e6:.1f} MB)")
    if score:
        with _bar("a classifier learns from them") as say:
            lesson = synthetic.teach(target, trained.config.data, say)
        out.print(f"GAN-train: {lesson.accuracy:.2%} of {lesson.tested_on} read right", highlight=False)


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar, as a function that is told how much of how much is done."""
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,}"), TimeRemainingColumn(), console=out
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


@app.command()
def bench(
    variant: VariantName,
    recipe: Annotated[str, typer.Option(help="published or stable.")] = "published",
    seconds: Annotated[float, typer.Option(help="How long each repetition trains.")] = 5.0,
    repeats: Annotated[int, typer.Option(help="Repetitions; the median counts.")] = 5,
    device: Annotated[str, typer.Option(help="cpu, cuda or mps.")] = "cpu",
    precision: Annotated[str, typer.Option(help="float32 or bfloat16.")] = "float32",
    threads: Annotated[int | None, typer.Option(help="torch threads; default: torch's own choice.")] = None,
) -> None:
    """Measure steps per second of real training (events and all, no files), median of several repetitions."""
    from statistics import median

    import torch

    if threads:
        torch.set_num_threads(threads)
    config = configure(variant, recipe, seconds=seconds, device=device, precision=precision)
    load = f", load before {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores" if hasattr(os, "getloadavg") else ""
    rates = []
    for _ in range(repeats):
        seen = [event for event in _training(config) if isinstance(event, events.Progress)]
        rates.append(seen[-1].step / seen[-1].seconds)
        out.print(f"{variant} {recipe}: {rates[-1]:.1f} steps/s over {seen[-1].step:,} steps")
    batch = config.settings.batch
    out.print(
        f"median {median(rates):.1f} steps/s (min {min(rates):.1f}, max {max(rates):.1f}; {repeats} x {seconds:g} s, batch {batch}, "
        f"{torch.get_num_threads()} threads, {device}, {precision}, torch {torch.__version__}{load})",
        highlight=False,
    )


@app.command()
def doctor() -> None:
    """Check device, data, shipped checkpoints and speed; say whether all works without a network."""
    if wrong := settings.complaints():
        raise AtelierError(" ".join(wrong))
    import torch

    from gan_core.trained.model import load

    table = Table("what", "answer", title="Doctor", title_justify="left")
    devices = ["cpu", *(["cuda"] if torch.cuda.is_available() else []), *(["mps"] if torch.backends.mps.is_available() else [])]
    table.add_row("torch", f"{torch.__version__}, {torch.get_num_threads()} threads")
    table.add_row("devices", ", ".join(devices))
    if "cuda" in devices:
        table.add_row("GPU", torch.cuda.get_device_name())
    table.add_row("app", f"{__version__}, in {settings.ROOT}")
    table.add_row("data folder", str(data.data_folder()))
    problems = []
    for entry in data.DATA_SETS.values():
        table.add_row(f"data: {entry.name}", "there" if entry.present else "not there")
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
    from gan_core.evaluation import protocol

    found = runs.find(run)
    with out.status("evaluating") as status:
        say = (lambda what: status.update(f"evaluating: {what}")) if out.is_terminal else print
        protocol.evaluate(found, say)
    out.print(found.card_path.read_text(encoding="utf-8"), highlight=False, markup=False)


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
def directions(
    run: Annotated[str | None, typer.Argument(help="A run id, a folder, or a variant (its shipped run).")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every shipped run.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Only print what is there.")] = False,
) -> None:
    """Find directions of the latent space that mean something, and how well each holds; kept in the run's folder."""
    from time import monotonic, process_time

    from gan_core.trained import directions as found

    for each in _chosen(run, all_):
        started, spent = monotonic(), process_time()
        if not show:
            with out.status(f"{each.id}: directions") as status:
                say = (lambda what: status.update(what)) if out.is_terminal else print
                found.write(each, say)
        out.print(found.table(each), highlight=False, markup=False)
        out.print(
            "" if show else f"{each.id}: {process_time() - spent:.0f} s of processor time, {monotonic() - started:.0f} s\n", highlight=False
        )


@app.command()
def invert(
    run: Annotated[str | None, typer.Argument(help="A run id, a folder, or a variant (its shipped run).")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every shipped run that draws images.")] = False,
    images: Annotated[int, typer.Option(help="How many test images.", min=1, max=10_000)] = 100,
) -> None:
    """How well a generator can be made to draw images it has never seen: median error of a pixel on test images, a row a run."""
    from time import process_time

    from gan_core.trained import inversion
    from gan_core.trained.model import load

    heading = f"median over {images} test images"
    print(f"| run | RMSE of a pixel, {heading} | of the nearest of {inversion.STARTS:,} samples | digit found | CPU s an image |")
    print("| --- | --- | --- | --- | --- |")
    for each in _chosen(run, all_):
        if all_ and each.config.about.kind != "images":
            continue
        model, started = load(each), process_time()
        found = inversion.medians(model, images)
        spent = (process_time() - started) / images
        digit = f"{found['digit']:.0%}" if "digit" in found else ""
        print(f"| `{each.id}` | {found['rmse']:.3f} | {found['nearest']:.3f} | {digit} | {spent:.2f} |", flush=True)


@app.command()
def export(
    run: RunName, onnx: Annotated[Path | None, typer.Option("--onnx", help="Write the generator into this ONNX file.")] = None
) -> None:
    """Write the generator of a run as an ONNX file, which other programs read."""
    from gan_core.export import onnx as onnx_file
    from gan_core.trained.model import load

    model = load(run)
    target = onnx or Path(f"{model.run.id}.onnx")
    try:
        atomic.write(target, onnx_file.encode(model))
    except OSError as error:
        raise AtelierError(f"{target} cannot be written: {error.strerror}.") from error
    out.print(f"the generator of {model.run.id} in {target}", highlight=False)


def _chosen(run: str | None, every: bool) -> list[runs.Run]:
    """The run asked for, or all shipped ones."""
    if every == (run is not None):
        raise AtelierError("Name one run, or ask for --all.")
    return runs.shipped() if run is None else [runs.find(run)]


@app.command()
def judge() -> None:
    """Train the judge anew on full MNIST and ship it with its floors; every evaluation before it is void."""
    from gan_core.evaluation import protocol

    facts = protocol.judge_anew(out.print)
    out.print(f"test accuracy {100 * facts['test_accuracy']:.2f} %, fid10k floor {facts['floors']['fid10k']:.3f}, sha256 {facts['sha256']}")


@app.command()
def download(name: Annotated[str, typer.Argument(help="mnist, fashion-mnist or kmnist.")]) -> None:
    """Fetch a data set into the data folder, with a progress bar."""
    data.download(name)
    out.print(f"{name} is in {data.data_folder()}")


@app.command()
def ship(run: RunName) -> None:
    """Put a finished run among the shipped checkpoints: weights, its records and grids thinned out, and directions of its latent space."""
    _ship(runs.find(run))


@app.command()
def build(
    variant: VariantName,
    recipe: Annotated[str, typer.Option(help="published or stable.")] = "stable",
    seed: Annotated[int, typer.Option(help="Seed of the training.")] = 0,
) -> None:
    """Train a variant at full length on its own data set (full MNIST for images) and ship the result."""
    config = configure(variant, recipe, data=variant_named(variant).data, seed=seed)
    _ready(config)
    run = runs.new(config)
    _work(run)
    _ship(run)


def _ship(run: runs.Run) -> None:
    from gan_core.evaluation import ship as shipping
    from gan_core.trained import directions

    shipped = shipping.ship(run)
    out.print(f"shipped as {shipped.folder.name}; now its directions, about a minute")
    directions.write(shipped)


def _ready(config: RunConfig) -> None:
    """Raises AtelierError while nothing is written yet, if device, data or a package are not there."""
    from gan_core.training.state import device_of

    board.check(config)
    device = device_of(config)
    data.load(config.data, device)


def _training(config: RunConfig) -> Iterator[events.Event]:
    from gan_core.training.loop import train as events_of

    return events_of(config)


def _work(run: runs.Run) -> None:
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


def main() -> None:
    """Runs the command line; what the user can mend is one sentence on stderr and exit code 2."""
    try:
        app()
    except AtelierError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
