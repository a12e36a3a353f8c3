"""Ask a conditional generator for a digit, a number, a style, and see how often it draws what it was asked for."""

import streamlit as st

from pages.parts import asking, between, choose, handwriting, latents, models, ordering, readings, styles, visitors

st.title("Digits on request")
candidates = choose.explorable(conditional=True)
if not candidates:
    st.info("Only a conditional GAN can be asked for a digit, and none is trained here yet.", icon=":material/info:")
    st.page_link("pages/train/lab.py", label="Train CGAN", icon=":material/model_training:", query_params={"variant": "cgan"})
    st.stop()

picker, seeds = st.columns([3, 2], gap="large", vertical_alignment="bottom")
with picker:
    run = choose.menu(candidates, "Conditional GAN")
models.load(run)
with seeds:
    seed = latents.seed_picker()

SECTIONS = {
    "Choose": lambda: asking.draw(run, seed),
    "Write": lambda: handwriting.draw(run, seed),
    "Styles": lambda: styles.draw(run, seed),
    "Blend": lambda: between.draw(run, seed),
    "Right or wrong": lambda: readings.draw(run),
    "Data set": lambda: ordering.draw(run, seed),
}
for tab, draw in zip(st.tabs(list(SECTIONS), key="show", on_change="rerun", bind="query-params"), SECTIONS.values(), strict=True):
    if tab.open:
        with tab:
            draw()
visitors.remember()
