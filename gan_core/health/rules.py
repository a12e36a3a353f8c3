"""The rules by which trouble is recognised, in the order in which they are asked: the first that applies says what is wrong.

A rule says what it found, in no words: `sentences` has them. Red is for what is known to be bad and known not to get better; amber for what
deserves an eye while the samples are good or still get better.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from gan_core.gans import objectives
from gan_core.health.signs import Level, Signs, fault_of
from gan_core.health.thresholds import THRESHOLDS

Kind = Literal[
    "young",
    "learning",
    "stalled",
    "past its best",
    "D too strong",
    "G ahead",
    "D gave up",
    "collapse",
    "overfitting D",
    "diverged",
    "failed",
]


class Finding(NamedTuple):
    """What a rule found."""

    level: Level
    kind: Kind
    case: str = ""
    "which of the kind's sentences says it"


Rule = Callable[[Signs], Finding | None]
GREEN, YOUNG = Finding("green", "learning"), Finding("grey", "young")


def judge(signs: Signs, grown: bool) -> Finding:
    """What is to be said at one look, by itself. `grown`: it was called so before, and does not become young again."""
    if found := _gravest(ALWAYS if signs.in_warmup else RULES, signs):
        return found
    unknown = (signs.in_warmup and not signs.close) or (signs.bad and signs.improving is None)
    return YOUNG if unknown and not grown else GREEN


def _gravest(rules: Iterable[Rule], signs: Signs) -> Finding | None:
    """The first red finding; where there is none, the first amber one."""
    milder = None
    for rule in rules:
        if found := rule(signs):
            if found.level == "red":
                return found
            milder = milder or found
    return milder


def _graded(s: Signs, kind: Kind) -> Finding:
    """A bad sign in the game: as grave as the samples are."""
    if s.stuck:
        return Finding("red", kind)
    if s.fault is None:
        return Finding("amber", kind, "unseen")
    if s.bad:
        return Finding("amber", kind, "better" if s.improving else "bad")
    return Finding("amber", kind, "good" if s.close else "fair")


def _exploded(s: Signs) -> Finding | None:
    if not all(math.isfinite(value) for value in s.game.values()) or s.huge:
        return Finding("red", "diverged")
    return None


def _no_gradient(s: Signs) -> Finding | None:
    """G stands still. Asked even of young runs: nothing healthy looks like this, ever."""
    gradient = s.game.get("G/gradient")
    if gradient is None or gradient >= THRESHOLDS.no_gradient or s.n_records < 2 or s.step < 50:
        return None
    if s.probabilistic and s.gap is not None and s.gap > 0.5:
        return Finding("red", "D too strong")
    if isinstance(s.config.settings.objective, objectives.Wasserstein):
        return Finding("red", "stalled", "clipped")
    return Finding("red", "D gave up")


def _frozen(s: Signs) -> Finding | None:
    """However good its samples are, G is told next to nothing any more. Asked even of young runs."""
    if not (s.probabilistic and (s.gap or 0.0) > THRESHOLDS.sure_real and s.step >= 50):
        return None
    dead = s.n_probes >= 3 and s.dead is not None and s.dead >= THRESHOLDS.all_dead
    return Finding("red", "D too strong") if dead or (s.faded is not None and s.faded < THRESHOLDS.faded) else None


def _dead_gradient(s: Signs) -> Finding | None:
    if s.dead is None or s.dead < THRESHOLDS.most_dead:
        return None
    return _graded(s, "D too strong" if s.probabilistic and s.game.get("D(G(z))", 0.0) < 0.5 else "G ahead")


def _fooled(s: Signs) -> Finding | None:
    if not (s.bad and s.probabilistic and s.gap is not None):
        return None
    if s.game["D(G(z))"] > THRESHOLDS.fooled and s.gap < 0.1:
        return _graded(s, "G ahead")
    return _graded(s, "D gave up") if abs(s.gap) < THRESHOLDS.undecided else None


def _never_recovered(s: Signs) -> Finding | None:
    """The explosion is over, its damage is not."""
    limit = THRESHOLDS.huge_loss if s.probabilistic else THRESHOLDS.huge_value
    return Finding("red", "diverged", "never recovered") if s.stuck and s.peak[1] > limit else None


def _sure_throughout(s: Signs) -> Finding | None:
    """Asked before collapse: a D that was sure from the start is the cause, and poor variety what comes of it."""
    return _sure(s) if s.probabilistic and s.sure_throughout else None


def _collapsed(s: Signs) -> Finding | None:
    if s.few_phases:
        return Finding("red", "collapse")
    if s.variety and s.variety[0] < THRESHOLDS.low_variety and s.variety[1] is False:
        return Finding("red", "collapse")
    alike = s.variety is not None and s.variety[0] < THRESHOLDS.fair_variety
    if alike and s.digits_lately is not None and s.digits_lately <= THRESHOLDS.one_shape:
        return Finding("red", "collapse")
    if s.few_digits and s.improving is False:
        return Finding("red", "collapse", "few digits")
    probe = s.probe
    if "recall1k" in probe and probe["recall1k"] < THRESHOLDS.low_recall and probe["precision1k"] > THRESHOLDS.good_precision:
        return Finding("red", "collapse") if s.improving is False else None
    return None


def _sure(s: Signs) -> Finding | None:
    unharmed = s.close and s.improving
    return _graded(s, "D too strong") if s.sure and not unharmed else None


def _memorised(s: Signs) -> Finding | None:
    seen = s.recognition
    if not seen:
        return None
    share, sureness = seen
    if share <= THRESHOLDS.memory or sureness <= THRESHOLDS.sure_memory:
        return None
    return Finding("red" if share > THRESHOLDS.much_memory else "amber", "overfitting D")


def _worse(s: Signs) -> Finding | None:
    """Is what is wrong twice what it was, and more than it may be where somebody has learned?"""
    best = fault_of(s.config, s.best)
    lately = s.fault_lately
    if lately is None or best is None or lately <= max(s.scale.grown, THRESHOLDS.worse * best):
        return None
    return Finding("red" if s.stuck else "amber", "past its best")


def _stalled(s: Signs) -> Finding | None:
    if s.stuck:
        return Finding("red", "stalled")
    old = s.step >= THRESHOLDS.poor * s.config.settings.steps
    poor = s.fault_lately is not None and s.fault_lately > s.scale.grown
    return Finding("amber", "stalled") if old and poor and s.improving is False else None


ALWAYS = (_exploded, _no_gradient, _frozen)
"asked of young runs, too"
RULES = (*ALWAYS, _dead_gradient, _fooled, _never_recovered, _sure_throughout, _collapsed, _sure, _memorised, _worse, _stalled)
