"""Trainings that fail on purpose, each beside its cure: a card each, and one click starts both."""

from __future__ import annotations

import streamlit as st

from gan_core import runs
from gan_core.gans.config import RunConfig
from gan_core.gans.variants import VARIANTS
from gan_core.health.demonstrations import BREAKS, Break
from gan_core.translation import _
from pages.training_lab.break_it import begin


def draw() -> None:
    """A card for each way to fail: what one will see, how long it takes, one button."""
    st.markdown(_("Each of these starts two trainings: one that fails, and its cure. They differ in what the card's last line says."))
    mine = [(run.config, run.status.seconds) for run in runs.own() if run.status.state == "finished"]
    with st.grid(min_column_width=250, gap="small"):
        for each in BREAKS.values():
            with st.container(border=True, height="stretch"):
                st.markdown(f"#### {_(each.title)}")
                st.markdown(_(each.idea))
                st.caption(f"{_(VARIANTS[each.variant].title)} · {_how_long(each, mine)}")
                st.caption(" · ".join(map(str, each.changes())))
                pressed = st.button(_("Break it, and cure it"), key=f"break-{each.name}", icon=":material/heart_broken:", width="stretch")
                if pressed:
                    begin.pair(each)
                    st.rerun()


def _how_long(each: Break, trained: list[tuple[RunConfig, float]]) -> str:
    """How long both take beside each other: as it was here before, else about what they take on two cores."""
    pair = each.broken(each.data, begin.SEED), each.cure(each.data, begin.SEED)
    took = [next((seconds for config, seconds in trained if config == wanted), None) for wanted in pair]
    if None in took:
        return _("both together about {seconds} s").format(seconds=f"{each.seconds:.0f}")
    return _("both together took {seconds} s here").format(seconds=f"{max(s for s in took if s is not None):.0f}")
