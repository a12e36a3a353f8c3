"""Train one and watch it: the form, a run, or two runs beside each other, as the address says."""

import streamlit as st

from gan_core.translation import _
from pages.shared import links, run_picker, run_status, visitors
from pages.training_lab.break_it import cards
from pages.training_lab.form import address, draft, start
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
    earlier()


def earlier() -> None:
    """The runs that this visitor trained here before."""
    earlier_runs = visitors.visible()[:30]
    if not earlier_runs:
        return
    st.subheader(_("All runs on this machine") if visitors.shows_all() else _("Your runs"))
    for run in earlier_runs:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(run_status.state(run, run.status), width="content")
            links.draw(links.LAB, run.title, icon=None, run=run.id)


opened, pair = run_picker.from_address(), run_picker.pair()
if pair:
    view.two(pair)
elif opened:
    view.one(opened)
else:
    lab()
visitors.remember()
