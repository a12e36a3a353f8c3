"""A labelled data set to order: made in a process of its own, followed here, downloaded, and learned from on request."""

from __future__ import annotations

from functools import partial

import streamlit as st

from gan_core.data import DATA_SETS
from gan_core.digits import dataset, dataset_orders
from gan_core.digits.dataset_orders import DatasetOrder
from gan_core.errors import AtelierError
from gan_core.runs import Run
from gan_core.translation import N_, _
from pages.shared import task_panel, visitors


def draw(run: Run, seed: int) -> None:
    """What is to be made, and what was ordered last."""
    dataset_orders.sweep()
    k = run.config.about.classes
    with st.container(horizontal=True, vertical_alignment="bottom"):
        each = st.number_input(
            _("Training images per class"), 1, dataset.MOST, 1_000, step=100, key="each", persist_state="session", width=200
        )
        form = st.selectbox(
            _("Files"),
            list(dataset.FORMS),
            format_func=lambda f: _(dataset.FORMS[f]),
            key="form",
            persist_state="session",
            width=250,
        )
        clicked = st.button(_("Make the data set"), type="primary", icon=":material/inventory_2:")
    try:
        plan = dataset.Plan.checked(per_class=int(each), form=form, seed=seed)
    except AtelierError as error:
        st.error(str(error), icon=":material/error:")
        return
    sizes = plan.sizes(k)
    st.caption(
        _(
            "{train:,} training images and {test:,} test images, all by G from seed {seed}. The most is {most:,} per class, as many as "
            "MNIST has. The label of an image is the class that G was asked for. The data set is kept for an hour."
        ).format(train=sizes["train"], test=sizes["t10k"], seed=seed, most=dataset.MOST)
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
    what = _("{n:,} per class by {title}, seed {seed}, {form}").format(
        n=plan.per_class, title=title, seed=plan.seed, form=_(dataset.FORMS[plan.form])
    )
    if order.at_work:
        now = order.progress
        if request.work == "make":
            told = _("Making the data set: {done:,} of {n:,} images ({what})") if now.done else _("Making the data set … ({what})")
        else:
            told = _("Training a classifier: {done:,} of {n:,} steps ({what})") if now.done else _("Training a classifier … ({what})")
        st.progress(min(1.0, now.done / max(1, now.of)), text=told.format(done=now.done, n=now.of, what=what))
        st.button(_("Cancel"), icon=":material/close:", on_click=dataset_orders.cancel, args=(order,))
        return
    task_panel.failure(order.failure)
    if not order.ready:
        return
    ready = _(":green[:material/check:] **Ready**: {what}, {size:.1f} MB.")
    st.markdown(ready.format(what=what, size=order.file.stat().st_size / 1e6))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            _("Download (zip)"),
            order.file.read_bytes,
            f"{request.name}-{plan.per_class}-a-class-{plan.form}.zip",
            "application/zip",
            on_click="ignore",
            icon=":material/download:",
        )
        reason = dataset.tests_on(request.learned)
        task_panel.start_button(
            _("Score it (GAN-train)"), ":material/school:", partial(dataset_orders.train_classifier, order), reason=reason, hint=_(_HELP)
        )
        st.button(_("Remove"), icon=":material/delete:", type="tertiary", on_click=dataset_orders.remove, args=(order,))
    if lesson := order.lesson:
        st.metric(_("GAN-train"), f"{lesson.accuracy:.2%}", width="content")
        if lesson.tested_on == "digits-5k":
            told = _(
                "A classifier learned from these {n:,} generated images alone. It reads this share of the {tests:,} built-in digits "
                "correctly. G may have been trained on these digits. (Shmelkov et al. 2018, arXiv:1807.09499)"
            )
        else:
            told = _(
                "A classifier learned from these {n:,} generated images alone. It reads this share of the {tests:,} test images of {data} "
                "correctly. (Shmelkov et al. 2018, arXiv:1807.09499)"
            )
        st.caption(told.format(n=lesson.learned_from, tests=lesson.tests, data=_(DATA_SETS[lesson.tested_on].title)))


_HELP = N_(
    "GAN-train: a classifier learns from these images alone and is tested on real ones. This takes about a minute for 10,000 images and "
    "some minutes for 60,000."
)
