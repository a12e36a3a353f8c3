"""Ask a conditional generator for a digit: as many as wanted, and all ten from one latent vector."""

import streamlit as st

from pages.parts import choose, latents, models, pictures

st.title("Digits on request")
candidates = choose.explorable(conditional=True)
if not candidates:
    st.info("Only a conditional GAN can be asked for a digit, and none is trained here yet.", icon=":material/info:")
    st.page_link("pages/train/lab.py", label="Train CGAN", icon=":material/model_training:", query_params={"variant": "cgan"})
    st.stop()

picker, seeds = st.columns([3, 2], gap="large", vertical_alignment="bottom")
with picker:
    run = choose.menu(candidates, "Conditional GAN")
model = models.load(run)
with seeds:
    seed = latents.seed_picker()
word = latents.class_word(model)

asked, number = st.columns([3, 2], gap="large", vertical_alignment="bottom")
with asked:
    digit = latents.class_picker(model)
count = number.slider("How many", 8, 96, 48, step=8, key="count", bind="query-params")

pictures.png(
    models.grid(run, seed, count, 12 if count % 12 == 0 else 8, digit),
    f"{count} images of class {digit} by {model.variant.title}",
    width=956,
)
st.caption(f"{count} times {word.lower()} {digit}, each from its own z, drawn with seed {seed}. Look for the ones that went wrong.")

st.subheader(f"One z, every {word.lower()}")
st.caption("A row is one latent vector, a column one class. What stays the same along a row is what z says: slant, thickness, size.")
pictures.png(models.strip(run, seed, 4), f"Four latent vectors, each drawn as all ten classes, by {model.variant.title}", width=956)
