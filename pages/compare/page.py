"""Runs side by side: what they draw from the same z and how they are doing, then how they learned, then all numbers of all runs."""

from pathlib import Path

import streamlit as st

from gan_core.runs import Run
from gan_core.translation import _
from pages.compare import card, curves, numbers, quality, results, scores
from pages.shared import html, latent_controls, links, run_picker

MOST = 4
OVER = "over"  # in the address: what the curves are drawn over

html.style(Path(__file__).with_suffix(".css"))
st.title(_("Compare"))
everything = run_picker.everything()
if not everything:
    st.info(_("There is nothing to compare yet. Train two GANs, half a minute each."), icon=":material/info:")
    links.draw(links.LAB, _("Train one"))
    st.stop()


def pair(candidates: list[Run]) -> list[Run]:
    """What stands side by side unless something else is chosen: one GAN by both recipes, else the first two."""
    first: dict[str, Run] = {}
    for run in candidates:
        other = first.setdefault(run.config.variant, run)
        if other.config.recipe != run.config.recipe:
            return [other, run]
    return candidates[:2]


def latents_in_words(runs: list[Run], seed: int) -> None:
    """Do they draw from the same z? Runs whose priors agree do."""
    priors = {run.id: run.config.about.prior for run in runs}
    kinds = list(dict.fromkeys(priors.values()))
    if len(kinds) == 1:
        st.caption(_("All draw from the same z: seed {seed}, from {prior}.").format(prior=kinds[0], seed=seed))
        return
    who = "; ".join(
        _("{prior} for {runs}").format(prior=kind, runs=", ".join(run_picker.brief(run) for run in runs if priors[run.id] == kind))
        for kind in kinds
    )
    st.info(
        _("Their priors differ, so z cannot be the same for all. Each draws from its own prior with seed {seed}: {who}.").format(
            seed=seed, who=who
        ),
        icon=":material/call_split:",
    )


def side_by_side(chosen: list[Run], seed: int) -> None:
    """Pictures, health and three numbers of each."""
    latents_in_words(chosen, seed)
    with st.container(key="beside"), st.grid(columns=len(chosen), min_column_width=220, gap="medium"):
        for place, run in enumerate(chosen):
            with st.container():
                card.draw(run, place, seed)
    with st.expander(_("What the words mean"), icon=":material/help:"):
        for meaning in numbers.meanings(chosen):
            st.markdown(meaning)
    st.subheader(_("How they learned"))
    learned(chosen)
    quality.story(chosen)
    scores.draw(chosen, seed)


@st.fragment
def learned(chosen: list[Run]) -> None:
    """The curves over an axis of choice; choosing another redraws only this."""
    asked = st.query_params.get(OVER)
    st.session_state.setdefault(OVER, asked if asked in curves.AXES else curves.STEPS)

    def remember() -> None:  # not bound to the address by Streamlit, which would put what the choice is called there
        st.query_params[OVER] = st.session_state[OVER]

    axis = st.segmented_control(_("Over"), list(curves.AXES), format_func=curves.axis_name, key=OVER, required=True, on_change=remember)
    axis = axis or curves.STEPS
    curves.losses(chosen, axis)
    curves.opinions(chosen, axis)
    quality.chart(chosen, axis)


candidates = run_picker.explorable()
left, right = st.columns([3, 2], vertical_alignment="bottom")
with left:
    chosen = run_picker.several(candidates, pair(candidates), _("Two to four runs"), most=MOST)
with right:
    seed = latent_controls.seed_picker()
if len(chosen) < 2:
    st.info(_("Choose at least two runs."), icon=":material/info:")
else:
    side_by_side(chosen, seed)
st.subheader(_("All numbers of all runs"))
results.table(everything)
results.panel(everything)
