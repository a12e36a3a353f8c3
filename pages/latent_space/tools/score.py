"""What is said of a sample: by D, among all it says of real and generated ones; by the judge; and what would make it more real."""

from __future__ import annotations

import numpy as np
import streamlit as st

from gan_core.data import DATA_SETS, DIGITS
from gan_core.errors import AtelierError
from gan_core.trained import saliency, scores
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
    shown = [("real data", "real", known.real), ("its own samples", "fake", known.own)]
    traces = [charts.trace(name, role, *histogram.steps(v, low, high), shape="hv", fill=True, width=1.4) for name, role, v in shown if v]
    top = max(max(t["y"]) for t in traces)
    traces.append(charts.trace("this sample", "run2", [value, value], [0.0, top], width=3))
    said = words(value, known.own, known.real)
    st.markdown(
        f":blue[**D**] gives it **{value:.1%}**. {said}" if model.probabilistic else f":blue[**D**] gives it **{value:+.4g}**. {said}"
    )
    charts.draw(
        traces,
        key=f"verdict-{model.run.id}",
        alt=f"D's score of this sample, {value:.3g}. {said}",
        x_title="D's probability of “real”" if model.probabilistic else f"{model.objective.score_noun}, no probability",
        y_title="share",
        x_range=(low, high),
        height=230,
        hover="closest",
    )
    if not known.real:
        st.caption(f"{DATA_SETS[model.config.data].title} is not on this machine, so D cannot be asked about real data.")
    elif point.digit is not None:
        st.caption(f"D is told that it is a {point.digit}.")


def words(value: float, own: list[float], real: list[float]) -> str:
    """Where a score stands, in a sentence."""
    parts = [
        f"{scores.below(value, np.sort(others)):.0%} of {what}"
        for others, what in ((real, "real data"), (own, "its own samples"))
        if others
    ]
    return f"More real to it than {' and '.join(parts)}."


def _gradient(point: Point) -> None:
    """Over the sample: where D would like more white, and where less."""
    model = point.model
    heat = saliency.gradient(scores.ask_real(model, point.digit or 0), point.x)
    st.markdown("**What would make it more real**")
    images.array(saliency.coloured(heat, model.grey(point.x)[0]), "D's gradient: blue pixels should be whiter, orange ones darker", 224)
    st.caption(
        "To :blue[D]: :blue[blue] pixels should be whiter, :orange[orange] ones darker. The gradient of its score, to a scale of its own."
    )


def _pull(point: Point) -> None:
    """The curve, and a little of the way along D's gradient."""
    model = point.model
    slope = saliency.gradient(scores.ask_real(model, 0), point.x)
    y, x = point.x[0].tolist(), model.abscissae.tolist()
    scale = 0.15 * ((max(y) - min(y)) or 1.0) / (float(abs(slope).max()) or 1.0)
    towards = [a + scale * float(b) for a, b in zip(y, slope, strict=True)]
    st.markdown("**What would make it more real**")
    charts.draw(
        [
            charts.trace("this curve", "fake", x, y, width=2),
            charts.trace("where D's gradient pulls it", "D", x, towards, width=1.6, dash="dash"),
        ],
        key=f"pull-{model.run.id}",
        alt="The curve, and dashed where D's gradient pulls it",
        x_title="x",
        y_range=charts.steady([*y, *towards]),
        height=230,
        hover="closest",
    )


def _judge(point: Point) -> None:
    """What the judge reads, and how sure it is."""
    answers = scores.judged(point.model.grey(point.x)[0])
    first, second, *_ = sorted(range(len(answers)), key=lambda d: -answers[d])
    sure = f"The **judge** reads a **{first}**, {answers[first]:.1%} sure"
    also = f"; a {second} with {answers[second]:.1%}" if answers[second] >= 0.01 else ""
    other = f" It was asked for a **{point.digit}**." if point.digit is not None and point.digit != first else ""
    st.markdown(f"{sure}{also}.{other}")
