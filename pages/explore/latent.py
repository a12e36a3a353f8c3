"""Explore a generator's latent space: move the coordinates of z, see what G makes of it."""

import streamlit as st

from pages.parts import choose, latents, live, models, pictures

st.title("Latent space")
candidates = choose.explorable()
if not candidates:
    st.info("There is no trained network yet. Train one: after half a minute it can be explored here.", icon=":material/info:")
    st.page_link("pages/train/lab.py", label="Train one", icon=":material/model_training:")
    st.stop()

picker, seeds = st.columns([3, 2], gap="large", vertical_alignment="bottom")
with picker:
    run = choose.menu(candidates)
model = models.load(run)
with seeds:
    seed = latents.seed_picker()
digit = latents.class_picker(model) if model.variant.classes else None


@st.fragment
def explorer() -> None:
    """The sliders and the sample they make; a move redraws only this."""
    left, right = st.columns(2, gap="large")
    with right:
        z = latents.sliders(model, seed)
    x = model.generate(z, models.classes(digit, 1))
    with left:
        if model.variant.kind == "images":
            pictures.png(models.mosaic(model, x, 1), f"The image {model.variant.title} makes of this z", width=448)
        else:
            live.sampled_curves(latents.curve(model, x), key=f"curve-{run.id}", alt=f"The curve {model.variant.title} makes of this z")
        st.markdown(models.opinion(model, x, digit))


explorer()

st.subheader("More from this generator")
if model.variant.kind == "images":
    st.caption(f"64 samples from seed {seed}" + (f", all asked for {digit}." if digit is not None else "."))
    pictures.png(models.grid(run, seed, 64, 16, digit), f"64 samples of {model.variant.title} from seed {seed}", width=956)
else:
    st.caption(f"16 curves from seed {seed}, over real ones where the run keeps them.")
    live.sampled_curves(latents.many_curves(model, seed), key=f"many-{run.id}", alt=f"16 curves of {model.variant.title} from seed {seed}")
