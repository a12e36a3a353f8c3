"""The numbers of a run as phrases, which stand beneath a sentence of health as its evidence."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any

from gan_core.gans.config import RunConfig
from gan_core.health.signs import AMPLITUDE, Signs
from gan_core.health.thresholds import THRESHOLDS


def number(value: float) -> str:
    """Three digits of a value, or all before the point."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def opinions(s: Signs) -> list[str]:
    """What D says of real and of generated samples."""
    if s.gap is None:
        return []
    real, fake = s.recent["D(x)"], s.recent["D(G(z))"]
    if s.probabilistic:
        return [f"D gives real samples a probability of {_percent(real)} on average, generated ones {_percent(fake)}"]
    order = _in_order(s.now.get("scores", {}))
    words = f"D scores real samples {number(s.gap)} {'higher' if s.gap >= 0 else 'lower'} than generated ones".replace(" -", " ")
    return [words + (f", and puts {order:.0%} of such pairs in the right order" if order is not None else "")]


def _percent(p: float) -> str:
    return f"{p:.0%}" if 0.01 <= p <= 0.99 else f"{p:.1%}" if 0.001 <= p <= 0.999 else "under 0.1%" if p < 0.5 else "over 99.9%"


def _in_order(scores: dict[str, list[float]]) -> float | None:
    """Share of (real, generated) pairs in which D scores the real one higher; ties count half."""
    real, fake = scores.get("real"), sorted(scores.get("fake", []))
    if not real or not fake:
        return None
    return sum(bisect_left(fake, score) + bisect_right(fake, score) for score in real) / (2 * len(real) * len(fake))


def dead(s: Signs) -> list[str]:
    """How much of G's gradient is gone."""
    return [f"{s.dead:.0%} of G's gradients are below a twentieth of the greatest possible"] if s.dead is not None else []


def quality(s: Signs) -> list[str]:
    """What the samples are like, and were at half the steps."""
    words = samples(s.config, s.now)
    if words and (earlier := samples(s.config, s.then)):
        words[0] += f" (at step {s.then['step']:,}: {earlier[0].rsplit(' ', 1)[1]})"
    return words


def samples(config: RunConfig, probe: dict[str, Any]) -> list[str]:
    """What the samples of one probe are like. The last word of the first sentence is its number."""
    if "kid1k" in probe:
        steps = f"recognisable below {THRESHOLDS.bad_kid / 2:.0f}, close below {THRESHOLDS.close_kid}"
        words = [f"distance to real digits (kid1k, {steps}): {number(probe['kid1k'])}"]
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
