"""Who is looking: a visitor keeps a random number in a cookie, so that their runs are theirs again after a reload.

Nobody is asked for a name. A run folder holds a digest of the number, not the number itself (docs/decisions/0008-visitors.md).
The presenter is whoever has opened a page with the secret word of GAN_ATELIER_PRESENTER in its address, as long as their browser is open.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from pathlib import Path

import streamlit as st

from gan_core import runs, settings
from gan_core.errors import AtelierError
from gan_core.runs import Run
from gan_core.translation import _
from pages.shared import components

COOKIE = "gan_atelier_visitor"
_TOKEN = "visitor"  # session state
_PAD = "visitor_cookie"  # key of the component
PRESENTER = "presenter"  # the query parameter
_PRESENTER_COOKIE = "gan_atelier_presenter"
_MARK = "presenter"  # session state
_VALID = re.compile(r"[A-Za-z0-9_-]{20,64}")

_cookie = components.declare("gan_atelier_visitor", Path(__file__).with_suffix(".js"))


def me() -> str:
    """The owner of what this visitor starts."""
    return hashlib.sha256(_token().encode()).hexdigest()[:24]


def remember() -> None:
    """Leaves the cookies in a browser that has none. It takes no room; put it at a page's end."""
    if st.context.cookies.get(COOKIE) != _token():
        _cookie(key=_PAD, data={"name": COOKIE, "token": _token(), "lasting": True}, height=1, on_token_change=lambda: None)
    if is_presenter() and st.context.cookies.get(_PRESENTER_COOKIE) != _mark():
        _cookie(key="presenter_cookie", data={"name": _PRESENTER_COOKIE, "token": _mark(), "lasting": False}, height=1)


def greet() -> str:
    """Takes the presenter's word out of the address, and remembers who had it. A sentence about what is wrong with it, if anything is."""
    word = st.query_params.get(PRESENTER)
    if word is None:
        return ""
    del st.query_params[PRESENTER]
    try:
        if settings.is_presenters_word(word):
            st.session_state[_MARK] = _mark()
            return ""
        if settings.current().presenter is None:
            return _("This server keeps no place for a presenter: GAN_ATELIER_PRESENTER is not set.")
    except AtelierError:  # app.py says what is wrong with the setting
        return ""
    return _("This is not the presenter's word. You are a visitor like the others.")


def is_presenter() -> bool:
    """Has this visitor had the presenter's word, and is it still that word?"""
    try:
        if settings.current().presenter is None:
            return False
    except AtelierError:
        return False
    return _mark() in (st.session_state.get(_MARK), st.context.cookies.get(_PRESENTER_COOKIE))


def _mark() -> str:
    """What stands for the presenter's word in the session and in the cookie."""
    return hashlib.sha256(f"{_PRESENTER_COOKIE} {settings.current().presenter}".encode()).hexdigest()[:32]


def shows_all() -> bool:
    """Does this server show every visitor all runs (a presenter's setting)?"""
    try:
        return settings.current().show_all
    except AtelierError:  # app.py says so on every page
        return False


def visible() -> list[Run]:
    """The runs trained here that this visitor finds without a link, newest first: their own, and those that nobody owns."""
    return [run for run in runs.own() if may_change(run)]


def may_change(run: Run) -> bool:
    """May this visitor stop it, resume it, rename it, delete it? With a link alone one may look."""
    return not run.shipped and (shows_all() or run.owner in ("", me()))


def _token() -> str:
    said = st.session_state.get(_PAD, {}).get("token")
    for token in (said, st.context.cookies.get(COOKIE), st.session_state.get(_TOKEN)):
        if isinstance(token, str) and _VALID.fullmatch(token):
            st.session_state[_TOKEN] = token
            return token
    st.session_state[_TOKEN] = secrets.token_urlsafe(24)
    return st.session_state[_TOKEN]
