"""What is said of a run: one sentence for each finding of the rules, the reason, and what to try."""

from __future__ import annotations

from typing import Literal

from gan_core.gans.config import MAX_STEPS
from gan_core.health import remedies
from gan_core.health.remedies import Remedy
from gan_core.health.rules import Finding, Kind
from gan_core.health.signs import Level, Signs, close_to_real, fault_of
from gan_core.runs import OVER, Status
from gan_core.translation import N_, _, ngettext

State = Literal["young", "learning", "learned", "trouble"]

TROUBLE: dict[tuple[Level, Kind, str], str] = {
    ("red", "failed", ""): N_("An error ended the training."),
    ("red", "diverged", ""): N_("It diverged: the losses have left every sensible range."),
    ("red", "diverged", "never recovered"): N_("It diverged, and the samples have not recovered."),
    ("red", "stalled", ""): N_("It stands still: the samples are bad and do not get better."),
    ("red", "stalled", "clipped"): N_("The critic is clipped so tightly that G learns nothing from it."),
    ("amber", "stalled", ""): N_("It does not get better any more, and most samples are poor."),
    ("red", "D too strong", ""): N_("D wins too easily, so G cannot learn from it."),
    ("amber", "D too strong", "good"): N_("D is pulling ahead. The samples are still good."),
    ("amber", "D too strong", "fair"): N_("D is pulling ahead. Watch whether the samples get better."),
    ("amber", "D too strong", "better"): N_("D wins easily, but the samples still get better."),
    ("amber", "D too strong", "bad"): N_("D wins easily, and the samples are still bad."),
    ("amber", "D too strong", "unseen"): N_("D is pulling ahead. The samples were not measured."),
    ("red", "G ahead", ""): N_("G fools D with bad samples, so D cannot teach it."),
    ("amber", "G ahead", "good"): N_("G fools D, so D can teach it little more. The samples are good."),
    ("amber", "G ahead", "fair"): N_("G fools D. Watch whether the samples get better."),
    ("amber", "G ahead", "better"): N_("G fools D, but the samples still get better."),
    ("amber", "G ahead", "bad"): N_("G fools D, and the samples are still bad."),
    ("amber", "G ahead", "unseen"): N_("G fools D. The samples were not measured."),
    ("red", "D gave up", ""): N_("D answers the same to real and generated samples: G cannot learn from it."),
    ("amber", "D gave up", "better"): N_("D hardly tells real from generated, but the samples still get better."),
    ("amber", "D gave up", "bad"): N_("D hardly tells real from generated, and the samples are still bad."),
    ("red", "collapse", ""): N_("Mode collapse: G draws nearly the same whatever z is."),
    ("red", "collapse", "few digits"): N_("Mode collapse: G draws only a few of the ten digits."),
    ("amber", "overfitting D", ""): N_("D begins to know the training images by heart."),
    ("red", "overfitting D", ""): N_("D knows the training images by heart."),
    ("amber", "past its best", ""): N_("The samples were better at step {best}."),
    ("red", "past its best", ""): N_("The samples were better at step {best}, and are bad now."),
}
"the sentence of each trouble that the rules can find, by level, kind and case"


def trouble(finding: Finding, signs: Signs) -> str:
    """The sentence of a trouble."""
    return _(TROUBLE[finding]).format(best=f"{signs.best.get('step', 0):,}")


def young(signs: Signs, status: Status) -> str:
    """What is known of a run of which nothing can be expected yet."""
    if not signs.step and not signs.quality:
        return _("It has not begun.")
    step = f"{signs.step:,}"
    budget = signs.config.steps if signs.config.seconds is None else MAX_STEPS
    if status.state in OVER:
        where = _("Ended at step {step}").format(step=step)
    elif budget < MAX_STEPS:
        where = _("Step {step} of {steps}").format(step=step, steps=f"{budget:,}")
    else:
        where = _("Step {step}").format(step=step)
    seen = signs.quality
    if "legible" in seen:
        m, n = round(seen["legible"]), round(seen["n"])
        if not m:
            return _("{where}: no digit can be read yet.").format(where=where)
        if signs.config.about.classes:
            return ngettext(
                "{where}: {m} of {n} can be read as the digit asked for.", "{where}: {m} of {n} can be read as the digit asked for.", m
            ).format(where=where, m=m, n=n)
        return ngettext("{where}: {m} of {n} digits can be read already.", "{where}: {m} of {n} digits can be read already.", m).format(
            where=where, m=m, n=n
        )
    if signs.config.about.kind == "curves" and signs.fault is not None:
        return _("{where}: the curves are {off} off a sine.").format(where=where, off=percent(signs.fault))
    if "kid1k" in seen:
        return (
            _("{where}: the samples do not look like digits yet.") if signs.bad else _("{where}: the samples begin to look like digits.")
        ).format(where=where)
    if signs.fault is not None:
        return _("{where}: the samples have {ink} of the light of real ones, {variety} of their variety.").format(
            where=where, **_light(signs)
        )
    return _("{where}: the samples have not been measured yet.").format(where=where)


def learning(signs: Signs) -> str:
    """What is known of a run that goes well."""
    seen = signs.quality
    if "legible" in seen:
        return _legible(signs)
    if signs.fault is None:
        return _("D and G are in balance. The samples were not measured.")
    if signs.config.about.kind == "curves":
        off, then = percent(signs.fault), signs.earlier_look
        before = fault_of(signs.config, then)
        if signs.improving and before is not None and before > signs.fault:
            return _("The curves are {off} off a sine ({before} at step {then}).").format(
                off=off, before=percent(before), then=f"{then['step']:,}"
            )
        return _("The curves are {off} off a sine.").format(off=off)
    if "kid1k" in seen:
        if signs.bad:
            return _("The samples are still coarse, but get better.") if signs.improving else _("The samples are still coarse.")
        return _("The samples look like real ones.") if close_to_real(seen) else _("Digits can be recognised.")
    return _("The samples have {ink} of the light of real ones, and {variety} of their variety.").format(**_light(signs))


def _legible(signs: Signs) -> str:
    then = signs.earlier_look
    m, n, k = round(signs.look["legible"]), round(signs.look["n"]), round(then.get("legible", 0))
    if not m:
        return _("No digit can be read yet, but the samples get better.") if signs.improving else _("No digit can be read yet.")
    better = bool(then) and signs.improving and k < m
    if signs.config.about.classes and better:
        text = ngettext(
            "{m} of {n} can be read as the digit asked for ({k} at step {then}).",
            "{m} of {n} can be read as the digit asked for ({k} at step {then}).",
            m,
        )
    elif signs.config.about.classes:
        text = ngettext("{m} of {n} can be read as the digit asked for.", "{m} of {n} can be read as the digit asked for.", m)
    elif better:
        text = ngettext("{m} of {n} digits can be read ({k} at step {then}).", "{m} of {n} digits can be read ({k} at step {then}).", m)
    else:
        text = ngettext("{m} of {n} digits can be read.", "{m} of {n} digits can be read.", m)
    return text.format(m=m, n=n, k=k, then=f"{then.get('step', 0):,}")


def _light(signs: Signs) -> dict[str, str]:
    seen = signs.quality
    return {"ink": percent(seen["ink"]), "variety": percent(seen.get("variety", seen.get("spread")) or 0.0)}


def percent(share: float) -> str:
    """A share in whole per cent; where that would be 0 or 100 and is not, more closely."""
    if 0.0 < share < 0.01 or 0.99 < share < 1.0:
        return f"{share:.1%}" if 0.001 <= share <= 0.999 else _("under 0.1%") if share < 0.5 else _("over 99.9%")
    return f"{share:.0%}"


WHY: dict[Kind, str] = {
    "young": N_("Every GAN begins with noise, and looks broken at first."),
    "learning": N_("Neither loss has to fall: in a healthy game each network gets better at the rate at which its opponent does."),
    "failed": N_("Something other than the game between G and D went wrong. The log tells more."),
    "diverged": N_(
        "Each step overshoots what it aims at, and the next one has to correct more. A smaller rate, or a D that cannot become arbitrarily "
        "steep, keeps the steps where the gradient is true."
    ),
    "G ahead": N_("G's gradient is all that D finds wrong with its samples. A D that is fooled finds nothing, however bad they are."),
    "D gave up": N_(
        "Equal answers are the aim only when the samples are good. Before that they mean that D was damaged (units that never fire again "
        "after steps that were too large) or held back (dropout, a penalty that outweighs its loss)."
    ),
    "collapse": N_(
        "Whatever fools D best now is all that G is asked for, so it gathers there. D learns to reject that one thing, and G moves on to "
        "the next. Variety pays only where D stays smooth and keeps up with G."
    ),
    "overfitting D": N_(
        "A D that knows its images one by one rejects good samples for not being among them, and G is led to copy or away from quality. It "
        "comes with few images and many steps."
    ),
    "past its best": N_(
        "Nothing makes a GAN stay where it is good: without a penalty G and D circle around the balance. Falling rates, a moving average "
        "of G or a smooth D keep it there."
    ),
    "stalled": N_("The game looks balanced, but it is played far from real samples: D's lessons are too weak, or G cannot follow them."),
    "D too strong": N_(
        "G is still pushed, but by a D that tells real from generated with room to spare: its slope points away from what it has learned "
        "to reject, not towards real samples."
    ),
}
SATURATED = N_("This loss of G goes flat where D is sure of a fake, which is where G most needs to be told: its gradient is gone.")
CLIPPED = N_(
    "Clipping bounds every layer's weights, and G's gradient passes through all of them: it shrinks with each layer. At a clip this small, "
    "hardly anything arrives."
)


def why(finding: Finding, signs: Signs) -> str:
    """The reason, in a few sentences."""
    if finding.kind == "D too strong" and remedies.alive(signs.config) is not None:
        return _(SATURATED)
    return _(CLIPPED) if finding.case == "clipped" else _(WHY[finding.kind])


_R = remedies
_REMEDIES: dict[Kind, tuple[remedies.Maker, ...]] = {
    "diverged": (_R.lower_rates, _R.penalty, _R.stable),
    "collapse": (_R.penalty, _R.level_rates, _R.more_D, _R.pairing, _R.stable),
    "D too strong": (_R.alive, _R.fewer_D, _R.penalty, _R.slower_D, _R.stable),
    "G ahead": (_R.more_D, _R.level_rates, _R.stable),
    "D gave up": (_R.lower_rates, _R.stable, _R.other_seed),
    "overfitting D": (_R.penalty, _R.fewer_D, _R.slower_D, _R.stable),
    "past its best": (_R.falling_rates, _R.penalty, _R.average, _R.stable),
    "stalled": (_R.wider_clip, _R.gp_for_clip, _R.stable, _R.more_D, _R.other_seed),
}


def to_try(finding: Finding, signs: Signs, status: Status) -> tuple[Remedy, ...]:
    """What to try: new runs with one thing changed."""
    if finding.kind == "young":
        return remedies.offers(signs.config, remedies.longer) if status.state in OVER else ()
    makers = (_R.wider_clip, _R.gp_for_clip, _R.stable) if finding.case == "clipped" else _REMEDIES.get(finding.kind, ())
    return remedies.offers(signs.config, *makers)
