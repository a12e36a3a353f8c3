"""Which runs a page is about: the address says it (?run=... or ?runs=...,...), a menu changes it."""

from __future__ import annotations

import streamlit as st

from gan_core import runs
from gan_core.errors import AtelierError
from gan_core.runs import Run
from gan_core.translation import _
from pages.shared import visitors

RUN, RUNS, PAIR, BREAK = "run", "runs", "pair", "break"  # the query parameters
_LAST = "last_run"  # session state: the run last looked at
_SEVERAL = "last_runs"  # session state: the runs last compared


def named(name: str) -> Run:
    """The run of that id, or the shipped run of that variant. Raises AtelierError; a name from an address is never a path."""
    if "/" in name or "\\" in name or name.startswith("."):
        raise AtelierError(_("{name!r} names no run. Choose one from the list.").format(name=name[:60]))
    try:
        return runs.find(name)
    except AtelierError:
        raise AtelierError(
            _("There is no run {name!r} here. It may have been deleted. Choose one from the list.").format(name=name[:60])
        ) from None


def from_address() -> Run | None:
    """The run the address names; None if it names none, or one that is not there, which is then said."""
    name = st.query_params.get(RUN)
    if not name:
        return None
    try:
        return named(name)
    except AtelierError as error:
        st.error(str(error), icon=":material/link_off:")
        return None


def pair() -> list[Run]:
    """The two runs that the address names to be watched beside each other; none if it does not name two that are here."""
    names = st.query_params.get(PAIR, "").split(",")
    if len(names) != 2:
        return []
    try:
        return [named(name) for name in names]
    except AtelierError as error:
        st.error(str(error), icon=":material/link_off:")
        return []


def shipped() -> list[Run]:
    """The runs that came with the project."""
    return runs.shipped()


def forget() -> None:
    """Takes the run, or the pair of runs and what it shows, out of the address."""
    for name in (RUN, PAIR, BREAK):
        st.query_params.pop(name, None)


def open_alone(run: Run) -> None:
    """Puts this run into the address, and nothing else; for callbacks (a link from a page to itself leaves the address as it was)."""
    forget()
    st.query_params[RUN] = run.id


def at_class(y: int) -> dict[str, str]:
    """What an address of the explorer says so that it opens at this class, as place.js reads it.

    `digit` would not do: it belongs to a widget of the digits page, and Streamlit takes it out of the address when that page is left.
    """
    return {"place": f"c{y}"}


def menu(candidates: list[Run], label: str | None = None) -> Run:
    """A menu of runs, standing at the one the address names, else at the one last looked at. What it shows goes into the address."""
    ids = [run.id for run in candidates]
    titles = {run.id: run.title for run in candidates}
    addressed = from_address()
    if addressed is not None and addressed.id not in ids:
        st.warning(_("{title} cannot be shown on this page.").format(title=addressed.title), icon=":material/info:")
        addressed = None
    last = st.session_state.get(_LAST)
    st.session_state["menu"] = addressed.id if addressed else last if last in ids else ids[0]

    def remember() -> None:
        st.query_params[RUN] = st.session_state["menu"]

    chosen = st.selectbox(label or _("Trained GAN"), ids, format_func=lambda i: titles.get(i, i), key="menu", on_change=remember)
    st.session_state[_LAST] = chosen
    if st.query_params.get(RUN) != chosen:
        st.query_params[RUN] = chosen
    return candidates[ids.index(chosen)]


def several(candidates: list[Run], usual: list[Run], label: str, most: int) -> list[Run]:
    """A menu of at most `most` runs, standing at those the address names, else at those last chosen, else at the usual ones."""
    ids = [run.id for run in candidates]
    titles = {run.id: run.title for run in candidates}
    if RUNS in st.query_params:
        preset = _known(st.query_params[RUNS], ids)
    else:
        preset = [i for i in st.session_state.get(_SEVERAL, []) if i in ids] or [run.id for run in usual]
    if len(preset) > most:
        told = _("At most {n} runs fit side by side. These are the first {n} of the address.")
        st.warning(told.format(n=most), icon=":material/info:")
    st.session_state["several"] = preset[:most]

    def remember() -> None:
        st.query_params[RUNS] = ",".join(st.session_state["several"])

    chosen = st.multiselect(
        label, ids, format_func=lambda i: titles.get(i, i), key="several", max_selections=most, on_change=remember, wrap=True
    )
    st.session_state[_SEVERAL] = chosen
    if st.query_params.get(RUNS) != ",".join(chosen):
        st.query_params[RUNS] = ",".join(chosen)
    return [candidates[ids.index(i)] for i in chosen]


def _known(names: str, ids: list[str]) -> list[str]:
    """Those of the comma-separated names that are among these ids, each once; of the others it says what is wrong with them."""
    chosen: list[str] = []
    for name in [n for n in names.split(",") if n][:20]:
        try:
            run = named(name)
        except AtelierError as error:
            st.error(str(error), icon=":material/link_off:")
            continue
        if run.id not in ids:
            told = _("{title} cannot be shown on this page: it has no weights yet.").format(title=run.title)
            st.warning(told, icon=":material/info:")
        elif run.id not in chosen:
            chosen.append(run.id)
    return chosen


def brief(run: Run) -> str:
    """A short name for legends and headings; own runs are told apart by the end of their id."""
    config = run.config
    return f"{config.about.title}, {config.recipe_title}" + ("" if run.shipped else f", {run.id[-4:]}")


def everything() -> list[Run]:
    """Shipped runs, those this visitor finds, and those that the address names: who has the link may look."""
    listed = [*runs.shipped(), *visitors.visible()]
    known = {run.id for run in listed}
    addressed = ",".join(st.query_params.get(name, "") for name in (RUN, RUNS, PAIR)).split(",")
    for name in dict.fromkeys(addressed[:20]):
        try:
            run = named(name) if name and name not in known else None
        except AtelierError:
            continue  # whoever reads the address says so
        if run and run.id not in known:
            listed.append(run)
    return listed


def explorable(conditional: bool = False) -> list[Run]:
    """Shipped runs and those of this visitor that can be sampled from, shipped ones first; and the one that the address names."""
    candidates = [run for run in everything() if run.has_weights]
    return [run for run in candidates if run.config.about.classes] if conditional else candidates
