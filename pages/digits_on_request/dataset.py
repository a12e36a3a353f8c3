"""A labelled data set to order: made in a process of its own, followed here, downloaded, and learned from on request."""

from __future__ import annotations

from functools import partial

import streamlit as st

from gan_core.digits import dataset, dataset_orders
from gan_core.digits.dataset_orders import DatasetOrder
from gan_core.errors import AtelierError
from gan_core.runs import Run
from pages.shared import task_panel, visitors


def draw(run: Run, seed: int) -> None:
    """What is to be made, and what was ordered last."""
    dataset_orders.sweep()
    k = run.config.about.classes
    with st.container(horizontal=True, vertical_alignment="bottom"):
        each = st.number_input("Training images a class", 1, dataset.MOST, 1_000, step=100, key="each", persist_state="session", width=200)
        form = st.selectbox(
            "Files",
            list(dataset.FORMS),
            format_func=lambda f: dataset.FORMS.get(f, f),
            key="form",
            persist_state="session",
            width=250,
        )
        clicked = st.button("Make it", type="primary", icon=":material/inventory_2:")
    try:
        plan = dataset.Plan.checked(per_class=int(each), form=form, seed=seed)
    except AtelierError as error:
        st.error(str(error), icon=":material/error:")
        return
    sizes = plan.sizes(k)
    st.caption(
        f"{sizes['train']:,} images to train on and {sizes['t10k']:,} others to test on, all by G from seed {seed}; at most "
        f"{dataset.MOST:,} a class, as many as MNIST has. A label is the class that G was asked for. It is made in a process of its own, "
        "and kept for an hour."
    )
    if clicked:
        try:
            dataset_orders.make(run, plan, visitors.me())
        except AtelierError as error:
            st.error(str(error), icon=":material/error:")
    order = dataset_orders.of(visitors.me())
    if order is not None:
        _follow(order)


def _follow(order: DatasetOrder) -> None:
    """How far it is, as long as it is worked on; then what one can do with it."""

    def standing() -> None:
        try:
            _show(order)
        except AtelierError as error:
            if not order.folder.exists():
                st.rerun()  # it was removed
            st.error(str(error), icon=":material/error:")

    task_panel.follow(lambda: order.at_work, standing, every=0.5)


def _show(order: DatasetOrder) -> None:
    request = order.request
    plan, title = request.plan, request.title
    what = f"{plan.per_class:,} a class by {title}, seed {plan.seed}, {dataset.FORMS[plan.form]}"
    if order.at_work:
        now = order.progress
        words = "Making" if request.work == "make" else "A classifier learns from"
        st.progress(min(1.0, now.done / max(1, now.of)), text=f"{words} {what}" + (f": {now.done:,} of {now.of:,}" if now.done else " …"))
        st.button("Cancel", icon=":material/close:", on_click=dataset_orders.cancel, args=(order,))
        return
    task_panel.failure(order.failure)
    if not order.ready:
        return
    st.markdown(f":green[:material/check:] **Ready**: {what}, {order.file.stat().st_size / 1e6:.1f} MB.")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Download (zip)",
            order.file.read_bytes,
            f"{request.name}-{plan.per_class}-a-class-{plan.form}.zip",
            "application/zip",
            on_click="ignore",
            icon=":material/download:",
        )
        reason = dataset.tests_on(request.learned)
        task_panel.start_button(
            "What does it teach?", ":material/school:", partial(dataset_orders.train_classifier, order), reason=reason, hint=_HELP
        )
        st.button("Remove", icon=":material/delete:", type="tertiary", on_click=dataset_orders.remove, args=(order,))
    if lesson := order.lesson:
        st.metric("GAN-train", f"{lesson.accuracy:.2%}", width="content")
        st.caption(
            f"A classifier that saw nothing but these {lesson.learned_from:,} generated images reads so many of {lesson.tested_on} right. "
            "(Shmelkov et al. 2018, arXiv:1807.09499)"
        )


_HELP = "GAN-train: a classifier learns from these images alone and is tested on real ones. About a minute for 10,000, some for 60,000."
