"""Commands that make something of a trained GAN: sample, dataset, export, ship, build, record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from gan_core import pictures, runs
from gan_core.cli.terminal import RunName, VariantName, bar, out
from gan_core.cli.train import check_ready, work
from gan_core.errors import AtelierError
from gan_core.gans.config import configure
from gan_core.gans.variants import variant_named
from gan_core.storage import atomic


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
    with bar("images") as say:
        synthetic.write(trained, plan, target, say)
    sizes = plan.sizes(trained.variant.classes)
    out.print(f"{sizes['train']:,} images to train on and {sizes['t10k']:,} to test on in {target} ({target.stat().st_size / 1e6:.1f} MB)")
    if score:
        with bar("a classifier learns from them") as say:
            lesson = synthetic.teach(target, trained.config.data, say)
        out.print(f"GAN-train: {lesson.accuracy:.2%} of {lesson.tests:,} real images of {lesson.tested_on} read right", highlight=False)


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


def ship(run: RunName) -> None:
    """Put a finished run among the shipped checkpoints: weights, its records and grids thinned out, and directions of its latent space."""
    _ship(runs.find(run))


def build(
    variant: VariantName,
    recipe: Annotated[str, typer.Option(help="published or stable.")] = "stable",
    seed: Annotated[int, typer.Option(help="Seed of the training.")] = 0,
) -> None:
    """Train a variant at full length on its own data set (full MNIST for images) and ship the result."""
    config = configure(variant, recipe, data=variant_named(variant).data, seed=seed)
    check_ready(config)
    run = runs.new(config)
    work(run)
    _ship(run)


def _ship(run: runs.Run) -> None:
    from gan_core.evaluation import ship as shipping
    from gan_core.trained import directions

    shipped = shipping.ship(run)
    out.print(f"shipped as {shipped.folder.name}; now its directions, about a minute")
    directions.write(shipped)


def record(
    names: Annotated[list[str] | None, typer.Argument(help="Presets of Break it; without any, all of them.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of both trainings.")] = 0,
) -> None:
    """Train presets of Break it and their cures, and keep both as the recordings that play while a visitor's own ones train."""
    import tempfile

    from gan_core.evaluation import ship as shipping
    from gan_core.health.demonstrations import BREAKS, ROLES
    from gan_core.jobs import recorder

    if unknown := [name for name in names or [] if name not in BREAKS]:
        raise AtelierError(f"There is no preset {unknown[0]!r}; choose one of {', '.join(BREAKS)}.")
    for each in (BREAKS[name] for name in names or BREAKS):
        for role, configure_ in zip(ROLES, (each.broken, each.cure), strict=True):
            with tempfile.TemporaryDirectory() as folder:
                run = runs.new(configure_(each.data, seed), parent=Path(folder), name=f"{each.name}-{role}")
                for _ in recorder.work(run):
                    pass
                kept = shipping.record(run, run.id)
            size = sum(path.stat().st_size for path in kept.folder.iterdir())
            out.print(f"{kept.id}: {kept.status.state}, {len(kept.samples)} grids, {size / 1e3:.0f} kB")
