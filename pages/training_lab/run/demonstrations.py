"""Trainings that fail on purpose, each beside its cure: one click starts both."""

from __future__ import annotations

import streamlit as st

from gan_core import jobs
from gan_core.data import DATA_SETS
from gan_core.errors import AtelierError
from gan_core.gans.variants import VARIANTS
from gan_core.health.demonstrations import BREAKS, Break
from pages.shared import run_picker
from pages.training_lab.form import form

SEED = 0


def cards() -> None:
    """A card for each way to fail."""
    st.markdown(
        "Most of what goes wrong with GANs can be seen in a minute. Each of these starts two trainings: one that fails, and its cure."
    )
    with st.grid(min_column_width=250, gap="small"):
        for broken in BREAKS.values():
            with st.container(border=True, height="stretch"):
                st.markdown(f"#### {broken.title}")
                st.markdown(broken.idea)
                st.caption(f"{VARIANTS[broken.variant].title} · about {broken.seconds:.0f} s each")
                if st.button("Break it, and cure it", key=f"break-{broken.name}", icon=":material/heart_broken:", width="stretch"):
                    _start(broken)


def _start(broken: Break) -> None:
    usual = VARIANTS[broken.variant].data
    data = usual if DATA_SETS[usual].present else "digits-5k"
    try:
        first = form.submit(broken.broken(data, SEED), title=f"{broken.title}: broken")
    except AtelierError as error:
        st.error(str(error), icon=":material/error:")
        return
    try:
        second = form.submit(broken.cure(data, SEED), title=f"{broken.title}: cured")
    except AtelierError as error:
        jobs.stop(first, 0.0)
        st.error(str(error), icon=":material/error:")
        return
    st.query_params[run_picker.PAIR] = f"{first.id},{second.id}"
    st.rerun()
