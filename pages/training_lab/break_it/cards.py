"""Trainings that fail on purpose, each beside its cure: a card each, and one click starts both."""

from __future__ import annotations

import streamlit as st

from gan_core import jobs
from gan_core.data import DATA_SETS
from gan_core.errors import AtelierError
from gan_core.gans.variants import VARIANTS
from gan_core.health.demonstrations import BREAKS, Break
from gan_core.translation import _
from pages.shared import run_picker
from pages.training_lab.form import form

SEED = 0


def draw() -> None:
    """A card for each way to fail."""
    st.markdown(_("Each of these starts two trainings: one that fails, and its cure. They differ in one thing."))
    with st.grid(min_column_width=250, gap="small"):
        for broken in BREAKS.values():
            with st.container(border=True, height="stretch"):
                st.markdown(f"#### {_(broken.title)}")
                st.markdown(_(broken.idea))
                st.caption(
                    _("{gan} · both at once take about {seconds} s").format(
                        gan=_(VARIANTS[broken.variant].title), seconds=f"{broken.seconds:.0f}"
                    )
                )
                if st.button(_("Break it, and cure it"), key=f"break-{broken.name}", icon=":material/heart_broken:", width="stretch"):
                    _start(broken)


def _start(each: Break) -> None:
    usual = VARIANTS[each.variant].data
    data = usual if DATA_SETS[usual].present else each.data
    try:
        first = form.submit(each.broken(data, SEED), title=_("{title}: broken").format(title=_(each.title)))
    except AtelierError as error:
        st.error(str(error), icon=":material/error:")
        return
    try:
        second = form.submit(each.cure(data, SEED), title=_("{title}: cured").format(title=_(each.title)))
    except AtelierError as error:
        jobs.stop(first, 0.0)
        st.error(str(error), icon=":material/error:")
        return
    st.query_params[run_picker.PAIR] = f"{first.id},{second.id}"
    st.rerun()
