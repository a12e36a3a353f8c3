"""Is the estimate for those who wait true? Fills a queue, and prints for each run what was said at first, what was said once it was the
next, and when it began.

    python -m benchmarks.waiting [--runs 6] [--seconds 10] [--places 2] [--variant acgan]

The runs lie in a temporary folder. What starting and ending a process takes besides the training is printed as well: it is what
`jobs.places.OVERHEAD` and `ASIDE` stand for.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time

from gan_core import jobs, runs, settings
from gan_core.gans.config import configure


def main(count: int, seconds: float, places: int, variant: str) -> None:
    os.environ[settings.variable("max_runs")] = str(places)
    asked = time.monotonic()
    queue = [jobs.submit(configure(variant, seconds=seconds, seed=i)) for i in range(count)]
    said = [jobs.estimate(run) for run in queue]
    said_next: dict[int, float] = {}
    began: dict[int, float] = {}
    ended: dict[int, float] = {}
    while len(ended) < count:
        now = time.monotonic() - asked
        for i, run in enumerate(queue):
            state = run.status.state
            if i not in said_next and jobs.position(run) == 1 and (left := jobs.estimate(run)) is not None:
                said_next[i] = now + left
            if state != "queued":
                began.setdefault(i, now)
            if state in runs.ENDED:
                ended.setdefault(i, now)
        time.sleep(0.1)
    print("run  said [s]  said as the next [s]  began [s]  took [s]  of it trained [s]")
    for i, run in enumerate(queue):
        words = "at once" if said[i] is None else f"{said[i]:.1f}"
        later = f"{said_next[i]:.1f}" if i in said_next else ""
        print(f"{i + 1:3}  {words:>8}  {later:>20}  {began[i]:9.1f}  {ended[i] - began[i]:8.1f}  {run.status.seconds:12.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--places", type=int, default=2)
    parser.add_argument("--variant", default="acgan")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ[settings.variable("runs")] = folder
        main(wanted.runs, wanted.seconds, wanted.places, wanted.variant)
