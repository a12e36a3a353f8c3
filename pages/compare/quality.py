"""How the quality of runs went up, or down again, while they trained: from their probes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

import streamlit as st

from gan_core.runs import Run
from gan_core.translation import N_, _
from pages.compare import curves
from pages.shared import charts
from pages.shared.run_picker import brief


@dataclass(frozen=True)
class Measure:
    """A number of the probes: how people call it, what it means, and how its axis is drawn."""

    title: str
    about: str
    line: float | None = None
    log: bool = False
    top: float | None = None


MEASURES = {
    "kid1k": Measure(
        N_("distance to real digits (kid1k)"), N_("Lower is better. At 0 the classifier cannot tell samples from real digits."), log=True
    ),
    "coverage1k": Measure(N_("coverage of real digits"), N_("The share of real digits that have a sample near them."), top=1.0),
    "class_accuracy": Measure(N_("class accuracy"), N_("How often the classifier reads the digit that was asked for."), top=1.0),
    "sine_rmse": Measure(N_("error of the best fitting sine"), N_("Lower is better: what no sine explains of a curve."), log=True),
    "amplitude": Measure(N_("amplitude of the curves"), N_("Real curves have one amplitude. A flat curve has none.")),
    "dead_share": Measure(
        N_("dead gradients"), N_("The share of samples from which G learns next to nothing, because D is so sure."), top=1.0
    ),
    "ink": Measure(N_("ink"), N_("How bright samples are, as a multiple of real ones."), line=1.0),
}
LEAST = 1e-4  # what a logarithmic axis can show; kid1k is below 0 at times


def chart(runs: list[Run], axis: str) -> None:
    """One number of the probes over the training, of all runs that have it."""
    probes = {run.id: run.probes for run in runs}
    there = [name for name in MEASURES if any(name in probe for found in probes.values() for probe in found)]
    if not there:
        return
    name = st.selectbox(_("Quality"), there, format_func=lambda n: _(MEASURES[n].title), key="quality", width=420)
    name = name if name in there else there[0]
    measure = MEASURES[name]
    traces = []
    for place, (run, called) in enumerate(zip(runs, curves.short(runs), strict=True)):
        seen = [probe for probe in probes[run.id] if name in probe]
        x = curves.along(run, [probe["seconds" if axis == "seconds" else "step"] for probe in seen], axis)
        y = [max(probe[name], LEAST) if measure.log else probe[name] for probe in seen]
        if seen:
            traces.append(charts.trace(called, f"run{place + 1}", x, y, width=2.2, dash=curves.DASHES[place], dots=True, label=called))
    values = [v for t in traces for v in t["y"]]
    charts.draw(
        traces,
        key=f"quality-{name}-{axis}-{'-'.join(run.id for run in runs)}",
        alt=curves.said(_(measure.title), axis, traces),
        x_title="",
        x_range=(0.0, max(x for t in traces for x in t["x"])),
        y_range=charts.decades(values) if measure.log else (0.0, measure.top) if measure.top else charts.steady(values, 0.0),
        line=measure.line,
        log=measure.log,
        height=320,
        labels=True,
    )
    without = [brief(run) for run in runs if not any(name in probe for probe in probes[run.id])]
    st.caption(_(measure.about))
    if without:
        st.caption(_("Not recorded for: {runs}.").format(runs=", ".join(without)))


def story(runs: list[Run]) -> None:
    """What went on between D and G in runs that text 001 saw degenerate, in the numbers of their own probes."""
    probes = {run.id: run.probes for run in runs if run.config.about.degenerates}
    told = [run for run in runs if len(probes.get(run.id, [])) >= 8]
    if not any(run.config.recipe == "published" and not run.config.changed for run in told):
        return
    with st.expander(_("Why do the published ones degenerate?"), icon=":material/troubleshoot:"):
        st.markdown(
            _(
                "The course that these GANs come from saw them get worse after a while and did not know why. Nothing in their losses "
                "limits D. Its **margin**, how much higher it scores real samples than generated ones, keeps growing. Then G's gradient "
                "dies: in SSGAN because its loss saturates, in CGAN because the course clips the logarithm. The **ink** of the samples "
                "drifts. After 10,000 steps all three break down now and then: one CGAN of three drew no digits for 3,500 steps, then it "
                "recovered."
            )
        )
        st.markdown(
            _(
                "The stable recipe adds one term to D's loss, the gradient penalty **R1**. It keeps the margin small, and G's gradient "
                "alive in DCGAN and CGAN. SSGAN's G needs another loss too."
            )
        )
        st.dataframe(
            [_row(run, probes[run.id]) for run in told],
            hide_index=True,
            alt=_("How D's margin, G's gradient and the ink went from early to late"),
        )
        st.caption(_("Early: from 5 to 15 % of the steps. Late: the last fifth. docs/degeneration.md has the experiments."))


def _row(run: Run, probes: list[dict[str, Any]]) -> dict[str, str]:
    last = probes[-1]["step"]
    early = [probe for probe in probes if 0.05 * last <= probe["step"] <= 0.15 * last] or probes[:1]
    late = [probe for probe in probes if probe["step"] >= 0.8 * last]

    def from_to(form: str, value: Callable[[dict[str, Any]], float], name: str = "") -> str:
        if any(name and name not in probe for probe in (*early, *late)):
            return "–"
        return f"{form.format(median(map(value, early)))} → {form.format(median(map(value, late)))}"

    ink = [probe["ink"] for probe in late]
    return {
        _("run"): brief(run),
        _("D's margin, early → late"): from_to("{:.1f}", lambda probe: mean(probe["scores"]["real"]) - mean(probe["scores"]["fake"])),
        _("G's gradient"): from_to("{:.2f}", lambda probe: probe["pull"], "pull"),
        _("dead gradients"): from_to("{:.0%}", lambda probe: probe["dead_share"], "dead_share"),
        _("ink, late"): _("{low} to {high}").format(low=f"{min(ink):.2f}", high=f"{max(ink):.2f}"),
    }
