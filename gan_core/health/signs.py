"""What health's rules look at: a run's own numbers, each worked out once and in no words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean, median
from typing import Any, Literal

from gan_core.gans.config import RunConfig
from gan_core.health.thresholds import THRESHOLDS
from gan_core.runs import Status

Level = Literal["green", "amber", "red", "grey"]
AMPLITUDE = {"sine-fixed": 1.0, "sine-family": 0.5}  # of the true curves


@dataclass(frozen=True)
class Signs:
    """What the rules look at, worked out once."""

    config: RunConfig
    records: list[dict[str, Any]]
    probes: list[dict[str, Any]]
    status: Status

    @cached_property
    def step(self) -> int:
        """The last step that anything is known of."""
        return max((int(line["step"]) for line in (*self.records[-1:], *self.probes[-1:])), default=0)

    @cached_property
    def warmup_steps(self) -> int:
        """The step at which its warm-up ends."""
        return math.ceil(THRESHOLDS.warmup * self.config.settings.steps)

    @property
    def in_warmup(self) -> bool:
        """Is it too young to be judged?"""
        return self.step < self.warmup_steps

    @cached_property
    def recent(self) -> dict[str, float]:
        """Means over its last steps of all that the records hold."""
        window: list[dict[str, Any]] = []
        for record in reversed(self.records):
            if record["step"] <= (1 - THRESHOLDS.recent) * self.step and window:
                break
            window.append(record)
        names = {name for record in window for name in record}
        return {name: fmean(r[name] for r in window if name in r) for name in names}

    @property
    def probabilistic(self) -> bool:
        return self.config.settings.objective.probabilistic

    @cached_property
    def gap(self) -> float | None:
        """D(x) - D(G(z)), recently."""
        return self.recent["D(x)"] - self.recent["D(G(z))"] if {"D(x)", "D(G(z))"} <= self.recent.keys() else None

    @cached_property
    def peak(self) -> tuple[str, float, int]:
        """The greatest loss it ever had: whose, how great, and at which step."""
        losses = ((name, abs(r[name]), int(r["step"])) for r in self.records for name in ("D/loss", "G/loss") if name in r)
        return max(losses, key=lambda loss: loss[1], default=("", 0.0, 0))

    @cached_property
    def median_gap(self) -> float | None:
        """D(x) - D(G(z)): the median over the whole run."""
        gaps = [r["D(x)"] - r["D(G(z))"] for r in self.records if {"D(x)", "D(G(z))"} <= r.keys()]
        return median(gaps) if gaps else None

    @cached_property
    def sure(self) -> bool:
        """Does D part real from generated with hardly a doubt, recently?"""
        if self.probabilistic:
            return self.recent.get("D(x)", 0.0) > THRESHOLDS.sure_real and self.recent.get("D(G(z))", 1.0) < THRESHOLDS.sure_fake
        return self.recent.get("D/pairing", 1.0) < THRESHOLDS.sure_pair

    @property
    def now(self) -> dict[str, Any]:
        """The last probe; empty if there is none."""
        return self.probes[-1] if self.probes else {}

    @cached_property
    def then(self) -> dict[str, Any]:
        """The last probe at half the last one's steps or before; empty if there is none."""
        return next((probe for probe in reversed(self.probes) if probe["step"] <= self.now["step"] / 2), {})

    @cached_property
    def dead(self) -> float | None:
        """Share of G's samples without gradient: the median of the last three probes."""
        shares = [probe["dead_share"] for probe in self.probes[-3:] if "dead_share" in probe]
        return median(shares) if shares else None

    @property
    def bad(self) -> bool:
        """Are the samples known to be bad?"""
        distance = distance_of(self.config, self.now)
        return distance is not None and not distance <= 1  # not a number is bad, too

    @property
    def improving(self) -> bool | None:
        """Are the samples clearly better than at half the steps? None where that is not known."""
        now, then = distance_of(self.config, self.now), distance_of(self.config, self.then)
        return None if now is None or then is None else now <= THRESHOLDS.improving * then

    @property
    def severity(self) -> Level:
        """How bad a bad sign is: red if the samples are bad and do not get better."""
        return "red" if self.bad and not self.improving else "amber"

    @cached_property
    def best(self) -> dict[str, Any]:
        """The probe with the best samples since its warm-up; empty if there is none."""
        grown = [(distance_of(self.config, p), i) for i, p in enumerate(self.probes) if p["step"] >= self.warmup_steps]
        known = [(distance, i) for distance, i in grown if distance is not None]
        return self.probes[min(known)[1]] if known else {}


def distance_of(config: RunConfig, probe: dict[str, Any]) -> float | None:
    """How far the samples are from real ones, 1 where they begin to be bad; None where it is not known."""
    if "kid1k" in probe:
        misread = 1 - float(probe.get("class_accuracy", 1.0))
        return max(float(probe["kid1k"]) / THRESHOLDS.bad_kid, misread / (1 - THRESHOLDS.bad_accuracy), 0.0)
    if "sine_rmse" in probe:
        true = AMPLITUDE[config.data]
        return float((probe["sine_rmse"] + abs(probe["amplitude"] - true)) / true / THRESHOLDS.bad_curve)
    if "spread" in probe:
        return max(abs(math.log(max(float(probe[name]), 1e-6))) for name in ("ink", "spread")) / math.log(THRESHOLDS.bad_image)
    return None
