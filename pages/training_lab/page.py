"""Train one and watch it: the form, a run, or two runs beside each other, as the address says."""

import streamlit as st

from gan_core.errors import AtelierError
from gan_core.gans.config import RunConfig, configure
from pages.shared import links, run_picker, run_status, visitors
from pages.training_lab.break_it import cards
from pages.training_lab.form import advanced, draft, expectation, forecast, form, variant_cards
from pages.training_lab.run import view


def prepare() -> None:
    """The settings of a new training."""
    variant = form.variant()
    paces = forecast.paces()
    left, right = st.columns([5, 4], gap="large")
    with right:
        st.markdown(f"### {variant.title} :gray[· {variant.year}]")
        st.markdown(variant.idea)
        recipe = form.recipe(variant)
        form.source(variant, recipe)
        data = form.data(variant)
        key, start = draft.base(variant, recipe)
        budget = form.budget(start, key)
        seed, device = form.seed_and_device()
        choices = advanced.fold(start, data, device, key)
        board = form.tensorboard()
        rate = paces.get((variant.name, recipe, device, choices.precision))
        expectation.draw(start.model_copy(update=choices._asdict()), rate, budget)
        begin(
            variant=variant.name,
            recipe=recipe,
            data=data,
            seed=seed,
            device=device,
            tensorboard=board,
            **choices._asdict(),
            **budget,
        )
    with left:
        variant_cards.draw(variant.name, paces, recipe)


def begin(**values: object) -> None:
    """The button that starts it; where something does not fit, the reason stands in its place."""
    reason = None
    config: RunConfig | None = None
    if values["data"] is not None:
        try:
            config = configure(**values)  # type: ignore[arg-type]
        except AtelierError as error:
            reason = str(error)
    if reason:
        st.error(reason, icon=":material/block:")
    blocked = config is None or reason is not None
    if st.button("Start training", type="primary", icon=":material/play_circle:", disabled=blocked, width="stretch") and config:
        try:
            run = form.submit(config)
        except AtelierError as error:
            st.error(str(error), icon=":material/error:")
        else:
            st.query_params[run_picker.RUN] = run.id
            st.rerun()
    st.caption(f"{form.places()} A training goes on when you close the page.")


def earlier() -> None:
    """The runs that this visitor trained here before."""
    earlier_runs = visitors.visible()[:30]
    if not earlier_runs:
        return
    st.subheader("All runs on this machine" if visitors.shows_all() else "Your runs")
    for run in earlier_runs:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(run_status.state(run, run.status), width="content")
            links.draw(links.LAB, run.title, icon=None, run=run.id)


opened, pair = run_picker.from_address(), run_picker.pair()
if pair:
    view.two(pair)
elif opened:
    view.one(opened)
else:
    st.title("Training lab")
    st.markdown("Nothing here can break: choose, start, watch, stop, try again.")
    train, fail = st.tabs(["Train", "Break it"])
    with train:
        prepare()
    with fail:
        cards.draw()
    earlier()
visitors.remember()
