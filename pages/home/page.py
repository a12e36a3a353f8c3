"""What is a GAN, where does one begin, and which ones are here? Draws from files only: neither torch nor numpy is imported."""

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gan_core.gans.variants import QUICK
from gan_core.runs import Run
from gan_core.translation import N_, _
from pages.home import gallery
from pages.shared import html, links, replay

SECONDS = 20  # of the quick training
DOORS: tuple[tuple[links.Page, dict[str, str], str, str], ...] = (
    (links.LAB, {"variant": QUICK}, N_("Watch them fight"), N_("Follow G and D while they train.")),
    (links.DISCRIMINATOR, {}, N_("Be the discriminator"), N_("Tell real digits from generated.")),
    (links.LATENT_SPACE, {}, N_("Walk through latent space"), N_("Move z and see the digit change.")),
    (links.LAB, {"tab": "break"}, N_("Break one, and cure it"), N_("See a training fail, and what helps.")),
    (links.COMPARE, {}, N_("Compare"), N_("The same z through several GANs.")),
)
"page, address there, title, and one line, in the order in which one learns"


def hero(recorded: Run | None) -> DeltaGenerator:
    """What a GAN is, and one press to a training. Returns the place of the loop: its size stands from the start, its frames come last."""
    words, picture = st.columns([3, 2], vertical_alignment="center")
    with picture, st.container(key="replay"):
        place = st.empty()
        st.caption(replay.about(recorded) if recorded else _(replay.MISSING))
    with words, st.container(key="hero"):
        st.title("GAN Atelier")
        st.markdown(
            _(
                "A **generative adversarial network** (GAN) is two networks that learn from each other: the :orange[**generator G**] turns "
                "random numbers into pictures, and the :blue[**discriminator D**] learns to tell them from real ones."
            )
        )
        if st.button(_("Train one now ({n} s)").format(n=SECONDS), type="primary", icon=":material/play_arrow:", key="train-now"):
            st.switch_page(links.LAB.file, query_params={"variant": QUICK, "seconds": str(SECONDS), "start": "1"})
        st.caption(_("G starts with noise and learns to draw digits, on this machine."))
    return place


def doors() -> None:
    """Five ways into the app. The whole of a door is its link."""
    with st.container(key="doors"), st.grid(columns=len(DOORS), min_column_width=200, gap="small"):
        for i, (page, query, title, line) in enumerate(DOORS, 1):
            with st.container(border=True, height="stretch", gap="xxsmall", key=f"door-{i}"):
                links.draw(page, f"**{i} · {_(title)}**", icon=None, **query)
                st.caption(_(line))


html.style(Path(__file__).with_suffix(".css"))
recording = gallery.shipped().get(QUICK)
place = hero(recording)
doors()
if recording:
    with place:
        replay.draw(recording)
gallery.cards()
gallery.formula()
gallery.sources()
