"""Starts a preset of Break it: the broken run and its cure, and the page that shows both."""

from __future__ import annotations

import streamlit as st

from gan_core import jobs
from gan_core.errors import AtelierError
from gan_core.health.demonstrations import Break
from gan_core.translation import _
from pages.shared import run_picker
from pages.training_lab.form import form
from pages.training_lab.run import stage

SEED = 0  # of all who break it: a room sees the same, and it is one of the seeds that were tried


def pair(each: Break) -> None:
    """Puts both into the queue and their page into the address. Where they may not train, the page plays the recording and says why."""
    run_picker.forget()
    st.query_params[run_picker.BREAK] = each.name
    try:
        first = form.submit(each.broken(each.data, SEED), title=_("{title}: broken").format(title=_(each.title)))
    except AtelierError as error:
        stage.refuse(str(error))
        return
    try:
        second = form.submit(each.cure(each.data, SEED), title=_("{title}: cured").format(title=_(each.title)))
    except AtelierError as error:
        jobs.stop(first, 0.0)
        stage.refuse(str(error))
        return
    st.query_params[run_picker.PAIR] = f"{first.id},{second.id}"
