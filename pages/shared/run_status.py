"""A training on the screen: where it stands. Reads the run's folder; keeps nothing itself."""

from __future__ import annotations

from typing import Any

from gan_core import pictures
from gan_core.runs import LIVE, Run, Status
from gan_core.translation import N_, _
from pages.shared import charts

WORDS = {
    "queued": (N_("Waiting"), ":material/hourglass_top:", "gray"),
    "starting": (N_("Starting"), ":material/hourglass_top:", "gray"),
    "running": (N_("Training"), ":material/fiber_manual_record:", "blue"),
    "paused": (N_("Paused"), ":material/pause_circle:", "gray"),
    "finished": (N_("Finished"), ":material/check_circle:", "gray"),
    "stopped": (N_("Stopped"), ":material/stop_circle:", "gray"),
    "failed": (N_("Failed"), ":material/error:", "red"),
    "lost": (N_("Lost"), ":material/error:", "red"),
}
"a word, a sign and a colour for each state: blue where it trains, red where it broke off, else none (docs/decisions/0025-colours.md)"
WISHES = {"pause": N_("Pausing"), "stop": N_("Stopping")}


def state(run: Run, status: Status) -> str:
    """Where it stands, as a badge in Markdown."""
    word, icon, colour = WORDS[status.state]
    if status.state in LIVE and (wish := run.asked):
        word, icon, colour = WISHES[wish], ":material/hourglass_bottom:", "gray"
    return f":{colour}-badge[{icon} {_(word)}]"


def word(status: Status) -> str:
    """Where it stands, in a word or two."""
    return _(WORDS[status.state][0])


def sampled_curves(content: dict[str, Any], key: str, alt: str) -> None:
    """Generated curves over real ones."""
    drawn = [
        charts.trace(_("real"), "real", content["x"], y, width=1.5, opacity=0.7, group="real", legend=i == 0, quiet=True)
        for i, y in enumerate(content["real"])
    ]
    drawn += [
        charts.trace(_("generated"), "fake", content["x"], y, width=1.8, opacity=0.8, group="generated", legend=i == 0, quiet=True)
        for i, y in enumerate(content["fake"])
    ]
    low, high = pictures.ends(content["real"] or content["fake"])
    pad = 0.25 * (high - low)
    scale = pictures.ends([[low - pad, high + pad], *content["fake"]])  # real ones hold it still
    charts.draw(drawn, key=key, alt=alt, x_title="x", y_title="y", y_range=scale, height=380, hover="closest")


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 60:
        return _("{seconds} s").format(seconds=f"{seconds:.0f}")
    if seconds < 3600:
        return _("{minutes} min {seconds} s").format(minutes=f"{seconds // 60:.0f}", seconds=f"{seconds % 60:02.0f}")
    return _("{hours} h {minutes} min").format(hours=f"{seconds // 3600:.0f}", minutes=f"{seconds % 3600 // 60:02.0f}")
