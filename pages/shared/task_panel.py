"""Work in a process of its own, on a page: followed while it goes on, started by a button, and why it gave no result."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from gan_core.errors import AtelierError
from gan_core.runs import Run, Task
from gan_core.translation import _
from pages.shared import visitors


def follow(at_work: Callable[[], object], draw: Callable[[], None], every: float = 1.0) -> None:
    """Draws, again and again every so many seconds as long as `at_work` is true; the whole page anew when what it gives has changed."""
    before = at_work()

    @st.fragment(run_every=every if before else None)
    def panel() -> None:
        if at_work() != before:
            st.rerun()  # it has begun, or ended
        draw()

    panel()


def progress(task: Task, doing: str, then: str = "", *, words: bool = False) -> None:
    """One line: what it does, and for how long; with `words` what it printed last. Opened, it says what comes `then`, in a sentence."""
    said = _(task.last_line) if words and task.last_line else ""
    with st.status(f"{doing} · {task.seconds:.0f} s{f' · {said}' if said else ''}", state="running", type="compact"):
        st.caption(" ".join([_("This goes on when you close the page."), then]))


def start_button(
    label: str, icon: str, start: Callable[[], None], *, reason: str | None, hint: str | None = None, key: str | None = None
) -> None:
    """A button that starts it, or says on hovering for what `reason` it cannot; what goes wrong stands below."""
    if st.button(label, icon=icon, disabled=reason is not None, help=reason or hint, key=key):
        attempt(start)


def attempt(start: Callable[[], None]) -> None:
    """Starts it and draws the page anew; what is in the way stands here."""
    try:
        start()
    except AtelierError as error:
        st.error(str(error), icon=":material/error:")
    else:
        st.rerun()


def failure(words: str | None, of: str = "") -> None:
    """Why the last one gave no result, if it did not."""
    if words:
        st.error(f"{of}: {words}" if of else words, icon=":material/error:")


def why_not_mine(run: Run) -> str | None:
    """Why this visitor may not start work that leaves files in the folder of a run; None if they may (docs/decisions/0008-visitors.md)."""
    if visitors.may_change(run):
        return None
    if run.shipped:
        return _("This run came with the project, so only the command line can do this.")
    return _("Only the person who started this run can do this.")
