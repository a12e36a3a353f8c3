"""The numbers of a run as sentences, each with the step it was measured at, which are the evidence of what health says; and as chips."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from statistics import fmean
from typing import NamedTuple

from gan_core.health.rules import Finding
from gan_core.health.sentences import percent
from gan_core.health.signs import Line, Signs, fault_of, recognition
from gan_core.health.thresholds import KID, THRESHOLDS
from gan_core.translation import _, ngettext


class Chip(NamedTuple):
    """One number that says at a glance how a run goes."""

    word: str
    value: str
    share: float | None
    "between 0 and 1, as a bar; None where it is no share of anything"
    step: int
    "at which it was measured"


def number(value: float) -> str:
    """Three digits of a value, or all before the point."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def evidence(finding: Finding, s: Signs, message: str) -> tuple[str, ...]:
    """What a finding rests on, the weightiest first, nothing twice. `message` is what ended a training that failed."""
    lines: list[str] = [message] if message else []
    lines += _of(finding, s)
    lines += samples(s)
    lines += opinions(s)
    return tuple(dict.fromkeys(lines))


def _of(finding: Finding, s: Signs) -> Iterator[str]:
    """What belongs to the kind of trouble."""
    match finding.kind:
        case "diverged":
            name, value, step = s.peak
            if s.huge:
                for name, value in s.huge.items():
                    yield _("{name} is {value} on average over the last steps (step {step}).").format(
                        name=name, value=f"{value:,.0f}", step=f"{s.step:,}"
                    )
            elif name:
                yield _("{name} rose to {value} at step {step}.").format(name=name, value=number(value), step=f"{step:,}")
            yield _("Learning rates: D {D}, G {G}.").format(D=f"{s.config.settings.D.lr:g}", G=f"{s.config.settings.G.lr:g}")
        case "D too strong" | "G ahead" | "D gave up" | "stalled":
            gradient = s.game.get("G/gradient")
            if gradient is not None and gradient < THRESHOLDS.no_gradient:
                yield _("The norm of G's gradient is {value} (step {step}).").format(value=number(gradient), step=f"{s.step:,}")
            if finding.kind == "D too strong" and s.sure_throughout:
                yield _("D has been about as sure as that for most of the run.")
            if s.dead is not None and s.dead >= THRESHOLDS.most_dead:
                yield _("{share} of G's gradients are below a twentieth of the greatest possible (step {step}).").format(
                    share=percent(s.dead), step=f"{s.probe['step']:,}"
                )
        case "collapse":
            probe = s.probe
            if "recall1k" in probe and probe["recall1k"] < THRESHOLDS.low_recall:
                yield _(
                    "{recall} of the real digits lie where samples are, though {precision} of the samples look real (step {step})."
                ).format(recall=percent(probe["recall1k"]), precision=percent(probe["precision1k"]), step=f"{probe['step']:,}")
        case "overfitting D":
            yield from _recognised(s.probe)
        case "past its best":
            yield from _quality(s, s.best)
        case _:
            pass


def _recognised(probe: Line) -> Iterator[str]:
    scores, step = probe["scores"], f"{probe['step']:,}"
    real, held_out, fake = (number(fmean(scores[name])) for name in ("real", "held_out", "fake"))
    yield _("D scores its training images {real}, real images it never saw {held_out}, generated ones {fake} (step {step}).").format(
        real=real, held_out=held_out, fake=fake, step=step
    )
    if found := recognition(scores):
        yield _("So {share} of what tells real from generated is mere recognition (step {step}).").format(
            share=percent(min(1.0, found[0])), step=step
        )


def samples(s: Signs) -> Iterator[str]:
    """What the samples are like, by the last look and by the last probe that holds."""
    yield from _quality(s, s.look)
    if s.probe:
        yield from _quality(s, s.probe)


def _quality(s: Signs, line: Line) -> Iterator[str]:
    """What the samples of one look or probe are like."""
    step = f"{int(line.get('step', 0)):,}"
    if "legible" in line:
        m, n, digits = round(line["legible"]), round(line["n"]), round(line["digits"])
        yield (
            ngettext(
                "{m} of {n} can be read as the digit asked for (step {step}).",
                "{m} of {n} can be read as the digit asked for (step {step}).",
                m,
            )
            if s.config.about.classes
            else ngettext("{m} of {n} digits can be read (step {step}).", "{m} of {n} digits can be read (step {step}).", m)
        ).format(m=m, n=n, step=step)
        yield ngettext("{m} of the 10 digits is there (step {step}).", "{m} of the 10 digits are there (step {step}).", digits).format(
            m=digits, step=step
        )
    if "kid1k" in line:
        yield _("Distance to real digits (kid1k; recognisable below {far}, close below {near}): {value} (step {step}).").format(
            far=f"{KID.learned:g}", near=f"{THRESHOLDS.close_kid:g}", value=number(line["kid1k"]), step=step
        )
        if "class_accuracy" in line:
            yield _("{share} of 1,000 digits are read as the one asked for (step {step}).").format(
                share=percent(line["class_accuracy"]), step=step
            )
        elif "digits_covered" in line:
            digits = round(line["digits_covered"])
            yield ngettext(
                "{m} of the 10 digits is drawn among 1,000 (step {step}).",
                "{m} of the 10 digits are drawn among 1,000 (step {step}).",
                digits,
            ).format(m=digits, step=step)
    if s.config.about.kind == "curves" and (fault := fault_of(s.config, line)) is not None:
        yield _("The curves are off by {off} of the true height, in shape and height (step {step}).").format(off=percent(fault), step=step)
    if "phases" in line:
        yield _("The curves cover {m} of 8 sectors of the phases (step {step}).").format(m=round(line["phases"]), step=step)
    elif s.config.data == "sine-family" and "phase_concentration" in line:
        yield _("The phases of the curves agree to {share}; those of real ones are spread evenly (step {step}).").format(
            share=percent(line["phase_concentration"]), step=step
        )
    variety = line.get("variety", line.get("spread"))
    if variety is not None and s.config.about.kind == "images":
        yield _("The pixels vary {share} as much from sample to sample as in real images (step {step}).").format(
            share=percent(variety), step=step
        )
        if "legible" not in line and "kid1k" not in line:
            yield _("The pictures have {share} of the light of real ones (step {step}).").format(share=percent(line["ink"]), step=step)


def opinions(s: Signs) -> Iterator[str]:
    """What D says of real and of generated samples, in training and, of the last look's very samples, in the look."""
    if s.gap is not None:
        step = f"{s.story.record_steps[s.n_records - 1]:,}"
        if s.probabilistic:
            yield _("In training D gives real samples {real} on average, generated ones {fake} (step {step}).").format(
                real=percent(s.game["D(x)"]), fake=percent(s.game["D(G(z))"]), step=step
            )
        elif s.gap >= 0:
            yield _("In training D scores real samples {gap} higher than generated ones (step {step}).").format(
                gap=number(s.gap), step=step
            )
        else:
            yield _("In training D scores real samples {gap} lower than generated ones (step {step}).").format(
                gap=number(-s.gap), step=step
            )
    order = in_order((s.look or s.probe).get("scores") or {})
    if order is not None and not s.probabilistic:
        yield _("D puts {share} of the pairs of a real and a generated sample in the right order (step {step}).").format(
            share=percent(order), step=f"{(s.look or s.probe)['step']:,}"
        )


def in_order(scores: dict[str, list[float]]) -> float | None:
    """Share of (real, generated) pairs in which D scores the real one higher; ties count half. None without scores."""
    real, fake = scores.get("real"), sorted(scores.get("fake", []))
    if not real or not fake:
        return None
    return sum(bisect_left(fake, score) + bisect_right(fake, score) for score in real) / (2 * len(real) * len(fake))


def chips(s: Signs) -> tuple[Chip, ...]:
    """Up to three numbers beside the sentence: of the last look, or of the last probe where there are no looks."""
    line = s.quality
    return tuple(_chips(s, line, int(line["step"])))[:3] if line else ()


def _chips(s: Signs, line: Line, step: int) -> Iterator[Chip]:
    if "legible" in line:
        share = line["legible"] / line["n"]
        yield Chip(_("legible"), percent(share), share, step)
        yield Chip(_("digits"), f"{line['digits']:.0f}/10", line["digits"] / 10, step)
    elif "class_accuracy" in line:
        yield Chip(_("as asked"), percent(line["class_accuracy"]), line["class_accuracy"], step)
    elif "digits_covered" in line:
        yield Chip(_("digits"), f"{line['digits_covered']:.0f}/10", line["digits_covered"] / 10, step)
    if s.config.about.kind == "curves" and (fault := fault_of(s.config, line)) is not None:
        yield Chip(_("off the sine"), percent(fault), None, step)
        if "phases" in line:
            yield Chip(_("phases"), f"{line['phases']:.0f}/8", line["phases"] / 8, step)
    if scores := line.get("scores"):
        yield from _opinion(s, scores, step)
    variety = line.get("variety", line.get("spread"))
    if variety is not None and s.config.about.kind == "images":
        yield Chip(_("variety"), percent(variety), min(1.0, variety), step)


def _opinion(s: Signs, scores: dict[str, list[float]], step: int) -> Iterator[Chip]:
    real, fake = scores.get("real"), scores.get("fake")
    if not real or not fake:
        return
    if s.probabilistic:
        value = _("{real} real / {fake} fake").format(real=percent(fmean(map(_sigmoid, real))), fake=percent(fmean(map(_sigmoid, fake))))
        yield Chip(_("D"), value, None, step)
    elif (order := in_order(scores)) is not None:
        yield Chip(_("D"), _("{share} in the right order").format(share=percent(order)), order, step)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else 1 - 1 / (1 + math.exp(x))
