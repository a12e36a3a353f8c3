"""Charts that stay calm while they are fed: one component around Plotly.react for every curve in the app.

st.plotly_chart builds a new chart at each change, and what the viewer zoomed into or hid is lost. This one keeps it. The colours are
named by role ("D", "G", "real", "fake", or "run1" to "run4") and come from the theme.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from gan_core.translation import _
from pages.shared import components

_chart = components.declare(
    "gan_atelier_chart",
    Path(__file__).with_suffix(".js"),
    html='<div class="chart" role="img"></div>',
    isolate_styles=False,  # plotly.js puts its styles into the page's head
)

LABEL_WIDTH, VALUE_WIDTH = 8, 66  # pixels: of a letter of a label, and of its value

Trace = dict[str, Any]


def trace(name: str, role: str, x: Sequence[float], y: Sequence[float | None], **style: Any) -> Trace:
    """One curve. Style: width, dash, shape ("hv": steps), fill, opacity, dots, legend, group, quiet (no hover), label (see
    draw)."""
    return {"name": name, "role": role, "x": x, "y": y, **style}


def draw(
    traces: list[Trace],
    *,
    key: str,
    alt: str,
    x_title: str = "step",
    y_title: str = "",
    x_range: tuple[float, float] | None = None,
    y_range: tuple[float, float] | None = None,
    line: float | None = None,
    log: bool = False,
    height: int = 300,
    hover: str = "x unified",
    follow: str | None = None,
    labels: bool = False,
) -> None:
    """Draws or redraws the chart of that key. `line` is a dotted level; with `log`, y_range is in powers of ten.

    With `labels` there is no legend: a trace that has a `label` says it, and its last value, at its end.

    `follow` is the id of a run whose steps are this chart's x: then the run's time machine moves a marker on it.
    """
    data = packed(traces) | {
        "alt": alt,
        "x_title": x_title,
        "y_title": y_title,
        "x_range": x_range,
        "y_range": y_range,
        "line": line,
        "log": log,
        "height": height,
        "hover": hover,
        "follow": follow,
        "labels": labels,
        "room": LABEL_WIDTH * max((len(t.get("label", "")) for t in traces), default=0) + VALUE_WIDTH,
        "revision": key,
    }
    _chart(key=key, data=data, height=height)


def packed(traces: list[Trace]) -> dict[str, Any]:
    """The curves as plot.js takes them: those that share their x share one copy of it, half of what would be sent."""
    xs: list[Sequence[float]] = []
    for t in traces:
        if t["x"] not in xs:
            xs.append(t["x"])
    return {"xs": xs, "traces": [t | {"x": xs.index(t["x"])} for t in traces]}


def newest(traces: list[Trace], what: str) -> str:
    """The newest values of a chart as a sentence, for those who cannot see it; of a curve that has a mean that alone."""
    values = ", ".join(f"{t['name']} {t['y'][-1]:.3g}" for t in traces if t["y"] and not t.get("raw") and not t.get("term"))
    return _("{what}. Newest values: {values}.").format(what=what, values=values) if values else what


def steady(values: Iterable[float | None], floor: float | None = None) -> tuple[float, float]:
    """A range for an axis that changes seldom: round numbers around the bulk (1st to 99th percentile) of the values."""
    known = sorted(v for v in values if v is not None and math.isfinite(v))
    if not known:
        return 0.0, 1.0
    low, high = known[len(known) // 100], known[-1 - len(known) // 100]
    if floor is not None:
        low = min(floor, low)
    step = _round_up((high - low) / 4 or abs(high) or 1.0)
    return math.floor(low / step) * step, math.ceil(high / step) * step


def decades(values: Iterable[float | None]) -> tuple[float, float]:
    """Whole powers of ten around positive values, for a logarithmic axis."""
    known = [math.log10(v) for v in values if v is not None and math.isfinite(v) and v > 0]
    return (math.floor(min(known)), math.floor(max(known)) + 1) if known else (-3.0, 1.0)


def _round_up(value: float) -> float:
    """The next of ... 0.1, 0.2, 0.5, 1, 2, 5, 10 ..."""
    unit = 10.0 ** math.floor(math.log10(value))
    return next(unit * m for m in (1.0, 2.0, 5.0, 10.0) if unit * m >= value * 0.999)
