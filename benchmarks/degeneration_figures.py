"""Draws the figures of docs/degeneration.md from the measurements beside it, and prints its table.

python -m benchmarks.degeneration_figures
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from benchmarks import measurements
from benchmarks.degeneration import CHANGES, FOLDER, margin
from benchmarks.plots import decades, markdown, pyplot, save
from gan_core import runs

plt = pyplot()
STAGES = ((500, 1_000), (1_000, 2_000), (2_000, 4_000), (4_000, 6_000), (6_000, 8_000), (8_000, 10_000), (10_000, 12_000))
LATER = tuple((step, step + 2_000) for step in range(10_000, 20_000, 2_000))
FLOOR = 1e-3  # what a logarithmic axis shows of a kid1k that is 0 or below
TITLES = {"dcgan": "DCGAN", "ssgan": "SSGAN", "cgan": "CGAN"}
PUBLISHED_CHANNELS = 64
Panels = tuple[tuple[str, str, str], ...]  # quantity, what the axis says, its scale
CHANGED: Panels = (("fid", "fid10k / floor", "log"), ("margin", "D's margin [logits]", "linear"))
LONG: Panels = (*CHANGED, ("dead_share", "share of dead gradients", "linear"), ("ink", "ink / ink of real digits", "linear"))
SHADES = ["#8b6cc7", "#e0803a", "#3a8fb7", "#5b9b4b", "#c2528b", "#8a7a52", "#777777", "#1f6f5c", "#b03a3a"]  # as many as CHANGES


class Training(NamedTuple):
    """One measured training, or one measured part of it."""

    variant: str
    change: str
    channels: int
    seed: int
    "of the draws"
    lines: list[dict[str, float]]

    def of(self, name: str) -> np.ndarray:
        """A quantity at every measurement."""
        return np.array([line[name] for line in self.lines])


def read(folder: Path) -> list[Training]:
    """All measured trainings, by variant, change, width and seed."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        variant, rest = path.stem.split("-", 1)
        change, channels, seed = rest.rsplit("-", 2)
        found.append(Training(variant, change, int(channels), int(seed), measurements.read(path)))
    return sorted(found, key=_order)


def treated(folder: Path) -> list[Training]:
    """What went on from the end of a published training with one thing changed, by variant, change and seed; at full width."""
    found = []
    for path in sorted((folder / "late").glob("*.jsonl")):
        variant, rest = path.stem.split("-", 1)
        change, seed = rest.rsplit("-", 1)
        found.append(Training(variant, change, PUBLISHED_CHANNELS, int(seed), measurements.read(path)))
    return sorted(found, key=_order)


def _order(t: Training) -> tuple[int, int, int, int]:
    return list(TITLES).index(t.variant), list(CHANGES).index(t.change), -t.channels, t.seed


def draw(folder: Path) -> None:
    """Writes published.svg from the shipped runs, long, changes and late.svg from the measurements, and prints their Markdown tables."""
    trainings = [training for training in read(folder) if len(training.lines) > 1]
    save(_published(folder), folder / "published.svg")
    wide = [training for training in trainings if training.channels == PUBLISHED_CHANNELS]
    save(_lines([training for training in wide if training.change == "none"], LONG, 3.6, 2.4), folder / "long.svg")
    save(_lines(wide, CHANGED, 4.6, 3.4), folder / "changes.svg")
    if late := treated(folder):
        save(_late(late), folder / "late.svg")
    print("\n".join([*stages(folder), "", *table(trainings), "", *late_table(late)]))


def stages(folder: Path) -> list[str]:
    """A Markdown row for every stage of the shipped runs: medians over the stage's probes, kid1k and ink from least to greatest."""
    heads = "run", "steps", "kid1k", "coverage1k", "ink", "D's margin [logits]", "pull", "dead share (most)"
    rows = []
    for run in runs.shipped():
        if run.config.variant in TITLES:
            rows += _rows(run.id, [probe | {"margin": margin(probe)} for probe in run.probes], STAGES)
    for name, probes in longer(folder).items():
        rows += _rows(f"{name}, longer", probes, LATER)
    return markdown(heads, rows)


def longer(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The probes of trainings that went on past their recipe's steps, by <variant>-<recipe>-<seed>."""
    return {path.stem: measurements.read(path) for path in sorted((folder / "long").glob("*.jsonl"))}


def _rows(name: str, probes: list[dict[str, Any]], stages: tuple[tuple[int, int], ...]) -> list[list[str]]:
    rows = []
    for low, high in stages:
        seen = [probe for probe in probes if low < probe["step"] <= high]
        if not seen:
            continue
        kid, ink, dead = ([probe[of] for probe in seen] for of in ("kid1k", "ink", "dead_share"))
        cells = [name, f"{low:,} to {high:,}", f"{min(kid):.3f} to {max(kid):.3f}", f"{_median(seen, 'coverage1k'):.3f}"]
        cells += [f"{min(ink):.2f} to {max(ink):.2f}", f"{_median(seen, 'margin'):.1f}"]
        cells += [f"{_median(seen, 'pull'):.3f}", f"{np.median(dead):.0%} ({max(dead):.0%})"]
        rows.append(cells)
    return rows


def _median(probes: list[dict[str, Any]], name: str) -> float:
    return float(np.median([probe[name] for probe in probes]))


def table(trainings: list[Training]) -> list[str]:
    """A Markdown row for every training; the distances are fid10k over its floor.

    Medians over stretches of steps; "batch" is the distance of G with the batch's statistics over that of the G that is shown.
    """
    heads = (
        *("variant", "change", "channels", "seed", "steps", "best (at step)", "8,000 to 11,000", "12,000 on (worst)"),
        *("batch / shown", "margin at the end", "dead at the end"),
    )
    rows = []
    for t in trainings:
        fid, steps = t.of("fid"), t.of("step")
        best, middle, late = int(fid.argmin()), fid[(steps >= 8_000) & (steps <= 11_000)], fid[steps >= 12_000]
        cells = [
            t.variant,
            CHANGES[t.change],
            f"{t.channels}",
            f"{t.seed}",
            f"{int(steps[-1]):,}",
            f"{fid[best]:.1f} ({int(steps[best]):,})",
        ]
        cells += [f"{np.median(middle):.1f}" if len(middle) else "–", f"{np.median(late):.1f} ({late.max():.1f})" if len(late) else "–"]
        cells += [f"{np.median(t.of('fid_batch') / fid):.2f}", f"{t.of('margin')[-1]:.1f}", f"{t.of('dead_share')[-1]:.0%}"]
        rows.append(cells)
    return markdown(heads, rows)


def late_table(trainings: list[Training]) -> list[str]:
    """A Markdown row for every treatment: medians, and the worst distance, over its measurements after the first thousand steps."""
    heads = (
        "variant",
        "from then on",
        "seed",
        "steps",
        "fid10k / floor (worst)",
        "class accuracy",
        "D's margin [logits]",
        "dead share (most)",
    )
    rows = []
    for t in trainings:
        steps = t.of("step")
        begun = 2 * steps[0] - steps[1]  # the first measurement comes one interval after the change
        late = steps > begun + 1_000
        fid, dead = t.of("fid")[late], t.of("dead_share")[late]
        cells = [t.variant, CHANGES[t.change], f"{t.seed}", f"{int(steps[late][0]):,} to {int(steps[-1]):,}"]
        cells += [f"{np.median(fid):.1f} ({fid.max():.1f})", f"{np.median(t.of('class_accuracy')[late]):.1%}"]
        cells += [f"{np.median(t.of('margin')[late]):.1f}", f"{np.median(dead):.0%} ({dead.max():.0%})"]
        rows.append(cells)
    return markdown(heads, rows)


def _over_steps(axis: Axes, trainings: list[Training], name: str, by_change: bool) -> None:
    """A line for each training; a colour for each change, or else for each seed; a seed's own dashes."""
    labelled = set()
    for t in trainings:
        what = CHANGES[t.change] if by_change else f"seed {t.seed}"
        shade = SHADES[list(CHANGES).index(t.change) if by_change else t.seed]
        axis.plot(t.of("step"), t.of(name), color=shade, lw=1.3, ls=["-", "--", ":"][t.seed % 3], label=None if what in labelled else what)
        labelled.add(what)


def _late(trainings: list[Training]) -> Any:
    """Distance, margin and dead gradients over steps, a line each treatment and seed."""
    panels = [("fid", "fid10k / floor"), ("margin", "D's margin [logits]"), ("dead_share", "share of dead gradients")]
    figure, axes = plt.subplots(1, len(panels), figsize=(3.9 * len(panels), 3.6), squeeze=False)
    for axis, (name, label) in zip(axes[0], panels, strict=True):
        _over_steps(axis, trainings, name, by_change=True)
        axis.set_ylabel(label)
        axis.set_xlabel("step")
        axis.grid(alpha=0.25)
    axes[0][0].legend(fontsize=7, frameon=False)
    return figure


def _published(folder: Path) -> Any:
    """Rows: quality, coverage, dead gradients, ink; a column each variant; the shipped runs of both recipes, by their probes."""
    rows = [
        ("kid1k", "kid1k", "log"),
        ("coverage1k", "coverage1k", "linear"),
        ("dead_share", "share of dead gradients", "linear"),
        ("pull", "what is left of G's gradient", "linear"),
        ("ink", "ink / ink of real digits", "linear"),
    ]
    figure, axes = plt.subplots(len(rows), len(TITLES), figsize=(3.6 * len(TITLES), 9.5), sharex=True, squeeze=False)
    for run in runs.shipped():
        config = run.config
        if config.variant not in TITLES or not run.probes:
            continue
        column = list(TITLES).index(config.variant)
        for row, (name, label, scale) in enumerate(rows):
            axis: Axes = axes[row][column]
            steps, values = zip(*((probe["step"], probe[name]) for probe in run.probes), strict=True)
            shown = np.maximum(values, FLOOR) if scale == "log" else np.array(values)
            axis.plot(steps, shown, color=SHADES[config.recipe == "published"], lw=1.2, label=config.recipe)
            axis.set_yscale(scale)
            if name == "ink":
                axis.set_ylim(0.5, 1.6)  # not the first steps' grey noise
            axis.grid(alpha=0.25)
            if column == 0:
                axis.set_ylabel(label)
    for stem, probes in longer(folder).items():
        column, late = list(TITLES).index(stem.split("-")[0]), [probe for probe in probes if probe["step"] >= probes[-1]["step"] // 2]
        for row, (name, _, scale) in enumerate(rows):
            shown = np.maximum([probe[name] for probe in late], FLOOR if scale == "log" else -np.inf)
            axes[row][column].plot([probe["step"] for probe in late], shown, color=SHADES[1], lw=0.8, ls=":", label="published, longer")
    for column, title in enumerate(TITLES.values()):
        axes[0][column].set_title(title)
        axes[0][column].legend(fontsize=7, frameon=False)
        axes[-1][column].set_xlabel("step")
    return figure


def _lines(trainings: list[Training], panels: Panels, width: float, height: float) -> Any:
    """Quantities over steps: a row each, a column each variant, a line each training; each change has its colour, each seed its dashes."""
    variants = [variant for variant in TITLES if any(t.variant == variant for t in trainings)]
    size = (width * len(variants), height * len(panels))
    figure, axes = plt.subplots(len(panels), len(variants), figsize=size, sharex=True, squeeze=False)
    several = len({t.change for t in trainings}) > 1
    for column, variant in enumerate(variants):
        for row, (name, label, scale) in enumerate(panels):
            axis = axes[row][column]
            _over_steps(axis, [t for t in trainings if t.variant == variant], name, several)
            if scale == "log":
                decades(axis, (1, 2, 5))
            elif name == "dead_share":
                axis.set_ylim(-0.03, 1.03)
            axis.grid(alpha=0.25)
            if column == 0:
                axis.set_ylabel(label)
        axes[0][column].set_title(TITLES[variant])
        axes[0][column].legend(fontsize=7, frameon=False)
        axes[-1][column].set_xlabel("step")
    return figure


if __name__ == "__main__":
    draw(FOLDER)
