"""The rules by which trouble is recognised, in the order in which they are asked: the first that applies says how the run goes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import fmean, median, pvariance
from typing import Literal

from gan_core.gans import objectives
from gan_core.health import evidence, remedies
from gan_core.health.remedies import Remedy
from gan_core.health.signs import Level, Signs, distance_of
from gan_core.health.thresholds import THRESHOLDS

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


def _process_failed(s: Signs) -> Health | None:
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


def _exploded(s: Signs) -> Health | None:
    losses = {name: value for name, value in s.recent.items() if name.startswith(("D/", "G/", "D("))}
    if broken := [name for name, value in losses.items() if not math.isfinite(value)]:
        return _diverged(s, [f"{', '.join(sorted(broken))} {'is' if len(broken) == 1 else 'are'} no longer finite"])
    limit = THRESHOLDS.huge_loss if s.probabilistic else THRESHOLDS.huge_value
    huge = {name: v for name, v in losses.items() if abs(v) > limit and (not s.probabilistic or name.endswith("/loss"))}
    if huge:
        return _diverged(s, [f"{name} is {value:,.0f} on average" for name, value in sorted(huge.items())])
    return None


def _never_recovered(s: Signs) -> Health | None:
    """The explosion is over, its damage is not."""
    name, value, step = s.peak
    recovering = s.improving and s.now.get("spread", 1.0) >= THRESHOLDS.low_spread
    if recovering or not s.bad or value <= (THRESHOLDS.huge_loss if s.probabilistic else THRESHOLDS.huge_value):
        return None
    return _diverged(s, [f"{name} rose to {value:,.0f} at step {step:,}, and the samples have not recovered", *evidence.quality(s)])


def _diverged(s: Signs, because: list[str]) -> Health:
    return Health(
        "red",
        "diverged",
        "It diverged: the numbers have left every sensible range.",
        (*because, f"rates: D {s.config.settings.D.lr:g}, G {s.config.settings.G.lr:g}"),
        "Each step overshoots what it aims at, and the next one has to correct more. A smaller rate, or a D that cannot become "
        "arbitrarily steep, keeps the steps where the gradient is true.",
        remedies.offers(s.config, remedies.lower_rates, remedies.penalty, remedies.stable),
    )


def _no_gradient(s: Signs) -> Health | None:
    """G stands still. Asked even of young runs: nothing healthy looks like this, ever."""
    gradient = s.recent.get("G/gradient")
    if gradient is None or gradient >= THRESHOLDS.no_gradient or len(s.records) < 2 or s.step < 50:
        return None
    words = [f"the norm of G's gradient is {evidence.number(gradient)}"]
    if s.probabilistic and s.gap is not None and s.gap > 0.5:
        return _too_strong(s, "red", words + evidence.opinions(s) + evidence.dead(s))
    if isinstance(s.config.settings.objective, objectives.Wasserstein):
        return Health(
            "red",
            "stalled",
            "The critic is held so tightly that G feels nothing of it.",
            tuple(words + evidence.opinions(s) + evidence.quality(s)),
            "Clipping bounds every layer's weights, and G's gradient passes through all of them: it shrinks with each layer. At a clip "
            "this small, hardly anything arrives.",
            remedies.offers(s.config, remedies.wider_clip, remedies.gp_for_clip, remedies.stable),
        )
    return _discriminator_uninformative(s, "red", words)


def _too_early(s: Signs) -> Health | None:
    if s.recent and not s.in_warmup:
        return None
    ended = s.status.state in ("finished", "stopped", "lost")
    sentence = (
        f"It ended too early to say: about {s.warmup_steps:,} steps show how this recipe goes."
        if ended
        else f"Too early to say: ask again at step {s.warmup_steps:,}."
    )
    return Health(
        "grey",
        "early",
        sentence,
        tuple(([f"step {s.step:,}"] if s.step else []) + evidence.opinions(s) + evidence.quality(s)),
        f"Every GAN looks broken at first. The recipe's full training is {s.config.settings.steps:,} steps; a twentieth of it is enough "
        "to tell.",
        remedies.offers(s.config, remedies.longer) if ended else (),
    )


def _dead_gradient(s: Signs) -> Health | None:
    if s.dead is None or s.dead < THRESHOLDS.most_dead:
        return None
    if s.probabilistic and s.recent.get("D(G(z))", 0.0) < 0.5:
        return _too_strong(s, s.severity, evidence.dead(s) + evidence.opinions(s) + evidence.quality(s))
    return _generator_ahead(s, s.severity, evidence.dead(s) + evidence.opinions(s) + evidence.quality(s))


def _collapsed(s: Signs) -> Health | None:
    probe = s.now
    signs: list[str] = []
    level: Level = "amber" if s.improving else "red"
    if "spread" in probe and probe["spread"] < THRESHOLDS.low_spread:
        signs.append(f"the pixels vary {probe['spread']:.0%} as much from sample to sample as in real images")
    few = probe.get("digits_covered", 10.0) <= THRESHOLDS.few_digits
    if few and (not s.improving or probe["spread"] < THRESHOLDS.fair_spread):  # the judge sees digits even in noise, which varies enough
        signs.append(f"{probe['digits_covered']:.0f} of the 10 digits are drawn")
    if "recall1k" in probe and probe["recall1k"] < THRESHOLDS.low_recall and probe["precision1k"] > THRESHOLDS.good_precision:
        signs.append(
            f"{probe['recall1k']:.0%} of the real digits lie where samples are, though {probe['precision1k']:.0%} of the samples look real"
        )
    if s.config.data == "sine-family" and probe.get("phase_concentration", 0.0) > THRESHOLDS.one_phase:
        signs.append(f"the phases of the curves agree to {probe['phase_concentration']:.0%}; in real ones they are spread evenly (0 %)")
        level = "red"  # one curve may fit ever better
    if not signs:
        return None
    what = "curve" if s.config.about.kind == "curves" else "picture"
    return Health(
        level,
        "collapse",
        f"Mode collapse: G draws much the same {what} whatever it is given.",
        tuple(signs + evidence.quality(s) + evidence.opinions(s)),
        "Whatever fools D best now is all that G is asked for, so it gathers there; D learns to reject that one thing, and G moves on to "
        "the next. Variety pays only where D stays smooth and keeps up with G.",
        remedies.offers(s.config, remedies.penalty, remedies.level_rates, remedies.more_D, remedies.pairing, remedies.stable),
    )


def _sure_throughout(s: Signs) -> Health | None:
    """Asked before collapse: a D that was sure of everything from the start is the cause, and poor variety what comes of it."""
    if not (s.sure and s.probabilistic and (usual := s.median_gap) is not None and usual > THRESHOLDS.sure_real - THRESHOLDS.sure_fake):
        return None
    long = "it has been about as sure as that for most of the run"
    return _too_strong(s, s.severity, [*evidence.opinions(s), long, *evidence.quality(s)])


def _sure(s: Signs) -> Health | None:
    return _too_strong(s, s.severity, evidence.opinions(s) + evidence.quality(s) + evidence.dead(s)) if s.sure else None


def _too_strong(s: Signs, level: Level, because: list[str]) -> Health:
    saturating = remedies.alive(s.config) is not None
    return Health(
        level,
        "D too strong",
        "D wins too easily: what it tells G is of little use."
        if s.bad or not s.now
        else "D is pulling ahead: the samples are good, but what it tells G is of less and less use.",
        tuple(because),
        (
            "This loss of G goes flat where D is sure of a fake, which is where G most needs to be told: its gradient is gone."
            if saturating
            else "G is still pushed, but by a D that parts real from generated with room to spare: its slope points away from what it has "
            "learned to reject, not towards real samples."
        ),
        remedies.offers(s.config, remedies.alive, remedies.fewer_D, remedies.penalty, remedies.slower_D, remedies.stable),
    )


def _fooled(s: Signs) -> Health | None:
    if not (s.bad and s.probabilistic and s.gap is not None):
        return None
    if s.recent["D(G(z))"] > THRESHOLDS.fooled and s.gap < 0.1:
        return _generator_ahead(s, s.severity, evidence.opinions(s) + evidence.quality(s))
    return _discriminator_uninformative(s, s.severity, []) if abs(s.gap) < THRESHOLDS.undecided else None


def _generator_ahead(s: Signs, level: Level, because: list[str]) -> Health:
    return Health(
        level,
        "G ahead",
        "G is ahead: D takes what it draws for real, and so cannot teach it.",
        tuple(because),
        "G's gradient is all that D finds wrong with its samples. A D that is fooled finds nothing, however bad they are.",
        remedies.offers(s.config, remedies.more_D, remedies.level_rates, remedies.stable),
    )


def _discriminator_uninformative(s: Signs, level: Level, because: list[str]) -> Health:
    return Health(
        level,
        "D gave up",
        "D has given up: it answers the same to real and generated samples, and G has nothing to follow.",
        tuple(because + evidence.opinions(s) + evidence.quality(s)),
        "Equal answers are the aim only when the samples are good. Before that they mean that D was damaged (units that never fire "
        "again after steps that were too large) or held back (dropout, a penalty that outweighs its loss).",
        remedies.offers(s.config, remedies.lower_rates, remedies.stable, remedies.other_seed),
    )


def _memorised(s: Signs) -> Health | None:
    looks = [look for p in s.probes if p["step"] >= s.warmup_steps and (look := recognition(p.get("scores", {})))][-3:]
    if not looks or not s.now.get("scores"):
        return None
    share, sureness = median(look[0] for look in looks), median(look[1] for look in looks)
    if share <= THRESHOLDS.memory or sureness <= THRESHOLDS.sure_memory:
        return None
    real, held_out, fake = (evidence.number(fmean(s.now["scores"][name])) for name in ("real", "held_out", "fake"))
    return Health(
        "red" if share > THRESHOLDS.much_memory else "amber",
        "overfitting D",
        "D is learning the training images by heart.",
        (
            f"D scores its training images {real}, real images it never saw {held_out}, generated ones {fake}",
            f"so {min(1.0, share):.0%} of what parts real from generated is mere recognition",
            *evidence.quality(s),
        ),
        "A D that knows its images one by one rejects good samples for not being among them, and G is led to copy or away from quality. "
        "It comes with few images and many steps.",
        remedies.offers(s.config, remedies.penalty, remedies.fewer_D, remedies.slower_D, remedies.stable),
    )


def recognition(scores: dict[str, list[float]]) -> tuple[float, float] | None:
    """The share of D's preference for real samples that held-out ones do not get, and how many standard errors above 0 that is."""
    real, held_out, fake = (scores.get(name, []) for name in ("real", "held_out", "fake"))
    if min(len(real), len(held_out), len(fake)) < 2 or (span := fmean(real) - fmean(fake)) <= 0:
        return None
    known = fmean(real) - fmean(held_out)
    error = math.sqrt(pvariance(real) / len(real) + pvariance(held_out) / len(held_out))
    return known / span, known / error if error else 0.0


def _worse(s: Signs) -> Health | None:
    now, best = distance_of(s.config, s.now), distance_of(s.config, s.best)
    if now is None or best is None or now < 0.5 or now < THRESHOLDS.worse * best:
        return None
    return Health(
        "red" if s.bad else "amber",
        "past its best",
        f"It is past its best: the samples were better at step {s.best['step']:,}.",
        (
            *(f"then: {words}" for words in evidence.samples(s.config, s.best)),
            *(f"now: {words}" for words in evidence.samples(s.config, s.now)),
        ),
        "Nothing makes a GAN stay where it is good: without a penalty G and D circle around the balance. Falling rates, a moving average "
        "of G or a smooth D keep it there.",
        remedies.offers(s.config, remedies.falling_rates, remedies.penalty, remedies.average, remedies.stable),
    )


def _stalled(s: Signs) -> Health | None:
    if not s.bad or s.improving:
        return None
    if s.improving is None:  # one look says how it is, not where it is going
        return Health(
            "grey",
            "early",
            "The samples are still bad; too few looks at them to say whether they get better.",
            tuple(evidence.quality(s) + evidence.opinions(s)),
            "Whether it learns shows in how the samples change between one look and one at twice the steps.",
            remedies.offers(s.config, remedies.longer) if s.status.state in ("finished", "stopped", "lost") else (),
        )
    return Health(
        "red",
        "stalled",
        "It stands still: the samples are bad and do not get better.",
        tuple(evidence.quality(s) + evidence.opinions(s)),
        "The game looks balanced, but it is played far from real samples: D's lessons are too weak, or G cannot follow them.",
        remedies.offers(s.config, remedies.wider_clip, remedies.gp_for_clip, remedies.stable, remedies.more_D, remedies.other_seed),
    )


def _likeness(s: Signs) -> str:
    """How near the samples are to real ones, in a word."""
    kid = s.probes[-1].get("kid1k") if s.probes else None
    return "good" if kid is None else "close to real ones" if kid < THRESHOLDS.close_kid else "recognisable"


def learning(s: Signs) -> Health:
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
        tuple(evidence.quality(s) + evidence.opinions(s)),
        "Neither loss has to fall: in a healthy game each network gets better at the rate at which its opponent does.",
        (),
    )


RULES = (
    _process_failed,
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
