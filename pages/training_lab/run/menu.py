"""Everything else that can be done with a run, in one menu: begin another, duplicate, rename, download, link, settings, delete.

What changes a run is done in callbacks. The page that follows a training is redrawn at any moment, by its clock or by a change of state;
a click that arrives meanwhile may set off another redrawing than the one that would have looked at the button, but its callback runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from gan_core import jobs
from gan_core.errors import AtelierError
from gan_core.gans.config import MAX_STEPS
from gan_core.runs import LIVE, Run, Status
from gan_core.translation import _
from pages.shared import links, run_picker, share, visitors
from pages.training_lab.form import draft
from pages.training_lab.run import downloads, stage


def more(run: Run, status: Status) -> None:
    """The menu. With a link alone one may look, duplicate and download."""
    with st.popover(_("More"), icon=":material/more_vert:"):
        _facts(run)
        st.button(_("New training"), icon=":material/add:", on_click=run_picker.forget)
        st.button(
            _("Duplicate with changes"),
            icon=":material/content_copy:",
            on_click=draft.fill,
            args=(run.config, run),
            help=_("Opens the form with these settings in it."),
        )
        links.draw(links.COMPARE, _("Compare with another run"), runs=_beside(run))
        with st.expander(_("Link"), icon=":material/link:"):
            st.markdown(_("Anyone with this link can watch this run."))
            share.panel(links.LAB, {run_picker.RUN: run.id}, key=f"link-{run.id}")
        if run.samples or run.has_weights:
            with st.expander(_("Download"), icon=":material/download:"):
                downloads.buttons(run)
        if visitors.may_change(run):
            _rename(run)
            if status.state in ("finished", "stopped") and run.checkpoint:
                _train_longer(run)
            if status.state not in LIVE:
                _delete(run)
        _trouble(run, status)
        with st.expander(_("All settings"), icon=":material/settings:"):
            st.json(run.config.model_dump(), expanded=1)


def _facts(run: Run) -> None:
    config = run.config
    if run.name:
        st.markdown(f"**{run.name}**")
    st.markdown(
        _("**{title}**, {recipe} recipe, on {data}, seed {seed}").format(
            title=_(config.about.title), recipe=config.recipe_in_full, data=config.data, seed=config.seed
        )
    )
    st.caption(_("It came with this project: {id}.").format(id=run.id) if run.shipped else _("Run {id}.").format(id=run.id))
    if not run.shipped and not visitors.may_change(run):
        st.caption(_("This is somebody else's run. You can watch, download and duplicate it. Only its owner can stop or change it."))


def _beside(run: Run) -> str:
    """This run and the shipped one that it is best compared with."""
    others = [r for r in run_picker.shipped() if r.id != run.id and r.config.about.kind == run.config.about.kind and r.has_weights]
    others.sort(key=lambda r: (r.config.variant != run.config.variant, r.config.recipe != run.config.recipe))
    return ",".join(r.id for r in (run, *others[:1]))


def _train_longer(run: Run) -> None:
    in_seconds = run.config.seconds is not None
    with st.expander(_("Train longer"), icon=":material/forward:"), st.form("more", border=False):
        if in_seconds:
            st.number_input(_("Seconds more"), 5, 86_400, 60, step=30, key=f"more-{run.id}")
        else:
            st.number_input(_("Steps more"), 1, MAX_STEPS, max(1, run.config.steps // 2), step=100, key=f"more-{run.id}")
        st.form_submit_button(_("Train on"), icon=":material/play_circle:", on_click=_attempt, args=(_train_on, run, in_seconds))


def _train_on(run: Run, in_seconds: bool) -> None:
    more = st.session_state[f"more-{run.id}"]
    if in_seconds:
        jobs.extend(run, seconds=float(more))
    else:
        jobs.extend(run, steps=int(more))


def _rename(run: Run) -> None:
    with st.expander(_("Rename"), icon=":material/edit:"), st.form("rename", border=False, enter_to_submit=False):
        st.text_input(_("Name"), run.name, max_chars=60, placeholder=_("e.g. my first digits"), key=f"name-{run.id}")
        st.form_submit_button(_("Keep this name"), on_click=_attempt, args=(_name, run))


def _name(run: Run) -> None:
    jobs.rename(run, st.session_state[f"name-{run.id}"].strip())


# A question in the menu, not in a dialog: a redrawing closes a dialog, and the answer finds nobody.


def _delete(run: Run) -> None:
    with st.expander(_("Delete"), icon=":material/delete:"):
        st.markdown(
            _("**{name}**, {steps} steps: its networks, pictures and curves will be gone for good.").format(
                name=run_picker.brief(run), steps=f"{run.status.step:,}"
            )
        )
        _button(_("Delete it"), _delete_and_leave, run, type="primary")


def _delete_and_leave(run: Run) -> None:
    jobs.delete(run)
    run_picker.forget()


def _trouble(run: Run, status: Status) -> None:
    """What a run that failed, or was lost, left behind."""
    if status.state not in ("failed", "lost"):
        return
    if traceback := run.traceback:
        with st.expander(_("The traceback"), icon=":material/bug_report:"):
            st.code(traceback, language="python")
    elif run.log_path.is_file() and (last := run.log_path.read_text(encoding="utf-8", errors="replace")[-4000:]):
        with st.expander(_("What the training process printed last"), icon=":material/bug_report:"):
            st.code(last, language=None)


def _button(label: str, action: Callable[..., object], *args: object, **looks: Any) -> None:
    st.button(label, on_click=_attempt, args=(action, *args), **looks)


def _attempt(action: Callable[..., object], *args: object) -> None:
    """Does it, as a callback; what is in the way is said above the stage."""
    try:
        action(*args)
    except AtelierError as error:
        stage.refuse(str(error))
