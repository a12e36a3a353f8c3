"""How each D tells samples from real data now: the spread of its scores, the shares on one scale for all."""

from __future__ import annotations

import streamlit as st

from gan_core.data import DATA_SETS
from gan_core.errors import AtelierError
from gan_core.runs import Run
from gan_core.translation import _
from pages.shared import charts, histogram, models
from pages.shared.models import Verdicts
from pages.shared.run_picker import brief

SCORED = 500  # samples shown to D


def draw(runs: list[Run], seed: int) -> None:
    """A histogram for each run that can be loaded; the rule for reading them stands above."""
    st.subheader(_("Can D tell them apart?"))
    st.caption(
        _(
            "Each D scores {n} real samples (grey) and {n} samples of its own G (orange). Far apart: D tells them easily. "
            "On top of each other: D cannot tell them."
        ).format(n=SCORED)
    )
    known: list[tuple[Run, Verdicts, tuple[float, float], list[charts.Trace]]] = []
    for run in runs:
        try:
            found = models.verdicts(run, seed, SCORED)
        except AtelierError:
            continue  # the card of this run says why
        probable = run.config.settings.objective.probabilistic
        low, high = (0.0, 1.0) if probable else histogram.ends([*found.own, *found.real])
        shown = [(_("real"), "real", found.real), (_("generated"), "fake", found.own)]
        traces = [
            charts.trace(name, role, *histogram.steps(v, low, high), shape="hv", fill=True, width=1.4) for name, role, v in shown if v
        ]
        known.append((run, found, (low, high), traces))
    top = max((max(t["y"]) for *_others, traces in known for t in traces), default=1.0)
    with st.grid(columns=max(1, len(known)), min_column_width=260, gap="medium"):
        for run, found, ends, traces in known:
            with st.container():
                st.markdown(f"**{brief(run)}**")
                _histogram(run, found, traces, ends, top)


def _histogram(run: Run, found: Verdicts, traces: list[charts.Trace], ends: tuple[float, float], top: float) -> None:
    objective = run.config.settings.objective
    means = [_mean(v) if v else "–" for v in (found.real, found.own)]
    charts.draw(
        traces,
        key=f"scores-{run.id}",
        alt=_("What D of {run} says on average: of real samples {real}, of its own {own}.").format(
            run=brief(run), real=means[0], own=means[1]
        ),
        x_title=_("D's probability of “real”") if objective.probabilistic else _("D's value, no probability"),
        y_title=_("share"),
        x_range=ends,
        y_range=(0.0, 1.05 * top),
        height=230,
        hover="closest",
    )
    own = DATA_SETS[run.config.data].title
    if not found.data:
        st.caption(_("{data} is not on this machine, so D cannot be asked about real samples.").format(data=_(own)))
    elif found.data != run.config.data:
        st.caption(
            _("{data} is not on this machine. The real samples are from: {other}.").format(
                data=_(own), other=_(DATA_SETS[found.data].title)
            )
        )


def _mean(values: list[float]) -> str:
    return f"{sum(values) / len(values):.3g}"
