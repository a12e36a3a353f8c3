"""The curves of a training: the losses, and what D says."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from gan_core.runs import Run
from pages.shared import charts, history
from pages.shared.history import History

LOSSES = "**Losses** of :blue[the discriminator] and :orange[the generator]"


@dataclass(frozen=True)
class View:
    """How the viewer wants the curves."""

    smooth: bool = True
    cap: bool = True
    log: bool = False


def heading(run: Run) -> View:
    """The words over the losses, and beside them what the viewer can choose of the charts."""
    signed = run.config.settings.objective.signed
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(LOSSES)
        chosen = st.popover("Chart options", icon=":material/tune:")
    with chosen:
        smooth = st.toggle("Smooth", True, key="smooth", persist_state="page", help="A rolling mean; what was measured stays, faint.")
        cap = st.toggle("Cap outliers", True, key="cap", persist_state="page", help="The axis spans the middle 98 % of the values.")
        log = st.toggle(
            "Logarithmic losses",
            False,
            key="log",
            persist_state="page",
            disabled=signed,
            help="This loss may be negative, and negative numbers have no logarithm." if signed else None,
        )
    return View(smooth, cap, log and not signed)


def span(run: Run, kept: History) -> tuple[float, float]:
    """The steps on the axis: all that are planned, or, where time decides, round numbers that change seldom."""
    config = run.config
    last = kept.records[-1]["step"] if kept.records else 1.0
    if config.seconds is None or run.status.state in ("finished", "stopped"):
        return 0.0, float(max(last, config.steps if config.seconds is None else last))
    return 0.0, charts.steady([0.0, last])[1]


def losses(run: Run, view: View, height: int = 235) -> None:
    """D's and G's loss; their terms lie folded in the legend."""
    kept = history.of(run)
    if not kept.records:
        st.info("The curves begin with the first steps.", icon=":material/show_chart:")
        return
    drawn = [*_loss(kept, "D/", "D", view), *_loss(kept, "G/", "G", view)]
    values = [v for t in drawn if not t.get("folded") for v in t["y"]]
    charts.draw(
        drawn,
        key=f"loss-{run.id}",
        alt=said(drawn, "Losses"),
        x_range=span(run, kept),
        y_range=charts.decades(values) if view.log else charts.steady(values, 0.0) if view.cap else _all(values),
        y_title="loss",
        log=view.log,
        height=height,
        follow=run.id,
    )


def verdicts(run: Run, view: View, height: int = 205) -> None:
    """What D says of real and of generated samples, and where it can no longer tell them apart."""
    kept = history.of(run)
    if not kept.records:
        return
    objective = run.config.settings.objective
    probabilities = objective.probabilistic
    what = "Probability of “real” that D gives" if probabilities else f"{objective.score_noun.capitalize()} (not a probability) for"
    st.markdown(f"**{what}** real samples x and generated samples G(z)")
    drawn = [
        *_pair(kept, "D(x)", "D(x), real", "D", view),
        *_pair(kept, "D(G(z))", "D(G(z)), generated", "G", view, dash="dash"),
    ]
    charts.draw(
        drawn,
        key=f"verdicts-{run.id}",
        alt=said(drawn, "What D says"),
        x_range=span(run, kept),
        y_range=(0.0, 1.0) if probabilities else charts.steady([v for t in drawn for v in t["y"]]),
        line=objective.undecided,
        y_title="probability" if probabilities else "value",
        height=height,
        follow=run.id,
    )
    equilibrium = "Equilibrium, the dotted line: D can no longer tell the two apart." if objective.undecided is not None else ""
    if caption := f"{objective.score_scale} {equilibrium}".strip():
        st.caption(caption)


def said(traces: list[charts.Trace], what: str) -> str:
    """The newest values of a chart as a sentence, for those who cannot see it."""
    return f"{what}, newest values: " + ", ".join(f"{t['name']} {t['y'][-1]:.3g}" for t in traces if t["y"] and not t.get("quiet")) + "."


def _loss(kept: History, prefix: str, role: str, view: View) -> list[charts.Trace]:
    """The loss of a network, and its terms, folded into the legend, where there is more than one."""
    total = _pair(kept, f"{prefix}loss", f"{role} loss", role, view)
    terms = [name for name in kept.names(prefix) if name not in (f"{prefix}loss", f"{prefix}gradient")]
    if len(terms) < 2:
        return total
    return [*total, *(t for n in terms for t in _pair(kept, n, f"{role}: {n.removeprefix(prefix)}", role, view, folded=True)[-1:])]


def _pair(kept: History, name: str, title: str, role: str, view: View, folded: bool = False, dash: str = "solid") -> list[charts.Trace]:
    """A curve as it was measured, faint, and its rolling mean; or the first alone."""
    x, y = kept.curve(name)
    style = {"width": 1.2, "dash": "dot", "folded": True} if folded else {"dash": dash}
    if not view.smooth:
        return [charts.trace(title, role, x, y, group=title, **style)]
    raw = charts.trace(title, role, x, y, group=title, width=1, opacity=0.3, legend=False, quiet=True)
    return [raw, charts.trace(title, role, *kept.smoothed(name), group=title, **style)]


def _all(values: list[float]) -> tuple[float, float]:
    """A range that holds every value."""
    if not values:
        return 0.0, 1.0
    return min(0.0, *values), max(values) * 1.02 or 1.0
