"""Commands that look after runs and data: list, pause, stop, delete, download."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from gan_core import data, jobs, runs
from gan_core.cli.terminal import RunName, out
from gan_core.gans.variants import VARIANTS

PATIENCE = 60.0  # seconds in which a training must answer


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


def pause(run: RunName) -> None:
    """Take a run out of the queue, or out of training with a checkpoint; `resume` or the app goes on with it."""
    found = runs.find(run)
    jobs.pause(found)
    say(runs.wait(found, PATIENCE), found)


def stop(run: RunName) -> None:
    """Stop a run that waits or trains elsewhere; it keeps a checkpoint."""
    found = runs.find(run)
    say(jobs.stop(found, PATIENCE), found)


def delete(run: RunName, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Remove a run that was trained here, for good."""
    found = runs.find(run)
    if yes or typer.confirm(f"Delete {found.title} ({found.folder}) for good?"):
        jobs.delete(found)
        out.print(f"{found.id} is deleted.", highlight=False)


def say(status: runs.Status, run: runs.Run) -> None:
    words = f"{status.message} " if status.message else ""
    out.print(f"{run.id}: {status.state}. {words}{status.step:,} steps.", highlight=False, markup=False)


def download(name: Annotated[str, typer.Argument(help="mnist, fashion-mnist or kmnist.")]) -> None:
    """Fetch a data set into the data folder, with a progress bar."""
    data.download(name)
    out.print(f"{name} is in {data.data_folder()}")
