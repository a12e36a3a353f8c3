"""A training that fails beside its cure: the page of a preset of Break it, or of any two runs."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import streamlit as st

from gan_core import jobs
from gan_core.errors import AtelierError
from gan_core.health.demonstrations import BREAKS, ROLES
from gan_core.runs import LIVE, RESUMABLE, Run
from gan_core.translation import _
from pages.shared import components, run_picker, visitors
from pages.training_lab.break_it import begin
from pages.training_lab.form import address
from pages.training_lab.pair import content
from pages.training_lab.pair.content import Shown
from pages.training_lab.run import stage

EVERY = 0.5  # seconds between looks at runs that train
_HERE = Path(__file__).parent
_pair = components.declare(
    "gan_atelier_pair",
    _HERE / "pair.js",
    html=(_HERE / "pair.html").read_text(encoding="utf-8"),
    css=(_HERE.with_name("run") / "frame.css", _HERE / "pair.css"),
    isolate_styles=False,  # plotly.js puts its styles into the page's head
)


def asked() -> Shown | None:
    """What the address asks for: a preset (?break=NAME), two runs (?pair=A,B), or both; None if neither is there, which is then said."""
    name = st.query_params.get(run_picker.BREAK)
    runs = run_picker.pair()
    if name and name not in BREAKS:
        st.error(_("There is no preset {name} of Break it.").format(name=repr(name[:40])), icon=":material/link_off:")
        name = None
    if not name and not runs:
        return None
    return Shown(BREAKS[name] if name else None, (runs[0], runs[1]) if runs else None)


def draw(shown: Shown) -> None:
    """The pair, followed while one of its runs trains."""
    stage.refused()
    if not (shown.live or shown.recorded):
        _unrecorded(shown)
        return
    before = [run.status.state for run in shown.live or ()]

    @st.fragment(run_every=EVERY if any(state in LIVE for state in before) else None)
    def follow() -> None:
        if "queued" in before:
            with suppress(AtelierError):  # the form says what is wrong with the settings
                jobs.dispatch()
        if [run.status.state for run in shown.live or ()] != before:
            st.rerun()
        _mount(shown)

    follow()


def _unrecorded(shown: Shown) -> None:
    """A preset that nothing can be shown of yet."""
    st.title(shown.title)
    st.subheader(shown.change)
    st.info(_("There is no recording of this pair here. Train both, and watch."), icon=":material/videocam_off:")
    if st.button(_("Train both now"), type="primary") and shown.each:
        begin.pair(shown.each)
        st.rerun()


def _mount(shown: Shown) -> None:
    key = shown.key

    def pressed() -> None:
        if wanted := st.session_state.get(key, {}).get("act"):
            attempt(shown, wanted)

    have: dict[str, Any] = (st.session_state.get(key, {}).get("have") or {}).get("frames", {})
    state = _pair(key=key, data=content.of(shown, have), on_have_change=lambda: None, on_act_change=pressed)
    if state.get("act"):
        st.rerun(scope="app")


def attempt(shown: Shown, wanted: dict[str, Any]) -> None:
    """Does what was pressed, in a callback. Whether this visitor may is asked anew: the browser is not trusted."""
    what, value = wanted.get("what"), wanted.get("value")
    mine = [run for run in shown.live or () if visitors.may_change(run)]
    try:
        if what == "pause":
            for run in mine:
                jobs.pause(run)
        elif what == "stop":
            _stop(mine)
        elif what == "resume":
            for run in mine:
                if run.status.state in RESUMABLE and run.checkpoint:
                    jobs.resume(run)
        elif what == "start" and shown.each:
            begin.pair(shown.each)
        elif what == "leave":
            if value is True:
                _stop(mine)
            run_picker.forget()
            st.query_params[address.TAB] = "break"
        elif what == "open" and (named := _named(shown, value)):
            run_picker.open_alone(named)
    except AtelierError as error:
        stage.refuse(str(error))


def _stop(mine: list[Run]) -> None:
    for run in mine:
        if run.status.state in (*LIVE, "paused"):
            jobs.stop(run, 0.0)


def _named(shown: Shown, value: Any) -> Run | None:
    """The run of a side, as the browser names it: [source, role]."""
    pairs = {"live": shown.live, "recorded": shown.recorded}
    match value:
        case [str(source), str(role)] if role in ROLES and (pair := pairs.get(source)):
            return pair[ROLES.index(role)]
    return None
