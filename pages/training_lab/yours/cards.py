"""The runs of a visitor as cards: last samples, the name they gave first, when, and how it is doing; a pair is one card."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import streamlit as st

from gan_core import jobs
from gan_core.errors import AtelierError
from gan_core.runs import LIVE, Run
from gan_core.runs.status import age
from gan_core.translation import _, ngettext
from pages.shared import html, images, links, run_health, run_picker, run_status, visitors
from pages.training_lab.yours import pairs
from pages.training_lab.yours.pairs import Entry

FEW = 12  # cards at first
MOST = 60
_ALL = "all_of_mine"  # session state: all cards are wanted
_STYLE = Path(__file__).with_suffix(".css")
_COLOURS = {"green": "green", "amber": "orange", "red": "red", "grey": "gray"}
_UNITS = (
    (86_400, lambda n: ngettext("{n} day ago", "{n} days ago", n)),
    (3_600, lambda n: ngettext("{n} hour ago", "{n} hours ago", n)),
    (60, lambda n: ngettext("{n} minute ago", "{n} minutes ago", n)),
)


def draw() -> None:
    """The cards, newest first, and a button that deletes what is this visitor's. Nothing where there are none."""
    found = visitors.visible()
    if not found:
        return
    html.style(_STYLE)
    mine = [run for run in found if run.owner == visitors.me()]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(_("All runs on this machine") if visitors.shows_all() else _("Your runs"), width="stretch")
        if mine:
            _delete_all(mine)
    entries = pairs.grouped(found[:MOST])
    shown = entries if st.session_state.get(_ALL) else entries[:FEW]
    with st.container(key="yours"), st.grid(min_column_width=170, gap="small"):
        for entry in shown:
            with st.container(border=True, height="stretch", gap="xsmall"):
                _card(entry)
    if len(entries) > len(shown):
        st.button(_("Show more"), icon=":material/expand_more:", on_click=st.session_state.__setitem__, args=(_ALL, True))


def _card(entry: Entry) -> None:
    run, cure, preset = entry
    if cure is None or preset is None:
        _picture(run)
        links.draw(links.LAB, _escaped(run.name or _named(run)), icon=None, run=run.id)
        st.markdown(standing(run))
        facts = [_named(run)] if run.name else []
        st.caption(" · ".join([*facts, ago(run)]))
        return
    with st.grid(columns=2, min_column_width=60, gap="xsmall"):
        for each, words in ((run, _("Broken: {how}")), (cure, _("Cured: {how}"))):
            with st.container(gap="xsmall"):
                _picture(each)
                st.markdown(words.format(how=standing(each)))
    links.draw(links.LAB, _(preset.title), icon=None, pair=f"{run.id},{cure.id}", **{"break": preset.name})
    st.caption(ago(run))


def standing(run: Run) -> str:
    """How it is doing, as a coloured word in Markdown; before that, where it is not at rest or broke off, its state."""
    status = run.status
    words = []
    if status.state in (*LIVE, "paused", "failed", "lost"):
        words.append(run_status.state(run, status))
    if status.step and status.state not in ("failed", "lost"):
        found = run_health.of(run, status)
        words.append(f":{_COLOURS[found.level]}[**{run_health.word(found)}**]")
    return " ".join(words) or run_status.state(run, status)


def ago(run: Run) -> str:
    """How long ago it was started, in words."""
    seconds = age(run.status.created)
    for unit, words in _UNITS:
        if seconds >= unit and (n := int(min(seconds, 1e9) // unit)):
            return words(n).format(n=n)
    return _("just now")


def _named(run: Run) -> str:
    return _("{gan}, {recipe}").format(gan=_(run.config.about.title), recipe=run.config.recipe_title)


def _picture(run: Run) -> None:
    alt = _("Last samples of {title}").format(title=run.name or _named(run))
    with st.container(key=f"yours-picture-{run.id}"):
        if not (run.samples and images.corner(run.samples[-1], alt)):
            html.show(html.element("div", _("No samples yet"), **{"class": "yours-empty"}))


def _escaped(name: str) -> str:
    """A name as it was given, whatever Markdown would make of it."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()<>#+-.!|~:$" else c for c in name)


def _delete_all(mine: list[Run]) -> None:
    """A question in a popover, not in a dialog: a redrawing closes a dialog, and the answer finds nobody."""
    resting = [run for run in mine if run.status.state not in LIVE]
    with st.popover(_("Delete all of mine"), icon=":material/delete:", type="tertiary", disabled=not resting):
        n = len(resting)
        words = ngettext(
            "Delete {n} run? Its networks, pictures and curves will be gone for good.",
            "Delete {n} runs? Their networks, pictures and curves will be gone for good.",
            n,
        )
        st.markdown(words.format(n=n))
        if n < len(mine):
            st.caption(_("What waits or trains stays."))
        st.button(_("Delete them"), type="primary", on_click=_delete, args=([run.id for run in resting],))


def _delete(ids: list[str]) -> None:
    """Whose each is, and whether it is at rest, is asked anew: some time has passed since the question."""
    for name in ids:
        with suppress(AtelierError):  # it is gone, or has begun again: then it stays
            run = run_picker.named(name)
            if run.owner == visitors.me():
                jobs.delete(run)
