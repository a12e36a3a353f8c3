"""How runs learned, their curves over one another: losses, and what D said of real and of generated samples."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from gan_core.runs import Run
from gan_core.translation import N_, _
from pages.shared import charts, history
from pages.shared.run_picker import brief

DASHES = ("solid", "dash", "dot", "dashdot")  # runs are told apart by more than colour
STEPS, SEEN, SECONDS = "steps", "samples seen", "seconds"
AXES = {STEPS: N_("Steps"), SEEN: N_("Real samples shown to D"), SECONDS: N_("Seconds of training")}
UNLIKE = 8  # times as wide: the narrower curve looks flat
BEGINNING = 0.05  # of a run: its losses may jump then, and do not stretch the axis


def axis_name(axis: str) -> str:
    """What the choice of this axis says."""
    return _(AXES[axis])


def short(runs: list[Run]) -> list[str]:
    """The shortest names that tell these runs apart: of their GANs, else of their recipes, else both."""
    kinds = ([_(r.config.about.title) for r in runs], [_(r.config.recipe_title) for r in runs])
    return next((names for names in kinds if len(set(names)) == len(runs)), [brief(r) for r in runs])


def losses(runs: list[Run], axis: str) -> None:
    """The losses of the runs over one another, D's and G's."""
    objectives = dict.fromkeys(run.config.settings.objective.kind for run in runs)
    if len(objectives) > 1:
        st.warning(
            _(
                "These losses cannot be compared: the runs have different objectives ({objectives}). Compare the shapes of the curves. "
                "A lower curve is not a better GAN."
            ).format(objectives=", ".join(objectives)),
            icon=":material/balance:",
        )
    else:
        st.caption(
            _("All runs have the objective {objective}. Still, each loss depends on the run's own opponent: lower is not better.").format(
                objective=next(iter(objectives))
            )
        )
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(_("**Loss** of :blue[the discriminator]"))
        _overlay(runs, [Curve("D/loss")], axis)
    with right:
        st.markdown(_("**Loss** of :orange[the generator]"))
        _overlay(runs, [Curve("G/loss")], axis)


def opinions(runs: list[Run], axis: str) -> None:
    """D(x) and D(G(z)) over the training: probabilities in one chart, critics' values in another."""
    for probable in (True, False):
        alike = [run for run in runs if run.config.settings.objective.probabilistic == probable]
        if not alike:
            continue
        if probable:
            st.markdown(_("**D's probability of “real”**: for real samples x (thick) and for generated ones G(z) (thin)"))
        else:
            st.markdown(_("**D's value**: of real samples x (thick) and of generated ones G(z) (thin)"))
            st.caption(_("These values are no probabilities, and each D has its own scale. Compare how far apart the two curves are."))
        _overlay(alike, [Curve("D(x)"), Curve("D(G(z))", thin=True)], axis, probable, [runs.index(run) for run in alike])


def said(what: str, axis: str, traces: list[charts.Trace]) -> str:
    """A chart for those who cannot see it: what it shows, over which axis, and the last value of each curve."""
    values = ", ".join(f"{t['name']} {t['y'][-1]:.3g}" for t in traces)
    return _("{what} over {axis}, last values: {values}.").format(what=what, axis=_(AXES[axis]).lower(), values=values)


def along(run: Run, x: list[float], axis: str) -> list[float]:
    """Steps or seconds as they are; steps as real samples seen, where the axis shows these."""
    if axis != SEEN:
        return x
    status = run.status
    return [step * status.images / max(1, status.step) for step in x]


class Curve(NamedTuple):
    """A value of the records, and how it is drawn."""

    name: str
    thin: bool = False


def _overlay(runs: list[Run], shown: list[Curve], axis: str, probable: bool = False, places: list[int] | None = None) -> None:
    """Curves of all runs in one chart; a run keeps its colour and dash, by its place among the runs chosen."""
    traces = []
    for place, run, name in zip(places or range(len(runs)), runs, short(runs), strict=True):
        kept = history.of(run)
        for curve in shown:
            x, y = kept.curve(curve.name, SECONDS if axis == SECONDS else "step")
            called = _("{run}, G(z)").format(run=name) if curve.thin else name
            traces.append(
                charts.trace(
                    called, f"run{place + 1}", along(run, x, axis), y, width=1.2 if curve.thin else 2.2, dash=DASHES[place], label=called
                )
            )
    traces = [trace for trace in traces if trace["y"]]
    if not traces:
        st.info(_("These runs have recorded nothing yet."), icon=":material/show_chart:")
        return
    later = [trace["y"][round(BEGINNING * len(trace["y"])) :] for trace in traces]
    spans = [high - low for low, high in (charts.steady(y, 0.0) for y in later)]
    y_range = (0.0, 1.0) if probable else charts.steady([v for y in later for v in y], 0.0)
    charts.draw(
        traces,
        key=f"{'-'.join(c.name for c in shown)}-{probable}-{axis}-{'-'.join(run.id for run in runs)}".replace("/", ""),
        alt=said(" / ".join(c.name for c in shown), axis, traces),
        x_title="",  # the choice of the axis stands above
        x_range=(0.0, max(x for t in traces for x in t["x"])),
        y_range=y_range,
        line=0.5 if probable else None,
        height=320,
        labels=True,
    )
    if not probable and max(spans) > UNLIKE * min(spans):
        st.caption(_("The scales differ widely. Drag over a part of the chart to enlarge it; a double click brings the whole back."))
    if any(not y_range[0] <= v <= y_range[1] for t in traces for v in t["y"]):
        st.caption(_("Single values lie outside this axis."))
