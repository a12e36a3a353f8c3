"""A digit on request: one large, many small, and all ten from one z with real ones beneath."""

from __future__ import annotations

import streamlit as st

from gan_core.data import DATA_SETS
from gan_core.runs import Run
from pages.digits_on_request import samples
from pages.digits_on_request.samples import Drawn
from pages.shared import images, latent_controls, links, models, run_picker

BIG = 420  # pixels on the screen


def draw(run: Run, seed: int) -> None:
    """The whole section."""
    model = models.load(run)
    word = latent_controls.class_word(model)
    digit = latent_controls.class_picker(model)
    left, right = st.columns([2, 3], gap="large")
    with right:
        count = st.slider("How many", 8, 96, 48, step=8, key="count", bind="query-params")
        count = min(max(8, count // 8 * 8), 96)
        many = samples.digits(run, seed, (digit,) * count)
        images.png(
            samples.mosaic(many.images, 12 if count % 12 == 0 else 8),
            f"{count} images of class {digit} by {model.variant.title}",
            width=760,
        )
        st.caption(f"{count} times {word.lower()} {digit}, each from its own z, drawn with seed {seed}. {_wrong(many, digit)}")
    with left:
        images.png(samples.mosaic(many.images[:1], 1), f"{word} {digit} by {model.variant.title}, large", width=BIG)
        st.markdown(_reading(many, digit))
        links.draw(links.LATENT_SPACE, "Open in the explorer", run=run.id, seed=str(seed), **run_picker.at_class(digit))
    _ten(run, seed, word.lower())


def _ten(run: Run, seed: int, word: str) -> None:
    """One strip of all classes from one z, and one of real ones."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.subheader(f"One z, every {word}")
        how = st.segmented_control(
            "Real ones beneath", ["nearest", "random"], default="nearest", key="real", required=True, bind="query-params", width="content"
        )
    ten = samples.digits(run, seed, tuple(range(run.config.about.classes)), one_z=True)
    real = samples.real_ones(run, seed, nearest=how != "random")
    images.png(samples.mosaic(ten.images, len(ten.images)), f"All ten classes from one z, by {run.config.about.title}", width=1100)
    if real is not None:
        images.png(samples.mosaic(real.images, len(real.images)), f"A real image of every class, from {real.source}", width=1100)
    told = f"G's, all from the z of seed {seed}: what is alike along the row is what z says, slant and thickness and size. "
    if real is None:
        told += f"{DATA_SETS[run.config.data].title} is not on this machine, so there are no real ones to show."
    else:
        each = "for each the one whose pixels are nearest to G's" if how != "random" else "any one of each, drawn with the seed"
        told += f"Beneath: real ones from {real.source}, {each}."
    st.caption(told)


def _reading(shown: Drawn, digit: int) -> str:
    """What the judge says of the large one."""
    if not shown.read:
        return "The judge reads digits only, so nobody checks this one."
    if shown.read[0] == digit:
        return f":green[:material/check:] The judge reads **{shown.read[0]}**, {shown.sure[0]:.1%} sure."
    return f":red[:material/close: The judge reads **{shown.read[0]}**], {shown.sure[0]:.1%} sure."


def _wrong(shown: Drawn, digit: int) -> str:
    if not shown.read:
        return ""
    wrong = [f"number {i + 1} as {read}" for i, read in enumerate(shown.read) if read != digit]
    if not wrong:
        return f"The judge reads every one as {digit}."
    more = f" and {len(wrong) - 3} more otherwise" if len(wrong) > 3 else ""
    return f"The judge reads {', '.join(wrong[:3])}{more}."
