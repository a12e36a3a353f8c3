"""Does a stable recipe stay good when it goes on? Trains it three times as long as its recipe says, and shows how far it falls back.

    python -m benchmarks.stability run gan cgan --seeds 0 1 2 --precision bfloat16
    python -m benchmarks.stability draw

`run` measures fid10k over its floor at evenly spaced steps of full MNIST into docs/stability/<variant>-<seed>.jsonl; what is there
already, of the same recipe, is left as it is. `draw` redraws docs/stability.svg and prints the table of docs/stability.md: the best, the
last, and last over best (the aim: at most 1.2). Rates that fall do so until the recipe's end and stay there, as when a run is extended.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import measurements
from benchmarks.degeneration import distance
from benchmarks.plots import decades, markdown, pyplot, save
from gan_core import configure
from gan_core.evaluation import protocol
from gan_core.gans.config import RunConfig
from gan_core.gans.variants import VARIANTS
from gan_core.jobs import malloc
from gan_core.training.state import State
from gan_core.training.step import train_step

FOLDER = Path(__file__).parent.parent / "docs" / "stability"
IMAGES = [name for name, variant in VARIANTS.items() if variant.kind == "images"]
TIMES = 3
POINTS = 12  # measurements of a training
COLUMNS = 3  # panels in a row of the figure


class Training(NamedTuple):
    """One measured training."""

    variant: str
    seed: int
    precision: str
    device: str
    settings: dict[str, Any]
    "the recipe it was trained by, as in config.json"
    distances: dict[int, float]
    "step -> fid10k over its floor"

    @property
    def best(self) -> int:
        """The step of the least distance."""
        return min(self.distances, key=self.distances.__getitem__)

    @property
    def last(self) -> int:
        return max(self.distances)

    @property
    def falls(self) -> float:
        """The last distance over the best."""
        return self.distances[self.last] / self.distances[self.best]

    @property
    def current(self) -> bool:
        """Whether the variant's recipe is still the one that was trained."""
        return self.settings == recipe(self.variant)


def recipe(variant: str) -> dict[str, Any]:
    """A variant's stable recipe as it is written in a run's config.json."""
    return VARIANTS[variant].recipes["stable"].model_dump(mode="json")


def read(folder: Path) -> list[Training]:
    """All finished trainings, in the order of the variants and seeds."""
    found = []
    for path in folder.glob("*.jsonl"):
        head, *lines = measurements.read(path)
        if lines and lines[-1]["step"] == head["steps"]:
            found.append(
                Training(
                    **{name: head[name] for name in ("variant", "seed", "precision", "device", "settings")},
                    distances={line["step"]: line["fid"] for line in lines},
                )
            )
    return sorted(found, key=lambda training: (IMAGES.index(training.variant), training.seed))


def measure(config: RunConfig, real: protocol.Real, points: int, folder: Path) -> None:
    """Trains, and writes the distance at each of so many evenly spaced steps."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{config.variant}-{config.seed}.jsonl"
    path.unlink(missing_ok=True)
    measurements.add(path, config.model_dump(mode="json", include={"variant", "seed", "precision", "device", "steps", "settings"}))
    state = State.fresh(config)
    for point in range(1, points + 1):
        while state.step < config.steps * point // points:
            train_step(state)
        line = {"step": state.step, "fid": float(f"{distance(state, real, batch_norm=False)['fid']:.4g}")}
        print(f"{path.stem}  step {state.step:,}  {line['fid']:.1f} x floor", flush=True)
        measurements.add(path, line)


def table(trainings: list[Training]) -> list[str]:
    """A Markdown row for every training."""
    heads = "variant", "seed", "steps", "trained in", "best (at step)", "last", "last / best", "recipe"
    return markdown(
        heads,
        [
            (
                f"`{t.variant}`",
                f"{t.seed}",
                f"{t.last:,}",
                t.precision + (" on a GPU" if t.device == "cuda" else ""),
                f"{t.distances[t.best]:.1f} ({t.best:,})",
                f"{t.distances[t.last]:.1f}",
                f"{t.falls:.2f}",
                "as now" if t.current else "an earlier one",
            )
            for t in trainings
        ],
    )


def draw(trainings: list[Training], path: Path) -> None:
    """A panel for every variant, a line for every seed; dashed: where the recipe ends."""
    variants = [name for name in IMAGES if any(t.variant == name for t in trainings)]
    rows = math.ceil(len(variants) / COLUMNS)
    figure, panels = pyplot().subplots(rows, COLUMNS, figsize=(9, 2.2 * rows), squeeze=False)
    for panel, name in zip(panels.flat, variants, strict=False):
        for t in trainings:
            if t.variant == name:
                panel.plot(list(t.distances), list(t.distances.values()), marker=".", label=f"seed {t.seed}")
        panel.axvline(VARIANTS[name].recipes["stable"].steps, color="#999999", linestyle="--", linewidth=1)
        panel.set_title(VARIANTS[name].title, loc="left")
        decades(panel, (1, 1.5, 2, 3, 5, 7))
        panel.set_xlim(0, 1.1 * TIMES * VARIANTS[name].recipes["stable"].steps)
        panel.locator_params(axis="x", nbins=4)
        panel.xaxis.set_major_formatter(lambda step, _: f"{step:,.0f}")
    for panel in panels.flat[len(variants) :]:
        panel.set_axis_off()
    panels[0][0].legend(frameon=False)
    figure.supxlabel("step")
    figure.supylabel("fid10k over its floor")
    save(figure, path)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("draw")
    run = actions.add_parser("run")
    run.add_argument("variants", nargs="*", default=IMAGES, choices=IMAGES, metavar="variant")
    run.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    run.add_argument("--points", type=int, default=POINTS)
    run.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    run.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    arguments = parser.parse_args()
    if arguments.action == "draw":
        trainings = read(FOLDER)
        draw(trainings, FOLDER.with_suffix(".svg"))
        print("\n".join(table(trainings)))
        return
    malloc.keep_freed_memory()
    real = protocol.real_digits()
    for name in arguments.variants:
        for seed in arguments.seeds:
            if any((t.variant, t.seed, t.current) == (name, seed, True) for t in read(FOLDER)):
                continue
            steps = TIMES * VARIANTS[name].recipes["stable"].steps
            config = configure(name, "stable", data="mnist", seed=seed, steps=steps, precision=arguments.precision, device=arguments.device)
            measure(config, real, arguments.points, FOLDER)


if __name__ == "__main__":
    main()
