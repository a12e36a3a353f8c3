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
from pages.shared import digit_input, images, links, models, run_picker

WORST = 12
PUBLISHED = {20: 0.1677, 50: 0.0221, 100: 0.0093}
"labels -> error. Salimans et al. 2016, arXiv:1606.03498, Table 1, mean of ten choices of labels"
ALL = 60_000
MARGIN = {"l": 8, "r": 8, "t": 8, "b": 8}
COLOURS = {"D": "#0072b2", "alone": "#7a808c", "published": "#d55e00"}
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
        st.info("There is no trained SSGAN here yet.", icon=":material/info:")
        links.draw(links.LAB, "Train SSGAN", variant="ssgan")
        return
    run = run_picker.menu(runs, "Whose D")
    digits = digit_input.real_digits()
    told = "all its training images" if run.config.label_budget is None else f"{run.config.label_budget:,} of its training images"
    st.markdown(f"Trained as a GAN's discriminator that was told the digit of **{told}**; nothing else made it a classifier.")
    if not digits.unseen:
        known = (run.evaluation or {}).get("ssgan_test_error")
        st.info(
            "MNIST's test images are not on this machine, so D cannot be tested here."
            + (f" Where it was evaluated, its error was {known:.2%}." if known is not None else ""),
            icon=":material/info:",
        )
        return
    try:
        reading = _read(str(run.folder), run.weights.name if run.weights else "")
    except AtelierError as error:
        st.error(str(error), icon=":material/error:")
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.metric("Test error", f"{reading.error:.2%}", help="The share of MNIST's 10,000 test images that it names wrongly.")
        _confusion(reading.confusion)
    with right:
        st.markdown("**Its worst mistakes**")
        st.caption("What it was surest of and wrong about, and what the images are.")
        with st.grid(columns=4, min_column_width=70, gap="small"):
            for row, is_, said, sure in reading.worst[:WORST]:
                with st.container():
                    images.array(digits.pixels[row], f"Test image {row}, a {is_}, taken for a {said}", 70)
                    st.caption(f"{is_}, not {said}  \n{math.floor(1000 * sure) / 10:.1f} %")


@st.cache_data(max_entries=16, show_spinner="D reads 10,000 test images, once …")
def _read(folder: str, weights: str) -> Reading:
    digits = digit_input.real_digits()
    return scores.read(models.opened(Run(folder)), digits.pixels, digits.labels)


def _confusion(counts: np.ndarray) -> None:
    import plotly.graph_objects as go

    wrong = counts / np.maximum(1, counts.sum(1, keepdims=True)) * (1 - np.eye(len(counts)))
    names = [str(i) for i in range(len(counts))]
    drawn = go.Heatmap(
        z=wrong,
        x=names,
        y=names,
        text=[[str(n) if n else "" for n in row] for row in counts.tolist()],
        texttemplate="%{text}",
        showscale=False,
        colorscale=[[0, "#1f2229"], [1, "#0072b2"]] if st.context.theme.type == "dark" else [[0, "#f4f3f7"], [1, "#0072b2"]],
        xgap=2,
        ygap=2,
        hovertemplate="is %{y}, said %{x}: %{text}<extra></extra>",
    )
    figure = go.Figure(drawn)
    figure.update_layout(height=430, margin=MARGIN)
    figure.update_yaxes(autorange="reversed", title="what it is", dtick=1)
    figure.update_xaxes(title="what D says", dtick=1)
    most, i, j = max((int(counts[i, j]), i, j) for i in range(10) for j in range(10) if i != j)
    alt = f"Confusions of ten digits; the most frequent: {most} times a {i} taken for a {j}."
    st.plotly_chart(figure, key="confusion", config={"displayModeBar": False}, alt=alt)
    st.caption("Counts; the colour is of mistakes only, the diagonal is what it named rightly.")


def few_labels() -> None:
    """The curve of the error over the number of labels, from the results that ship, beside the published one."""
    import plotly.graph_objects as go

    st.subheader("With few labels")
    records = results()
    if not records:
        st.info("No results come with this copy of the project: `python -m benchmarks.labels` trains them.", icon=":material/info:")
        return
    curves = [
        ("The same network, labelled images alone", "alone", "dot", curve(records, "alone")),
        ("SSGAN: the others too, without labels", "D", "solid", curve(records, "error")),
        ("Salimans et al. 2016", "published", "dash", {n: [error] for n, error in PUBLISHED.items()}),
    ]
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
            line={"color": COLOURS[role], "dash": dash},
            marker={"size": 8, "symbol": "star" if role == "published" else "circle"},
            error_y={"type": "data", "symmetric": False, "arrayminus": low, **spread},
            hovertemplate="%{y:.2f} %",
        )
    ticks = {20: "20", 50: "50", 100: "100", 1000: "1,000", ALL: "all"}
    figure.update_xaxes(type="log", title="labelled images, of 60,000", tickvals=list(ticks), ticktext=list(ticks.values()))
    levels = [0.5, 1, 2, 5, 10, 20, 50]
    figure.update_yaxes(type="log", title="test error, %", tickvals=levels, ticktext=[f"{v:g}" for v in levels])
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    figure.update_layout(height=400, margin=MARGIN, legend=legend, hovermode="x")
    alt = " ".join(
        f"{title}: {', '.join(f'{mean(v):.1%} with {ticks.get(n, n)} labels' for n, v in points.items())}."
        for title, _, _, points in curves
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
        f"Each point is {'one training' if seeds == 1 else f'the mean of up to {seeds} trainings'} of {records[0]['steps']:,} steps of "
        f"batch {records[0]['batch']} on one processor core, with feature matching for G."
    ]
    ours, alone = curve(records, "error"), curve(records, "alone")
    if 100 in ours:
        error, other = mean(ours[100]), mean(alone[100])
        words.append(
            f"With 100 labels ours errs on {error:.1%}, {error / PUBLISHED[100]:.0f} times as often as published ({PUBLISHED[100]:.2%}). "
            "There D is larger, has noise before every layer and weight normalisation, and trains about a hundred times as long."
        )
        worth = "that distance is what the unlabelled ones are worth" if error < other else "here the unlabelled ones did not help"
        words.append(f"The same network that sees nothing but the 100 labelled images errs on {other:.1%}: {worth}.")
    if ALL in ours:
        words.append(f"With all labels it is {mean(ours[ALL]):.1%} against {mean(alone[ALL]):.1%}: then there is nothing left to gain.")
    return " ".join(words)
