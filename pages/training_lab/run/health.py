"""How a run is doing, in words: the sentence, what it rests on, why, and what to try, which one click does in a new run."""

from __future__ import annotations

import streamlit as st

from gan_core.errors import AtelierError
from gan_core.gans.config import RunConfig
from gan_core.health import reading
from gan_core.health.remedies import Remedy
from gan_core.health.rules import Health
from gan_core.runs import Run, Status
from pages.shared import history, run_picker
from pages.training_lab.form import draft, form

LEVELS = {
    "green": ("green", ":material/check_circle:", "Healthy"),
    "amber": ("orange", ":material/warning:", "Watch it"),
    "red": ("red", ":material/error:", "In trouble"),
    "grey": ("gray", ":material/hourglass_empty:", "Too early to say"),
}


def of(run: Run, status: Status) -> Health:
    """How it is doing, from what was recorded so far."""
    kept = history.of(run)
    return kept.once("health", status.state, lambda: reading.read(run.config, kept.records, kept.probes, status))


def panel(run: Run, status: Status, remedies: bool = True) -> None:
    """The sentence in its colour, with a word and a sign; beneath it the evidence, and where something is wrong why and what to try."""
    diagnosis = of(run, status)
    colour, icon, word = LEVELS[diagnosis.level]
    with st.container(border=True, key=f"health-{run.id}"):
        st.markdown(f":{colour}-badge[{icon} {word}]  **{diagnosis.sentence}**")
        if diagnosis.evidence:
            st.caption(" · ".join(diagnosis.evidence))
        if diagnosis.level in ("amber", "red"):
            if diagnosis.why:
                st.markdown(diagnosis.why)
            if diagnosis.remedies and remedies:
                st.markdown("**What to try**, in a new run:")
                for i, remedy in enumerate(diagnosis.remedies):
                    _remedy(run, remedy, f"{run.id}-{diagnosis.kind}-{i}")
        elif diagnosis.why:
            with st.expander("What does this mean?"):
                st.markdown(diagnosis.why)


def _remedy(run: Run, remedy: Remedy, key: str) -> None:
    words, start, change = st.columns([6, 2, 3], gap="small", vertical_alignment="center")
    words.markdown(f"**{remedy.title}.** {remedy.why}")
    if start.button("Start", key=f"start-{key}", width="stretch", help="Trains the same again with this one change."):
        _start(run.config, remedy)
    if change.button("Change first", key=f"form-{key}", width="stretch", help="Opens the form with this change in it."):
        draft.fill(remedy.apply(run.config))
        st.rerun(scope="app")


def _start(config: RunConfig, remedy: Remedy) -> None:
    try:
        begun = form.submit(remedy.apply(config), title=remedy.title)
    except AtelierError as error:
        st.error(str(error), icon=":material/error:")
        return
    st.query_params[run_picker.RUN] = begun.id
    st.rerun(scope="app")
