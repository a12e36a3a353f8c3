"""How a run goes, read from its own numbers: one state machine, which changes its mind only when two looks agree.

It goes through the run's looks in their order. Each gives a finding of its own (`rules.judge`); what is said changes its level only when
two in a row give the same, and leaves trouble only when three do. Young, learning, learned: a run never becomes young again, and has
learned until what is wrong with its samples is twice what it may be.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gan_core.gans.config import RunConfig
from gan_core.health import sentences
from gan_core.health.evidence import Chip, chips, evidence
from gan_core.health.remedies import Remedy
from gan_core.health.rules import GREEN, YOUNG, Finding, Kind, judge
from gan_core.health.sentences import State
from gan_core.health.signs import Level, Signs, Story
from gan_core.health.thresholds import THRESHOLDS
from gan_core.runs import OVER, Status

AGREE, RELIEF = 2, 3  # findings in a row for another level; for the end of trouble


@dataclass(frozen=True)
class Health:
    """How a run goes, in words, in the language of the reader."""

    level: Level
    "what to do: green nothing, amber watch, red stop; grey: it is too young for that"
    state: State
    kind: Kind
    sentence: str
    "one line, at most 90 letters"
    chips: tuple[Chip, ...]
    "up to three numbers to go with it"
    evidence: tuple[str, ...]
    "sentences, each with the step at which it was measured"
    why: str
    remedies: tuple[Remedy, ...]


def read(
    config: RunConfig, records: list[dict[str, Any]], probes: list[dict[str, Any]], looks: list[dict[str, Any]], status: Status
) -> Health:
    """What the run's records (metrics.jsonl), probes (probes.jsonl), looks (looks.jsonl) and status say about it."""
    story = Story(config, records, probes, looks)
    verdict = _Verdict()
    for signs in story.moments():
        verdict.hear(signs)
    verdict.end(status, story.now)
    finding, state, now = verdict.said, verdict.state, story.now
    if state == "trouble":
        sentence = sentences.trouble(finding, verdict.seen)
    else:
        sentence = sentences.young(now, status) if state == "young" else sentences.learning(now)
    seen = verdict.seen if state == "trouble" else now
    message = status.message if status.state == "failed" else ""
    return Health(
        finding.level,
        state,
        finding.kind,
        sentence,
        chips(now),
        evidence(finding, seen, message),
        sentences.why(finding, seen),
        sentences.to_try(finding, seen, status),
    )


class _Verdict:
    """What is said of a run, after so many of its looks."""

    def __init__(self) -> None:
        self.said: Finding = YOUNG
        self.seen: Signs
        "the signs by which it was found last"
        self._raw: list[Finding] = []
        self._close: list[float] = []
        self._learned = False

    @property
    def state(self) -> State:
        if self.said.kind in ("young", "learning"):
            return "young" if self.said == YOUNG else "learned" if self._learned else "learning"
        return "trouble"

    def hear(self, signs: Signs) -> None:
        """Goes on by one look."""
        raw = judge(signs, self.said != YOUNG)
        self._raw = [*self._raw[1 - RELIEF :], raw]
        needed = RELIEF if self.state == "trouble" and raw == GREEN else AGREE
        lately = self._raw[-needed:]
        agreed = len(lately) == needed and len({f.level for f in lately}) == 1
        if raw.level != self.said.level:
            if agreed:
                self.said = raw
        elif len(set(self._raw[-AGREE:])) == 1:
            self.said = raw
        if raw == self.said or not hasattr(self, "seen"):
            self.seen = signs
        fault = signs.fault
        self._close = [
            *self._close[-1:],
            math.inf if fault is None else fault / signs.scale.learned if signs.scale.learned > 0 else math.inf,
        ]
        if len(self._close) == AGREE:
            if max(self._close) <= 1:
                self._learned = True
            elif min(self._close) > THRESHOLDS.worse:
                self._learned = False

    def end(self, status: Status, now: Signs) -> None:
        """Takes into account that no look will follow, and why."""
        if not hasattr(self, "seen"):
            self.seen = now
        if status.state == "failed":
            self.said = Finding("red", "diverged" if "finite" in status.message else "failed")
            self.seen = now
        elif status.state in OVER and self.said == YOUNG and self._raw and self._raw[-1] == GREEN:
            self.said = GREEN  # no second look will come to agree


def words(health: Health) -> Iterable[str]:
    """A reading as lines of text: level, sentence and evidence, then what to try."""
    yield f"{health.level}, {health.kind}: {health.sentence}"
    yield from (f"  - {line}" for line in health.evidence)
    yield from (f"  try: {remedy.title}" for remedy in health.remedies)
