"""Train one and watch it: the form, a run, or two runs beside each other, as the address says."""

import streamlit as st

from gan_core.translation import _
from pages.shared import run_picker, visitors
from pages.training_lab import yours
from pages.training_lab.break_it import cards
from pages.training_lab.form import address, draft, start
from pages.training_lab.pair import view as pair
from pages.training_lab.run import view


def lab() -> None:
    """The form, the ways to break a training, and what this visitor trained before."""
    form = draft.current()
    if start.at_once(form):
        return
    st.title(_("Training lab"))
    names = [_("Train"), _("Break it")]
    train, fail = st.tabs(names, default=names[form.tab == "break"], key=form.key("tab"), on_change="rerun")
    with train:
        start.draw(form)
    with fail:
        cards.draw()
    draft.say(form, {address.TAB: "break"} if fail.open else address.write(form.latest or form.wanted))
    yours.draw()


opened, shown = run_picker.from_address(), pair.asked()
if shown:
    pair.draw(shown)
elif opened:
    view.one(opened)
else:
    lab()
visitors.remember()
