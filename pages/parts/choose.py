"""Which run a page is about: the address says it (?run=...), a menu changes it."""

from __future__ import annotations

import streamlit as st

from gan_core import runs
from gan_core.errors import AtelierError
from gan_core.runs import Run

RUN = "run"  # the query parameter
_LAST = "last_run"  # session state: the run last looked at


def named(name: str) -> Run:
    """The run of that id, or the shipped run of that variant. Raises AtelierError; a name from an address is never a path."""
    if "/" in name or "\\" in name or name.startswith("."):
        raise AtelierError(f"{name[:60]!r} names no run. Choose one from the list.")
    try:
        return runs.find(name)
    except AtelierError:
        raise AtelierError(f"There is no run {name[:60]!r} here; it may have been removed. Choose one from the list.") from None


def from_address() -> Run | None:
    """The run the address names; None if it names none, or one that is not there, which is then said."""
    name = st.query_params.get(RUN)
    if not name:
        return None
    try:
        return named(name)
    except AtelierError as error:
        st.error(str(error), icon=":material/link_off:")
        return None


def forget() -> None:
    """Takes the run out of the address."""
    st.query_params.pop(RUN, None)


def menu(candidates: list[Run], label: str = "Trained GAN") -> Run:
    """A menu of runs, standing at the one the address names, else at the one last looked at. What it shows goes into the address."""
    ids = [run.id for run in candidates]
    titles = {run.id: run.title for run in candidates}
    asked = from_address()
    if asked is not None and asked.id not in ids:
        st.warning(f"{asked.title} cannot be shown on this page.", icon=":material/info:")
        asked = None
    last = st.session_state.get(_LAST)
    st.session_state["menu"] = asked.id if asked else last if last in ids else ids[0]

    def remember() -> None:
        st.query_params[RUN] = st.session_state["menu"]

    chosen = st.selectbox(label, ids, format_func=lambda i: titles.get(i, i), key="menu", on_change=remember)
    st.session_state[_LAST] = chosen
    if st.query_params.get(RUN) != chosen:
        st.query_params[RUN] = chosen
    return candidates[ids.index(chosen)]


def explorable(conditional: bool = False) -> list[Run]:
    """Shipped and own runs that can be sampled from, shipped ones first."""
    found = [run for run in (*runs.shipped(), *runs.own()) if run.has_weights]
    return [run for run in found if run.config.about.classes] if conditional else found
