"""Ask a conditional generator for a digit, a number, a style, and see how often it draws what it was asked for."""

import streamlit as st

from gan_core.translation import _
from pages.digits_on_request import blend, choose, confusion, dataset, number, style_grid
from pages.shared import latent_controls, links, models, run_picker, visitors

st.title(_("Digits on request"))
candidates = run_picker.explorable(conditional=True)
if not candidates:
    st.info(_("Only a conditional GAN can draw a digit on request. None is trained here yet."), icon=":material/info:")
    links.draw(links.LAB, _("Train CGAN"), variant="cgan")
    st.stop()

picker, seeds = st.columns([3, 2], gap="large", vertical_alignment="bottom")
with picker:
    run = run_picker.menu(candidates, _("Conditional GAN"))
models.load(run)
with seeds:
    seed = latent_controls.seed_picker()

SECTIONS = {
    _("Choose"): lambda: choose.draw(run, seed),
    _("Write"): lambda: number.draw(run, seed),
    _("Styles"): lambda: style_grid.draw(run, seed),
    _("Blend"): lambda: blend.draw(run, seed),
    _("Right or wrong"): lambda: confusion.draw(run),
    _("Data set"): lambda: dataset.draw(run, seed),
}
for tab, draw in zip(st.tabs(list(SECTIONS), key="show", on_change="rerun", bind="query-params"), SECTIONS.values(), strict=True):
    if tab.open:
        with tab:
            draw()
visitors.remember()
