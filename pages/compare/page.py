"""Variants and runs side by side: what they are worth, what they draw from the same z, how they learned."""

import streamlit as st

from gan_core.runs import Run
from pages.compare import columns, quality, results
from pages.shared import latent_controls, links, run_picker

st.title("Compare")
everything = run_picker.everything()
if not everything:
    st.info("There is nothing to compare yet. Train two GANs, half a minute each.", icon=":material/info:")
    links.draw(links.LAB, "Train one")
    st.stop()


def pair(candidates: list[Run]) -> list[Run]:
    """What stands side by side unless something else is chosen: one GAN by both recipes, else the first two."""
    first: dict[str, Run] = {}
    for run in candidates:
        other = first.setdefault(run.config.variant, run)
        if other.config.recipe != run.config.recipe:
            return [other, run]
    return candidates[:2]


st.subheader("What they are worth")
results.table(everything)
results.panel(everything)

st.subheader("Side by side")
candidates = run_picker.explorable()
chosen = run_picker.several(candidates, pair(candidates), "Two to four runs", most=4)
with st.container(width=420):
    seed = latent_controls.seed_picker()
if len(chosen) < 2:
    st.info("Choose at least two runs.", icon=":material/info:")
    st.stop()

columns.latents_in_words(chosen, seed)
columns.each(chosen, seed)
st.caption(
    f"Below each: how D's verdicts on {columns.SCORED} of its own samples and {columns.SCORED} real ones are spread. "
    "The further apart, the easier D tells them; on top of each other, G has caught up with it."
)

st.subheader("How they learned")


@st.fragment
def curves() -> None:
    """The curves over an axis of choice; choosing another redraws only this."""
    axis = st.segmented_control("Over", list(columns.AXES), default="steps", key="over", required=True, bind="query-params")
    axis = axis if axis in columns.AXES else "steps"
    quality.chart(chosen, axis)
    columns.losses(chosen, axis)
    columns.verdicts(chosen, axis)


curves()
quality.story(chosen)
