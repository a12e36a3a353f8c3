"""A training on the screen: where it stands. Reads the run's folder; keeps nothing itself."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gan_core import jobs, pictures
from gan_core.runs import LIVE, Run, Status
from pages.shared import charts

WORDS = {
    "queued": ("Waiting", ":material/hourglass_top:", "gray"),
    "starting": ("Starting", ":material/hourglass_top:", "gray"),
    "running": ("Training", ":material/play_circle:", "green"),
    "paused": ("Paused", ":material/pause_circle:", "blue"),
    "finished": ("Finished", ":material/check_circle:", "green"),
    "stopped": ("Stopped", ":material/stop_circle:", "orange"),
    "failed": ("Failed", ":material/error:", "red"),
    "lost": ("Ended without a word", ":material/help:", "red"),
}


def state(run: Run, status: Status) -> str:
    """Where it stands, as a badge in Markdown."""
    word, icon, colour = WORDS[status.state]
    if status.state in LIVE and (wish := run.asked):
        word, icon, colour = "Stopping" if wish == "stop" else "Pausing", ":material/hourglass_bottom:", "orange"
    return f":{colour}-badge[{icon} {word}]"


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
        charts.trace("real", "real", content["x"], y, width=1.5, opacity=0.7, group="real", legend=i == 0, quiet=True)
        for i, y in enumerate(content["real"])
    ]
    drawn += [
        charts.trace("generated", "fake", content["x"], y, width=1.8, opacity=0.8, group="generated", legend=i == 0, quiet=True)
        for i, y in enumerate(content["fake"])
    ]
    low, high = pictures.ends(content["real"] or content["fake"])
    pad = 0.25 * (high - low)
    scale = pictures.ends([[low - pad, high + pad], *content["fake"]])  # real ones hold it still
    charts.draw(drawn, key=key, alt=alt, x_title="x", y_title="y", y_range=scale, height=380, hover="closest")


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        return f"{seconds // 60:.0f} min {seconds % 60:02.0f} s"
    return f"{seconds // 3600:.0f} h {seconds % 3600 // 60:02.0f} min"


def _short(count: int) -> str:
    return f"{count / 1e6:.2f} M" if count >= 1e6 else f"{count:,}"
