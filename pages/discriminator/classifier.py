"""SSGAN as a classifier: how often D names a digit wrongly, which it confuses, its worst mistakes, and what few labels cost."""

from __future__ import annotations

import json
import math
from statistics import mean
from typing import Any

import numpy as np
import streamlit as st

from gan_core.errors import AtelierError
from gan_core.runs import Run, folders
from gan_core.trained import scores
from gan_core.trained.scores import Reading
from gan_core.translation import _, ngettext
from pages.shared import digit_input, images, links, models, run_picker

WORST = 12
PUBLISHED = {20: 0.1677, 50: 0.0221, 100: 0.0093}
"labels -> error. Salimans et al. 2016, arXiv:1606.03498, Table 1, mean of ten choices of labels"
ALL = 60_000
MARGIN = {"l": 8, "r": 8, "t": 8, "b": 8}
FEW = "few-labels.json"  # among the shipped runs; written by benchmarks.labels


def candidates() -> list[Run]:
    """The runs whose D names digits."""
    return [
        run for run in run_picker.explorable() if run.config.settings.objective.names_classes and run.config.data in ("mnist", "digits-5k")
    ]


def draw() -> None:
    """The run, its error, its confusions, its worst mistakes."""
    runs = candidates()
    if not runs:
        st.info(_("There is no trained SSGAN here yet."), icon=":material/info:")
        links.draw(links.LAB, _("Train SSGAN"), variant="ssgan")
        return
    run = run_picker.menu(runs, _("Discriminator of"))
    digits = digit_input.real_digits()
    budget = run.config.label_budget
    if budget is None:
        st.markdown(_("This D was trained as part of a GAN. It saw the labels of **all** its training images."))
    else:
        st.markdown(_("This D was trained as part of a GAN. It saw the labels of **{n:,}** of its training images.").format(n=budget))
    if not digits.unseen:
        known = (run.evaluation or {}).get("ssgan_test_error")
        sentences = [_("MNIST's test images are not on this machine, so D cannot be tested here.")]
        if known is not None:
            sentences.append(_("Its evaluation found an error of {error:.2%}.").format(error=known))
        st.info(" ".join(sentences), icon=":material/info:")
        return
    try:
        with st.spinner(_("D classifies 10,000 test images. This is done once.")):
            reading = _read(str(run.folder), run.weights.name if run.weights else "")
    except AtelierError as error:
        st.error(str(error), icon=":material/error:")
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.metric(_("Test error"), f"{reading.error:.2%}", help=_("The share of MNIST's 10,000 test images that D classifies wrongly."))
        _confusion(reading.confusion)
    with right:
        st.markdown(_("**Worst mistakes**"))
        st.caption(_("The wrong answers that D was most sure of."))
        with st.grid(columns=4, min_column_width=70, gap="small"):
            for row, label, answer, sure in reading.worst[:WORST]:
                with st.container():
                    alt = _("Test image {row}: a {label} that D classifies as {answer}").format(row=row, label=label, answer=answer)
                    images.array(digits.pixels[row], alt, 70)
                    told = _("{label}, not {answer}  \n{percent:.1f} %")
                    st.caption(told.format(label=label, answer=answer, percent=math.floor(1000 * sure) / 10))


@st.cache_data(max_entries=16, show_spinner=False)
def _read(folder: str, weights: str) -> Reading:
    digits = digit_input.real_digits()
    return scores.read(models.opened(Run(folder)), digits.pixels, digits.labels)


def _confusion(counts: np.ndarray) -> None:
    import plotly.graph_objects as go

    wrong = counts / np.maximum(1, counts.sum(1, keepdims=True)) * (1 - np.eye(len(counts)))
    names = [str(i) for i in range(len(counts))]
    mode = _mode()
    drawn = go.Heatmap(
        z=wrong,
        x=names,
        y=names,
        text=[[str(n) if n else "" for n in row] for row in counts.tolist()],
        texttemplate="%{text}",
        showscale=False,
        colorscale=[[0, st.get_option(f"theme.{mode}.secondaryBackgroundColor")], [1, st.get_option("theme.light.blueColor")]],
        xgap=2,
        ygap=2,
        hovertemplate=_("label %{y}, answer %{x}: %{text}") + "<extra></extra>",
    )
    figure = go.Figure(drawn)
    figure.update_layout(height=430, margin=MARGIN)
    figure.update_yaxes(autorange="reversed", title=_("label"), dtick=1)
    figure.update_xaxes(title=_("D's answer"), dtick=1)
    most, i, j = max((int(counts[i, j]), i, j) for i in range(10) for j in range(10) if i != j)
    alt = ngettext(
        "Confusion matrix of ten digits. The most frequent mistake: {label} classified as {answer}, once.",
        "Confusion matrix of ten digits. The most frequent mistake: {label} classified as {answer}, {n} times.",
        most,
    ).format(label=i, answer=j, n=most)
    st.plotly_chart(figure, key="confusion", config={"displayModeBar": False}, alt=alt)
    st.caption(_("The numbers are counts of test images. The diagonal holds the right answers; only mistakes are coloured."))


def _mode() -> str:
    """The visitor's theme, "light" or "dark"."""
    return "dark" if st.context.theme.type == "dark" else "light"


def few_labels() -> None:
    """The curve of the error over the number of labels, from the results that ship, beside the published one."""
    import plotly.graph_objects as go

    st.subheader(_("With few labels"))
    records = results()
    if not records:
        st.info(
            _("This copy of the project has no results with few labels. `python -m benchmarks.labels` makes them."), icon=":material/info:"
        )
        return
    curves = [
        (_("The same network, labelled images only"), "alone", "dot", curve(records, "alone")),
        (_("SSGAN, unlabelled images too"), "D", "solid", curve(records, "error")),
        (_("Salimans et al. 2016"), "published", "dash", {n: [error] for n, error in PUBLISHED.items()}),
    ]
    blue, *_roles, teal, _violet, magenta = st.get_option(f"theme.{_mode()}.chartCategoricalColors")
    colours = {"D": blue, "alone": teal, "published": magenta}
    figure = go.Figure()
    for title, role, dash, points in curves:
        y = [100 * mean(v) for v in points.values()]
        spread = {
            "array": [100 * max(v) - m for v, m in zip(points.values(), y, strict=True)],
            "visible": any(map(_several, points.values())),
        }
        low = [m - 100 * min(v) for v, m in zip(points.values(), y, strict=True)]
        figure.add_scatter(
            x=list(points),
            y=y,
            name=title,
            mode="lines+markers",
            line={"color": colours[role], "dash": dash},
            marker={"size": 8, "symbol": "star" if role == "published" else "circle"},
            error_y={"type": "data", "symmetric": False, "arrayminus": low, **spread},
            hovertemplate="%{y:.2f} %",
        )
    ticks = {20: "20", 50: "50", 100: "100", 1000: "1,000", ALL: _("all")}
    figure.update_xaxes(type="log", title=_("labelled images, of 60,000"), tickvals=list(ticks), ticktext=list(ticks.values()))
    levels = [0.5, 1, 2, 5, 10, 20, 50]
    figure.update_yaxes(type="log", title=_("test error, %"), tickvals=levels, ticktext=[f"{v:g}" for v in levels])
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    figure.update_layout(height=400, margin=MARGIN, legend=legend, hovermode="x")
    point = _("{error:.1%} with {n} labels")
    alt = " ".join(
        f"{title}: {', '.join(point.format(error=mean(v), n=ticks.get(n, n)) for n, v in points.items())}."
        for title, _role, _dash, points in curves
    )
    st.plotly_chart(figure, key="few-labels", config={"displayModeBar": False}, alt=alt)
    st.caption(where_we_stand(records))


def _several(values: list[float]) -> bool:
    return len(values) > 1


def curve(records: list[dict[str, Any]], name: str) -> dict[int, list[float]]:
    """Number of labels -> that error of each seed, in the order of the numbers."""
    numbers = sorted({r["labels"] or ALL for r in records})
    return {n: [r[name] for r in records if (r["labels"] or ALL) == n] for n in numbers}


def results() -> list[dict[str, Any]]:
    """The shipped results of benchmarks.labels; empty where there are none that can be read."""
    try:
        records = json.loads((folders.SHIPPED / FEW).read_text(encoding="utf-8"))
        return [r for r in records if {"labels", "seed", "steps", "batch", "error", "alone"} <= r.keys()]
    except (OSError, ValueError, AttributeError, TypeError):
        return []


def where_we_stand(records: list[dict[str, Any]]) -> str:
    """How far these results are from what was published, and why, in words."""
    seeds = len({r["seed"] for r in records})
    words = [
        ngettext(
            "Each point is one training of {steps:,} steps with batches of {batch}, on one processor core. G learns by feature matching.",
            "Each point is the mean of up to {n} trainings of {steps:,} steps with batches of {batch}, on one processor core. "
            "G learns by feature matching.",
            seeds,
        ).format(n=seeds, steps=records[0]["steps"], batch=records[0]["batch"])
    ]
    ours, alone = curve(records, "error"), curve(records, "alone")
    if 100 in ours:
        error, other = mean(ours[100]), mean(alone[100])
        words.append(
            _(
                "With 100 labels our error is {error:.1%}, {times:.0f} times the published {published:.2%}. The published D is larger, has "
                "noise before every layer and weight normalisation, and trains about a hundred times as long."
            ).format(error=error, times=error / PUBLISHED[100], published=PUBLISHED[100])
        )
        if error < other:
            told = _("The same network, trained on the 100 labelled images only, has an error of {error:.1%}: unlabelled images help.")
        else:
            told = _(
                "The same network, trained on the 100 labelled images only, has an error of {error:.1%}: unlabelled images do not help."
            )
        words.append(told.format(error=other))
    if ALL in ours:
        told = _("With all labels the error is {error:.1%} for SSGAN and {alone:.1%} for the network alone: no unlabelled images are left.")
        words.append(told.format(error=mean(ours[ALL]), alone=mean(alone[ALL])))
    return " ".join(words)
