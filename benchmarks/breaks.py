"""Do the presets of `gan_core.health.demonstrations` fail as they say, and do their cures not? Trains each pair, from several seeds.

    python -m benchmarks.breaks [--seeds 5] [--runs FOLDER] [--rows] [name ...]

On the built-in digits or the variant's own curves; needs no download. Each training is a run folder, made by the same recorder as in the
app; with --runs they are kept, and what is there already is not trained again: new thresholds are judged by the same runs in seconds.

Health is asked as a page would ask it: after every probe and every look, with what was known then. "As stated" is a pair if

- the broken run is red before two thirds of its steps, is not called well again from there on, and ends in red, by its own kind of failure;
- the cure was never red.

Prints a line a pair, then the medians of both sides over the seeds. --rows prints in addition what was said when.
"""

from __future__ import annotations

import argparse
import math
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from typing import Any

from benchmarks.plots import markdown
from gan_core import runs
from gan_core.gans.config import RunConfig
from gan_core.health import reading
from gan_core.health.demonstrations import BREAKS, Break
from gan_core.health.reading import Health
from gan_core.health.signs import AMPLITUDE
from gan_core.jobs import recorder
from gan_core.runs import Run, Status

LATEST = 2 / 3  # of its steps: by then the broken run must be red
SAMPLES = ("kid1k", "digits_covered", "class_accuracy", "spread", "sine_rmse", "amplitude", "phase_concentration")
GAME = ("D(x)", "D(G(z))", "G/gradient", "D/loss")


def trained(config: RunConfig, folder: Path, name: str) -> tuple[Run, float]:
    """The run of this configuration in that folder, trained now if it is not there; and the processor time this took [s], else NaN."""
    run = Run(folder / name)
    if run.config_path.is_file():
        if run.config == config and run.status.state in ("finished", "failed"):
            return run, math.nan
        raise SystemExit(f"{run.folder} is another training, or was broken off: remove it first.")
    run = runs.new(config, parent=folder, name=name)
    began = time.process_time()
    for _ in recorder.work(run):
        pass
    return run, time.process_time() - began


def said(run: Run) -> Iterator[tuple[int, Health]]:
    """What health said after each probe and look, by step; the last is its word on the run as it ended."""
    config, records, probes, looks = run.config, run.records()[0], run.probes, run.looks
    for step in sorted({line["step"] for line in (*probes, *looks)}):
        known, seen, looked = ([line for line in lines if line["step"] <= step] for lines in (records, probes, looks))
        yield step, reading.read(config, known, seen, looked, Status(state="running", step=step))
    yield run.status.step, reading.read(config, records, probes, looks, run.status)


@dataclass(frozen=True)
class Side:
    """One run of a pair, and what became of it."""

    run: Run
    verdicts: list[tuple[int, Health]]
    processor: float
    "time that training it took [s]; NaN if it was there before"

    @property
    def end(self) -> Health:
        """What is said of it at its end."""
        return self.verdicts[-1][1]

    @property
    def red_from(self) -> float:
        """The share of its steps after which it was red and never called well again (green, or too young); infinite if it never was."""
        well = [i for i, (_, health) in enumerate(self.verdicts) if health.level in ("green", "grey")]
        after = self.verdicts[well[-1] + 1 if well else 0 :]
        return next((step / self.run.config.steps for step, health in after if health.level == "red"), math.inf)

    @property
    def levels(self) -> list[str]:
        """The levels it went through."""
        levels = [health.level for _, health in self.verdicts]
        return [level for i, level in enumerate(levels) if i == 0 or level != levels[i - 1]]

    @property
    def numbers(self) -> dict[str, float]:
        """What its last probe saw, and the game over the last tenth of its steps. "off": by how much of the amplitude a curve errs."""
        probes, records = self.run.probes, self.run.records()[0]
        window = [r for r in records if r["step"] > 0.9 * records[-1]["step"]] if records else []
        game = {name: fmean(values) for name in GAME if (values := [r[name] for r in window if name in r])}
        found = {name: probes[-1][name] for name in SAMPLES if probes and name in probes[-1]}
        if "sine_rmse" in found:
            true = AMPLITUDE[self.run.config.data]
            found["off"] = (found["sine_rmse"] + abs(found["amplitude"] - true)) / true
        return found | game

    @property
    def seconds(self) -> float:
        """Its training time [s]."""
        return self.run.status.seconds


def pair(each: Break, seed: int, folder: Path) -> list[Side]:
    """The broken run and its cure from a seed, trained in that folder unless they are there."""
    sides = []
    for role, config in (("broken", each.broken(each.data, seed)), ("cure", each.cure(each.data, seed))):
        run, processor = trained(config, folder, f"{each.name}-{seed}-{role}")
        sides.append(Side(run, list(said(run)), processor))
    return sides


def faults(each: Break, broken: Side, cure: Side) -> list[str]:
    """Why the pair is not as stated, in words; empty if it is."""
    found = []
    if broken.end.level != "red" or broken.end.kind not in each.kinds:
        found.append(f"the broken run ends {broken.end.level} {broken.end.kind}, not red {' or '.join(each.kinds)}")
    if broken.red_from > LATEST:
        found.append(f"it is red from {broken.red_from:.0%} of its steps on")
    if "red" in cure.levels:
        found.append(f"the cure was red: {next(health.kind for _, health in cure.verdicts if health.level == 'red')}")
    return found


def _row(name: str, sides: list[Side]) -> tuple[str, ...]:
    """A row of the table: medians over the seeds."""
    numbers: dict[str, Any] = {}
    for side in sides:
        for what, value in side.numbers.items():
            numbers.setdefault(what, []).append(value)
    words = ", ".join(f"{what} {median(values):.3g}" for what, values in numbers.items())
    return (
        name,
        f"{median(side.red_from for side in sides):.0%}".replace("inf%", "-"),
        words,
        f"{median(s.processor for s in sides):.0f}".replace("nan", "-"),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", default=list(BREAKS), metavar="name", help=f"of {', '.join(BREAKS)}")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--runs", type=Path, help="keep the runs in this folder, and do not train again what is there")
    parser.add_argument("--rows", action="store_true", help="say in addition what health said when")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BREAKS):
        parser.error(f"there is no preset {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.runs or Path(temporary)
        lines, rows = [], []
        for name in arguments.names:
            each, pairs = BREAKS[name], []
            for seed in range(arguments.seeds):
                sides = pair(each, seed, folder)
                pairs.append(sides)
                for side in sides if arguments.rows else []:
                    print(f"\n{side.run.id}, {side.run.status.state} after {side.run.status.step:,} steps, {side.seconds:.0f} s")
                    print("\n".join(f"  {step:,}: {' '.join(reading.words(health))}" for step, health in side.verdicts))
                wrong = faults(each, *sides)
                lines.append(f"{name}, seed {seed}: {'; '.join(wrong) if wrong else 'as stated'}")
                print(lines[-1], flush=True)
            rows += [_row(f"`{name}` {role}", [pair[i] for pair in pairs]) for i, role in enumerate(("broken", "cure"))]
    print("\n" + "\n".join(markdown(("run", "red from", "at its end, medians over the seeds", "processor, s"), rows)))
    stated = sum(line.endswith("as stated") for line in lines)
    print(f"\n{stated} of {len(lines)} pairs as stated")


if __name__ == "__main__":
    main()
