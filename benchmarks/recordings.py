"""Recordings of trainings, numbers only, on which health is tested: stable recipes for as long as people train, and Break it's presets.

    python -m benchmarks.recordings [--seconds 10 20 60] [--seeds 3] [--breaks] [--to FILE] [variant or preset ..]

On the built-in digits or the variant's own curves, one thread; needs no download. Seconds are of processor time, so that other work on
the machine changes nothing. What is in the file already is not trained again, so that a run can be broken off; remove the file to
record all anew. A line is a run: its config, how it ended, its records (neighbours averaged to at most RECORDS), its probes (scores
as SCORES quantiles each) and its looks (without scores: health says them and judges by none). Health reads what `open_all` gives as it
would read the run's own files. Files of recordings joined by `cat` are one.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from gan_core.gans.config import RunConfig, configure, opened
from gan_core.gans.variants import VARIANTS
from gan_core.runs import Status
from gan_core.storage import atomic

FILE = Path(__file__).resolve().parents[1] / "tests" / "health" / "recordings.jsonl.gz"
RECORDS = 120  # of a run, at most
SCORES, TIMES = 32, 8  # quantiles kept of the scores of a probe, and how often each counts when it is read: 256 again
KEPT = ("step", "seconds", "D/loss", "G/loss", "D(x)", "D(G(z))", "G/gradient", "D/pairing")  # of a record
Lines = list[dict[str, Any]]


class Recording(NamedTuple):
    """A training that was, as health needs it."""

    name: str
    "variant or preset, with seconds or role, and seed"
    role: str
    "healthy, broken or cure"
    config: RunConfig
    status: Status
    records: Lines
    probes: Lines
    looks: Lines

    def until(self, step: int) -> tuple[Lines, Lines, Lines]:
        """Its records, probes and looks up to that step."""
        records, probes, looks = ([line for line in lines if line["step"] <= step] for lines in (self.records, self.probes, self.looks))
        return records, probes, looks

    @property
    def steps(self) -> list[int]:
        """The steps of its looks and probes."""
        return sorted({line["step"] for line in (*self.looks, *self.probes)})


@contextmanager
def by_processor_time() -> Iterator[None]:
    """Trainings in this block, on one thread, reckon in processor time."""
    from gan_core.training import clock

    usual = clock.time
    clock.time = SimpleNamespace(perf_counter=time.process_time)  # type: ignore[assignment]
    try:
        yield
    finally:
        clock.time = usual


def trained(config: RunConfig, name: str = "", role: str = "") -> Recording:
    """Trains in this process and keeps the numbers, whole."""
    from gan_core.training.events import Failed, Finished, Look, Probe, Progress
    from gan_core.training.loop import train

    records, probes, looks = [], [], []
    status = Status()
    for event in train(config):
        match event:
            case Progress():
                records += event.records
            case Probe():
                probes.append({"step": event.step, "seconds": event.seconds} | event.numbers | {"scores": event.scores})
            case Look():
                looks.append({"step": event.step, "seconds": event.seconds} | event.numbers | {"scores": event.scores})
            case Finished() | Failed():
                state = "failed" if isinstance(event, Failed) else "finished"
                status = Status(state=state, step=event.step, message=event.message)
    return Recording(name, role, config, status, records, probes, looks)


def packed(recording: Recording) -> str:
    """The line of a recording."""
    records = _thinned(recording.records)
    columns = {name: [_short(r.get(name)) for r in records] for name in KEPT if any(name in r for r in records)}
    probes = [
        {name: _short(value) for name, value in probe.items() if name != "scores"}
        | {"scores": {name: _quantiles(values) for name, values in probe["scores"].items()}}
        for probe in recording.probes
    ]
    looks = [{name: _short(value) for name, value in look.items() if name != "scores"} for look in recording.looks]
    return json.dumps(
        {
            "name": recording.name,
            "role": recording.role,
            "config": recording.config.model_dump(mode="json", by_alias=True),
            "status": recording.status.model_dump(include={"state", "step", "message"}),
            "records": columns,
            "probes": probes,
            "looks": looks,
        },
        separators=(",", ":"),
        allow_nan=False,
    )


def _thinned(records: Lines) -> Lines:
    """Neighbours averaged until there are few enough."""
    while len(records) > RECORDS:
        pairs = [records[i : i + 2] for i in range(0, len(records), 2)]
        records = [
            {name: sum(r[name] for r in pair) / len(pair) for name in KEPT if all(name in r for r in pair)} | {"step": pair[-1]["step"]}
            for pair in pairs
        ]
    return records


def _short(value: float | None) -> float | int | None:
    """Four digits; None for what is no finite number."""
    return None if value is None or not math.isfinite(value) else value if isinstance(value, int) else float(f"{value:.4g}")


def _quantiles(values: list[float]) -> list[float | int | None]:
    ordered = sorted(values)
    return [_short(ordered[int((i + 0.5) * len(ordered) / SCORES)]) for i in range(SCORES)] if ordered else []


def open_all(path: Path = FILE) -> Iterator[Recording]:
    """The recordings of a file; none if there is no file."""
    if not path.is_file():
        return
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            content = json.loads(line)
            columns = content["records"]
            records = [
                {name: math.nan if value is None else value for name, value in zip(columns, row, strict=True)}
                for row in zip(*columns.values(), strict=True)
            ]
            for probe in content["probes"]:
                probe["scores"] = {name: [v for v in values for _ in range(TIMES)] for name, values in probe["scores"].items()}
            yield Recording(
                content["name"],
                content["role"],
                opened(json.dumps(content["config"])),
                Status(**content["status"]),
                records,
                content["probes"],
                content["looks"],
            )


def wanted(seconds: list[float], seeds: int, breaks: bool, names: list[str]) -> Iterator[tuple[str, str, RunConfig]]:
    """(name, role, config) of what is to be recorded, the short ones first."""
    from gan_core.health.demonstrations import BREAKS

    for seed in range(seeds):
        for each in BREAKS.values() if breaks else ():
            if not names or each.name in names:
                yield f"{each.name} broken {seed}", "broken", each.broken(each.data, seed)
                yield f"{each.name} cure {seed}", "cure", each.cure(each.data, seed)
    for budget in seconds:
        for seed in range(seeds):
            for variant in VARIANTS:
                if not names or variant in names:
                    yield f"{variant} {budget:g} s {seed}", "healthy", configure(variant, seconds=budget, seed=seed)


def _forget(path: Path, name: str) -> None:
    """Takes a recording out of a file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = [line for line in file if json.loads(line)["name"] != name]
    atomic.write(path, b"".join(gzip.compress(line.encode()) for line in lines))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="name")
    parser.add_argument("--seconds", type=float, nargs="*", default=[10, 20, 30, 60])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--breaks", action="store_true", help="Break it's presets and their cures, too")
    parser.add_argument("--to", type=Path, default=FILE)
    arguments = parser.parse_args()
    import torch

    from gan_core.jobs import malloc

    torch.set_num_threads(1)
    malloc.keep_freed_memory()
    there = {recording.name: recording.config for recording in open_all(arguments.to)}
    for name, role, config in wanted(arguments.seconds, arguments.seeds, arguments.breaks, arguments.names):
        if name in there and there[name] != config:
            _forget(arguments.to, name)  # what it was recorded from is another training today
        if there.get(name) != config:
            with by_processor_time():
                recording = trained(config, name, role)
            with gzip.open(arguments.to, "at", encoding="utf-8") as file:  # a member of its own: what is there stays as it is
                file.write(packed(recording) + "\n")
            print(f"{name}: {recording.status.state} after {recording.status.step:,} steps, {len(recording.looks)} looks", flush=True)


if __name__ == "__main__":
    main()
