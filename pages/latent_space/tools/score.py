"""What is said of a sample: by D, among all it says of real and generated ones; by the judge; and what would make it more real."""

from __future__ import annotations

import numpy as np
import streamlit as st

from gan_core.data import DATA_SETS, DIGITS
from gan_core.errors import AtelierError
from gan_core.trained import saliency, scores
from gan_core.translation import _
from pages.shared import charts, histogram, images, models
from pages.shared.latent_point import Point

SCORED = 500  # samples, and real ones, that D's score is placed among


def draw(point: Point) -> None:
    """D's score and where it stands, the gradient of D, and for digits the judge's answer."""
    digits = point.model.config.data in DIGITS
    left, right = st.columns([3, 2], gap="large")
    with left:
        _score(point)
    with right:
        if point.model.variant.kind == "images":
            _gradient(point)
        else:
            _pull(point)
    if digits:
        _judge(point)


def _score(point: Point) -> None:
    """Where D's score of this sample stands among those of real and of generated ones."""
    model = point.model
    (value,) = models.said(model, point.x, models.classes(point.digit, 1))
    try:
        known = models.verdicts(model.run, 0, SCORED)
    except AtelierError as error:
        st.error(str(error), icon=":material/error:")
        return
    low, high = (0.0, 1.0) if model.probabilistic else histogram.ends([value, *known.own, *known.real])
    shown = [(_("real data"), "real", known.real), (_("its own samples"), "fake", known.own)]
    traces = [charts.trace(name, role, *histogram.steps(v, low, high), shape="hv", fill=True, width=1.4) for name, role, v in shown if v]
    top = max(max(t["y"]) for t in traces)
    traces.append(charts.trace(_("this sample"), "run2", [value, value], [0.0, top], width=3))
    said = words(value, known.own, known.real)
    given = _(":blue[**D**] gives it **{value:.1%}**.") if model.probabilistic else _(":blue[**D**] gives it **{value:+.4g}**.")
    st.markdown(f"{given.format(value=value)} {said}")
    charts.draw(
        traces,
        key=f"verdict-{model.run.id}",
        alt=_("D's score of this sample: {value:.3g}. {told}").format(value=value, told=said),
        x_title=_("D's probability of “real”") if model.probabilistic else _("D's score (not a probability)"),
        y_title=_("share"),
        x_range=(low, high),
        height=230,
        hover="closest",
    )
    if not known.real:
        told = _("{data} is not on this machine, so D cannot be asked about real data.")
        st.caption(told.format(data=_(DATA_SETS[model.config.data].title)))
    elif point.digit is not None:
        st.caption(_("D is told that this is a {digit}.").format(digit=point.digit))


def words(value: float, own: list[float], real: list[float]) -> str:
    """Where a score stands, in a sentence."""
    below = {"own": scores.below(value, np.sort(own)), "real": scores.below(value, np.sort(real)) if real else None}
    if not real:
        return _("D scores it above {own:.0%} of its own samples.").format(**below)
    return _("D scores it above {real:.0%} of real data and {own:.0%} of its own samples.").format(**below)


def _gradient(point: Point) -> None:
    """Over the sample: where D would like more white, and where less."""
    model = point.model
    heat = saliency.gradient(scores.ask_real(model, point.digit or 0), point.x)
    st.markdown(_("**What would make it more real**"))
    alt = _("Gradient of D's score: D scores it higher if blue pixels get whiter and orange pixels darker")
    images.array(saliency.coloured(heat, model.grey(point.x)[0]), alt, 224)
    st.caption(
        _(
            "D scores it higher if :blue[blue] pixels get whiter and :orange[orange] pixels darker. This is the gradient of D's score, on "
            "its own scale."
        )
    )


def _pull(point: Point) -> None:
    """The curve, and a little of the way along D's gradient."""
    model = point.model
    slope = saliency.gradient(scores.ask_real(model, 0), point.x)
    y, x = point.x[0].tolist(), model.abscissae.tolist()
    scale = 0.15 * ((max(y) - min(y)) or 1.0) / (float(abs(slope).max()) or 1.0)
    towards = [a + scale * float(b) for a, b in zip(y, slope, strict=True)]
    st.markdown(_("**What would make it more real**"))
    charts.draw(
        [
            charts.trace(_("this curve"), "fake", x, y, width=2),
            charts.trace(_("moved along D's gradient"), "D", x, towards, width=1.6, dash="dash"),
        ],
        key=f"pull-{model.run.id}",
        alt=_("The curve; dashed, the curve moved along D's gradient"),
        x_title="x",
        y_range=charts.steady([*y, *towards]),
        height=230,
        hover="closest",
    )


def _judge(point: Point) -> None:
    """What the judge reads, and how sure it is."""
    answers = scores.judged(point.model.grey(point.x)[0])
    first, second, *_rest = sorted(range(len(answers)), key=lambda d: -answers[d])
    sentences = [_("The **judge** reads a **{digit}** and is {p:.1%} sure.").format(digit=first, p=answers[first])]
    if answers[second] >= 0.01:
        sentences.append(_("Its second answer is {digit}, with {p:.1%}.").format(digit=second, p=answers[second]))
    if point.digit is not None and point.digit != first:
        sentences.append(_("G was asked for a **{digit}**.").format(digit=point.digit))
    st.markdown(" ".join(sentences))
