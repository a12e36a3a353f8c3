"""Do the presets of `gan_core.health.demonstrations` fail, and do their cures not? Trains each pair and prints what health says of both.

    python -m benchmarks.breaks [--seeds 1] [name ...]

On the built-in digits or the variant's own curves; needs no download. Ends with a line a pair: "as stated" if the broken run came to its
kind of failure, in red, and the cure neither to it nor to red.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

from gan_core.gans.config import RunConfig
from gan_core.gans.variants import VARIANTS
from gan_core.health import reading
from gan_core.health.demonstrations import BREAKS, Break
from gan_core.health.rules import Health
from gan_core.jobs import malloc
from gan_core.runs import Status
from gan_core.training.events import Failed, Finished, Probe, Progress
from gan_core.training.loop import train


def trained(config: RunConfig) -> tuple[Health, float]:
    """What health says of the run at its end, and the processor time that training it took [s]."""
    records: list[dict[str, Any]] = []
    probes: list[dict[str, Any]] = []
    status = Status()
    began = time.process_time()
    for event in train(config):
        match event:
            case Progress():
                records += event.records
            case Probe():
                probes.append({"step": event.step, "seconds": event.seconds} | event.numbers | {"scores": event.scores})
            case Finished() | Failed():
                status = Status(state="failed" if isinstance(event, Failed) else "finished", step=event.step, message=event.message)
    return reading.read(config, records, probes, status), time.process_time() - began


def compare(each: Break, seed: int) -> str:
    """Trains the pair from a seed, printing what is said of both; gives the line that sums it up."""
    about = VARIANTS[each.variant]
    data = about.data if about.kind == "curves" else "digits-5k"
    said = {}
    for name, config in (("broken", each.broken(data, seed)), ("cure", each.cure(data, seed))):
        said[name], seconds = trained(config)
        print(f"\n{each.name}, {name}, seed {seed}, {config.steps:,} steps in {seconds:.0f} s")
        print("\n".join(reading.words(said[name])), flush=True)
    broken, cure = said["broken"], said["cure"]
    stated = (broken.level, broken.kind) == ("red", each.kind) and cure.level != "red" and cure.kind != each.kind
    return (
        f"{each.name}, seed {seed}: {broken.level} {broken.kind} / {cure.level} {cure.kind}: {'as stated' if stated else 'NOT AS STATED'}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", default=list(BREAKS), metavar="name")
    parser.add_argument("--seeds", type=int, default=1)
    arguments = parser.parse_args()
    malloc.keep_freed_memory()
    lines = [compare(BREAKS[name], seed) for name in arguments.names for seed in range(arguments.seeds)]
    print("\n" + "\n".join(lines))


if __name__ == "__main__":
    main()
