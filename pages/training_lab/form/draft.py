"""The form's content between two looks at it: read from the address when the form is opened, and written back into it with every change.

While the form is on the screen its fields say what is wanted; the address follows them. So the address is read when the form opens (a
link, a reload, another page, a run that was left), and when it changes to something that the form did not write itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import streamlit as st

from gan_core.gans.config import RunConfig
from gan_core.runs import Run
from pages.shared import components, run_picker
from pages.training_lab.form import address, devices
from pages.training_lab.form.address import Wanted

_DRAFT = "draft"  # session state
_put = components.declare("gan_atelier_address", Path(__file__).with_name("address.js"))
Known = frozenset[tuple[str, str]]


@dataclass
class Draft:
    """What the form was opened with, and what it says now."""

    number: int
    "of this opening; the fields' keys end with it, so that they are new ones and stand at `wanted`"
    wanted: Wanted
    "what the fields were opened with"
    complaints: list[str] = field(default_factory=list)
    tab: str = address.TABS[0]
    copied: str = ""
    "id of the run that this is a copy of"
    start: str = ""
    "not empty: the address asks to start it at once; the mark by which the browser says that it may be done"
    latest: Wanted | None = None
    "what the fields said last"
    known: set[Known] = field(default_factory=set)
    "the addresses that this opening has read or written"
    fresh: bool = True
    "its fields were not on the screen yet: nobody can have pressed anything"

    def key(self, name: str) -> str:
        """The key of a field."""
        return f"{name}-{self.number}"

    @property
    def alive(self) -> bool:
        """Was it on the screen in the last run of the page? Streamlit forgets a field that was not."""
        return self.fresh or bool(self.start) or self.key("seed") in st.session_state


def current() -> Draft:
    """The form's content; opened anew, from the address, where it was not on the screen or the address says something new."""
    query = _query()
    draft: Draft | None = st.session_state.get(_DRAFT)
    if draft and draft.alive and _known(query) in draft.known:
        draft.fresh = False
        return draft
    return _open(query, draft)


def fill(config: RunConfig, copied: Run | None = None) -> None:
    """Opens the form with this configuration in it, as a copy of a run perhaps; for callbacks."""
    run_picker.forget()
    st.query_params.from_dict(address.write(address.of(config)) | ({address.COPY: copied.id} if copied else {}))


def refill(wanted: Wanted) -> None:
    """Puts other content into the fields of the form that is on the screen."""
    draft: Draft = st.session_state[_DRAFT]
    st.session_state[_DRAFT] = replace(
        draft, number=draft.number + 1, wanted=wanted, latest=wanted, complaints=[], tab=address.TABS[0], copied="", fresh=True
    )


def say(draft: Draft, query: Mapping[str, str]) -> bool:
    """Writes the address into the browser's address line, in place of what stands there: no step back leads to each change.

    True once the browser, asked to (`draft.start`), says that the address is replaced, so that no reload can start it again.
    """
    draft.known.add(_known(query))
    said = _put(
        key="address",
        data={"query": dict(query), "start": draft.start, "arrived": _query()},
        height=1,
        on_start_change=lambda: None,
    )
    return bool(draft.start) and said.get("start") == draft.start


def _open(query: Mapping[str, str], before: Draft | None) -> Draft:
    number = before.number + 1 if before else 0
    tab, wrong_tab = address.tab(query)
    if before and not any(address.is_setting(name) and name != address.TAB for name in query):
        draft = Draft(number, before.latest or before.wanted, wrong_tab, tab)
    else:
        wanted, complaints = address.read(query, devices.offered())
        draft = Draft(number, wanted, complaints + wrong_tab, tab, query.get(address.COPY, ""))
        if address.START in query and not draft.complaints:
            draft.start = secrets.token_hex(8)
    draft.known.add(_known(query))
    st.session_state[_DRAFT] = draft
    return draft


def _query() -> dict[str, str]:
    return {name: st.query_params[name] for name in st.query_params}


def _known(query: Mapping[str, str]) -> Known:
    return frozenset(query.items())
