"""The GANs of this app as cards: a picture of what each draws, its name and its idea; further down, the formula and the sources."""

from __future__ import annotations

import io
from functools import lru_cache

import streamlit as st

from gan_core import pictures, runs
from gan_core.gans.variants import VARIANTS, Variant
from gan_core.runs import Run, SampleGrid
from gan_core.translation import _, ngettext
from pages.shared import html, images, links

SIDE = 4  # images across and down a card's picture
_DARK = 40  # grey level between the cells of a mosaic
_FILLED = "width:100%;height:100%;display:block;object-fit:cover;image-rendering:pixelated"


def shipped() -> dict[str, Run]:
    """The run that comes with each variant, the stable one where there are two."""
    found: dict[str, Run] = {}
    for run in runs.shipped():
        found.setdefault(run.config.variant, run)  # the stable one comes first
    return found


def cards() -> None:
    """A card for each variant. The whole card leads to the form with that variant; a small link leads to its latent space."""
    st.subheader(ngettext("{n} GAN to train and explore", "{n} GANs to train and explore", len(VARIANTS)).format(n=len(VARIANTS)))
    st.caption(_("Each picture shows the last samples of a network that ships with this app. A card leads to the form that trains one."))
    known = shipped()
    with st.container(key="cards"), st.grid(min_column_width=200, gap="small"):
        for variant in VARIANTS.values():
            with st.container(border=True, height="stretch", gap="xsmall", key=f"card-{variant.name}"):
                _card(variant, known.get(variant.name))


def _card(variant: Variant, run: Run | None) -> None:
    html.show(html.element("div", _picture(variant, run), **{"class": "square"}))
    links.draw(links.LAB, f"**{_(variant.title)}**", icon=None, variant=variant.name)
    html.show(html.element("div", _(variant.idea), **{"class": "idea"}))
    with st.container(horizontal=True, vertical_alignment="center", key=f"foot-{variant.name}"):
        st.caption(str(variant.year))
        if run and run.has_weights:
            links.draw(links.LATENT_SPACE, _("Explore"), run=run.id)


def _picture(variant: Variant, run: Run | None) -> html.Markup:
    """Its newest samples, large; where there are none, a sentence that says so."""
    if run is None:
        return html.element("span", _("No trained network ships with this one yet. Train it to see what it draws."))
    alt = _("Samples of {name} after {steps} steps").format(name=_(variant.title), steps=f"{run.status.step:,}")
    try:
        grid = run.samples[-1]
        content = large(grid, grid.written) if grid.drawn else _curves(grid)
    except (OSError, ValueError, IndexError):
        return html.element("span", _("The pictures of this run are missing or damaged."))
    return html.img(content, alt, _FILLED)


def _curves(grid: SampleGrid) -> html.Markup:
    content = images.read_curves(grid)
    return images.svg(content["real"], content["fake"])


@lru_cache(maxsize=64)
def large(grid: SampleGrid, written: int) -> bytes:
    """The first sixteen images of a mosaic as a square of four by four, PNG. Raises OSError or ValueError if it cannot be read."""
    from PIL import Image

    cell, image = images.CELL, images.CELL - images.GAP
    side = SIDE * cell - images.GAP
    with Image.open(io.BytesIO(grid.read())) as mosaic:
        columns = (mosaic.width + images.GAP) // cell
        square = Image.new(mosaic.mode, (side, side), _DARK)
        for i in range(SIDE * SIDE):
            x, y = i % columns * cell, i // columns * cell
            square.paste(mosaic.crop((x, y, x + image, y + image)), (i % SIDE * cell, i // SIDE * cell))
        return pictures.to_png(square)


def formula() -> None:
    """What the two networks play for."""
    st.subheader(_("The game in one formula"))
    st.latex(
        r"\min_{\color{#d9691e}G}\,\max_{\color{#3b8fc4}D}\; \mathbb{E}_{x}\big[\log {\color{#3b8fc4}D}(x)\big]"
        r"+ \mathbb{E}_{z}\big[\log\big(1 - {\color{#3b8fc4}D}({\color{#d9691e}G}(z))\big)\big]"
    )
    st.caption(_("Goodfellow et al. 2014, equation 1. x is a real picture, z random numbers, D(x) the probability that x is real."))


def sources() -> None:
    """Where each GAN comes from, and where its published recipe here differs from the source."""
    with st.expander(_("Sources, and where the recipes here differ from them"), icon=":material/history_edu:"):
        for variant in VARIANTS.values():
            st.markdown(f"**{_(variant.title)}** · {variant.year} · {_(variant.source)}")
            if variant.differs:
                st.caption(_("How the published recipe differs from its source:") + " " + " ".join(map(_, variant.differs)))
