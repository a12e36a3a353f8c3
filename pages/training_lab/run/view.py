"""One run on the whole page, or two beside each other; both follow what is still training."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from gan_core import jobs
from gan_core.errors import AtelierError
from gan_core.runs import LIVE, Run
from pages.shared import links, run_picker, run_status
from pages.shared.run_picker import RUN
from pages.training_lab.run import health, losses, probes, time_machine, toolbar

EVERY = 1.0  # seconds between looks at a run that trains


def one(run: Run) -> None:
    """One training, from its first step on; the page follows it until it ends."""
    config, status = run.config, run.status
    st.query_params[RUN] = run.id  # a link from this page to itself leaves the browser's address as it was
    title, leave = st.columns([4, 1], vertical_alignment="bottom")
    what = f"{config.about.title}, {config.recipe} recipe" + (" (changed)" if config.changed else "")
    title.title(run.name or what)
    changes = f". Changed: {', '.join(config.changed_in_words)}" if config.changed else ""
    origin = "shipped" if run.shipped else run.id
    title.caption(f"{f'{what}, on' if run.name else 'On'} {config.data}, seed {config.seed}, {origin}{changes}")
    leave.button("New training", icon=":material/add:", on_click=run_picker.forget, width="stretch")
    ticks = EVERY if status.state in LIVE else None

    @st.fragment(run_every=ticks)  # one for all that moves: each costs the server a rerun a second for everybody who watches
    def follow() -> None:
        now = _look(run, status.state)
        left, right = st.columns([2, 3], gap="large")
        with left:
            run_status.heading(run, now)
        with right:
            health.panel(run, now)
        _trouble(run, now)
        left, right = st.columns([2, 3], gap="large")
        with left:
            st.markdown("**Time machine** through all snapshots", help=_HELP)
            time_machine.draw(run, stay=True)
            _onward(run)
        with right:
            view = losses.heading(run)
            losses.losses(run, view)
            losses.verdicts(run, view)
            probes.draw(run)

    toolbar.toolbar(run, status)
    follow()
    with st.expander("All settings"):
        st.json(config.model_dump(), expanded=1)


def two(runs: list[Run]) -> None:
    """A training that fails beside its cure."""
    title, leave = st.columns([4, 1], vertical_alignment="bottom")
    title.title("Broken, and cured")
    title.caption("The same seed and the same data: what differs is the one setting that breaks it.")
    leave.button("Back", icon=":material/arrow_back:", on_click=run_picker.forget, width="stretch")
    for column, run in zip(st.columns(2, gap="large"), runs, strict=True):
        with column:
            _side(run)


def _side(run: Run) -> None:
    state = run.status.state

    @st.fragment(run_every=EVERY if state in LIVE else None)
    def side() -> None:
        now = _look(run, state)
        run_status.heading(run, now, brief=True)
        health.panel(run, now, remedies=False)
        time_machine.draw(run)
        st.markdown(losses.LOSSES)
        losses.losses(run, losses.View(), height=200)
        losses.verdicts(run, losses.View(), height=180)
        probes.draw(run, height=160)

    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(run.name or run_picker.brief(run))
        st.button("Open alone", icon=":material/open_in_full:", key=f"alone-{run.id}", on_click=run_picker.open_alone, args=(run,))
    side()


def _look(run: Run, before: str) -> run_status.Status:
    """Its status; where the state has changed the page is drawn anew, for its buttons and its clock."""
    now = run.status
    if now.state == "queued":
        with suppress(AtelierError):  # the form says what is wrong with the settings
            jobs.dispatch()
        now = run.status
    if now.state != before:
        st.rerun()
    return now


def _trouble(run: Run, status: run_status.Status) -> None:
    """What a run that failed, or was lost, left behind."""
    if status.state not in ("failed", "lost"):
        return
    if traceback := run.traceback:
        with st.expander("The traceback", icon=":material/bug_report:"):
            st.code(traceback, language="python")
    elif run.log_path.is_file() and (last := run.log_path.read_text(encoding="utf-8", errors="replace")[-4000:]):
        with st.expander("What the training process printed last", icon=":material/bug_report:"):
            st.code(last, language=None)


def _onward(run: Run) -> None:
    """Where to go with trained networks."""
    if not run.has_weights:
        return
    links.draw(links.LATENT_SPACE, "Explore its latent space", run=run.id)
    if run.config.about.classes:
        links.draw(links.DIGITS, "Ask for digits", run=run.id)
    links.draw(links.COMPARE, "Compare with others", runs=_beside(run))


def _beside(run: Run) -> str:
    """This run and the shipped one that it is best compared with."""
    others = [r for r in run_picker.shipped() if r.id != run.id and r.config.about.kind == run.config.about.kind and r.has_weights]
    others.sort(key=lambda r: (r.config.variant != run.config.variant, r.config.recipe != run.config.recipe))
    return ",".join(r.id for r in (run, *others[:1]))


_HELP = (
    "Move the slider, or play: samples, D's scores and the markers on all charts move together. Arrow keys step; a click into a chart "
    "goes there. It works while the training goes on."
)
