"""A room in which many play the same quiz: opening it, the link that leads into it, and the presenter's screen."""

from __future__ import annotations

import random

import streamlit as st

from gan_core.digits import quiz, quiz_rooms
from gan_core.digits.quiz_rooms import Room
from gan_core.errors import AtelierError
from gan_core.translation import _, ngettext
from pages.shared import charts, links, share, visitors

ROOM = "room"  # the query parameter
EVERY = 2.0  # seconds between two looks at the scores


def from_address() -> Room | None:
    """The room that the address names; None if it names none, or one that is not open, which is then said."""
    name = st.query_params.get(ROOM)
    if not name:
        return None
    try:
        opened = quiz_rooms.find(name)
    except AtelierError as error:
        st.error(str(error), icon=":material/error:")
        return None
    if opened is None:
        told = _("There is no open room “{room}” here. It may have been closed. You can still play alone.").format(room=name[:24])
        st.warning(told, icon=":material/meeting_room:")
    return opened


def leave() -> None:
    """Takes the room out of the address."""
    st.query_params.pop(ROOM, None)


def opening() -> None:
    """The form that opens a room."""
    with st.form("room", border=False):
        name = st.text_input(_("Name of the room"), max_chars=24, placeholder=_("e.g. lecture"), help=_("Letters, digits, - and _."))
        clicked = st.form_submit_button(_("Open the room"), icon=":material/meeting_room:")
    if clicked:
        _open(name)


def _open(name: str) -> None:
    try:
        opened = quiz_rooms.open_room(name, random.randrange(quiz.SEEDS), visitors.me())
    except AtelierError as error:
        st.error(str(error), icon=":material/error:")
        return
    st.query_params["quiz"], st.query_params[ROOM] = str(opened.seed), opened.name
    st.rerun()


def present(opened: Room, d_score: int | None) -> None:
    """The presenter's screen: the link with its code, the scores as they come, and what can be done with the room."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.markdown(_("### Room “{room}”").format(room=opened.name))
        share.panel(links.DISCRIMINATOR, query(opened), key="room")
        with st.container(horizontal=True):
            if st.button(_("Clear the scores"), icon=":material/mop:", help=_("Everybody may play again.")):
                _do(quiz_rooms.clear, opened)
            if st.button(_("Another ten"), icon=":material/casino:", help=_("Clears the scores and starts with ten other images.")):
                _open(opened.name)
            if st.button(_("Close the room"), icon=":material/door_front:"):
                leave()
                st.query_params.pop("quiz", None)
                _do(quiz_rooms.close, opened)
        st.caption(
            _(
                "Only you can do this, because you opened the room. The server keeps the scores and a random number for each browser. "
                "It keeps no names and no addresses."
            )
        )
    with right:
        live(opened, d_score)


def query(opened: Room) -> dict[str, str | int]:
    """What the address of the page says in the room."""
    return {"show": "quiz", "quiz": opened.seed, ROOM: opened.name}


@st.fragment(run_every=EVERY)
def live(opened: Room, d_score: int | None) -> None:
    """How many had how many right, as the scores come. Redraws the page when another quiz begins in the room, or it is closed."""
    try:
        now, counts = quiz_rooms.find(opened.name), quiz_rooms.scores(opened.name)
    except AtelierError as error:
        st.error(str(error), icon=":material/error:")
        return
    if now != opened:
        st.rerun()
    players = sum(counts)
    mean = sum(score * n for score, n in enumerate(counts)) / max(1, players)
    told = [
        ngettext("**{n}** player, **{mean:.1f}** right.", "**{n}** players, **{mean:.1f}** right on average.", players).format(
            n=players, mean=mean
        )
        if players
        else _("Nobody has finished yet.")
    ]
    if d_score is not None:
        told.append(_(":blue[**D**] had {n} right.").format(n=d_score))
    st.markdown(" ".join(told))
    top = max(4, *counts) + 1
    edges = [score + side for score in range(len(counts)) for side in (-0.4, 0.4, 0.4)]
    heights: list[float | None] = [v for n in counts for v in (n, n, 0)]
    traces = [charts.trace(_("players"), "run2", [-0.4, *edges], [0, *heights], shape="hv", fill=True, width=1.5)]
    if d_score is not None:
        traces.append(charts.trace("D", "D", [d_score, d_score], [0, top], width=3, dash="dash"))
    charts.draw(
        traces,
        key=f"room-{opened.name}-{opened.seed}",
        alt=" ".join(_("{n} had {score} right.").format(n=n, score=score) for score, n in enumerate(counts) if n) or told[0],
        x_title=_("right answers, of {n}").format(n=quiz.QUESTIONS),
        y_title=_("players"),
        x_range=(-0.5, quiz.QUESTIONS + 0.5),
        y_range=(0, top),
        height=340,
        hover="closest",
    )


def _do(action: object, opened: Room) -> None:
    try:
        action(opened.name, visitors.me())  # type: ignore[operator]
    except AtelierError as error:
        st.error(str(error), icon=":material/error:")
        return
    st.rerun()
