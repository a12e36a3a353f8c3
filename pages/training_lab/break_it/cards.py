"""Trainings that fail on purpose, each beside its cure: a card each, and one click starts both."""

from __future__ import annotations

import streamlit as st

from gan_core.gans.variants import VARIANTS
from gan_core.health.demonstrations import BREAKS
from gan_core.translation import _
from pages.training_lab.break_it import begin


def draw() -> None:
    """A card for each way to fail: what one will see, how long it takes, one button."""
    st.markdown(_("Each of these starts two trainings: one that fails, and its cure. They differ in what the card's last line says."))
    with st.grid(min_column_width=250, gap="small"):
        for each in BREAKS.values():
            with st.container(border=True, height="stretch"):
                st.markdown(f"#### {_(each.title)}")
                st.markdown(_(each.idea))
                st.caption(
                    _("{gan} · both together about {seconds} s").format(gan=_(VARIANTS[each.variant].title), seconds=f"{each.seconds:.0f}")
                )
                st.caption(" · ".join(map(str, each.changes())))
                pressed = st.button(_("Break it, and cure it"), key=f"break-{each.name}", icon=":material/heart_broken:", width="stretch")
                if pressed:
                    begin.pair(each)
                    st.rerun()
