"""A training on the screen: where it stands. Reads the run's folder; keeps nothing itself."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gan_core import jobs, pictures
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


def heading(run: Run, status: Status, brief: bool = False) -> None:
    """State, progress and pace."""
    config = run.config
    waiting = f"Number {place} in the queue." if status.state == "queued" and (place := jobs.position(run)) else ""
    st.markdown(f"{state(run, status)}  {' '.join(words for words in (waiting, status.message) if words)}")
    done = status.step / config.steps
    if config.seconds is not None:
        done = max(done, status.seconds / config.seconds)
    aim = f"of {config.steps:,} steps" if config.seconds is None else f"steps, {status.seconds:,.0f} of {config.seconds:,.0f} s"
    where = f" on {status.device}" if status.device else ""
    st.progress(1.0 if status.state == "finished" else min(1.0, done), text=f"{status.step:,} {aim}{where}")
    if brief:
        return
    with st.container(horizontal=True, gap="medium"):
        if status.state == "running":
            st.metric("Steps/s", f"{status.rate:,.0f}" if status.rate else "–", width="content")
            st.metric("Time left", duration(status.eta) if status.eta is not None else "–", width="content")
        st.metric("Time trained", duration(status.seconds), width="content")
        st.metric("Images seen" if config.about.kind == "images" else "Curves seen", _short(status.images), width="content")


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


def _short(count: int) -> str:
    return f"{count / 1e6:.2f} M" if count >= 1e6 else f"{count:,}"
