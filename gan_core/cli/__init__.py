"""The command line: python -m gan_core list, train, resume, extend, pause, stop, delete, sample, bench, doctor ..; --help names all."""

from __future__ import annotations

import sys

import typer

from gan_core.cli import make, manage, measure, train
from gan_core.errors import AtelierError

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help="GANs, trained and asked.")
app.command("list")(manage.list_)
for command in (
    *(train.train, train.resume, train.extend),
    *(manage.pause, manage.stop, manage.delete),
    *(make.sample, make.dataset),
    *(measure.bench, measure.doctor, measure.evaluate, measure.look, measure.table, measure.directions, measure.invert),
    make.export,
    measure.judge,
    manage.download,
    *(make.ship, make.build, make.record),
):
    app.command()(command)


def main() -> None:
    """Runs the command line; what the user can mend is one sentence on stderr and exit code 2."""
    try:
        app()
    except AtelierError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
