"""The curves of a training, as the stage draws them: the game, the samples, their distances to real ones, the gradients.

Each chart is data for stage_panels.js: curves as measured (`raw`), their trailing means (`smooth`), the terms of a loss (`term`). The
viewer chooses among them in the browser, so that a choice asks nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gan_core.runs import OVER, Run, Status
from gan_core.translation import _
from pages.shared import charts
from pages.shared.history import History

Chart = dict[str, Any]
OLD = 2 / 3  # a probe from before this share of the run is shown as an old one


def panels(run: Run) -> dict[str, list[str]]:
    """The names of the two charts on each panel."""
    if run.config.about.kind == "curves":
        return {"game": ["losses", "opinions"], "samples": ["error", "phases"], "inside": ["gradients", "histogram"]}
    return {
        "game": ["losses", "opinions"],
        "samples": ["legible", "variety"],
        "distances": ["kid", "coverage"],
        "inside": ["gradients", "histogram"],
    }


def charts_of(run: Run, kept: History, status: Status) -> dict[str, Chart]:
    """Every chart of the stage, by name. One that nothing is known for yet has axes and no curves."""
    config = run.config
    objective = config.settings.objective
    span = _span(run, kept, status)
    losses = [*_loss(kept, "D/", "D", "D"), *_loss(kept, "G/", "G", "G")]
    opinions = [
        *_pair(kept, "D(x)", _("D(x), real samples"), "D(x)", "real"),
        *_pair(kept, "D(G(z))", _("D(G(z)), generated samples"), "D(G(z))", "fake"),
    ]
    probable = objective.probabilistic
    about_D = (
        _("Probability of “real” that D gives its training batch") if probable else _("What D gives its training batch (no probability)")
    )
    if objective.score_scale:
        about_D = _(objective.score_scale)
    levels = objective.undecided_losses or ()
    of_levels = (_("D's loss if it cannot tell them apart"), _("G's loss then"))
    found = {
        "losses": _chart(
            losses,
            _("Losses of the discriminator D and the generator G"),
            _("Losses"),
            span,
            _without_terms(losses, levels),
            loss=True,
            signed=objective.signed,
            levels=[[level, words] for level, words in zip(levels, of_levels, strict=False)],
        ),
        "opinions": _chart(
            opinions,
            about_D,
            _("D on its batch"),
            span,
            (0.0, 1.0) if probable else charts.steady([v for t in opinions for v in t["y"]]),
            levels=[] if objective.undecided is None else [[objective.undecided, _("D cannot tell them apart")]],
        ),
        "gradients": _gradients(kept, span),
    }
    if config.about.kind == "curves":
        found |= {
            "error": _looked(kept, span, _("Error: distance to the best fitting sine"), {"rmse": (_("error"), "")}, log=True),
            "phases": _looked(kept, span, _("How many of 8 phases the curves cover"), {"phases": (_("phases"), "")}, (0.0, 8.4)),
        }
    else:
        found |= {
            "legible": _looked(kept, span, _("Share of this grid that can be read"), {"legible": (_("legible"), "")}, share=True),
            "variety": _looked(
                kept, span, _("Variety and ink, 1: as real images"), {"variety": (_("variety"), ""), "ink": (_("ink"), "dot")}
            ),
            "kid": _probed(
                kept, span, _("Distance to real digits (kid1k), at each look at 1,000 samples"), {"kid1k": ("kid1k", None)}, log=True
            ),
            "coverage": _probed(
                kept,
                span,
                _("Coverage of real digits, precision, recall"),
                {"coverage1k": (_("coverage"), None), "precision1k": (_("precision"), "run1"), "recall1k": (_("recall"), "run2")},
            ),
        }
    return {name: chart | {"name": name} for name, chart in found.items()}


def _chart(traces: list[charts.Trace], title: str, brief: str, span: tuple[float, float], y_range: Any, **more: Any) -> Chart:
    return (
        charts.packed(traces)
        | {
            "title": title,
            "brief": brief,
            "alt": charts.newest(traces, title),
            "x_range": span,
            "y_range": y_range,
            "x_title": "",
            "y_title": "",
            "log": False,
            "loss": False,
            "signed": False,
            "levels": [],
        }
        | more
    )


def _span(run: Run, kept: History, status: Status) -> tuple[float, float]:
    """The steps on the axis: all that are planned; where time decides, round numbers that change seldom; at the end all that was done."""
    config = run.config
    lines = (*kept.records[-1:], *kept.looks[-1:], *kept.probes[-1:])
    last = max([1.0, float(status.step), *(float(line["step"]) for line in lines)])
    if status.state in OVER:
        return 0.0, last
    return 0.0, float(config.steps) if config.seconds is None else charts.steady([0.0, last])[1]


def _loss(kept: History, prefix: str, network: str, label: str) -> list[charts.Trace]:
    """The loss of a network, and its terms where there is more than one."""
    total = _pair(kept, f"{prefix}loss", _("loss of {network}").format(network=network), label, network)
    terms = [name for name in kept.names(prefix) if name not in (f"{prefix}loss", f"{prefix}gradient")]
    if len(terms) < 2:
        return total
    dashes = ("dot", "dash", "dashdot", "longdash")
    for i, name in enumerate(terms):
        x, y = kept.smoothed(name)
        title = f"{network}: {name.removeprefix(prefix)}"
        total.append(charts.trace(title, network, x, y, label=title, group=title, width=1.4, dash=dashes[i % 4], term=True))
    return total


def _pair(kept: History, name: str, title: str, label: str, role: str, dash: str = "solid") -> list[charts.Trace]:
    """A curve as it was measured, and its trailing mean."""
    x, y = kept.curve(name)
    return [
        charts.trace(title, role, x, y, label=label, group=title, dash=dash, raw=True),
        charts.trace(title, role, *kept.smoothed(name), label=label, group=title, dash=dash, smooth=True),
    ]


def _without_terms(traces: list[charts.Trace], levels: Sequence[float]) -> tuple[float, float]:
    return charts.steady([*(v for t in traces if not t.get("term") for v in t["y"]), *levels], 0.0)


def _gradients(kept: History, span: tuple[float, float]) -> Chart:
    """The norms of both gradients. Near zero a network no longer learns; growing without end, it is about to break."""
    drawn = [
        charts.trace("D", "D", *kept.curve("D/gradient"), label="D"),
        charts.trace("G", "G", *kept.curve("G/gradient"), label="G"),
    ]
    y_range = charts.decades([v for t in drawn for v in t["y"]])
    return _chart(drawn, _("Norm of each network's gradient"), _("Gradients"), span, y_range, log=True)


def _looked(
    kept: History,
    span: tuple[float, float],
    title: str,
    names: dict[str, tuple[str, str]],
    y_range: tuple[float, float] | None = None,
    *,
    share: bool = False,
    log: bool = False,
) -> Chart:
    """What each look at the sample grid found."""
    drawn = []
    for name, (label, dash) in names.items():
        lines = [(look["step"], look[name] / look["n"] if share else look[name]) for look in kept.looks if look.get(name) is not None]
        x, y = [step for step, _v in lines], [value for _s, value in lines]
        drawn.append(charts.trace(label, "text", x, y, label=label, group=label, width=2.4, dash=dash or "solid"))
    values = [v for t in drawn for v in t["y"]]
    y_range = y_range or ((0.0, 1.02) if share else charts.decades(values) if log else charts.steady([*values, 1.0], 0.0))
    return _chart(drawn, title, title, span, y_range, log=log, percent=share)


def _probed(kept: History, span: tuple[float, float], title: str, names: dict[str, tuple[str, str | None]], *, log: bool = False) -> Chart:
    """What the rare looks at 1,000 samples found: dots, since nothing is known between them; an old one says its step."""
    drawn = []
    for name, (label, role) in names.items():
        x, y = kept.probed(name)
        old = bool(x) and x[-1] < OLD * max([line["step"] for line in (*kept.records[-1:], *kept.looks[-1:])] or [0])
        words = _("step {step}: {label}").format(step=f"{x[-1]:,.0f}", label=label) if old else label
        drawn.append(charts.trace(label, role or "text", x, y, label=words, group=label, dots="only", faded=0.45 if old else 1.0))
    values = [v for t in drawn for v in t["y"]]
    return _chart(drawn, title, title, span, charts.decades(values) if log else (0.0, 1.02), log=log)
