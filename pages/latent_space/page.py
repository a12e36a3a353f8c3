"""Explore a generator's latent space: it runs in the browser and follows the hand; when the hand rests, heavier answers follow."""

import streamlit as st

from pages.latent_space.explorer import codec, component
from pages.latent_space.tools import directions_job, tabs
from pages.shared import images, latent_controls, links, models, run_picker, run_status

st.title("Latent space")
candidates = run_picker.explorable()
if not candidates:
    st.info("There is no trained network yet. Train one: after half a minute it can be explored here.", icon=":material/info:")
    links.draw(links.LAB, "Train one")
    st.stop()

picker, seeds = st.columns([3, 2], gap="large", vertical_alignment="bottom")
with picker:
    run = run_picker.menu(candidates)
model = models.load(run)
with seeds:
    seed = latent_controls.seed_picker()
comparable = component.runs_with_same_prior(model, candidates)
with st.container(gap=None):
    name = component.send_generator(model)
    others = component.send_others(comparable) if name else []
go = codec.go if name else None


def more(digit: int | None) -> None:
    """Other samples of the same generator."""
    title = model.variant.title
    if model.variant.kind == "images":
        st.caption(f"64 samples from seed {seed}" + (f", all asked for {digit}." if digit is not None else "."))
        images.png(models.grid(run, seed, 64, 16, digit), f"64 samples of {title} from seed {seed}", width=956)
    else:
        st.caption(f"16 curves from seed {seed}, over real ones where the run keeps them.")
        run_status.sampled_curves(
            latent_controls.many_curves(model, seed), key=f"many-{run.id}", alt=f"16 curves of {title} from seed {seed}"
        )


@st.fragment
def explore() -> None:
    """The explorer and what the server says of the place where the hand rests; a hand that rests redraws only this."""
    point = component.draw(model, seed, name, others, comparable) if name else latent_controls.point(model, seed)
    st.markdown(models.opinion(model, point.x, point.digit))
    tabs.draw(point, seed, go, component.marks(model), lambda: more(point.digit))


explore()
directions_job.offer(run)
