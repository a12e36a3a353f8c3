"""Train one and watch it: the form, a run, or two runs beside each other, as the address says."""

import streamlit as st

from gan_core.errors import AtelierError
from gan_core.gans import compatibility
from gan_core.gans.config import RunConfig, configure
from pages.parts import advanced, breaking, cards, choose, draft, forecast, live, outlook, setup, visitors, watch


def prepare() -> None:
    """The settings of a new training."""
    variant = setup.variant()
    paces = forecast.paces()
    left, right = st.columns([5, 4], gap="large")
    with right:
        st.markdown(f"### {variant.title} :gray[· {variant.year}]")
        st.markdown(variant.idea)
        recipe = setup.recipe(variant)
        setup.source(variant, recipe)
        data = setup.data(variant)
        key, start = draft.base(variant, recipe)
        budget = setup.budget(start, key)
        seed, device = setup.seed_and_device()
        settings, labels, precision = advanced.fold(start, data, device, key)
        board = setup.tensorboard()
        outlook.draw(variant, recipe, paces.get((variant.name, recipe, device, precision)), budget, settings)
        begin(
            variant=variant.name,
            recipe=recipe,
            data=data,
            seed=seed,
            device=device,
            precision=precision,
            settings=settings,
            labels=labels,
            tensorboard=board,
            **budget,
        )
    with left:
        cards.draw(variant.name, paces, recipe)


def begin(**values: object) -> None:
    """The button that starts it; where something does not fit, the reason stands in its place."""
    reason = None
    config: RunConfig | None = None
    if values["data"] is not None:
        try:
            config = configure(**values)  # type: ignore[arg-type]
            reason = compatibility.objection(config)
        except AtelierError as error:
            reason = str(error)
    if reason:
        st.error(reason, icon=":material/block:")
    blocked = config is None or reason is not None
    if st.button("Start training", type="primary", icon=":material/play_circle:", disabled=blocked, width="stretch") and config:
        try:
            run = setup.submit(config)
        except AtelierError as error:
            st.error(str(error), icon=":material/error:")
        else:
            st.query_params[choose.RUN] = run.id
            st.rerun()
    st.caption(f"{setup.places()} A training goes on when you close the page.")


def earlier() -> None:
    """The runs that this visitor trained here before."""
    found = visitors.visible()[:30]
    if not found:
        return
    st.subheader("All runs on this machine" if visitors.shows_all() else "Your runs")
    for run in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(live.state(run, run.status), width="content")
            st.page_link("pages/train/lab.py", label=run.title, query_params={choose.RUN: run.id})


opened, pair = choose.from_address(), choose.pair()
if pair:
    watch.two(pair)
elif opened:
    watch.one(opened)
else:
    st.title("Training lab")
    st.markdown("Nothing here can break: choose, start, watch, stop, try again.")
    train, fail = st.tabs(["Train", "Break it"])
    with train:
        prepare()
    with fail:
        breaking.cards()
    earlier()
visitors.remember()
