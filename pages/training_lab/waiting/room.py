"""A training that waits: its place in the queue, about how long that will be, and meanwhile how it went when this project trained one."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import streamlit as st

from gan_core import jobs, runs
from gan_core.errors import AtelierError
from gan_core.runs import Run
from gan_core.translation import _
from pages.shared import html, replay, run_picker, visitors
from pages.shared.run_status import duration

EVERY = 2.0  # seconds between two looks at the queue
_STYLE = Path(__file__).with_suffix(".css")
_SOON = 5.0  # seconds: less is "soon"


def draw(run: Run) -> None:
    """The room of a run that waits, in place of its stage. The page is drawn anew when it is the run's turn."""
    html.style(_STYLE)
    known = recording(run)
    words, film = st.columns([2, 3], gap="medium")
    with words:
        _line(run)
        if visitors.may_change(run):
            st.button(_("Leave the queue"), icon=":material/close:", on_click=_leave, args=(run,))
        st.caption(_("The page may be closed: the training starts all the same. You find it under “Your runs”."))
    with film:
        if known is None:
            st.info(_("No recording of this GAN comes with the project."), icon=":material/hourglass_top:")
            return
        with st.container(key="wide-film" if replay.is_wide(known) else "square-film"):
            st.markdown(told(run, known))
            replay.draw(known)
            st.caption(replay.about(known))


def told(run: Run, known: Run) -> str:
    """What the film shows, in a sentence."""
    if known.config.recipe == run.config.recipe:
        return _("This is how it went when it was trained for this project.")
    return _("This is how its {recipe} recipe went when it was trained for this project.").format(recipe=known.config.recipe)


def recording(run: Run) -> Run | None:
    """The shipped run of the same variant, of the same recipe where there is one."""
    found = [each for each in runs.shipped() if each.config.variant == run.config.variant and each.samples]
    found.sort(key=lambda each: each.config.recipe != run.config.recipe)
    return found[0] if found else None


def waits(run: Run) -> str:
    """Its place in the queue, and about how long it will be, in a sentence or two."""
    place = jobs.position(run)
    if place is None:
        return _("It is your turn.")
    first = _("#### You are next") if place == 1 else _("#### Number {place} in the queue").format(place=place)
    left = None
    with suppress(AtelierError):  # a setting that does not fit is said on every page
        left = jobs.estimate(run)
    if left is None:
        return first + "\n\n" + _("How long it will be is not known.")
    if left < _SOON:
        return first + "\n\n" + _("It starts soon.")
    return first + "\n\n" + _("It starts in about {time}.").format(time=duration(_round(left)))


@st.fragment(run_every=EVERY)
def _line(run: Run) -> None:
    with suppress(AtelierError):  # the form says what is wrong with the settings
        jobs.dispatch()
    if run.status.state != "queued":
        st.rerun()
    st.markdown(waits(run))


def _leave(run: Run) -> None:
    with suppress(AtelierError):  # it has begun, or is gone: the page shows what it is now
        jobs.stop(run, 0.0)
        run_picker.forget()


def _round(seconds: float) -> float:
    """Nobody can know it to the second."""
    unit = 5 if seconds < 60 else 30
    return max(unit, unit * round(seconds / unit))
