"""What health's rules look at: a run's own numbers, each worked out once and in no words.

A `Story` holds a run's records, probes and looks. Its `Signs` are what was known of it at one of its looks, and nothing of later ones.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from statistics import fmean, median
from typing import Any, Literal

import numpy as np

from gan_core.gans.config import RunConfig
from gan_core.health.thresholds import CURVE, ILLEGIBLE, IMAGE, KID, THRESHOLDS, Scale

Level = Literal["green", "amber", "red", "grey"]
Line = dict[str, Any]
AMPLITUDE = {"sine-fixed": 1.0, "sine-family": 0.5}  # of the true curves
MOST = 9  # looks of which a median is taken
_GAME = ("D/loss", "G/loss", "D(x)", "D(G(z))", "G/gradient", "D/pairing")


class Story:
    """Everything a run has written of itself, with the sums from which what was known at any step is read off at once."""

    def __init__(self, config: RunConfig, records: list[Line], probes: list[Line], looks: list[Line]) -> None:
        self.config, self.records, self.probes, self.looks = config, records, probes, looks
        self.record_steps = [int(r["step"]) for r in records]
        self.probe_steps = [int(p["step"]) for p in probes]
        self.look_steps = [int(k["step"]) for k in looks]
        self.warmup_steps = max(math.ceil(THRESHOLDS.warmup * config.settings.steps), THRESHOLDS.warmup_least)
        self.faults = [fault_of(config, look) for look in looks]
        self.varieties = [look.get("variety") for look in looks]
        self.phases = [look.get("phases") for look in looks]
        self._recognition: dict[int, tuple[float, float] | None] = {}
        self._sums: dict[str, tuple[list[float], list[int], list[int]]] = {}

    def moments(self) -> Iterator[Signs]:
        """What was known at each look and each probe, oldest first; now and then, if the run has neither."""
        seen = sorted({*self.look_steps, *self.probe_steps})
        for step in seen or self.record_steps[len(self.records) // 2 :][:: max(1, len(self.records) // 4)]:
            yield self.at(step)

    def at(self, step: int) -> Signs:
        """What was known at this step."""
        return Signs(self, step)

    @property
    def now(self) -> Signs:
        """What is known at its last step."""
        return self.at(max((steps[-1] for steps in (self.record_steps, self.probe_steps, self.look_steps) if steps), default=0))

    def mean(self, name: str, above: float, records: int) -> float | None:
        """The mean of a number over those of the first `records` records that lie above a step, over the last of them at least.

        None where none of these has it; not a number where one of them is none.
        """
        if not records:
            return None
        if name not in self._sums:
            self._sums[name] = _prefix_sums([record.get(name) for record in self.records])
        sums, counts, broken = self._sums[name]
        first = min(bisect_right(self.record_steps, above, hi=records), records - 1)
        if broken[records] > broken[first]:
            return math.nan
        n = counts[records] - counts[first]
        return (sums[records] - sums[first]) / n if n else None

    def recognition(self, probe: int) -> tuple[float, float] | None:
        """What `recognition` says of a probe."""
        if probe not in self._recognition:
            self._recognition[probe] = recognition(self.probes[probe].get("scores", {}))
        return self._recognition[probe]

    @cached_property
    def peaks(self) -> list[tuple[float, str, int]]:
        """By record, the greatest loss up to it: how great, whose, and at which step."""
        found: list[tuple[float, str, int]] = []
        peak, whose, at = 0.0, "", 0
        for record in self.records:
            for name in ("D/loss", "G/loss"):
                if abs(record.get(name, 0.0)) > peak:
                    peak, whose, at = abs(record[name]), name, int(record["step"])
            found.append((peak, whose, at))
        return found

    @cached_property
    def steepest(self) -> list[float]:
        """By record, the greatest norm of G's gradient up to it."""
        return list(accumulate((r.get("G/gradient", 0.0) for r in self.records), lambda a, b: b if b > a else a))

    @cached_property
    def best(self) -> list[Line]:
        """By number of looks (of probes, without looks), the one with the best samples among them since the warm-up; empty if none."""
        found: list[Line] = [{}]
        least = math.inf
        for line in self.looks or self.probes:
            fault = fault_of(self.config, line) if line["step"] >= self.warmup_steps else None
            better = fault is not None and fault < least
            found.append(line if better else found[-1])
            least = fault if fault is not None and better else least
        return found

    @cached_property
    def certain(self) -> list[int]:
        """By record, in how many up to it D parted real from generated with hardly a doubt."""
        limit = THRESHOLDS.sure_real - THRESHOLDS.sure_fake
        return list(accumulate(int(r.get("D(x)", 0.0) - r.get("D(G(z))", 0.0) > limit) for r in self.records))


def _prefix_sums(values: list[float | None]) -> tuple[list[float], list[int], list[int]]:
    """By number of values: the sum of the finite ones among the first so many, how many these are, and how many are not finite."""
    numbers = np.array(values, dtype=np.float64)  # None becomes NaN
    finite = np.isfinite(numbers)
    broken = ~finite if finite.all() else np.array([v is not None for v in values]) & ~finite
    each = (np.where(finite, numbers, 0.0), finite.astype(np.int64), broken.astype(np.int64))
    sums, counts, breaks = (np.concatenate([[0], np.cumsum(column)]).tolist() for column in each)
    return sums, counts, breaks


class Signs:
    """What was known of a run at one step."""

    def __init__(self, story: Story, step: int) -> None:
        self.story, self.config, self.step = story, story.config, step
        self.n_records = bisect_right(story.record_steps, step)
        self.n_probes = bisect_right(story.probe_steps, step)
        self.n_looks = bisect_right(story.look_steps, step)

    # the game, from the records

    def recent(self, name: str) -> float | None:
        """The mean of a record's number over its last steps; None if it is not known."""
        return self.story.mean(name, (1 - THRESHOLDS.recent) * self.step, self.n_records)

    @cached_property
    def game(self) -> dict[str, float]:
        """The means over its last steps of what the rules look at."""
        return {name: value for name in _GAME if (value := self.recent(name)) is not None}

    @property
    def probabilistic(self) -> bool:
        return self.config.settings.objective.probabilistic

    @cached_property
    def gap(self) -> float | None:
        """D(x) - D(G(z)), recently."""
        return self.game["D(x)"] - self.game["D(G(z))"] if {"D(x)", "D(G(z))"} <= self.game.keys() else None

    @property
    def peak(self) -> tuple[str, float, int]:
        """The greatest loss it ever had: whose, how great, and at which step."""
        if not self.n_records:
            return "", 0.0, 0
        loss, name, step = self.story.peaks[self.n_records - 1]
        return name, loss, step

    @property
    def huge(self) -> dict[str, float]:
        """Which of its losses, and of a critic's values, have left every sensible range."""
        limit = THRESHOLDS.huge_loss if self.probabilistic else THRESHOLDS.huge_value
        names = ("D/loss", "G/loss") if self.probabilistic else ("D/loss", "G/loss", "D(x)", "D(G(z))")
        return {name: self.game[name] for name in names if abs(self.game.get(name, 0.0)) > limit}

    @property
    def faded(self) -> float | None:
        """G's gradient as a share of the greatest that it has had; None where it is not known."""
        gradient = self.game.get("G/gradient")
        most = self.story.steepest[self.n_records - 1] if self.n_records else 0.0
        return None if gradient is None or not most > 0 else gradient / most

    @property
    def sure_throughout(self) -> bool:
        """Has D parted real from generated with hardly a doubt for more than half of the run?"""
        return self.n_records > 0 and self.story.certain[self.n_records - 1] > self.n_records / 2

    @property
    def sure(self) -> bool:
        """Does D part real from generated with hardly a doubt, recently?"""
        if self.probabilistic:
            return self.game.get("D(x)", 0.0) > THRESHOLDS.sure_real and self.game.get("D(G(z))", 1.0) < THRESHOLDS.sure_fake
        return self.game.get("D/pairing", 1.0) < THRESHOLDS.sure_pair

    # what the samples are like

    @cached_property
    def look(self) -> Line:
        """The last look, while it can speak for the present; empty if there is none."""
        return self._fresh(self.story.looks, self.n_looks)

    @property
    def earlier_look(self) -> Line:
        """The last look at half the steps, or before; empty if there is none."""
        before = bisect_right(self.story.look_steps, self.step / 2)
        return self.story.looks[before - 1] if before else {}

    @cached_property
    def probe(self) -> Line:
        """The last probe, while it can speak for the present; empty if there is none."""
        return self._fresh(self.story.probes, self.n_probes)

    def _fresh(self, lines: list[Line], among: int) -> Line:
        """The last of the first so many, if not more than a third of the run came after it."""
        last = lines[among - 1] if among else {}
        return last if last and last["step"] >= (1 - THRESHOLDS.stale) * self.step else {}

    @cached_property
    def earlier_probe(self) -> Line:
        """The last probe at half the steps of the present one, or before; empty if there is none."""
        before = bisect_right(self.story.probe_steps, self.probe["step"] / 2) if self.probe else 0
        return self.story.probes[before - 1] if before else {}

    @cached_property
    def quality(self) -> Line:
        """What says most recently what the samples are like: the last look, or the last probe where there are no looks."""
        return self.look or self.probe

    @cached_property
    def scale(self) -> Scale:
        """The scale of `fault`."""
        return scale_of(self.config, self.quality)

    @cached_property
    def fault(self) -> float | None:
        """How much is wrong with the samples, on their scale; None where it is not known."""
        return fault_of(self.config, self.quality)

    @property
    def bad(self) -> bool:
        """Are the samples known to be bad?"""
        return self.fault is not None and not self.fault <= self.scale.bad  # not a number is bad, too

    @property
    def close(self) -> bool:
        """Are the samples good enough for nobody to call the run young?"""
        return self.fault is not None and self.fault <= self.scale.grown

    @property
    def in_warmup(self) -> bool:
        """Is it too young to be judged by what its samples are not yet?"""
        return self.step < self.story.warmup_steps

    @cached_property
    def improving(self) -> bool | None:
        """Are the samples clearly better than at half the steps? None where that is not known.

        The looks say it; the probes do where there are no looks, or these are blind: among samples of which none can be read, what gets
        better is not seen at first.
        """
        now, then = self._lately(self.story.faults), self._half_way(self.story.faults)
        if now is not None and then is not None:
            scale = self.scale
            if now <= THRESHOLDS.improving * then or now <= then - THRESHOLDS.improving_by * scale.bad:
                return True
            if not (now > scale.bad and "legible" in self.look):
                return False
        by_probes = self._probes_improve
        if by_probes is None and now is not None and then is not None and self.step >= 2 * self.story.warmup_steps:
            return False
        return by_probes

    @property
    def _probes_improve(self) -> bool | None:
        now, then = fault_of(self.config, self.probe), fault_of(self.config, self.earlier_probe)
        return None if now is None or then is None else now <= THRESHOLDS.improving * then

    @property
    def stuck(self) -> bool:
        """Are the samples known to be bad, and known not to get better?"""
        return self.bad and self.improving is False

    @cached_property
    def variety(self) -> tuple[float, bool | None] | None:
        """The pixels' spread as a share of that of real images, lately, and whether it grows; None where it is not known."""
        if not self.n_looks:
            now, then = self.probe.get("spread"), self.earlier_probe.get("spread")
        else:
            now, then = self._lately(self.story.varieties), self._half_way(self.story.varieties)
        return None if now is None else (now, None if then is None else now > THRESHOLDS.growing * then)

    @property
    def fault_lately(self) -> float | None:
        """`fault` over the last looks; of the last probe where there are no looks."""
        return self._lately(self.story.faults) if self.n_looks else self.fault

    @property
    def few_digits(self) -> bool:
        """Are only a few of the ten digits drawn, by samples most of which can be read?"""
        if self.n_looks:
            return self.close and self.look.get("digits", 10) <= THRESHOLDS.few_digits
        return self.probe.get("digits_covered", 10) <= THRESHOLDS.few_digits

    @property
    def digits_lately(self) -> int | None:
        """The most digits that a look of the last ones has, where their samples that can be read are many enough to tell; else None."""
        looks = self.story.looks[bisect_right(self.story.look_steps, 0.8 * self.step) : self.n_looks][-MOST:]
        if sum(look.get("legible", 0) for look in looks) < THRESHOLDS.enough_legible:
            return None
        return max(round(look.get("digits", 10)) for look in looks)

    @property
    def phases_lately(self) -> float | None:
        """Over the last looks, how many sectors the phases of the curves cover; None where they need not, or are no sines yet."""
        if self.config.data != "sine-family" or self.bad:
            return None
        return self._lately(self.story.phases)

    @property
    def few_phases(self) -> bool:
        """Do the curves agree in their phase, though they should have all?"""
        if self.n_looks:
            return self.phases_lately is not None and self.phases_lately <= THRESHOLDS.few_phases
        return self.config.data == "sine-family" and self.probe.get("phase_concentration", 0.0) > THRESHOLDS.one_phase

    def _lately(self, values: list[float | None]) -> float | None:
        return self._median(values, 0.8 * self.step, self.step)

    def _half_way(self, values: list[float | None]) -> float | None:
        return self._median(values, 0.3 * self.step, 0.5 * self.step)

    def _median(self, values: list[float | None], above: float, to: float) -> float | None:
        """The median over the last looks of a span of steps."""
        steps = self.story.look_steps
        end = bisect_right(steps, to)
        known = [v for v in values[max(bisect_right(steps, above), end - MOST) : end] if v is not None]
        return median(known) if known else None

    @cached_property
    def dead(self) -> float | None:
        """Share of G's samples without gradient: the median of the last three probes; None where the last one is old."""
        if not self.probe:
            return None
        shares = [probe["dead_share"] for probe in self.story.probes[max(0, self.n_probes - 3) : self.n_probes] if "dead_share" in probe]
        return median(shares) if shares else None

    @cached_property
    def recognition(self) -> tuple[float, float] | None:
        """What `recognition` says of the probes since its warm-up: medians of the last three. None where the last one is old or silent."""
        if not self.probe.get("scores"):
            return None
        last = range(max(0, self.n_probes - 3), self.n_probes)
        known = [found for i in last if self.story.probe_steps[i] >= self.story.warmup_steps and (found := self.story.recognition(i))]
        return (median(share for share, _ in known), median(errors for _, errors in known)) if known else None

    @property
    def best(self) -> Line:
        """The look (the probe, without looks) with the best samples since its warm-up; empty if there is none."""
        return self.story.best[self.n_looks or self.n_probes]


def recognition(scores: dict[str, list[float]]) -> tuple[float, float] | None:
    """The share of D's preference for real samples that held-out ones do not get, and how many standard errors above 0 that is."""
    real, held_out, fake = (scores.get(name, []) for name in ("real", "held_out", "fake"))
    if min(len(real), len(held_out), len(fake)) < 2 or (span := fmean(real) - fmean(fake)) <= 0:
        return None
    known = fmean(real) - fmean(held_out)
    error = math.sqrt(_variance(real) / len(real) + _variance(held_out) / len(held_out))
    return known / span, known / error if error else 0.0


def _variance(values: list[float]) -> float:
    mean = fmean(values)
    return math.fsum((value - mean) ** 2 for value in values) / len(values)


def scale_of(config: RunConfig, line: Line) -> Scale:
    """The scale of what is wrong with the samples of a look or a probe."""
    if config.about.kind == "curves":
        return CURVE
    return ILLEGIBLE if "legible" in line else KID if "kid1k" in line else IMAGE


def close_to_real(probe: Line) -> bool:
    """Do the samples of a probe look like real ones at a glance?"""
    return float(probe["kid1k"]) < THRESHOLDS.close_kid


def fault_of(config: RunConfig, line: Line) -> float | None:
    """How much is wrong with the samples of a look or a probe, on its scale; None where it does not say."""
    if "legible" in line:
        return 1 - float(line["legible"]) / float(line["n"])
    if "kid1k" in line:
        return max(float(line["kid1k"]), 2 * KID.bad * (1 - float(line.get("class_accuracy", 1.0))))
    if (error := line.get("rmse", line.get("sine_rmse"))) is not None:
        true = AMPLITUDE[config.data]
        return (float(error) + abs(float(line["amplitude"]) - true)) / true
    variety = line.get("variety", line.get("spread"))
    if variety is not None and config.about.kind == "images":
        return max(abs(math.log(max(float(value), 1e-6))) for value in (line["ink"], variety))
    return None
