"""One run on the whole page: its name and its menu in one line, and the stage, which follows it while it trains."""

from __future__ import annotations

import textwrap
from contextlib import suppress

import streamlit as st

from gan_core import jobs
from gan_core.errors import AtelierError
from gan_core.runs import LIVE, Run, Status
from gan_core.translation import _
from pages.shared.run_picker import RUN
from pages.training_lab import waiting
from pages.training_lab.run import menu, stage

QUICK, SLOW = 0.5, 1.0  # seconds between looks at a run that trains: a short one is over soon
LONGEST = 48  # letters of a title: two lines on a telephone; the menu has it whole
SHORT = 120.0  # seconds of training up to which a run is short


def one(run: Run) -> None:
    """One training, from its first step on; the page follows it until it ends."""
    config, status = run.config, run.status
    st.query_params[RUN] = run.id  # a link from this page to itself leaves the browser's address as it was
    stage.refused()
    stage.complaints(run)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"#### {textwrap.shorten(run.name or _title(run), LONGEST, placeholder=' …')}", width="stretch")
        menu.more(run, status)
    if status.state == "queued":
        waiting.draw(run)
        return
    every = None if status.state not in LIVE else QUICK if config.seconds is not None and config.seconds <= SHORT else SLOW

    @st.fragment(run_every=every)  # one for all that moves: each costs the server a rerun for everybody who watches
    def follow() -> None:
        stage.draw(run, _look(run, status.state))

    follow()


def _title(run: Run) -> str:
    config = run.config
    return _("{variant}, {recipe}").format(variant=_(config.about.title), recipe=config.recipe_title)


def _look(run: Run, before: str) -> Status:
    """Its status; where the state has changed the page is drawn anew, for its menu and its clock."""
    now = run.status
    if now.state == "queued":
        with suppress(AtelierError):  # the form says what is wrong with the settings
            jobs.dispatch()
        now = run.status
    if now.state != before:
        st.rerun()
    return now
