"""Train one and watch it."""

import streamlit as st

from gan_core import runs
from gan_core.runs import LIVE, Run
from pages.parts import choose, live, setup


def watch(run: Run) -> None:
    """One training, from its first step on; the page follows it until it ends."""
    config = run.config
    st.query_params[choose.RUN] = run.id  # a link from this page to itself leaves the browser's address as it was
    title, leave = st.columns([4, 1], vertical_alignment="bottom")
    title.title(f"{config.about.title}, {config.recipe} recipe")
    title.caption(f"On {config.data}, seed {config.seed}, {'shipped' if run.shipped else run.id}")
    leave.button("New training", icon=":material/add:", on_click=choose.forget, width="stretch")
    live_now = run.status.state in LIVE

    @st.fragment(run_every=1.0 if live_now else None)
    def panel() -> None:
        status = run.status
        if (status.state in LIVE) != live_now:
            st.rerun()  # the buttons change, the clock starts or stops
        live.heading(run, status)
        left, right = st.columns([3, 2], gap="large")
        with left:
            live.curves(run)
        with right:
            live.samples(run)

    panel()
    if run.status.state in ("failed", "lost") and run.log_path.is_file():
        with st.expander("What the training process printed last"):
            st.code(run.log_path.read_text(errors="replace")[-4000:] or "Nothing.", language=None)
    with st.expander("All settings"):
        st.json(config.model_dump(), expanded=1)


def prepare() -> None:
    """The settings of a new training, and those that were trained here before."""
    st.title("Training lab")
    st.markdown("Nothing here can break: choose, start, watch, stop, try again.")
    left, right = st.columns(2, gap="large")
    with left:
        variant = setup.variant()
        recipe = setup.recipe(variant)
    with right:
        data = setup.data(variant)
        budget = setup.budget(variant, recipe)
        seed, device = setup.seed_and_device()
        if st.button("Start training", type="primary", icon=":material/play_circle:", disabled=data is None, width="stretch"):
            config = setup.configured(variant=variant.name, recipe=recipe, data=data, seed=seed, device=device, **budget)
            run = setup.start(config) if config else None
            if run:
                st.query_params[choose.RUN] = run.id
                st.rerun()
        st.caption(f"{setup.places()} A training goes on when you close the page.")

    earlier = runs.own()[:30]
    if earlier:
        st.subheader("Trained here")
    for run in earlier:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(live.state(run, run.status), width="content")
            st.page_link("pages/train/lab.py", label=run.title, query_params={choose.RUN: run.id})


opened = choose.from_address()
if opened:
    watch(opened)
else:
    prepare()
