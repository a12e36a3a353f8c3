"""A digit on request: one large, many small, and all ten from one z with real ones beneath."""

from __future__ import annotations

import streamlit as st

from gan_core.data import DATA_SETS
from gan_core.runs import Run
from gan_core.translation import N_, _
from pages.digits_on_request import samples
from pages.digits_on_request.samples import Drawn
from pages.shared import images, latent_controls, links, models, run_picker, terms

BIG = 420  # pixels on the screen
BESIDE = {"nearest": N_("nearest"), "random": N_("random")}  # which real ones


def draw(run: Run, seed: int) -> None:
    """The whole section."""
    model = models.load(run)
    digit = latent_controls.class_picker(model)
    left, right = st.columns([2, 3], gap="large")
    with right:
        count = st.slider(_("How many"), 8, 96, 48, step=8, key="count", bind="query-params")
        count = min(max(8, count // 8 * 8), 96)
        many = samples.digits(run, seed, (digit,) * count)
        images.png(
            samples.mosaic(many.images, 12 if count % 12 == 0 else 8),
            _("{count} images of class {digit} by {title}").format(count=count, digit=digit, title=model.variant.title),
            width=760,
        )
        told = _("{count} images of class {digit}. Each has its own [[z|latent vector]], drawn with [[seed]] {seed}.")
        terms.caption(f"{told.format(count=count, digit=digit, seed=seed)} {_wrong(many, digit)}")
    with left:
        alt = _("Class {digit} by {title}, large").format(digit=digit, title=model.variant.title)
        images.png(samples.mosaic(many.images[:1], 1), alt, width=BIG)
        terms.markdown(_reading(many, digit))
        links.draw(links.LATENT_SPACE, _("Open in Latent space"), run=run.id, seed=str(seed), **run_picker.at_class(digit))
    _all(run, seed)


def _all(run: Run, seed: int) -> None:
    """One strip of all classes from one z, and one of real ones."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.subheader(_("One z, all classes"))
        how = st.segmented_control(
            _("Real images below"),
            list(BESIDE),
            format_func=lambda each: _(BESIDE[each]),
            default="nearest",
            key="real",
            required=True,
            bind="query-params",
            width="content",
        )
    ten = samples.digits(run, seed, tuple(range(run.config.about.classes)), one_z=True)
    real = samples.real_ones(run, seed, nearest=how != "random")
    alt = _("All classes from one z, by {title}").format(title=run.config.about.title)
    images.png(samples.mosaic(ten.images, len(ten.images)), alt, width=1100)
    if real is not None:
        alt = _("A real image of every class, from {data}").format(data=_(DATA_SETS[real.source].title))
        images.png(samples.mosaic(real.images, len(real.images)), alt, width=1100)
    told = _("Top: by G, all from the z of seed {seed}. z sets what they share: slant, thickness, size.").format(seed=seed)
    if real is None:
        below = _("{data} is not on this machine, so there are no real images to show.").format(data=_(DATA_SETS[run.config.data].title))
    elif how == "random":
        below = _("Bottom: a real image of each class from {data}, drawn with the seed.").format(data=_(DATA_SETS[real.source].title))
    else:
        below = _("Bottom: the real image of each class from {data} whose pixels are nearest to G's.").format(
            data=_(DATA_SETS[real.source].title)
        )
    st.caption(f"{told} {below}")


def _reading(shown: Drawn, digit: int) -> str:
    """What the judge says of the large one."""
    if not shown.read:
        return _("The judge reads digits only, so nothing checks this image.")
    mark = ":green[:material/check:]" if shown.read[0] == digit else ":red[:material/close:]"
    told = _("The [[judge]] reads **{read}** and is {sure:.1%} sure.")
    return f"{mark} {told.format(read=shown.read[0], sure=shown.sure[0])}"


def _wrong(shown: Drawn, digit: int) -> str:
    if not shown.read:
        return ""
    wrong = [_("number {i} as {read}").format(i=i + 1, read=read) for i, read in enumerate(shown.read) if read != digit]
    return samples.misread(wrong, len(shown.read))
