"""Ask a conditional generator for a digit, a number, a style, and see how often it draws what it was asked for."""

import streamlit as st

from pages.digits_on_request import blend, choose, confusion, dataset, number, style_grid
from pages.shared import latent_controls, links, models, run_picker, visitors

st.title("Digits on request")
candidates = run_picker.explorable(conditional=True)
if not candidates:
    st.info("Only a conditional GAN can be asked for a digit, and none is trained here yet.", icon=":material/info:")
    links.draw(links.LAB, "Train CGAN", variant="cgan")
    st.stop()

picker, seeds = st.columns([3, 2], gap="large", vertical_alignment="bottom")
with picker:
    run = run_picker.menu(candidates, "Conditional GAN")
models.load(run)
with seeds:
    seed = latent_controls.seed_picker()

SECTIONS = {
    "Choose": lambda: choose.draw(run, seed),
    "Write": lambda: number.draw(run, seed),
    "Styles": lambda: style_grid.draw(run, seed),
    "Blend": lambda: blend.draw(run, seed),
    "Right or wrong": lambda: confusion.draw(run),
    "Data set": lambda: dataset.draw(run, seed),
}
for tab, draw in zip(st.tabs(list(SECTIONS), key="show", on_change="rerun", bind="query-params"), SECTIONS.values(), strict=True):
    if tab.open:
        with tab:
            draw()
visitors.remember()
