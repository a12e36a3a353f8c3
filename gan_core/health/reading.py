"""How a run goes, read from its own numbers: a sentence, with evidence, the reason, and what to try."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gan_core.gans.config import RunConfig
from gan_core.health.rules import RULES, Health, learning
from gan_core.health.signs import Signs
from gan_core.runs import Status


def read(config: RunConfig, records: list[dict[str, Any]], probes: list[dict[str, Any]], status: Status) -> Health:
    """What the run's records (metrics.jsonl), probes (probes.jsonl) and status say about it."""
    signs = Signs(config, records, probes, status)
    for rule in RULES:
        if found := rule(signs):
            return found
    return learning(signs)


def words(health: Health) -> Iterable[str]:
    """A reading as lines of text: level, sentence and evidence, then what to try."""
    yield f"{health.level}, {health.kind}: {health.sentence}"
    yield from (f"  - {line}" for line in health.evidence)
    yield from (f"  try: {remedy.title}" for remedy in health.remedies)
