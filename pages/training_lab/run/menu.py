"""What can be done with a run: pause, resume, stop, go on, rename, duplicate, delete, link, download.

All of it is done in callbacks. The page that follows a training is redrawn at any moment, by its clock or by a change of state; a
click that arrives meanwhile may set off another redrawing than the one that would have looked at the button, but its callback runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from gan_core import jobs
from gan_core.errors import AtelierError
from gan_core.gans.config import MAX_STEPS
from gan_core.runs import LIVE, Run, Status
from pages.shared import links, run_picker, visitors
from pages.training_lab.form import draft
from pages.training_lab.run import downloads

RESUMABLE = ("paused", "stopped", "lost", "failed")
_REFUSED = "refused"  # what was in the way of the last click


def toolbar(run: Run, status: Status) -> None:
    """The buttons that make sense now. With a link alone one may look, duplicate and download."""
    if refused := st.session_state.pop(_REFUSED, ""):
        st.error(refused, icon=":material/error:")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if visitors.may_change(run):
            _course(run, status)
        st.button(
            "Duplicate with changes",
            icon=":material/content_copy:",
            on_click=draft.fill,
            args=(run.config,),
            help="Opens the form, filled.",
        )
        if run.samples or run.has_weights:
            with st.popover("Download", icon=":material/download:"):
                downloads.buttons(run)
        with st.popover("Link", icon=":material/link:"):
            st.markdown("This exact run. Who has the link can look at it.")
            st.code(links.whole(links.LAB, {run_picker.RUN: run.id}), language=None, wrap_lines=True)
        if visitors.may_change(run):
            _rename(run)
            if status.state not in LIVE:
                _delete(run)
    if not run.shipped and not visitors.may_change(run):
        st.caption("Somebody else's run: you can look, download and duplicate; only who started it can stop or change it.")


def _course(run: Run, status: Status) -> None:
    if status.state == "queued":
        _button("Leave the queue", "close", jobs.stop, run, 0.0)
    elif status.state in LIVE:
        ending = run.asked is not None
        _button("Pause", "pause_circle", jobs.pause, run, type="primary", disabled=ending, help="It keeps all, and frees its place.")
        if ending:  # a button, so that the open question goes
            st.button("Stop", icon=":material/stop_circle:", disabled=True)
        else:
            _stop(run)
    elif status.state in RESUMABLE:
        kept = run.checkpoint is not None
        words = "Goes on from the last checkpoint, bit for bit." if kept else "No checkpoint was kept, so it begins anew."
        _button("Resume" if kept else "Start again", "play_circle", jobs.resume, run, type="primary", help=words)
        if status.state == "paused":
            _stop(run)
    if status.state in ("finished", "stopped") and run.checkpoint:
        with st.popover("Continue", icon=":material/forward:"):
            _more(run)


def _more(run: Run) -> None:
    in_seconds = run.config.seconds is not None
    with st.form("more", border=False):
        if in_seconds:
            st.number_input("Seconds more", 5, 86_400, 60, step=30, key=f"more-{run.id}")
        else:
            st.number_input("Steps more", 1, MAX_STEPS, max(1, run.config.steps // 2), step=100, key=f"more-{run.id}")
        st.form_submit_button(
            "Train on", icon=":material/play_circle:", type="primary", on_click=_attempt, args=(_train_on, run, in_seconds)
        )


def _train_on(run: Run, in_seconds: bool) -> None:
    more = st.session_state[f"more-{run.id}"]
    if in_seconds:
        jobs.extend(run, seconds=float(more))
    else:
        jobs.extend(run, steps=int(more))


def _rename(run: Run) -> None:
    with st.popover("Rename", icon=":material/edit:"), st.form("rename", border=False):
        st.text_input("Name", run.name, max_chars=60, placeholder="e.g. my first digits", key=f"name-{run.id}")
        st.form_submit_button("Keep this name", type="primary", on_click=_attempt, args=(_name, run))


def _name(run: Run) -> None:
    jobs.rename(run, st.session_state[f"name-{run.id}"].strip())


# A question in a popover, not in a dialog: a redrawing closes a dialog, and the answer finds nobody.


def _stop(run: Run) -> None:
    with st.popover("Stop", icon=":material/stop_circle:"):
        st.markdown("It ends at once and keeps what it has learned. It can be resumed later.")
        _button("Stop it", "", jobs.stop, run, 0.0, type="primary")


def _delete(run: Run) -> None:
    with st.popover("Delete", icon=":material/delete:"):
        st.markdown(f"**{run_picker.brief(run)}**, {run.status.step:,} steps: its networks, pictures and curves will be gone for good.")
        _button("Delete it", "", _delete_and_leave, run, type="primary")


def _delete_and_leave(run: Run) -> None:
    jobs.delete(run)
    run_picker.forget()


def _button(label: str, icon: str, action: Callable[..., object], *args: object, **looks: Any) -> None:
    st.button(label, icon=f":material/{icon}:" if icon else None, on_click=_attempt, args=(action, *args), **looks)


def _attempt(action: Callable[..., object], *args: object) -> None:
    """Does it, as a callback; what is in the way is said above the buttons."""
    try:
        action(*args)
    except AtelierError as error:
        st.session_state[_REFUSED] = str(error)
