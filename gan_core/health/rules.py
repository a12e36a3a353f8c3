"""Health: what a run's own numbers say about how it goes, in a sentence, with evidence, the reason, and what to try.

Losses alone mislead: a GAN's losses are each other's opponents, and neither has to fall. What counts is what the samples are like
(the probes' cheap metrics); what the game looks like (D's opinions, what is left of G's gradient) says why. So a sign of trouble in
the game is amber while the samples are good or getting better, and red when they are neither. This module reads plain numbers
and knows neither torch nor files.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean, median, pvariance
from typing import Any, Literal

from gan_core.errors import AtelierError
from gan_core.gans import compatibility, objectives
from gan_core.gans.config import MAX_STEPS, RunConfig, parse
from gan_core.gans.objectives import Objective
from gan_core.runs import Status

Level = Literal["green", "amber", "red", "grey"]
Kind = Literal[
    "early",
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

# Each threshold lies between what healthy runs gave and what runs gave that were made to fail; docs/log.md (health) has the runs.
# "Healthy" are the shipped runs and short ones of every stable recipe, past their youth.
YOUNG = 0.05  # share of the recipe's full training: by then every stable recipe had legible samples or fast falling distances
RECENT = 0.1  # share of a run's steps, its last ones, over which the numbers of the game are averaged
IMPROVING = (
    0.7  # a distance below this share of what it was at half the steps: gan-bn, the slowest to start, 0.01; standing ones 0.85 to 1.2
)
WORSE = 2.0  # times the best distance it had: healthy at most 1.2; a published cgan that swung, 4.6
CLOSE_KID = 0.5  # kid1k below which samples look like real ones at a glance: dcgan at its end 0.4; gan, many a scribble among them, 4
BAD_KID = 10.0  # kid1k: healthy 0.1 to 7 (gan-bn 19 and falling at twice its youth); untrained 40 to 80,000; broken 12 to 1,000
BAD_ACCURACY = 0.5  # class accuracy: healthy 0.82 to 0.98; guessing 0.1
BAD_CURVE = 0.45  # share of the amplitude by which a curve is off: healthy 0.01 to 0.36; broken 0.5 and more
BAD_IMAGE = 2.0  # factor by which ink or spread is off, where no judge reads the images: healthy 0.77 to 1.5
LOW_SPREAD, FAIR_SPREAD = 0.5, 0.7  # of the real images' spread: healthy 0.71 to 1.02; collapsed 0.2 to 0.48
FEW_DIGITS = 5  # of ten: healthy 8 to 10 (noise that is becoming digits: 1); collapsed 1 to 4
LOW_RECALL = 0.02  # recall1k, beside a precision1k of GOOD_PRECISION: healthy 0.03 to 0.84; one image repeated, 0
GOOD_PRECISION = 0.3
ONE_PHASE = 0.8  # phase_concentration of sines that should have all phases: healthy 0.02 to 0.16; collapsed 0.91 to 0.99
MOST_DEAD = 0.7  # dead_share, median of three probes: healthy at most 0.01; a saturating loss that still learned 0.3 to 0.55; dead 0.9 to 1
SURE_REAL, SURE_FAKE = 0.95, 0.05  # D(x), D(G(z)): healthy at most 0.82, at least 0.19; D too strong 0.98 and 0.018
SURE_PAIR = 0.05  # relativistic, mean of softplus(D(G(z)) - D(x)): r3gan 0.16 and more; 0.05 is a difference of 3
FOOLED = 0.8  # D(G(z)): healthy at most 0.5; a G far faster than its D 0.82 to 0.97
UNDECIDED = 0.03  # D(x) - D(G(z)) while the samples are bad: a D that gave up 0 to 0.004
NO_GRADIENT = 1e-6  # norm of G's gradient: healthy 0.03 and more; dead 0 to 1e-8
HUGE_LOSS, HUGE_VALUE = 100.0, 1e5  # healthy losses of a D with probabilities under 28, values of a critic under 2,000
MEMORY, MUCH_MEMORY = 0.25, 0.5  # (real - held out) / (real - fake) in D's scores: MNIST 0 to 0.4 by chance; 300 images 0.3 to 0.4; 60, 0.7
SURE_MEMORY = 5.0  # and real - held out in standard errors; medians of three probes: MNIST at most 3; 300 images 6 to 13; 60, 13 to 25
AMPLITUDE = {"sine-fixed": 1.0, "sine-family": 0.5}  # of the true curves


@dataclass(frozen=True)
class Remedy:
    """Something to try: a new run with one thing changed."""

    title: str
    why: str
    apply: Callable[[RunConfig], RunConfig]
    "the config of a new run with the remedy applied"


@dataclass(frozen=True)
class Health:
    """How a run goes, in words."""

    level: Level
    "grey: too early to say"
    kind: Kind
    sentence: str
    evidence: tuple[str, ...]
    why: str
    remedies: tuple[Remedy, ...]


def read(config: RunConfig, records: list[dict[str, Any]], probes: list[dict[str, Any]], status: Status) -> Health:
    """What the run's records (metrics.jsonl), probes (probes.jsonl) and status say about it."""
    signs = _Signs(config, records, probes, status)
    for rule in _RULES:
        if found := rule(signs):
            return found
    return _learning(signs)


# the numbers


@dataclass(frozen=True)
class _Signs:
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
    def grown(self) -> int:
        """The step at which it is no longer young."""
        return math.ceil(YOUNG * self.config.settings.steps)

    @property
    def young(self) -> bool:
        return self.step < self.grown

    @cached_property
    def recent(self) -> dict[str, float]:
        """Means over its last steps of all that the records hold."""
        window: list[dict[str, Any]] = []
        for record in reversed(self.records):
            if record["step"] <= (1 - RECENT) * self.step and window:
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
    def usual_gap(self) -> float | None:
        """D(x) - D(G(z)): the median over the whole run."""
        gaps = [r["D(x)"] - r["D(G(z))"] for r in self.records if {"D(x)", "D(G(z))"} <= r.keys()]
        return median(gaps) if gaps else None

    @cached_property
    def sure(self) -> bool:
        """Does D part real from generated with hardly a doubt, recently?"""
        if self.probabilistic:
            return self.recent.get("D(x)", 0.0) > SURE_REAL and self.recent.get("D(G(z))", 1.0) < SURE_FAKE
        return self.recent.get("D/pairing", 1.0) < SURE_PAIR

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
        distance = _distance(self.config, self.now)
        return distance is not None and not distance <= 1  # not a number is bad, too

    @property
    def improving(self) -> bool | None:
        """Are the samples clearly better than at half the steps? None where that is not known."""
        now, then = _distance(self.config, self.now), _distance(self.config, self.then)
        return None if now is None or then is None else now <= IMPROVING * then

    @property
    def alarm(self) -> Level:
        """How bad a bad sign is: red if the samples are bad and do not get better."""
        return "red" if self.bad and not self.improving else "amber"

    @cached_property
    def best(self) -> dict[str, Any]:
        """The probe with the best samples since it is no longer young; empty if there is none."""
        grown = [(_distance(self.config, p), i) for i, p in enumerate(self.probes) if p["step"] >= self.grown]
        known = [(distance, i) for distance, i in grown if distance is not None]
        return self.probes[min(known)[1]] if known else {}


def _distance(config: RunConfig, probe: dict[str, Any]) -> float | None:
    """How far the samples are from real ones, 1 where they begin to be bad; None where it is not known."""
    if "kid1k" in probe:
        return max(float(probe["kid1k"]) / BAD_KID, (1 - float(probe.get("class_accuracy", 1.0))) / (1 - BAD_ACCURACY), 0.0)
    if "sine_rmse" in probe:
        true = AMPLITUDE[config.data]
        return float((probe["sine_rmse"] + abs(probe["amplitude"] - true)) / true / BAD_CURVE)
    if "spread" in probe:
        return max(abs(math.log(max(float(probe[name]), 1e-6))) for name in ("ink", "spread")) / math.log(BAD_IMAGE)
    return None


# the rules, in the order in which they are asked


def _broken_off(s: _Signs) -> Health | None:
    if s.status.state != "failed":
        return None
    if "finite" in s.status.message:
        return _diverged(s, [s.status.message])
    return Health(
        "red",
        "failed",
        "It ended by an error, not by its learning.",
        (s.status.message,) if s.status.message else (),
        "Something other than the game between G and D went wrong; the log tells more.",
        (),
    )


def _exploded(s: _Signs) -> Health | None:
    losses = {name: value for name, value in s.recent.items() if name.startswith(("D/", "G/", "D("))}
    if broken := [name for name, value in losses.items() if not math.isfinite(value)]:
        return _diverged(s, [f"{', '.join(sorted(broken))} {'is' if len(broken) == 1 else 'are'} no longer finite"])
    limit = HUGE_LOSS if s.probabilistic else HUGE_VALUE
    huge = {name: v for name, v in losses.items() if abs(v) > limit and (not s.probabilistic or name.endswith("/loss"))}
    if huge:
        return _diverged(s, [f"{name} is {value:,.0f} on average" for name, value in sorted(huge.items())])
    return None


def _never_recovered(s: _Signs) -> Health | None:
    """The explosion is over, its damage is not."""
    name, value, step = s.peak
    recovering = s.improving and s.now.get("spread", 1.0) >= LOW_SPREAD
    if recovering or not s.bad or value <= (HUGE_LOSS if s.probabilistic else HUGE_VALUE):
        return None
    return _diverged(s, [f"{name} rose to {value:,.0f} at step {step:,}, and the samples have not recovered", *_quality(s)])


def _diverged(s: _Signs, evidence: list[str]) -> Health:
    return Health(
        "red",
        "diverged",
        "It diverged: the numbers have left every sensible range.",
        (*evidence, f"rates: D {s.config.settings.D.lr:g}, G {s.config.settings.G.lr:g}"),
        "Each step overshoots what it aims at, and the next one has to correct more. A smaller rate, or a D that cannot become "
        "arbitrarily steep, keeps the steps where the gradient is true.",
        _offers(s.config, _lower_rates, _penalty, _stable),
    )


def _no_gradient(s: _Signs) -> Health | None:
    """G stands still. Asked even of young runs: nothing healthy looks like this, ever."""
    gradient = s.recent.get("G/gradient")
    if gradient is None or gradient >= NO_GRADIENT or len(s.records) < 2 or s.step < 50:
        return None
    words = [f"the norm of G's gradient is {_number(gradient)}"]
    if s.probabilistic and s.gap is not None and s.gap > 0.5:
        return _too_strong(s, "red", words + _opinions(s) + _dead(s))
    if isinstance(s.config.settings.objective, objectives.Wasserstein):
        return Health(
            "red",
            "stalled",
            "The critic is held so tightly that G feels nothing of it.",
            tuple(words + _opinions(s) + _quality(s)),
            "Clipping bounds every layer's weights, and G's gradient passes through all of them: it shrinks with each layer. At a clip "
            "this small, hardly anything arrives.",
            _offers(s.config, _wider_clip, _gp_for_clip, _stable),
        )
    return _gave_up(s, "red", words)


def _too_early(s: _Signs) -> Health | None:
    if s.recent and not s.young:
        return None
    ended = s.status.state in ("finished", "stopped", "lost")
    sentence = (
        f"It ended too early to say: about {s.grown:,} steps show how this recipe goes."
        if ended
        else f"Too early to say: ask again at step {s.grown:,}."
    )
    return Health(
        "grey",
        "early",
        sentence,
        tuple(([f"step {s.step:,}"] if s.step else []) + _opinions(s) + _quality(s)),
        f"Every GAN looks broken at first. The recipe's full training is {s.config.settings.steps:,} steps; a twentieth of it is enough "
        "to tell.",
        _offers(s.config, _longer) if ended else (),
    )


def _dead_gradient(s: _Signs) -> Health | None:
    if s.dead is None or s.dead < MOST_DEAD:
        return None
    if s.probabilistic and s.recent.get("D(G(z))", 0.0) < 0.5:
        return _too_strong(s, s.alarm, _dead(s) + _opinions(s) + _quality(s))
    return _ahead(s, s.alarm, _dead(s) + _opinions(s) + _quality(s))


def _collapsed(s: _Signs) -> Health | None:
    probe = s.now
    signs: list[str] = []
    level: Level = "amber" if s.improving else "red"
    if "spread" in probe and probe["spread"] < LOW_SPREAD:
        signs.append(f"the pixels vary {probe['spread']:.0%} as much from sample to sample as in real images")
    few = probe.get("digits_covered", 10.0) <= FEW_DIGITS
    if few and (not s.improving or probe["spread"] < FAIR_SPREAD):  # the judge sees digits even in noise, which varies enough
        signs.append(f"{probe['digits_covered']:.0f} of the 10 digits are drawn")
    if "recall1k" in probe and probe["recall1k"] < LOW_RECALL and probe["precision1k"] > GOOD_PRECISION:
        signs.append(
            f"{probe['recall1k']:.0%} of the real digits lie where samples are, though {probe['precision1k']:.0%} of the samples look real"
        )
    if s.config.data == "sine-family" and probe.get("phase_concentration", 0.0) > ONE_PHASE:
        signs.append(f"the phases of the curves agree to {probe['phase_concentration']:.0%}; in real ones they are spread evenly (0 %)")
        level = "red"  # one curve may fit ever better
    if not signs:
        return None
    what = "curve" if s.config.about.kind == "curves" else "picture"
    return Health(
        level,
        "collapse",
        f"Mode collapse: G draws much the same {what} whatever it is given.",
        tuple(signs + _quality(s) + _opinions(s)),
        "Whatever fools D best now is all that G is asked for, so it gathers there; D learns to reject that one thing, and G moves on to "
        "the next. Variety pays only where D stays smooth and keeps up with G.",
        _offers(s.config, _penalty, _level_rates, _more_D, _pairing, _stable),
    )


def _sure_throughout(s: _Signs) -> Health | None:
    """Asked before collapse: a D that was sure of everything from the start is the cause, and poor variety what comes of it."""
    if not (s.sure and s.probabilistic and (usual := s.usual_gap) is not None and usual > SURE_REAL - SURE_FAKE):
        return None
    return _too_strong(s, s.alarm, [*_opinions(s), "it has been about as sure as that for most of the run", *_quality(s)])


def _sure(s: _Signs) -> Health | None:
    return _too_strong(s, s.alarm, _opinions(s) + _quality(s) + _dead(s)) if s.sure else None


def _too_strong(s: _Signs, level: Level, evidence: list[str]) -> Health:
    saturating = _alive(s.config) is not None
    return Health(
        level,
        "D too strong",
        "D wins too easily: what it tells G is of little use."
        if s.bad or not s.now
        else "D is pulling ahead: the samples are good, but what it tells G is of less and less use.",
        tuple(evidence),
        (
            "This loss of G goes flat where D is sure of a fake, which is where G most needs to be told: its gradient is gone."
            if saturating
            else "G is still pushed, but by a D that parts real from generated with room to spare: its slope points away from what it has "
            "learned to reject, not towards real samples."
        ),
        _offers(s.config, _alive, _fewer_D, _penalty, _slower_D, _stable),
    )


def _fooled(s: _Signs) -> Health | None:
    if not (s.bad and s.probabilistic and s.gap is not None):
        return None
    if s.recent["D(G(z))"] > FOOLED and s.gap < 0.1:
        return _ahead(s, s.alarm, _opinions(s) + _quality(s))
    return _gave_up(s, s.alarm, []) if abs(s.gap) < UNDECIDED else None


def _ahead(s: _Signs, level: Level, evidence: list[str]) -> Health:
    return Health(
        level,
        "G ahead",
        "G is ahead: D takes what it draws for real, and so cannot teach it.",
        tuple(evidence),
        "G's gradient is all that D finds wrong with its samples. A D that is fooled finds nothing, however bad they are.",
        _offers(s.config, _more_D, _level_rates, _stable),
    )


def _gave_up(s: _Signs, level: Level, evidence: list[str]) -> Health:
    return Health(
        level,
        "D gave up",
        "D has given up: it answers the same to real and generated samples, and G has nothing to follow.",
        tuple(evidence + _opinions(s) + _quality(s)),
        "Equal answers are the aim only when the samples are good. Before that they mean that D was damaged (units that never fire "
        "again after steps that were too large) or held back (dropout, a penalty that outweighs its loss).",
        _offers(s.config, _lower_rates, _stable, _other_seed),
    )


def _memorised(s: _Signs) -> Health | None:
    looks = [look for p in s.probes if p["step"] >= s.grown and (look := _recognition(p.get("scores", {})))][-3:]
    if not looks or not s.now.get("scores"):
        return None
    share, sureness = median(look[0] for look in looks), median(look[1] for look in looks)
    if share <= MEMORY or sureness <= SURE_MEMORY:
        return None
    real, held_out, fake = (fmean(s.now["scores"][name]) for name in ("real", "held_out", "fake"))
    return Health(
        "red" if share > MUCH_MEMORY else "amber",
        "overfitting D",
        "D is learning the training images by heart.",
        (
            f"D scores its training images {_number(real)}, real images it never saw {_number(held_out)}, generated ones {_number(fake)}",
            f"so {min(1.0, share):.0%} of what parts real from generated is mere recognition",
            *_quality(s),
        ),
        "A D that knows its images one by one rejects good samples for not being among them, and G is led to copy or away from quality. "
        "It comes with few images and many steps.",
        _offers(s.config, _penalty, _fewer_D, _slower_D, _stable),
    )


def _recognition(scores: dict[str, list[float]]) -> tuple[float, float] | None:
    """The share of D's preference for real samples that held-out ones do not get, and how many standard errors above 0 that is."""
    real, held_out, fake = (scores.get(name, []) for name in ("real", "held_out", "fake"))
    if min(len(real), len(held_out), len(fake)) < 2 or (span := fmean(real) - fmean(fake)) <= 0:
        return None
    known = fmean(real) - fmean(held_out)
    error = math.sqrt(pvariance(real) / len(real) + pvariance(held_out) / len(held_out))
    return known / span, known / error if error else 0.0


def _worse(s: _Signs) -> Health | None:
    now, best = _distance(s.config, s.now), _distance(s.config, s.best)
    if now is None or best is None or now < 0.5 or now < WORSE * best:
        return None
    return Health(
        "red" if s.bad else "amber",
        "past its best",
        f"It is past its best: the samples were better at step {s.best['step']:,}.",
        (*(f"then: {words}" for words in _samples(s.config, s.best)), *(f"now: {words}" for words in _samples(s.config, s.now))),
        "Nothing makes a GAN stay where it is good: without a penalty G and D circle around the balance. Falling rates, a moving average "
        "of G or a smooth D keep it there.",
        _offers(s.config, _falling_rates, _penalty, _average, _stable),
    )


def _stalled(s: _Signs) -> Health | None:
    if not s.bad or s.improving:
        return None
    if s.improving is None:  # one look says how it is, not where it is going
        return Health(
            "grey",
            "early",
            "The samples are still bad; too few looks at them to say whether they get better.",
            tuple(_quality(s) + _opinions(s)),
            "Whether it learns shows in how the samples change between one look and one at twice the steps.",
            _offers(s.config, _longer) if s.status.state in ("finished", "stopped", "lost") else (),
        )
    return Health(
        "red",
        "stalled",
        "It stands still: the samples are bad and do not get better.",
        tuple(_quality(s) + _opinions(s)),
        "The game looks balanced, but it is played far from real samples: D's lessons are too weak, or G cannot follow them.",
        _offers(s.config, _wider_clip, _gp_for_clip, _stable, _more_D, _other_seed),
    )


def _likeness(s: _Signs) -> str:
    """How near the samples are to real ones, in a word."""
    kid = s.probes[-1].get("kid1k") if s.probes else None
    return "good" if kid is None else "close to real ones" if kid < CLOSE_KID else "recognisable"


def _learning(s: _Signs) -> Health:
    if s.bad:
        sentence = "It is learning: the samples are still coarse, and getting better."
    elif not s.probes:
        sentence = "The game is in balance; this run kept no looks at its samples."
    elif s.improving:
        sentence = f"It is learning: the samples are {_likeness(s)}, and still getting better."
    else:
        sentence = f"It has learned: the samples are {_likeness(s)}, and G and D hold each other."
    return Health(
        "green",
        "learning",
        sentence,
        tuple(_quality(s) + _opinions(s)),
        "Neither loss has to fall: in a healthy game each network gets better at the rate at which its opponent does.",
        (),
    )


_RULES = (
    _broken_off,
    _exploded,
    _no_gradient,
    _too_early,
    _dead_gradient,
    _fooled,
    _never_recovered,
    _sure_throughout,
    _collapsed,
    _sure,
    _memorised,
    _worse,
    _stalled,
)


# evidence in words


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _opinions(s: _Signs) -> list[str]:
    """What D says of real and of generated samples."""
    if s.gap is None:
        return []
    real, fake = s.recent["D(x)"], s.recent["D(G(z))"]
    if s.probabilistic:
        return [f"D gives real samples a probability of {_percent(real)} on average, generated ones {_percent(fake)}"]
    order = _in_order(s.now.get("scores", {}))
    words = f"D scores real samples {_number(s.gap)} {'higher' if s.gap >= 0 else 'lower'} than generated ones".replace(" -", " ")
    return [words + (f", and puts {order:.0%} of such pairs in the right order" if order is not None else "")]


def _percent(p: float) -> str:
    return f"{p:.0%}" if 0.01 <= p <= 0.99 else f"{p:.1%}" if 0.001 <= p <= 0.999 else "under 0.1%" if p < 0.5 else "over 99.9%"


def _in_order(scores: dict[str, list[float]]) -> float | None:
    """Share of (real, generated) pairs in which D scores the real one higher; ties count half."""
    real, fake = scores.get("real"), sorted(scores.get("fake", []))
    if not real or not fake:
        return None
    return sum(bisect_left(fake, score) + bisect_right(fake, score) for score in real) / (2 * len(real) * len(fake))


def _dead(s: _Signs) -> list[str]:
    """How much of G's gradient is gone."""
    return [f"{s.dead:.0%} of G's gradients are below a twentieth of the greatest possible"] if s.dead is not None else []


def _quality(s: _Signs) -> list[str]:
    """What the samples are like, and were at half the steps."""
    words = _samples(s.config, s.now)
    if words and (earlier := _samples(s.config, s.then)):
        words[0] += f" (at step {s.then['step']:,}: {earlier[0].rsplit(' ', 1)[1]})"
    return words


def _samples(config: RunConfig, probe: dict[str, Any]) -> list[str]:
    """What the samples of one probe are like. The last word of the first sentence is its number."""
    if "kid1k" in probe:
        words = [
            f"distance to real digits (kid1k, recognisable below {BAD_KID / 2:.0f}, close below {CLOSE_KID}): {_number(probe['kid1k'])}"
        ]
        if "class_accuracy" in probe:
            return [*words, f"{probe['class_accuracy']:.0%} of the digits asked for are read as such"]
        return [*words, f"{probe['digits_covered']:.0f} of the 10 digits are drawn"]
    if "sine_rmse" in probe:
        off = (probe["sine_rmse"] + abs(probe["amplitude"] - AMPLITUDE[config.data])) / AMPLITUDE[config.data]
        return [f"the curves are off in shape and height, as a share of the true height, by {off:.0%}"]
    if "spread" in probe:
        return [
            f"the pixels vary from sample to sample, compared with real images, by {probe['spread']:.0%}",
            f"the pictures hold {probe['ink']:.0%} of the light of real ones",
        ]
    return []


# remedies


def _offers(config: RunConfig, *makers: Callable[[RunConfig], Remedy | None], most: int = 4) -> tuple[Remedy, ...]:
    """Those of the remedies that fit this config and change it, no two giving the same run."""
    offered: list[Remedy] = []
    seen = [config]
    for remedy in filter(None, (make(config) for make in makers)):
        try:
            result = remedy.apply(config)
        except AtelierError:
            continue
        if result not in seen and compatibility.objection(result) is None:
            seen.append(result)
            offered.append(remedy)
    return tuple(offered[:most])


def _with(config: RunConfig, **changes: Any) -> RunConfig:
    """The config with its recipe changed, validated."""
    settings = config.settings.model_copy(update=changes)
    return parse(config.model_dump() | {"settings": settings.model_dump()})


def _rates(config: RunConfig, d: float, g: float) -> RunConfig:
    s = config.settings
    return _with(config, D=s.D.model_copy(update={"lr": d}), G=s.G.model_copy(update={"lr": g}))


def _stable(config: RunConfig) -> Remedy:
    stable = config.about.recipes["stable"]

    def apply(c: RunConfig) -> RunConfig:
        return parse(c.model_dump() | {"recipe": "stable", "settings": stable.model_dump()})

    return Remedy("Train it by the stable recipe", f"It learns every time; among other things: {config.about.stable[0]}.", apply)


def _penalised(config: RunConfig) -> Objective | None:
    """The nearest objective whose D is kept smooth, or kept smoother; None where the networks allow none."""
    match config.settings.objective:
        case objectives.NonSaturating(r1=r1) | objectives.NonSaturatingSSGAN(r1=r1) | objectives.AuxiliaryClassifier(r1=r1) as given if r1:
            return given.model_copy(update={"r1": 10 * r1})
        case objectives.Relativistic(gamma=gamma) as given:
            return given.model_copy(update={"gamma": 10 * gamma or 0.1})
        case objectives.WassersteinGP() | objectives.Wasserstein() | objectives.ClippedCGAN() | objectives.TwoSigmoids():
            return None
        case objectives.AuxiliaryClassifier() as given:
            return given.model_copy(update={"r1": 0.1, "every": 4})
        case objectives.ClippedSSGAN() | objectives.NonSaturatingSSGAN():
            return objectives.NonSaturatingSSGAN(r1=0.1, every=4)
        case _:
            usual = config.about.recipes["stable"].objective
            return usual if isinstance(usual, objectives.NonSaturating) and usual.r1 else objectives.NonSaturating(r1=0.1, every=4)


def _penalty(config: RunConfig) -> Remedy | None:
    if (objective := _penalised(config)) is None:
        return None
    stronger = getattr(config.settings.objective, "r1", 0) or getattr(config.settings.objective, "gamma", 0)
    return Remedy(
        "A tenfold penalty on D's slope" if stronger else "A penalty on D's slope (R1)",
        "D cannot become arbitrarily steep around real samples, so its lessons stay usable (Mescheder et al. 2018).",
        lambda c: _with(c, objective=objective),
    )


def _alive(config: RunConfig) -> Remedy | None:
    objective: Objective
    match config.settings.objective:
        case objectives.Saturating() | objectives.ClippedLog():
            objective = objectives.NonSaturating()
        case objectives.ClippedSSGAN():
            objective = objectives.NonSaturatingSSGAN()
        case _:
            return None
    return Remedy(
        "The loss of G that does not saturate",
        "-log D(G(z)) has its steepest slope where D is sure of a fake (Goodfellow et al. 2014, section 3).",
        lambda c: _with(c, objective=objective),
    )


def _lower_rates(config: RunConfig) -> Remedy:
    return Remedy(
        "A tenth of both learning rates",
        "Smaller steps follow the gradient instead of overshooting it.",
        lambda c: _rates(c, c.settings.D.lr / 10, c.settings.G.lr / 10),
    )


def _slower_D(config: RunConfig) -> Remedy:
    return Remedy("A quarter of D's learning rate", "G gets the time to answer.", lambda c: _rates(c, c.settings.D.lr / 4, c.settings.G.lr))


def _level_rates(config: RunConfig) -> Remedy | None:
    d, g = config.settings.D.lr, config.settings.G.lr
    if not (d > 0 and g > 2 * d):
        return None
    rate = float(f"{math.sqrt(d * g):.3g}")
    return Remedy(f"The same rate for both, {rate:g}", f"G moves {g / d:.0f} times as fast as D now.", lambda c: _rates(c, rate, rate))


def _fewer_D(config: RunConfig) -> Remedy | None:
    n = config.settings.d_steps
    return Remedy("One update of D a step", f"D has {n} for each of G's now.", lambda c: _with(c, d_steps=1)) if n > 1 else None


def _more_D(config: RunConfig) -> Remedy | None:
    n = config.settings.d_steps
    if config.settings.first == "G" or n >= 8:
        return None
    return Remedy(f"{2 * n} updates of D a step", "D keeps up with what G tries.", lambda c: _with(c, d_steps=2 * n))


def _pairing(config: RunConfig) -> Remedy | None:
    single = (objectives.ClippedLog, objectives.Saturating, objectives.NonSaturating, objectives.Wasserstein, objectives.WassersteinGP)
    if not isinstance(config.settings.objective, single):
        return None
    return Remedy(
        "Pair real with generated (relativistic, R1 and R2)",
        "Each real sample is compared with a generated one, so leaving some of them out costs G (Huang et al. 2024).",
        lambda c: _with(c, objective=objectives.Relativistic(), labels="paired"),
    )


def _wider_clip(config: RunConfig) -> Remedy | None:
    usual = objectives.Wasserstein()
    match config.settings.objective:
        case objectives.Wasserstein(clip=clip) if clip < usual.clip:
            why = f"The critic's weights have {usual.clip / clip:.0f} times the room."
            return Remedy(f"Clip at {usual.clip}", why, lambda c: _with(c, objective=usual))
    return None


def _gp_for_clip(config: RunConfig) -> Remedy | None:
    if not isinstance(config.settings.objective, objectives.Wasserstein):
        return None
    return Remedy(
        "A gradient penalty instead of clipping",
        "It bounds the critic's slope and not its weights (Gulrajani et al. 2017).",
        lambda c: _with(c, objective=objectives.WassersteinGP()),
    )


def _falling_rates(config: RunConfig) -> Remedy | None:
    if config.settings.final_rate <= 0.1 or config.seconds is not None or config.steps == MAX_STEPS:
        return None
    return Remedy("Rates that fall to a tenth", "It comes to rest where it is good.", lambda c: _with(c, final_rate=0.1, steps=c.steps))


def _average(config: RunConfig) -> Remedy | None:
    if config.settings.average is not None:
        return None
    return Remedy(
        "Show a moving average of G", "The average stands in the middle of the circle that G runs.", lambda c: _with(c, average=0.998)
    )


def _longer(config: RunConfig) -> Remedy | None:
    twice = {"steps": min(2 * config.steps, MAX_STEPS)} | ({"seconds": 2 * config.seconds} if config.seconds else {})
    return Remedy("Train twice as long", "Enough steps to tell.", lambda c: parse(c.model_dump() | twice))


def _other_seed(config: RunConfig) -> Remedy:
    return Remedy(
        "Another seed", "It may have been bad luck; it may not.", lambda c: parse(c.model_dump() | {"seed": (c.seed + 1) % 2**32})
    )


def words(health: Health) -> Iterable[str]:
    """A reading as lines of text: level, sentence and evidence, then what to try."""
    yield f"{health.level}, {health.kind}: {health.sentence}"
    yield from (f"  - {line}" for line in health.evidence)
    yield from (f"  try: {remedy.title}" for remedy in health.remedies)
