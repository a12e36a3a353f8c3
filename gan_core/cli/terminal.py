"""What the commands share: where they print, how runs and variants are named, progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from gan_core import runs
from gan_core.errors import AtelierError
from gan_core.gans.variants import VARIANTS

out = Console(soft_wrap=True)

VariantName = Annotated[str, typer.Argument(help=f"One of {', '.join(VARIANTS)}.")]
RunName = Annotated[str, typer.Argument(help="A run id, a folder, or a variant (its shipped run).")]


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar, as a function that is told how much of how much is done."""
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,}"), TimeRemainingColumn(), console=out
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def chosen(run: str | None, every: bool) -> list[runs.Run]:
    """The run asked for, or all shipped ones."""
    if every == (run is not None):
        raise AtelierError("Name one run, or ask for --all.")
    return runs.shipped() if run is None else [runs.find(run)]
