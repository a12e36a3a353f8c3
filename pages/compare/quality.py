"""How the quality of runs went up, or down again, while they trained: from their probes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

import streamlit as st

from gan_core.runs import Run
from pages.compare import columns
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
    "kid1k": Measure("distance to real digits (kid1k)", "Lower is better; at 0 the judge cannot tell samples from real digits.", log=True),
    "coverage1k": Measure("coverage of real digits", "The share of real digits that have a sample near them.", top=1.0),
    "class_accuracy": Measure("class accuracy", "How often the judge reads the digit that was asked for.", top=1.0),
    "sine_rmse": Measure("error of the best fitting sine", "Lower is better: what no sine explains of a curve.", log=True),
    "amplitude": Measure("amplitude of the curves", "Real ones have one amplitude; a flat curve has none."),
    "dead_share": Measure("dead gradients", "The share of samples from which G can learn next to nothing, D being so sure.", top=1.0),
    "ink": Measure("ink", "How bright samples are, as a multiple of real ones.", line=1.0),
}
LEAST = 1e-4  # what a logarithmic axis can show; kid1k is below 0 at times


def chart(runs: list[Run], axis: str) -> None:
    """One number of the probes over the training, of all runs that have it."""
    probes = {run.id: run.probes for run in runs}
    there = [name for name in MEASURES if any(name in probe for found in probes.values() for probe in found)]
    if not there:
        return
    name = st.selectbox("Quality", there, format_func=lambda n: MEASURES[n].title, key="quality", width=420)
    name = name if name in there else there[0]
    measure = MEASURES[name]
    traces = []
    for place, run in enumerate(runs):
        seen = [probe for probe in probes[run.id] if name in probe]
        x = columns.along(run, [probe["seconds" if axis == "seconds" else "step"] for probe in seen], axis)
        y = [max(probe[name], LEAST) if measure.log else probe[name] for probe in seen]
        if seen:
            traces.append(charts.trace(brief(run), f"run{place + 1}", x, y, width=2.2, dash=columns.DASHES[place]))
    values = [v for t in traces for v in t["y"]]
    charts.draw(
        traces,
        key=f"quality-{name}-{axis}-{'-'.join(run.id for run in runs)}",
        alt=f"{measure.title} over {axis}, last values: " + ", ".join(f"{t['name']} {t['y'][-1]:.3g}" for t in traces) + ".",
        x_title=columns.AXES[axis],
        x_range=(0.0, max(x for t in traces for x in t["x"])),
        y_range=charts.decades(values) if measure.log else (0.0, measure.top) if measure.top else charts.steady(values, 0.0),
        y_title=measure.title,
        line=measure.line,
        log=measure.log,
        height=320,
    )
    without = [brief(run) for run in runs if not any(name in probe for probe in probes[run.id])]
    st.caption(measure.about + (f" Not recorded for {' and '.join(without)}." if without else ""))


def story(runs: list[Run]) -> None:
    """What went on between D and G in runs that text 001 saw degenerate, in the numbers of their own probes."""
    probes = {run.id: run.probes for run in runs if run.config.about.degenerates}
    told = [run for run in runs if len(probes.get(run.id, [])) >= 8]
    if not any(run.config.recipe == "published" and not run.config.changed for run in told):
        return
    with st.expander("Why do the published ones degenerate?", icon=":material/troubleshoot:"):
        st.markdown(
            "The text that these come from saw them get worse after a while and did not know why. Their losses put no bound on D: "
            "its **margin**, how much higher it scores real samples than generated ones, grows without end. Then G's gradient dies, "
            "in SSGAN because its loss saturates, in CGAN where the text clips the logarithm; the **ink** of the samples drifts. "
            "Past 10,000 steps all three break down now and then: one CGAN of three drew no digits for 3,500 steps, black squares "
            "among what it drew, and came back. One more term in D's loss, **R1**, keeps the margin small, and G's gradient alive in DCGAN "
            "and CGAN; SSGAN's G needs another loss too."
        )
        st.dataframe(
            [_row(run, probes[run.id]) for run in told],
            hide_index=True,
            alt="How D's margin, G's gradient and the ink went from early to late",
        )
        st.caption("Early: from 5 to 15 % of its steps, late: the last fifth. docs/degeneration.md has the experiments.")


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
        "run": brief(run),
        "D's margin, early → late": from_to("{:.1f}", lambda probe: mean(probe["scores"]["real"]) - mean(probe["scores"]["fake"])),
        "G's gradient": from_to("{:.2f}", lambda probe: probe["pull"], "pull"),
        "dead gradients": from_to("{:.0%}", lambda probe: probe["dead_share"], "dead_share"),
        "ink, late": f"{min(ink):.2f} to {max(ink):.2f}",
    }
