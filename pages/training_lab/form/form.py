"""The fields of the form: for how long, from which seed, on what, by which recipe; and the training that they describe, submitted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from gan_core import jobs, runs
from gan_core.data import DATA_SETS, data_folder
from gan_core.errors import AtelierError
from gan_core.gans.config import RunConfig, choices_of_data
from gan_core.gans.variants.entry import Variant
from gan_core.runs import LIVE, Run
from gan_core.runs.status import age
from gan_core.translation import N_, _
from pages.shared import visitors
from pages.training_lab.form import address, devices
from pages.training_lab.form.draft import Draft

DOWNLOAD = ("python", "-m", "gan_core", "download")
AT_ONCE = 5.0  # seconds in which the same training, asked for twice by one visitor, is one
UNITS = {"seconds": N_("seconds"), "steps": N_("steps")}
RECIPES = {
    "stable": N_("stable: changed so that it trains reliably"),
    "published": N_("published: as its source describes it, so it may fail"),
}
T = TypeVar("T", int, float)
_submitting = threading.Lock()


def budget(draft: Draft) -> tuple[float | None, int | None, str]:
    """For how long: seconds or steps, the other is None; and what is wrong with the number in the field, which is empty if nothing is."""
    wanted = draft.wanted
    kinds = list(UNITS)
    kind = st.session_state.get(draft.key("unit")) or ("seconds" if wanted.seconds is not None else "steps")
    with st.container(width=140):
        if kind == "seconds":
            usual = wanted.seconds if wanted.seconds is not None else address.usual_seconds(wanted.variant, wanted.recipe)
            length, wrong = _number(_("Seconds of training"), usual, draft.key("seconds"), address.seconds, step=10.0)
        else:
            full = wanted.settings.steps
            usual_steps = wanted.steps if wanted.steps is not None else full
            words = _("A step updates both networks once. A full training by this recipe takes {n} steps.").format(n=f"{full:,}")
            length, wrong = _number(
                _("Steps"), usual_steps, draft.key("steps"), address.steps, step=1000.0 if full > 1000 else 100.0, words=words
            )
    with st.container(width="content"):
        st.segmented_control(
            _("Seconds or steps"),
            kinds,
            default=kind,
            format_func=lambda unit: _(UNITS[unit]),
            key=draft.key("unit"),
            required=True,
            label_visibility="collapsed",
        )
    if kind == "seconds":
        return length, None, wrong
    return None, None if length is None else int(length), wrong


def seed(draft: Draft) -> tuple[int | None, str]:
    """The seed that makes it repeatable, None where the field holds none; and what is wrong with what it holds."""
    words = _("The same settings and the same seed give the same training.")
    return _number(_("Seed"), draft.wanted.seed, draft.key("seed"), address.seed, step=1.0, words=words)


def _number(label: str, usual: T, key: str, parse: Callable[[str], T], step: float, words: str | None = None) -> tuple[T | None, str]:
    """A field for a number. It has no limits of its own: a browser that refuses a number leaves it standing, and keeps the one before."""
    value = st.number_input(label, value=float(usual), step=step, format="%g", key=key, help=words)
    try:
        return parse(f"{value:.17g}"), ""
    except AtelierError as error:
        return None, str(error)


def recipe(draft: Draft, chosen: Variant, choose: Callable[[str], None]) -> None:
    """Stable or published; a click calls `choose` with its name, before the page is drawn anew."""
    names = [name for name in RECIPES if name in chosen.recipes]
    key = draft.key("recipe")
    st.radio(
        _("Recipe"),
        names,
        names.index(draft.wanted.recipe),
        format_func=lambda name: _(RECIPES[name]),
        key=key,
        on_change=lambda: choose(st.session_state[key]),
    )


def source(chosen: Variant, recipe_name: str) -> None:
    """Where this GAN comes from, and what the recipe changes."""
    published = recipe_name == "published"
    st.markdown(_(chosen.source))
    st.markdown(_("This recipe differs from its source:") if published else _("This recipe changes:"))
    parts = chosen.differs if published else chosen.stable
    st.markdown("\n".join(f"- {_(part)}" for part in parts or (N_("nothing"),)))


def data(draft: Draft, chosen: Variant) -> tuple[str, bool]:
    """Which data set, and whether it is on this machine; where it is not, how to get it."""
    names = choices_of_data(chosen)
    name = st.selectbox(_("Data"), names, names.index(draft.wanted.data), format_func=_titled, key=draft.key("data"))
    name = name if name in names else draft.wanted.data
    if DATA_SETS[name].present:
        return name, True
    title = _(DATA_SETS[name].title)
    st.info(_("{title} is not on this machine yet. Fetch it once, with a network:").format(title=title), icon=":material/download:")
    st.code(" ".join((*DOWNLOAD, name)), language="bash")
    folder = f"{data_folder().name}/{DATA_SETS[name].folder}/raw"
    st.caption(_("Or copy its files into `{folder}`. The built-in digits need neither.").format(folder=folder))
    return name, False


def _titled(name: str) -> str:
    known = DATA_SETS[name]
    return _(known.title) if known.present else _("{title} (not on this machine)").format(title=_(known.title))


def device(draft: Draft) -> str:
    """Where it trains."""
    there = devices.offered()
    chosen = st.selectbox(
        _("Device"),
        there,
        there.index(draft.wanted.device) if draft.wanted.device in there else 0,
        format_func=lambda name: _(devices.NAMES[name]),
        key=draft.key("device"),
        disabled=len(there) == 1,
    )
    return chosen if chosen in there else "cpu"


def tensorboard(draft: Draft) -> bool:
    """Are event files wanted?"""
    return st.checkbox(
        _("Keep TensorBoard event files"),
        draft.wanted.tensorboard,
        key=draft.key("tensorboard"),
        help=_("The same curves and pictures, in the run's folder, for `tensorboard --logdir`. Needs the package tensorboard."),
    )


def places() -> str:
    """How many trainings this machine takes, and how many it has."""
    try:
        jobs.dispatch()  # what waits for a place that has come free
        taken, all_places = len(jobs.training()), jobs.slots()
        presenter = visitors.is_presenter()
        kept = 0 if presenter else all_places - jobs.visitor_slots()
    except AtelierError as error:
        return str(error)
    if presenter:
        return _("{taken} of {all} places on this machine are taken. You are the presenter: yours goes first.").format(
            taken=taken, all=all_places
        )
    if taken < all_places - kept:
        return _("{taken} of {all} places on this machine are taken.").format(taken=taken, all=all_places)
    if kept:
        return _("All places for visitors on this machine are taken; yours starts when one is free.")
    return _("All {all} places on this machine are taken; yours starts when one is free.").format(all=all_places)


def submit(config: RunConfig, title: str = "") -> Run:
    """Puts it into the queue as this visitor's; asked for twice at once (a double click, a link opened twice) it is one run.

    Raises AtelierError if it cannot be.
    """
    owner = visitors.me()
    with _submitting:
        for run in runs.own(owner)[:4]:
            status = run.status
            goes_on = status.state in (*LIVE, "finished")
            if goes_on and age(status.created) <= AT_ONCE and (run.config, run.name) == (config, title):
                return run
        return jobs.submit(config, owner=owner, title=title, presenter=visitors.is_presenter())
