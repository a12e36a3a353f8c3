"""The small curves of a training: what the samples are like, and how strong the gradients are."""

from __future__ import annotations

import streamlit as st

from gan_core.runs import Run
from pages.shared import charts, history
from pages.shared.history import History
from pages.training_lab.run.losses import said, span

PROBED = (
    ("**Distance to real digits**, kid1k", {"kid1k": "kid1k"}, "log"),
    ("**Coverage** of the real digits", {"coverage1k": "coverage", "precision1k": "precision", "recall1k": "recall"}, "share"),
    ("**Class accuracy**, the share read as the digit asked for", {"class_accuracy": "class accuracy"}, "share"),
    ("**Digits covered**, of ten", {"digits_covered": "digits covered"}, "ten"),
    ("**Error of the best fitting sine**", {"sine_rmse": "sine RMSE"}, "log"),
    ("**Do the phases repeat?** 1: all the same", {"phase_concentration": "phase concentration"}, "share"),
    ("**Ink and variety**, as multiples of real images'", {"ink": "ink", "spread": "variety"}, "from zero"),
)


def draw(run: Run, height: int = 185) -> None:
    """What the samples are like, as the probes saw it, and the norms of both gradients: small charts beside each other."""
    shown = _probed(run)
    with st.grid(columns=min(2, 1 + len(shown)), min_column_width=230, gap="small"):
        for title, names, kind in shown:
            with st.container():
                st.markdown(title)
                _probes(run, history.of(run), names, kind, height)
        with st.container():
            _gradients(run, height)


def _probed(run: Run) -> list[tuple[str, dict[str, str], str]]:
    """The charts of what the probes saw: title, names of the values with their words, kind of the scale."""
    kept = history.of(run)
    shown = [chart for chart in PROBED if any(kept.probed(name)[0] for name in chart[1])]
    if run.config.data == "sine-fixed":
        return shown[:1]  # one sine has one phase
    if any(kind == "ten" for _, _, kind in shown):
        return [chart for chart in shown if chart[2] != "from zero"]  # the judge says more
    return shown


def _gradients(run: Run, height: int) -> None:
    """The norms of both gradients."""
    kept = history.of(run)
    if not kept.records:
        return
    drawn = [
        charts.trace("D", "D", *kept.curve("D/gradient")),
        charts.trace("G", "G", *kept.curve("G/gradient"), dash="dash"),
    ]
    st.markdown("**Gradient norms**", help="Near zero a network no longer learns; growing without end, it is about to break.")
    charts.draw(
        drawn,
        key=f"gradient-{run.id}",
        alt=said(drawn, "Gradient norms"),
        x_range=span(run, kept),
        y_range=charts.decades([v for t in drawn for v in t["y"]]),
        log=True,
        height=height,
        follow=run.id,
    )


def _probes(run: Run, kept: History, names: dict[str, str], kind: str, height: int) -> None:
    roles = ("run3", "D", "G")
    drawn = [
        charts.trace(title, role, *kept.probed(name), width=2.0, dots=True, folded=i > 0 and kind == "share", legend=len(names) > 1)
        for i, ((name, title), role) in enumerate(zip(names.items(), roles, strict=False))
    ]
    values = [v for t in drawn for v in t["y"]]
    ranges = {"log": charts.decades(values), "ten": (0.0, 10.5), "share": (0.0, 1.02), "from zero": charts.steady(values, 0.0)}
    charts.draw(
        drawn,
        key=f"probe-{next(iter(names))}-{run.id}",
        alt=said(drawn, "Probes"),
        x_range=span(run, kept),
        y_range=ranges[kind],
        log=kind == "log",
        height=height,
        follow=run.id,
    )
