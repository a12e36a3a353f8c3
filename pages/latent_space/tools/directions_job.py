"""Directions for a run that has none: a button that looks for them in a process of its own, and how far that is."""

from __future__ import annotations

import time

import streamlit as st

from gan_core import jobs
from gan_core.errors import AtelierError
from gan_core.runs import Run
from gan_core.trained import directions


def offer(run: Run) -> None:
    """Nothing where the run has directions that fit its weights; else a button that finds them. To be called outside of fragments."""
    try:
        if directions.of(run) is not None:
            return
        trouble = ""
    except AtelierError as error:
        trouble = str(error)
    at_work = run.finding is not None

    @st.fragment(run_every=1.0 if at_work else None)
    def panel() -> None:
        asked = run.finding
        if (asked is not None) != at_work:
            st.rerun()  # it has begun, or ended: the page has directions now
        if asked:
            with st.status(f"Looking for directions · {max(0.0, time.time() - asked.asked):.0f} s", state="running", type="compact"):
                st.caption("It goes on when you close the page.")
            return
        if trouble:
            st.warning(trouble, icon=":material/warning:")
        if failure := run.finding_failure:
            st.error(failure, icon=":material/error:")
        reason = jobs.obstacle_to_finding(run)
        if st.button("Find its directions", icon=":material/explore:", disabled=reason is not None, help=reason, key=f"finding-{run.id}"):
            try:
                jobs.find_directions(run)
            except AtelierError as error:
                st.error(str(error), icon=":material/error:")
            else:
                st.rerun()
        st.caption(
            reason or "Slant, thickness, width and the like, measured on thousands of its samples: about a minute, in a process of its own."
        )

    panel()
