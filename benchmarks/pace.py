"""How soon is a single step seen, and is a pace kept? A real process, asked through its folder as a page asks.

    python -m benchmarks.pace [--variants sine-mlp gan acgan] [--steps 20]

From the moment of asking until its record, its sample grid and the status are there, and the rate that each pace gives in five seconds.
The runs lie in a temporary folder.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from statistics import median

from gan_core import jobs, settings
from gan_core.gans.config import configure
from gan_core.runs import Run

PACES = (2.0, 10.0, 25.0, 100.0)
WATCHED = 5.0  # seconds


def main(variants: Iterable[str], steps: int) -> None:
    for variant in variants:
        run = jobs.submit(configure(variant, seconds=3600), pace=0)
        _until(lambda run=run: bool(run.samples))  # type: ignore[misc]
        print(f"{variant}: a single step is seen after, median and longest of {steps} [ms]")
        for turn in ("both", "D", "G"):
            waits = [_single(run, turn) for _ in range(steps)]
            print(f"  {turn:5} {1000 * median(waits):6.0f} {1000 * max(waits):6.0f}")
        for pace in PACES:
            jobs.set_pace(run, pace)
            time.sleep(1.0)
            step, began = run.status.step, time.monotonic()
            time.sleep(WATCHED)
            rate = (run.status.step - step) / (time.monotonic() - began)
            print(f"  asked for {pace:g} steps a second: {rate:.1f}, {run.status.seconds:.1f} s of training so far")
        jobs.stop(run, 60)


def _single(run: Run, turn: str) -> float:
    step, began = run.status.step + 1, time.monotonic()
    jobs.single(run, turn)  # type: ignore[arg-type]
    _until(lambda: run.status.step == step and run.samples[-1].step == step and run.records()[0][-1]["step"] == step)
    return time.monotonic() - began


def _until(there: Callable[[], bool]) -> None:
    while not there():
        time.sleep(0.005)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--variants", nargs="+", default=["sine-mlp", "gan", "acgan"])
    parser.add_argument("--steps", type=int, default=20)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ[settings.variable("runs")] = folder
        main(wanted.variants, wanted.steps)
