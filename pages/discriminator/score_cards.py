"""What the discriminator of every GAN says of one digit, and where that stands among what it says of real digits and of its own."""

from __future__ import annotations

import numpy as np
import streamlit as st

from gan_core.data import DIGITS
from gan_core.errors import AtelierError
from gan_core.runs import Run
from gan_core.trained import scores
from gan_core.trained.scores import Reference
from gan_core.translation import _
from pages.shared import digit_input, html, models, run_picker
from pages.shared.html import Markup, element
from pages.shared.images import FAKE, REAL

SCORED = 400  # real digits, and generated ones, that each D is asked about for comparison
BINS, WIDTH, HEIGHT = 40, 240, 44
MARK = "#8b6cc7"  # readable on light and on dark ground


def candidates() -> list[Run]:
    """The shipped runs whose D judges digits."""
    return [run for run in run_picker.shipped() if run.config.data in DIGITS and run.has_weights]


def draw(digit: np.ndarray, read_as: int) -> None:
    """A card for every D. Conditional ones are told a class with the image: the one that the judge reads."""
    runs = [run for run in candidates() if run.config.recipe == "stable"]
    if not runs:
        st.info(_("This copy of the project has no GAN that draws digits."), icon=":material/info:")
        return
    cards = []
    with st.spinner(_("Each D scores some hundred digits. This is done once.")):
        for run in runs:
            try:
                model, known = models.opened(run), reference(run)
            except AtelierError as error:
                st.warning(f"{run_picker.brief(run)}: {error}", icon=":material/warning:")
                continue
            value, title = scores.score(model, digit, read_as), model.variant.title
            if model.variant.classes:
                title = _("{title}, told “{digit}”").format(title=title, digit=read_as)
            cards.append(_card(title, value, known))
    html.show(element("div", *cards, style="display:grid;grid-template-columns:repeat(auto-fill,minmax(230px,1fr));gap:1rem 1.5rem"))


def reference(run: Run) -> Reference:
    """The scores of many real digits and of its own samples. Raises AtelierError if the run cannot be loaded."""
    return _reference(str(run.folder), run.weights.name if run.weights else "")


@st.cache_data(max_entries=64, show_spinner=False)
def _reference(folder: str, weights: str) -> Reference:
    digits = digit_input.real_digits()
    rows = np.linspace(0, len(digits.labels) - 1, SCORED).astype(int)
    return scores.reference(models.opened(Run(folder)), digits.pixels[rows], digits.labels[rows])


def _card(title: str, value: float, known: Reference) -> Markup:
    said = words(value, known)
    return element(
        "div",
        element("b", title),
        html.img(_picture(value, known), f"{title}: {said}", f"width:100%;height:{HEIGHT}px;display:block;margin:.2rem 0"),
        element("span", said, style="font-size:.85rem;line-height:1.35;display:block"),
    )


def words(value: float, known: Reference) -> str:
    """Where a score stands, in a sentence."""
    real, fake = scores.below(value, known.real), scores.below(value, known.fake)
    return _("D scores it above {real} of the real digits and {own} of its own samples.").format(real=_share(real), own=_share(fake))


def _share(share: float) -> str:
    """In percent; none and all are said only where it is none or all."""
    return _("none") if share <= 0 else _("all") if share >= 1 else f"{min(max(share, 0.01), 0.99):.0%}"


def _picture(value: float, known: Reference) -> Markup:
    """Two histograms of scores, real ones grey and its own orange, and a line where the score is."""
    bulk = np.concatenate([np.quantile(known.real, [0.01, 0.99]), np.quantile(known.fake, [0.01, 0.99])])
    low, high = min(bulk.min(), value), max(bulk.max(), value)
    pad = 0.03 * (high - low) or 1.0
    low, high = low - pad, high + pad
    histograms = [_histogram(kind, low, high, colour) for kind, colour in ((known.real, REAL), (known.fake, FAKE))]
    line = element("path", d=f"M{WIDTH * (value - low) / (high - low):.1f} 0V{HEIGHT}", stroke=MARK, stroke_width=3)
    return html.svg(WIDTH, HEIGHT, *histograms, line, preserveAspectRatio="none")


def _histogram(values: np.ndarray, low: float, high: float, colour: str) -> Markup:
    counts, _ = np.histogram(values, bins=BINS, range=(low, high))
    tall = (HEIGHT - 2) * counts / max(1, counts.max())
    steps = " ".join(f"L{WIDTH * i / BINS:.1f} {HEIGHT - t:.1f}H{WIDTH * (i + 1) / BINS:.1f}" for i, t in enumerate(tall))
    return element("path", d=f"M0 {HEIGHT} {steps} V{HEIGHT}Z", fill=colour, fill_opacity=0.5)
