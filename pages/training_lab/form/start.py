"""The whole form on the page: cards, the few fields in front of Start, Start, what to expect, and the options behind a fold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from gan_core.errors import AtelierError
from gan_core.gans.config import RunConfig
from gan_core.translation import _
from pages.shared import html, links, run_picker
from pages.training_lab.form import address, advanced, draft, expectation, form, variant_cards
from pages.training_lab.form.address import Wanted
from pages.training_lab.form.draft import Draft

_STARTED = "started"  # session state: id of the run that this form started last
_STYLE = Path(__file__).with_name("form.css")


def at_once(opened: Draft) -> bool:
    """Starts the training that the address asks for, once the browser has taken that wish out of the address. True until then."""
    if not opened.start:
        return False
    title = _(opened.wanted.about.title)
    st.markdown(_("Starting {title} ...").format(title=title))
    if not draft.say(opened, address.write(opened.wanted)):
        return True
    opened.start, opened.fresh = "", True
    try:
        _begin(opened.wanted.config())
    except AtelierError as error:
        opened.complaints.append(str(error))
    st.rerun()


def draw(opened: Draft) -> None:
    """The form. What its fields say goes into the address."""
    html.style(_STYLE)
    for complaint in opened.complaints:
        st.warning(complaint, icon=":material/link_off:")
    if opened.complaints and address.START in st.query_params:
        st.caption(_("Nothing was started. Look at what is taken instead, and press Start training."))
    with st.container(key="lab-form"):
        left, right = st.columns([5, 4], gap="medium")
        with right:
            _settings(opened)
        with left:
            variant_cards.draw(opened.wanted.variant, _choose_variant)


def _settings(opened: Draft) -> None:
    about = opened.wanted.about
    st.markdown(f"### {_(about.title)} :gray[· {about.year}]")
    st.markdown(_(about.idea))
    _copied(opened)
    front = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    below = st.container()
    with front:
        seconds, steps, wrong_length = form.budget(opened)
        button = st.container(key="start-bar")
    wanted, wrong_options, present = _options(opened, replace(opened.wanted, seconds=seconds, steps=steps))
    wrong = [words for words in (wrong_length, wrong_options) if words]
    config: RunConfig | None = None
    if not wrong and present:
        opened.latest = wanted
        try:
            config = wanted.config()
        except AtelierError as error:
            wrong.append(str(error))
    with button:
        pressed = st.button(
            _("Start training"),
            type="primary",
            icon=":material/play_circle:",
            disabled=config is None,
            width="stretch",
            key="start-training",
        )
    with below:
        for words in wrong:
            st.error(words, icon=":material/block:")
        if pressed:
            _pressed(opened, config)
        if not wrong_length:
            expectation.draw(wanted, config)
        st.caption(_("{places} A training goes on when you close the page.").format(places=form.places()))


def _options(opened: Draft, wanted: Wanted) -> tuple[Wanted, str, bool]:
    """`wanted` with what the fields behind the fold say; what is wrong there; and whether the data set is on this machine."""
    about = wanted.about
    changed = opened.wanted != opened.wanted.by(wanted.recipe)
    names = [_("Data and seed"), _("Recipe"), _("Networks and rates")]
    with st.expander(_("Options"), icon=":material/tune:", expanded=changed or bool(opened.copied), key=opened.key("options")):
        first, second, third = st.tabs(names, default=names[2] if changed else names[0], key=opened.key("option-tabs"))
        with first:
            data, present = form.data(opened, about)
            seed, wrong = form.seed(opened)
            device = form.device(opened)
            board = form.tensorboard(opened)
        with second:
            form.recipe(opened, about, _choose_recipe)
            form.source(about, wanted.recipe)
        wanted = replace(wanted, data=data, seed=opened.wanted.seed if seed is None else seed, device=device, tensorboard=board)
        with third:
            wanted = advanced.fields(opened, wanted)
    return wanted, wrong, present


def _copied(opened: Draft) -> None:
    """Says what this form is a copy of."""
    if not opened.copied:
        return
    try:
        run = run_picker.named(opened.copied)
    except AtelierError:
        return  # it is gone; what was copied stands in the address
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_("Opened with the settings of this run:"), width="content")
        links.draw(links.LAB, run.name or run.title, icon=None, run=run.id)


def _pressed(opened: Draft, config: RunConfig | None) -> None:
    started = st.session_state.get(_STARTED)
    if opened.fresh and started:  # the second click of two: it was made on the form that is gone
        _show(started)
    elif config:
        try:
            _begin(config)
        except AtelierError as error:
            st.error(str(error), icon=":material/error:")
        else:
            st.rerun()


def _begin(config: RunConfig) -> None:
    """Submits it, and leads to it. Raises AtelierError if it cannot be."""
    run = form.submit(config)
    st.session_state[_STARTED] = run.id
    st.query_params.from_dict({run_picker.RUN: run.id})


def _show(run: str) -> None:
    st.query_params.from_dict({run_picker.RUN: run})
    st.rerun()


def _choose_variant(name: str) -> None:
    now = draft.current()
    draft.refill(other_variant(now.latest or now.wanted, name))


def other_variant(before: Wanted, name: str) -> Wanted:
    """Another card was chosen: seed, device, and what else was not a default of the one before, stay; the rest is its recipe's."""
    usual = address.usual(name, before.recipe)
    kept: dict[str, Any] = {"seed": before.seed, "device": before.device, "tensorboard": before.tensorboard}
    if before.about.kind == usual.about.kind and before.data != address.usual_data(before.about):
        kept["data"] = before.data
    if before.seconds not in (None, address.usual_seconds(before.variant, before.recipe)):
        kept["seconds"] = before.seconds
    return replace(usual, **kept)


def _choose_recipe(name: str) -> None:
    now = draft.current()
    before = now.latest or now.wanted
    draft.refill(before.by(name))
