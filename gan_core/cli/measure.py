"""Commands that measure: bench, doctor, evaluate, look, table, directions, invert, judge."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.table import Table

from gan_core import __version__, data, runs, settings
from gan_core.cli.terminal import RunName, VariantName, chosen, out
from gan_core.errors import AtelierError
from gan_core.evaluation import table as evaluation_table
from gan_core.gans.config import RunConfig, configure
from gan_core.training import events


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
        seen = [event for event in training_events(config) if isinstance(event, events.Progress)]
        rates.append(seen[-1].step / seen[-1].seconds)
        out.print(f"{variant} {recipe}: {rates[-1]:.1f} steps/s over {seen[-1].step:,} steps")
    batch = config.settings.batch
    out.print(
        f"median {median(rates):.1f} steps/s (min {min(rates):.1f}, max {max(rates):.1f}; {repeats} x {seconds:g} s, batch {batch}, "
        f"{torch.get_num_threads()} threads, {device}, {precision}, torch {torch.__version__}{load})",
        highlight=False,
    )


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
        progress = [e for e in training_events(configure("gan", "stable", seconds=2, device=device)) if isinstance(e, events.Progress)]
        table.add_row(f"speed on {device}", f"{progress[-1].step / progress[-1].seconds:.0f} steps/s (gan, stable)")
    table.add_row("works offline", "no" if problems else "yes: data, checkpoints and training need no network")
    out.print(table)
    if problems:
        raise AtelierError(" ".join(problems))


def evaluate(run: RunName) -> None:
    """Measure a run against real data (full MNIST for digits) and write evaluation.json and card.md into its folder."""
    from gan_core.evaluation import protocol

    found = runs.find(run)
    with out.status("evaluating") as status:
        say = (lambda what: status.update(f"evaluating: {what}")) if out.is_terminal else print
        protocol.evaluate(found, say)
    out.print(found.card_path.read_text(encoding="utf-8"), highlight=False, markup=False)


def look(
    run: Annotated[str | None, typer.Argument(help="A run id, a folder, or a variant (its shipped run).")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every shipped run.")] = False,
    anew: Annotated[bool, typer.Option("--anew", help="Even where there are looks.")] = False,
) -> None:
    """Look at the sample grids of a run that has no looks, as trainings do by themselves, and keep the looks in its folder."""
    from gan_core.evaluation import looking

    for each in chosen(run, all_):
        if each.looks and not anew:
            out.print(f"{each.id}: there are looks already; --anew replaces them.", highlight=False)
            continue
        looking.write(each)
        last = each.looks[-1]
        words = ", ".join(f"{name} {last[name]:g}" for name in last if name not in ("step", "seconds", "scores"))
        out.print(f"{each.id}: {len(each.looks)} looks; step {last['step']:,}: {words}", highlight=False)


def table() -> None:
    """The table of the shipped runs and what they are worth, as Markdown; the README holds it."""
    print(evaluation_table.markdown())


def directions(
    run: Annotated[str | None, typer.Argument(help="A run id, a folder, or a variant (its shipped run).")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every shipped run.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Only print what is there.")] = False,
) -> None:
    """Find directions of the latent space that mean something, and how well each holds; kept in the run's folder."""
    from time import monotonic, process_time

    from gan_core.trained import directions as found

    for each in chosen(run, all_):
        started, spent = monotonic(), process_time()
        if not show:
            with out.status(f"{each.id}: directions") as status:
                say = (lambda what: status.update(what)) if out.is_terminal else print
                found.write(each, say)
        out.print(found.table(each), highlight=False, markup=False)
        out.print(
            "" if show else f"{each.id}: {process_time() - spent:.0f} s of processor time, {monotonic() - started:.0f} s\n", highlight=False
        )


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
    for each in chosen(run, all_):
        if all_ and each.config.about.kind != "images":
            continue
        model, started = load(each), process_time()
        found = inversion.medians(model, images)
        spent = (process_time() - started) / images
        digit = f"{found['digit']:.0%}" if "digit" in found else ""
        print(f"| `{each.id}` | {found['rmse']:.3f} | {found['nearest']:.3f} | {digit} | {spent:.2f} |", flush=True)


def judge() -> None:
    """Train the judge anew on full MNIST and ship it with its floors; every evaluation before it is void."""
    from gan_core.evaluation import protocol

    facts = protocol.judge_anew(out.print)
    out.print(f"test accuracy {100 * facts['test_accuracy']:.2f} %, fid10k floor {facts['floors']['fid10k']:.3f}, sha256 {facts['sha256']}")


def training_events(config: RunConfig) -> Iterator[events.Event]:
    from gan_core.training.loop import train as events_of

    return events_of(config)
