"""Directions for a run that has none: a button that looks for them in a process of its own, and how far that is."""

from __future__ import annotations

import streamlit as st

from gan_core import jobs
from gan_core.errors import AtelierError
from gan_core.runs import Run
from gan_core.trained import directions
from gan_core.translation import _
from pages.shared import task_panel


def offer(run: Run) -> None:
    """Nothing where the run has directions that fit its weights; else a button that finds them. To be called outside of fragments."""
    try:
        if directions.of(run) is not None:
            return
        trouble = ""
    except AtelierError as error:
        trouble = str(error)

    def panel() -> None:
        task = run.directions_task
        if task.at_work:
            task_panel.progress(task, _("Looking for directions"))
            return
        if trouble:
            st.warning(trouble, icon=":material/warning:")
        if foreign := task_panel.why_not_mine(run):
            st.caption(foreign)
            return
        task_panel.failure(task.failure)
        reason = jobs.why_not_find_directions(run)
        task_panel.start_button(
            _("Find interpretable directions"),
            ":material/explore:",
            lambda: jobs.find_directions(run),
            reason=reason,
            key=f"finding-{run.id}",
        )
        st.caption(
            reason
            or _("This measures slant, thickness, width and more on thousands of samples. It takes about a minute, in the background.")
        )

    task_panel.follow(lambda: run.directions_task.at_work, panel)
