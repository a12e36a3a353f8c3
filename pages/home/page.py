"""What is a GAN, and which ones are here? Draws from files only: neither torch nor numpy is imported."""

import streamlit as st

from gan_core import runs
from gan_core.gans.variants import QUICK, VARIANTS
from pages.shared import images, links

st.title("GAN Atelier")
words, formula = st.columns([3, 2], vertical_alignment="center", gap="large")
words.markdown(
    "A **generative adversarial network** is two networks that learn from each other. The :orange[**generator G**] turns random "
    "numbers into pictures; the :blue[**discriminator D**] learns to tell them from real ones, and G learns to make that impossible."
)
formula.latex(
    r"\begin{aligned}\min_{\color{#d9691e}G}\,\max_{\color{#3b8fc4}D}\;\; & \mathbb{E}_{x}\big[\log {\color{#3b8fc4}D}(x)\big] \\[-2pt]"
    r"+\; & \mathbb{E}_{z}\big[\log\big(1 - {\color{#3b8fc4}D}({\color{#d9691e}G}(z))\big)\big]\end{aligned}",
    help="Goodfellow et al. 2014, equation 1. x is a real picture, z random numbers, D(x) the probability that x is real.",
)

with words:
    links.draw(links.LAB, "Train one now, and read its digits after seconds", icon=":material/play_circle:", variant=QUICK)

shipped: dict[str, runs.Run] = {}
for run in runs.shipped():
    shipped.setdefault(run.config.variant, run)  # the stable one comes first

st.subheader(f"{len(VARIANTS)} GANs to train and explore")
st.caption("Every picture was drawn by the network it stands for: the last samples of the run that comes with this project.")

with st.grid(min_column_width=230, gap="small"):
    for variant in VARIANTS.values():
        with st.container(border=True, height="stretch"):
            st.markdown(f"#### {variant.title} :gray[·\u00a0{variant.year}]")
            st.markdown(variant.idea)
            shown = shipped.get(variant.name)
            if shown and images.newest(shown, f"Samples of {variant.title} after {shown.status.step:,} steps"):
                st.caption(f"{shown.config.recipe_title} · {shown.status.step:,} steps · {shown.config.data}")
            else:
                st.info(
                    "No trained network comes with this one yet. Train it and watch its first samples come.",
                    icon=":material/hourglass_empty:",
                )
            with st.container(horizontal=True):
                links.draw(links.LAB, "Train it", variant=variant.name)
                if shown and shown.has_weights:
                    links.draw(links.LATENT_SPACE, "Explore", run=shown.id)
            with st.expander("Source"):
                st.markdown(variant.source)
                st.caption("Where the published recipe differs from it: " + ("; ".join(variant.differs) or "nowhere") + ".")
