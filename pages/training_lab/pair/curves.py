"""The two charts of a pair: the losses, and what D says, of both runs over one another on one scale.

Solid is the cure, dashed the broken run.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gan_core.runs import OVER, Run
from gan_core.translation import _
from pages.shared import charts, history
from pages.shared.history import History

FAR = 10.0  # times the cure's losses: beyond that both are drawn on a logarithmic axis


def of(broken: Run, cure: Run, labels: tuple[str, str]) -> dict[str, dict[str, Any]]:
    """Both charts as plot.js draws them, by name; `labels` say which run is which at the lines' ends."""
    kept = (history.of(broken), history.of(cure))
    objective = cure.config.settings.objective
    probable = objective.probabilistic and broken.config.settings.objective.probabilistic
    span = (0.0, float(max(_last(broken, kept[0]), _last(cure, kept[1]))))
    losses = _both(kept, labels, [("D/loss", "D", _("D {run}")), ("G/loss", "G", _("G {run}"))])
    opinions = _both(kept, labels, [("D(x)", "real", _("D(x) {run}")), ("D(G(z))", "fake", _("D(G(z)) {run}"))])
    y_range, log = _scale(kept)
    return {
        "losses": _chart(losses, _("Losses"), _("Losses"), span, y_range, log),
        "opinions": _chart(
            opinions,
            _("D on its batch: probability of “real”") if probable else _("D on its batch (no probability)"),
            _("D on its batch"),
            span,
            (0.0, 1.0) if probable else charts.steady([v for t in opinions for v in t["y"]]),
            False,
            [] if objective.undecided is None or not probable else [[objective.undecided, ""]],
        ),
    }


def _last(run: Run, kept: History) -> float:
    """The last step on the axis: what is planned while it trains, what was done afterwards."""
    done = max([1.0, *(float(line["step"]) for line in (*kept.records[-1:], *kept.looks[-1:]))])
    ended = run.status.state in OVER
    return done if ended or run.config.seconds is not None else float(run.config.steps)


def _both(kept: tuple[History, History], labels: tuple[str, str], wanted: Sequence[tuple[str, str, str]]) -> list[charts.Trace]:
    """The curves of both runs: as measured in the first steps, from then on their trailing means, which change nothing already drawn."""
    drawn = []
    for seen, label, dash in ((kept[0], labels[0], "dash"), (kept[1], labels[1], "solid")):
        for name, role, words in wanted:
            title = words.format(run=label)
            first = [(x, y) for x, y in zip(*seen.curve(name), strict=True) if x <= history.RAW]
            then = list(zip(*seen.smoothed(name), strict=True))
            x, y = zip(*(first + then), strict=True) if first or then else ((), ())
            drawn.append(charts.trace(title, role, x, y, label=title, dash=dash, width=2.4))
    return drawn


def _scale(kept: tuple[History, History]) -> tuple[tuple[float, float], bool]:
    """The range of the losses that shows both runs, in powers of ten where the broken run's are of another size; and whether it is so."""
    broken, cure = ([v for name in ("D/loss", "G/loss") for v in seen.curve(name)[1]] for seen in kept)
    both = [v for v in (*broken, *cure) if math.isfinite(v)]
    if broken and cure and min(both) > 0 and max(broken) > FAR * max(cure):
        return charts.decades(both), True
    return charts.steady([*broken, *cure], 0.0), False


def _chart(
    traces: list[charts.Trace],
    title: str,
    brief: str,
    span: tuple[float, float],
    y_range: tuple[float, float],
    log: bool,
    levels: list[list[Any]] | None = None,
) -> dict[str, Any]:
    return charts.packed(traces) | {
        "title": title,
        "brief": brief,
        "alt": charts.newest(traces, title),
        "x_range": span,
        "y_range": y_range,
        "x_title": "",
        "y_title": "",
        "log": log,
        "levels": levels or [],
    }
